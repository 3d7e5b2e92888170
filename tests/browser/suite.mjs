// The browser tests (`npm test`), or the files that are named: two at a time, since they mostly wait;
// then, one after the other, those that hold what they see against the time it took.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const ALONE = ["faults.test.mjs", "host.test.mjs", "playing.test.mjs", "simulated.test.mjs"];

const here = fileURLToPath(new URL(".", import.meta.url));
const named = process.argv.slice(2);
const names =
  named.length > 0 ? named : readdirSync(here).filter((each) => /\.test\.mjs$/.test(each));

/** @param {string[]} chosen @param {number} concurrency */
async function play(chosen, concurrency) {
  if (chosen.length === 0) return;
  const tests = run({ files: chosen.map((name) => join(here, name)), concurrency });
  tests.on("test:fail", () => (process.exitCode = 1));
  for await (const part of tests.compose(new spec())) process.stdout.write(String(part));
}

await play(
  names.filter((name) => !ALONE.includes(name)),
  2,
);
await play(
  names.filter((name) => ALONE.includes(name)),
  1,
);
