// A file of the element that cannot be loaded: the reader is told which and why, and can try again.
import assert from "node:assert/strict";

import { holdLongWaits } from "./support/long_waits.mjs";
import { OtherOrigin } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */
/** @typedef {(response: import("node:http").ServerResponse) => void} Answer */

const dist = new URL("../../web/dist/", import.meta.url);
const CARD = "transport-playground >>> .notice";

/** @type {Record<string, Answer>} */
const ANSWERS = {
  "is not there": (response) => response.writeHead(404, { "Content-Type": "text/plain" }).end(),
  "is a page": (response) =>
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>x</title>"),
  "has a wrong type": (response) =>
    response.writeHead(200, { "Content-Type": "text/plain" }).end("export {};"),
  "is damaged": (response) =>
    response.writeHead(200, { "Content-Type": "text/javascript" }).end("<"),
  "has no server": (response) => response.destroy(),
  "never comes": () => undefined,
};

/**
 * A page with an element, a file of which is answered in another way until `mend`.
 * @param {Stage} stage
 * @param {{ file?: string, answer?: Answer, policy?: string, attributes?: string }} options
 */
async function openPage(stage, { file = "", answer, policy = "", attributes = "" }) {
  const path = `/${file}`;
  const instead = /** @type {Record<string, Answer>} */ (answer ? { [path]: answer } : {});
  const html = (/** @type {string} */ origin) => `<!doctype html>
    <html lang="en"><head><meta charset="utf-8" /><title>Docs</title>
    <link rel="icon" href="data:," />
    ${policy && `<meta http-equiv="Content-Security-Policy" content="${policy.replaceAll("ORIGIN", origin)}" />`}
    <script type="module" src="/transport-playground.js"></script></head><body>
    <transport-playground simulated transports="sse websocket" ${attributes}>
      <p>Its own children.</p>
    </transport-playground></body></html>`;
  const pages = /** @type {Record<string, string>} */ ({});
  const files = await OtherOrigin.start({ directory: dist, instead, pages });
  stage.finally(() => files.stop());
  pages["/docs.html"] = html(files.origin);
  const visit = await stage.open("about:blank");
  let started = async () => {};
  if (answer === ANSWERS["never comes"]) {
    const endLongWaits = await holdLongWaits(visit.page);
    await visit.page.evaluateOnNewDocument(() => {
      // Nor does a second look at it take its time.
      const timeout = () => AbortSignal.abort();
      Object.assign(globalThis.AbortSignal, { timeout });
    });
    started = async () => {
      await until(`a request of ${path}`, () => files.requests.includes(path));
      await endLongWaits();
    };
  }
  await visit.page.goto(`${files.origin}/docs.html`);
  const start = async () => {
    await visit.element();
    await visit.start();
    await started();
  };
  const mend = () => delete instead[path];
  return { visit, address: `${files.origin}${path}`, start, mend };
}

/** @param {Visit} visit */
async function notice(visit) {
  await visit.state("failed");
  return visit.page.$eval(CARD, (card) => ({
    text: /** @type {HTMLElement} */ (card).innerText,
    button: card.querySelector("button")?.textContent,
  }));
}

/** @param {Visit} visit */
const press = (visit) => visit.page.locator(`${CARD} button`).click();

inEveryBrowser("a file that cannot be loaded", (scene) => {
  for (const [what, answer] of Object.entries(ANSWERS)) {
    scene(`a widget that ${what} is asked for again with the page`, async (stage) => {
      const attributes = 'controls="none"';
      const page = await openPage(stage, { file: "widget.js", answer, attributes });
      const { visit, start, mend } = page;
      await start();
      const { text, button } = await notice(visit);
      // A browser names no address of what is damaged.
      const place = new URL("/transport-playground.js", page.address).href;
      assert.ok(text.includes(place), text);
      assert.match(
        text,
        /is it there, JavaScript, allowed by the page's policy\? Are you online\?/,
      );
      assert.equal(button, "Reload the page");
      mend();
      await press(visit);
      await until("the page again", async () => (await visit.now()).state === "empty");
      await visit.element();
      await visit.start();
      await visit.flowing();
    });
  }

  for (const { file, what, says } of [
    { file: "playground_core.js", what: "is not there", says: /is not there: .* answers 404/ },
    { file: "playground_core.wasm", what: "is not there", says: /is not there: .* answers 404/ },
    { file: "playground_core.js", what: "is a page", says: /is text\/html: another file/ },
    { file: "playground_core.wasm", what: "is a page", says: /is text\/html: another file/ },
    { file: "playground_core.js", what: "has a wrong type", says: /is text\/plain: .*wrong type/ },
    { file: "playground_core.js", what: "is damaged", says: /cannot be used: .+/ },
    { file: "playground_core.wasm", what: "is damaged", says: /cannot be used: .*Compile/ },
    { file: "playground_core.js", what: "has no server", says: /nobody answers there, or/ },
    { file: "playground_core.wasm", what: "has no server", says: /nobody answers there, or/ },
    { file: "playground_core.js", what: "never comes", says: /nobody answers there, or/ },
    { file: "playground_core.wasm", what: "never comes", says: /nobody answers there, or/ },
  ]) {
    scene(`${file} that ${what} is named, and asked for again`, async (stage) => {
      const answer = /** @type {Answer} */ (ANSWERS[what]);
      const attributes = 'controls="none"';
      const page = await openPage(stage, { file, answer, attributes });
      const { visit, address, start, mend } = page;
      await start();
      const { text, button } = await notice(visit);
      assert.ok(text.includes(address), text);
      assert.match(text, says);
      assert.doesNotMatch(text, /Aborted|ASSERTIONS/);
      assert.equal(button, "Try again");
      mend();
      await press(visit);
      await visit.flowing();
    });
  }

  for (const { file, scripts } of [
    { file: "widget.js", scripts: ["transport-playground.js"] },
    { file: "playground_core_plain.js", scripts: ["transport-playground.js", "widget.js"] },
  ]) {
    scene(`a policy that forbids ${file} is named`, async (stage) => {
      const policy = `script-src ${scripts.map((each) => `ORIGIN/${each}`).join(" ")}`;
      const { visit, address, start } = await openPage(stage, { file, policy });
      await start();
      const { text } = await notice(visit);
      assert.ok(text.includes(address), text);
      assert.match(text, /policy/);
    });
  }

  for (const what of ["is not there", "is a page", "has a wrong type", "is damaged"]) {
    scene(`where the first script ${what}, the element's children are shown`, async (stage) => {
      const answer = /** @type {Answer} */ (ANSWERS[what]);
      const { visit } = await openPage(stage, { file: "transport-playground.js", answer });
      await until("the browser's word", () => visit.problems.length > 0);
      assert.match(await visit.allText(), /Its own children\./);
      assert.equal(await visit.page.$("transport-playground:defined"), null);
    });
  }

  scene("the page says which file is missing to explain the bytes", async (stage) => {
    const statuses = { "/playground_wire.wasm": 404 };
    const files = await OtherOrigin.start({ directory: dist, statuses });
    stage.finally(() => files.stop());
    const visit = await stage.open(`${files.origin}/`);
    await visit.text(/\/playground_wire\.wasm is not there: its server answers 404/);
  });
});
