import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

import { dist } from "./pages.mjs";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Any static host: web/dist under a prefix, and nothing else.
 * @param {string} prefix "/x"
 */
export async function staticHost(prefix) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const file = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const found = file.startsWith(`${prefix}/`)
      ? readFile(join(dist, file.slice(prefix.length)))
      : Promise.reject(new Error("outside of the prefix"));
    found.then(
      (bytes) =>
        response
          .writeHead(200, { "Content-Type": types[extname(file)] ?? "text/plain" })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
