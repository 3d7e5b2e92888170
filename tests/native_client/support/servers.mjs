import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";

import { selfSigned } from "../../browser/support/certificate.mjs";

/** @typedef {import("node:test").TestContext} TestContext */

const require = createRequire(new URL("../../browser/package.json", import.meta.url));
export const { WebSocketServer } = require("ws");

/**
 * Makes `server` listen on a port of 127.0.0.1, and ends it with the test.
 *
 * @param {TestContext} t @param {net.Server} server @returns {Promise<number>} the port
 */
export async function listen(t, server) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

/**
 * A server that calls `answer` with the head of each connection's first request, once it is whole.
 *
 * @param {TestContext} t @param {(socket: net.Socket, head: string) => void} answer
 */
export function rawServer(t, answer) {
  return listen(
    t,
    net.createServer((socket) => {
      let head = "";
      const read = (/** @type {Buffer} */ bytes) => {
        head += bytes.toString("latin1");
        if (!head.includes("\r\n\r\n")) return;
        socket.off("data", read);
        answer(socket, head);
      };
      socket.on("data", read);
    }),
  );
}

/** The value of a field in a request's head. @param {string} head @param {string} name */
export function field(head, name) {
  return new RegExp(`^${name}: *(.*?)\\r$`, "im").exec(head)?.[1];
}

/**
 * A certificate that nobody has signed but itself, for `localhost`.
 *
 * @param {TestContext} t
 */
export function makeCertificate(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "playground-certificate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { certificate: file, key: keyFile } = selfSigned(folder, "DNS:localhost");
  return { file, cert: readFileSync(file), key: readFileSync(keyFile) };
}

/**
 * An HTTP proxy that makes tunnels, and passes on nothing else. Every host leads to 127.0.0.1.
 *
 * @param {TestContext} t @param {(head: string) => string} [refuse] the head of another answer
 */
export async function connectProxy(t, refuse = () => "") {
  /** @type {string[]} */
  const heads = [];
  const port = await rawServer(t, (socket, head) => {
    heads.push(head);
    const refusal = refuse(head);
    if (refusal) return void socket.end(refusal);
    const target = /^CONNECT [^ ]*:(\d+) /.exec(head);
    if (!target) return void socket.end("HTTP/1.1 501 Not Implemented\r\n\r\n");
    const onward = net.connect(Number(target[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  return { port, heads, url: `http://127.0.0.1:${port}` };
}
