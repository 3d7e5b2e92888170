import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { once } from "node:events";
import path from "node:path";
import test from "node:test";

import { Stream, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { Nginx, behindNginx, examples } from "./support/nginx.mjs";

const example = "right.conf";

/** @param {import("node:test").TestContext} t @param {string[]} [args] of the server */
async function start(t, args = []) {
  const { server, nginx } = await behindNginx(t, example, { args });
  return { server, front: { socketPath: nginx.socket(8080) } };
}

test("streams, polls and WebSocket come through, in both directions", async (t) => {
  const { front } = await start(t);
  const channel = await createChannel(front, quiet);
  const socket = new WebSocketClient(front, `${channel}/websocket`);
  const streams = [new Stream(front, `${channel}/sse`), new Stream(front, `${channel}/stream`)];
  for (const each of [socket, ...streams]) await each.has('"seq":1');
  const held = new Stream(front, `${channel}/long-poll?after=1&timeout=10`);

  socket.send("to all");
  for (const each of [socket, ...streams, held]) await each.has('"payload":"to all"');
  await held.end();
  assert.deepEqual([socket.status, held.status], [101, 200]);

  await ask(front, channel, { method: "DELETE" });
  for (const each of [socket, ...streams]) {
    await each.end();
    assert.equal(each.ended, "whole");
  }
});

test("polls share a connection to the server", async (t) => {
  const { server, front } = await start(t);
  const channel = await createChannel(front, quiet);
  for (let i = 0; i < 5; i += 1) await ask(front, `${channel}/poll?lane=x`);
  const direct = { host: "127.0.0.1", port: server.port };
  const wire = JSON.parse((await ask(direct, `${channel}/wire?lane=x`)).text);
  assert.deepEqual([wire.requests, wire.connections], [5, 1]);
});

test("the server says that a proxy stands before it, and without one that none does", async (t) => {
  const { server, front } = await start(t);
  for (const [way, proxied] of /** @type {const} */ ([
    [front, true],
    [{ host: "127.0.0.1", port: server.port }, false],
  ])) {
    assert.equal(JSON.parse((await ask(way, "/api/config")).text).proxied, proxied);
  }
});

test("a page that was loaded through it may write, and no other", async (t) => {
  const { front } = await start(t, ["--public-origin", "http://playground.example:8080"]);
  for (const [origin, wanted] of /** @type {const} */ ([
    ["http://playground.example:8080", 201],
    ["http://playground.example", 403],
  ])) {
    const headers = { Host: "playground.example:8080", Origin: origin };
    const { status } = await ask(front, "/api/channels", { method: "POST", headers });
    assert.equal(status, wanted, origin);
  }
});

test("a stream passes at once from a server that says nothing about buffering", async (t) => {
  const other = http.createServer((_, response) => {
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { "Content-Type": "text/event-stream", Connection: "close" });
    response.write("data: first\n\n");
  });
  t.after(() => other.close().closeAllConnections());
  await once(other.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (other.address());
  const nginx = await Nginx.start(example, port);
  t.after(() => nginx.stop());
  const stream = new Stream({ socketPath: nginx.socket(8080) }, "/");
  await stream.has("data: first\n\n");
  assert.equal(stream.ended, "");
  stream.close();
});

test("its read timeout is longer than a long poll may be held", async (t) => {
  const { front } = await start(t);
  const channel = await createChannel(front, quiet);
  const text = readFileSync(path.join(examples, example), "utf8");
  const seconds = Number(/proxy_read_timeout (\d+)s/.exec(text)?.[1]);
  const refused = await ask(front, `${channel}/long-poll?after=1&timeout=${seconds - 1}`);
  assert.equal(refused.status, 400, "the server holds none for as long as nginx waits");
});
