// Every fault on every transport, in live runs: the lanes that it concerns lose nothing and say what
// they did, and the others do not notice. Each run has a server of its own, and all of them are in
// one page, some at a time.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { it } from "node:test";

import { decides } from "./support/decisions.mjs";
import { FAULTS, STREAMS, TRANSPORTS } from "./support/fault_matrix.mjs";
import { playRun } from "./support/fault_run.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";

/** @typedef {import("../../web/src/contract/core-module.ts").LaneSnapshot} LaneSnapshot */
/** @typedef {import("../../web/src/contract/core-module.ts").Snapshot} Snapshot */
/** @typedef {import("../../web/src/contract/core-module.ts").TransportId} TransportId */
/** @typedef {import("./support/fault_matrix.mjs").FaultRow} FaultRow */
/** @typedef {import("./support/fault_matrix.mjs").SeenBy} SeenBy */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** Of each half the lanes are hit together, while those of the other one must not notice. */
const HALVES = /** @type {TransportId[][]} */ ([
  ["short-poll", "sse", "sse-native", "ndjson"],
  ["long-poll", "sse-fetch", "websocket"],
]);
const AT_ONCE = 8;
const LADDER = ["sse", "sse-fetch", "long-poll", "short-poll"];

/** Browsers open one WebSocket after the other to an address (RFC 6455 4.1): each run has its own. */
let addresses = 1;

/**
 * Runs a row on the lanes `hit`, and says what was not as it should be.
 * @param {Visit} visit @param {FaultRow} row @param {TransportId[]} hit
 */
async function complaintsOf(visit, row, hit) {
  const server = await PlaygroundServer.start({
    host: `127.0.0.${(addresses += 1)}`,
    web: null,
    args: ["--heartbeat", "1"],
  });
  try {
    const seconds = row.seconds + 4;
    const rate = row.rate ?? 20;
    const { before, after } = await visit.page.evaluate(playRun, {
      settings: {
        server: server.origin,
        lanes: TRANSPORTS,
        scenario: { rate, count: rate * seconds },
        shortPollMs: 250,
      },
      faults: hit.flatMap(row.faults),
      timeoutMs: 1000 * (seconds + 30),
    });
    const complaints = after.lanes.flatMap((lane) => {
      const unsound = propertiesOf(lane, after, rate * seconds);
      const amiss = hit.includes(lane.asked)
        ? hitLane(lane, row, before, after)
        : sparedLane(lane, row, after);
      return [...unsound, ...amiss].map((text) => `${row.name}, ${lane.asked}: ${text}`);
    });
    if (row.seen.streams === "late") complaints.push(...lateness(row, hit, before, after));
    if (complaints.length > 0) {
      complaints.push(...after.decisions.map((each) => `  ${JSON.stringify(each)}`));
    }
    return complaints;
  } catch (error) {
    return [`${row.name}, hitting ${hit.join()}: ${String(error)}`];
  } finally {
    await server.stop();
  }
}

/**
 * What holds whatever goes wrong: everything once and in order, but for announced gaps.
 * @param {LaneSnapshot} lane @param {Snapshot} snapshot @param {number} count
 */
function* propertiesOf(lane, snapshot, count) {
  const { asked, running, messages, missing, reordered } = lane;
  const decisions = snapshot.decisions.filter((each) => each.lane === asked);
  if (messages + missing !== count) yield `${messages} of ${count} messages, ${missing} missing`;
  const announced = decisions
    .filter(({ reason }) => reason === "gap" || reason === "numbered-anew")
    .reduce((sum, { parameters }) => sum + Number(parameters["count"]), 0);
  if (missing !== announced) yield `${missing} missing, ${announced} announced`;
  if (reordered !== 0) yield `${reordered} out of order`;
  if (running !== asked && !LADDER.includes(running)) yield `ended as ${running}`;
  for (const { text, atMs } of decisions) {
    if (!/\*\*.+\*\*/.test(text) || !(atMs >= 0 && atMs <= snapshot.elapsedMs)) {
      yield `decided '${text}' at ${atMs}`;
    }
  }
}

/** @param {LaneSnapshot} lane @param {FaultRow} row @param {Snapshot} before @param {Snapshot} after */
function* hitLane(lane, row, before, after) {
  const expected =
    row.seen[/** @type {SeenBy} */ (STREAMS.includes(lane.asked) ? "streams" : lane.asked)];
  if (!expected) return;
  const trouble = after.decisions.filter((each) => each.lane === lane.asked && each.trouble);
  if (expected === "nothing" || expected === "late") {
    const told = ["held-writes", "lumps", "one-behind"];
    for (const { reason, text } of trouble) {
      if (expected !== "late" || !told.includes(reason)) yield `decided '${text}'`;
    }
    if (lane.reconnects > 0) yield `${lane.reconnects} reconnects`;
    const latest = lane.delay?.maxMs ?? 0;
    if (expected === "late" && latest < (row.lateMs ?? 0)) yield `late by ${latest} ms at most`;
  } else if (expected === "another connection") {
    if (lane.connections < 2) yield `${lane.connections} connections`;
  } else {
    const made = trouble.find((each) => expected.some((wanted) => decides(each, wanted)));
    if (!made) yield `no decision is one of ${JSON.stringify(expected)}`;
    else if (made.atMs < before.elapsedMs) yield `decided before the fault`;
  }
  if (lane.duplicate > 0 !== Boolean(row.repeats)) yield `${lane.duplicate} repeated`;
}

/** @param {LaneSnapshot} lane @param {FaultRow} row @param {Snapshot} after */
function* sparedLane(lane, row, after) {
  const { asked, running, duplicate, reconnects, tag } = lane;
  for (const { lane: concerned, trouble, text } of after.decisions) {
    if (concerned === asked && trouble && !row.concernsAll) yield `noticed: '${text}'`;
  }
  if (running !== asked || tag !== "") yield `runs as ${running}, marked '${tag}'`;
  if (duplicate + reconnects > 0) yield `${duplicate} repeated, ${reconnects} reconnects`;
}

/**
 * Of two streams at the same time, one that is held up has more that is late than one that is not.
 * @param {FaultRow} row @param {TransportId[]} hit @param {Snapshot} before @param {Snapshot} after
 */
function* lateness(row, hit, before, after) {
  const lateIn = (/** @type {LaneSnapshot | undefined} */ lane) =>
    (lane?.delay?.parts ?? [])
      .filter(([largestMs]) => largestMs >= (row.lateMs ?? 0))
      .reduce((sum, [, count]) => sum + count, 0);
  const streams = after.lanes
    .map((lane, index) => ({ lane, late: lateIn(lane) - lateIn(before.lanes[index]) }))
    .filter(({ lane }) => !lane.asked.endsWith("-poll"));
  const [held, spared] = [true, false].map((isHit) =>
    streams.filter(({ lane }) => hit.includes(lane.asked) === isHit),
  );
  const fewest = Math.min(...(held ?? []).map(({ late }) => late));
  for (const { lane, late } of spared ?? []) {
    if (2 * late >= fewest) {
      yield `${row.name}, ${lane.asked}: ${late} messages late, of the lanes that are hit ${fewest}`;
    }
  }
}

it("the matrix has every fault there is", async () => {
  const api = await readFile(new URL("../../docs/api.md", import.meta.url), "utf8");
  const table = /\| kind \|[^\n]*\n(?:\|[^\n]*\n)+/.exec(api)?.[0] ?? "";
  const kinds = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind);
  const played = FAULTS.flatMap(({ on, faults }) => on.flatMap(faults).map(({ kind }) => kind));
  assert.equal(kinds.length, 17);
  assert.deepEqual([...new Set(played)].sort(), kinds.sort());
});

inEveryBrowser("faults", (scene) => {
  scene(
    "every fault on every transport: nothing lost, nothing twice, reasons given",
    async (stage) => {
      const visit = await stage.open(`${stage.server.origin}/examples/plain/`);
      const runs = FAULTS.flatMap((row) =>
        HALVES.map((half) => ({ row, hit: half.filter((each) => row.on.includes(each)) })),
      ).filter(({ hit }) => hit.length > 0);
      // The longest first, so that none of them is left for the end.
      runs.sort((one, other) => other.row.seconds - one.row.seconds);
      const complaints = /** @type {string[]} */ ([]);
      const work = async () => {
        for (let run = runs.shift(); run; run = runs.shift()) {
          complaints.push(...(await complaintsOf(visit, run.row, run.hit)));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
    },
  );
});
