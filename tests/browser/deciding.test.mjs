// The table, the charts, files of a run, and the advice, on the real page with the real server.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "../../web/node_modules/esbuild/lib/main.js";
import { keptFiles } from "./support/kept_files.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */
/** @typedef {import("../../web/src/contract/core-module.ts").LaneSnapshot} LaneSnapshot */
/** @typedef {import("../../web/src/page/run-lanes.ts").RunLane} RunLane */
/** @typedef {import("../../web/src/page/advice.ts").Needs} Needs */

/**
 * A module of the page, as the page has it.
 * @param {string} name
 * @returns {Promise<any>}
 */
async function moduleOf(name) {
  const file = fileURLToPath(new URL(`../../web/src/page/${name}.ts`, import.meta.url));
  const result = await build({
    entryPoints: [file],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  const code = Buffer.from(result.outputFiles[0]?.contents ?? []).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/**
 * @param {string} asked
 * @param {Partial<LaneSnapshot> | Partial<RunLane>} [figures]
 * @returns {any}
 */
function lane(asked, figures = {}) {
  return {
    key: asked,
    known: { server: true, times: true, numbers: true },
    asked,
    running: asked,
    title: asked,
    state: "open",
    open: true,
    origin: "http://localhost:8088",
    ownPort: false,
    tag: "",
    trouble: false,
    delay: { medianMs: 10, p95Ms: 20, p99Ms: 30, maxMs: 40, parts: [[10, 100]] },
    messages: 100,
    firstMessageMs: 5,
    wire: { bytesIn: 1000, bytesOut: 9000 },
    bytesPerMessage: 100,
    bytesRatio: 1,
    requests: 1,
    connections: 1,
    reconnects: 0,
    missing: 0,
    duplicate: 0,
    reordered: 0,
    overlap: 0,
    back: null,
    ...figures,
  };
}

const run = { elapsedMs: 10_000, payload: 64, clockErrorMs: 0, lastHop: false };

describe("the table as text", async () => {
  const { csvOf, markdownOf, csvField } = await moduleOf("table-text");

  it("CSV has a heading with units, plain numbers, and nothing where there is no figure", () => {
    const lanes = [lane("sse"), lane("ndjson", { delay: null, bytesPerMessage: null })];
    const [heading, first, second, end] = csvOf(lanes, run).split("\r\n");
    assert.match(heading, /^transport,running,messages,median_ms,p95_ms,p99_ms,max_ms,/);
    assert.match(
      first,
      /^sse,sse,100,10,20,30,40,10,100,1\.563,1,1,,,5,0,0,0,0,0,http:\/\/localhost:8088,all,$/,
    );
    assert.match(second, /^ndjson,ndjson,100,,,,,10,,,/);
    assert.equal(end, "");
    const back = {
      said: 9,
      heard: 7,
      roundTrip: { medianMs: 80, p95Ms: 0, p99Ms: 0, maxMs: 0, parts: [] },
    };
    assert.match(
      csvOf([lane("sse", { back })], run),
      /1\.563,1,1,80,2,5,0,0,0,0,0,http:\/\/localhost:8088,all,\r\n$/,
    );
  });

  it("CSV ends with the clocks’ error, where the lane asked, and which hops were counted", () => {
    const behind = { ...run, clockErrorMs: 16.25, lastHop: true };
    const lanes = [lane("sse"), lane("ndjson", { origin: "http://localhost:9001", ownPort: true })];
    const [heading, first, second] = csvOf(lanes, behind).split("\r\n");
    assert.match(heading, /,clock_error_ms,origin,hops_counted,endpoint$/);
    assert.match(first, /,16\.25,http:\/\/localhost:8088,last,$/);
    assert.match(second, /,16\.25,http:\/\/localhost:9001,all,$/);
  });

  it("Markdown says how far off a delay may be, and where bytes were counted", () => {
    const delay = { medianMs: 0.04, p95Ms: 20, p99Ms: 100, maxMs: 400, parts: [] };
    const behind = { ...run, clockErrorMs: 16, lastHop: true };
    const [heading, , row] = markdownOf([lane("sse", { delay })], behind).split("\n");
    assert.match(heading, /\| bytes\/msg \(last hop\) \|/);
    assert.match(row, /\| ≤ 16 ms \(best\) \| 20 ms ± 16 \(best\) \| 100 ms \| 400 ms \|/);
  });

  it("an endpoint’s figures that nobody knows are not known, and not compared", () => {
    const known = { server: false, times: true, numbers: false };
    const none = { wire: null, bytesPerMessage: null, connections: null, back: null };
    const uncounted = { missing: null, duplicate: null, reordered: null };
    const delay = { medianMs: 2, p95Ms: 2, p99Ms: 2, maxMs: 2, parts: [] };
    const other = { key: "endpoint-1", title: "theirs", origin: "", delay, known };
    const lanes = [lane("sse"), lane("websocket", { ...other, ...none, ...uncounted })];
    const exact = { ...run, clockErrorMs: 16 };
    const [, , own, theirs] = markdownOf(lanes, exact).split("\n");
    assert.match(own, /^\| sse \| ≤ 26 ms \(best\)|^\| sse \| 10 ms ± 16 \(best\)/);
    assert.match(
      theirs,
      /^\| theirs \| 2\.0 ms \| 2\.0 ms \| 2\.0 ms \| 2\.0 ms \| 10 \| not known \| not known \| 1 \| not known \| not known \| not known \| 5\.0 ms \(best\) \| 0 \| not known \| not known \| not known \|$/,
    );
    const [, , row] = csvOf(lanes, exact).split("\r\n");
    assert.equal(row, "websocket,websocket,100,2,2,2,2,10,,,1,,,,5,0,,,,,,,theirs");
  });

  it("a field with a comma, a quote or a line end is quoted", () => {
    assert.equal(csvField('a,"b"'), '"a,""b"""');
    assert.equal(csvField("plain"), "plain");
  });

  it("Markdown has a row a lane and the ratio to the best", () => {
    const lanes = [lane("sse"), lane("short-poll", { bytesPerMessage: 250 })];
    const lines = markdownOf(lanes, run).trimEnd().split("\n");
    assert.equal(lines.length, 4);
    const columns = lines.map((/** @type {string} */ line) => line.split("|").length);
    assert.equal(new Set(columns).size, 1);
    assert.match(lines[2], /100 B \(best\)/);
    assert.match(lines[3], /250 B \(2\.5×\)/);
  });
});

describe("a delay and the clocks’ error", async () => {
  const { delay, delayInWords, spoken } = await moduleOf("../text/figures");
  const { besideText, columnOf } = await moduleOf("run-columns");

  it("is shown with it where it is less than a few times as long", () => {
    const rows = /** @type {const} */ ([
      [0.02, 0, "<0.1 ms"],
      [0.02, 0.04, "<0.1 ms"],
      [0.02, 16, "≤ 16 ms"],
      [-3, 16, "≤ 16 ms"],
      [10, 16, "≤ 26 ms"],
      [20, 16, "20 ms ± 16"],
      [47, 16, "47 ms ± 16"],
      [48, 16, "48 ms"],
      [12_000, 9000, "12.0 s ± 9,000 ms"],
      [1, 0.4, "1.0 ms ± 0.4"],
    ]);
    for (const [ms, error, shown] of rows) assert.equal(spoken(delay(ms, error)), shown);
    assert.equal(delayInWords(0.02, 16), "<0.1 ms (± 16 ms)");
    assert.equal(delayInWords(100, 16), "100 ms");
  });

  it("is compared as far as the error allows", () => {
    const unsure = { ...run, clockErrorMs: 16 };
    const beside = (/** @type {number} */ value, /** @type {any} */ facts, id = "median") =>
      besideText(columnOf(id), value, 1, facts);
    assert.equal(beside(100, run), "100×");
    assert.equal(beside(1, unsure), "best");
    assert.equal(beside(1.2, unsure), "");
    assert.equal(beside(100, unsure), "≥6.8×");
    assert.equal(beside(100, unsure, "roundTrip"), "100×", "one clock measures it");
  });
});

describe("the facts of the advice", async () => {
  const { FACTS, HOSTS } = await moduleOf("facts");

  it("each says where it is written, and on which day it was read", () => {
    const today = new Date().toISOString().slice(0, 10);
    assert.ok(Object.keys(FACTS).length > 0);
    for (const [id, { source, address, read }] of Object.entries(FACTS)) {
      assert.ok(source.length > 0, id);
      assert.equal(new URL(address).protocol, "https:", id);
      assert.match(read, /^\d{4}-\d\d-\d\d$/, id);
      assert.equal(new Date(read).toISOString().slice(0, 10), read, id);
      assert.ok(read <= today, `${id} was read on ${read}`);
    }
  });

  it("every limit of a host names one of them", () => {
    for (const [id, host] of Object.entries(HOSTS)) {
      if (host === null) continue;
      const named = [host.streams, host.sockets, host.answers].flatMap((limits) => [
        limits.fact,
        ...[limits.buffersUnless, limits.upgradeUnless].flatMap((each) => each?.fact ?? []),
      ]);
      for (const fact of named) assert.ok(fact in FACTS, `${id}: ${fact}`);
    }
  });
});

describe("the history of a run", async () => {
  const { RunHistory, KEPT_SECONDS, medianOf } = await moduleOf("run-history");

  /** @param {number} second @param {[number, number][]} parts */
  const at = (second, parts) => [
    second * 1000,
    [
      lane("sse", {
        delay: { medianMs: 1, p95Ms: 1, p99Ms: 1, maxMs: 1, parts },
        messages: parts.reduce((sum, [, count]) => sum + count, 0),
        wire: { bytesIn: 0, bytesOut: second * 1000 },
      }),
    ],
  ];

  const sse = lane("sse");

  it("holds the median of each second, not of the whole run", () => {
    const history = new RunHistory();
    history.clear([sse]);
    history.add(...at(1, [[10, 10]]));
    history.add(
      ...at(2, [
        [10, 10],
        [800, 10],
      ]),
    );
    const [first, second] = history.series(sse, "delay");
    assert.ok(first > 8 && first <= 10, `${first}`);
    assert.ok(second > 700 && second <= 800, `${second}`);
    assert.deepEqual(history.series(sse, "bytes"), [100, 100]);
    assert.deepEqual(history.times(), [1, 2]);
  });

  it("a second without a message has no median and no bytes a message", () => {
    const history = new RunHistory();
    history.clear([sse]);
    history.add(...at(1, [[10, 10]]));
    history.add(...at(2, [[10, 10]]));
    assert.equal(history.series(sse, "delay")[1], null);
    assert.equal(history.series(sse, "bytes")[1], null);
    assert.equal(history.series(sse, "messages")[1], 0);
  });

  it("keeps an hour and forgets what is older", () => {
    const history = new RunHistory();
    history.clear([sse]);
    for (let second = 1; second <= KEPT_SECONDS + 100; second += 1) {
      history.add(...at(second, [[10, second]]));
    }
    assert.equal(history.length, KEPT_SECONDS);
    assert.equal(history.times()[0], 101);
    assert.equal(history.times().at(-1), KEPT_SECONDS + 100);
    assert.equal(history.series(sse, "delay").length, KEPT_SECONDS);
  });

  it("takes a sample once a second", () => {
    const history = new RunHistory();
    history.clear([sse]);
    assert.equal(history.add(...at(0.5, [[1, 1]])), false);
    assert.equal(history.add(...at(1, [[1, 2]])), true);
    assert.equal(history.add(...at(1.75, [[1, 3]])), false);
  });

  it("an empty histogram has no median", () => {
    assert.equal(medianOf([]), null);
  });
});

describe("the advice", async () => {
  const { advise, INITIAL_NEEDS } = await moduleOf("advice");
  const { browserSupport } = await import(
    new URL("../../web/browser-support.mjs", import.meta.url).href
  );
  const support = browserSupport();

  /** @param {Partial<Needs>} needs @param {LaneSnapshot[]} [lanes] */
  const ask = (needs, lanes = []) => {
    const advice = advise({ ...INITIAL_NEEDS, ...needs }, lanes, support);
    return {
      ...advice,
      best: advice.ranking[0].id,
      out: advice.ranking
        .filter((/** @type {any} */ each) => each.ruledOut)
        .map((/** @type {any} */ each) => each.id)
        .sort(),
      score: (/** @type {string} */ id) =>
        advice.ranking.find((/** @type {any} */ each) => each.id === id).score,
    };
  };

  it("a page that only listens gets SSE, and a ladder that ends in polls", () => {
    const { best, ladder } = ask({});
    assert.equal(best, "sse");
    assert.deepEqual(ladder, ["sse", "sse-fetch", "long-poll", "short-poll"]);
  });

  it("a page that sends often gets a WebSocket", () => {
    assert.equal(ask({ direction: "often" }).best, "websocket");
    assert.ok(
      ask({ direction: "sometimes" }).score("websocket") <
        ask({ direction: "often" }).score("websocket"),
    );
  });

  it("binary messages speak for a WebSocket and against text streams", () => {
    const { score, best } = ask({ binary: true });
    assert.equal(best, "websocket");
    assert.ok(score("sse") < ask({}).score("sse"));
  });

  it("request headers rule EventSource out", () => {
    const { out, best } = ask({ headers: true });
    assert.deepEqual(out, ["sse"]);
    assert.notEqual(best, "websocket");
  });

  it("Internet Explorer rules out what browser-compat-data says it lacks", () => {
    assert.deepEqual(ask({ audience: ["ie"] }).out, ["ndjson", "sse", "sse-fetch"]);
  });

  it("Edge before Chromium rules out EventSource alone", () => {
    assert.deepEqual(ask({ audience: ["old-edge"] }).out, ["sse"]);
  });

  it("a mini-program rules out EventSource, React Native every stream but WebSocket", () => {
    assert.deepEqual(ask({ audience: ["mini-program"] }).out, ["sse"]);
    const native = ask({ audience: ["react-native"] });
    assert.deepEqual(native.out, ["ndjson", "sse", "sse-fetch"]);
    assert.equal(native.best, "websocket");
  });

  it("a buffering proxy brings long polling before every stream over HTTP", () => {
    const { score, ladder } = ask({ proxies: ["buffering", "no-upgrade"] });
    assert.ok(score("long-poll") > score("sse"));
    assert.equal(ladder[0], "long-poll");
  });

  it("a proxy that passes no Upgrade rules out WebSocket", () => {
    assert.deepEqual(ask({ proxies: ["no-upgrade"] }).out, ["websocket"]);
  });

  it("unknown company networks speak for long polling", () => {
    assert.ok(ask({ proxies: ["unknown"] }).score("long-poll") > ask({}).score("long-poll"));
    assert.ok(ask({ proxies: ["unknown"] }).score("sse") < ask({}).score("sse"));
  });

  it("six streams over HTTP/1.1 speak for WebSocket, over HTTP/2 they do not", () => {
    assert.equal(ask({ streams: 6 }).best, "websocket");
    assert.equal(ask({ streams: 6, http: 2 }).best, "sse");
  });

  const { HOSTS } = await moduleOf("facts");
  /** @param {any} advice @param {string} id @param {string} reason */
  const because = (advice, id, reason) =>
    advice.ranking
      .find((/** @type {any} */ each) => each.id === id)
      .reasons.find((/** @type {any} */ each) => each.reason === reason);

  for (const [id, host] of Object.entries(HOSTS)) {
    if (host === null) continue;
    const advice = ask({ host: /** @type {any} */ (id) });

    it(`${id}: what it cuts is said of streams and sockets, with the seconds`, () => {
      for (const [transport, limits] of [
        ["sse", host.streams],
        ["ndjson", host.streams],
        ["websocket", host.sockets],
      ]) {
        const idle = because(advice, transport, "silenceCut");
        assert.equal(idle?.parameters.seconds, limits.idleS, transport);
        const life = because(advice, transport, "cutInAnyCase");
        assert.equal(life?.parameters.seconds, limits.lifetimeS, transport);
        if (life) assert.ok(life.points < 0 && life.evidence.fact === limits.fact);
      }
    });

    it(`${id}: heartbeats and held polls stay within its limits`, () => {
      const { heartbeatS, holdS } = advice;
      for (const { idleS = Infinity } of [host.streams, host.sockets]) {
        assert.ok(heartbeatS > 0 && 2 * heartbeatS <= idleS, `${heartbeatS} s`);
      }
      assert.ok(holdS > 0 && holdS < host.answers.withinS, `${holdS} s`);
      const held = because(advice, "long-poll", "heldLess");
      assert.equal(held.parameters.seconds, host.answers.withinS);
    });

    it(`${id}: a stream that it holds back unless told otherwise is warned of`, () => {
      const { buffersUnless } = host.streams;
      for (const transport of ["sse", "sse-fetch", "ndjson"]) {
        const warned = because(advice, transport, "hostBuffers");
        assert.equal(warned?.parameters.unless, buffersUnless?.by, transport);
        assert.equal(warned?.evidence.fact, buffersUnless?.fact, transport);
      }
      for (const transport of ["websocket", "long-poll", "short-poll"]) {
        assert.equal(because(advice, transport, "hostBuffers"), undefined, transport);
      }
      if (buffersUnless?.by !== "setting") return;
      assert.notEqual(advice.best, "sse", "SSE came first where it falls silent");
    });
  }

  it("a delay that a lane did not keep speaks against it, and points at its p95", () => {
    const delay = { medianMs: 500, p95Ms: 950, p99Ms: 990, maxMs: 999, parts: [] };
    const lanes = [lane("sse"), lane("short-poll", { delay })];
    const { ranking } = ask({ delayMs: 300 }, lanes);
    const poll = ranking.find((/** @type {any} */ each) => each.id === "short-poll");
    assert.ok(
      poll.reasons.some(
        (/** @type {any} */ { points, evidence }) =>
          points < 0 && evidence.kind === "figure" && evidence.column === "p95",
      ),
    );
  });

  it("missing messages and a fallback in the run speak against a lane", () => {
    const good = ask({}, [lane("sse")]).score("sse");
    assert.ok(ask({}, [lane("sse", { missing: 3 })]).score("sse") < good);
    assert.ok(ask({}, [lane("sse", { running: "long-poll" })]).score("sse") < good);
  });

  it("a page that speaks is told of the round trips that were measured", () => {
    const back = (/** @type {number} */ medianMs) => ({
      back: { said: 9, heard: 9, roundTrip: { medianMs, p95Ms: 0, p99Ms: 0, maxMs: 0, parts: [] } },
    });
    const lanes = [lane("websocket", back(10)), lane("short-poll", back(700))];
    const speaks = ask({ direction: "sometimes" }, lanes);
    const of = (/** @type {string} */ id) =>
      speaks.ranking
        .find((/** @type {any} */ each) => each.id === id)
        .reasons.find((/** @type {any} */ reason) => reason.evidence.column === "roundTrip");
    assert.ok(of("websocket").points > 0);
    assert.ok(of("short-poll").points < 0);
    assert.deepEqual(of("short-poll").parameters, { ms: 700, errorMs: 0, times: 70 });
    assert.ok(
      !JSON.stringify(ask({ direction: "down" }, lanes).ranking).includes("roundTrip"),
      "a page that only listens has no use for them",
    );
  });

  it("the clocks’ error takes from how much worse a delay is", () => {
    const slow = { medianMs: 100, p95Ms: 100, p99Ms: 100, maxMs: 100, parts: [] };
    const lanes = [lane("sse"), lane("short-poll", { delay: slow })];
    const times = (/** @type {number} */ errorMs) =>
      because(advise(INITIAL_NEEDS, lanes, support, errorMs), "short-poll", "median").parameters;
    assert.deepEqual(times(0), { ms: 100, errorMs: 0, times: 10 });
    assert.deepEqual(times(20), { ms: 100, errorMs: 20, times: 4 });
    assert.deepEqual(times(200), { ms: 100, errorMs: 200, times: null });
  });

  it("a check that has seen silence cut asks for more heartbeats, and shorter polls", () => {
    const checked = advise({ ...INITIAL_NEEDS, idleS: 20 }, [], support);
    assert.deepEqual([checked.heartbeatS, checked.holdS], [10, 15]);
    const { evidence } = because(checked, "sse", "silenceCut");
    assert.deepEqual(evidence, { kind: "check" });
    const unchecked = advise(INITIAL_NEEDS, [], support);
    assert.deepEqual([unchecked.heartbeatS, unchecked.holdS], [15, 25]);
  });

  it("every reason has a sentence", async () => {
    const { reasonText } = await moduleOf("advice-words");
    const back = { said: 9, heard: 9, roundTrip: lane("sse").delay };
    const lanes = ["sse", "ndjson", "long-poll", "short-poll", "websocket"].map((id, at) =>
      lane(id, {
        back,
        missing: at % 2,
        bytesRatio: 1 + at,
        delay: { medianMs: 10 + 100 * at, p95Ms: 20 + 200 * at, p99Ms: 0, maxMs: 0, parts: [] },
        ...(at === 3 && { running: "long-poll" }),
      }),
    );
    const seen = new Set();
    for (const direction of /** @type {const} */ (["down", "sometimes", "often"])) {
      for (const host of /** @type {any[]} */ (Object.keys(HOSTS))) {
        for (const streams of [1, 4, 6]) {
          for (const http of /** @type {const} */ ([1, 2])) {
            const more = streams !== 1;
            const { ranking } = advise(
              {
                direction,
                host,
                streams,
                http,
                binary: more,
                headers: more,
                delayMs: more ? 100 : 0,
                idleS: more ? 20 : null,
                audience: more ? ["ie", "old-edge", "mini-program", "react-native"] : [],
                proxies: more ? ["buffering", "no-upgrade", "unknown"] : [],
              },
              lanes,
              support,
              5,
            );
            for (const reason of ranking.flatMap((/** @type {any} */ each) => each.reasons)) {
              seen.add(reason.reason);
              const text = reasonText(reason);
              assert.match(text, /^\S.*\.$/, reason.reason);
              assert.doesNotMatch(text, /undefined|NaN|null|object/, reason.reason);
            }
          }
        }
      }
    }
    assert.ok(seen.size >= 38, `${seen.size} reasons`);
  });

  it("what nothing serves is said, and has no ladder", () => {
    const everything = ask({
      headers: true,
      audience: ["ie", "react-native"],
      proxies: ["no-upgrade"],
    });
    assert.deepEqual(everything.ladder, ["long-poll", "short-poll"]);
  });
});

describe("a day’s cost", async () => {
  const { dayCost } = await moduleOf("day-cost");

  it("polls go on all day, a stream asks once a visit", () => {
    const readers = { number: 10, hours: 24 };
    const poll = dayCost(lane("short-poll", { running: "short-poll", requests: 10 }), run, readers);
    assert.equal(poll.requests, 864_000);
    const stream = dayCost(lane("sse"), run, readers);
    assert.equal(stream.requests, 10);
    assert.equal(stream.bytes, 1000 * 86_400 * 10);
    assert.equal(stream.held, 10);
    assert.equal(stream.memory, 5120);
    assert.equal(poll.memory, null);
  });

  it("a lane without a count has none", () => {
    assert.equal(dayCost(lane("sse", { wire: null }), run, { number: 1, hours: 1 }), null);
  });
});

describe("a saved run", async () => {
  const { readRunFile } = await moduleOf("run-file");
  const { differenceText } = await moduleOf("run-comparison");
  const { columnOf } = await moduleOf("run-columns");

  it("names what is wrong with a file that is none", () => {
    assert.throws(() => readRunFile("x"), /not JSON/);
    assert.throws(() => readRunFile("{}"), /not a saved run/);
    const format = "transport-playground run";
    assert.throws(() => readRunFile(JSON.stringify({ format, version: 9 })), /version 9/);
    const whole = { format, version: 1, lanes: [lane("sse")], settings: { rate: 1, payload: 64 } };
    const dated = { ...whole, savedAt: "2026-01-01T00:00:00Z", elapsedMs: 1 };
    assert.throws(() => readRunFile(JSON.stringify(dated)), /its clocks/);
    const half = { format, version: 1, lanes: [{ asked: "<img>" }], settings: {} };
    assert.throws(() => readRunFile(JSON.stringify(half)), /without its figures/);
  });

  it("differs by percent, by a number from 0, or not at all", () => {
    const bytes = columnOf("bytes");
    assert.equal(differenceText(bytes, 100, 150), "+50 %");
    assert.equal(differenceText(bytes, 100, 80), "−20 %");
    assert.equal(differenceText(bytes, 100, 100.2), "same");
    assert.equal(differenceText(columnOf("missing"), 0, 3), "+3");
    assert.equal(differenceText(bytes, null, 3), "");
    const median = columnOf("median");
    assert.equal(differenceText(median, 10, 15, 8), "within ±");
    assert.equal(differenceText(median, 10, 20, 8), "+100 %");
    assert.equal(differenceText(bytes, 100, 105, 8), "+5 %", "a count knows no clocks");
  });
});

/** @param {Visit} visit */
const order = (visit) =>
  visit.page.$$eval("#cost tbody tr", (rows) =>
    rows.map((row) => /** @type {HTMLElement} */ (row).dataset["transport"]),
  );

/** Puts a clipboard of our own on the page: not every browser lets a test read the real one. */
/** @param {Visit} visit */
async function clipboard(visit) {
  await visit.page.evaluate(() => {
    Object.assign(globalThis, { copied: "" });
    navigator.clipboard.writeText = async (text) => {
      Object.assign(globalThis, { copied: text });
    };
  });
  return () => visit.page.evaluate(() => /** @type {any} */ (globalThis).copied);
}

/** Presses a button by its id, as the reader does. @param {Visit} visit @param {string} id */
async function press(visit, id) {
  await visit.page.locator(`#${id}`).click();
}

inEveryBrowser("seeing and deciding", (scene) => {
  scene("the table sorts by mouse and by keyboard, and says so", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.snapshot("bytes of every lane", ({ lanes }) =>
      lanes.every(({ bytesPerMessage, messages }) => bytesPerMessage !== null && messages > 30),
    );
    await visit.stop();
    await visit.state("stopped");
    const before = await order(visit);
    const head = '#cost th[data-column="bytes"]';
    const sort = () => visit.page.$eval(head, (cell) => cell.getAttribute("aria-sort"));
    assert.equal(await sort(), "none");
    await visit.page.locator(`${head} button`).click();
    assert.equal(await sort(), "ascending");
    // The last figures come a moment after the end of a run.
    const ordered = (/** @type {boolean} */ descending) =>
      until("rows by bytes", async () => {
        const { snapshot } = await visit.now();
        const wanted = [...(snapshot?.lanes ?? [])]
          .sort((a, b) => (a.bytesPerMessage ?? Infinity) - (b.bytesPerMessage ?? Infinity))
          .map(({ asked }) => asked);
        if (descending) wanted.reverse();
        return JSON.stringify(await order(visit)) === JSON.stringify(wanted);
      });
    await ordered(false);
    await visit.page.focus(`${head} button`);
    await visit.page.keyboard.press("Enter");
    assert.equal(await sort(), "descending");
    await ordered(true);
    await visit.page.focus('#cost th[data-column="transport"] button');
    await visit.page.keyboard.press(" ");
    assert.deepEqual(await order(visit), before);
    assert.deepEqual(visit.problems, []);
  });

  scene("“All figures” shows every column, and the table is copied", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.flowing();
    const shown = () =>
      visit.page.$$eval(
        "#cost thead th",
        (cells) => cells.filter((c) => c.checkVisibility()).length,
      );
    const few = await shown();
    await visit.page.focus("#all-figures");
    await visit.page.keyboard.press(" ");
    assert.ok((await shown()) > few);
    assert.equal(await shown(), 17);

    const copied = await clipboard(visit);
    await press(visit, "copy-markdown");
    const markdown = await until("Markdown", copied);
    assert.match(markdown, /^\| Transport \| median \|/);
    assert.equal(markdown.trimEnd().split("\n").length, 7);
    await press(visit, "copy-csv");
    const csv = await until("CSV", async () => (await copied()) !== markdown && copied());
    assert.match(csv, /^transport,running,messages,/);
    assert.equal(csv.trimEnd().split("\r\n").length, 6);
    assert.deepEqual(visit.problems, []);
  });

  scene("charts come when the reader does, and draw every lane", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`, { height: 480 });
    await visit.element();
    await visit.flowing();
    assert.equal(await visit.page.$(".uplot"), null, "not before");
    await visit.page.$eval("#over-time", (place) => place.scrollIntoView());
    await until("six charts", async () => (await visit.page.$$(".uplot canvas")).length === 6);
    await until("ink on all of them", () =>
      visit.page.$$eval(".uplot canvas", (canvases) =>
        canvases.every((canvas) => {
          const drawing = /** @type {HTMLCanvasElement} */ (canvas);
          const { data } = /** @type {CanvasRenderingContext2D} */ (
            drawing.getContext("2d")
          ).getImageData(0, 0, drawing.width, drawing.height);
          return data.some((value) => value !== 0);
        }),
      ),
    );
    await until("words for those who do not see them", () =>
      visit.page.$eval(".chart-stage", (stage) =>
        /WebSocket [≤ \d<.]+ m?s/.test(stage.getAttribute("aria-label") ?? ""),
      ),
    );
    await visit.page.locator(".chart-table summary").click();
    await until(
      "the same as a table",
      async () => (await visit.page.$$(".chart-table tbody tr")).length === 5,
    );
    const chip = ".chart-lanes .chip";
    await visit.page.focus(chip);
    await visit.page.keyboard.press("Enter");
    assert.equal(
      await visit.page.$eval(chip, (each) => each.getAttribute("aria-pressed")),
      "false",
    );
    await visit.page.setViewport({ width: 360, height: 740 });
    await until("charts that fit", () =>
      visit.page.$$eval(".uplot", (plots) =>
        plots.every((plot) => plot.getBoundingClientRect().right <= innerWidth),
      ),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("a run is saved, and opened again beside another one", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=20`);
    await visit.element();
    await visit.snapshot(
      "two seconds",
      ({ elapsedMs, lanes }) =>
        elapsedMs > 2500 && lanes.every(({ bytesPerMessage }) => bytesPerMessage !== null),
    );
    const file = await keptFiles(visit);
    await visit.page.$eval("#keep", (place) => place.scrollIntoView());
    const { snapshot } = await visit.now();
    const seen = snapshot?.elapsedMs ?? 0;
    // Longer than a lane shows: nothing that was drawn in sight is left in it.
    await visit.snapshot("another 11 s", ({ elapsedMs }) => elapsedMs > seen + 11_000, 30_000);
    await press(visit, "export-json");
    const json = await file("json");
    const saved = JSON.parse(json.text);
    assert.equal(saved.format, "transport-playground run");
    assert.equal(saved.settings.rate, 20);
    assert.match(saved.environment.userAgent, /Mozilla/);
    assert.equal(saved.lanes.length, 5);
    assert.ok(saved.decisions.length > 0);
    assert.ok(saved.history.seconds.length >= 2);
    assert.equal(saved.history.lanes.sse.delay.length, saved.history.seconds.length);
    await press(visit, "export-csv");
    assert.match((await file("csv")).text, /^transport,running/);
    const drawn = () =>
      visit.page.$eval("transport-playground", (element) =>
        element.shadowRoot?.querySelector("canvas")?.toDataURL(),
      );
    const stale = await drawn();
    await press(visit, "export-png");
    const png = await file("png");
    assert.equal(png.type, "image/png");
    // The lanes have not been in sight for a while: the picture shows them as they are all the same.
    const { lanesInk, others } = await visit.page.evaluate(async (staleUrl) => {
      const bitmap = await createImageBitmap(/** @type {any} */ (globalThis).newest);
      const [width, height] = [bitmap.width, bitmap.height];
      const contextOf = () =>
        /** @type {OffscreenCanvasRenderingContext2D} */ (
          new OffscreenCanvas(width, height).getContext("2d")
        );
      const context = contextOf();
      context.drawImage(bitmap, 0, 0);
      // A strip at the right end of the drawings, where now is: saturated pixels are a lane's colour.
      const { data } = context.getImageData(width - 230, 60, 90, height - 76);
      let coloured = 0;
      for (let i = 0; i < data.length; i += 4) {
        const rgb = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
        if (Math.max(...rgb) - Math.min(...rgb) > 60) coloured += 1;
      }
      // What stands on the page, in the place that the first lane has in the picture.
      const stale = new Image();
      stale.src = staleUrl;
      await stale.decode();
      const [x, y] = [190, 50];
      const before = contextOf();
      const [red, green, blue] = context.getImageData(4, 4, 1, 1).data;
      before.fillStyle = `rgb(${red} ${green} ${blue})`;
      before.fillRect(0, 0, width, height);
      before.drawImage(stale, x, y);
      const size = /** @type {const} */ ([x, y, stale.width, stale.height - 1]);
      const [was, is] = [before, context].map((each) => each.getImageData(...size).data);
      let different = 0;
      for (let i = 0; i < (is?.length ?? 0); i += 4) {
        if (Math.abs((was?.[i] ?? 0) - (is?.[i] ?? 0)) > 30) different += 1;
      }
      return { lanesInk: coloured, others: different };
    }, stale ?? "");
    assert.ok(others > 200, `${others} pixels are others than when the lanes were last in sight`);
    assert.ok(lanesInk > 500, `${lanesInk} coloured pixels`);

    const folder = await mkdtemp(path.join(os.tmpdir(), "run-"));
    stage.finally(() => rm(folder, { recursive: true }));
    const name = path.join(folder, "run.json");
    saved.lanes[0].bytesPerMessage *= 2;
    await writeFile(name, JSON.stringify(saved));
    const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (
      await visit.page.$("#import-run")
    );
    await input.uploadFile(name);
    await until(
      "the comparison",
      async () => (await visit.page.$$(".compare tbody tr")).length === 5,
    );
    assert.match(
      await visit.page.$eval(".compare td[data-title='bytes/msg']", (c) => c.textContent),
      /−/,
    );

    await writeFile(name, "{}");
    await input.uploadFile(name);
    await until("what is wrong with a file", async () =>
      /not a saved run/.test(await visit.page.$eval(".keep-words", (words) => words.textContent)),
    );
    await press(visit, "compare-close");
    assert.equal(await visit.page.$(".compare"), null);
    assert.deepEqual(visit.problems, []);
    assert.equal((await readdir(folder)).length, 1);
  });

  scene("the advice follows the needs, and leads to its figures", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.flowing();
    const first = () =>
      visit.page.$eval(
        ".ranking li",
        (item) => /** @type {HTMLElement} */ (item).dataset["transport"],
      );
    await until("a ranking", async () => (await visit.page.$$(".ranking > li")).length === 6);
    await visit.page.select("#need-direction", "often");
    await until("WebSocket first", async () => (await first()) === "websocket");
    await visit.page.select("#need-direction", "down");
    await visit.page.focus("#need-headers");
    await visit.page.keyboard.press(" ");
    await until("EventSource ruled out", () =>
      visit.page.$eval('.ranking li[data-transport="sse"]', (item) => item.matches(".is-out")),
    );
    await visit.page.keyboard.press(" ");

    await until("a reason that rests on a figure", () =>
      visit.page.evaluate(() => {
        const button = document.querySelector('[data-key="sse sse bytes"]');
        if (button instanceof HTMLElement) button.click();
        return button !== null;
      }),
    );
    await until("the figure in focus", () =>
      visit.page.evaluate(
        () =>
          document.activeElement?.matches(
            'tr[data-transport="sse"] td[data-column="bytes"].pointed',
          ) ?? false,
      ),
    );
    await visit.page.locator("#need-ie").click();
    await visit.page.$$eval('.ranking li[data-transport="sse"] button.evidence', (buttons) =>
      /** @type {HTMLElement | undefined} */ (buttons[0])?.click(),
    );
    await until("the browser table in focus", () =>
      visit.page.evaluate(() => document.activeElement?.id === "support-EventSource-ie"),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("every recipe is shown word for word, and copied", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    const copied = await clipboard(visit);
    await visit.page.$eval(".recipes", (place) => place.scrollIntoView());
    const root = new URL("../../", import.meta.url);
    for (const [transport, count] of /** @type {const} */ ([
      ["websocket", 5],
      ["sse", 1],
      ["sse-fetch", 1],
      ["ndjson", 1],
      ["long-poll", 1],
    ])) {
      await visit.page.select("#recipe-transport", transport);
      const offered = await visit.page.$$eval("#recipe-place option", (options) =>
        options.map((option) => /** @type {HTMLOptionElement} */ (option).value),
      );
      assert.equal(offered.length, 5);
      for (const file of offered.slice(0, count)) {
        await visit.page.select("#recipe-place", file);
        const source = file
          .replace("recipes/nginx/", "deploy/nginx/")
          .replace(/^recipes/, "docs/recipes");
        const text = await readFile(new URL(source, root), "utf8");
        await until(
          `${file} on the page`,
          async () => (await visit.page.$eval("#recipe-code", (code) => code.textContent)) === text,
        );
        await press(visit, "recipe-copy");
        await until(`${file} on the clipboard`, async () => (await copied()) === text);
      }
    }
    assert.deepEqual(visit.problems, []);
  });

  scene("a day’s cost follows the readers", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.snapshot("counted bytes", ({ lanes }) => lanes.every(({ wire }) => wire !== null));
    await until(
      "a row a lane",
      async () => (await visit.page.$$(".day-table tbody tr")).length === 5,
    );
    const held = () =>
      visit.page.$eval(".day-table td[data-title='connections']", (cell) => cell.textContent);
    await visit.page.$eval("#day-hours", (input) => {
      /** @type {HTMLInputElement} */ (input).value = "24";
      input.dispatchEvent(new Event("input"));
    });
    await until("1,000 connections", async () => (await held()) === "1,000");
    await visit.page.$eval("#day-readers", (input) => {
      /** @type {HTMLInputElement} */ (input).value = "";
      input.dispatchEvent(new Event("input"));
    });
    await visit.text(/Enter at least one reader/);
    assert.deepEqual(visit.problems, []);
  });

  scene("controls can be touched at 360 pixels", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`, { width: 360, height: 740 });
    await visit.element();
    await visit.flowing();
    await press(visit, "all-figures").catch(() =>
      visit.page.locator(".cost-tools .switch").click(),
    );
    const { wide, small } = await visit.page.evaluate(() => ({
      wide: document.scrollingElement?.scrollWidth ?? 0,
      small: [
        ...document.querySelectorAll(
          "#cost .button, #cost select, #which select, #which label.check, #keep .button, #which input[type=number]",
        ),
      ]
        .filter((control) => control.checkVisibility())
        .filter((control) => control.getBoundingClientRect().height < 43.5)
        .map((control) => control.id || control.textContent),
    }));
    assert.ok(wide <= 360, `${wide} pixels`);
    assert.deepEqual(small, []);
  });
});
