import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { PlaygroundServer } from "../../browser/support/playground_server.mjs";
import { until } from "../../browser/support/wait.mjs";

export const examples = fileURLToPath(new URL("../../../deploy/nginx/", import.meta.url));

/** @param {string} name @param {string} text @param {string} from @param {string} to */
function replaced(name, text, from, to) {
  if (!text.includes(from)) throw new Error(`${name} has no \`${from}\``);
  return text.replaceAll(from, to);
}

/** A TCP port of 127.0.0.1 that nobody has now. */
export async function freePort() {
  const server = net.createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** @param {string | number} address a socket's path, or a port of 127.0.0.1 */
function connects(address) {
  return new Promise((resolve) => {
    const socket =
      typeof address === "number" ? net.connect(address, "127.0.0.1") : net.connect(address);
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/**
 * The real nginx with one of the examples. The file is used as it is, but for its addresses: each
 * `listen N` becomes a socket N in a folder of this run, so that no port has to be free, and
 * 127.0.0.1:8088 becomes the server under test.
 */
export class Nginx {
  /** @type {import("node:child_process").ChildProcess} */
  #process;
  #folder;
  /** @type {Map<string, string | number>} */
  #addresses = new Map();

  /** @param {import("node:child_process").ChildProcess} child @param {string} folder */
  constructor(child, folder) {
    this.#process = child;
    this.#folder = folder;
  }

  /**
   * @param {string} example a file of deploy/nginx/
   * @param {number} serverPort
   * @param {{ replace?: Record<string, string>, files?: string[], tcp?: boolean }} [options]
   *   `replace`: further text of the example, such as a time that is too long for a test, and what
   *   takes its place; `files` are copied to where the example is; `tcp`: it listens on a port of
   *   127.0.0.1 that is free, for a browser
   */
  static async start(example, serverPort, { replace = {}, files = [], tcp = false } = {}) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "nginx-"));
    let text = readFileSync(path.join(examples, example), "utf8");
    const changes = { ...replace, "127.0.0.1:8088": `127.0.0.1:${serverPort}` };
    for (const [from, to] of Object.entries(changes)) text = replaced(example, text, from, to);
    const addresses = /** @type {Map<string, string | number>} */ (new Map());
    for (const [, port] of [...text.matchAll(/^\s*listen (\d+)/gm)]) {
      const address = tcp ? await freePort() : `${folder}/${port}`;
      addresses.set(String(port), address);
      const listen = tcp ? `127.0.0.1:${address}` : `unix:${address}`;
      text = replaced(example, text, `listen ${port}`, `listen ${listen}`);
    }
    writeFileSync(path.join(folder, example), text);
    for (const file of [path.join(examples, "run_in_place.conf"), ...files]) {
      cpSync(file, path.join(folder, path.basename(file)));
    }

    const oneProcess = "master_process off;"; // which leaves none behind
    const child = spawn(
      "nginx",
      ["-e", "stderr", "-p", `${folder}/`, "-c", path.join(folder, example), "-g", oneProcess],
      {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, // on Debian not everyone's
      },
    );
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (part) => (said += part));
    child.on("error", (error) => (said += error.message));
    const nginx = new Nginx(child, folder);
    nginx.#addresses = addresses;
    try {
      for (const [port, address] of addresses) {
        await until(
          `nginx to listen (${example}, ${port})`,
          () => {
            if (child.exitCode !== null || child.pid === undefined) throw new Error(said);
            return connects(address);
          },
          { everyMs: 10, timeoutMs: 10000, detail: () => said },
        );
      }
    } catch (error) {
      await nginx.stop();
      throw error;
    }
    return nginx;
  }

  /** The socket's path. @param {number | string} port as the example names it */
  socket(port) {
    return path.join(this.#folder, String(port));
  }

  /** What it listens on with `tcp`. @param {number} port as the example names it */
  port(port) {
    return Number(this.#addresses.get(String(port)));
  }

  async stop() {
    const child = this.#process;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * The playground server behind one of the examples, for as long as the test.
 *
 * @param {import("node:test").TestContext} t
 * @param {string} example
 * @param {Parameters<typeof Nginx.start>[2] & { args?: string[], web?: string | null }} [options] `args` of the
 *   server, and `web`, the folder of its page
 */
export async function behindNginx(t, example, { args = [], web = null, ...options } = {}) {
  const server = await PlaygroundServer.start({ args: ["--lane-ports", "0", ...args], web });
  t.after(() => server.stop("SIGKILL"));
  const nginx = await Nginx.start(example, server.port, options);
  t.after(() => nginx.stop());
  return { server, nginx };
}
