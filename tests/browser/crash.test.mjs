// Whatever ends the core: it is said, and one can start again.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { EventStreamServer } from "./support/event_stream_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

const dist =
  process.env.PLAYGROUND_WEB ?? fileURLToPath(new URL("../../web/dist", import.meta.url));
const WORKER = "/dist/core-worker.js";

/** Breaks the thread that it is on, when the test says how. */
const breaker = `
  new BroadcastChannel("break").onmessage = ({ data: how }) => {
    const trap = () => { throw new WebAssembly.RuntimeError("unreachable executed"); };
    if (how === "task") setTimeout(() => { throw new Error("a task failed"); });
    else if (how === "promise") void Promise.reject(new Error("a promise failed"));
    else if (how === "trap") performance.now = trap;
    else if (how === "paint") OffscreenCanvasRenderingContext2D.prototype.fill = trap;
    else if (how === "hang") {
      const request = new XMLHttpRequest();
      request.open("GET", "/stream/1", false);
      request.send();
    }
  };
`;

/**
 * A page of an element's own, its worker changed.
 * @param {Stage} stage
 * @param {{ before?: string, ownThread?: boolean, files?: EventStreamServer }} [options] `before`
 *   runs in the worker before all else
 */
async function openPage(stage, { before = breaker, ownThread = false, files } = {}) {
  const server = files ?? (await EventStreamServer.start());
  stage.finally(() => server.stop());
  if (!files) {
    const worker = await readFile(`${dist}/core-worker.js`, "utf8");
    server.instead(WORKER, (response) => {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(before + worker);
    });
    server.path(() => undefined); // /stream/1 is never answered
  }
  const visit = await stage.open(`${server.origin}/`);
  await visit.page.evaluate(
    async (here, own) => {
      if (own) {
        Reflect.deleteProperty(globalThis, "Worker");
        new Function(here)();
      } else {
        const real = Worker;
        globalThis.Worker = class extends real {
          /** @param {string | URL} address @param {WorkerOptions} [options] */
          constructor(address, options) {
            super(address, options);
            Object.assign(globalThis, { theWorker: this });
          }
        };
      }
      await import(/** @type {any} */ ("/dist/transport-playground.js"));
      document.body.innerHTML =
        '<transport-playground loading="eager" simulated="seed=1" transports="sse websocket">' +
        '</transport-playground><transport-playground loading="eager" simulated="seed=2" ' +
        'transports="sse"></transport-playground>';
    },
    before,
    ownThread,
  );
  await visit.element();
  await visit.widget();
  return visit;
}

/** @param {Visit} visit @param {string} how */
const breakIt = (visit, how) =>
  visit.page.evaluate((what) => {
    new BroadcastChannel("break").postMessage(what);
  }, how);

/** Presses the button of the notice. @param {Visit} visit @param {string} text */
async function press(visit, text) {
  const button = await until(`the button ${text}`, () =>
    visit.page
      .evaluateHandle((wanted) => {
        const root = document.querySelector("transport-playground")?.shadowRoot;
        const found = root?.querySelector(".notice button");
        return found?.textContent === wanted ? found : null;
      }, text)
      .then((handle) => handle.asElement()),
  );
  await /** @type {import("puppeteer-core").ElementHandle<Element>} */ (button).click();
}

/** @param {Visit} visit */
async function runsAndIsPainted(visit) {
  await visit.flowing();
  const { colours } = await until("a picture", async () => {
    const ink = await visit.ink(await visit.picture());
    return ink.colours > 3 && ink;
  });
  assert.ok(colours > 3);
}

inEveryBrowser("a crash of the core", (scene) => {
  for (const { how, says, ownThread = false } of [
    { how: "task", says: /a task failed/ },
    { how: "promise", says: /a promise failed/ },
    { how: "trap", says: /unreachable executed/ },
    { how: "paint", says: /unreachable executed/ },
    { how: "hang", says: /does not answer any more/ },
    { how: "trap", says: /unreachable executed/, ownThread: true },
  ]) {
    const where = ownThread ? "on the page's own thread" : "in the worker";
    scene(`${how} ${where} is shown, and a button starts anew`, async (stage) => {
      const visit = await openPage(stage, { ownThread });
      await visit.start();
      await runsAndIsPainted(visit);
      const real = await visit.page.evaluate(() => {
        Object.assign(globalThis, { realNow: performance.now });
        return true;
      });
      assert.ok(real);
      await breakIt(visit, how);
      await visit.state("failed");
      await visit.text(/The client has crashed/);
      await visit.text(says);
      // The other element lives on the same core.
      const states = await visit.page.$$eval("transport-playground", (all) =>
        all.map((each) => /** @type {any} */ (each).state),
      );
      assert.deepEqual(states, ["failed", "failed"]);
      await visit.page.evaluate(() => {
        performance.now = /** @type {any} */ (globalThis).realNow;
      });
      await press(visit, "Start again");
      await runsAndIsPainted(visit);
      // Again: there is no second chance only.
      await visit.stop();
      await visit.start();
      await visit.flowing();
    });
  }

  scene("a worker that ends without a word is missed", async (stage) => {
    const visit = await openPage(stage);
    await visit.start();
    await runsAndIsPainted(visit);
    await visit.page.evaluate(() => {
      /** @type {any} */ (globalThis).theWorker.terminate();
    });
    await visit.state("failed");
    await visit.text(/does not answer any more/);
    await press(visit, "Start again");
    await runsAndIsPainted(visit);
  });

  scene("a crash while it loads is shown, not for ever as loading", async (stage) => {
    const visit = await openPage(stage, {
      before: `${breaker}
        const { instantiate, instantiateStreaming } = WebAssembly;
        const wait = () => new Promise(() => undefined);
        WebAssembly.instantiate = WebAssembly.instantiateStreaming = wait;`,
    });
    await visit.start();
    await visit.state("loading");
    await until("the worker to be there, and to break", async () => {
      await breakIt(visit, "task");
      return (await visit.now()).state === "failed";
    });
    await visit.text(/a task failed/);
    await press(visit, "Start again");
    await visit.state("loading");
  });

  for (const ownThread of [false, true]) {
    const where = ownThread ? "on the page's own thread" : "in the worker";
    scene(`too little memory for the core ${where} is shown, with a button`, async (stage) => {
      const visit = await openPage(stage, {
        ownThread,
        before: `
          const fail = () => Promise.reject(new RangeError("could not allocate memory"));
          WebAssembly.instantiate = WebAssembly.instantiateStreaming = fail;`,
      });
      await visit.start();
      await visit.state("failed");
      await visit.text(/could not be loaded/);
      await visit.text(/could not allocate memory/);
      await press(visit, "Try again");
      await visit.state("failed");
    });
  }

  for (const { what, answer } of [
    {
      what: "is not there",
      answer: (/** @type {import("node:http").ServerResponse} */ response) =>
        response.writeHead(404).end(),
    },
    {
      what: "throws at once",
      answer: (/** @type {import("node:http").ServerResponse} */ response) =>
        response
          .writeHead(200, { "Content-Type": "text/javascript" })
          .end("throw new Error('no worker')"),
    },
    { what: "never comes", answer: () => undefined },
  ]) {
    scene(`a worker that ${what} is done without`, async (stage) => {
      const files = await EventStreamServer.start();
      files.instead(WORKER, answer);
      const visit = await openPage(stage, { files });
      await visit.start();
      await runsAndIsPainted(visit);
    });
  }

  scene("an element that leaves its page after a crash can come back", async (stage) => {
    const visit = await openPage(stage);
    await visit.start();
    await visit.flowing();
    await breakIt(visit, "task");
    await visit.state("failed");
    await visit.page.evaluate(async () => {
      const element = document.querySelector("transport-playground");
      if (!element) throw new Error("none");
      element.remove();
      // Off the page there is nothing to start.
      await /** @type {any} */ (element).start();
      document.body.prepend(element);
    });
    await visit.state("empty");
    await visit.start();
    await runsAndIsPainted(visit);
  });
});
