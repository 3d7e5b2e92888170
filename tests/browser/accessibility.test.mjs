// What axe-core finds on the page in each of its states: nothing.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";

import { OtherOrigin, plainExample } from "./support/other_origin.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { listening } from "./support/listening.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Runs every rule of WCAG and of good practice, and names each element that breaks one.
 * @param {Visit} visit
 * @param {string} state
 */
async function nothingFound(visit, state) {
  // The page's own policy forbids scripts from elsewhere; the protocol is not bound by it.
  await visit.page.evaluate(axe);
  const found = await visit.page.evaluate(async () => {
    const { violations, passes } = await /** @type {any} */ (globalThis).axe.run(document, {
      resultTypes: ["violations"],
    });
    return {
      passes: passes.length,
      violations: violations.flatMap((/** @type {any} */ { id, nodes }) =>
        nodes.map(
          (/** @type {any} */ node) =>
            `${id}: ${node.target.flat().join(" ")}\n  ${node.html.slice(0, 160)}\n  ${node.failureSummary}`,
        ),
      ),
    };
  });
  assert.ok(found.passes > 10, "axe-core looked at the page");
  assert.deepEqual(found.violations, [], state);
}

/** @param {Visit} visit @param {"light" | "dark"} theme */
async function wear(visit, theme) {
  await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
}

inEveryBrowser("axe-core finds nothing", (scene) => {
  for (const { name, width, theme } of /** @type {const} */ ([
    { name: "on a wide screen", width: 1280, theme: "light" },
    { name: "in the dark", width: 1280, theme: "dark" },
    { name: "on a phone", width: 360, theme: "light" },
  ])) {
    scene(`on endpoints of other servers and their form, ${name}`, async (stage) => {
      const them = http.createServer((_, response) => {
        response.writeHead(200, {
          "Content-Type": "text/event-stream",
          "Access-Control-Allow-Origin": "*",
        });
        response.write(": hello\nretry: 500\n\nid: 1\nevent: tick\ndata: text\n\n");
      });
      stage.finally(() => {
        them.closeAllConnections();
        them.close();
      });
      const origin = `http://localhost:${await listening(them)}`;
      const endpoints = [
        { url: origin, sendTo: origin },
        { url: `${origin.replace("http", "ws")}/` },
      ];
      const visit = await stage.open("about:blank", { width, height: 800 });
      if (theme === "dark") await wear(visit, theme).catch(() => undefined);
      await visit.page.goto(
        `${stage.server.origin}/#lanes=sse&endpoint=${encodeURIComponent(JSON.stringify(endpoints))}`,
        { waitUntil: "load" },
      );
      await visit.element();
      await visit.page.waitForSelector(".endpoint-log .item");
      await visit.page.waitForSelector(".endpoint-why:not([hidden])");
      await nothingFound(visit, "followed");
      await visit.page.$eval("#endpoint-chips .chip", (chip) =>
        /** @type {HTMLElement} */ (chip).click(),
      );
      await visit.page.$$eval("#endpoint-form details", (parts) => {
        for (const part of parts) part.open = true;
      });
      await nothingFound(visit, "form");
    });

    scene(`on the page that runs, has a fault, shows all and stops, ${name}`, async (stage) => {
      const visit = await stage.open("about:blank", { width, height: 800 });
      if (theme === "dark") await wear(visit, theme).catch(() => undefined);
      await visit.page.goto(`${stage.server.origin}/#rate=20`, { waitUntil: "load" });
      await visit.element();
      await visit.flowing();
      await visit.page.$eval("#over-time", (charts) => charts.scrollIntoView());
      await visit.page.waitForSelector("#over-time canvas");
      await until("the advice", () =>
        visit.page.$eval("#which .ranking", (ranking) => ranking.childElementCount > 0),
      );
      await nothingFound(visit, "running");

      await visit.page.$eval('[data-fault="buffer"]', (button) =>
        /** @type {HTMLElement} */ (button).click(),
      );
      await visit.snapshot("the fault", ({ faults }) => faults.length > 0);
      await visit.page.$eval("#all-figures", (box) => /** @type {HTMLElement} */ (box).click());
      await visit.page.$eval("#compare-now", (box) => /** @type {HTMLElement} */ (box).click());
      await visit.page.waitForSelector("#keep table");
      await visit.page.$eval(".chart-table summary", (summary) =>
        /** @type {HTMLElement} */ (summary).click(),
      );
      for (const fold of ["#settings", "#faults .more"]) {
        await visit.page.$eval(fold, (button) => /** @type {HTMLElement} */ (button).click());
      }
      await nothingFound(visit, "a fault, all figures, a comparison, every list open");

      await visit.page.$eval("transport-playground", (lanes) => /** @type {any} */ (lanes).pause());
      await nothingFound(visit, "paused");

      await visit.page.$eval("#mode input[value=simulated]", (mode) =>
        /** @type {HTMLElement} */ (mode).click(),
      );
      await visit.snapshot("a simulated run", (now) => now.simulated && now.state === "running");
      await nothingFound(visit, "simulated");

      await visit.stop();
      await visit.state("stopped");
      await nothingFound(visit, "stopped");
      assert.deepEqual(visit.problems, []);
    });
  }

  scene("on the page of a static host", async (stage) => {
    const host = await OtherOrigin.start({
      directory: new URL("../../web/dist/", import.meta.url),
    });
    stage.finally(() => host.stop());
    const visit = await stage.open(`${host.origin}/#story=proxy`);
    await visit.element();
    await visit.flowing();
    await nothingFound(visit, "no server");
  });

  scene("where the server is gone", async (stage) => {
    const server = await PlaygroundServer.start();
    stage.finally(() => server.stop());
    const visit = await stage.open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.flowing();
    await server.stop();
    await visit.snapshot("trouble", ({ error }) => error !== "", 40_000);
    await nothingFound(visit, "gone in a run");
    await visit.start();
    await visit.text(/No playground server at/);
    await nothingFound(visit, "gone before a run");
  });

  scene("on an element that waits, is written wrongly, or has crashed", async (stage) => {
    const script = `${stage.server.origin}/transport-playground.js`;
    const other = await OtherOrigin.start({
      pages: {
        "/index.html": `<!doctype html><html lang="en"><head><meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Elements</title><link rel="icon" href="data:," />
          <script>delete globalThis.Worker; // the core is on this thread, to be broken from here</script>
          <script type="module" src="${script}"></script></head>
          <body><main><h1>Elements</h1>
          <transport-playground server="${stage.server.origin}"></transport-playground>
          </main></body></html>`,
      },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    await visit.element();
    await visit.state("empty");
    await nothingFound(visit, "empty");
    await visit.set({ rate: "fast" });
    await visit.text(/Press Start/);
    await nothingFound(visit, "written wrongly");
    await visit.start();
    await visit.flowing();
    await visit.page.evaluate(() => {
      performance.now = () => {
        Reflect.deleteProperty(performance, "now");
        throw new Error("broken");
      };
    });
    await visit.text(/The client has crashed/);
    await nothingFound(visit, "crashed");
  });

  scene("on the plain example", async (stage) => {
    const example = await plainExample(stage.server);
    stage.finally(() => example.stop());
    const visit = await stage.open(`${example.origin}/`);
    await visit.element();
    await visit.flowing();
    await nothingFound(visit, "the plain example");
  });
});
