// A proxy that keeps the stream to the server after its reader has left.
import assert from "node:assert/strict";
import test from "node:test";

import { until } from "../browser/support/wait.mjs";
import { Stream, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

/** Makes right.conf keep streams, as a shared configuration may. */
const kept = { "proxy_buffering off;": "proxy_buffering off; proxy_ignore_client_abort on;" };

/** @param {import("node:test").TestContext} t @param {Record<string, string>} [replace] */
async function start(t, replace) {
  const { server, nginx } = await behindNginx(t, "right.conf", { replace });
  const direct = { host: "127.0.0.1", port: server.port };
  return {
    front: { socketPath: nginx.socket(8080) },
    /** How many streams the server has. */
    async readers() {
      const { text } = await ask(direct, "/metrics");
      const counts = [...text.matchAll(/^playground_subscribers\{[^}]*\} (\d+)/gm)];
      assert.notEqual(counts.length, 0, text);
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    },
  };
}

/** @param {import("./support/client.mjs").Front} front @param {string} channel */
async function readAndLeave(front, channel) {
  const readers = [
    new Stream(front, `${channel}/sse?lane=sse`),
    new Stream(front, `${channel}/stream?lane=ndjson`),
  ];
  for (const each of readers) await each.has('"seq":1');
  for (const each of readers) each.close();
}

test("a reader that leaves ends its streams to the server as well", async (t) => {
  const { front, readers } = await start(t);
  await readAndLeave(front, await createChannel(front, quiet));
  await until("the server to have no reader", async () => (await readers()) === 0, {
    timeoutMs: 2000,
  });
});

test("where nginx ignores that, POST …/end ends the channel and the streams it keeps", async (t) => {
  const { front, readers } = await start(t, kept);
  const channel = await createChannel(front, quiet);
  await readAndLeave(front, channel);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(await readers(), 2, "nginx keeps them");

  // As a page that is being left sends it.
  const { status } = await ask(front, `${channel}/end`, { method: "POST" });
  assert.equal(status, 204);
  assert.equal((await ask(front, `${channel}/poll`)).status, 404);
  await until("the kept streams to end", async () => (await readers()) === 0, { timeoutMs: 2000 });
});

test("it ends streams that are still read, too", async (t) => {
  const { front } = await start(t, kept);
  const channel = await createChannel(front, quiet);
  const stream = new Stream(front, `${channel}/sse?lane=sse`);
  const socket = new WebSocketClient(front, `${channel}/websocket?lane=websocket`);
  for (const each of [stream, socket]) await each.has('"seq":1');
  await ask(front, `${channel}/end`, { method: "POST" });
  for (const each of [stream, socket]) {
    await each.end();
    assert.equal(each.ended, "whole");
  }
});
