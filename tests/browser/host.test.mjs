// The browser as a host of the client core: the scenes of tests/support/host_scenes.cc, which the
// simulated host and the tests' own pass in tests/core/client/host_test.cc, in a real page against
// the real server.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { browsers } from "./support/browsers.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";

const built = fileURLToPath(new URL("../../build/wasm/", import.meta.url));
const page = `<!doctype html><title>host</title><script type="module">
  import createCore from "./host_conformance.js";
  const core = await createCore();
  globalThis.sceneNames = () => core.sceneNames();
  globalThis.playScene = (name, nobody) =>
    new Promise((over) => core.playScene(name, location.origin, nobody, over));
</script>`;

/** An origin at which nobody listens: the port was free a moment ago. */
async function nobody() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "localhost", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((closed) => server.close(closed));
  return `http://localhost:${port}`;
}

for (const kind of browsers) {
  describe(`the host in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {string} */
    let folder;
    /** @type {PlaygroundServer} */
    let server;
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {import("puppeteer-core").Page} */
    let tab;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "playground-host-"));
      for (const file of ["host_conformance.js", "host_conformance.wasm"]) {
        await copyFile(join(built, file), join(folder, file));
      }
      await writeFile(join(folder, "index.html"), page);
      [browser, server] = await Promise.all([
        kind.launch(),
        PlaygroundServer.start({ web: folder }),
      ]);
      tab = await browser.newPage();
      await tab.goto(`${server.origin}/`);
      await tab.waitForFunction("globalThis.playScene");
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
      await rm(folder, { recursive: true });
    });

    it("keeps to its contract", { timeout: 240_000 }, async (test) => {
      const names = /** @type {string[]} */ (await tab.evaluate("sceneNames()"));
      assert.ok(names.length > 10);
      const empty = await nobody();
      for (const name of names) {
        await test.test(name, async () => {
          const problems = await tab.evaluate(
            `playScene(${JSON.stringify(name)}, ${JSON.stringify(empty)})`,
          );
          assert.equal(problems, "");
        });
      }
    });
  });
}
