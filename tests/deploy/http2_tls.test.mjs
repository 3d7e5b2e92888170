import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { connect, makeCertificate, streamTogether } from "./support/http2.mjs";
import { behindNginx } from "./support/nginx.mjs";

/** @param {import("node:test").TestContext} t */
async function start(t) {
  const files = makeCertificate(t);
  const { server, nginx } = await behindNginx(t, "http2_tls.conf", { files });
  const front = {
    socketPath: nginx.socket(8443),
    servername: "localhost",
    ca: readFileSync(String(files[0])),
  };
  return { server, front };
}

test("many more streams than six share one connection", async (t) => {
  const { server, front } = await start(t);
  const channel = await createChannel(front, quiet);
  const session = await connect(t, front);
  assert.equal(session.alpnProtocol, "h2");
  assert.equal(session.remoteSettings.maxConcurrentStreams, 128);

  await streamTogether(front, session, channel, 20, "?lane=x");
  const direct = { host: "127.0.0.1", port: server.port };
  const wire = JSON.parse((await ask(direct, `${channel}/wire?lane=x`)).text);
  assert.equal(wire.connections, 20, "to the server each is a connection");
});

test("a WebSocket is a second connection, in HTTP/1.1", async (t) => {
  const { front } = await start(t);
  const channel = await createChannel(front, quiet);
  const session = await connect(t, front);
  assert.ok(!session.remoteSettings.enableConnectProtocol, "no WebSocket over HTTP/2");

  const socket = new WebSocketClient(front, `${channel}/websocket`);
  await socket.has('"seq":1');
  assert.equal(socket.status, 101);
  const batch = session.request({ ":path": `${channel}/long-poll?after=1&timeout=10` });
  socket.send("from the WebSocket");
  let text = "";
  for await (const part of batch.setEncoding("utf8")) text += part;
  assert.match(text, /"payload":"from the WebSocket"/);
  await socket.has('"payload":"from the WebSocket"');
  socket.close();
});
