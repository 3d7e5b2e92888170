// The same settings live and simulated: what the simulation says must be what this browser and the
// real server do.
import assert from "node:assert/strict";

import { inEveryBrowser } from "./support/scene.mjs";

/** @typedef {import("../../web/src/contract/core-module.ts").Snapshot} Snapshot */
/** @typedef {import("../../web/src/contract/core-module.ts").Settings} Settings */

const LANES = /** @type {const} */ ([
  "short-poll",
  "long-poll",
  "sse",
  "sse-fetch",
  "ndjson",
  "websocket",
]);
/** A message that the machine holds up may cost a request more or less: then another run is made. */
const TRIES = 10;

/**
 * A run of its own in the page, stopped after `forMs`; what it says when its last count is there.
 * @param {import("puppeteer-core").Page} page
 * @param {Settings} settings
 * @param {number} forMs
 * @returns {Promise<Snapshot>}
 */
function play(page, settings, forMs) {
  return page.evaluate(
    async (settings, forMs) => {
      const address =
        settings.simulated === undefined ? "/playground_live.js" : "/playground_core.js";
      /** @type {{ default: import("../../web/src/contract/core-module.ts").CreateCore }} */
      const glue = await import(address);
      const core = await glue.default();
      const playground = new core.Playground();
      const firefox = navigator.userAgent.includes("Firefox");
      const refusal = playground.start(
        JSON.stringify(
          settings.simulated === undefined
            ? settings
            : {
                ...settings,
                simulated: { browser: firefox ? "firefox" : "chromium", roundTripMs: 0 },
              },
        ),
      );
      if (refusal !== "") throw new Error(refusal);
      const now = () => /** @type {Snapshot} */ (JSON.parse(playground.snapshot()));
      const sleep = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
      while (now().elapsedMs < forMs) await sleep(20);
      playground.stop();
      // The last count is asked for at the end, and the channel deleted after it.
      while (now().channel !== "") await sleep(20);
      await sleep(200);
      const last = now();
      playground.delete();
      return last;
    },
    settings,
    forMs,
  );
}

/** @param {Snapshot} live @param {Snapshot} simulated */
function assertCostsTheSame(live, simulated) {
  // What the machine itself adds to a message; a poll passes through it several times.
  const wakeUpMs = live.lanes.find(({ asked }) => asked === "websocket")?.delay?.medianMs ?? 0;
  for (const [index, real] of live.lanes.entries()) {
    const played = simulated.lanes[index];
    assert.ok(played);
    assert.equal(real.messages, 15, real.asked);
    assert.equal(played.messages, real.messages, real.asked);
    assert.equal(played.requests, real.requests, `requests of ${real.asked}`);
    assert.equal(played.missing + played.duplicate, 0);
    assert.ok(real.wire && played.wire);
    for (const way of /** @type {const} */ (["bytesIn", "bytesOut"])) {
      const ratio = played.wire[way] / real.wire[way];
      assert.ok(
        Math.abs(ratio - 1) <= 0.03,
        `${real.asked} ${way}: ${played.wire[way]} simulated, ${real.wire[way]} live`,
      );
    }
    assert.ok(real.delay && played.delay);
    const apart = Math.abs(played.delay.medianMs - real.delay.medianMs);
    assert.ok(
      apart <= Math.max(2, 0.1 * real.delay.medianMs, 4 * wakeUpMs),
      `${real.asked}: median ${played.delay.medianMs} ms simulated, ${real.delay.medianMs} live`,
    );
  }
}

inEveryBrowser("live and simulated", (scene) => {
  scene("the same run costs the same", async ({ server, open }) => {
    const visit = await open(`${server.origin}/docs/api.txt`);
    /** @type {Settings} */
    const settings = {
      server: server.origin,
      lanes: [...LANES],
      scenario: { rate: 5, count: 15, payload_bytes: 200 },
      shortPollMs: 700,
    };
    const forMs = 4550;
    const simulated = await play(visit.page, { ...settings, simulated: {} }, forMs);
    assert.equal(simulated.simulated, true);
    const apart = /** @type {string[]} */ ([]);
    while (apart.length < TRIES) {
      const live = await play(visit.page, settings, forMs);
      assert.equal(live.simulated, false);
      for (const { asked, missing, duplicate } of live.lanes) {
        assert.equal(missing + duplicate, 0, asked);
      }
      try {
        return assertCostsTheSame(live, simulated);
      } catch (error) {
        apart.push(String(error));
      }
    }
    assert.fail(apart.join("\n"));
  });
});
