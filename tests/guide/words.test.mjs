// What the guide's pages say, before any browser reads them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";

import { built, dist, pages } from "./support/pages.mjs";

const all = await pages();

/** A number with a unit that a measurement would have. */
const measurement =
  /\d[\d.,]*\s*(?:–\s*\d[\d.,]*\s*)?(?:%|(?:bytes?|[kKM]B|ms|milliseconds?|s|seconds?|min|minutes?|h|hours?|messages?|requests?|connections?|streams?|times)\b)/;

/**
 * A page's prose, paragraph by paragraph, without code, widgets and what others say in quotes.
 * @param {string} markdown
 */
function paragraphs(markdown) {
  return markdown
    .replace(/^---\n[^]*?\n---\n/, "")
    .replaceAll(/```[^]*?```/g, "")
    .replaceAll(/<transport-playground[^]*?<\/transport-playground>/g, "")
    .replaceAll(/`[^`]*`/g, "")
    .replaceAll(/“[^”]*”/g, "")
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.|\|)\s)/)
    .map((paragraph) => paragraph.replace(/^\s*\d+\.\s/, ""));
}

describe("the words of the guide", () => {
  for (const { name, markdown } of all) {
    test(`${name}: a number is a test's figure or has its source`, () => {
      for (const paragraph of paragraphs(markdown)) {
        for (const sentence of paragraph.split(/(?<=[.:;])\s/)) {
          if (/\{\{ figures\./.test(sentence)) {
            assert.doesNotMatch(sentence, measurement, "typed beside what a test has measured");
          }
        }
        if (/\[\^\w+\]/.test(paragraph)) continue;
        assert.doesNotMatch(paragraph, measurement, "neither measured nor with a source");
      }
    });

    test(`${name}: each widget says in a sentence what there is to see`, async () => {
      const widgets = [
        ...markdown
          .replaceAll(/```[^]*?```/g, "")
          .matchAll(/<transport-playground[^>]*>([^]*?)<\/transport-playground>/g),
      ];
      if (!["environments", "http-api"].includes(name)) assert.ok(widgets.length > 0);
      for (const [whole, inside] of widgets) {
        assert.match(inside ?? "", /^\n<p>[^<]{30,}<\/p>\n$/, whole);
      }
      const html = await built(name);
      for (const [whole] of html.matchAll(/<transport-playground[^]*?<\/transport-playground>/g)) {
        assert.match(whole, /<p>[^<]{20,}<\/p>/, "the page as it is served has it too");
      }
      const captions = html.match(/<\/transport-playground>\s*<p class="caption">/g) ?? [];
      assert.equal(captions.length, widgets.length);
    });
  }

  test("every figure in the pages has been measured, and is in the page as it is served", async () => {
    for (const { name, markdown } of all) {
      const html = await built(name);
      assert.doesNotMatch(html, /\{\{|\bfigures\./, name);
      const figures = markdown.match(/\{\{ figures\.[\w.]+ \}\}/g) ?? [];
      if (name === "things-you-have-read") assert.ok(figures.length > 40);
    }
  });

  test("twenty-five sentences have a verdict and a widget each", () => {
    const page = all.find(({ name }) => name === "things-you-have-read");
    assert.ok(page);
    const sections = page.markdown.split(/^## /m).slice(1);
    assert.equal(sections.length, 25);
    sections.forEach((section, at) => {
      assert.match(
        section,
        new RegExp(`^${at + 1}\\. “[^”]+” <Badge type="\\w+" text="(right|wrong|it depends)" />`),
      );
      assert.match(section, /<transport-playground /);
    });
  });

  test("the element's page has every option of options.ts", async () => {
    const source = await readFile(
      new URL("../../web/src/element/options.ts", import.meta.url),
      "utf8",
    );
    const rows = /export const PROPERTIES[^]*?\n\};/.exec(source)?.[0] ?? "";
    const names = [...rows.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    assert.ok(names.length > 15);
    const html = await built("element");
    for (const name of names) assert.ok(html.includes(`<h3 id="${name}"`), name);
  });

  test("nothing that the guide loads comes from another origin", async () => {
    for (const { name } of all) {
      const html = await built(name);
      for (const [, address] of html.matchAll(
        /<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"/g,
      )) {
        assert.match(address ?? "", /^\.\.?\/|^#/, `${name} loads it`);
      }
    }
    assert.ok((await readFile(`${dist}guide/openapi.json`, "utf8")).startsWith("{"));
  });
});
