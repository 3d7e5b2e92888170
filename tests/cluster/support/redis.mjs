import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

import { selfSigned } from "../../browser/support/certificate.mjs";
import { until } from "../../browser/support/wait.mjs";
import { freePort } from "../../deploy/support/nginx.mjs";

/** A command as Redis reads it (RESP). @param {string[]} parts */
const encoded = (parts) =>
  [`*${parts.length}`, ...parts.flatMap((part) => [`$${Buffer.byteLength(part)}`, part]), ""].join(
    "\r\n",
  );

/**
 * One command, and what comes back within a moment, as it is on the wire.
 *
 * @param {number} port @param {string[]} command
 * @returns {Promise<string>}
 */
export function redisSays(port, ...command) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(encoded(command)));
    socket.setTimeout(3000, () => socket.destroy(new Error(`no answer to ${command.join(" ")}`)));
    socket.on("data", (bytes) => {
      resolve(String(bytes));
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("it ended the connection")));
  });
}

/**
 * Makes a certificate that nobody has signed but itself. @param {string} folder
 * @param {string} [names] of whom
 */
export function makeCertificate(folder, names = "DNS:localhost,IP:127.0.0.1") {
  const { certificate, key } = selfSigned(folder, names);
  return {
    certificate,
    /** Redis's lines for TLS at a port, beside the one without. @param {number} port */
    lines: (port) => [
      ...[`tls-port ${port}`, `tls-cert-file ${certificate}`, `tls-key-file ${key}`],
      ...[`tls-ca-cert-file ${certificate}`, "tls-auth-clients no", "tls-replication yes"],
    ],
    /** For a server: what a system trusts can be another file for one process. */
    trusted: { env: { SSL_CERT_FILE: certificate } },
  };
}

/** A Redis server, or a Sentinel, as a process of its own. */
export class Redis {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;
  #folder = mkdtempSync(path.join(os.tmpdir(), "redis-"));
  port = 0;
  /** @type {string[]} */
  #lines = [];
  #sentinel = false;

  /** @param {{ port?: number, lines?: string[], sentinel?: boolean }} [options] lines of its configuration */
  static async start({ port, lines = [], sentinel = false } = {}) {
    const redis = new Redis();
    redis.port = port ?? (await freePort());
    redis.#lines = lines;
    redis.#sentinel = sentinel;
    await redis.begin();
    return redis;
  }

  get address() {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, again at the same port. */
  async begin() {
    const file = path.join(this.#folder, "redis.conf");
    const own = [`port ${this.port}`, "bind 127.0.0.1", `dir ${this.#folder}`];
    const lines = this.#sentinel ? [...own, ...this.#lines] : [...own, 'save ""', ...this.#lines];
    writeFileSync(file, `${lines.join("\n")}\n`);
    let said = "";
    const child = spawn("redis-server", [file, ...(this.#sentinel ? ["--sentinel"] : [])], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part) => (said += part));
    }
    child.on("error", (error) => (said += error.message));
    this.#process = child;
    await until(
      "Redis to answer",
      async () => {
        if (child.exitCode !== null || child.pid === undefined) throw new Error(said);
        return /^(\+PONG|-NOAUTH)/.test(await redisSays(this.port, "PING"));
      },
      { everyMs: 20, detail: () => said },
    );
  }

  /** @param {string[]} command */
  says(...command) {
    return redisSays(this.port, ...command);
  }

  pause() {
    this.#process?.kill("SIGSTOP");
  }

  resume() {
    this.#process?.kill("SIGCONT");
  }

  async kill() {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
  }

  async stop() {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
