// Runs every test file. First, one after the other, those in which live runs are measured, so that
// nothing else on the machine is; then all others, some at a time: half of their time is waiting.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const MEASURING = /^(faults|resilience|simulated|transports|way)\.test\.mjs$/;
/** The longest, which begin first, so that none of them is alone at the end. */
const LONG = ["playing", "check", "layout", "behind_proxies", "host_page", "crash"].map(
  (name) => `${name}.test.mjs`,
);

const here = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));

/** @param {number} concurrency @param {string[]} some */
async function runFiles(concurrency, some) {
  const tests = run({ concurrency, files: some.map((name) => here + name) });
  tests.on("test:fail", () => (process.exitCode = 1));
  for await (const line of tests.compose(new spec())) process.stdout.write(line);
}

const measuring = names.filter((name) => MEASURING.test(name));
const others = names.filter((name) => !MEASURING.test(name) && !LONG.includes(name));
await runFiles(1, measuring);
await runFiles(Math.min(3, availableParallelism() + 1), [...LONG, ...others]);
