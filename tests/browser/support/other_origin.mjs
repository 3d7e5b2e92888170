import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const types = /** @type {Record<string, string>} */ ({
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
});

/** An ordinary static web server on a port of its own, so that its pages have another origin. */
export class OtherOrigin {
  #server;
  origin = "";
  /** Paths that were asked for. */
  requests = /** @type {string[]} */ ([]);

  /** @param {{ cert: Buffer, key: Buffer }} [certificate] */
  constructor(certificate) {
    this.#server = certificate ? createSecureServer(certificate) : createServer();
  }

  /**
   * @param {{
   *   directory?: URL, pages?: Record<string, string>, change?: (text: string) => string,
   *   statuses?: Record<string, number>, fields?: Record<string, string>,
   *   instead?: Record<string, (response: import("node:http").ServerResponse) => void>,
   *   certificate?: { cert: Buffer, key: Buffer }
   * }} content files of a directory, pages by path, what to change in every text on its way out,
   *   paths that are answered with a status only, header fields of all that is found, who answers for
   *   a path, and with what it is served over https
   */
  static async start({
    directory,
    pages = {},
    change = (text) => text,
    statuses = {},
    fields = {},
    instead = {},
    certificate,
  }) {
    const other = new OtherOrigin(certificate);
    other.#server.on("request", async (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
      const type = types[extname(path)] ?? "application/octet-stream";
      other.requests.push(pathname);
      const status = statuses[pathname];
      if (status !== undefined) {
        response.writeHead(status, { "Content-Type": "text/plain" }).end();
        return;
      }
      if (instead[pathname]) {
        instead[pathname](response);
        return;
      }
      try {
        const page = pages[pathname] ?? pages[path];
        if (page === undefined && !directory) throw new Error("no such page");
        let body = page ?? (await readFile(join(fileURLToPath(directory ?? ""), normalize(path))));
        if (type.startsWith("text/")) body = change(body.toString());
        response.writeHead(200, { "Content-Type": type, ...fields }).end(body);
      } catch {
        response.writeHead(404, { "Content-Type": "text/plain" }).end(`no ${pathname} here`);
      }
    });
    other.#server.listen(0, "127.0.0.1");
    await once(other.#server, "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (other.#server.address());
    other.origin = `${certificate ? "https" : "http"}://localhost:${address.port}`;
    return other;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/**
 * `web/examples/plain/` on a static server, told where the test's playground server is.
 * @param {{ origin: string }} playground
 */
export function plainExample(playground) {
  return OtherOrigin.start({
    directory: new URL("../../../web/examples/plain/", import.meta.url),
    change: (text) => text.replaceAll("http://localhost:8088", playground.origin),
  });
}
