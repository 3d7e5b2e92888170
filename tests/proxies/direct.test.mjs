// Where nothing is in the way, a check finds nothing: RUNS times in a row.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { browsers } from "../browser/support/browsers.mjs";
import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { pageCheck } from "./support/page_check.mjs";

const RUNS = Number(process.env.RUNS ?? 1);

for (const { name, launch } of browsers) {
  describe(`a direct check in ${name}`, () => {
    for (let run = 1; run <= RUNS; ++run) {
      it(`finds nothing (${run} of ${RUNS})`, async () => {
        const server = await PlaygroundServer.start();
        const browser = await launch();
        try {
          const report = await pageCheck(browser, server.origin, { longest_silence_s: 10 });
          const { findings, verdict } = report;
          const trouble = findings.filter(
            (/** @type {any} */ each) =>
              each.severity === "trouble" || each.severity === "unknown" || each.code === "delayed",
          );
          assert.deepEqual(trouble, []);
          assert.equal(verdict, "Nothing is in the way: every transport works here.");
        } finally {
          await browser.close();
          await server.stop();
        }
      });
    }
  });
}
