// A smoke test in WebKitGTK, which is as near to Safari as Linux comes.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { PlaygroundServer } from "./support/playground_server.mjs";
import { until } from "./support/wait.mjs";
import { WebKit, watched } from "./support/webkit.mjs";

/** @typedef {import("./support/visit.mjs").Snapshot} Snapshot */
/** @typedef {import("./support/visit.mjs").TransportPlayground} TransportPlayground */

const TRANSPORTS = [
  ...["short-poll", "long-poll", "sse", "sse-native", "sse-fetch", "ndjson", "websocket"],
];
const RATE = 10;
const wanted = (process.env.BROWSER ?? "webkit").toLowerCase() === "webkit";

/** An address for a page without EventSource. */
const LACK = `if (location.search === "?no-EventSource") delete globalThis.EventSource;`;

describe(
  "smoke in WebKit",
  { skip: !wanted && "BROWSER names another one", concurrency: 1 },
  () => {
    /** @type {WebKit} */
    let webkit;
    /** @type {PlaygroundServer} */
    let server;
    let web = "";

    before(async () => {
      const built =
        process.env.PLAYGROUND_WEB ?? fileURLToPath(new URL("../../web/dist", import.meta.url));
      web = await watched(built, ["index.html"], LACK);
      [webkit, server] = await Promise.all([WebKit.launch(), PlaygroundServer.start({ web })]);
    });
    after(async () => {
      await webkit?.close();
      await server?.stop();
      await rm(web, { recursive: true, force: true });
    });

    const now = () =>
      webkit.evaluate(() => {
        const element = /** @type {TransportPlayground | null} */ (
          document.querySelector("transport-playground")
        );
        return element?.snapshot ?? null;
      });

    /** @param {string} what @param {(snapshot: Snapshot) => boolean} condition */
    const snapshot = (what, condition) =>
      until(
        what,
        async () => {
          const found = await now();
          return found && condition(found) && found;
        },
        {
          timeoutMs: 60_000,
          everyMs: 200,
          detail: async () => ({ snapshot: await now(), problems: await webkit.problems() }),
        },
      );

    /** @param {string} name @param {() => Promise<void>} play */
    const scene = (name, play) => {
      it(name, { timeout: 120_000 }, async () => {
        try {
          await play();
        } catch (error) {
          await webkit.screenshot(`WebKit ${name}`).catch(() => undefined);
          throw error;
        }
      });
    };

    scene("lanes move over every transport, and the page has no error", async () => {
      await webkit.goto(`${server.origin}/#rate=${RATE}&lanes=${TRANSPORTS.join(",")}`);
      const { lanes, clock } = await snapshot("messages on every lane", (found) =>
        found.lanes.every(({ messages, wire }) => messages >= 3 * RATE && wire !== null),
      );
      assert.deepEqual(
        lanes.map(({ asked, running, missing, duplicate, reordered }) => {
          return { asked, running, missing, duplicate, reordered };
        }),
        TRANSPORTS.map((asked) => {
          return { asked, running: asked, missing: 0, duplicate: 0, reordered: 0 };
        }),
      );
      assert.ok(clock.samples > 0);
      // What the lanes draw is more than a single colour.
      const drawn = await webkit.evaluate(async () => {
        const element = /** @type {TransportPlayground | null} */ (
          document.querySelector("transport-playground")
        );
        return [...((await element?.drawings()) ?? [])].map((canvas) => {
          const { width, height } = canvas;
          const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data;
          return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size;
        });
      });
      assert.equal(drawn.length, TRANSPORTS.length);
      for (const colours of drawn) assert.ok(colours > 2, drawn.join());
      assert.deepEqual(await webkit.problems(), []);
    });

    scene(
      "without EventSource the SSE lane runs over another transport, and says why",
      async () => {
        await webkit.goto(`${server.origin}/?no-EventSource#rate=${RATE}&lanes=sse,websocket`);
        const { lanes, decisions } = await snapshot("messages on both lanes", (found) =>
          found.lanes.every(({ messages }) => messages >= RATE),
        );
        assert.equal(lanes[0]?.running, "sse-fetch");
        assert.equal(lanes[0]?.missing, 0);
        const decision = decisions.find(({ lane }) => lane === "sse");
        assert.equal(decision?.reason, "lacks");
        assert.deepEqual(decision.parameters["lacking"], ["EventSource"]);
        assert.deepEqual(await webkit.problems(), []);
      },
    );

    scene("a buffered SSE lane falls back, and loses nothing", async () => {
      const faults = encodeURIComponent("buffer transport=sse; cut transport=sse after=3");
      await webkit.goto(`${server.origin}/?buffered#rate=${RATE}&lanes=sse&faults=${faults}`);
      const fallen = await snapshot("the lane over another transport", (found) =>
        found.lanes.every(({ running, messages }) => /poll/.test(running) && messages >= 3 * RATE),
      );
      assert.equal(fallen.lanes[0]?.missing, 0);
      assert.equal(fallen.lanes[0]?.reordered, 0);
      assert.ok(
        fallen.decisions.some(
          ({ lane, reason, parameters: { cause } }) =>
            lane === "sse" &&
            reason === "fell-back" &&
            (cause === "buffered" || cause === "no-answer"),
        ),
      );
    });

    scene("a story starts, live and simulated", async () => {
      await webkit.goto(`${server.origin}/?stories#rate=${RATE}&lanes=sse,websocket`);
      await snapshot("messages", ({ sent }) => sent > 0);
      for (const [story, simulated] of /** @type {const} */ ([
        ["dashboard", false],
        ["wake", true],
      ])) {
        await webkit.click(`[data-story="${story}"]`);
        await until(`the story ${story} in the link`, async () =>
          (await webkit.evaluate(() => location.hash)).includes(`story=${story}`),
        );
        await snapshot(`messages of ${story}`, (found) => {
          return found.simulated === simulated && found.sent > 0 && found.error === "";
        });
        assert.equal(
          await webkit.evaluate(
            (name) =>
              document.querySelector(`[data-story="${name}"]`)?.getAttribute("aria-pressed"),
            story,
          ),
          "true",
        );
      }
      assert.deepEqual(await webkit.problems(), []);
    });

    scene("PlaygroundEventSource receives, resumes, and says why it gives up", async () => {
      await webkit.goto(`${server.origin}/examples/plain/`);
      const seen = await webkit.evaluate(async () => {
        const address = "/event-source.js";
        /** @type {typeof import("../../web/src/event-source/event-source.ts")} */
        const { PlaygroundEventSource } = await import(address);
        const made = await fetch("/api/channels", { method: "POST", body: '{"rate":20}' });
        const { id } = await made.json();
        const source = new PlaygroundEventSource(`/api/channels/${id}/sse`);
        const first = source.readyState;
        const numbers = /** @type {number[]} */ ([]);
        await new Promise((resolve, reject) => {
          source.onmessage = ({ lastEventId }) => {
            // An id is the message's number and the channel's epoch: "7-a1b2c3".
            if (numbers.push(Number.parseInt(lastEventId, 10)) === 5) resolve(undefined);
          };
          source.onerror = reject;
        });
        // It comes back by itself, after the last one.
        source.onerror = null;
        const back = new Promise((resolve) => source.addEventListener("open", resolve));
        await fetch(`/api/channels/${id}/faults`, { method: "POST", body: '{"kind":"cut"}' });
        await back;
        const had = numbers.length;
        while (numbers.length < had + 5) await new Promise((resolve) => setTimeout(resolve, 20));
        source.close();
        const gone = new PlaygroundEventSource(`/api/channels/${"0".repeat(32)}/sse`);
        const status = await new Promise((resolve) => {
          gone.onerror = (event) => resolve(event.status);
        });
        return { first, numbers, status, closed: [source.readyState, gone.readyState] };
      });
      assert.equal(seen.first, 0);
      assert.deepEqual(
        seen.numbers,
        seen.numbers.map((_, index) => index + 1),
      );
      assert.equal(seen.status, 404);
      assert.deepEqual(seen.closed, [2, 2]);
    });
  },
);
