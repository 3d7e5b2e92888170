// Takes the README's pictures of the real page: `npm run screenshot` after `make build`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { browsers } from "./support/browsers.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { Visit } from "./support/visit.mjs";
import { until } from "./support/wait.mjs";

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {"light" | "dark"} [theme] light without it
 * @property {string} [hash] what the link holds
 * @property {number} [seconds] of the run, before the picture is taken
 * @property {string} [of] the part of the page that is shown; what is in view without it
 */

/** Long enough for the time line to be full. */
const SECONDS = 12;

/** @type {Picture[]} */
const pictures = [
  { name: "screenshot-light", width: 1280, height: 900 },
  { name: "screenshot-dark", width: 1280, height: 900, theme: "dark" },
  { name: "screenshot-phone", width: 360, height: 780 },
  {
    name: "screenshot-proxy",
    width: 1280,
    height: 900,
    hash: "#story=proxy&environment=buffering-proxy&window=12",
  },
  {
    name: "screenshot-chat",
    width: 1280,
    height: 900,
    hash: "#story=chat&rate=0.5&back=0.5&window=10&simulated=round-trip=300",
  },
  { name: "screenshot-wire", width: 1280, height: 900, of: "#wire" },
  { name: "screenshot-which", width: 1280, height: 900, of: ".which .deciding" },
  {
    name: "screenshot-over-time",
    width: 1280,
    height: 900,
    seconds: 24,
    of: "section:has(#over-time)",
  },
];
const docs = new URL("../../docs/", import.meta.url);

const chromium = browsers.find(({ name }) => name === "Chromium");
if (!chromium) throw new Error("the pictures are taken in Chromium");
await mkdir(docs, { recursive: true });
const server = await PlaygroundServer.start();
const browser = await chromium.launch();
try {
  for (const { name, width, height, theme, hash, seconds, of } of pictures) {
    const visit = await Visit.open(browser, "about:blank", { width, height });
    await visit.page.setViewport({ width, height, deviceScaleFactor: 1.5 });
    const scheme = { name: "prefers-color-scheme", value: theme ?? "light" };
    await visit.page.emulateMediaFeatures([scheme]);
    await visit.page.goto(`${server.origin}/${hash ?? ""}`);
    await visit.element();
    const part = of === undefined ? visit.page : await visit.page.waitForSelector(of);
    if (!part) throw new Error(`${name}: the page has no ${of}`);
    // What is drawn when it comes into sight must have been there for a while.
    if ("scrollIntoView" in part) await part.scrollIntoView();
    await visit.snapshot(
      `${seconds ?? SECONDS} s of a run`,
      ({ elapsedMs }) => elapsedMs >= (seconds ?? SECONDS) * 1000,
      (seconds ?? SECONDS) * 1000 + 20_000,
    );
    await part.screenshot({ path: fileURLToPath(new URL(`${name}.png`, docs)) });
    console.log(`docs/${name}.png`);
    await visit.close();
  }
  // The page of the check: a simulated one, so that there is something in the way.
  const visit = await Visit.open(browser, "about:blank");
  await visit.page.setViewport({ width: 1280, height: 1000, deviceScaleFactor: 1.5 });
  await visit.page.goto(`${server.origin}/check/?start&simulated=silence`);
  await until("the end of the check", () =>
    visit.page.$eval("#toggle", (toggle) => toggle.textContent === "Check again"),
  );
  await visit.page.screenshot({ path: fileURLToPath(new URL("screenshot-check.png", docs)) });
  console.log("docs/screenshot-check.png");
  await visit.close();
} finally {
  await browser.close();
  await server.stop();
}
