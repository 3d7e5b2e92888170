// How the page is laid out: the lanes begin high up, and nothing lies on anything else, neither on
// the page nor in the picture, whichever story is told.
import assert from "node:assert/strict";

import { OtherOrigin } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** From the top of the page to the first lane, in pixels. */
const FIRST_LANE = 200;
const SCREENS = /** @type {const} */ ([
  { width: 1280, height: 860 },
  { width: 1024, height: 720 },
]);

/** @param {Visit} visit */
const storiesOf = (visit) =>
  visit.page.$$eval("[data-story]", (found) =>
    found.map((chip) => chip.getAttribute("data-story") ?? ""),
  );

/** @param {Visit} visit @param {string} id */
async function tell(visit, id) {
  const runs = await visit.runs();
  await visit.page.focus(`[data-story="${id}"]`);
  await visit.page.keyboard.press("Enter");
  await until(`a run of ${id}`, async () => (await visit.runs()) > runs);
  await visit.snapshot(`a message of ${id}`, ({ lanes }) =>
    lanes.some(({ messages }) => messages > 0),
  );
}

/** Where the first lane begins, and what lies on something else or reaches out of its place. */
const look = (/** @type {Visit} */ visit) =>
  visit.page.evaluate(() => {
    const shadow = /** @type {ShadowRoot} */ (
      document.querySelector("transport-playground")?.shadowRoot
    );
    const lanes = [...shadow.querySelectorAll(".lane")];
    /** @param {ParentNode} root @param {string} selector */
    const all = (root, selector) =>
      [...root.querySelectorAll(selector)].filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return each.checkVisibility() && width > 2 && height > 2;
      });
    const name = (/** @type {Element} */ each) =>
      `${each.localName}#${each.id}.${each.className} "${(each.textContent ?? "").trim().slice(0, 30)}"`;
    const wrong = /** @type {string[]} */ ([]);

    /** @param {Element[]} group none of them lies on another @param {Element} place they are in it */
    const apart = (group, place) => {
      const outer = place.getBoundingClientRect();
      group.forEach((one, index) => {
        const a = one.getBoundingClientRect();
        const out =
          a.left < outer.left - 1 ||
          a.right > outer.right + 1 ||
          a.top < outer.top - 1 ||
          a.bottom > outer.bottom + 1;
        if (out) wrong.push(`${name(one)} reaches out of ${name(place)}`);
        for (const other of group.slice(index + 1)) {
          if (one.contains(other) || other.contains(one)) continue;
          const b = other.getBoundingClientRect();
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (across > 1 && down > 1) wrong.push(`${name(one)} lies on ${name(other)}`);
        }
      });
    };
    const parts = "h1, p, button, select, label, output, input:not([type=radio])";
    for (const place of [".top", ".controls", "#server", ".look"]) {
      const found = document.querySelector(place);
      if (found?.checkVisibility()) apart(all(found, parts), found);
    }
    for (const lane of lanes) {
      apart(all(lane, ".title, .state, .tag, .way, .value, .unit, canvas"), lane);
    }
    const bar = /** @type {Element} */ (shadow.querySelector(".bar"));
    apart(all(bar, ".words, button, .zoom, .tally"), bar);
    const axis = /** @type {Element} */ (shadow.querySelector(".head"));
    apart(all(axis, "span"), axis);
    // What is said in a line is said in one.
    for (const control of all(document, ".top button, .controls .tools button, .chip")) {
      if (control.scrollWidth > control.clientWidth + 1) wrong.push(`${name(control)} is cut off`);
    }
    return {
      top: (lanes[0]?.getBoundingClientRect().top ?? Number.NaN) + scrollY,
      wide: document.scrollingElement?.scrollWidth ?? 0,
      wrong,
    };
  });

/**
 * From now on, every frame of the lanes is looked at as it is painted: what words lie on, as the
 * browser measures them. The core has to be on the page's own thread.
 * @param {Visit} visit
 */
async function watchWords(visit) {
  await visit.page.evaluateOnNewDocument(() => {
    Reflect.deleteProperty(globalThis, "Worker");
    const seen = { words: /** @type {string[]} */ ([]), wrong: /** @type {string[]} */ ([]) };
    Object.assign(globalThis, { seen });
    /** @typedef {{ text: string, left: number, right: number, top: number, bottom: number }} Word */
    const frames = /** @type {WeakMap<object, { words: Word[], top: number, from: number[] }>} */ (
      new WeakMap()
    );
    const frame = (/** @type {CanvasRenderingContext2D} */ context) => {
      const known = frames.get(context) ?? { words: [], top: Infinity, from: [] };
      frames.set(context, known);
      return known;
    };
    /** @param {"clearRect" | "fillText" | "moveTo" | "lineTo" | "arc"} name @param {Function} first */
    const before = (name, first) => {
      const method = /** @type {Function} */ (CanvasRenderingContext2D.prototype[name]);
      /** @this {CanvasRenderingContext2D} @param {unknown[]} args */
      function watched(...args) {
        if (this.canvas.classList.contains("canvas")) first(this, ...args);
        return method.apply(this, args);
      }
      Object.assign(CanvasRenderingContext2D.prototype, { [name]: watched });
    };
    /** @typedef {CanvasRenderingContext2D} Context */
    before("clearRect", (/** @type {Context} */ context) => {
      const { words, top } = frame(context);
      for (const [index, word] of words.entries()) {
        const over = words
          .slice(index + 1)
          .filter((other) => word.left < other.right && other.left < word.right);
        for (const other of over) seen.wrong.push(`"${word.text}" lies on "${other.text}"`);
        if (word.bottom > top) seen.wrong.push(`"${word.text}" lies on messages`);
        if (word.top < 0) seen.wrong.push(`"${word.text}" is cut off`);
        if (!seen.words.includes(word.text)) seen.words.push(word.text);
      }
      frames.delete(context);
    });
    before(
      "fillText",
      (/** @type {Context} */ context, /** @type {string} */ text, x = 0, y = 0) => {
        const box = context.measureText(text);
        frame(context).words.push({
          text,
          left: x - box.actualBoundingBoxLeft,
          right: x + box.actualBoundingBoxRight,
          top: y - box.actualBoundingBoxAscent,
          bottom: y + box.actualBoundingBoxDescent,
        });
      },
    );
    // Upright lines are the grid's and those of moments.
    before("moveTo", (/** @type {Context} */ context, x = 0, y = 0) => {
      frame(context).from = [x, y];
    });
    before("lineTo", (/** @type {Context} */ context, x = 0, y = 0) => {
      const known = frame(context);
      const [fromX = x, fromY = y] = known.from;
      if (fromX !== x) known.top = Math.min(known.top, fromY, y);
    });
    before("arc", (/** @type {Context} */ context, _ = 0, y = 0, radius = 0) => {
      const known = frame(context);
      known.top = Math.min(known.top, y - radius);
    });
  });
}

inEveryBrowser("the layout", (scene) => {
  for (const screen of SCREENS) {
    scene(`the first lane begins high up at ${screen.width} x ${screen.height}`, async (stage) => {
      const visit = await stage.open(`${stage.server.origin}/`, screen);
      await visit.element();
      await visit.flowing();
      for (const id of ["", ...(await storiesOf(visit))]) {
        if (id !== "") await tell(visit, id);
        const { top, wide, wrong } = await look(visit);
        assert.ok(top <= FIRST_LANE, `the first lane of "${id}" begins at ${top} px`);
        assert.ok(wide <= screen.width, `${id}: ${wide} px wide`);
        assert.deepEqual(wrong, [], id);
      }
      // The highest rate has the longest figure, and a fault its sign.
      await visit.page.goto("about:blank");
      await visit.page.goto(`${stage.server.origin}/#rate=5000&payload=1024&simulated=seed=1`);
      await visit.element();
      await visit.flowing();
      await visit.page.focus('[data-fault="buffer"]');
      await visit.page.keyboard.press("Enter");
      await visit.snapshot("the fault", ({ faults }) => faults.length > 0);
      const { top, wrong } = await look(visit);
      assert.ok(top <= FIRST_LANE, `${top} px`);
      assert.deepEqual(wrong, []);
      // What is used once unfolds, and lies on nothing either.
      for (const fold of ["#settings", "#faults .more"]) {
        await visit.page.focus(fold);
        await visit.page.keyboard.press("Enter");
        assert.deepEqual((await look(visit)).wrong, [], fold);
      }
    });
  }

  scene("a phone has the lanes as high up as its two rows of controls let them", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/`, { width: 360, height: 740 });
    await visit.element();
    await visit.flowing();
    const { top, wide } = await look(visit);
    assert.ok(top <= 290, `${top} px`);
    assert.ok(wide <= 360, `${wide} px wide`);
  });

  for (const { width, height } of [SCREENS[0], { width: 360, height: 740 }]) {
    scene(`words on the lanes lie on nothing, ${width} pixels wide`, async (stage) => {
      // On a static host every story is simulated, and its time can be made to pass sooner.
      const host = await OtherOrigin.start({
        directory: new URL("../../web/dist/", import.meta.url),
      });
      stage.finally(() => host.stop());
      const visit = await stage.open("about:blank", { width, height });
      await watchWords(visit);
      await visit.page.goto(`${host.origin}/`);
      await visit.element();
      await visit.flowing();
      const seen = () =>
        visit.page.evaluate(
          () =>
            /** @type {{ words: string[], wrong: string[] }} */ (
              /** @type {any} */ (globalThis).seen
            ),
        );
      for (const id of await storiesOf(visit)) {
        await tell(visit, id);
        await visit.set({ speed: 20 });
        await visit.snapshot(`22 s of ${id}`, ({ elapsedMs }) => elapsedMs > 22_000);
        const { wrong } = await seen();
        assert.deepEqual(wrong.slice(0, 5), [], id);
      }
      const { words } = await seen();
      for (const word of [/cut/, /buffering/, /silent .* → /, /tunnel|stall/i, /refusals ends/]) {
        assert.ok(
          words.some((each) => word.test(each)),
          `${word} among ${words.join(" | ")}`,
        );
      }
    });
  }
});
