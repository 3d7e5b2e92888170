// What a page fetches, compressed (gzip -9), and how far that is from its budget (sizes.json). Fails
// where a budget is exceeded, or where README.md names another one.
//
//   node sizes.mjs [DIST [SIZES.JSON [README.md]]]
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [dist = here("dist"), budgets = here("sizes.json"), readme = here("../README.md")] =
  process.argv.slice(2);

/** Kilobytes of a thousand bytes. */
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
const signed = (bytes) => (bytes < 0 ? "" : "+") + kilobytes(bytes);

async function compressed(name) {
  const options = { encoding: "buffer", maxBuffer: Infinity };
  const { stdout } = await promisify(execFile)("gzip", ["-9nc", join(dist, name)], options);
  return stdout.length;
}

/** What is fetched together, and its files; each has a budget in bytes. */
const groups = JSON.parse(await readFile(budgets, "utf8"));
const text = await readFile(readme, "utf8");
const faults = [];
const rows = [];
for (const { name, budget, files } of groups) {
  let sum = 0;
  for (const [file, bound] of Object.entries(files)) {
    const size = await compressed(file);
    sum += size;
    rows.push([`  ${file}`, size, bound]);
    if (size > bound) faults.push(`${file} is ${size - bound} bytes over its budget`);
  }
  rows.push([name, sum, budget]);
  if (sum > budget) faults.push(`${name}: ${sum - budget} bytes over the budget`);
  const promise = `${budget / 1000} KB`;
  if (!text.includes(promise)) faults.push(`README.md does not say ${promise} (${name})`);
}
const width = Math.max(...rows.map(([name]) => name.length));
console.log(`sizes: ${"".padEnd(width - 7)} ${"KB".padStart(7)} ${"budget".padStart(7)}  change`);
for (const [name, size, bound] of rows) {
  const figures = [kilobytes(size), kilobytes(bound)].map((figure) => figure.padStart(7));
  console.log(`${name.padEnd(width)} ${figures.join(" ")} ${signed(size - bound).padStart(7)}`);
}
for (const fault of faults) console.error(`sizes: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
