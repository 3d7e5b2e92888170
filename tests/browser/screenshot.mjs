// Takes the README's pictures of the real page: `npm run screenshot` after `make build`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { browsers } from "./support/browsers.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { Visit } from "./support/visit.mjs";

const pictures = [
  { name: "screenshot-light", width: 1280, height: 1008, theme: "light" },
  { name: "screenshot-dark", width: 1280, height: 1008, theme: "dark" },
  { name: "screenshot-phone", width: 360, height: 780, theme: "light" },
];
const docs = new URL("../../docs/", import.meta.url);
/** Long enough for the time line to be full. */
const SECONDS = 12;

const chromium = browsers.find(({ name }) => name === "Chromium");
if (!chromium) throw new Error("the pictures are taken in Chromium");
await mkdir(docs, { recursive: true });
const server = await PlaygroundServer.start();
const browser = await chromium.launch();
try {
  for (const { name, width, height, theme } of pictures) {
    const visit = await Visit.open(browser, "about:blank", { width, height });
    await visit.page.setViewport({ width, height, deviceScaleFactor: 2 });
    await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await visit.page.goto(`${server.origin}/`);
    await visit.element();
    await visit.snapshot(
      `${SECONDS} s of a run`,
      ({ elapsedMs }) => elapsedMs >= SECONDS * 1000,
      SECONDS * 1000 + 20_000,
    );
    const file = fileURLToPath(new URL(`${name}.png`, docs));
    await visit.page.screenshot({ path: file });
    console.log(`docs/${name}.png`);
    await visit.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
