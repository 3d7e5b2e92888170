import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { until } from "./wait.mjs";

const root = new URL("../../../", import.meta.url);
const program =
  process.env.PLAYGROUND_SERVER ?? fileURLToPath(new URL("build/native/playground_server", root));
const page = process.env.PLAYGROUND_WEB ?? fileURLToPath(new URL("web/dist", root));

/** The real server with the real page, as a process of its own. */
export class PlaygroundServer {
  static program = program;
  static page = page;

  /** @type {import("node:child_process").ChildProcess} */
  #process;
  #output = "";
  port = 0;
  host = "localhost";

  /** @param {import("node:child_process").ChildProcess} child */
  constructor(child) {
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => (this.#output += text));
    }
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param {{ host?: string, port?: number, web?: string | null, args?: string[],
   *   env?: Record<string, string> }} [options] port 0 is one that is free, `web` null is no page,
   *   `env` is added to this process's
   */
  static async start({ host, port = 0, web = page, args = [], env = {} } = {}) {
    if (!existsSync(program)) throw new Error(`${program} is not built: run \`make build\``);
    const files = web === null ? [] : ["--web", web];
    const address = host === undefined ? [] : ["--host", host];
    const child = spawn(program, ["--port", String(port), ...address, ...files, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    return PlaygroundServer.watch(child, host);
  }

  /**
   * One that was started otherwise, once it answers.
   *
   * @param {import("node:child_process").ChildProcess} child @param {string} [host]
   */
  static async watch(child, host) {
    const server = new PlaygroundServer(child);
    server.host = host ?? server.host;
    try {
      server.port = await until(
        "the server to print its address",
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
          const address = /http:\/\/[^\s/]+:(\d+)/.exec(server.#output);
          return address && Number(address[1]);
        },
        { everyMs: 10, detail: () => server.#output },
      );
      await until(
        "the server to answer /healthz",
        async () => (await fetch(`${server.origin}/healthz`)).ok,
        { everyMs: 10, detail: () => server.#output },
      );
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
    return server;
  }

  /** What it has printed. */
  get output() {
    return this.#output;
  }

  get origin() {
    return `http://${this.host}:${this.port}`;
  }

  /** Every port it listens on: the one it was asked for, and those of the lanes. */
  async ports() {
    const answer = await fetch(`${this.origin}/api/config`);
    const config = /** @type {{ lane_ports?: number[] }} */ (await answer.json());
    return [this.port, ...(config.lane_ports ?? [])];
  }

  /** Connections that are established now, on all its ports, as the kernel counts them. */
  async connections() {
    const ports = new Set(await this.ports());
    let count = 0;
    for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
      if (!existsSync(table)) continue;
      for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
        const [, local, , state] = line.trim().split(/\s+/);
        const port = Number.parseInt(local?.split(":")[1] ?? "", 16);
        if (state === "01" && ports.has(port)) count += 1;
      }
    }
    return count;
  }

  /** SIGSTOP and SIGCONT. @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#process.kill(signal);
  }

  /**
   * @param {NodeJS.Signals} [signal]
   * @returns {Promise<number | null>} its exit status; null where a signal ended it
   */
  async stop(signal = "SIGTERM") {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), 5000);
      await exit;
      clearTimeout(late);
    }
    return child.exitCode;
  }
}
