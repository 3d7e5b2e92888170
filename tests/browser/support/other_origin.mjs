import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
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
  #server = createServer();
  origin = "";
  /** Paths that were asked for. */
  requests = /** @type {string[]} */ ([]);

  /**
   * @param {{
   *   directory?: URL, pages?: Record<string, string>, change?: (text: string) => string,
   *   statuses?: Record<string, number>
   * }} content files of a directory, pages by path, what to change in every text on its way out,
   *   and paths that are answered with a status only
   */
  static async start({ directory, pages = {}, change = (text) => text, statuses = {} }) {
    const other = new OtherOrigin();
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
      try {
        const page = pages[pathname] ?? pages[path];
        if (page === undefined && !directory) throw new Error("no such page");
        let body = page ?? (await readFile(join(fileURLToPath(directory ?? ""), normalize(path))));
        if (type.startsWith("text/")) body = change(body.toString());
        response.writeHead(200, { "Content-Type": type }).end(body);
      } catch {
        response.writeHead(404, { "Content-Type": "text/plain" }).end(`no ${pathname} here`);
      }
    });
    other.#server.listen(0, "127.0.0.1");
    await once(other.#server, "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (other.#server.address());
    other.origin = `http://localhost:${address.port}`;
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
