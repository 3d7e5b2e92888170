// Browsers in which WebAssembly is missing or forbidden: the core comes as JavaScript.
import assert from "node:assert/strict";

import { OtherOrigin } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";

/** @param {import("./support/visit.mjs").Visit} visit */
async function loaded(visit) {
  const names = await visit.page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
  );
  return {
    plain: names.some((name) => name.endsWith("/playground_core_plain.js")),
    glue: names.some((name) => /\/playground_(core|live|two)\.js$/.test(name)),
  };
}

/** @param {import("./support/visit.mjs").Visit} visit */
async function everyLaneDelivers(visit) {
  await visit.element();
  const snapshot = await visit.snapshot(
    "twenty messages on every lane",
    ({ lanes }) => lanes.length > 0 && lanes.every((lane) => lane.messages >= 20),
    60_000,
  );
  for (const lane of snapshot.lanes) {
    assert.equal(lane.missing + lane.duplicate + lane.reordered, 0, lane.asked);
    assert.ok(lane.delay && lane.delay.medianMs < 5000, lane.asked);
  }
}

/** @param {string} server @param {string} head @param {string} [more] attributes */
const pageOf = (server, head, more = "") => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" /><title>No WebAssembly</title><link rel="icon" href="data:," />
    ${head}
    <script type="module" src="${server}/transport-playground.js"></script>
  </head>
  <body><transport-playground server="${server}" rate="10" ${more} autoplay></transport-playground></body>
</html>`;

inEveryBrowser("without WebAssembly", (scene) => {
  scene("the same core runs as JavaScript", async (stage) => {
    const { server } = stage;
    // A worker would have its own WebAssembly.
    const without = "<script>delete globalThis.Worker; delete globalThis.WebAssembly</script>";
    const other = await OtherOrigin.start({
      pages: {
        "/index.html": pageOf(server.origin, without),
        "/two.html": pageOf(server.origin, without, 'simulated="servers=2"'),
      },
    });
    stage.finally(() => other.stop());
    for (const page of ["", "two.html"]) {
      const visit = await stage.open(`${other.origin}/${page}`);
      await everyLaneDelivers(visit);
      assert.deepEqual(await loaded(visit), { plain: true, glue: false });
      assert.deepEqual(visit.problems, []);
      const servers = await visit.page.$eval(
        "transport-playground",
        (element) => /** @type {any} */ (element).snapshot.servers,
      );
      assert.deepEqual(servers, page === "" ? [] : [true, true]);
    }
  });

  scene("a page whose policy forbids WebAssembly gets the JavaScript", async (stage) => {
    const { server } = stage;
    const policy = `script-src ${server.origin}`;
    const other = await OtherOrigin.start({
      pages: {
        "/index.html": pageOf(
          server.origin,
          `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        ),
      },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    await everyLaneDelivers(visit);
    assert.deepEqual(await loaded(visit), { plain: true, glue: false });
  });

  scene("a simulated run needs no server, as JavaScript either", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/examples/plain/`);
    const snapshot = await visit.page.evaluate(async (module) => {
      /** @type {{ default: import("../../web/src/contract/core-module.ts").CreateCore }} */
      const glue = await import(module);
      const core = await glue.default();
      const playground = new core.Playground();
      const refusal = playground.start(
        JSON.stringify({ lanes: ["sse", "websocket"], simulated: { seed: 1 } }),
      );
      if (refusal !== "") throw new Error(refusal);
      playground.setSpeed(1000);
      /** @type {import("../../web/src/contract/core-module.ts").Snapshot} */
      let snapshot;
      do {
        await new Promise((resolve) => setTimeout(resolve, 5));
        snapshot = JSON.parse(playground.snapshot());
      } while (snapshot.elapsedMs < 20_000);
      playground.delete();
      return snapshot;
    }, `${stage.server.origin}/playground_core_plain.js`);
    assert.equal(snapshot.simulated, true);
    for (const lane of snapshot.lanes) {
      assert.ok(lane.messages > 90, `${lane.asked}: ${lane.messages}`);
      assert.equal(lane.missing, 0);
    }
  });
});
