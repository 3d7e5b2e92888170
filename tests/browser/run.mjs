// Runs every test file. First, one after the other, those in which live runs are measured, so that
// nothing else on the machine is; then all others, some at a time: half of their time is waiting.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";

const MEASURING = /^(faults|resilience|simulated|transports|way)\.test\.mjs$/;
const here = new URL(".", import.meta.url);
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));

/** @param {number} atOnce @param {string[]} some */
function run(atOnce, some) {
  const options = [`--test-concurrency=${atOnce}`, "--test-reporter=spec"];
  const { status } = spawnSync(process.execPath, ["--test", ...options, ...some], {
    cwd: here,
    stdio: "inherit",
  });
  return status === 0;
}

const measured = run(
  1,
  files.filter((name) => MEASURING.test(name)),
);
const rest = run(
  Math.min(3, availableParallelism() + 1),
  files.filter((name) => !MEASURING.test(name)),
);
process.exitCode = measured && rest ? 0 : 1;
