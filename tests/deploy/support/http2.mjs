import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http2 from "node:http2";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";

import { Reception, ask } from "./client.mjs";
import { examples } from "./nginx.mjs";

/** @typedef {{ socketPath?: string, host?: string, port?: number, servername: string, ca: Buffer }} SecureFront */

/**
 * The certificate and its key as README.md has them made, in a folder of their own.
 *
 * @param {import("node:test").TestContext} t
 * @returns {[string, string]}
 */
export function makeCertificate(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "certificate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const readme = readFileSync(path.join(examples, "README.md"), "utf8");
  const command = /^openssl req (?:.*\\\n)*.*/m.exec(readme)?.[0] ?? "";
  execFileSync("sh", ["-ec", command.replaceAll("deploy/nginx/", `${folder}/`)], { stdio: "pipe" });
  return [path.join(folder, "localhost.pem"), path.join(folder, "localhost.key")];
}

/**
 * One HTTP/2 connection.
 *
 * @param {import("node:test").TestContext} t @param {SecureFront} front
 */
export async function connect(t, { socketPath, host, port, servername, ca }) {
  const to = socketPath === undefined ? { host, port } : { path: socketPath };
  const session = http2.connect("https://localhost", {
    createConnection: () => tls.connect({ ...to, servername, ca, ALPNProtocols: ["h2"] }),
  });
  t.after(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

/**
 * What comes on one of its streams.
 *
 * @param {http2.ClientHttp2Session} session @param {http2.OutgoingHttpHeaders} headers
 * @returns {Reception & { stream: http2.ClientHttp2Stream }}
 */
export function receive(session, headers) {
  const reception = new Reception();
  const stream = session.request(headers);
  stream.setEncoding("utf8");
  stream.on("response", (got) => reception.take({ status: Number(got[":status"]) }));
  stream.on("data", (bytes) => reception.take({ bytes }));
  stream.on("error", () => undefined); // "close" follows
  stream.on("close", () => reception.take({ ended: "cut" }));
  return Object.assign(reception, { stream });
}

/**
 * Opens event streams of a channel on one connection; none of them waits for another.
 *
 * @param {import("./client.mjs").Front} front @param {http2.ClientHttp2Session} session
 * @param {string} channel @param {number} count @param {string} [query]
 */
export async function streamTogether(front, session, channel, count, query = "") {
  const streams = Array.from({ length: count }, () =>
    receive(session, { ":path": `${channel}/sse${query}` }),
  );
  for (const stream of streams) await stream.has('"seq":1');
  await ask(front, `${channel}/messages`, { method: "POST", body: "to all" });
  for (const stream of streams) {
    await stream.has('"payload":"to all"');
    assert.equal(stream.status, 200);
    assert.equal(stream.ended, "");
  }
}
