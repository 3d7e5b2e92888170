// The browser tests (`npm test`), or the files that are named: two at a time, and then one after the
// other those that want to be alone (support/turn.mjs).
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { ALONE } from "./support/turn.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const named = process.argv.slice(2);
const names =
  named.length > 0 ? named : readdirSync(here).filter((each) => /\.test\.mjs$/.test(each));
const alone = (/** @type {string} */ name) => Number(ALONE.includes(name));
names.sort((one, other) => alone(one) - alone(other));

const folder = mkdtempSync(join(tmpdir(), "playground-turns-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
process.env.PLAYGROUND_TURNS = join(folder, "lock");

run({ files: names.map((name) => join(here, name)), concurrency: 2 })
  .on("test:fail", () => (process.exitCode = 1))
  .compose(new spec())
  .pipe(process.stdout);
