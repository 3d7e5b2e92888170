// The element in anybody's page: what it fetches and when, how it follows its page's theme, and what
// of the page does not reach it.
import assert from "node:assert/strict";

import { OtherOrigin } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

const dist = new URL("../../web/dist/", import.meta.url);
const LANES = 'simulated="seed=1" transports="sse websocket"';
const FILES = /(widget|core-worker|playground_(core(_plain)?|live))\.(js|wasm)$/;

/**
 * A page that loads the element, beside its files.
 * @param {string} body
 * @param {{ head?: string, html?: string }} [options]
 */
const page = (body, { head = "", html = "" } = {}) => `<!doctype html>
  <html lang="en" ${html}><head><meta charset="utf-8" /><title>Docs</title>
  <link rel="icon" href="data:," />${head}
  <script type="module" src="/transport-playground.js"></script></head>
  <body>${body}</body></html>`;

/**
 * @param {Stage} stage
 * @param {string} body
 * @param {Parameters<typeof page>[1] & { width?: number, pages?: Record<string, string> }} [options]
 */
async function openPage(stage, body, { width = 1280, pages = {}, ...options } = {}) {
  const files = await OtherOrigin.start({
    directory: dist,
    pages: { "/docs.html": page(body, options), ...pages },
  });
  stage.finally(() => files.stop());
  const visit = await stage.open(`${files.origin}/docs.html`, { width });
  await visit.element();
  return visit;
}

/** The element's files that the page has fetched. @param {Visit} visit */
const fetched = (visit) =>
  visit.page.evaluate(
    (pattern) =>
      performance
        .getEntriesByType("resource")
        .map(({ name }) => name.split("/").pop() ?? "")
        .filter((name) => new RegExp(pattern).test(name)),
    FILES.source,
  );

/** @param {Visit} visit */
const scheme = (visit) =>
  visit.page.$eval("transport-playground", (element) => getComputedStyle(element).colorScheme);

/** A frame or two, so that what the page reports of itself has been reported. @param {Visit} visit */
const settled = (visit) =>
  visit.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))),
  );

/** Seen by the page's own script: keys that come to it. */
const KEYS = `<script>
  window.keys = [];
  for (const type of ["keydown", "keypress", "keyup"])
    document.addEventListener(type, ({ key }) => window.keys.push(key));
</script>`;

inEveryBrowser("the element in a page of somebody else's", (scene) => {
  for (const [sign, show] of /** @type {const} */ ([
    ["points at it", (/** @type {Visit} */ visit) => visit.page.hover("transport-playground")],
    ["moves the focus there", (/** @type {Visit} */ visit) => visit.page.keyboard.press("Tab")],
    [
      "presses Start",
      (/** @type {Visit} */ visit) =>
        visit.page.locator("transport-playground >>> .notice button").click(),
    ],
  ])) {
    scene(`nothing is fetched before a reader ${sign}`, async (stage) => {
      const visit = await openPage(stage, `<transport-playground ${LANES}></transport-playground>`);
      await settled(visit);
      assert.deepEqual(await fetched(visit), []);
      await /** @type {(visit: Visit) => Promise<void>} */ (show)(visit);
      await visit.widget();
      assert.ok((await fetched(visit)).includes("widget.js"));
      if (sign === "presses Start") await visit.flowing();
      assert.deepEqual(visit.problems, []);
    });
  }

  scene("a core is fetched for the kind of run that there is", async (stage) => {
    const body = `<transport-playground ${LANES} loading="eager"></transport-playground>`;
    const files = await OtherOrigin.start({ directory: dist, pages: { "/docs.html": page(body) } });
    stage.finally(() => files.stop());
    const visit = await stage.open(`${files.origin}/docs.html`);
    const cores = () => [
      ...new Set(files.requests.filter((path) => /playground_.*wasm$/.test(path))),
    ];
    await visit.element();
    await visit.start();
    await visit.flowing();
    assert.deepEqual(cores(), ["/playground_core.wasm"]);

    // Another kind of run takes the place of the one that is going on, and back again.
    await visit.page.$eval(
      "transport-playground",
      (element, server) => {
        element.setAttribute("server", server);
        element.removeAttribute("simulated");
      },
      stage.server.origin,
    );
    await visit.snapshot(
      "messages of a live run",
      ({ simulated, lanes }) => !simulated && lanes.every(({ messages }) => messages > 2),
    );
    assert.deepEqual(cores(), ["/playground_core.wasm", "/playground_live.wasm"]);
    await visit.page.$eval("transport-playground", (element) => {
      element.setAttribute("simulated", "");
    });
    await visit.snapshot(
      "messages of a simulated run",
      ({ simulated, lanes }) => simulated && lanes.every(({ messages }) => messages > 2),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("a core that is not there is said, and asked for again", async (stage) => {
    const statuses = /** @type {Record<string, number>} */ ({ "/playground_live.wasm": 404 });
    const body = `<transport-playground server="${stage.server.origin}"></transport-playground>`;
    const files = await OtherOrigin.start({
      directory: dist,
      pages: { "/docs.html": page(body) },
      statuses,
    });
    stage.finally(() => files.stop());
    const visit = await stage.open(`${files.origin}/docs.html`);
    await visit.element();
    await visit.start();
    await visit.state("failed");
    await visit.text(/could not be loaded/);
    delete statuses["/playground_live.wasm"];
    await visit.start();
    await visit.flowing();
  });

  for (const attribute of ['loading="eager"', "autoplay"]) {
    scene(`with ${attribute} it is fetched once it is in view`, async (stage) => {
      const visit = await openPage(
        stage,
        `<p style="height: 3000px">Before it</p>
         <transport-playground ${LANES} ${attribute}></transport-playground>`,
      );
      await settled(visit);
      assert.deepEqual(await fetched(visit), []);
      await visit.page.$eval("transport-playground", (element) => {
        element.scrollIntoView();
      });
      await visit.widget();
      if (attribute === "autoplay") await visit.flowing();
      else assert.equal((await visit.now()).state, "empty");
    });
  }

  scene(
    "the poster has the lanes, and takes the room of what comes in its place",
    async (stage) => {
      for (const width of [1280, 700, 360]) {
        const visit = await openPage(
          stage,
          '<transport-playground simulated="seed=1"></transport-playground><p id="after">After</p>',
          { width },
        );
        const below = () =>
          visit.page.$eval("#after", (after) => after.getBoundingClientRect().top + scrollY);
        const titles = await visit.page.$$eval("transport-playground >>> .name", (names) =>
          names.map((name) => name.textContent),
        );
        assert.deepEqual(titles, [
          "Short polling",
          "Long polling",
          "SSE",
          "NDJSON stream",
          "WebSocket",
        ]);
        const before = await below();
        await visit.page.hover("transport-playground");
        await visit.widget();
        const moved = Math.abs((await below()) - before);
        // In a narrow column the words below the lanes may take a line more or less.
        assert.ok(
          moved <= (width > 640 ? 4 : 30),
          `at ${width} px what follows moves by ${moved} px`,
        );
      }
    },
  );

  scene("one lane has room for the button over it", async (stage) => {
    const visit = await openPage(
      stage,
      '<transport-playground simulated transports="sse"></transport-playground>',
      { width: 360 },
    );
    for (const show of [() => undefined, () => visit.page.hover("transport-playground")]) {
      await show();
      await settled(visit);
      const inside = await visit.page.$eval("transport-playground", (element) => {
        const box = (/** @type {string} */ selector) =>
          element.shadowRoot?.querySelector(selector)?.getBoundingClientRect();
        const [card, notice] = [box(".card"), box(".notice")];
        return !!card && !!notice && notice.top >= card.top && notice.bottom <= card.bottom;
      });
      assert.ok(inside);
    }
  });

  scene(
    "without JavaScript its own children are shown",
    async (stage) => {
      const files = await OtherOrigin.start({
        directory: dist,
        pages: {
          "/docs.html": page(
            `<transport-playground ${LANES}><p>A picture.</p></transport-playground>`,
          ),
        },
      });
      stage.finally(() => files.stop());
      const visit = await stage.open("about:blank");
      await visit.page.setJavaScriptEnabled(false);
      await visit.page.goto(`${files.origin}/docs.html`);
      const seen = await visit.page.$("transport-playground > p");
      assert.ok(await seen?.isVisible());
    },
    { notIn: ["Firefox", "its driver cannot switch JavaScript off"] },
  );

  // How pages say that they are dark, and take it back.
  const DARK = /** @type {Record<string, string>} */ ({
    VitePress: 'root.classList.toggle("dark", dark)',
    "Docusaurus and Starlight": 'root.dataset.theme = dark ? "dark" : "light"',
    Bootstrap: 'root.dataset.bsTheme = dark ? "dark" : "light"',
    "MkDocs Material": 'body.dataset.mdColorScheme = dark ? "slate" : "default"',
    "Sphinx with furo": 'body.dataset.theme = dark ? "dark" : "light"',
    "color-scheme": 'root.style.colorScheme = dark ? "dark" : "light"',
    "its ground alone": 'body.style.background = dark ? "rgb(20 20 24)" : "white"',
  });
  scene("it is as light or dark as its page, and changes with it at once", async (stage) => {
    for (const [who, turn] of Object.entries(DARK)) {
      for (const started of [false, true]) {
        const visit = await openPage(
          stage,
          `<main><transport-playground ${LANES}></transport-playground></main>`,
        );
        if (started) {
          await visit.start();
          await visit.flowing();
        }
        for (const dark of [true, false, true]) {
          await visit.page.evaluate(
            (code, wanted) => {
              new Function("root", "body", "dark", code)(
                document.documentElement,
                document.body,
                wanted,
              );
            },
            turn,
            dark,
          );
          await until(
            `${who}: ${dark ? "dark" : "light"}`,
            async () => dark === ((await scheme(visit)) === "dark"),
          );
        }
        await visit.page.close();
      }
    }
  });

  scene("a page that leaves it to the reader is followed, and so is `theme`", async (stage) => {
    const visit = await openPage(stage, `<transport-playground ${LANES}></transport-playground>`, {
      head: '<meta name="color-scheme" content="light dark" />',
    });
    assert.equal(await scheme(visit), "light dark");
    await visit.set({ theme: "dark" });
    assert.equal(await scheme(visit), "dark");
    await visit.set({ theme: null });
    assert.equal(await scheme(visit), "light dark");
  });

  scene("nothing of the page's text styles reaches it", async (stage) => {
    const looks = [];
    for (const style of [
      "",
      `html { font-size: 10px } body { direction: rtl; font: italic 30px/3 cursive;
        letter-spacing: 4px; word-spacing: 9px; text-transform: uppercase; text-align: right;
        text-indent: 40px; white-space: pre; cursor: wait }
       * { line-height: 3 } main { width: 1200px }`,
    ]) {
      const visit = await openPage(
        stage,
        `<main style="width: 1200px"><transport-playground ${LANES} loading="eager"></transport-playground></main>`,
        { head: `<style>body { margin: 0 } ${style}</style>`, html: style && 'dir="rtl"' },
      );
      await visit.widget();
      looks.push(
        await visit.page.$eval("transport-playground >>> .card", (card) => {
          const words = card.querySelector(".notice-title") ?? card;
          const { font, letterSpacing, wordSpacing, textTransform, direction, textIndent } =
            getComputedStyle(words);
          const { width, height } = card.getBoundingClientRect();
          const [name] = card.querySelectorAll(".name");
          const left =
            (name?.getBoundingClientRect().left ?? 0) - card.getBoundingClientRect().left;
          return {
            ...{ font, letterSpacing, wordSpacing, textTransform, direction, textIndent },
            ...{ width, height: Math.round(height), left },
          };
        }),
      );
    }
    assert.deepEqual(looks[1], looks[0]);
  });

  scene(
    "a click meets the message under the pointer, however the page is scaled",
    async (stage) => {
      const visit = await openPage(
        stage,
        `<div id="box" style="width: 900px"><transport-playground ${LANES} speed="20"></transport-playground></div>`,
      );
      await visit.start();
      await visit.snapshot("a full picture", ({ elapsedMs }) => elapsedMs > 12_000);
      await visit.stop();
      await visit.page.evaluate(() => {
        const element = /** @type {any} */ (document.querySelector("transport-playground"));
        element.addEventListener("playground-pick", (/** @type {any} */ { detail }) => {
          Object.assign(globalThis, { picked: detail.seq });
        });
      });
      const picks = /** @type {Record<string, number[]>} */ ({});
      for (const style of [
        "",
        "zoom: 1.4",
        "transform: scale(0.6)",
        "transform: scale(1.2) skewX(8deg)",
      ]) {
        await visit.page.$eval(
          "#box",
          (box, text) => {
            /** @type {HTMLElement} */ (box).style.cssText =
              `width: 900px; ${text}; transform-origin: 0 0`;
          },
          style,
        );
        picks[style] = [];
        for (const part of [0.2, 0.5, 0.8]) {
          const at = await visit.page.evaluate((place) => {
            const canvas = /** @type {HTMLElement} */ (
              document.querySelector("transport-playground")?.shadowRoot?.querySelector("canvas")
            );
            // Where a point of the canvas is on the screen, through whatever transforms it.
            const { offsetWidth, offsetHeight } = canvas;
            const quad = document.createElement("div");
            quad.style.cssText = `position: absolute; width: 1px; height: 1px; left: ${offsetWidth * place}px; top: ${offsetHeight / 2}px`;
            const lane = /** @type {HTMLElement} */ (canvas.parentElement);
            const holder = document.createElement("div");
            holder.style.cssText =
              "grid-area: canvas; position: relative; pointer-events: none; width: 100%; height: 100%";
            holder.append(quad);
            lane.append(holder);
            const { left, top } = quad.getBoundingClientRect();
            holder.remove();
            return { left, top };
          }, part);
          await visit.page.evaluate(() => Object.assign(globalThis, { picked: 0 }));
          await visit.page.mouse.click(at.left, at.top);
          const seq = await until(`a pick with ${style}`, () =>
            visit.page.evaluate(() => /** @type {any} */ (globalThis).picked || null),
          );
          picks[style].push(seq);
        }
      }
      const [plain, ...scaled] = Object.values(picks);
      assert.equal(new Set(plain).size, 3, "three places, three messages");
      // Half-way between two messages a rounded pixel decides.
      for (const each of scaled) {
        const far = each.filter((seq, at) => Math.abs(seq - (plain?.[at] ?? 0)) > 1);
        assert.deepEqual(far, [], JSON.stringify(picks));
      }
    },
  );

  scene("the keys that it uses stay with it, and no others", async (stage) => {
    const visit = await openPage(
      stage,
      `<transport-playground ${LANES} loading="eager"></transport-playground>`,
      { head: KEYS },
    );
    await visit.widget();
    await visit.start();
    await visit.flowing();
    await visit.page.focus("transport-playground >>> .lanes");
    for (const key of ["ArrowLeft", "ArrowRight", "Home", "End", " ", "+", "-"]) {
      await visit.page.keyboard.press(/** @type {any} */ (key));
    }
    await visit.page.focus("transport-playground >>> canvas");
    for (const key of ["ArrowLeft", "Enter"])
      await visit.page.keyboard.press(/** @type {any} */ (key));
    const keys = () => visit.page.evaluate(() => /** @type {any} */ (window).keys);
    assert.deepEqual(await keys(), []);
    await visit.page.keyboard.press("s");
    assert.deepEqual(await keys(), ["s", "s", "s"]);
    await visit.page.keyboard.press("Escape");
    assert.ok((await keys()).includes("Escape"));
  });

  scene("it lives through going to another page and back", async (stage) => {
    const visit = await openPage(
      stage,
      `<transport-playground ${LANES} autoplay></transport-playground>`,
      {
        pages: {
          "/other.html": '<!doctype html><title>Another</title><link rel="icon" href="data:," />',
        },
      },
    );
    await visit.flowing();
    await visit.page.goto(new URL("/other.html", visit.page.url()).href);
    await visit.page.evaluate(() => {
      history.back();
    });
    const { elapsedMs } = await visit.flowing();
    await visit.snapshot("time that passes", (now) => now.elapsedMs > elapsedMs + 300);
    assert.deepEqual(visit.problems, []);
  });

  scene("a run goes on where its element is moved to", async (stage) => {
    const visit = await openPage(
      stage,
      `<main></main><transport-playground ${LANES} autoplay></transport-playground>`,
    );
    const { elapsedMs } = await visit.flowing();
    await visit.page.evaluate(() => {
      document.querySelector("main")?.append(document.querySelector("transport-playground") ?? "");
    });
    await visit.snapshot("time that passes", (now) => now.elapsedMs > elapsedMs + 500);
    assert.ok((await visit.runs()) <= 1);
    assert.deepEqual(visit.problems, []);
  });

  for (const { policy, apart } of [
    { policy: "worker-src blob: ORIGIN", apart: true },
    { policy: "worker-src blob:", apart: false },
    { policy: "worker-src 'none'", apart: false },
  ]) {
    const where = apart ? "in a worker" : "on the page's thread";
    scene(`from another origin, with ${policy}, the core runs ${where}`, async (stage) => {
      const { origin } = stage.server;
      const other = await OtherOrigin.start({
        pages: {
          "/docs.html": `<!doctype html><title>Docs</title><link rel="icon" href="data:," />
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; img-src data:; style-src 'self'; connect-src ${origin}; script-src ${origin} 'wasm-unsafe-eval'; ${policy.replace("ORIGIN", origin)}" />
            <script type="module" src="${origin}/transport-playground.js"></script>
            <transport-playground ${LANES} autoplay></transport-playground>`,
        },
      });
      stage.finally(() => other.stop());
      const visit = await stage.open("about:blank");
      await visit.page.evaluateOnNewDocument(() => {
        const real = Worker;
        globalThis.Worker = class extends real {
          /** @param {string | URL} address @param {WorkerOptions} [options] */
          constructor(address, options) {
            super(address, options);
            this.addEventListener("message", ({ data }) => {
              if (data === "ready") document.documentElement.setAttribute("data-apart", "");
            });
          }
        };
      });
      await visit.page.goto(`${other.origin}/docs.html`);
      await visit.element();
      await visit.flowing();
      assert.equal((await visit.page.$("[data-apart]")) !== null, apart);
      // A browser reports what a policy has forbidden, and nothing else is wrong.
      const rest = visit.problems.filter((words) => !/worker-src|violates|blocked/.test(words));
      assert.deepEqual(rest, []);
    });
  }

  scene("two versions of the script on a page do not disturb each other", async (stage) => {
    const visit = await openPage(
      stage,
      `<transport-playground ${LANES} autoplay></transport-playground>`,
      { head: '<script type="module" src="/transport-playground.js?v=2"></script>' },
    );
    await visit.flowing();
    // As hot reload does.
    await visit.page.evaluate(() => import(/** @type {any} */ ("/transport-playground.js?v=3")));
    await visit.page.evaluate((lanes) => {
      document.body.innerHTML = `<transport-playground ${lanes} autoplay></transport-playground>`;
    }, LANES);
    await visit.flowing();
    assert.deepEqual(visit.problems, []);
  });

  scene("a strict policy is enough for it", async (stage) => {
    const policy =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
      "style-src 'self'; connect-src 'self'; img-src data:";
    const visit = await openPage(
      stage,
      `<transport-playground ${LANES} story="proxy" height="400" autoplay></transport-playground>`,
      {
        head: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
      },
    );
    await visit.flowing();
    await settled(visit);
    assert.deepEqual(visit.problems, []);
  });

  scene(
    "a story is told with its two sentences, simulated where no server is named",
    async (stage) => {
      const visit = await openPage(
        stage,
        '<transport-playground story="proxy" rate="9"></transport-playground>',
      );
      await visit.start();
      await visit.flowing();
      const caption = await visit.page.$eval(
        "transport-playground >>> .caption",
        (element) => element.textContent ?? "",
      );
      assert.match(caption, /^Corporate proxy.+\. .+\.$/);
      const seen = await visit.page.$eval("transport-playground", (element) => {
        const { rate, window, environment, simulated } = /** @type {any} */ (element);
        return { rate, window, environment, simulated };
      });
      assert.deepEqual(seen, {
        ...{ rate: 9, window: 20, environment: "buffering-proxy" },
        simulated: { seed: 1 },
      });
      // With a server of its own it is live, and without it simulated again.
      for (const server of ["http://localhost:1", null]) {
        await visit.set({ server });
        const live = await visit.page.$eval(
          "transport-playground",
          (element) => /** @type {any} */ (element).simulated === null,
        );
        assert.equal(live, server !== null);
      }
      // Another one, and none.
      await visit.set({ story: "tabs" });
      await visit.text(/Seven tabs/);
      await visit.set({ story: null });
      const rest = await visit.page.$eval("transport-playground", (element) => ({
        environment: /** @type {any} */ (element).environment,
        hidden: /** @type {any} */ (element.shadowRoot?.querySelector(".caption")).hidden,
      }));
      assert.deepEqual(rest, { environment: "", hidden: true });
    },
  );

  scene("a story that does not exist is warned of, and the element is not blank", async (stage) => {
    const visit = await stage.open("about:blank");
    const warnings = /** @type {string[]} */ ([]);
    visit.page.on("console", (message) => {
      if (message.type() === "warn") warnings.push(message.text());
    });
    const files = await OtherOrigin.start({
      directory: dist,
      pages: {
        "/docs.html": page(
          `<transport-playground ${LANES} story="moon" loading="eager"></transport-playground>`,
        ),
      },
    });
    stage.finally(() => files.stop());
    await visit.page.goto(`${files.origin}/docs.html`);
    await visit.element();
    await until("a warning", () => warnings.length > 0);
    assert.match(warnings[0] ?? "", /story="moon".*proxy/);
    await visit.start();
    await visit.flowing();
    assert.equal(warnings.length, 1);
  });

  scene("its height and its controls are the page's to choose", async (stage) => {
    const visit = await openPage(
      stage,
      `<transport-playground ${LANES} height="420" controls="play"></transport-playground>`,
    );
    const height = () =>
      visit.page.$eval("transport-playground", (element) => element.getBoundingClientRect().height);
    assert.equal(await height(), 420);
    await visit.start();
    await visit.flowing();
    assert.equal(await height(), 420);
    const shown = (/** @type {string} */ selector) =>
      visit.page
        .$(`transport-playground >>> ${selector}`)
        .then((found) => found?.isVisible() ?? false);
    assert.deepEqual([await shown(".toggle"), await shown(".time")], [true, false]);
    await visit.set({ controls: "none" });
    assert.deepEqual([await shown(".toggle"), await shown(".time")], [false, false]);
    await visit.set({ controls: "full" });
    assert.deepEqual([await shown(".toggle"), await shown(".time")], [true, true]);
  });

  scene(
    "a thousand that come and go leave nothing behind",
    async (stage) => {
      const visit = await openPage(
        stage,
        `<transport-playground ${LANES} loading="eager"></transport-playground>`,
      );
      await visit.widget();
      const left = await visit.page.evaluate(async (lanes) => {
        const kept = /** @type {WeakRef<Element>[]} */ ([]);
        const frame = () => new Promise((resolve) => setTimeout(resolve, 0));
        for (let i = 0; i < 1000; i += 1) {
          const holder = document.createElement("div");
          holder.innerHTML = `<transport-playground ${lanes}></transport-playground>`;
          const element = /** @type {any} */ (holder.firstElementChild);
          document.body.append(holder);
          kept.push(new WeakRef(element));
          // Some of them were run.
          if (i % 100 === 0) await element.start();
          if (i % 20 === 0) await frame();
          holder.remove();
        }
        // Memory that is asked for and let go has the browser collect what nobody holds.
        for (let i = 0; i < 60; i += 1) {
          Array.from({ length: 40 }, () => new Uint8Array(1 << 20).fill(1));
          await new Promise((resolve) => setTimeout(resolve, 50));
          if (kept.filter((each) => each.deref() !== undefined).length <= 50) break;
        }
        return kept.filter((each) => each.deref() !== undefined).length;
      }, LANES);
      assert.ok(left <= 50, `${left} of 1,000 elements are still there`);
      assert.deepEqual(visit.problems, []);
    },
    { notIn: ["Firefox", "a page cannot have its memory collected there"] },
  );

  scene("the frame's page leads to its oEmbed JSON, and that to the frame", async (stage) => {
    const page = `${stage.server.origin}/embed.html`;
    const html = await (await fetch(page)).text();
    const [, href = ""] = /type="application\/json\+oembed" href="([^"]+)"/.exec(html) ?? [];
    const answer = await (await fetch(new URL(href, page))).json();
    assert.deepEqual([answer.version, answer.type], ["1.0", "rich"]);
    assert.ok(answer.width > 0 && answer.height > 0);
    const [, frame = ""] =
      /<iframe src="([^"]+)" .*sandbox="allow-scripts"/.exec(answer.html) ?? [];
    assert.equal(new URL(frame, page).href, page);
  });

  scene("in a frame that may only run scripts it runs, and says how high it is", async (stage) => {
    const visit = await stage.open("about:blank");
    const other = await OtherOrigin.start({
      pages: {
        "/index.html": `<!doctype html><title>Docs</title><link rel="icon" href="data:," />
          <iframe sandbox="allow-scripts" style="border: 0; width: 800px"
            src="${stage.server.origin}/embed.html?story=proxy&controls=play&autoplay"></iframe>
          <script>
            addEventListener("message", ({ data }) => {
              if (data.type === "transport-playground-height")
                document.querySelector("iframe").style.height = data.height + "px";
            });
          </script>`,
      },
    });
    stage.finally(() => other.stop());
    await visit.page.goto(`${other.origin}/`);
    const frame = await until("the frame", () =>
      visit.page.frames().find((each) => each.url().includes("embed.html")),
    );
    await until("messages on every lane", () =>
      frame.evaluate(() => {
        const element = /** @type {any} */ (document.querySelector("transport-playground"));
        const lanes = element?.snapshot?.lanes ?? [];
        return lanes.length === 5 && lanes.every((/** @type {any} */ lane) => lane.messages > 0);
      }),
    );
    const height = await visit.page.$eval("iframe", (each) => each.clientHeight);
    const content = await frame.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(height > 300 && Math.abs(height - content) <= 1, `${height}, of ${content}`);
    assert.deepEqual(visit.problems, []);
  });
});
