import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { until } from "./wait.mjs";

const artifacts = new URL("../artifacts/", import.meta.url);

/** The small browser that comes with WebKitGTK. */
async function miniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  for (const folder of await readdir("/usr/lib")) {
    const within = await readdir(join("/usr/lib", folder)).catch(() => []);
    const webkit = within.find((name) => name.startsWith("webkit2gtk-4"));
    if (webkit) return join("/usr/lib", folder, webkit, "MiniBrowser");
  }
  throw new Error("no WebKitGTK is installed: tools/install-packages.sh test");
}

/** The first script of a page, for WebDriver does not tell what goes wrong there. */
const WATCH = `
  globalThis.problems = [];
  const note = (text) => globalThis.problems.push(text);
  addEventListener("error", ({ message, target }) => note(message ?? "not loaded: " + (target.src ?? target.href)), true);
  addEventListener("unhandledrejection", ({ reason }) => note("rejected: " + reason));
  addEventListener("securitypolicyviolation", (event) => note(event.violatedDirective + " forbids " + event.blockedURI));
  for (const kind of ["error", "warn", "info", "log", "debug"]) {
    const write = console[kind];
    console[kind] = (...given) => {
      note("console." + kind + ": " + given.join(" "));
      write.apply(console, given);
    };
  }
`;

/**
 * A copy of a folder whose pages note what goes wrong on them, for `problems`.
 * @param {string} folder
 * @param {string[]} pages
 * @param {string} [before] what their first script does besides
 */
export async function watched(folder, pages, before = "") {
  const copy = await mkdtemp(join(tmpdir(), "playground-webkit-"));
  await cp(folder, copy, { recursive: true });
  for (const page of pages) {
    const html = await readFile(join(copy, page), "utf8");
    if (!html.includes("<title>")) throw new Error(`${page} has no <title>`);
    await writeFile(
      join(copy, page),
      html.replace("<title>", '<script src="watch.js"></script><title>'),
    );
  }
  await writeFile(join(copy, "watch.js"), WATCH + before);
  return copy;
}

/** WebKitGTK on a screen of its own, over WebDriver (W3C). */
export class WebKit {
  #children = /** @type {import("node:child_process").ChildProcess[]} */ ([]);
  #output = "";
  #driver = "";
  #session = "";

  static async launch() {
    const webkit = new WebKit();
    try {
      await webkit.#begin();
    } catch (error) {
      await webkit.close();
      throw error;
    }
    return webkit;
  }

  async #begin() {
    const screen = this.#spawn("Xvfb", [
      ...["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
    ]);
    let display = "";
    screen.stdio[3]?.on("data", (data) => (display += data));
    await this.#until("Xvfb to have a display", () => /^\d+\n/.test(display));
    const port = await freePort();
    this.#spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
      DISPLAY: `:${display.trim()}`,
      GDK_BACKEND: "x11",
      // As root there is no sandbox to be had, as in Chromium.
      ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {}),
    });
    this.#driver = `http://127.0.0.1:${port}`;
    await this.#until("WebKitWebDriver", async () => (await fetch(`${this.#driver}/status`)).ok);
    const options = { binary: await miniBrowser(), args: ["--automation"] };
    const { sessionId } = await this.#command("POST", "/session", {
      capabilities: {
        alwaysMatch: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options },
      },
    });
    this.#session = `/session/${sessionId}`;
    await this.#command("POST", `${this.#session}/timeouts`, { script: 60_000 });
  }

  /** @param {string} url */
  async goto(url) {
    await this.#command("POST", `${this.#session}/url`, { url });
  }

  /**
   * Calls a function in the page, and awaits what it answers.
   * @template T
   * @template {unknown[]} A
   * @param {(...given: A) => T | Promise<T>} what
   * @param {A} given
   * @returns {Promise<T>}
   */
  async evaluate(what, ...given) {
    const script = `
      const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${String(what)})(...arguments[0])).then(
        (value) => done({ value }),
        (error) => done({ error: String(error) }),
      );`;
    const answer = await this.#command("POST", `${this.#session}/execute/async`, {
      script,
      args: [given],
    });
    if (answer.error !== undefined) throw new Error(`in the page: ${answer.error}`);
    return answer.value;
  }

  /** What has gone wrong on the page, which is a `watched` one. */
  async problems() {
    return this.evaluate(() => /** @type {{ problems?: string[] }} */ (globalThis).problems);
  }

  /** Clicks as a reader does. @param {string} selector */
  async click(selector) {
    const element = await this.#command("POST", `${this.#session}/element`, {
      using: "css selector",
      value: selector,
    });
    await this.#click(element);
  }

  /**
   * Clicks what a function finds in the page, in a shadow tree as well; answers whether it found any.
   * @template {unknown[]} A
   * @param {(...given: A) => Element | null | undefined} find
   * @param {A} given
   */
  async press(find, ...given) {
    const element = await this.#command("POST", `${this.#session}/execute/sync`, {
      script: `return (${String(find)})(...arguments);`,
      args: given,
    });
    if (element) await this.#click(element);
    return element !== null;
  }

  /** @param {Record<string, string>} element by its WebDriver id */
  async #click(element) {
    const [id] = Object.values(element);
    await this.#command("POST", `${this.#session}/element/${id}/click`, {});
  }

  /** @param {string} name */
  async screenshot(name) {
    const picture = await this.#command("GET", `${this.#session}/screenshot`);
    await mkdir(artifacts, { recursive: true });
    const file = fileURLToPath(new URL(`${name.replace(/[^A-Za-z0-9]+/g, "-")}.png`, artifacts));
    await writeFile(file, Buffer.from(picture, "base64"));
  }

  async close() {
    if (this.#session) await this.#command("DELETE", this.#session).catch(() => undefined);
    for (const child of this.#children.reverse()) {
      if (child.pid === undefined || child.exitCode !== null) continue;
      const exit = once(child, "exit");
      child.kill();
      await exit;
    }
  }

  /** @param {string} program @param {string[]} options @param {Record<string, string>} [env] */
  #spawn(program, options, env = {}) {
    const child = spawn(program, options, {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    child.on("error", (error) => (this.#output += `${error}: tools/install-packages.sh test`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data) => (this.#output += data));
    }
    this.#children.push(child);
    return child;
  }

  /** @param {string} what @param {() => unknown} condition */
  async #until(what, condition) {
    await until(what, async () => Boolean(await condition()), { detail: () => this.#output });
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async #command(method, path, body) {
    const answer = await fetch(`${this.#driver}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}, ${value.message}`);
    return value;
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
