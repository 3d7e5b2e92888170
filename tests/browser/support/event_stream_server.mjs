import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

/** @typedef {import("node:http").IncomingMessage & { body: string }} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {(response: Response, request: Request, count: number) => unknown} Answer */

const dist =
  process.env.PLAYGROUND_WEB ?? fileURLToPath(new URL("../../../web/dist", import.meta.url));
const types = /** @type {Record<string, string>} */ ({
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
});

/**
 * A server that writes what a test tells it to, byte by byte, on two ports and so two origins of
 * one site. It serves an empty page and the built package as well.
 */
export class EventStreamServer {
  /** @type {import("node:http").Server[]} */
  #servers = [];
  #answers = /** @type {Map<string, Answer>} */ (new Map());
  #requests = /** @type {Map<string, Request[]>} */ (new Map());
  #paths = 0;
  origin = "";
  otherOrigin = "";

  static async start() {
    const server = new EventStreamServer();
    server.origin = await server.#listen();
    server.otherOrigin = await server.#listen();
    return server;
  }

  /**
   * A new path that is answered so; `count` is 1 for the first request.
   * @param {Answer} answer
   */
  path(answer) {
    const path = `/stream/${(this.#paths += 1)}`;
    this.#answers.set(path, answer);
    return path;
  }

  /**
   * Answers a path of the package otherwise than with its file; null is the file again.
   * @param {string} path
   * @param {Answer | null} answer
   */
  instead(path, answer) {
    if (answer) this.#answers.set(path, answer);
    else this.#answers.delete(path);
  }

  /** The requests a path has had. @param {string} path */
  requests(path) {
    return this.#requests.get(path) ?? [];
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #listen() {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#servers.push(server);
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    return `http://localhost:${address.port}`;
  }

  /**
   * @param {import("node:http").IncomingMessage} incoming
   * @param {Response} response
   */
  async #serve(incoming, response) {
    response.on("error", () => undefined);
    const { pathname } = new URL(incoming.url ?? "/", "http://localhost");
    let body = "";
    incoming.setEncoding("utf8");
    for await (const part of incoming) body += part;
    const request = Object.assign(incoming, { body });
    const requests = this.#requests.get(pathname) ?? [];
    this.#requests.set(pathname, [...requests, request]);
    const answer = this.#answers.get(pathname);
    if (answer) {
      await answer(response, request, requests.length + 1);
    } else if (pathname === "/") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><title>Event streams</title><link rel="icon" href="data:," />`);
    } else if (pathname.startsWith("/dist/") && !pathname.includes("..")) {
      const type = types[pathname.split(".").pop() ?? ""] ?? "application/octet-stream";
      const file = await readFile(`${dist}${pathname.slice("/dist".length)}`).catch(() => null);
      response.writeHead(file ? 200 : 404, { "Content-Type": type }).end(file);
    } else {
      response.writeHead(404).end();
    }
  }
}

/**
 * Writes the parts one by one, so that they come in as chunks of their own.
 * @param {Response} response
 * @param {(string | Uint8Array)[]} parts
 */
export async function write(response, parts) {
  if (!response.headersSent) response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const part of parts) {
    response.write(part);
    if (parts.length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
