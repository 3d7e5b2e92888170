// The page in headless Chromium against the real server: work of the main thread, exact counters at
// a high rate, memory that does not grow, and how soon the first lane moves.
import { browsers } from "../browser/support/browsers.mjs";
import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { Visit } from "../browser/support/visit.mjs";
import { framesOf } from "./main_thread.mjs";

const SIX_LANES = "short-poll,long-poll,sse,sse-fetch,ndjson,websocket";
const FRAME_MS = { atMost: 4 };
const WORST_FRAME_MS = { atMost: 50 };
/** What an hour of six lanes at five messages a second is. */
const MESSAGES_OF_AN_HOUR = 6 * 5 * 3600;
const GROWTH = { atMost: 1.05 };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function withPage(use) {
  const chromium = browsers.find(({ name }) => name === "Chromium");
  if (!chromium) throw new Error("the page is measured in Chromium");
  const server = await PlaygroundServer.start({ args: ["--max-requests-per-second", "0"] });
  // A profile of its own each time: nothing is in a cache.
  const browser = await chromium.launch();
  try {
    return await use({ browser, origin: server.origin });
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens the page, and waits until every lane delivers. */
async function opened(browser, url, before = async () => {}) {
  const visit = await Visit.open(browser, "about:blank");
  await before(visit.page);
  await visit.page.goto(url, { waitUntil: "load" });
  await visit.element();
  await visit.flowing();
  return visit;
}

const messagesOf = ({ snapshot }) =>
  snapshot.lanes.reduce((sum, { messages }) => sum + messages, 0);

/** Bytes of JavaScript's heaps after a collection, the page's and its core's, and of the core's memory. */
async function memory({ page }) {
  const [core] = page.workers();
  if (!core) throw new Error("the core does not run on a thread of its own");
  let heap = 0;
  const session = await page.createCDPSession();
  for (const thread of [session, core.client]) {
    await thread.send("HeapProfiler.enable");
    // What is under way in a moment is live as well: the least of some is what stays.
    const sizes = [];
    for (let time = 0; time < 5; time += 1) {
      await thread.send("HeapProfiler.collectGarbage");
      sizes.push((await thread.send("Runtime.getHeapUsage")).usedSize);
      await sleep(50);
    }
    heap += Math.min(...sizes);
    await thread.send("HeapProfiler.disable");
  }
  await session.detach();
  const wasm = await core.evaluate(() =>
    globalThis.coreMemories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  );
  return { heap, wasm };
}

/** Keeps hold of the memory of every module that the core's thread makes. */
async function findMemories(page) {
  const hold = () => {
    globalThis.coreMemories = [];
    const found = (result) => {
      const { exports } = result.instance ?? result;
      globalThis.coreMemories.push(
        ...Object.values(exports).filter((each) => each instanceof WebAssembly.Memory),
      );
      return result;
    };
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = (...sources) => real.apply(WebAssembly, sources).then(found);
    }
  };
  await page.setRequestInterception(true);
  page.on("request", async (request) => {
    if (request.url().endsWith("/core-worker.js")) {
      const script = await (await fetch(request.url())).text();
      const body = `(${hold})();\n${script}`;
      await request.respond({ contentType: "text/javascript", body });
      // Or the worker's own requests would wait for an answer from here.
      await page.setRequestInterception(false);
    } else {
      await request.continue().catch(() => undefined);
    }
  });
}

/** A run gets so many messages and then no more: nothing is under way at the end. */
function limitMessages(count) {
  return (page) =>
    page.evaluateOnNewDocument((limit) => {
      const { postMessage } = MessagePort.prototype;
      MessagePort.prototype.postMessage = function (call, ...rest) {
        if (call?.method === "start") {
          const [run, kind, json] = call.args;
          const settings = JSON.parse(json);
          settings.scenario = { ...settings.scenario, count: limit };
          call = { ...call, args: [run, kind, JSON.stringify(settings)] };
        }
        postMessage.call(this, call, ...rest);
      };
    }, count);
}

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export function pageBenches({ value, median, quick }) {
  const seconds = quick ? 5 : 15;

  function frameRows(title, frames, tracedS = seconds) {
    const work = frames.map(({ workMs }) => workMs);
    const wall = frames.map(({ wallMs }) => wallMs);
    // Frames are late where others have the processor, and then hold more.
    const busy = work.reduce((sum, each) => sum + each, 0) / (10 * tracedS);
    const detail =
      `${frames.length} frames, median ${percentile(work, 0.5).toFixed(2)}; ` +
      `by the clock p95 ${percentile(wall, 0.95).toFixed(2)}, worst ${Math.max(...wall).toFixed(1)}; ${busy.toFixed(0)} % of a core`;
    value(`${title}, frame p95`, "ms", percentile(work, 0.95), FRAME_MS, detail);
    value(`${title}, worst frame`, "ms", Math.max(...work), WORST_FRAME_MS);
    const core = frames.map(({ coreMs }) => coreMs);
    value(
      `${title}, the core's own thread, p95 in a frame`,
      "ms",
      percentile(core, 0.95),
      undefined,
      `median ${percentile(core, 0.5).toFixed(2)}, worst ${Math.max(...core).toFixed(1)}`,
    );
  }

  async function flatness(title, visit, moments) {
    const taken = [];
    for (const moment of moments) {
      await moment();
      const now = await visit.now();
      taken.push({ ...(await memory(visit)), messages: messagesOf(now), now });
    }
    const [first, second, last] = taken;
    for (const [words, kind] of [
      ["JavaScript heap", "heap"],
      ["core's memory", "wasm"],
    ]) {
      value(
        `${title}, ${words}, end to first third`,
        "",
        last[kind] / first[kind],
        GROWTH,
        [first, second, last].map((each) => mebibytes(each[kind])).join(", "),
      );
    }
    return last;
  }

  return {
    async "page, frames at 6 lanes x 100/s"() {
      await withPage(async ({ browser, origin }) => {
        const visit = await opened(browser, `${origin}/#rate=100&payload=64&lanes=${SIX_LANES}`);
        // The lanes show ten seconds.
        await sleep(11_000);
        const trace = () => framesOf(visit.page, () => sleep(1000 * seconds));
        frameRows("page, 6 lanes x 100/s", await trace());
        // A screen that shows all of the page at once.
        await visit.page.setViewport({ width: 1280, height: 3600 });
        await visit.page.waitForSelector("#over-time canvas");
        await sleep(2000);
        frameRows("page, the same with all of the page in sight", await trace());
      });
    },

    async "page, 5,000/s on one lane"() {
      const [rate, count] = [5000, 5000 * (11 + seconds)];
      for (const [lane, title] of [
        ["sse", "SSE"],
        ["websocket", "WebSocket"],
      ]) {
        await withPage(async ({ browser, origin }) => {
          const visit = await opened(
            browser,
            `${origin}/#rate=${rate}&payload=16&lanes=${lane}`,
            limitMessages(count),
          );
          await visit.snapshot("ten seconds of it", ({ sent }) => sent > 10 * rate);
          const frames = await framesOf(visit.page, () => sleep(1000 * (seconds - 1)));
          frameRows(`page, 5,000/s over ${title}`, frames, seconds - 1);
          const { sent, lanes } = await visit.snapshot(
            "the last message",
            (now) => now.sent >= count,
            60_000,
          );
          const [{ messages, missing, duplicate, reordered }] = lanes;
          value(
            `page, 5,000/s over ${title}, miscounted`,
            "",
            Math.abs(count - sent) + Math.abs(count - messages) + missing + duplicate + reordered,
            { atMost: 0 },
            `${messages} of ${count} delivered, ${missing} missing, ${duplicate} twice`,
          );
        });
      }
    },

    async "page, memory, live"() {
      // The lanes remember 200,000 messages at most; from then on nothing may grow but the browser's
      // compiled code, which is of the heap and takes four minutes (a --quick run counts it in).
      const rate = 5000;
      const warm = quick ? 200_000 : 240 * rate;
      const total = warm + (quick ? 1 : 4) * MESSAGES_OF_AN_HOUR;
      await withPage(async ({ browser, origin }) => {
        const visit = await opened(
          browser,
          `${origin}/#rate=${rate}&payload=16&lanes=sse`,
          findMemories,
        );
        const past = (messages) => () =>
          visit.snapshot(`${messages} messages`, ({ sent }) => sent >= messages, 600_000);
        const { messages } = await flatness("page, live at 5,000/s", visit, [
          past(warm + (total - warm) / 3),
          past(warm + (2 * (total - warm)) / 3),
          past(total),
        ]);
        value(
          "page, live, messages of that run",
          "",
          messages,
          undefined,
          `an hour has ${MESSAGES_OF_AN_HOUR}`,
        );
      });
    },

    async "page, memory, simulated hours"() {
      const hours = quick ? 1 : 3;
      await withPage(async ({ browser, origin }) => {
        const visit = await opened(
          browser,
          `${origin}/#rate=5&payload=64&lanes=${SIX_LANES}&simulated=seed=7&speed=1000`,
          findMemories,
        );
        const past = (part) => () =>
          visit.snapshot(
            `${part} of the run`,
            ({ elapsedMs }) => elapsedMs >= part * hours * 3_600_000,
            300_000,
          );
        const { messages } = await flatness(`page, ${hours} h simulated`, visit, [
          past(1 / 3),
          past(2 / 3),
          past(1),
        ]);
        value(`page, ${hours} h simulated, messages of that run`, "", messages, undefined);
      });
    },

    async "page, cold start"() {
      const times = [];
      for (let round = 0; round < (quick ? 2 : 5); ++round) {
        await withPage(async ({ browser, origin }) => {
          const visit = await Visit.open(browser, "about:blank");
          await visit.page.evaluateOnNewDocument(() => {
            // A lane moves when dots in its own colour, as what a connection draws has not, are
            // elsewhere than in the frame before. The sketch has dots as well, and stands still:
            // the first change puts the run in its place.
            let [before, changes] = ["", 0];
            const look = () => {
              const element = document.querySelector("transport-playground");
              const live = element?.state === "running" || element?.state === "connecting";
              const lanes = live ? [...element.shadowRoot.querySelectorAll("canvas")] : [];
              const now = lanes.flatMap((lane) => {
                const [width, height] = [200, lane.height];
                if (lane.width < width) return [];
                const copy = new OffscreenCanvas(width, height).getContext("2d");
                copy.drawImage(lane, width - lane.width, 0);
                const { data } = copy.getImageData(0, 0, width, height);
                let [dots, place] = [0, 0];
                for (let i = 0; i < data.length; i += 4) {
                  const rgb = [data[i], data[i + 1], data[i + 2]];
                  if (data[i + 3] <= 240 || Math.max(...rgb) - Math.min(...rgb) <= 60) continue;
                  dots += 1;
                  place += (i / 4) % width;
                }
                return dots > 0 ? [`${dots} at ${place}`] : [];
              });
              if (before !== "" && now.length > 0 && now.join() !== before) changes += 1;
              before = now.join();
              if (changes >= 2) globalThis.movesAt = performance.now();
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          });
          await visit.page.goto(`${origin}/`, { waitUntil: "domcontentloaded" });
          await visit.page.waitForFunction(() => globalThis.movesAt > 0, { timeout: 30_000 });
          times.push(await visit.page.evaluate(() => globalThis.movesAt));
        });
      }
      value(
        "page, from navigation to a lane that moves",
        "ms",
        median(times),
        { atMost: 1000 },
        times.map((each) => each.toFixed(0)).join(", "),
      );
    },
  };
}
