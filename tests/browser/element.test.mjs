// The element's properties and attributes, whatever is put into them and whenever.
import assert from "node:assert/strict";

import { EventStreamServer } from "./support/event_stream_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** Each property, with a value that is not its default and what it is then. */
const PROPERTIES = /** @type {const} */ ([
  ["server", "http://localhost:1", "http://localhost:1"],
  ["transports", ["sse", "websocket"], ["sse", "websocket"]],
  ["rate", 7, 7],
  ["payload", 128, 128],
  ["pattern", "bursty", "bursty"],
  ["back", 2, 2],
  ["without", ["fetch"], ["fetch"]],
  ["window", 3, 3],
  ["environment", "buffering-proxy", "buffering-proxy"],
  ["faults", [{ kind: "cut", after_s: 90 }], [{ kind: "cut", after_s: 90 }]],
  ["simulated", { seed: 7 }, { seed: 7 }],
  ["speed", 2, 2],
  ["ladder", ["sse", "long-poll"], ["sse", "long-poll"]],
  ["origins", "one", "one"],
  ["headers", "plain", "plain"],
  ["loading", "eager", "eager"],
  ["autoplay", true, true],
  ["bare", true, true],
  ["theme", "dark", "dark"],
]);

/** What the attributes cannot be, and a word of what the warning says is allowed. */
const UNUSABLE = /** @type {const} */ ([
  ["server", "nowhere", "http://localhost:8088"],
  ["server", "ftp://localhost", "http://localhost:8088"],
  ["transports", "sse carrier-pigeon", "websocket"],
  ["transports", "[object Object]", "websocket"],
  ["rate", "undefined", "0.1 to 5000"],
  ["rate", "NaN", "0.1 to 5000"],
  ["rate", "-1", "0.1 to 5000"],
  ["rate", "1e999", "0.1 to 5000"],
  ["payload", "15", "16 to 65536"],
  ["pattern", "null", "poisson"],
  ["back", "11", "0.1 to 10"],
  ["without", "Telepathy", "WebSocket"],
  ["window", "61", "0.05 to 60"],
  ["simulated", "warp=9", "seed=7"],
  ["simulated", "offline=5-1", "seed=7"],
  ["faults", "after=4", "after=4 for=10"],
  ["faults", "cut after", "after=4 for=10"],
  ["speed", "fast", "0 to 1000"],
  ["ladder", "rope", "long-poll"],
  ["origins", "two", "own, one"],
  ["headers", "none", "tuned, plain"],
  ["loading", "never", "lazy, eager"],
  ["theme", "purple", "light or dark"],
]);

/** What only the core can tell, at the start of a run. */
const REFUSED = /** @type {const} */ ([
  ["environment", "the moon", "buffering-proxy"],
  ["faults", "explode after=4", "kind"],
  ["faults", "delay after=4 milliseconds=soon", "milliseconds"],
  ["faults", Array(101).fill("cut after=99").join(";"), "100"],
  ["simulated", "loss=99", "0 to 50"],
  ["simulated", "hidden=1-90000", "86400"],
]);

/**
 * A page without an element, in which the package has not been loaded, and what it warns of.
 * @param {Stage} stage
 */
async function emptyPage(stage) {
  const files = await EventStreamServer.start();
  stage.finally(() => files.stop());
  const visit = await stage.open(`${files.origin}/`);
  const warnings = /** @type {string[]} */ ([]);
  visit.page.on("console", (message) => {
    if (message.type() === "warn") warnings.push(message.text());
  });
  return { visit, warnings };
}

/** @param {Visit} visit */
const define = (visit) =>
  visit.page.evaluate(async () => {
    await import(/** @type {any} */ ("/dist/transport-playground.js"));
  });

/** An element for a simulated run. @param {Visit} visit @param {string} [more] */
const addElement = (visit, more = "") =>
  visit.page.evaluate((attributes) => {
    document.body.innerHTML = `<transport-playground ${attributes}></transport-playground>`;
  }, `simulated="seed=1" speed="20" transports="sse websocket" ${more}`);

/** Lanes, and something over them that says what to do: not blank. @param {Visit} visit */
const looksLike = (visit) =>
  visit.page.$eval("transport-playground", (element) => ({
    state: /** @type {any} */ (element).state,
    lanes: element.shadowRoot?.querySelectorAll(".lane").length,
    title: element.shadowRoot?.querySelector(".notice-title")?.textContent,
    action: element.shadowRoot?.querySelector(".notice button")?.textContent,
  }));

inEveryBrowser("the element", (scene) => {
  scene("a property that is taken back with null or undefined has its default", async (stage) => {
    const { visit, warnings } = await emptyPage(stage);
    await define(visit);
    for (const nothing of [null, undefined]) {
      const seen = await visit.page.evaluate(
        (rows, unset) => {
          const element = /** @type {any} */ (document.createElement("transport-playground"));
          document.body.replaceChildren(element);
          const defaults = rows.map(([name]) => element[name]);
          return rows.map(([name, value, wanted], row) => {
            if (name !== "autoplay") element[name] = value;
            const set = element[name];
            element[name] = unset ? undefined : null;
            return {
              name,
              set: name === "autoplay" ? wanted : set,
              wanted,
              back: JSON.stringify(element[name]) === JSON.stringify(defaults[row]),
              attribute: element.getAttribute(name),
            };
          });
        },
        /** @type {any[]} */ (PROPERTIES.map((row) => [...row])),
        nothing === undefined,
      );
      for (const { name, set, wanted, back, attribute } of seen) {
        assert.deepEqual(set, wanted, name);
        assert.ok(back, `${name} = ${nothing} is not its default`);
        assert.equal(attribute, null, name);
      }
    }
    assert.deepEqual(warnings, []);
    assert.deepEqual(visit.problems, []);
    assert.equal((await looksLike(visit)).action, "Start");
  });

  scene(
    "a property that is no value of its option is warned of, and throws nothing",
    async (stage) => {
      const { visit, warnings } = await emptyPage(stage);
      await define(visit);
      const names = PROPERTIES.map(([name]) => name).filter(
        (name) => !["autoplay", "bare", "simulated", "environment", "faults"].includes(name),
      );
      await visit.page.evaluate((all) => {
        const element = /** @type {any} */ (document.createElement("transport-playground"));
        document.body.replaceChildren(element);
        for (const name of all) {
          for (const value of [Symbol("x"), Object.create(null), { a: 1 }, () => 1, false]) {
            element[name] = value;
            if (element[name] === value) throw new Error(name);
          }
          element[name] = null;
        }
        element.simulated = false;
        if (element.simulated !== null) throw new Error("simulated");
      }, names);
      // Both objects are the same text.
      const wanted = 4 * names.length;
      await until("all warnings", () => warnings.length >= wanted);
      assert.equal(warnings.length, wanted, warnings.join("\n"));
      assert.deepEqual(visit.problems, []);
      assert.equal((await looksLike(visit)).lanes, 5);
    },
  );

  scene('simulated="true", which frameworks make of a bare attribute, is one', async (stage) => {
    const { visit, warnings } = await emptyPage(stage);
    await define(visit);
    const simulated = await visit.page.evaluate(() => {
      document.body.innerHTML = '<transport-playground simulated="true"></transport-playground>';
      return /** @type {any} */ (document.body.firstElementChild).simulated;
    });
    assert.deepEqual(simulated, {});
    assert.deepEqual(warnings, []);
  });

  scene(
    "an attribute that cannot be used is warned of once, and the default is used",
    async (stage) => {
      const { visit, warnings } = await emptyPage(stage);
      await define(visit);
      for (const [name, text, allowed] of UNUSABLE) {
        warnings.length = 0;
        const same = await visit.page.evaluate(
          (attribute, value) => {
            const fresh = /** @type {any} */ (document.createElement("transport-playground"));
            document.body.innerHTML = "<transport-playground></transport-playground>";
            const element = /** @type {any} */ (document.body.firstElementChild);
            element.setAttribute(attribute, value);
            // What is read again is not warned of again.
            element.setAttribute("bare", "");
            element.removeAttribute("bare");
            return JSON.stringify(element[attribute]) === JSON.stringify(fresh[attribute]);
          },
          name,
          text,
        );
        assert.ok(same, `${name}="${text}" is not the default`);
        await until("a warning", () => warnings.length > 0);
        assert.equal(warnings.length, 1, `${name}="${text}": ${warnings}`);
        assert.ok(warnings[0]?.includes(`${name}="${text}"`), warnings[0]);
        assert.ok(warnings[0]?.includes(allowed), warnings[0]);
        const { state, action } = await looksLike(visit);
        assert.deepEqual({ state, action }, { state: "empty", action: "Start" }, name);
      }
      assert.deepEqual(visit.problems, []);
    },
  );

  scene(
    "attributes that the markup has wrong are warned of once each, and it runs",
    async (stage) => {
      const { visit, warnings } = await emptyPage(stage);
      await addElement(visit, 'rate="fast" payload="much" window="" theme="purple" autoplay');
      await define(visit);
      await visit.element();
      const { lanes } = await visit.flowing();
      assert.equal(lanes.length, 2);
      assert.deepEqual(warnings.map((text) => /(\w+)="/.exec(text)?.[1]).sort(), [
        "payload",
        "rate",
        "theme",
      ]);
      // Corrected, and wrong again: that is news.
      await visit.set({ rate: 7 });
      await visit.set({ rate: "fast" });
      await visit.set({ rate: "fast" });
      assert.equal(warnings.length, 4);
      assert.deepEqual(visit.problems, []);
    },
  );

  scene(
    "what only the core can refuse is warned of once, and the run begins without it",
    async (stage) => {
      const { visit, warnings } = await emptyPage(stage);
      await define(visit);
      for (const [name, text, allowed] of REFUSED) {
        warnings.length = 0;
        await addElement(visit);
        await visit.set({ [name]: text });
        await visit.start();
        if (name === "simulated") {
          // By default a run is live, and nobody is there.
          await visit.state("connecting");
        } else await visit.flowing();
        await visit.stop();
        await visit.start();
        assert.equal(warnings.length, 1, `${name}="${text}": ${warnings}`);
        assert.ok(warnings[0]?.includes(`${name}="${text}"`), warnings[0]);
        assert.ok(warnings[0]?.includes(allowed), warnings[0]);
        await visit.stop();
      }
    },
  );

  scene("a run whose rate is taken back goes on with the default", async (stage) => {
    const { visit, warnings } = await emptyPage(stage);
    await define(visit);
    await addElement(visit, 'rate="50" autoplay');
    await visit.element();
    await visit.flowing();
    const runs = await visit.page.$eval("transport-playground", async (lanes) => {
      const element = /** @type {any} */ (lanes);
      const begun = new Promise((resolve) =>
        element.addEventListener("playground-start", resolve, { once: true }),
      );
      element.rate = undefined;
      element.transports = undefined;
      const { detail } = await /** @type {Promise<any>} */ (begun);
      return [detail.scenario.rate, detail.lanes.length];
    });
    assert.deepEqual(runs, [5, 5]);
    await visit.flowing();
    assert.deepEqual(warnings, []);
    assert.deepEqual(visit.problems, []);
  });

  scene(
    "properties that were set before the element was defined count, all of them",
    async (stage) => {
      const { visit, warnings } = await emptyPage(stage);
      await visit.page.evaluate(
        (rows) => {
          const lanes = document.createElement("transport-playground");
          const loose = document.createElement("transport-playground");
          for (const element of [lanes, loose]) {
            element.setAttribute("rate", "3");
            for (const [name, value] of rows) /** @type {any} */ (element)[name] = value;
          }
          // Nobody starts it here: there is no server at the address that is set.
          /** @type {any} */ (lanes).autoplay = false;
          document.body.append(lanes);
          Object.assign(globalThis, { loose });
        },
        /** @type {any[]} */ (PROPERTIES.map((row) => [...row])),
      );
      await define(visit);
      const seen = await visit.page.evaluate(
        (names) => {
          const { loose } = /** @type {any} */ (globalThis);
          customElements.upgrade(loose);
          const lanes = document.querySelector("transport-playground");
          return [lanes, loose].map((element) =>
            names.map((name) => ({
              name,
              value: element[name],
              hidden: Object.hasOwn(element, name),
              attribute: element.hasAttribute(name),
            })),
          );
        },
        PROPERTIES.map(([name]) => name),
      );
      for (const [at, all] of seen.entries()) {
        for (const [row, { name, value, hidden, attribute }] of all.entries()) {
          const wanted = at === 0 && name === "autoplay" ? false : PROPERTIES[row]?.[2];
          assert.deepEqual(value, wanted, name);
          assert.equal(hidden, false, `${name} hides the accessor`);
          assert.equal(attribute, wanted !== false, name);
        }
      }
      // The accessors work from then on.
      await visit.page.$eval("transport-playground", (lanes) => {
        const element = /** @type {any} */ (lanes);
        [element.rate, element.transports, element.simulated] = [11, undefined, undefined];
        const { rate, transports, simulated } = element;
        if (rate !== 11 || transports.length !== 5 || simulated !== null) throw new Error("hidden");
        if (element.getAttribute("rate") !== "11") throw new Error("no attribute");
      });
      assert.deepEqual(warnings, []);
      assert.deepEqual(visit.problems, []);
    },
  );

  scene(
    "an element whose autoplay was set before it was defined starts by itself",
    async (stage) => {
      const { visit } = await emptyPage(stage);
      await visit.page.evaluate(() => {
        const element = document.createElement("transport-playground");
        Object.assign(element, { simulated: { seed: 3 }, transports: ["sse"], autoplay: true });
        document.body.append(element);
      });
      await define(visit);
      await visit.element();
      const { lanes, simulated } = await visit.flowing();
      assert.deepEqual([lanes.length, simulated], [1, true]);
    },
  );
});
