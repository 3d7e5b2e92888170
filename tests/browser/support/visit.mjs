import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { until } from "./wait.mjs";

/** @typedef {import("../../../web/src/contract/core-module.ts").Snapshot} Snapshot */
/** @typedef {import("../../../web/src/contract/core-module.ts").LaneSnapshot} LaneSnapshot */
/**
 * What the tests use of the element.
 * @typedef {HTMLElement & {
 *   state: string, snapshot: Snapshot | null, start(): Promise<void>, stop(): void,
 *   drawings(): Promise<HTMLCanvasElement[]>
 * }} TransportPlayground
 */

const artifacts = new URL("../artifacts/", import.meta.url);

/** A page that is open in a browser, and what went wrong on it. */
export class Visit {
  /** Errors on its console, exceptions nobody caught, and breaches of its content security policy. */
  problems = /** @type {string[]} */ ([]);

  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.problems.push(`console: ${message.text()} ${message.location().url ?? ""}`.trim());
      }
    });
    page.on("pageerror", (error) => this.problems.push(`exception: ${String(error)}`));
  }

  /**
   * @param {import("puppeteer-core").Browser} browser
   * @param {string} url
   * @param {{ width?: number, height?: number, coreInReach?: boolean }} [options] `coreInReach`:
   *     on the page's own thread where the browser's driver has no way into a worker
   */
  static async open(browser, url, { width = 1280, height = 900, coreInReach = false } = {}) {
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    const visit = new Visit(page);
    await page.evaluateOnNewDocument(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
      });
    });
    if (coreInReach && /firefox/i.test(await browser.version())) {
      await page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, "Worker"));
    }
    await page.goto(url, { waitUntil: "load" });
    return visit;
  }

  /** Waits for the element to be on the page and defined, and counts its runs from then on. */
  async element() {
    await until("<transport-playground> to be defined", () =>
      this.page.evaluate(
        () => document.querySelector("transport-playground")?.matches(":defined") ?? false,
      ),
    );
    await this.page.evaluate(() => {
      const element = document.querySelector("transport-playground");
      element?.addEventListener("playground-start", () => {
        element.setAttribute("data-runs", String(Number(element.getAttribute("data-runs")) + 1));
      });
    });
    return this;
  }

  /** Waits for every element's files to be there, where it is to fetch them unasked. */
  async widget() {
    await until("the widgets", () =>
      this.page.$$eval("transport-playground", (elements) =>
        elements.every((element) => element.shadowRoot?.querySelector("canvas")),
      ),
    );
    return this;
  }

  /** Runs that began since `element()`. */
  async runs() {
    return this.page.$eval("transport-playground", (element) =>
      Number(element.getAttribute("data-runs")),
    );
  }

  /**
   * Sets attributes of the element; null removes one.
   * @param {Record<string, string | number | null>} attributes
   */
  async set(attributes) {
    await this.page.evaluate((wanted) => {
      const element = /** @type {Element} */ (document.querySelector("transport-playground"));
      for (const [name, value] of Object.entries(wanted)) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, String(value));
      }
    }, attributes);
  }

  /**
   * Runs a function where the core runs; the visit was opened with `coreInReach`.
   * @param {() => void} what
   */
  async inCore(what) {
    await (this.page.workers()[0] ?? this.page).evaluate(what);
  }

  /**
   * What a lane shows, a PNG in base64. It is taken as the reader sees it: to read a canvas that a
   * worker paints keeps Firefox waiting for ten seconds, now and then, and then it is empty.
   * @param {number} [lane]
   */
  async picture(lane = 0) {
    const canvases = await this.page.$$("transport-playground >>> canvas");
    const canvas = canvases[lane];
    if (!canvas) throw new Error(`there is no lane ${lane}`);
    const png = await canvas.screenshot({ encoding: "base64" });
    for (const each of canvases) await each.dispose();
    return png;
  }

  /**
   * How many colours a picture has, and how many pixels of a lane's colour in each quarter of it,
   * from left to right.
   * @param {string} picture
   */
  async ink(picture) {
    return this.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      const quarters = [0, 0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const rgb = [...data.subarray(at, at + 3)];
        const quarter = Math.floor((4 * ((at / 4) % width)) / width);
        if (Math.max(...rgb) - Math.min(...rgb) > 60)
          quarters[quarter] = (quarters[quarter] ?? 0) + 1;
      }
      return { colours: new Set(new Uint32Array(data.buffer)).size, quarters };
    }, picture);
  }

  async start() {
    await this.page.evaluate(() => {
      const element = /** @type {TransportPlayground} */ (
        document.querySelector("transport-playground")
      );
      void element.start();
    });
  }

  async stop() {
    await this.page.evaluate(() => {
      const element = /** @type {TransportPlayground} */ (
        document.querySelector("transport-playground")
      );
      element.stop();
    });
  }

  /** @returns {Promise<{ state: string, snapshot: Snapshot | null }>} */
  async now() {
    return this.page.evaluate(() => {
      const element = /** @type {TransportPlayground | null} */ (
        document.querySelector("transport-playground")
      );
      return { state: element?.state ?? "no element", snapshot: element?.snapshot ?? null };
    });
  }

  /**
   * Waits for a snapshot that `condition` holds for.
   *
   * @param {string} what
   * @param {(snapshot: Snapshot) => boolean} condition
   * @param {number} [timeoutMs]
   */
  async snapshot(what, condition, timeoutMs = 20000) {
    return until(
      what,
      async () => {
        const { snapshot } = await this.now();
        return snapshot && condition(snapshot) && snapshot;
      },
      { timeoutMs, detail: async () => ({ ...(await this.now()), problems: this.problems }) },
    );
  }

  /**
   * Waits until every lane of a run has a message. What is stopped before that may be a WebSocket
   * that is still connecting, and Firefox reports such a one on the console.
   * @param {(snapshot: Snapshot) => boolean} [also] what else is waited for
   */
  async flowing(also = () => true) {
    return this.snapshot(
      "a message on every lane",
      (now) =>
        now.state === "running" &&
        now.lanes.length > 0 &&
        now.lanes.every(({ messages }) => messages > 0) &&
        also(now),
    );
  }

  /**
   * Waits for the element's state.
   * @param {string} wanted
   */
  async state(wanted) {
    await until(
      `the element to be ${wanted}`,
      async () => (await this.now()).state === wanted || null,
      { detail: async () => ({ ...(await this.now()), problems: this.problems }) },
    );
  }

  /**
   * Waits for a text to stand on the page, in shadow trees as well.
   * @param {RegExp} text
   */
  async text(text) {
    return until(
      `the text ${text} on the page`,
      async () => text.test(await this.allText()) || null,
      {
        detail: () => this.allText(),
      },
    );
  }

  /** The path of the run's channel, as soon as there is one: "/api/channels/…". */
  async channel() {
    const { channel } = await this.snapshot("the run's channel", (now) => now.channel !== "");
    return `/api/channels/${channel}`;
  }

  /** Everything that can be read on the page, in shadow trees as well. */
  async allText() {
    return this.page.evaluate(() => {
      /** @param {Node} node @returns {string} */
      const read = (node) => {
        if (node instanceof Text) return node.data;
        if (node instanceof HTMLElement) {
          if (["SCRIPT", "STYLE"].includes(node.tagName) || !node.checkVisibility()) return "";
        }
        const roots = node instanceof Element && node.shadowRoot ? [node.shadowRoot] : [];
        return [...roots, ...node.childNodes].map(read).join(" ");
      };
      return read(document.body).replace(/\s+/g, " ");
    });
  }

  /** @param {string} name */
  async screenshot(name) {
    await mkdir(artifacts, { recursive: true });
    const file = `${name.replace(/[^A-Za-z0-9]+/g, "-")}.png`;
    await this.page.screenshot({ path: fileURLToPath(new URL(file, artifacts)), fullPage: true });
  }

  async close() {
    await this.page.close();
  }
}
