import { once } from "node:events";
import { createServer, request as ask } from "node:http";

/**
 * A proxy on a port of its own that says so in what it passes on, and keeps a response that goes on
 * until it ends, unless the response says X-Accel-Buffering: no (as nginx does).
 */
export class Proxy {
  #server = createServer();
  origin = "";
  /** The requests that came through, as `GET /path`. */
  passed = /** @type {string[]} */ ([]);

  /**
   * @param {{ port: number }} server what stands behind it
   * @param {Record<string, string>} says
   * @param {{ heeds?: boolean, signs?: Record<string, string> }} [how] `heeds`: what a response
   *   says of buffering; `signs`: header fields for every response
   */
  static async start(
    { port },
    says = { "X-Forwarded-For": "192.0.2.1" },
    { heeds = true, signs = {} } = {},
  ) {
    const proxy = new Proxy();
    /** @param {import("node:http").IncomingMessage} request */
    const onwards = (request) => {
      proxy.passed.push(`${request.method} ${request.url}`);
      const { method = "GET", url = "/" } = request;
      return ask({
        port,
        host: "127.0.0.1",
        method,
        path: url,
        agent: false,
        headers: {
          ...request.headers,
          ...says,
        },
      });
    };
    proxy.#server.on("request", (request, response) => {
      const upstream = onwards(request);
      upstream.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...signs });
        const goesOn = answer.headers["transfer-encoding"] === "chunked";
        if (goesOn && !(heeds && answer.headers["x-accel-buffering"] === "no")) {
          const kept = /** @type {Buffer[]} */ ([]);
          answer.on("data", (some) => kept.push(some));
          answer.on("end", () => response.end(Buffer.concat(kept)));
        } else answer.pipe(response);
        answer.on("error", () => response.destroy());
      });
      upstream.on("error", () => response.destroy());
      response.on("close", () => upstream.destroy());
      request.pipe(upstream);
    });
    proxy.#server.on("upgrade", (request, socket, first) => {
      const upstream = onwards(request);
      upstream.on("upgrade", (answer, behind, next) => {
        const { rawHeaders } = answer;
        const lines = rawHeaders.flatMap((name, at) =>
          at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [],
        );
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
        if (first.length > 0) behind.write(first);
        if (next.length > 0) socket.write(next);
        behind.pipe(socket).pipe(behind);
        behind.on("error", () => socket.destroy());
        socket.on("error", () => behind.destroy());
      });
      upstream.on("response", () => socket.destroy());
      upstream.on("error", () => socket.destroy());
      upstream.end();
    });
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (proxy.#server.address());
    proxy.origin = `http://localhost:${address.port}`;
    return proxy;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
