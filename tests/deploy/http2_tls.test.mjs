import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http2 from "node:http2";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import tls from "node:tls";

import { Reception, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { behindNginx, examples } from "./support/nginx.mjs";

/**
 * The certificate as README.md has it made, in a folder of its own.
 *
 * @param {import("node:test").TestContext} t
 */
function makeCertificate(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "certificate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const readme = readFileSync(path.join(examples, "README.md"), "utf8");
  const command = /^openssl req (?:.*\\\n)*.*/m.exec(readme)?.[0] ?? "";
  execFileSync("sh", ["-ec", command.replaceAll("deploy/nginx/", `${folder}/`)], { stdio: "pipe" });
  return ["localhost.pem", "localhost.key"].map((file) => path.join(folder, file));
}

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

/**
 * One HTTP/2 connection.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ socketPath: string, servername: string, ca: Buffer }} front
 */
async function connect(t, { socketPath, servername, ca }) {
  const session = http2.connect("https://localhost", {
    createConnection: () =>
      tls.connect({ path: socketPath, servername, ca, ALPNProtocols: ["h2"] }),
  });
  t.after(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

test("many more streams than six share one connection", async (t) => {
  const { server, front } = await start(t);
  const channel = await createChannel(front, quiet);
  const session = await connect(t, front);
  assert.equal(session.alpnProtocol, "h2");
  assert.equal(session.remoteSettings.maxConcurrentStreams, 128);

  const streams = Array.from({ length: 20 }, () => {
    const reception = new Reception();
    const stream = session.request({ ":path": `${channel}/sse?lane=x` });
    stream.setEncoding("utf8");
    stream.on("response", (headers) => reception.take({ status: Number(headers[":status"]) }));
    stream.on("data", (bytes) => reception.take({ bytes }));
    stream.on("error", () => undefined); // "close" follows
    stream.on("close", () => reception.take({ ended: "cut" }));
    return reception;
  });
  for (const stream of streams) await stream.has('"seq":1');

  await ask(front, `${channel}/messages`, { method: "POST", body: "to all" });
  for (const stream of streams) {
    await stream.has('"payload":"to all"');
    assert.equal(stream.status, 200);
    assert.equal(stream.ended, "");
  }
  const direct = { host: "127.0.0.1", port: server.port };
  const wire = JSON.parse((await ask(direct, `${channel}/wire?lane=x`)).text);
  assert.equal(wire.connections, streams.length, "to the server each is a connection");
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
