// What stands in the way is known here: a channel's faults, played by the real server on the
// probes' path. The check in a browser says of it what the simulated check says.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { browsers } from "../browser/support/browsers.mjs";
import { PlaygroundServer } from "../browser/support/playground_server.mjs";

const FAULTS = [
  null,
  { kind: "buffer" },
  { kind: "buffer", transport: "sse", bytes: 4096 },
  { kind: "one-behind" },
  { kind: "idle-cut", seconds: 2 },
  { kind: "upgrade-refused", status: 403 },
  { kind: "upgrade-hang" },
  { kind: "upgrade-swallow" },
  { kind: "upgrade-flap", milliseconds: 300 },
  { kind: "upgrade-poison", seconds: 1 },
  { kind: "status", status: 502, transport: "stream" },
  { kind: "stall" },
  { kind: "cut", after_s: 600 },
  { kind: "delay", milliseconds: 300 },
  { kind: "bandwidth", bytes_per_s: 40_000 },
];

/** Timers, and a browser that is busy with eight checks. */
const TOLERANCE_S = 1.5;
const TIME = /\d+(\.\d+)?(?= s\b)/g;

/** @param {string} sentence */
const times = (sentence) => (sentence.match(TIME) ?? []).map(Number);

/** @typedef {{ verdict: string, trouble: string[] }} Found */

/** The same sentences, and times that are near. @param {Found} live @param {Found} simulated */
function assertAgree(live, simulated) {
  const said = [live.verdict, ...live.trouble];
  const expected = [simulated.verdict, ...simulated.trouble];
  const near = expected.flatMap(times);
  for (const [i, time] of said.flatMap(times).entries()) {
    assert.ok(Math.abs(time - (near[i] ?? NaN)) < TOLERANCE_S, `${said} is not near ${expected}`);
  }
  const worded = (/** @type {string[]} */ all) => all.map((each) => each.replaceAll(TIME, "…"));
  assert.deepEqual(worded(said), worded(expected));
}

/** In the page. @param {object} settings */
async function check(settings) {
  const { default: create } = await import(/** @type {string} */ ("/playground_check.js"));
  const core = await create();
  // The core has the browser call these.
  Object.assign(globalThis, { core });
  const run = new core.PathCheck();
  const wrong = run.start(JSON.stringify(settings));
  if (wrong !== "") throw new Error(wrong);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const report = JSON.parse(run.report());
    if (report.state === "running") continue;
    if (report.error !== "") throw new Error(report.error);
    /** @type {{ severity: string, title: string }[]} */
    const findings = report.findings;
    const trouble = findings.filter(({ severity }) => severity === "trouble");
    return { verdict: report.verdict, trouble: trouble.map(({ title }) => title).sort() };
  }
}

for (const { name, launch } of browsers) {
  describe(`a check in ${name}`, { concurrency: 8 }, () => {
    /** @type {import("../browser/support/browsers.mjs").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());

    for (const fault of FAULTS) {
      it(`says of ${fault === null ? "nothing in the way" : JSON.stringify(fault)} what the simulated one says`, async () => {
        // A server of its own: its origin has all of a browser's connections.
        const server = await PlaygroundServer.start();
        const context = await browser.createBrowserContext();
        try {
          const page = await context.newPage();
          await page.goto(`${server.origin}/embed.html`);
          const settings = {
            server: server.origin,
            quick: fault?.kind !== "idle-cut",
            longest_silence_s: 4,
          };
          if (fault !== null) {
            await fetch(`${server.origin}/api/channels/path`, {
              method: "PUT",
              body: JSON.stringify({ rate: 0.1, faults: [fault] }),
            });
          }
          const live = await page.evaluate(
            check,
            fault === null ? settings : { ...settings, channel: "path" },
          );
          const simulated = await page.evaluate(check, {
            ...settings,
            simulated: { faults: fault === null ? [] : [fault], round_trip_ms: 2, speed: 100 },
          });
          assertAgree(live, simulated);
        } finally {
          await context.close();
          await server.stop();
        }
      });
    }
  });
}
