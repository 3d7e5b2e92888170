// The playground page: its controls by mouse and by keyboard, its links, narrow screens.
import assert from "node:assert/strict";

import { OtherOrigin, plainExample } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

/**
 * Tab, from the first thing on the page that takes the focus, until the control has it.
 * @param {Visit} visit
 * @param {string} id
 */
async function tabTo(visit, id) {
  await visit.page.focus("a.skip");
  for (let presses = 0; presses < 40; presses += 1) {
    await visit.page.keyboard.press("Tab");
    if (await visit.page.evaluate((wanted) => document.activeElement?.id === wanted, id)) return;
  }
  throw new Error(`Tab never reached #${id}`);
}

/** @param {Visit} visit @param {"rate" | "payload"} name */
async function asked(visit, name) {
  return visit.page.evaluate(
    (option) =>
      Number(
        /** @type {any} */ (document.querySelector("transport-playground"))?.[option] ?? Number.NaN,
      ),
    name,
  );
}

/**
 * Does something that asks for another value, and waits until a new run goes on with it.
 *
 * @param {Visit} visit
 * @param {"rate" | "payload"} name
 * @param {() => Promise<void>} act
 */
async function change(visit, name, act) {
  const [before, runs] = [await asked(visit, name), await visit.runs()];
  await act();
  const value = await until(`another ${name} than ${before}`, async () => {
    const now = await asked(visit, name);
    return now !== before && now;
  });
  await until(`a new run at ${name} ${value}`, async () => (await visit.runs()) > runs);
  await visit.flowing();
  return value;
}

inEveryBrowser("the page", (scene) => {
  scene("starts by itself, and every default lane delivers", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    const { lanes } = await visit.flowing();
    assert.ok(lanes.length >= 5);
    assert.deepEqual(visit.problems, []);
  });

  scene("Stop and Start work by mouse and by keyboard", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.flowing();
    await visit.page.locator("#toggle").click();
    await visit.state("stopped");
    const stopped = await visit.runs();
    await visit.page.locator("#toggle").click();
    await until("a new run", async () => (await visit.runs()) > stopped);
    await visit.flowing();

    await tabTo(visit, "toggle");
    await visit.page.keyboard.press("Enter");
    await visit.state("stopped");
    await visit.page.keyboard.press(" ");
    await visit.state("running");
    await visit.flowing();
    assert.deepEqual(visit.problems, []);
  });

  for (const name of /** @type {const} */ (["rate", "payload"])) {
    scene(`the ${name} follows its slider, by mouse and by keyboard`, async ({ server, open }) => {
      const visit = await open(`${server.origin}/`);
      await visit.element();
      await visit.flowing();
      const first = await asked(visit, name);

      await tabTo(visit, name);
      const second = await change(visit, name, () => visit.page.keyboard.press("ArrowRight"));
      assert.ok(second > first, `${second} > ${first}`);

      const slider = await visit.page.$(`#${name}`);
      const box = await slider?.boundingBox();
      assert.ok(box);
      const third = await change(visit, name, () =>
        visit.page.mouse.click(box.x + box.width * 0.2, box.y + box.height / 2),
      );
      assert.ok(third < second, `${third} < ${second}`);

      // The link keeps what was chosen.
      assert.match(visit.page.url(), new RegExp(`#.*${name}=${third}`));
      assert.deepEqual(visit.problems, []);
    });
  }

  scene("every link of the page leads somewhere", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    const links = await visit.page.$$eval("a[href], link[href], script[src]", (found) =>
      found.map((link) =>
        link instanceof HTMLScriptElement
          ? link.src
          : /** @type {HTMLAnchorElement | HTMLLinkElement} */ (link).href,
      ),
    );
    const here = links.filter((link) => link.startsWith(server.origin) && !link.includes("#"));
    assert.ok(here.length > 0);
    for (const link of here) {
      const abort = new AbortController();
      const { status } = await fetch(link, { signal: abort.signal });
      abort.abort();
      assert.equal(status, 200, link);
    }
  });

  scene("does not scroll sideways at 360 pixels", async ({ server, open }) => {
    await assertFits(await open(`${server.origin}/`, { width: 360, height: 740 }));
  });

  scene("the plain example does not scroll sideways at 360 pixels", async (stage) => {
    const example = await plainExample(stage.server);
    stage.finally(() => example.stop());
    await assertFits(await stage.open(`${example.origin}/`, { width: 360, height: 740 }));
  });

  scene("lanes that stand in the page with all their attributes are painted", async (stage) => {
    const { server } = stage;
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lanes</title>
      <link rel="icon" href="data:,"><script type="module" src="SCRIPT"></script></head><body>
      <transport-playground server="${server.origin}" transports="sse websocket" rate="20" autoplay>
      </transport-playground></body></html>`;
    const other = await OtherOrigin.start({
      directory: new URL("../../web/dist/", import.meta.url),
      pages: {
        // The worker's own file is of the page's origin, and is not.
        "/own.html": page.replace("SCRIPT", "/transport-playground.js"),
        "/foreign.html": page.replace("SCRIPT", `${server.origin}/transport-playground.js`),
      },
    });
    stage.finally(() => other.stop());
    for (const name of ["own", "foreign"]) {
      const visit = await stage.open(`${other.origin}/${name}.html`);
      await visit.element();
      await visit.flowing();
      await painted(visit, 2);
      // Moved, they go on; off the page and on it again, they are built anew.
      for (const pause of [0, 50]) {
        const { state } = await visit.page.$eval(
          "transport-playground",
          async (element, ms) => {
            element.remove();
            if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
            document.body.append(element);
            return { state: /** @type {any} */ (element).state };
          },
          pause,
        );
        assert.equal(state, pause === 0 ? "running" : "empty");
      }
      await visit.flowing();
      const lanes = await painted(visit, 2);
      assert.deepEqual(lanes, [false, false], "on the page's own thread");
      assert.deepEqual(visit.problems, [], name);
    }
  });

  // Where the core runs and paints, and what a browser has to be like for that.
  const PLACES = /** @type {const} */ ({
    "on a thread of its own": "as it is",
    "on the page's, where that is missing": "missing",
    "on the page's, where that is refused": "refused",
    "on the page's, without OffscreenCanvas": "no canvas",
  });
  for (const [place, browser] of Object.entries(PLACES)) {
    scene(`the core runs and paints ${place}`, async ({ server, open }) => {
      const visit = await open("about:blank");
      await visit.page.evaluateOnNewDocument((lacks) => {
        const RealWorker = Worker;
        if (lacks === "no canvas") {
          Reflect.deleteProperty(HTMLCanvasElement.prototype, "transferControlToOffscreen");
        } else if (lacks !== "as it is") {
          globalThis.Worker = class extends RealWorker {
            /** @param {string | URL} url @param {WorkerOptions} [options] */
            constructor(url, options) {
              if (lacks === "refused") throw new DOMException("no workers here", "SecurityError");
              super(`${String(url)}.missing`, options);
            }
          };
        }
      }, browser);
      await visit.page.goto(`${server.origin}/#rate=20&lanes=sse,websocket`);
      await visit.element();
      await visit.flowing();
      const lanes = await painted(visit, 2);
      assert.deepEqual(lanes, Array(2).fill(browser !== "as it is"), "on the page's own thread");
      // That its file is missing is the browser's to say.
      const problems = visit.problems.filter((words) => !/core-worker/.test(words));
      assert.deepEqual(problems, []);
    });
  }
});

/**
 * Waits until there is something on every lane: whether the page's own thread paints each.
 *
 * @param {Visit} visit
 * @param {number} lanes
 */
async function painted(visit, lanes) {
  const lane = async (/** @type {number} */ index) =>
    (await visit.ink(await visit.picture(index))).colours;
  await until("every lane", async () => {
    const found = await visit.page.$$("transport-playground >>> canvas");
    return found.length === lanes;
  });
  for (let index = 0; index < lanes; index += 1) {
    await until(`something on lane ${index}`, async () => (await lane(index)) > 5);
  }
  return visit.page.$eval("transport-playground", (element) =>
    [...(element.shadowRoot?.querySelectorAll("canvas") ?? [])].map((canvas) => {
      try {
        return canvas.getContext("2d") !== null;
      } catch {
        return false;
      }
    }),
  );
}

/** @param {Visit} visit */
async function assertFits(visit) {
  await visit.element();
  await visit.page.$eval("transport-playground", (element) => {
    element.scrollIntoView();
  });
  await visit.snapshot("messages", ({ lanes }) => lanes.some((lane) => lane.messages > 3));
  const { content, screen } = await visit.page.evaluate(() => ({
    content: document.scrollingElement?.scrollWidth ?? 0,
    screen: innerWidth,
  }));
  assert.ok(content <= screen, `${content} pixels wide on a screen of ${screen}`);
}
