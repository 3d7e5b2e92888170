import assert from "node:assert/strict";

import { PlaygroundServer } from "../../browser/support/playground_server.mjs";
import { until } from "../../browser/support/wait.mjs";
import { Reader, transports } from "./reader.mjs";

/** @typedef {import("./reader.mjs").Truth} Truth */
/** @typedef {{ env?: Record<string, string>, args?: string[] }} Options */

/** A server at a port that it keeps when it is started again. */
export class Server {
  /** @type {PlaygroundServer | undefined} */
  #running;
  port = 0;

  /** @param {string} redis where it is @param {Options} [options] */
  constructor(redis, { env = {}, args = [] } = {}) {
    this.redis = redis;
    this.env = env;
    this.args = args;
  }

  async start() {
    this.#running = await PlaygroundServer.start({
      host: "127.0.0.1",
      port: this.port,
      web: null,
      args: ["--lane-ports", "0", "--redis", this.redis, ...this.args],
      env: this.env,
    });
    this.port = this.#running.port;
    return this;
  }

  /** @param {NodeJS.Signals} [signal] */
  async stop(signal) {
    await this.#running?.stop(signal);
  }

  pause() {
    this.#running?.signal("SIGSTOP");
  }

  resume() {
    this.#running?.signal("SIGCONT");
  }

  get output() {
    return this.#running?.output ?? "";
  }

  /** @param {string} path @param {RequestInit} [options] */
  async ask(path, options) {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      ...options,
      signal: AbortSignal.timeout(10000),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** @param {string} name @param {object} scenario */
  async begin(name, scenario) {
    const path = `/api/channels/${name}`;
    const { status, text } = await this.ask(path, {
      method: "PUT",
      body: JSON.stringify(scenario),
    });
    assert.equal(status, 201, text);
    return path;
  }

  /** @param {string} path @param {string} text */
  publish(path, text) {
    return this.ask(`${path}/messages`, { method: "POST", body: text });
  }

  /** @param {string} path */
  async lastOf(path) {
    const { text } = await this.ask(`${path}/poll?after=999999999`);
    return JSON.parse(text).last;
  }

  /** Until /healthz says it; all that it says. @param {RegExp} what */
  async saying(what) {
    let said = "";
    await until(
      `/healthz to say ${what}`,
      async () => what.test((said = (await this.ask("/healthz")).text)),
      { detail: () => said },
    );
    return said;
  }

  /** Until it is connected again. */
  healthy() {
    return this.saying(/^ok$/);
  }
}

/** @param {string} redis @param {number} [count] @param {Options} [options] */
export const servers = (redis, count = 2, options = {}) =>
  Promise.all(Array.from({ length: count }, () => new Server(redis, options).start()));

/** @param {Reader[]} readers */
export function everythingOnce(readers) {
  for (const reader of readers) {
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.lost, 0, `${reader.transport} lost messages that the log had`);
  }
}

/** Waits until all readers have got the channel's last message. @param {Reader[]} readers @param {number} last */
export const allAt = (readers, last) =>
  until(`all readers at ${last}`, () => readers.every((reader) => reader.last === last), {
    timeoutMs: 20000,
    detail: () =>
      readers.map(({ transport, last, epoch }) => ({
        transport,
        last,
        epoch,
      })),
  });

/** @param {Server[]} all @param {string} path @param {number} count @param {Truth} truth */
export const readersOf = (all, path, count, truth) =>
  Array.from({ length: count }, (_, i) => {
    const transport = transports[i % transports.length] ?? "sse";
    return new Reader(all, Math.floor(i / transports.length), path, transport, truth);
  });
