// The colours of the palette in both themes: text at 4.5:1 or better, graphics at 3:1 (WCAG 2.2,
// 1.4.3 and 1.4.11), and the transports' colours apart from one another.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

const sheets = ["palette.css", "poster-palette.css"].map((name) =>
  readFile(new URL(`../../web/src/element/${name}`, import.meta.url), "utf8"),
);
const css = (await Promise.all(sheets)).join("");
const pairs = [...css.matchAll(/--tp-([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)/g)];

/** @type {Record<"light" | "dark", Map<string, string>>} */
const themes = {
  light: new Map(pairs.map(([, name = "", light = ""]) => [name, light])),
  dark: new Map(pairs.map(([, name = "", , dark = ""]) => [name, dark])),
};

const TRANSPORTS = [
  "short-poll",
  "long-poll",
  "sse",
  "sse-native",
  "sse-fetch",
  "ndjson",
  "websocket",
];
const GROUNDS = ["ground", "panel", "raised"];
/** Colours that something is written in, and what may be behind it. */
const TEXT = [
  ...["ink", "muted", "trouble", "accent", "accent-strong"].flatMap((ink) =>
    GROUNDS.map((ground) => [ink, ground]),
  ),
  ["ink", "trouble-ground"],
  ["trouble", "trouble-ground"],
  ["ink", "accent-ground"],
  ["accent", "accent-ground"],
  ["muted", "accent-ground"],
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
];

/** @param {string} colour @returns {[number, number, number]} 0 to 1, linear */
function linear(colour) {
  const channel = (/** @type {number} */ at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** WCAG 2.2, relative luminance. @param {string} colour */
function luminance(colour) {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

for (const [theme, colours] of Object.entries(themes)) {
  const named = (/** @type {string} */ name) => {
    const colour = colours.get(name);
    assert.ok(colour, `the palette has --tp-${name}`);
    return colour;
  };

  describe(`the palette, ${theme}`, () => {
    for (const [ink = "", ground = ""] of TEXT) {
      it(`text in ${ink} can be read on ${ground}`, () => {
        const ratio = contrast(named(ink), named(ground));
        assert.ok(ratio >= 4.5, `${ratio.toFixed(2)}:1`);
      });
    }
    for (const graphic of [...TRANSPORTS, "trouble", "accent", "muted"]) {
      for (const ground of GROUNDS) {
        it(`a line in ${graphic} can be seen on ${ground}`, () => {
          const ratio = contrast(named(graphic), named(ground));
          assert.ok(ratio >= 3, `${ratio.toFixed(2)}:1`);
        });
      }
    }
    it("no two transports have the same colour", () => {
      assert.equal(new Set(TRANSPORTS.map(named)).size, TRANSPORTS.length);
    });
  });
}
