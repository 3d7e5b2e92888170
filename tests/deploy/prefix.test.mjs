import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";

import { Stream, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

const example = "prefix.conf";
const prefix = "/playground";

/**
 * A page of two files, one of them in a folder.
 *
 * @param {import("node:test").TestContext} t
 */
function makePage(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "page-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, "docs/nested"), { recursive: true });
  writeFileSync(path.join(folder, "index.html"), "the page");
  writeFileSync(path.join(folder, "docs/nested/index.html"), "in a folder");
  return folder;
}

/**
 * @param {import("node:test").TestContext} t
 * @param {Parameters<typeof behindNginx>[2]} [options]
 */
async function start(t, options) {
  const { nginx } = await behindNginx(t, example, { web: makePage(t), ...options });
  return { socketPath: nginx.socket(8080) };
}

test("under a prefix the page's files and the API are found, and nothing beside it", async (t) => {
  const front = await start(t);
  assert.equal((await ask(front, `${prefix}/`)).text, "the page");
  const config = await ask(front, `${prefix}/api/config`);
  assert.ok("limits" in JSON.parse(config.text), config.text);
  for (const path of ["/", "/api/config", `${prefix}/api/none`]) {
    assert.equal((await ask(front, path)).status, 404, path);
  }
});

test("a folder's redirect, and that of the prefix itself, stay below the prefix", async (t) => {
  const front = await start(t);
  for (const { from, to, text } of [
    { from: prefix, to: `${prefix}/`, text: "the page" },
    { from: `${prefix}/docs/nested`, to: `${prefix}/docs/nested/`, text: "in a folder" },
  ]) {
    const { status, headers } = await ask(front, from);
    assert.equal(status, 301, from);
    const base = "http://playground.example";
    const target = new URL(String(headers.location), base + from);
    assert.equal(target.href, base + to);
    assert.equal((await ask(front, target.pathname)).text, text);
  }
});

test("under a prefix every transport delivers, in both directions", async (t) => {
  const front = await start(t);
  const channel = await createChannel(front, quiet, prefix);
  const socket = new WebSocketClient(front, `${channel}/websocket`);
  const streams = [new Stream(front, `${channel}/sse`), new Stream(front, `${channel}/stream`)];
  for (const each of [socket, ...streams]) await each.has('"seq":1');
  const held = new Stream(front, `${channel}/long-poll?after=1&timeout=10`);
  socket.send("to all");
  for (const each of [socket, ...streams, held]) await each.has('"payload":"to all"');
  assert.match((await ask(front, `${channel}/poll`)).text, /"payload":"to all"/);
  assert.equal((await ask(front, channel, { method: "DELETE" })).status, 204);
  for (const each of [socket, ...streams]) {
    await each.end();
    assert.equal(each.ended, "whole");
  }
});

test("without the slash in proxy_pass the server gets the prefix, and knows no such path", async (t) => {
  const front = await start(t, { replace: { "http://playground/;": "http://playground;" } });
  assert.equal((await ask(front, `${prefix}/api/config`)).status, 404);
});
