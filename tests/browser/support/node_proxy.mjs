import { once } from "node:events";
import http from "node:http";

import httpProxy from "http-proxy";

/** The proxy of many a development server: http-proxy, with `changeOrigin` as they advise it. */
export class NodeProxy {
  #server;
  #proxy;
  port = 0;

  /** @param {httpProxy.ServerOptions} options */
  constructor(options) {
    this.#proxy = httpProxy.createProxyServer(options);
    // By itself it answers nothing where there is no server; those that use it answer 502 or 504.
    this.#proxy.on("error", (_, __, response) => {
      if (response instanceof http.ServerResponse && !response.headersSent) {
        response.writeHead(502, { "Content-Type": "text/plain" }).end("no server");
      } else {
        response.destroy();
      }
    });
    this.#server = http.createServer((request, response) => this.#proxy.web(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#proxy.ws(request, socket, head));
  }

  /**
   * @param {number} serverPort
   * @param {httpProxy.ServerOptions} [options]
   */
  static async start(serverPort, options = {}) {
    const target = `http://127.0.0.1:${serverPort}`;
    const proxy = new NodeProxy({ target, changeOrigin: true, ws: true, ...options });
    await once(proxy.#server.listen(0, "127.0.0.1"), "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (proxy.#server.address());
    proxy.port = address.port;
    return proxy;
  }

  async stop() {
    this.#proxy.close();
    this.#server.close().closeAllConnections();
    await Promise.resolve();
  }
}
