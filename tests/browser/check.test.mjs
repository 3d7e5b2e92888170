// "Check this path": the page of a check, against the real server, behind proxies, in a simulation,
// and where there is no server at all.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { keptFiles } from "./support/kept_files.mjs";
import { holdLongWaits } from "./support/long_waits.mjs";
import { OtherOrigin } from "./support/other_origin.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { Proxy } from "./support/proxy.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { press } from "./support/stories.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FIRST_VERDICT_MS = 15_000;
const QUICK_MS = 60_000;

/** What the page says. @param {Visit} visit */
const said = (visit) =>
  visit.page.evaluate(() => {
    const text = (/** @type {string} */ selector) =>
      document.querySelector(selector)?.textContent?.trim() ?? "";
    return {
      verdict: text("#verdict"),
      about: text("#about"),
      toggle: text("#toggle"),
      tags: text("#tags"),
      lanes: Object.fromEntries(
        [...document.querySelectorAll(".lanes .lane")].map((lane) => [
          lane.getAttribute("data-transport"),
          lane.querySelector(".lane-verdict strong")?.textContent ?? "",
        ]),
      ),
      findings: [...document.querySelectorAll(".finding h3")].map((each) => each.textContent ?? ""),
    };
  });

/**
 * @param {Visit} visit @param {string} what
 * @param {(now: Awaited<ReturnType<typeof said>>) => boolean} condition @param {number} [timeoutMs]
 */
const see = (visit, what, condition, timeoutMs = 15_000) =>
  until(
    what,
    async () => {
      const now = await said(visit);
      return condition(now) && now;
    },
    { timeoutMs, detail: () => said(visit) },
  );

/** @param {Visit} visit @param {number} [timeoutMs] */
const over = (visit, timeoutMs = QUICK_MS) =>
  see(visit, "the end of the check", ({ toggle }) => toggle === "Check again", timeoutMs);

/** But for what browsers report of statuses and ends that a check asks for. @param {Visit} visit */
const problems = ({ problems }) =>
  problems.filter(
    (words) =>
      /^(exception|console: policy)/.test(words) && !/server at ws:|connection to ws:/.test(words),
  );

/** Where the browser lets nobody read the clipboard. @param {Visit} visit */
async function watchClipboard({ page }) {
  await page.evaluate(() => {
    Object.assign(globalThis, { copied: undefined });
    Object.defineProperty(navigator, "clipboard", {
      configurable: true,
      value: {
        writeText: async (/** @type {string} */ text) => {
          Object.assign(globalThis, { copied: text });
        },
      },
    });
  });
  return () =>
    until("a copied text", () => page.evaluate(() => /** @type {any} */ (globalThis).copied));
}

/** @param {Visit} visit */
async function markdownOf(visit) {
  const copied = await watchClipboard(visit);
  await press(visit, "#markdown");
  return String(await copied());
}

inEveryBrowser("the check", (scene) => {
  scene("from the playground’s first screen finds nothing in a direct way", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/`);
    await visit.element();
    const link = await visit.page.$eval("#to-check", (each) => /** @type {any} */ (each).href);
    assert.equal(link, `${stage.server.origin}/check/?start`);
    const began = Date.now();
    await visit.page.goto(`${link}&silence=quick`);
    await see(
      visit,
      "a first verdict",
      ({ lanes }) => lanes.websocket === "works",
      FIRST_VERDICT_MS,
    );
    assert.ok(Date.now() - began < FIRST_VERDICT_MS);
    const { verdict, lanes, findings, about, tags } = await over(visit);
    assert.match(verdict, /^Nothing is in the way/);
    assert.deepEqual(findings, []);
    assert.deepEqual(new Set(Object.values(lanes)), new Set(["works"]));
    assert.match(about, new RegExp(`From this browser to localhost:${stage.server.port}`));
    assert.equal(tags, "quick");
    // What is drawn: six writes on each lane that can be written to.
    const dots = await visit.page.$$eval(".lanes .lane-writes", (places) =>
      places.map((place) => place.querySelectorAll(".arrived").length),
    );
    assert.deepEqual(dots, [6, 6, 6, 6, 0]);
    assert.match(await markdownOf(visit), /^## A cookie comes back as it was set$/m);
    assert.deepEqual(problems(visit), []);
  });

  scene("says that a cookie does not come back where another takes its place", async (stage) => {
    const proxy = await Proxy.start(stage.server, {}, { signs: { "set-cookie": "theirs=1" } });
    stage.finally(() => proxy.stop());
    const visit = await stage.open(`${proxy.origin}/check/?start&silence=quick`);
    const { findings } = await over(visit);
    assert.ok(findings.includes("A cookie does not come back"), findings.join());
    assert.deepEqual(problems(visit), []);
  });

  scene("behind a proxy that collects says that SSE is held back", async (stage) => {
    const proxy = await Proxy.start(
      stage.server,
      {},
      { heeds: false, signs: { Via: "1.1 nginx" } },
    );
    stage.finally(() => proxy.stop());
    const visit = await stage.open(`${proxy.origin}/check/?start&silence=quick`);
    const { verdict, lanes, findings, about } = await over(visit);
    assert.match(verdict, /Use WebSocket here\. Something on the way holds event streams back/);
    assert.equal(lanes.sse, "held back");
    assert.equal(lanes.websocket, "works");
    assert.ok(
      findings.some((title) => /^SSE is held back/.test(title)),
      findings.join(),
    );
    assert.match(about, /through what calls itself “.*nginx.*”/);
    const words = await markdownOf(visit);
    assert.match(words, /how many streams there may be at once\s+What the server writes is held/);
    assert.doesNotMatch(words, /Streams at once/);
    // The line for who runs it stands there, to be copied.
    const copied = await watchClipboard(visit);
    await visit.page.$eval(".finding .copy", (button) =>
      /** @type {HTMLElement} */ (button).click(),
    );
    assert.equal(await copied(), "proxy_buffering off;");
    assert.deepEqual(problems(visit), []);

    // The playground plays it, and decides by it.
    const play = await visit.page.$eval("#play", (each) => /** @type {any} */ (each).href);
    await visit.page.goto(play);
    await visit.element();
    const now = await visit.snapshot(
      "the faults",
      ({ faults, state }) => state === "running" && faults.some(({ kind }) => kind === "buffer"),
    );
    assert.ok(now.simulated);
    await visit.text(/In the way, as your check found\s+Streams are held back/);
    const boxes = await visit.page.$eval("#need-buffering", (box) => box.checkVisibility());
    assert.equal(boxes, false);
    await press(visit, "#needs-found button");
    const box = await visit.page.$eval("#need-buffering", (each) => ({
      checked: /** @type {HTMLInputElement} */ (each).checked,
      visible: each.checkVisibility(),
    }));
    assert.deepEqual(box, { checked: true, visible: true });
  });

  scene("goes on with silence in the background, and is stopped", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/check/`);
    const before = await see(visit, "the page", ({ toggle }) => toggle === "Check this path");
    assert.match(before.verdict, /What does your network do to these/);
    await press(visit, "#toggle");
    await see(
      visit,
      "a verdict",
      ({ verdict }) => /Nothing in the way so far/.test(verdict),
      20_000,
    );
    const { toggle, about } = await see(
      visit,
      "silence",
      ({ about }) => /left/.test(about),
      30_000,
    );
    assert.equal(toggle, "Stop here");
    assert.match(about, /\d+ of \d+ probes done/);
    await press(visit, "#toggle");
    const stopped = await over(visit);
    assert.match(stopped.about, /Stopped after \d+ of \d+ probes/);
    assert.deepEqual(problems(visit), []);
  });

  scene("is shared as a link, as Markdown and as a file", async (stage) => {
    const visit = await stage.open(
      `${stage.server.origin}/check/?start&simulated=silence&silence=65`,
    );
    const first = await over(visit);
    assert.match(first.verdict, /heartbeat under 20 s/);
    assert.match(first.tags, /^simulated: /);
    const markdown = await markdownOf(visit);
    assert.ok(markdown.startsWith(`# ${first.verdict}\n`), markdown.slice(0, 200));
    await press(visit, "#share");
    const link = await until("the link", () => {
      const url = visit.page.url();
      return url.includes("#result=") && url;
    });
    assert.ok(link.length < 30_000, `${link.length} characters`);
    const file = await keptFiles(visit);
    await press(visit, "#save");
    const kept = JSON.parse((await file("json")).text);
    assert.equal(kept.format, "transport-playground check");
    assert.equal(kept.report.verdict, first.verdict);
    assert.equal(kept.markdown, markdown);

    const other = await stage.open(link);
    const again = await see(other, "the result", ({ toggle }) => toggle === "Check from here");
    assert.deepEqual({ ...again, toggle: "", tags: "" }, { ...first, toggle: "", tags: "" });
    assert.match(again.tags, /^shared result/);
    assert.match(again.about, /Made on \d+ \w+ \d{4}/);
    const pictures = (/** @type {Visit} */ { page }) =>
      page.$$eval(".lanes svg", (all) => all.map((each) => each.outerHTML));
    assert.deepEqual(await pictures(other), await pictures(visit));
    assert.deepEqual([...problems(visit), ...problems(other)], []);
  });

  scene("says of a link that holds no result what is wrong with it", async (stage) => {
    const page = `${stage.server.origin}/check/`;
    const visit = await stage.open(page);
    /** @param {unknown} value */
    const packed = (value) =>
      visit.page.evaluate(async (text) => {
        const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
        const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
        return btoa(String.fromCharCode(...bytes))
          .replaceAll("+", "-")
          .replaceAll("/", "_");
      }, JSON.stringify(value));
    const made = new Date().toISOString();
    const format = "transport-playground check";
    const report = { format: 1, server: "http://a", state: "done", error: "", done: 0, total: 0 };
    const cases = /** @type {const} */ ([
      ["", /ends before its result begins/],
      ["%3Cb%3E", /characters that no result has/],
      ["abc", /cut short, or changed/],
      [(await packed("text")).replaceAll("=", ""), /is no result of a check/],
      [(await packed({ format })).replaceAll("=", ""), /does not say when it was made/],
      [
        (await packed({ format, made, report: { format: 2 } })).replaceAll("=", ""),
        /does not know/,
      ],
      [(await packed({ format, made, report })).replaceAll("=", ""), /no “left_ms”/],
      [(await packed({ format, made, a: "a".repeat(2e6) })).replaceAll("=", ""), /more than any/],
      ["a".repeat(300_000), /longer than any/],
    ]);
    for (const [text, words] of cases) {
      await visit.page.goto("about:blank");
      await visit.page.goto(`${page}#result=${text}`);
      const { about, verdict } = await see(visit, String(words), ({ about }) => words.test(about));
      assert.match(about, /check from here/);
      assert.equal(verdict, "This link does not hold a result.");
    }
    assert.deepEqual(problems(visit), []);
  });

  scene("of a static host asks for a server, and can be simulated", async (stage) => {
    const host = await OtherOrigin.start({
      directory: new URL("../../web/dist/", import.meta.url),
    });
    stage.finally(() => host.stop());
    const server = await PlaygroundServer.start({
      web: null,
      args: ["--allow-origin", host.origin],
    });
    stage.finally(() => server.stop());
    const visit = await stage.open(`${host.origin}/check/?start`);
    await see(visit, "that there is no server", ({ about }) => /no playground server/.test(about));
    assert.equal((await said(visit)).toggle, "Check this path");
    // Without an address the field says so.
    await press(visit, "#toggle");
    assert.ok(await visit.page.$eval("#server-address", (each) => each.matches(":focus:invalid")));

    await visit.page.keyboard.type(`localhost:${server.port}`);
    await visit.page.select("#silence", "quick");
    await press(visit, "#toggle");
    const live = await over(visit);
    assert.deepEqual([...new Set(Object.values(live.lanes))], ["works"]);
    assert.equal(live.verdict, "Nothing is in the way: every transport works here.");
    assert.match(live.about, new RegExp(`to localhost:${server.port}`));
    // Another port is another origin.
    assert.match(
      await markdownOf(visit),
      /^## Could not tell whether a cookie comes back\n\nThis page is of another origin/m,
    );

    await visit.page.focus('#where input[value="other"]');
    await visit.page.keyboard.press("ArrowRight");
    await visit.page.select("#way", "upgrade");
    await press(visit, "#toggle");
    const simulated = await see(
      visit,
      "a simulated one",
      ({ tags, toggle }) => /simulated/.test(tags) && toggle === "Check again",
    );
    assert.match(simulated.verdict, /lets no WebSocket through/);
    assert.equal(simulated.lanes.websocket, "does not work");
    assert.deepEqual(problems(visit), []);
  });

  scene("says where its server is gone, and where there is no WebAssembly", async (stage) => {
    const server = await PlaygroundServer.start();
    stage.finally(() => server.stop());
    const visit = await stage.open(`${server.origin}/check/`);
    await see(visit, "the page", ({ toggle }) => toggle === "Check this path");
    await visit.page.$eval("#options", () => fetch("../playground_check.wasm"));
    await visit.page.evaluate(async () => {
      await Promise.all(
        ["check-worker.js", "playground_check.js"].map((name) => fetch(`../${name}`)),
      );
    });
    const other = await stage.open("about:blank");
    await other.page.evaluateOnNewDocument(() => {
      Reflect.deleteProperty(globalThis, "Worker");
      Reflect.deleteProperty(globalThis, "WebAssembly");
    });
    await other.page.goto(`${server.origin}/check/?start`);
    const { verdict } = await see(other, "words", ({ verdict }) => /WebAssembly/.test(verdict));
    assert.match(verdict, /has WebAssembly switched off/);
    await server.stop();
    await visit.page.$eval("#server-address", (field) => {
      /** @type {HTMLInputElement} */ (field).value = "localhost:1";
    });
    await visit.page.$eval('#where input[value="other"]', (each) =>
      /** @type {HTMLElement} */ (each).click(),
    );
    await press(visit, "#toggle");
    const gone = await see(
      visit,
      "that it failed",
      ({ toggle, verdict }) => toggle === "Check this path" && verdict !== "Asking the server.",
      20_000,
    );
    assert.ok(gone.about.length > 20, gone.about);
  });

  for (const file of ["playground_check.js", "playground_check.wasm"]) {
    for (const never of [false, true]) {
      const what = never ? "never comes" : "is not there";
      scene(`says of a ${file} that ${what} which it is, and is asked for again`, async (stage) => {
        const path = `/${file}`;
        /** @param {import("node:http").ServerResponse} response */
        const answer = (response) => never || response.writeHead(404).end();
        const instead = /** @type {Record<string, (typeof answer)>} */ ({ [path]: answer });
        const directory = new URL("../../web/dist/", import.meta.url);
        const host = await OtherOrigin.start({ directory, instead });
        stage.finally(() => host.stop());
        const visit = await stage.open("about:blank");
        const endLongWaits = never ? await holdLongWaits(visit.page) : async () => {};
        await visit.page.goto(`${host.origin}/check/`);
        await visit.page.$eval('#where input[value="simulated"]', (each) =>
          /** @type {HTMLElement} */ (each).click(),
        );
        await visit.page.select("#silence", "quick");
        await press(visit, "#toggle");
        await until(`a request of ${path}`, () => host.requests.includes(path));
        await endLongWaits();
        const { about } = await see(
          visit,
          "that it could not be loaded",
          ({ verdict }) => verdict === "The check could not be loaded.",
        );
        assert.ok(about.includes(`${host.origin}${path}`), about);
        delete instead[path];
        await press(visit, "#toggle");
        const { verdict } = await over(visit);
        assert.notEqual(verdict, "The check could not be loaded.");
      });
    }
  }

  for (const { width, theme } of /** @type {const} */ ([
    { width: 1280, theme: "light" },
    { width: 360, theme: "dark" },
  ])) {
    scene(`can be used and read by everybody, ${width} pixels wide, ${theme}`, async (stage) => {
      const visit = await stage.open("about:blank", { width, height: 800 });
      const scheme = { name: "prefers-color-scheme", value: theme };
      await visit.page.emulateMediaFeatures([scheme]).catch(() => undefined);
      /** @param {string} state */
      const nothingFound = async (state) => {
        await visit.page.evaluate(axe);
        const found = await visit.page.evaluate(async () => {
          const { violations } = await /** @type {any} */ (globalThis).axe.run(document, {
            resultTypes: ["violations"],
          });
          return violations.flatMap((/** @type {any} */ { id, nodes }) =>
            nodes.map((/** @type {any} */ { html }) => `${id}: ${html.slice(0, 200)}`),
          );
        });
        assert.deepEqual(found, [], state);
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${state}: ${wide} px`);
      };
      await visit.page.goto(`${stage.server.origin}/check/?simulated=buffering`);
      await see(visit, "the page", ({ toggle }) => toggle === "Check this path");
      await nothingFound("before");
      // By keyboard alone: the focus stays on what starts and stops it.
      await visit.page.focus("#toggle");
      await visit.page.keyboard.press("Enter");
      await see(visit, "a verdict", ({ verdict }) => /held|holds/.test(verdict));
      await nothingFound("running");
      await over(visit);
      assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "toggle");
      for (const fold of await visit.page.$$("summary"))
        await fold.evaluate((each) => each.click());
      await nothingFound("over, everything unfolded");
      if (width === 360) {
        const small = await visit.page.$$eval("button, select, .places a, a.button", (all) =>
          all
            .filter((each) => each.checkVisibility())
            .map((each) => [each.textContent, each.getBoundingClientRect().height])
            .filter(([, height]) => Number(height) < 44),
        );
        assert.deepEqual(small, []);
      }
    });
  }
});
