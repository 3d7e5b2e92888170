// What the page's sources repeat of the core's tables, made from what
// ../build/wasm/playground_tables.js says: src/contract/tables.ts, and environments.json, which a
// page fetches when it shows them.
//
//   node tables.mjs           writes them
//   node tables.mjs --check   fails where they are not what the core says, or where palette.css does
//                             not have the colours of the core's tables
import { execFile } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = new URL("src/contract/", import.meta.url);
const sources = new URL("src/", import.meta.url);
const program = fileURLToPath(new URL("../build/wasm/playground_tables.js", import.meta.url));

function text(value) {
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, each]) => `${name}: ${text(each)}`);
  return `{ ${members.join(", ")} }`;
}

/** What only the page wants to know of a transport: an element's poster does without. */
const OF_THE_PAGE = ["inside", "needs", "path", "contentType", "reconnectsItself", "ladder"];

const some = (row, wanted) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => wanted(OF_THE_PAGE.includes(name))));

/** A type with these values. */
function union(name, values) {
  return `export type ${name} = ${values.map(text).join(" | ")};`;
}

function source(tables) {
  const { transports, features, ranges, patterns, faultKinds, reasons, roles, operations } = tables;
  return [
    "// Made from the core's tables by `make tables`: whoever changes those runs it again.",
    'import type { Range, TransportFace, TransportUse } from "./core-module.js";',
    "",
    ...[
      union(
        "TransportId",
        transports.map(({ id }) => id),
      ),
      union("BrowserFeature", features),
      union("Pattern", patterns),
      union("FaultKind", faultKinds),
      union("Reason", reasons),
    ],
    "",
    "/** Every transport, in the order of the page. */",
    "export const TRANSPORTS: readonly TransportFace[] = [",
    ...transports.map((each) => `  ${text(some(each, (page) => !page))},`),
    "];",
    "export const TRANSPORT_USES: Readonly<Record<TransportId, TransportUse>> = {",
    ...transports.map((each) => `  "${each.id}": ${text(some(each, (page) => page))},`),
    "};",
    "",
    `export const BROWSER_FEATURES: readonly BrowserFeature[] = ${text(features)};`,
    `export const PATTERNS: readonly Pattern[] = ${text(patterns)};`,
    "",
    "/** Of a scenario's fields, and of a run's settings. */",
    `export const RANGES: Readonly<Record<${Object.keys(ranges).map(text).join(" | ")}, Range>> = {`,
    ...Object.entries(ranges).map(([name, range]) => `  ${name}: ${text(range)},`),
    "};",
    "",
    "/** Who a colour belongs to, beside the transports. */",
    "export const enum DrawRole {",
    ...Object.entries(roles).map(([name, role]) => `  ${name} = ${role},`),
    "}",
    "",
    "/**",
    " * A drawing is a list of numbers: an operation, its arguments, the next operation, … Coordinates",
    " * are CSS pixels of the lane named last, y downwards.",
    " */",
    "export const enum DrawOp {",
    ...operations.flatMap((each, index) => [
      `  /** ${each.arguments} */`,
      `  ${each.name} = ${index},`,
    ]),
    "}",
    "",
  ].join("\n");
}

/**
 * What is wrong with the palette (src/element/*palette.css): a colour of a transport or of a role
 * is missing, or is not one in light and one in dark; or a property is there that nobody uses.
 */
async function paletteFaults({ transports, roles }) {
  const names = (await readdir(sources, { recursive: true })).filter((each) =>
    /\.(css|ts)$/.test(each),
  );
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, sources), "utf8")));
  const palette = names.map((name, at) => (/palette\.css$/.test(name) ? texts[at] : "")).join("");
  const declared = new Map(
    [...palette.matchAll(/^\s*(--tp-[\w-]+):\s*([^;]+);/gm)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const wanted = new Map([
    ...transports.map(({ colour, id }) => [colour, `the transport ${id}`]),
    ...Object.keys(roles).map((role) => [`--tp-${role}`, `what is drawn as "${role}"`]),
  ]);
  const used = new Set(texts.flatMap((text) => text.match(/(?<=var\()--tp-[\w-]+/g) ?? []));
  const missing = [...wanted].filter(([name]) => !declared.has(name));
  const oneTheme = [...wanted.keys()].filter(
    (name) => !/^light-dark\([^,]+, [^,]+\)$/.test(declared.get(name) ?? "light-dark(a, b)"),
  );
  const leftOver = [...declared.keys()].filter((name) => !wanted.has(name) && !used.has(name));
  return [
    ...missing.map(([name, whose]) => `it lacks ${name}, the colour of ${whose}`),
    ...oneTheme.map((name) => `${name} is not light-dark(…, …), a colour for each theme`),
    ...leftOver.map((name) => `${name} belongs to no transport, and no source uses it`),
  ];
}

const { stdout } = await promisify(execFile)(process.execPath, [program]);
const tables = JSON.parse(stdout);
const files = {
  "tables.ts": source(tables),
  "environments.json": `${JSON.stringify(tables.environments, null, 2)}\n`,
};
if (process.argv[2] !== "--check") {
  for (const [name, text] of Object.entries(files)) await writeFile(new URL(name, folder), text);
} else {
  const faults = (await paletteFaults(tables)).map((fault) => `element/palette.css: ${fault}.`);
  for (const [name, text] of Object.entries(files)) {
    const there = await readFile(new URL(name, folder), "utf8").catch(() => "");
    if (there !== text) {
      faults.push(`contract/${name} is not what the core says: run \`make tables\`.`);
    }
  }
  for (const fault of faults) console.error(`web/src/${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
