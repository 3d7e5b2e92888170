import { randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";

const deadlineMs = 10000;

/**
 * @typedef {https.RequestOptions} Front where requests go: `socketPath` and perhaps `ca`, with
 *   which it is https
 */

/** @param {Front} front */
const protocol = (front) => (front.ca ? https : http);

/** What comes over one connection, in order, and how it ends. */
export class Reception {
  text = "";
  /** @type {"" | "whole" | "cut"} */
  ended = "";
  status = 0;
  /** @type {http.IncomingHttpHeaders} */
  headers = {};
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {Partial<Pick<Reception, "ended" | "status" | "headers">> & { bytes?: unknown }} what */
  take({ bytes = "", ...rest }) {
    this.text += String(bytes);
    Object.assign(this, rest);
    for (const check of [...this.#waiting]) check();
  }

  /**
   * Waits until `condition` holds.
   *
   * @param {string} what @param {() => boolean} condition
   */
  until(what, condition) {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const timer = setTimeout(() => {
        finish();
        const { status, ended, text } = this;
        reject(new Error(`waited in vain for ${what}: ${JSON.stringify({ status, ended, text })}`));
      }, deadlineMs);
      const check = () => {
        if (!condition()) return;
        finish();
        resolve(undefined);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** @param {string} part */
  has(part) {
    return this.until(part, () => this.text.includes(part));
  }

  end() {
    return this.until("the end", () => this.ended !== "");
  }
}

/** A GET whose answer is read as it comes; `ended` is "whole" where the answer was. */
export class Stream extends Reception {
  #request;

  /** @param {Front} front @param {string} path */
  constructor(front, path) {
    super();
    this.#request = protocol(front).get({ ...front, path, agent: false }, (response) => {
      this.take({ status: response.statusCode ?? 0, headers: response.headers });
      response.setEncoding("utf8").on("data", (bytes) => this.take({ bytes }));
      response.on("error", () => undefined); // "close" follows
      response.on("close", () => this.take({ ended: response.complete ? "whole" : "cut" }));
    });
    this.#request.on("error", () => this.take({ ended: "cut" }));
  }

  close() {
    this.#request.destroy();
  }
}

/**
 * One request and its whole answer.
 *
 * @param {Front} front @param {string} path
 * @param {{ method?: string, body?: string, headers?: http.OutgoingHttpHeaders }} [options]
 * @returns {Promise<{ status: number, text: string, headers: http.IncomingHttpHeaders }>}
 */
export function ask(front, path, { method = "GET", body = "", headers: sent = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = protocol(front).request(
      { ...front, path, method, headers: sent, agent: false, timeout: deadlineMs },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        const { statusCode: status = 0, headers } = response;
        response.on("end", () => resolve({ status, text, headers }));
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.end(body);
  });
}

/**
 * A channel's path, at a server that is reached under a prefix such as "/playground".
 *
 * @param {Front} front @param {object} scenario @param {string} [prefix]
 */
export async function createChannel(front, scenario, prefix = "") {
  const { text } = await ask(front, `${prefix}/api/channels`, {
    method: "POST",
    body: JSON.stringify(scenario),
  });
  const { id } = /** @type {{ id: string }} */ (JSON.parse(text));
  return `${prefix}/api/channels/${id}`;
}

/** A channel that publishes one message and then nothing by itself: quiet is what is looked for. */
export const quiet = { rate: 5000, count: 1 };

/**
 * A WebSocket, as far as these tests need one: its text frames, each on a line, are its text, and it
 * ends "whole" with a Close frame. A handshake that is refused leaves the status.
 */
export class WebSocketClient extends Reception {
  /** @type {import("node:stream").Duplex | undefined} */
  #socket;

  /** @param {Front} front @param {string} path */
  constructor(front, path) {
    super();
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    };
    const request = protocol(front).request({ ...front, path, headers, agent: false });
    request.on("response", (response) => {
      response.resume();
      const { statusCode: status = 0, headers } = response;
      this.take({ status, headers, ended: "cut" });
    });
    request.on("upgrade", (response, socket, first) => {
      this.#socket = socket;
      let bytes = first;
      const read = () => {
        let frame;
        while ((frame = frontFrame(bytes))) {
          bytes = bytes.subarray(frame.end);
          if (frame.opcode === 1) this.take({ bytes: `${frame.payload}\n` });
          if (frame.opcode === 8) this.take({ ended: "whole" });
        }
      };
      this.take({ status: response.statusCode ?? 0, headers: response.headers });
      socket.on("data", (more) => {
        bytes = Buffer.concat([bytes, more]);
        read();
      });
      socket.on("error", () => undefined); // "close" follows
      socket.on("close", () => this.take({ ended: this.ended || "cut" }));
      read();
    });
    request.on("error", () => this.take({ ended: "cut" }));
    request.end();
  }

  /** @param {string} text at most 125 bytes */
  send(text) {
    this.#socket?.write(textFrame(text));
  }

  close() {
    this.#socket?.destroy();
  }
}

/** A client's text frame (RFC 6455 5.2). @param {string} text at most 125 bytes */
export function textFrame(text) {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const masked = payload.map((byte, i) => byte ^ Number(mask[i % 4]));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, masked]);
}

/**
 * The frame that `bytes` begin with (RFC 6455 5.2; a server's, so not masked), once it is whole.
 *
 * @param {Buffer} bytes
 */
function frontFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1);
  if (short === 127) throw new Error("a frame of more than 64 KiB");
  const begin = short === 126 ? 4 : 2;
  if (bytes.length < begin) return undefined;
  const end = begin + (short === 126 ? bytes.readUInt16BE(2) : short);
  if (bytes.length < end) return undefined;
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: bytes.toString("utf8", begin, end), end };
}
