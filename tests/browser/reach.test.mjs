// Why a page cannot have its server: not there, not allowed, or not a playground server.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { OtherOrigin } from "./support/other_origin.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** A port that nobody listens on: it was free a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return port;
}

/** @param {string} scripts @param {string} server */
const elementPage = (scripts, server) => `<!doctype html><meta charset="utf-8" />
  <title>Elements</title><link rel="icon" href="data:," />
  <script type="module" src="${scripts}/transport-playground.js"></script>
  <transport-playground server="${server}" transports="sse" autoplay></transport-playground>`;

/**
 * A page at `host` whose element asks `server`; its scripts come from the scene's own server.
 * @param {Stage} stage
 * @param {string} server
 * @param {string} host
 */
async function pageAt(stage, server, host) {
  const other = await OtherOrigin.start({
    pages: { "/index.html": elementPage(stage.server.origin, server) },
  });
  stage.finally(() => other.stop());
  return other.origin.replace("localhost", host);
}

/** @param {Visit} visit @param {string} reason @param {RegExp[]} texts */
async function isSaid(visit, reason, texts) {
  await visit.element();
  const { trouble } = await visit.snapshot(reason, (now) => now.trouble?.reason === reason);
  for (const text of texts) await visit.text(text);
  return trouble;
}

inEveryBrowser("a server that cannot be had", (scene) => {
  scene("is not there", async (stage) => {
    const port = await freePort();
    const origin = await pageAt(stage, `http://localhost:${port}`, "localhost");
    const visit = await stage.open(`${origin}/`);
    await isSaid(visit, "server-not-there", [
      new RegExp(`No playground server at localhost:${port}`),
      /make run/,
    ]);
    const server = await PlaygroundServer.start({ port });
    stage.finally(() => server.stop());
    const { trouble } = await visit.flowing();
    assert.equal(trouble, null);
  });

  scene("does not allow the page's origin", async (stage) => {
    const server = await PlaygroundServer.start();
    stage.finally(() => server.stop());
    const { port } = server;
    const origin = await pageAt(stage, server.origin, "page.localhost");
    const visit = await stage.open(`${origin}/`);
    const trouble = await isSaid(visit, "page-not-allowed", [
      /does not allow this page/,
      new RegExp(`--allow-origin ${origin}`),
    ]);
    assert.deepEqual(trouble?.parameters, { server: server.origin, origin });
    assert.doesNotMatch(await visit.allText(), /No playground server/);
    // It is there from the beginning, and gone for a moment: each is said.
    await server.stop();
    await isSaid(visit, "server-not-there", [/No playground server/]);
    const allowing = await PlaygroundServer.start({ port, args: ["--allow-origin", origin] });
    stage.finally(() => allowing.stop());
    await visit.flowing();
  });

  scene("can allow no page that comes from a file", async (stage) => {
    const folder = await mkdtemp(join(tmpdir(), "playground-file-"));
    stage.finally(() => rm(folder, { recursive: true }));
    const file = join(folder, "index.html");
    await writeFile(file, elementPage(stage.server.origin, stage.server.origin));
    const visit = await stage.open(pathToFileURL(file).href);
    await isSaid(visit, "page-without-origin", [
      /A page without an origin is not allowed/,
      /comes from a file/,
    ]);
    assert.doesNotMatch(await visit.allText(), /No playground server/);
    // The default is the address that a server has by default.
    await visit.set({ simulated: "", server: null });
    await visit.flowing();
    assert.equal(
      await visit.page.$eval("transport-playground", (lanes) => /** @type {any} */ (lanes).server),
      "http://localhost:8088",
    );
  });

  scene("is out of reach where the browser denies the local network", async (stage) => {
    const port = await freePort();
    const origin = await pageAt(stage, `http://localhost:${port}`, "page.localhost");
    const visit = await stage.open("about:blank");
    await visit.page.evaluateOnNewDocument(() => {
      const status = Object.assign(new EventTarget(), { state: "denied" });
      const query = async (/** @type {{ name: string }} */ { name }) => {
        if (name !== "local-network-access") throw new TypeError(name);
        return status;
      };
      Object.defineProperty(navigator, "permissions", { value: { query } });
      Object.assign(globalThis, { permission: status });
    });
    await visit.page.goto(`${origin}/`);
    await isSaid(visit, "local-network-denied", [/permission for the local network is denied/]);
    // The reader changes their mind, and it turns out that nobody is there.
    await visit.page.evaluate(() => {
      const { permission } = /** @type {any} */ (globalThis);
      permission.state = "granted";
      permission.dispatchEvent(new Event("change"));
    });
    await isSaid(visit, "server-not-there", [/No playground server/]);
  });

  scene("is not a playground server", async (stage) => {
    const other = await OtherOrigin.start({
      pages: { "/index.html": elementPage(stage.server.origin, "") },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    await isSaid(visit, "not-a-playground-server", [
      /is not a playground server/,
      /status 404, text\/plain/,
    ]);
    await visit.state("failed");
    assert.doesNotMatch(await visit.allText(), /No playground server/);
  });
});
