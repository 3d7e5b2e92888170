// Certificates, and what is said of those that are not believed.
import assert from "node:assert/strict";
import https from "node:https";
import net from "node:net";
import test from "node:test";
import tls from "node:tls";

import { watch } from "./support/playground.mjs";
import { WebSocketServer, listen, makeCertificate } from "./support/servers.mjs";

/**
 * An event stream over TLS.
 *
 * @param {import("node:test").TestContext} t @param {ReturnType<typeof makeCertificate>} certificate
 */
async function streamServer(t, certificate) {
  /** @type {tls.TLSSocket[]} */
  const sockets = [];
  const server = https.createServer(certificate, (_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: safe\n\n");
  });
  server.on("secureConnection", (socket) => sockets.push(socket));
  server.on("tlsClientError", () => undefined);
  new WebSocketServer({ server }).on("connection", (/** @type {any} */ socket) => {
    socket.send("safe as well");
  });
  return { port: await listen(t, server), sockets };
}

test("a certificate that is believed is one for the name that was asked for", async (t) => {
  const certificate = makeCertificate(t);
  const { port, sockets } = await streamServer(t, certificate);
  const env = { SSL_CERT_FILE: certificate.file };
  const events = await watch(`https://localhost:${port}/`, ["--count", "1"], env);
  assert.equal(events.status, 0, events.stdout);
  assert.equal(events.running.all("event")[0]?.data, "safe");
  assert.equal(/** @type {any} */ (sockets[0])?.servername, "localhost", "SNI");
  assert.equal(sockets[0]?.alpnProtocol, "http/1.1", "ALPN");
  const socket = await watch(`wss://localhost:${port}/`, ["--count", "1"], env);
  assert.equal(socket.running.all("text")[0]?.data, "safe as well");

  const args = ["--count", "1", "--resolve", `other.example:${port}:127.0.0.1`];
  const other = await watch(`https://other.example:${port}/`, args, env);
  assert.equal(other.status, 2);
  assert.match(
    other.running.all("problem")[0]?.text,
    /certificate is not accepted: hostname mismatch/,
  );
});

test("one that nobody vouches for is refused, and taken with --insecure", async (t) => {
  const { port } = await streamServer(t, makeCertificate(t));
  const refused = await watch(`https://localhost:${port}/`);
  assert.equal(refused.status, 2);
  assert.match(
    refused.running.all("problem")[0]?.text,
    /^no TLS with localhost port \d+: its certificate is not accepted: self[- ]signed certificate/,
  );
  const taken = await watch(`https://localhost:${port}/`, ["--insecure", "--count", "1"]);
  assert.equal(taken.status, 0);
});

test("an alert of the peer is named", async (t) => {
  const { cert, key } = makeCertificate(t);
  const server = tls.createServer({ cert, key, requestCert: true, maxVersion: "TLSv1.2" });
  server.on("tlsClientError", () => undefined);
  const port = await listen(t, server);
  const { status, running } = await watch(`https://localhost:${port}/`, ["--insecure"]);
  assert.equal(status, 2);
  assert.match(running.all("problem")[0]?.text, /^no TLS with .*alert/);
});

test("what does not speak TLS is told so", async (t) => {
  const port = await listen(
    t,
    net.createServer((socket) => void socket.write("220 mail.example ESMTP\r\n")),
  );
  const { status, running } = await watch(`https://localhost:${port}/`);
  assert.equal(status, 2);
  assert.match(running.all("problem")[0]?.text, /does not speak TLS/);
});

test("a server that ends in the middle of TLS's handshake is told so", async (t) => {
  const port = await listen(
    t,
    net.createServer((socket) => socket.on("data", () => socket.end())),
  );
  const { status, running } = await watch(`https://localhost:${port}/`);
  assert.equal(status, 2);
  assert.match(
    running.all("problem")[0]?.text,
    /^no TLS with localhost port \d+: the connection was ended by the peer/,
  );
});
