// Writes docs/guide/data/real-proxies.json: what each proxy does with the time-outs that it has where
// nothing is said of them, found with raw sockets (support/truth.mjs). matrix.test.mjs holds the
// check to the same.
//
//   node table.mjs
import { writeFile } from "node:fs/promises";

import { proxies, versionOf } from "./support/proxies.mjs";
import { truth } from "./support/truth.mjs";

/** Longer than most of what is usual. */
const LONGEST_S = 66;

const rows = await Promise.all(
  proxies.map(async (proxy) => ({
    name: proxy.name,
    release: versionOf(proxy),
    setting: proxy.setting,
    ...(await truth((port) => proxy.start(port, proxy.usualS || LONGEST_S * 2), LONGEST_S)),
  })),
);
for (const { cut } of rows) {
  for (const kind of /** @type {const} */ (["stream", "websocket", "poll"])) {
    cut[kind] = cut[kind] === null ? null : Math.round(cut[kind]);
  }
}
const made = new Date().toISOString().slice(0, 10);
const file = new URL("../../docs/guide/data/real-proxies.json", import.meta.url);
await writeFile(file, `${JSON.stringify({ made, longestS: LONGEST_S, rows }, null, 2)}\n`);
process.exit(0); // webpack's and Vite's helpers are not waited for
