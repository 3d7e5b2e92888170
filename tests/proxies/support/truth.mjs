// What a proxy does, found without anything of this project's: raw sockets at both ends, and what
// they wrote and read, with the time.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { createGunzip } from "node:zlib";

const MOMENTS_MS = [0, 5, 25, 125, 625, 3125];
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ORDINARY = ["host", "connection", "accept", "accept-encoding", "user-agent", "last-event-id"];

/**
 * @typedef {object} Truth
 * @property {"as written" | "delayed" | "held" | "nothing"} asked streams that ask those on the way to pass them on
 * @property {"as written" | "delayed" | "held" | "nothing"} plain streams that say nothing
 * @property {boolean} large whether, where such streams pass as written, a write of 64 KiB comes whole
 *   before another one follows
 * @property {boolean} upgrade whether a WebSocket gets through
 * @property {{ stream: number | null, websocket: number | null, poll: number | null }} cut
 *   after how many seconds silence is ended; null where it is not, within what was waited for
 * @property {string} version of HTTP, in which the server is asked
 * @property {boolean} host whether the server is asked for the host that the client named
 * @property {string[]} added the names of the fields that requests get, in lower case
 * @property {boolean} compressed whether text is
 * @property {boolean} cookie whether one is set and comes back
 * @property {boolean} cached whether the same answer comes again, where nothing forbids it
 */

/** The far end. */
class Origin {
  /** @type {Map<string, string>} */
  heads = new Map();
  /** When something was last written to a stream. @type {Map<string, number>} */
  wrote = new Map();
  #count = 0;
  /** @type {Set<net.Socket>} */
  #sockets = new Set();
  #server = net.createServer((socket) => this.#take(socket));
  port = 0;

  static async start() {
    const origin = new Origin();
    await once(origin.#server.listen(0, "127.0.0.1"), "listening");
    origin.port = /** @type {net.AddressInfo} */ (origin.#server.address()).port;
    return origin;
  }

  stop() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** @param {net.Socket} socket */
  #take(socket) {
    this.#sockets.add(socket);
    let head = "";
    let path = "";
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (bytes) => {
      if (path.startsWith("/api/websocket")) return;
      head += bytes.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      path = (head.split(" ")[1] ?? "").replace(/^http:\/\/[^/]*/, "");
      this.heads.set(path, head.slice(0, end));
      const old = head.slice(0, head.indexOf("\r\n")).endsWith("HTTP/1.0");
      head = head.slice(end + 4);
      void this.#answer(socket, path, old);
    });
  }

  /** @param {net.Socket} socket @param {string} path @param {boolean} old */
  async #answer(socket, path, old) {
    const [name] = path.replace(/^\/(api\/)?/, "").split("?");
    const whole = (/** @type {string} */ body, fields = "") =>
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`,
      );
    if (name === "healthz" || name === "seen") return whole("ok", "Cache-Control: no-store\r\n");
    if (name === "cookie") return whole("ok", "Cache-Control: no-store\r\nSet-Cookie: truth=1\r\n");
    if (name === "count") return whole(String(++this.#count));
    if (name === "body") return whole("abcdefghij".repeat(2000), "Cache-Control: no-cache\r\n");
    if (name === "held") return undefined;
    if (name === "websocket") {
      const key = /sec-websocket-key: *(\S+)/i.exec(this.heads.get(path) ?? "")?.[1] ?? "";
      if (!/^upgrade: *websocket/im.test(this.heads.get(path) ?? "")) {
        // Said, so that a proxy asks nothing else over a connection that is about to end (RFC 9112 9.6).
        return socket.end(
          "HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        );
      }
      const accept = createHash("sha1")
        .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      this.wrote.set(path, Date.now());
      return socket.write(Buffer.from([0x81, 2, 0x68, 0x69])); // "hi"
    }
    const asks = path.includes("asks")
      ? "Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\n"
      : "Cache-Control: no-cache\r\n";
    const frame = old ? "Connection: close\r\n" : "Transfer-Encoding: chunked\r\n";
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n${asks}${frame}\r\n`);
    const write = (/** @type {string} */ text) =>
      socket.write(old ? text : `${text.length.toString(16)}\r\n${text}\r\n`);
    if (name === "large") return write(`data: ${randomBytes(32_768).toString("hex")} end\n\n`);
    const began = Date.now();
    const moments = name === "silent" ? [0] : MOMENTS_MS;
    for (const [i, moment] of moments.entries()) {
      await sleep(Math.max(0, began + moment - Date.now()));
      this.wrote.set(path, Date.now());
      write(`data: write ${i} at ${Date.now()}\n\n`);
    }
    if (name === "silent") return undefined;
    return old ? socket.end() : socket.write("0\r\n\r\n");
  }
}

/**
 * The near end: asks, and says what came when.
 *
 * @param {import("./proxies.mjs").Front} front
 * @param {string} path
 * @param {{
 *   fields?: string, tunnel?: boolean, longestMs: number, until?: RegExp,
 * }} options
 */
async function ask(front, path, { fields = "", tunnel = false, longestMs, until }) {
  const socket = net.connect(front.port, "127.0.0.1");
  socket.setNoDelay(true);
  /** @type {{ at: number, text: string }[]} */
  const parts = [];
  let end = 0;
  socket.on("error", () => undefined);
  const over = new Promise((resolve) => {
    socket
      .on("end", () => (end ||= Date.now()))
      .on("close", () => {
        end ||= Date.now();
        resolve(undefined);
      });
    socket.on("data", (bytes) => {
      parts.push({ at: Date.now(), text: bytes.toString("latin1") });
      if (until?.test(parts.map(({ text }) => text).join(""))) resolve(undefined);
    });
  });
  await Promise.race([once(socket, "connect"), over]);
  const host = front.forward ?? `127.0.0.1:${front.port}`;
  const target = front.forward !== undefined && !tunnel ? `http://${host}${path}` : path;
  if (front.forward !== undefined && tunnel) {
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    while (
      end === 0 &&
      !parts
        .map(({ text }) => text)
        .join("")
        .includes("\r\n\r\n")
    )
      await sleep(5);
    parts.length = 0;
  }
  const began = Date.now();
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: truth\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n${fields}\r\n`,
  );
  await Promise.race([over, sleep(longestMs)]);
  const text = parts.map((part) => part.text).join("");
  socket.destroy();
  return { parts, text, began, end, ended: end > 0 };
}

/**
 * What of an answer's body can be read when, where it is compressed.
 *
 * @param {Awaited<ReturnType<typeof ask>>} got
 */
async function decoded(got) {
  if (!/^content-encoding: *gzip/im.test(got.text)) return got;
  const gunzip = createGunzip();
  gunzip.on("error", () => undefined);
  let out = "";
  gunzip.setEncoding("latin1").on("data", (text) => (out += text));
  /** @type {typeof got.parts} */
  const parts = [];
  let head = "";
  let rest = Buffer.alloc(0);
  let bodyBegun = false;
  for (const part of got.parts) {
    rest = Buffer.concat([rest, Buffer.from(part.text, "latin1")]);
    if (!bodyBegun) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) continue;
      head = rest.subarray(0, end).toString("latin1");
      rest = rest.subarray(end + 4);
      bodyBegun = true;
    }
    let body = Buffer.alloc(0);
    if (/^transfer-encoding: *chunked/im.test(head)) {
      for (;;) {
        const line = rest.indexOf("\r\n");
        const size = line < 0 ? NaN : Number.parseInt(rest.subarray(0, line).toString(), 16);
        if (!(size > 0) || rest.length < line + 4 + size) break;
        body = Buffer.concat([body, rest.subarray(line + 2, line + 2 + size)]);
        rest = rest.subarray(line + 4 + size);
      }
    } else {
      [body, rest] = [rest, Buffer.alloc(0)];
    }
    if (body.length === 0) continue;
    out = "";
    await new Promise((resolve) => gunzip.write(body, resolve));
    await sleep(1);
    if (out !== "") parts.push({ at: part.at, text: out });
  }
  return { ...got, parts, text: got.text + parts.map(({ text }) => text).join("") };
}

/** How late each write came; null for one that did not. @param {Awaited<ReturnType<typeof ask>>} raw */
async function delays(raw) {
  const got = await decoded(raw);
  return MOMENTS_MS.map((_, i) => {
    const part = got.parts.find(({ text }) => text.includes(`write ${i} at `));
    const wrote = new RegExp(`write ${i} at (\\d+)`).exec(got.text)?.[1];
    return part && wrote ? part.at - Number(wrote) : null;
  });
}

/** Tries before something is said to be late: what a busy machine does once is not the proxy's. */
const TRIES = 4;

/**
 * How a stream comes through. What is late is asked again, and has to be late each time.
 *
 * @param {(number: number) => ReturnType<typeof ask>} write
 * @returns {Promise<Truth["plain"]>}
 */
async function manner(write) {
  /** @type {number[]} */
  let least = [];
  let longest = Infinity;
  for (let i = 0; i < TRIES && longest >= 120; ++i) {
    const late = await delays(await write(i));
    if (late.every((each) => each === null)) return "nothing";
    least = late.map((each, at) => Math.min(each ?? Infinity, least[at] ?? Infinity));
    longest = Math.max(...least);
    if (longest >= 1000 && i > 0) return "held";
  }
  return longest < 120 ? "as written" : "delayed";
}

/**
 * @param {(serverPort: number) => Promise<{ front: import("./proxies.mjs").Front, stop: () => Promise<void> }>} start
 * @param {number} longestS how long silence is waited for
 * @returns {Promise<Truth>}
 */
export async function truth(start, longestS) {
  const origin = await Origin.start();
  const proxy = await start(origin.port);
  const { front } = proxy;
  const longestMs = longestS * 1000;
  try {
    const upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const keep = "Connection: keep-alive\r\n";
    const short = { longestMs: 3000, fields: keep };
    const whole = { ...short, until: /\r\n\r\n.+/s };
    const tunnel = front.forward !== undefined;
    const writes = (/** @type {string} */ path) => (/** @type {number} */ number) =>
      ask(front, `${path}=${number}`, { longestMs: 5000, fields: keep });
    const [asked, plain, socket, silent, held] = await Promise.all([
      manner(writes("/api/writes?asks")),
      manner(writes("/api/writes?plain")),
      ask(front, "/api/websocket", { longestMs, fields: upgrade, tunnel }),
      ask(front, "/api/silent?asks", { longestMs, fields: keep }),
      ask(front, "/api/held", { longestMs, fields: keep }),
    ]);
    const large = await decoded(
      await ask(front, "/api/large?asks", { longestMs: 2000, fields: keep, until: / end\n\n/ }),
    );
    await ask(front, "/api/seen", { ...whole, fields: `${keep}Last-Event-ID: 7\r\n` });
    const cookie = await ask(front, "/api/cookie", {
      ...whole,
      fields: `${keep}Cookie: truth=1\r\n`,
    });
    const first = await ask(front, "/api/count", whole);
    const second = await ask(front, "/api/count", whole);
    const body = await ask(front, "/api/body", { longestMs: 1000, fields: keep });
    const head = (origin.heads.get("/api/seen") ?? "").split("\r\n");
    const names = head.slice(1).map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
    const host = front.forward ?? `127.0.0.1:${front.port}`;
    const seconds = (/** @type {typeof held} */ got, /** @type {string} */ path) =>
      got.ended ? (got.end - (origin.wrote.get(path) ?? got.began)) / 1000 : null;
    const answered = held.parts[0]?.at ?? held.end;
    const connected = socket.text.startsWith("HTTP/1.1 101");
    const body1 = (/** @type {typeof held} */ got) => got.text.split("\r\n\r\n")[1];
    return {
      asked,
      plain,
      large: asked !== "as written" || large.text.includes(" end\n\n"),
      upgrade: connected && socket.text.includes("hi"),
      cut: {
        stream: seconds(silent, "/api/silent?asks"),
        websocket: connected ? seconds(socket, "/api/websocket") : null,
        poll: answered === 0 ? null : (answered - held.began) / 1000,
      },
      version: (head[0] ?? "").split(" HTTP/")[1] ?? "",
      host: head.some((line) => line.toLowerCase() === `host: ${host}`),
      added: names.filter((each) => !ORDINARY.includes(each)).sort(),
      compressed: /^content-encoding: *(gzip|br|deflate|zstd)/im.test(body.text),
      cookie:
        /^set-cookie: *truth=1\r$/im.test(cookie.text) &&
        /^cookie: *truth=1\r?$/im.test(origin.heads.get("/api/cookie") ?? ""),
      cached: body1(first) === body1(second),
    };
  } finally {
    await proxy.stop();
    origin.stop();
  }
}
