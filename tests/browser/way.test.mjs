// The way from the page to the server: what stands on it, which lanes go past it, and what is known
// of what was measured on it.
import assert from "node:assert/strict";

import { Proxy } from "./support/proxy.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */
/** @typedef {import("./support/visit.mjs").Snapshot} Snapshot */

/** @param {Stage} stage @param {Record<string, string>} [says] */
async function proxied(stage, says) {
  const proxy = await Proxy.start(stage.server, says);
  stage.finally(() => proxy.stop());
  return proxy;
}

/** @param {Snapshot} snapshot */
const counted = ({ lanes }) =>
  lanes.length > 0 &&
  lanes.every(({ messages, bytesPerMessage }) => messages > 5 && bytesPerMessage !== null);

/** The words of an element's lanes, as they are seen. @param {Visit} visit */
const ways = (visit) =>
  visit.page.$eval("transport-playground", (element) =>
    [...(element.shadowRoot?.querySelectorAll(".lane .way") ?? [])].map((each) =>
      /** @type {HTMLElement} */ (each).hidden ? "" : each.textContent,
    ),
  );

/** The titles of the table's columns that say where they were counted. @param {Visit} visit */
const lastHops = (visit) =>
  visit.page.$$eval("#cost thead th", (heads) =>
    heads
      .filter((head) => /last hop/.test(head.textContent))
      .map((head) => /** @type {HTMLElement} */ (head).dataset["column"]),
  );

inEveryBrowser("the way", (scene) => {
  scene("lanes went past the proxy that the page came through, without a sign", async (stage) => {
    const proxy = await proxied(stage);
    const visit = await stage.open(`${proxy.origin}/#rate=20`);
    await visit.element();
    const { proxied: seen, lanes } = await visit.snapshot("counted bytes", counted);
    assert.equal(seen, true);
    const ports = (await stage.server.ports()).map((port) => `http://localhost:${port}`);
    for (const { asked, origin, ownPort } of lanes) {
      if (asked === "websocket") assert.deepEqual([origin, ownPort], [proxy.origin, false]);
      else assert.ok(ownPort && ports.includes(origin), `${asked} asks ${origin}`);
    }
    const shown = await ways(visit);
    lanes.forEach(({ asked, origin }, index) => {
      if (asked === "websocket") assert.match(shown[index] ?? "", /through the proxy/);
      else assert.match(shown[index] ?? "", new RegExp(`:${new URL(origin).port}, past the proxy`));
    });
    assert.deepEqual(visit.problems, []);
  });

  scene("one switch sends all lanes through the page’s own origin", async (stage) => {
    const proxy = await proxied(stage);
    const visit = await stage.open(`${proxy.origin}/#rate=20`);
    await visit.element();
    await visit.flowing(({ lanes }) => lanes.some(({ ownPort }) => ownPort));
    const runs = await visit.runs();
    await visit.page.locator("#settings").click();
    await visit.page.locator("#one-origin").click();
    await until("a new run", async () => (await visit.runs()) > runs);
    const { lanes } = await visit.snapshot(
      "a run on one origin",
      (snapshot) => counted(snapshot) && snapshot.lanes.every(({ ownPort }) => !ownPort),
    );
    for (const { asked, origin } of lanes) assert.equal(origin, proxy.origin, asked);
    for (const { asked } of lanes) {
      assert.ok(
        proxy.passed.some((request) => request.includes(`lane=${asked}`)),
        `${asked} came through`,
      );
    }
    assert.match(await visit.page.evaluate(() => location.hash), /origins=one/);
    assert.match(
      (await visit.page.$eval("#embed-code", (code) => code.textContent)) ?? "",
      /origins="one"/,
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("bytes and connections behind a proxy are not said to be the browser’s", async (stage) => {
    const proxy = await proxied(stage, { Via: "1.1 proxy" });
    const visit = await stage.open(`${proxy.origin}/#rate=20&origins=one`);
    await visit.element();
    await visit.snapshot("counted bytes", counted);
    await until("columns that say where", async () => (await lastHops(visit)).length > 0);
    assert.deepEqual(await lastHops(visit), ["bytes", "overhead", "connections"]);
    const plain = await stage.open(`${stage.server.origin}/#rate=20`);
    await plain.element();
    const { proxied: seen } = await plain.snapshot("counted bytes", counted);
    assert.equal(seen, false);
    assert.deepEqual(await lastHops(plain), []);
    assert.deepEqual(visit.problems, []);
  });

  scene("what our own headers hide from a reader is shown by plain ones", async (stage) => {
    const proxy = await proxied(stage);
    const lanes = "lanes=sse-fetch,ndjson";
    const visit = await stage.open(`${proxy.origin}/#rate=20&origins=one&${lanes}`);
    await visit.element();
    await visit.snapshot("streams that pass", counted);
    const runs = await visit.runs();
    await visit.page.locator("#settings").click();
    await visit.page.locator("#plain-headers").click();
    await until("a new run", async () => (await visit.runs()) > runs);
    await visit.snapshot(
      "streams that the proxy keeps",
      (snapshot) =>
        snapshot.lanes.length > 0 &&
        snapshot.lanes.every(({ asked, running }) => running !== asked),
      30_000,
    );
    assert.match(await visit.page.evaluate(() => location.hash), /headers=plain/);
    assert.deepEqual(visit.problems, []);
  });

  scene("a delay within the clocks’ error is not shown as if it were known", async (stage) => {
    // Over a line of 60 ms there and back the clocks are known to ± 30 ms, and a message takes 30.
    const visit = await stage.open(
      `${stage.server.origin}/#rate=20&simulated=round-trip%3D60&lanes=sse,websocket`,
    );
    await visit.element();
    const { clock, lanes } = await visit.snapshot(
      "messages",
      ({ lanes: all }) => all.length > 0 && all.every(({ messages }) => messages > 20),
    );
    assert.ok(clock.errorMs > 25 && clock.errorMs < 40, `± ${clock.errorMs} ms`);
    for (const { asked, delay } of lanes) assert.ok((delay?.medianMs ?? 0) < 40, asked);
    const cells = await visit.page.$$eval("#cost td[data-column=median] .text", (texts) =>
      texts.map((text) => text.textContent),
    );
    for (const cell of cells) assert.match(cell, /^≤ \d+ ms$|^\d+ ms ± \d+$/);
    const labels = await visit.page.$eval("transport-playground", (element) =>
      [...(element.shadowRoot?.querySelectorAll("canvas") ?? [])].map((each) => each.ariaLabel),
    );
    for (const label of labels) assert.match(label ?? "", /median delay (≤ \d+ ms|\d+ ms ± \d+)/);
    assert.match(
      await visit.page.$eval("#cost .cost-notes", (notes) => notes.textContent),
      /± \d+ ms/,
    );
    assert.deepEqual(visit.problems, []);
  });
});
