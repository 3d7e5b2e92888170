import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".xml": "application/xml",
};

/**
 * Any static host: a folder's files under a prefix, no icon, and nothing else.
 * @param {string} folder
 * @param {string} prefix "/x/", or "/" for none
 */
export async function staticHost(folder, prefix) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    if (pathname === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    const name = decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const file = name.startsWith(prefix)
      ? readFile(join(folder, name.slice(prefix.length)))
      : Promise.reject(new Error("outside of the prefix"));
    file.then(
      (bytes) => {
        const type = types[extname(name)] ?? "application/octet-stream";
        response.writeHead(200, { "Content-Type": type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * On a free port of this machine.
 * @param {import("node:http").Server} server
 */
export async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}
