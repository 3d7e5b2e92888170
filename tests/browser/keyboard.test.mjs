// The page without a pointer and without eyes: every control by keyboard, the focus always to be
// seen, a summary that is not chatty, and motion that steps where the reader asks for less of it.
import assert from "node:assert/strict";

import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** What can be operated, in shadow trees as well. */
const CONTROLS =
  "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

/**
 * Presses Tab once, marks what has the focus, and answers what it is; "" past the last control.
 * @param {Visit} visit
 */
async function tab(visit) {
  await visit.page.keyboard.press("Tab");
  return visit.page.evaluate(async () => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    if (!(found instanceof HTMLElement) || found === document.body) return null;
    const first = found.dataset["reached"] === undefined;
    found.dataset["reached"] = "";
    const name = `${found.localName}#${found.id}.${found.className} "${(found.ariaLabel ?? found.textContent ?? "").trim().slice(0, 40)}"`;
    // A control that is not seen itself shows its focus on its label, or on what stands beside it.
    const places = [found, found.closest("label"), found.nextElementSibling];
    const isSeen = (/** @type {Element | null} */ place) => {
      if (!(place instanceof HTMLElement)) return false;
      const { width, height, top, bottom } = place.getBoundingClientRect();
      if (width < 4 || height < 4 || bottom <= 0 || top >= innerHeight) return false;
      // A chip is smaller than what can be touched of it: its ring is its ::before's.
      return [getComputedStyle(place), getComputedStyle(place, "::before")].some(
        ({ outlineStyle, outlineWidth, opacity }) =>
          outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && Number(opacity) > 0,
      );
    };
    // A frame for each: keys that come faster than Firefox paints move the focus before it has
    // scrolled to the selection in the last field, which it then does in place of the new focus.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const seen = places.some(isSeen);
    return { name, first, seen };
  });
}

/** Tab from the top of the page to its end. @param {Visit} visit */
async function walk(visit) {
  await visit.page.evaluate(() => {
    scrollTo(0, 0);
    document.querySelector("a.skip")?.setAttribute("data-reached", "");
  });
  await visit.page.focus("a.skip");
  /** @type {string[]} */
  const unseen = [];
  for (let presses = 0; presses < 300; presses += 1) {
    const stop = await tab(visit);
    if (stop === null || !stop.first) return unseen;
    if (!stop.seen) unseen.push(stop.name);
  }
  throw new Error("Tab does not come to an end");
}

/** Controls that are shown, and that the walk has not come to. @param {Visit} visit */
async function unreached(visit) {
  return visit.page.evaluate((selector) => {
    /** @param {ParentNode} root @returns {HTMLElement[]} */
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        ...(element instanceof HTMLElement && element.matches(selector) ? [element] : []),
        ...(element.shadowRoot ? all(element.shadowRoot) : []),
      ]);
    const controls = all(document).filter(
      (each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches(":disabled"),
    );
    const radios = new Set(
      controls.flatMap((each) =>
        each instanceof HTMLInputElement && each.type === "radio" && "reached" in each.dataset
          ? [each.name]
          : [],
      ),
    );
    return controls
      .filter((each) => !("reached" in each.dataset) && each.tabIndex >= 0)
      .filter((each) => !(each instanceof HTMLInputElement && radios.has(each.name)))
      .map((each) => `${each.localName}#${each.id}.${each.className} ${each.textContent}`);
  }, CONTROLS);
}

/**
 * Gives a control the focus as Tab would, presses keys, and waits for what they are to do.
 * @param {Visit} visit
 * @param {string} selector
 * @param {readonly import("puppeteer-core").KeyInput[]} keys
 * @param {string} what
 * @param {() => Promise<unknown>} done
 */
async function operate(visit, selector, keys, what, done) {
  await visit.page.focus(selector);
  for (const key of keys) await visit.page.keyboard.press(key);
  await until(`${what}, by ${keys.join(" ")} on ${selector}`, async () => Boolean(await done()));
}

/** @param {Visit} visit @param {string} selector @param {string} name */
const attribute = (visit, selector, name) =>
  visit.page.$eval(selector, (element, wanted) => element.getAttribute(wanted), name);

inEveryBrowser("without a pointer", (scene) => {
  for (const width of [1280, 360]) {
    scene(`Tab reaches every control, and is seen on it, ${width} pixels wide`, async (stage) => {
      const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse,websocket`, {
        width,
      });
      await visit.element();
      await visit.flowing();
      await visit.page.$eval("#over-time", (charts) => charts.scrollIntoView());
      await visit.page.waitForSelector("#over-time canvas");
      await until("the advice", () =>
        visit.page.$eval("#which .ranking", (ranking) => ranking.childElementCount > 0),
      );
      // What is rebuilt under way would have to be reached again.
      await visit.stop();
      await visit.state("stopped");
      await visit.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1200)));
      assert.deepEqual(await walk(visit), [], "the focus is seen");
      assert.deepEqual(await unreached(visit), [], "nothing is left out");
    });
  }

  scene("every kind of control does its work by keyboard", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    const url = () => visit.page.url();
    // A run that begins anew is left to begin: Firefox reports connections that are cut short.
    const anew = async (/** @type {() => Promise<void>} */ act) => {
      const before = await visit.runs();
      await act();
      await until("a new run", async () => (await visit.runs()) > before);
      await visit.flowing();
    };

    await anew(() =>
      operate(visit, "#chips .chip:first-child", [" "], "a lane more", async () =>
        /lanes=short-poll/.test(url()),
      ),
    );
    await visit.flowing();
    await operate(
      visit,
      '[data-fault="buffer"]',
      ["Enter"],
      "a fault",
      async () => (await attribute(visit, '[data-fault="buffer"]', "aria-pressed")) === "true",
    );
    await operate(
      visit,
      '[data-fault="buffer"]',
      [" "],
      "no fault",
      async () => (await attribute(visit, '[data-fault="buffer"]', "aria-pressed")) === "false",
    );
    await operate(visit, "#faults .more", ["Enter"], "the other faults", async () =>
      visit.page.$eval("#fault-list", (list) => !(/** @type {HTMLElement} */ (list).hidden)),
    );
    await operate(visit, "#all-figures", [" "], "all figures", async () =>
      visit.page.$eval("#cost", (cost) => cost.classList.contains("all-figures")),
    );
    await operate(
      visit,
      "#cost th[data-column=median] button",
      ["Enter"],
      "an order",
      async () =>
        (await attribute(visit, "#cost th[data-column=median]", "aria-sort")) === "ascending",
    );
    await anew(() =>
      operate(visit, "#environment", ["ArrowDown"], "an environment", async () =>
        /environment=/.test(url()),
      ),
    );
    await anew(() =>
      operate(visit, "#mode input:checked", ["ArrowRight"], "a simulated run", async () =>
        /simulated=/.test(url()),
      ),
    );
    await visit.snapshot("it", ({ simulated, state }) => simulated && state === "running");
    await operate(visit, "#speed", ["ArrowUp"], "another speed", async () => /speed=/.test(url()));
    await anew(() =>
      operate(visit, "#stories .chip", ["Enter"], "a story", async () => /story=/.test(url())),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("the link at the top leads past the controls to the lanes", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    const before = await visit.runs();
    await visit.page.focus("a.skip");
    await visit.page.keyboard.press("Enter");
    await until("the link to be followed", () => visit.page.evaluate(() => scrollY > 0));
    await visit.page.keyboard.press("Tab");
    assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "lanes");
    // It is no link to other settings.
    await until("the address of the settings again", () =>
      /#rate=20&.*lanes=sse,websocket/.test(visit.page.url()),
    );
    assert.equal(await visit.runs(), before);
  });

  scene("the time line and the messages on it are steered by keys", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    const paused = () =>
      visit.page.$eval("transport-playground", (lanes) => /** @type {any} */ (lanes).paused);
    const lanes = "transport-playground >>> .lanes";
    await operate(visit, lanes, [" "], "a pause", paused);
    await operate(visit, lanes, ["End"], "now", async () => !(await paused()));
    await operate(visit, lanes, ["+"], "a closer look", async () =>
      /window=5/.test(visit.page.url()),
    );
    await operate(visit, "transport-playground >>> canvas", ["ArrowLeft", "Enter"], "bytes", () =>
      visit.page.$eval("#wire-about", (about) => /message \d/.test(about.textContent ?? "")),
    );
  });

  scene("a screen reader is told what changed, and left in peace otherwise", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    const said = () =>
      visit.page.$eval(
        "transport-playground >>> .card > [role=status]",
        (status) => status.textContent ?? "",
      );
    await until("the summary", async () => /^2 of 2 lanes deliver/.test(await said()), {
      timeoutMs: 20_000,
    });
    // Everything that is read aloud by itself, on the page and in the element.
    const changes = await visit.page.evaluate(async () => {
      const element = document.querySelector("transport-playground");
      const regions = [document, element?.shadowRoot].flatMap((root) => [
        ...(root?.querySelectorAll("[role=status], [role=alert], [aria-live]") ?? []),
      ]);
      let count = 0;
      const observer = new MutationObserver(() => (count += 1));
      for (const region of regions) {
        observer.observe(region, { childList: true, characterData: true, subtree: true });
      }
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return { regions: regions.length, count };
    });
    assert.ok(changes.regions >= 3, `${changes.regions} regions`);
    assert.ok(changes.count <= 1, `${changes.count} things said in six steady seconds`);
  });

  scene("with reduced motion the picture steps", async (stage) => {
    const pictures = async () => {
      const visit = await stage.open("about:blank");
      await visit.page.evaluateOnNewDocument(() => {
        const real = globalThis.matchMedia.bind(globalThis);
        globalThis.matchMedia = (query) => {
          const list = real(query);
          if (query.includes("reduced-motion")) {
            Object.defineProperty(list, "matches", { value: true });
          }
          return list;
        };
      });
      await visit.page.goto(`${stage.server.origin}/#rate=20&lanes=sse,websocket`);
      await visit.element();
      await visit.flowing();
      const seen = new Set();
      for (const end = Date.now() + 2000; Date.now() < end;) seen.add(await visit.picture());
      return seen.size;
    };
    const stepping = await pictures();
    // Four steps a second; a slow machine shows fewer, and one that glides a picture a shot.
    assert.ok(stepping >= 2 && stepping <= 10, `${stepping} pictures in two seconds`);
  });
});
