// Proxies that the environment names.
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import test from "node:test";

import { watch } from "./support/playground.mjs";
import {
  WebSocketServer,
  connectProxy,
  field,
  listen,
  makeCertificate,
  rawServer,
} from "./support/servers.mjs";

test("https: goes through a tunnel, with the proxy's credentials, and TLS is the server's", async (t) => {
  const certificate = makeCertificate(t);
  const server = https.createServer(certificate, (request, response) => {
    assert.equal(request.headers["proxy-authorization"], undefined);
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: far\n\n");
  });
  const port = await listen(t, server);
  const proxy = await connectProxy(t);
  const env = {
    SSL_CERT_FILE: certificate.file,
    HTTPS_PROXY: proxy.url.replace("//", "//user:pass@"),
  };
  const { status, running } = await watch(`https://localhost:${port}/`, ["--count", "1"], env);
  assert.equal(status, 0, running.stdout);
  assert.match(String(proxy.heads[0]), new RegExp(`^CONNECT localhost:${port} HTTP/1.1\r\n`));
  assert.equal(field(String(proxy.heads[0]), "Host"), `localhost:${port}`);
  assert.equal(field(String(proxy.heads[0]), "Proxy-Authorization"), "Basic dXNlcjpwYXNz");
});

test("ws: goes through a tunnel of the proxy for http:", async (t) => {
  const server = http.createServer();
  const port = await listen(t, server);
  new WebSocketServer({ server }).on("connection", (/** @type {any} */ socket) => {
    socket.send("through");
  });
  const proxy = await connectProxy(t);
  const url = `ws://there.invalid:${port}/`; // the proxy finds the name
  const { status, running } = await watch(url, ["--count", "1"], { http_proxy: proxy.url });
  assert.equal(status, 0, running.stdout);
  assert.equal(running.all("text")[0]?.data, "through");
  assert.match(String(proxy.heads[0]), /^CONNECT there\.invalid:/);
});

test("http: asks the proxy itself, in absolute form", async (t) => {
  let asked = "";
  const port = await rawServer(t, (socket, head) => {
    asked = head;
    socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nyes");
  });
  const env = { http_proxy: `http://a:b@127.0.0.1:${port}` };
  const { status } = await watch("http://there.invalid/path?query", [], env);
  assert.equal(status, 0);
  assert.match(asked, /^GET http:\/\/there\.invalid\/path\?query HTTP\/1\.1\r\n/);
  assert.equal(field(asked, "Host"), "there.invalid");
  assert.equal(field(asked, "Proxy-Authorization"), "Basic YTpi");
});

test("NO_PROXY leads past it", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nyes");
  });
  const env = { http_proxy: "http://127.0.0.1:1", NO_PROXY: "example.org,127.0.0.0/8" };
  assert.equal((await watch(`http://127.0.0.1:${port}/`, [], env)).status, 0);
});

test("a proxy that refuses, and one that is not there, are named", async (t) => {
  const proxy = await connectProxy(
    t,
    () => "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
  );
  const refused = await watch("https://there.invalid/", [], { HTTPS_PROXY: proxy.url });
  assert.equal(refused.status, 2);
  assert.equal(
    refused.running.all("problem")[0]?.text,
    `no tunnel to there.invalid port 443 through the proxy 127.0.0.1 port ${proxy.port}: ` +
      "the proxy answered CONNECT with 407 Proxy Authentication Required",
  );
  const missing = await watch("http://there.invalid/", [], { ALL_PROXY: "127.0.0.1:1" });
  assert.equal(missing.status, 2);
  assert.equal(
    missing.running.all("problem")[0]?.text,
    "cannot connect to the proxy 127.0.0.1 port 1: connection refused",
  );
});
