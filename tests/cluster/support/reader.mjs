import http from "node:http";

import { WebSocketClient } from "../../deploy/support/client.mjs";

/** @typedef {"sse" | "stream" | "websocket" | "poll" | "long-poll"} Transport */
/** @type {Transport[]} */
export const transports = ["sse", "stream", "websocket", "poll", "long-poll"];

const pauseMs = 60;

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What all readers have got under a number, so that one of them gets nothing else under it. */
export class Truth {
  /** @type {Map<string, string>} */
  #messages = new Map();
  /** @type {string[]} */
  problems = [];

  /** @param {string} epoch @param {{ seq: number, sent_us: number, payload: string }} message */
  take(epoch, { seq, sent_us: sentUs, payload }) {
    const key = `${seq}-${epoch}`;
    const text = `${sentUs} ${payload}`;
    const before = this.#messages.get(key);
    if (before === undefined) this.#messages.set(key, text);
    else if (before !== text) this.problems.push(`${key} is "${text}" and was "${before}"`);
  }
}

/**
 * Follows a channel over one transport, at one server after another: at each end of a stream it
 * goes to the next, and resumes where it was.
 */
export class Reader {
  #stopped = false;
  #at;
  #truth;
  #servers;
  /** @type {(() => void) | undefined} */
  #cut;
  epoch = "";
  last = 0;
  got = 0;
  connections = 0;
  /** Messages that it was told it will not get, of an epoch it was in. */
  lost = 0;
  epochs = 0;
  /** The longest time between two messages, in milliseconds. */
  longestGapMs = 0;
  #gotMs = 0;
  /** @type {string[]} */
  problems = [];
  /** What it was told may be wrong with what it reads. @type {string[]} */
  troubles = [];

  /**
   * @param {{ port: number }[]} servers @param {number} at which of them is first
   * @param {string} path the channel's @param {Transport} transport @param {Truth} truth
   */
  constructor(servers, at, path, transport, truth) {
    this.#servers = servers;
    this.#at = at;
    this.path = path;
    this.transport = transport;
    this.#truth = truth;
    this.done = this.#follow();
  }

  get #cursor() {
    return this.epoch === "" ? "" : `${this.last}-${this.epoch}`;
  }

  async #follow() {
    while (!this.#stopped) {
      const port = this.#servers[this.#at++ % this.#servers.length]?.port ?? 0;
      this.connections += 1;
      const polls = this.transport === "poll" || this.transport === "long-poll";
      await (polls ? this.#poll(port) : this.#stream(port));
      if (!this.#stopped) await sleep(pauseMs);
    }
  }

  /** @param {string} epoch */
  #enter(epoch) {
    if (epoch === this.epoch) return;
    this.epochs += 1;
    this.epoch = epoch;
    this.last = -1; // the first one it gets is the next
  }

  /** @param {{ seq: number, sent_us: number, payload: string }} message */
  #take(message) {
    const { seq } = message;
    this.#truth.take(this.epoch, message);
    if (this.last >= 0 && seq !== this.last + 1) {
      this.problems.push(`${this.transport}: ${seq} after ${this.last} in ${this.epoch}`);
    }
    const now = performance.now();
    if (this.#gotMs > 0) this.longestGapMs = Math.max(this.longestGapMs, now - this.#gotMs);
    this.#gotMs = now;
    this.last = seq;
    this.got += 1;
  }

  /** @param {{ first: number, last: number }} reset */
  #reset({ first }) {
    if (this.last >= 0) this.lost += Math.max(0, first - this.last - 1);
    this.last = first - 1;
  }

  /** @param {string} json */
  #record(json) {
    const record = JSON.parse(json);
    if (record.greeting) this.#enter(record.greeting.epoch);
    else if (record.reset) this.#reset(record.reset);
    else if (record.seq) this.#take(record);
    else if (record.heartbeat?.trouble) this.troubles.push(record.heartbeat.trouble);
  }

  /** @param {number} port */
  #stream(port) {
    const host = "127.0.0.1";
    const query = this.transport === "sse" ? "" : `?after=${this.#cursor}`;
    const path = `${this.path}/${this.transport}${query}`;
    if (this.transport === "websocket") return this.#webSocket({ host, port }, path);
    /** @type {http.OutgoingHttpHeaders} */
    const headers = {};
    if (this.transport === "sse" && this.epoch !== "") headers["Last-Event-ID"] = this.#cursor;
    return new Promise((/** @type {(none?: undefined) => void} */ resolve) => {
      const request = http.get({ host, port, path, headers, agent: false }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          return;
        }
        let rest = "";
        response.setEncoding("utf8").on("data", (part) => {
          const lines = (rest + part).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) {
            const text = this.transport === "sse" ? (/^data: (.*)$/.exec(line)?.[1] ?? "") : line;
            if (text !== "") this.#record(text);
          }
        });
        response.on("error", () => undefined);
      });
      request.on("error", () => undefined);
      request.on("close", () => resolve());
      this.#cut = () => request.destroy();
    });
  }

  /** @param {import("../../deploy/support/client.mjs").Front} front @param {string} path */
  async #webSocket(front, path) {
    const socket = new WebSocketClient(front, path);
    let read = 0;
    this.#cut = () => socket.close();
    while (socket.ended === "" && !this.#stopped) {
      await sleep(10);
      const end = socket.text.lastIndexOf("\n") + 1;
      for (const line of socket.text.slice(read, end).split("\n")) if (line) this.#record(line);
      read = end;
    }
    socket.close();
  }

  /** @param {number} port */
  async #poll(port) {
    const query = `after=${this.#cursor}${this.transport === "poll" ? "" : "&timeout=2"}`;
    try {
      const stop = new AbortController();
      this.#cut = () => stop.abort();
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(6000)]);
      const answer = await fetch(
        `http://127.0.0.1:${port}${this.path}/${this.transport}?${query}`,
        {
          signal,
        },
      );
      if (!answer.ok) return;
      const batch = await answer.json();
      this.#enter(batch.epoch);
      if (batch.reset) this.#reset(batch.reset);
      for (const message of batch.messages) this.#take(message);
      if (batch.messages.length === 0 && this.last < 0) this.last = batch.last;
    } catch {
      // the next server
    }
  }

  async stop() {
    this.#stopped = true;
    this.#cut?.();
    await this.done;
  }
}
