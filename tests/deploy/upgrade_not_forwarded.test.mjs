import assert from "node:assert/strict";
import test from "node:test";

import { Stream, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

const example = "upgrade_not_forwarded.conf";

for (const { port, lacks, status } of [
  { port: 8080, lacks: "every line", status: 426 },
  { port: 8081, lacks: "Connection", status: 400 },
  { port: 8082, lacks: "HTTP/1.1", status: 426 },
]) {
  test(`a WebSocket is refused with ${status} by a server that lacks ${lacks}`, async (t) => {
    const { nginx } = await behindNginx(t, example);
    const front = { socketPath: nginx.socket(port) };
    const channel = await createChannel(front, quiet);
    const socket = new WebSocketClient(front, `${channel}/websocket`);
    await socket.end();
    assert.equal(socket.status, status);
  });
}

test("event streams and long polls work without it", async (t) => {
  const { nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8080) };
  const channel = await createChannel(front, quiet);
  const stream = new Stream(front, `${channel}/sse`);
  await stream.has('"seq":1');
  const held = new Stream(front, `${channel}/long-poll?after=1&timeout=10`);
  await ask(front, `${channel}/messages`, { method: "POST", body: "wake" });
  await held.end();
  assert.match(held.text, /"payload":"wake"/);
  await stream.has('"payload":"wake"');
  stream.close();
});
