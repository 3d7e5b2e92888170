// TLS and HTTP/2 in front of the server: HAProxy, Caddy and Apache as deploy/ has them. (nginx has a
// file of its own.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { describe } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { WebSocketClient, ask, createChannel, quiet, textFrame } from "./support/client.mjs";
import { connect, makeCertificate, receive, streamTogether } from "./support/http2.mjs";
import { freePort } from "./support/nginx.mjs";
import { apache, run } from "./support/proxies.mjs";

/**
 * A file of deploy/ as it is, but for its addresses.
 *
 * @param {string} file @param {{ port: number, server: string }} at
 */
function deployed(file, { port, server }) {
  const text = readFileSync(new URL(`../../deploy/${file}`, import.meta.url), "utf8");
  return text.replaceAll(":8443", `:${port}`).replaceAll("127.0.0.1:8088", server);
}

/**
 * @typedef {object} Secure
 * @property {string} name
 * @property {number} streams how many of a connection it passes on at once, at least
 * @property {boolean} connects whether it offers WebSocket over HTTP/2
 * @property {(at: { port: number, server: string, folder: string, pem: string, key: string }) => {
 *   program: string, args: string[], files: Record<string, string> }} how
 */

/** @type {Secure[]} */
const proxies = [
  {
    name: "HAProxy",
    streams: 20,
    connects: true,
    how: ({ folder, pem, key, ...at }) => ({
      program: "haproxy",
      args: ["-db", "-C", folder, "-f", path.join(folder, "haproxy.cfg")],
      files: {
        "haproxy.cfg": deployed("haproxy/http2_tls.cfg", at),
        "localhost.both.pem": pem + key,
      },
    }),
  },
  {
    name: "Caddy",
    streams: 20,
    connects: false,
    how: ({ folder, pem, key, ...at }) => ({
      program: "caddy",
      args: ["run", "--adapter", "caddyfile", "--config", path.join(folder, "Caddyfile")],
      files: {
        Caddyfile: `{\n\tadmin off\n\tauto_https off\n}\n${deployed("caddy/http2_tls.Caddyfile", at).replaceAll("localhost.", `${folder}/localhost.`)}`,
        "localhost.pem": pem,
        "localhost.key": key,
      },
    }),
  },
  {
    name: "Apache",
    streams: 6,
    connects: false,
    how: ({ folder, pem, key, ...at }) => {
      const modules = ["mpm_event", "authz_core", "proxy", "proxy_http", "proxy_wstunnel"];
      const more = ["env", "headers", "http2", "socache_shmcb", "ssl"];
      const lines = [deployed("apache/http2_tls.conf", at)];
      const { files, ...rest } = apache(folder, at.port, [...modules, ...more], lines);
      return {
        ...rest,
        files: {
          ...files,
          "right.conf": deployed("apache/right.conf", at),
          "localhost.pem": pem,
          "localhost.key": key,
        },
      };
    },
  },
];

/** @param {import("node:test").TestContext} t @param {Secure} proxy */
async function start(t, { name, how }) {
  const args = ["--lane-ports", "0", "--trusted-proxy", "127.0.0.1"];
  const origin = ["--public-origin", "https://play.example"];
  const server = await PlaygroundServer.start({ args: [...args, ...origin], web: null });
  t.after(() => server.stop("SIGKILL"));
  const [pem = "", key = ""] = makeCertificate(t).map((file) => readFileSync(file, "utf8"));
  const port = await freePort();
  const front = { host: "127.0.0.1", port, servername: "localhost", ca: Buffer.from(pem) };
  const at = { port, server: `127.0.0.1:${server.port}`, pem, key };
  const stop = await run(
    name,
    (folder) => how({ ...at, folder }),
    async () => (await ask(front, "/healthz").catch(() => undefined))?.status === 200,
  );
  t.after(stop);
  return { server, front };
}

describe("TLS and HTTP/2 in front", { concurrency: 2 }, () => {
  for (const proxy of proxies) {
    test(`${proxy.name}: ${proxy.streams} streams share one connection, and nothing waits`, async (t) => {
      const { front } = await start(t, proxy);
      const channel = await createChannel(front, quiet);
      const session = await connect(t, front);
      assert.equal(session.alpnProtocol, "h2");
      await streamTogether(front, session, channel, proxy.streams);
    });

    const way = proxy.connects ? "over the same connection" : "over a second one, in HTTP/1.1";
    test(`${proxy.name}: a WebSocket goes ${way}`, async (t) => {
      const { front } = await start(t, proxy);
      const channel = await createChannel(front, quiet);
      const session = await connect(t, front);
      assert.equal(session.remoteSettings.enableConnectProtocol ?? false, proxy.connects);
      if (!proxy.connects) {
        const socket = new WebSocketClient(front, `${channel}/websocket`);
        await socket.has('"seq":1');
        socket.send("both ways");
        await socket.has('"payload":"both ways"');
        return socket.close();
      }
      const socket = receive(session, {
        ":method": "CONNECT", // RFC 8441 4
        ":protocol": "websocket",
        ":scheme": "https",
        ":authority": "localhost",
        ":path": `${channel}/websocket`,
        "sec-websocket-version": "13",
      });
      await socket.has('"seq":1');
      assert.equal(socket.status, 200);
      socket.stream.write(textFrame("both ways"));
      await socket.has('"payload":"both ways"');
    });

    test(`${proxy.name}: the server knows the host, the scheme and the client`, async (t) => {
      const { front } = await start(t, proxy);
      /** @param {string} origin @param {Record<string, string>} [headers] */
      const write = async (origin, headers = {}) =>
        (
          await ask({ ...front, localAddress: "127.0.0.2" }, "/api/channels", {
            method: "POST",
            headers: { Host: "play.example", Origin: origin, ...headers },
          })
        ).status;
      assert.equal(await write("https://play.example"), 201);
      assert.equal(await write("http://play.example"), 403);
      assert.equal(await write("http://evil.example", { "X-Forwarded-Proto": "http" }), 403);
      assert.equal(
        await write("https://play.example", { Forwarded: "for=192.0.2.1;host=evil.example" }),
        201,
      );
    });
  }
});
