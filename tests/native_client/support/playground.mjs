import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const program =
  process.env.PLAYGROUND ??
  fileURLToPath(new URL("../../../build/native/playground", import.meta.url));

/** Nothing that is tested takes so long. */
const deadlineMs = 60000;

/**
 * One line of `--json`.
 *
 * @typedef {{ what: string, [member: string]: any }} Entry
 */

/** The program while it runs. */
export class Playground {
  stdout = "";
  stderr = "";
  /** @type {Promise<number | null>} its exit status; null where a signal ended it */
  ended;
  #child;

  /** @param {string[]} args @param {NodeJS.ProcessEnv} [env] besides PATH */
  constructor(args, env = {}) {
    if (!existsSync(program)) throw new Error(`${program} is not built: run \`make native\``);
    this.#child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, ...env },
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), deadlineMs);
    this.ended = once(this.#child, "close").then(([status]) => {
      clearTimeout(timer);
      return status;
    });
  }

  /** @param {NodeJS.Signals} name */
  signal(name) {
    this.#child.kill(name);
  }

  /** As `head` does. */
  closeStdout() {
    this.#child.stdout.destroy();
  }

  /** @returns {Entry[]} */
  get entries() {
    return this.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** Those of one kind. @param {string} what */
  all(what) {
    return this.entries.filter((each) => each.what === what);
  }
}

/**
 * Runs it to its end.
 *
 * @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 */
export async function playground(args, env) {
  const running = new Playground(args, env);
  const status = await running.ended;
  return { status, running, stdout: running.stdout, stderr: running.stderr };
}

/**
 * `playground watch --json`, to its end.
 *
 * @param {string} url @param {string[]} [args] @param {NodeJS.ProcessEnv} [env]
 */
export function watch(url, args = [], env = {}) {
  return playground(["watch", url, "--json", ...args], env);
}
