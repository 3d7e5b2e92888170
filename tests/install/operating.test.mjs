// What docs/operating.md and the dashboard say, held to a running server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";

/** @param {string} file */
const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

/** @param {import("node:test").TestContext} t @param {string[]} args */
async function start(t, ...args) {
  const server = await PlaygroundServer.start({ web: null, args });
  t.after(() => server.stop());
  return server;
}

test("the dashboard asks for metrics and labels that the server has", async (t) => {
  const server = await start(t, "--public");
  // One of each that has labels: a reader, a refusal, and a status that nobody has asked for yet.
  const put = await fetch(`${server.origin}/api/channels/mine`, { method: "PUT", body: "{}" });
  assert.equal(put.status, 403);
  // And of Redis, which need not be there.
  const sharing = await start(t, "--redis", "unix:///nowhere/redis.sock");
  const texts = [server, sharing].map(async ({ origin }) => {
    return (await fetch(`${origin}/metrics`)).text();
  });
  const text = (await Promise.all(texts)).join("");

  /** @type {Map<string, string>} */
  const types = new Map();
  for (const [, name = "", type = ""] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    types.set(name, type);
  }
  const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, name]) => name));
  labels.add("instance"); // Prometheus' own
  labels.add("reason"); // of connections that were closed; none has been
  labels.add("kind"); // of Redis's failures, likewise

  const dashboard = JSON.parse(read("deploy/grafana/dashboard.json"));
  const asked = new Set();
  for (const panel of dashboard.panels) {
    for (const { expr, legendFormat } of panel.targets) {
      for (const [name] of expr.matchAll(/(?:playground|process)_\w+/g)) {
        const family = name.replace(/_bucket$/, "");
        assert.ok(types.has(family), `${panel.title}: ${name}`);
        assert.equal(name !== family, types.get(family) === "histogram", `${panel.title}: ${name}`);
        assert.equal(
          types.get(family) === "gauge",
          !expr.includes(`rate(${name}{`),
          `${panel.title}: a counter is a rate, a gauge is none: ${expr}`,
        );
        asked.add(family);
      }
      for (const [, label] of legendFormat.matchAll(/{{(\w+)}}/g)) {
        assert.ok(labels.has(label), `${panel.title}: ${label}`);
      }
    }
  }
  // And shows all there is, but for what is about the build and the log.
  const unasked = [...types.keys()].filter((name) => !asked.has(name));
  assert.deepEqual(unasked, ["playground_build_info", "playground_log_lines_dropped_total"]);
});

test("the limits in the table are those of the server, as it comes and with --public", async (t) => {
  const rows = [
    ...read("docs/operating.md").matchAll(/^\| `--max-([a-z-]+)` \| ?(\d*) \| ?(\d*) \|/gm),
  ];
  /** @type {Record<string, string>} */
  const units = { rate: "rate", payload: "payload_bytes", head: "head_bytes", body: "body_bytes" };
  Object.assign(units, { message: "message_bytes", lifetime: "lifetime_s" });
  units["requests-per-second"] = "requests_per_s";
  /** @param {string} option */
  const key = (option) => units[option] ?? option.replaceAll("-", "_");
  const seen = new Set();
  for (const [column, args] of /** @type {[number, string[]][]} */ ([
    [2, []],
    [3, ["--public"]],
  ])) {
    const server = await start(t, ...args);
    const { limits } = /** @type {{ limits: Record<string, number> }} */ (
      await (await fetch(`${server.origin}/api/config`)).json()
    );
    for (const row of rows) {
      const name = key(String(row[1]));
      assert.ok(name in limits, name);
      seen.add(name);
      // An empty cell is what the machine allows.
      if (row[column] !== "") assert.equal(limits[name], Number(row[column]), `${args} ${name}`);
    }
    assert.deepEqual([...seen].sort(), Object.keys(limits).sort());
  }
});
