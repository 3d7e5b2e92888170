import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Stream, WebSocketClient, createChannel, quiet } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

// Three seconds in place of a minute. These tests take real time, so they take it together.
const limitS = 3;
const options = { replace: { "proxy_read_timeout 60s": `proxy_read_timeout ${limitS}s` } };

describe("nginx's read timeout", { concurrency: true }, () => {
  test("a stream whose heartbeats come too late is cut in the middle", async (t) => {
    const { nginx } = await behindNginx(t, "idle_cut.conf", {
      ...options,
      args: ["--heartbeat=15"],
    });
    const front = { socketPath: nginx.socket(8080) };
    const channel = await createChannel(front, quiet);
    const streams = [new Stream(front, `${channel}/sse`), new Stream(front, `${channel}/stream`)];
    const socket = new WebSocketClient(front, `${channel}/websocket`);
    const held = new Stream(front, `${channel}/long-poll?after=1&timeout=60`);
    for (const each of [...streams, socket]) {
      await each.has('"seq":1');
      assert.equal(each.ended, "");
    }

    for (const stream of streams) {
      await stream.end();
      assert.equal(stream.status, 200);
      assert.equal(stream.ended, "cut", "no last chunk");
    }
    await socket.end();
    assert.equal(socket.ended, "cut", "no Close frame");
    await held.end();
    assert.equal(held.status, 504);
  });

  test("heartbeats that come more often keep it alive", async (t) => {
    const { nginx } = await behindNginx(t, "idle_cut.conf", {
      ...options,
      args: ["--heartbeat=1"],
    });
    const front = { socketPath: nginx.socket(8080) };
    const channel = await createChannel(front, quiet);
    const readers = [
      new Stream(front, `${channel}/sse`),
      new WebSocketClient(front, `${channel}/websocket`),
    ];
    for (const each of readers) {
      await each.until(
        "heartbeats for longer than the limit",
        () => each.text.split('{"heartbeat":').length - 1 > limitS,
      );
      assert.equal(each.ended, "");
      each.close();
    }
  });
});
