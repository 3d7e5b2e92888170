// Every transport, the fallback, and what a page sees of a server that goes away.
import assert from "node:assert/strict";

import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Snapshot} Snapshot */

const TRANSPORTS = ["short-poll", "long-poll", "sse", "sse-fetch", "ndjson", "websocket"];
const RATE = 20;
/** SECONDS_PER_RUN=60 makes it the long run that a release is checked with. */
const SECONDS = Number(process.env.SECONDS_PER_RUN ?? 3);

/** @param {Snapshot} snapshot */
function assertNothingLost(snapshot) {
  const faults = snapshot.lanes.map(({ asked, missing, duplicate, reordered }) => ({
    asked,
    missing,
    duplicate,
    reordered,
  }));
  assert.deepEqual(
    faults,
    faults.map(({ asked }) => ({ asked, missing: 0, duplicate: 0, reordered: 0 })),
  );
}

/** @param {number} messages */
function everyLaneHas(messages) {
  return (/** @type {Snapshot} */ snapshot) =>
    snapshot.lanes.length > 0 && snapshot.lanes.every((lane) => lane.messages >= messages);
}

inEveryBrowser("transports", (scene) => {
  scene(
    `all six deliver ${RATE * SECONDS} messages without gap, repetition or disorder`,
    async ({ server, open }) => {
      const visit = await open(`${server.origin}/#rate=${RATE}&lanes=${TRANSPORTS.join(",")}`);
      await visit.element();
      const wanted = RATE * SECONDS;
      const snapshot = await visit.snapshot(
        `${wanted} messages on every lane`,
        everyLaneHas(wanted),
        SECONDS * 1000 + 20_000,
      );
      assert.deepEqual(
        snapshot.lanes.map(({ asked }) => asked),
        TRANSPORTS,
      );
      assertNothingLost(snapshot);
      for (const lane of snapshot.lanes) {
        assert.equal(lane.running, lane.asked, `${lane.asked} runs as itself`);
        assert.equal(lane.tag, "", `${lane.asked} is not marked`);
        assert.ok(lane.messages <= snapshot.sent, `${lane.asked} has no more than was sent`);
      }
      assert.deepEqual(visit.problems, []);
    },
  );

  scene("the figures are measured: delay, wire bytes, requests", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    await visit.set({ transports: TRANSPORTS.join(" "), rate: RATE, payload: 200 });
    await visit.start();
    const snapshot = await visit.snapshot(
      "a delay and a wire count on every lane",
      ({ lanes, clock }) =>
        clock.samples > 0 &&
        lanes.every((lane) => lane.delay && lane.bytesPerMessage && lane.messages >= RATE),
    );
    for (const lane of snapshot.lanes) {
      const { delay, bytesPerMessage, requests, firstMessageMs } = lane;
      assert.ok(delay && delay.medianMs <= delay.p95Ms && delay.p95Ms <= delay.maxMs, lane.asked);
      // A short poll comes once a second; nothing else should take longer than that here.
      assert.ok(delay.medianMs > -50 && delay.medianMs < 1500, `${lane.asked} ${delay.medianMs}`);
      assert.ok(bytesPerMessage && bytesPerMessage > 200, `${lane.asked} ${bytesPerMessage}`);
      assert.ok(requests >= 1, `${lane.asked} ${requests}`);
      assert.ok(firstMessageMs !== null && firstMessageMs >= 0, lane.asked);
    }
    assert.ok(snapshot.lanes.some((lane) => lane.bytesRatio === 1));
    assertNothingLost(snapshot);
  });

  scene(
    "without EventSource the SSE lane runs over another transport and says why",
    async ({ server, open }) => {
      const visit = await open(
        `${server.origin}/#rate=${RATE}&lanes=sse,websocket&without=EventSource`,
      );
      await visit.element();
      const snapshot = await visit.snapshot(`${RATE} messages on every lane`, everyLaneHas(RATE));
      const lane = snapshot.lanes.find(({ asked }) => asked === "sse");
      assert.ok(lane);
      assert.notEqual(lane.running, "sse");
      assert.notEqual(lane.tag, "");
      const decision = snapshot.decisions.find((made) => made.lane === "sse");
      assert.equal(decision?.reason, "lacks");
      assert.deepEqual(decision.parameters["lacking"], ["EventSource"]);
      assert.equal(decision.parameters["other"], lane.running);
      assertNothingLost(snapshot);
      await visit.text(/EventSource/);
      assert.deepEqual(visit.problems, []);
    },
  );

  scene("with nothing but XMLHttpRequest every lane still delivers", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    await visit.set({
      transports: TRANSPORTS.join(" "),
      rate: RATE,
      without: "EventSource WebSocket fetch",
    });
    await visit.start();
    const snapshot = await visit.snapshot(`${RATE} messages on every lane`, everyLaneHas(RATE));
    for (const lane of snapshot.lanes) assert.match(lane.running, /poll/, lane.asked);
    assertNothingLost(snapshot);
  });

  scene("a server that goes away is reported, and its return ends it", async (stage) => {
    const first = await PlaygroundServer.start();
    stage.finally(() => first.stop("SIGKILL"));
    const visit = await stage.open(`${first.origin}/`);
    await visit.element();
    await visit.set({ transports: TRANSPORTS.join(" "), rate: RATE });
    await visit.start();
    await visit.snapshot(`${RATE} messages on every lane`, everyLaneHas(RATE));

    await first.stop("SIGKILL");
    const gone = await visit.snapshot("the snapshot to say so", ({ error }) => error !== "");
    await visit.text(new RegExp(gone.error.slice(0, 20).replace(/[^A-Za-z0-9 ]/g, ".")));

    const second = await PlaygroundServer.start({ port: first.port });
    stage.finally(() => second.stop());
    await visit.snapshot(
      "the run to go on",
      ({ state, error, lanes }) =>
        state === "running" &&
        error === "" &&
        lanes.every((lane) => lane.open || lane.messages > 0),
      45_000,
    );
    const before = (await visit.now()).snapshot;
    assert.ok(before);
    await visit.snapshot("new messages on every lane", ({ lanes }) =>
      lanes.every((lane, index) => lane.messages >= (before.lanes[index]?.messages ?? 0) + 5),
    );
  });

  scene("opened and closed again and again, it leaves no connection behind", async (stage) => {
    const server = await PlaygroundServer.start();
    stage.finally(() => server.stop());
    const visit = await stage.open(`${server.origin}/#rate=${RATE}&lanes=${TRANSPORTS.join(",")}`);
    await visit.element();
    await visit.flowing();
    await visit.page.evaluate(() => document.querySelector("transport-playground")?.remove());
    await settled(server, "before the first run");

    /** @type {number[]} */
    const left = [];
    for (let round = 0; round < 8; round += 1) {
      await visit.page.evaluate(
        (transports, rate) => {
          const element = document.createElement("transport-playground");
          element.setAttribute("transports", transports);
          element.setAttribute("rate", String(rate));
          element.setAttribute("autoplay", "");
          document.body.prepend(element); // in view
        },
        TRANSPORTS.join(" "),
        RATE,
      );
      await visit.flowing();
      await visit.page.evaluate(() => document.querySelector("transport-playground")?.remove());
      left.push(await settled(server, `after run ${round + 1}`));
    }
    // What stays are idle connections that the browser keeps for the next request, at most six a
    // host. Were streams left open, every run would add five.
    const [early, late] = [Math.max(...left.slice(0, 4)), left.at(-1) ?? 0];
    assert.ok(late <= early + 2, `connections after each run: ${left.join(", ")}`);
    assert.deepEqual(visit.problems, []);
  });
});

/**
 * The number of the server's connections once it has not changed for half a second.
 * @param {PlaygroundServer} server
 * @param {string} when
 */
async function settled(server, when) {
  /** @type {number[]} */
  const counts = [];
  return until(
    `the connections to settle ${when}`,
    async () => {
      counts.push(await server.connections());
      const recent = counts.slice(-6);
      return recent.length === 6 && new Set(recent).size === 1 ? (recent[0] ?? null) : null;
    },
    { everyMs: 100, detail: () => counts },
  );
}
