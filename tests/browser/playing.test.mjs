// Playing: faults, stories, environments, simulated runs, time, and all of it in the link.
import assert from "node:assert/strict";

import { inEveryBrowser } from "./support/scene.mjs";
import { everyStory, press } from "./support/stories.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */
/** @typedef {import("./support/visit.mjs").Snapshot} Snapshot */

const RATE = 20;

/** @param {Snapshot} snapshot @param {string} asked */
function lane(snapshot, asked) {
  const found = snapshot.lanes.find((each) => each.asked === asked);
  assert.ok(found, asked);
  return found;
}

/** @param {Snapshot} snapshot @param {string} kind */
function plays(snapshot, kind) {
  return snapshot.faults.some((fault) => fault.kind === kind);
}

/** @param {Visit} visit @param {string} selector @param {string} name */
async function attribute(visit, selector, name) {
  return visit.page.$eval(selector, (found, asked) => found.getAttribute(asked), name);
}

/** @param {Visit} visit @param {string} selector @param {boolean} pressed */
async function pressed(visit, selector, pressed) {
  await until(
    `${selector} to be ${pressed ? "pressed" : "let go"}`,
    async () => (await attribute(visit, selector, "aria-pressed")) === String(pressed),
  );
}

/**
 * Something in the element's shadow tree.
 * @param {Visit} visit
 * @param {string} selector
 */
function inside(visit, selector) {
  return visit.page.locator(`transport-playground >>> ${selector}`);
}

/** @param {Visit} visit */
async function time(visit) {
  return visit.page.$eval("transport-playground", (found) => {
    const element = /** @type {any} */ (found);
    const shadow = /** @type {ShadowRoot} */ (found.shadowRoot);
    const slider = /** @type {HTMLInputElement} */ (shadow.querySelector(".scrub input"));
    const moment = shadow.querySelector(".moment")?.textContent ?? "";
    return {
      paused: shadow.querySelector(".scrub:not([hidden])") !== null,
      window: /** @type {number} */ (element.window),
      // Grows for as long as the run goes on; the moment itself stands still.
      ago: -slider.valueAsNumber,
      moment,
      second: Number(/[\d.]+/.exec(moment)?.[0]),
      axis: [...shadow.querySelectorAll(".axis span")].map((label) => label.textContent),
    };
  });
}

/**
 * Waits until the picture stands still: the core, on a thread of its own, may have one of before
 * left to show.
 * @param {Visit} visit
 */
async function stillPicture(visit) {
  return until("the picture to stand still", async () => {
    const before = await visit.picture();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return before === (await visit.picture()) && before;
  });
}

/**
 * Starts the run anew, and does something before that has an answer.
 * @param {Visit} visit @param {"pause" | "stop"} then
 */
async function startAnd(visit, then) {
  await visit.page.$eval(
    "transport-playground",
    (found, method) => {
      const element = /** @type {any} */ (found);
      void element.start();
      element[method]();
    },
    then,
  );
}

inEveryBrowser("playing", (scene) => {
  scene("the invitation: Buffering, and SSE stays open and falls silent", async (stage) => {
    const visit = await stage.open(
      `${stage.server.origin}/#rate=${RATE}&lanes=long-poll,sse,websocket`,
    );
    await visit.element();
    await visit.flowing();
    await press(visit, "#invitation button");
    await pressed(visit, '[data-fault="buffer"]', true);
    const held = await visit.snapshot("the fault", (snapshot) => plays(snapshot, "buffer"));
    const silent = await visit.snapshot(
      "the others to go on",
      (snapshot) =>
        lane(snapshot, "websocket").messages > lane(held, "websocket").messages + RATE / 2,
    );
    assert.equal(lane(silent, "websocket").missing, 0);
    assert.ok(lane(silent, "sse").messages <= lane(held, "sse").messages + RATE / 2);
    assert.match(visit.page.url(), /faults=buffer\+transport=sse;\+buffer\+transport=stream/);
    await press(visit, "#invitation button");
    await pressed(visit, '[data-fault="buffer"]', false);
    const after = await visit.snapshot(
      "SSE to deliver again",
      (snapshot) => lane(snapshot, "sse").messages > lane(silent, "sse").messages + RATE,
    );
    assert.equal(lane(after, "sse").missing, 0);
    assert.doesNotMatch(visit.page.url(), /faults/);
    assert.deepEqual(visit.problems, []);
  });

  scene("every fault's button makes it happen, and lifts it again", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.flowing();
    await press(visit, ".more");
    const kinds = await visit.page.$$eval("[data-fault][aria-pressed]", (found) =>
      found.map((button) => button.getAttribute("data-fault") ?? ""),
    );
    assert.ok(kinds.length >= 13, kinds.join());
    for (const kind of kinds) {
      const selector = `[data-fault="${kind}"][aria-pressed]`;
      await press(visit, selector);
      await pressed(visit, selector, true);
      await visit.snapshot(kind, (snapshot) => plays(snapshot, kind));
      await press(visit, selector);
      await pressed(visit, selector, false);
    }
    const moments = await visit.page.$$eval("[data-fault]:not([aria-pressed])", (found) =>
      found.map((button) => button.textContent ?? ""),
    );
    assert.deepEqual(moments, ["Cut", "Tunnel, 10 s", "Close", "Reset", "Log forgotten"]);
  });

  scene("a fault is aimed at a lane, and has its duration", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    await visit.page.select("[aria-label='To whom']", "websocket");
    await visit.page.select("[aria-label='How long']", "2");
    await press(visit, '[data-fault="delay"]');
    const delayed = await visit.snapshot("the delay", (snapshot) => plays(snapshot, "delay"));
    assert.deepEqual(
      delayed.faults.map(({ kind, lane: aim, for_s }) => ({ kind, aim, for_s })),
      [{ kind: "delay", aim: "websocket", for_s: 2 }],
    );
    const slow = await visit.snapshot(
      "only WebSocket to be late",
      (snapshot) => (lane(snapshot, "websocket").delay?.maxMs ?? 0) > 450,
    );
    assert.ok((lane(slow, "sse").delay?.medianMs ?? 999) < 450);
    await pressed(visit, '[data-fault="delay"]', false);
    assert.doesNotMatch(visit.page.url(), /faults/);
    // Folded away, what is not as usual is still said.
    const more = await visit.page.$eval("#faults .more", (button) => button.textContent);
    assert.equal(more, "More · WebSocket, for 2 s");
  });

  scene("a fault may begin later, and the link says when", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse,websocket`);
    await visit.element();
    const begun = await visit.flowing();
    await visit.page.select("[aria-label='When']", "3");
    await press(visit, '[data-fault="delay"]');
    assert.match(visit.page.url(), /faults=delay.*after=\d/);
    const asked = await visit.snapshot("a moment", ({ elapsedMs }) => elapsedMs > begun.elapsedMs);
    assert.deepEqual(asked.faults, []);
    assert.equal(await attribute(visit, '[data-fault="delay"]', "aria-pressed"), "false");
    const delayed = await visit.snapshot("the delay", (snapshot) => plays(snapshot, "delay"));
    assert.ok(delayed.elapsedMs >= begun.elapsedMs + 2900, `${delayed.elapsedMs} ms`);
    await pressed(visit, '[data-fault="delay"]', true);
  });

  scene("bursts come at once, and then nothing does", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing();
    await visit.page.select("#pattern", "bursty");
    assert.match(visit.page.url(), /pattern=bursty/);
    const burst = await visit.snapshot(
      "the pause after a burst",
      ({ elapsedMs, sent, lanes }) =>
        elapsedMs > 2000 && sent === RATE * 5 && lanes.every(({ messages }) => messages === sent),
    );
    const next = await visit.snapshot("the next one", ({ sent }) => sent > burst.sent);
    assert.ok(next.elapsedMs > 4900, `${next.elapsedMs} ms`);
    assert.equal(await visit.page.$eval("select#pattern", (select) => select.value), "bursty");
  });

  scene("what the page says goes up as each lane can, and comes round", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=2&lanes=short-poll,sse,websocket`);
    await visit.element();
    await visit.flowing();
    const column = 'td[data-column="roundTrip"]';
    const shown = () => visit.page.$eval(column, (cell) => cell.checkVisibility());
    assert.equal(await shown(), false);
    await visit.page.select("#back", "2");
    assert.match(visit.page.url(), /back=2/);
    const { lanes } = await visit.snapshot(
      "each lane to have heard itself five times",
      (snapshot) => snapshot.lanes.every(({ back }) => (back?.heard ?? 0) >= 5),
    );
    const [poll, sse, websocket] = lanes;
    assert.equal(websocket?.requests, 1);
    assert.ok((sse?.requests ?? 0) >= (sse?.back?.heard ?? 99) + 1, `${sse?.requests} requests`);
    const median = (/** @type {typeof sse} */ of) => of?.back?.roundTrip?.medianMs ?? Number.NaN;
    assert.ok(median(poll) > 5 * median(websocket), `${median(poll)} and ${median(websocket)} ms`);
    for (const each of lanes) assert.equal(each.missing + each.duplicate, 0, each.title);
    assert.equal(await shown(), true);
    assert.match(
      await visit.page.$eval(
        `tr[data-transport="sse"] ${column}`,
        (cell) => cell.textContent ?? "",
      ),
      /ms/,
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("lifting one fault leaves the others, and Lift all none", async ({ server, open }) => {
    const visit = await open(
      `${server.origin}/#rate=${RATE}&lanes=sse&faults=delay+milliseconds=100;replay`,
    );
    await visit.element();
    await visit.snapshot("both", (now) => plays(now, "delay") && plays(now, "replay"));
    await pressed(visit, '[data-fault="delay"]', true);
    await press(visit, '[data-fault="delay"]');
    await visit.snapshot("one", (now) => !plays(now, "delay") && plays(now, "replay"));
    assert.match(visit.page.url(), /faults=replay$/);
    await visit.page.locator("::-p-text(Lift all)").click();
    await visit.snapshot("none", ({ faults }) => faults.length === 0);
    assert.doesNotMatch(visit.page.url(), /faults/);
  });

  for (const kind of ["live", "simulated"]) {
    scene(`lifting one fault of a ${kind} run does not touch another`, async (stage) => {
      const simulated = kind === "simulated" ? "&simulated=seed=1" : "";
      const visit = await stage.open(
        `${stage.server.origin}/#rate=${RATE}&lanes=sse,websocket${simulated}`,
      );
      await visit.element();
      await visit.flowing();
      // The server's ids; there is none in a simulated run.
      const ids = async () => {
        if (simulated !== "") return [];
        const answer = await fetch(`${stage.server.origin}${await visit.channel()}/faults`);
        const { faults } = /** @type {{ faults: { id: number, kind: string }[] }} */ (
          await answer.json()
        );
        return faults.map((fault) => `${fault.id} ${fault.kind}`);
      };
      await press(visit, '[data-fault="delay"]');
      await visit.page.select("[aria-label='To whom']", "sse");
      await press(visit, '[data-fault="stall"]');
      const both = await visit.snapshot(
        "both",
        (now) => plays(now, "delay") && plays(now, "stall"),
      );
      await until("both on the server", async () => {
        const found = await ids();
        return simulated !== "" || found.join() === "1 delay,2 stall";
      });
      // What was under way when the stall began has arrived.
      const silent = await visit.snapshot(
        "a second of silence",
        ({ elapsedMs }) => elapsedMs > both.elapsedMs + 1000,
      );
      await press(visit, '[data-fault="delay"]');
      const lifted = await visit.snapshot("no delay", (now) => !plays(now, "delay"));
      assert.deepEqual(lifted.plannedFaults, [both.plannedFaults[1]]);
      await until("it to be lifted on the server", async () =>
        ["", "2 stall"].includes((await ids()).join()),
      );
      const after = await visit.snapshot(
        "messages on time",
        (now) => lane(now, "websocket").messages > lane(lifted, "websocket").messages + RATE,
      );
      assert.equal(lane(after, "sse").messages, lane(silent, "sse").messages);
      const begun = after.decisions.filter(({ reason }) => reason === "fault-begins");
      assert.equal(begun.length, 2);
      assert.deepEqual(after.faults, [both.plannedFaults[1]?.fault]);
      await press(visit, '[data-fault="stall"]');
      const resumed = await visit.snapshot(
        "what was held to arrive",
        (now) => lane(now, "sse").messages > lane(after, "sse").messages + 2 * RATE,
      );
      assert.equal(lane(resumed, "sse").missing, 0);
      assert.deepEqual(visit.problems, []);
    });
  }

  scene("an environment says what it is, and takes away what it lacks", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=${RATE}&lanes=sse,websocket`);
    await visit.element();
    await visit.flowing((now) => lane(now, "sse").messages > 5);
    await visit.page.select("#environment", "edgehtml");
    const fallen = await visit.flowing((now) => {
      const { running, messages } = lane(now, "sse");
      return running !== "sse" && messages > 5;
    });
    assert.ok(lane(fallen, "sse").missing === 0 && lane(fallen, "sse").tag !== "");
    await visit.text(/Old Edge.*MDN/);
    assert.match(visit.page.url(), /environment=edgehtml/);
    await visit.page.select("#environment", "");
    await visit.snapshot("SSE again", (now) => {
      const [first] = now.lanes;
      return first?.running === "sse" && first.messages > 5;
    });
    assert.deepEqual(visit.problems, []);
  });

  scene("the old link without EventSource still means that", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse&without=EventSource`);
    await visit.element();
    await visit.snapshot("another way", ({ lanes }) =>
      lanes.some(({ running, messages }) => running !== "sse" && messages > 0),
    );
    await until(
      "the menu to say so",
      async () =>
        (await visit.page.$eval(
          "#environment",
          (menu) => /** @type {HTMLSelectElement} */ (menu).value,
        )) === "edgehtml",
    );
  });

  scene("Simulated needs no server, stands still, steps and goes on", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=${RATE}`);
    await visit.element();
    await visit.flowing();
    await visit.text(/Live.*−10 s/);
    await visit.page.focus('#mode input[value="live"]');
    await visit.page.keyboard.press("ArrowRight");
    await visit.snapshot("a simulated run", (now) => now.simulated && now.sent > RATE);
    assert.match(visit.page.url(), /simulated=seed=1/);
    await visit.text(/Simulated.*−10 s/);

    await visit.page.select("#speed", "0");
    const still = await until("the run to stand still", async () => {
      const before = (await visit.now()).snapshot?.elapsedMs;
      await visit.page.evaluate(
        () =>
          new Promise((resolve) => {
            document
              .querySelector("transport-playground")
              ?.addEventListener("playground-snapshot", resolve, { once: true });
          }),
      );
      const after = (await visit.now()).snapshot?.elapsedMs;
      return before === after && after;
    });
    await press(visit, "#step");
    const stepped = await visit.snapshot("a step", ({ elapsedMs }) => elapsedMs > still);
    assert.ok(stepped.elapsedMs < still + 1000, `${still} to ${stepped.elapsedMs}`);
    await visit.page.select("#speed", "10");
    await visit.snapshot("ten times as fast", ({ elapsedMs }) => elapsedMs > still + 10_000, 5000);
    assert.deepEqual(visit.problems, []);
  });

  scene("the same seed gives the same run, with its round trip and loss", async (stage) => {
    const play = async () => {
      const visit = await stage.open(
        `${stage.server.origin}/#simulated=seed=7+round-trip=200+loss=5&lanes=sse,websocket&speed=10`,
      );
      await visit.element();
      const { decisions, lanes } = await visit.snapshot("20 s", (now) => now.elapsedMs > 20_000);
      return {
        first: decisions.filter(({ atMs }) => atMs < 5000),
        firstMessages: lanes.map(({ firstMessageMs }) => firstMessageMs),
        delay: lanes[0]?.delay?.medianMs ?? 0,
      };
    };
    const [one, two] = [await play(), await play()];
    assert.deepEqual(one.first, two.first);
    assert.deepEqual(one.firstMessages, two.firstMessages);
    assert.ok(one.delay >= 95, `${one.delay} ms`);
  });

  scene("seed, round trip and loss are fields of a simulated run", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#simulated=seed=1&lanes=websocket`);
    await visit.element();
    await press(visit, "#settings");
    for (const [id, value, link] of /** @type {const} */ ([
      ["seed", "9", /seed=9/],
      ["roundTripMs", "400", /round-trip=400/],
      ["lossPercent", "1", /loss=1/],
    ])) {
      await visit.page.locator(`#${id}`).fill(value);
      await visit.page.keyboard.press("Enter");
      await until(`${id} in the link`, () => link.test(visit.page.url()));
    }
    await visit.snapshot("the longer way", ({ lanes }) => (lanes[0]?.delay?.medianMs ?? 0) > 190);
  });

  scene("every story starts, says what to look for, and is in the link", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/`);
    await visit.element();
    await visit.flowing();
    await everyStory(visit, async (id) => {
      await pressed(visit, `[data-story="${id}"]`, true);
      await visit.snapshot(`a message of ${id}`, (now) =>
        now.lanes.some(({ messages }) => messages > 0),
      );
      assert.match(visit.page.url(), new RegExp(`story=${id}`));
      const look = await visit.page.$eval("#look span", (found) => found.textContent ?? "");
      assert.equal(look.split(/[.]\s/).length, 2, look);
      const state = (await visit.now()).state;
      assert.equal(state, "running", id);
    });
  });

  scene(
    "the corporate proxy: SSE falls silent, finds another way, loses nothing",
    async (stage) => {
      const visit = await stage.open(`${stage.server.origin}/`);
      await visit.element();
      await visit.flowing();
      await press(visit, '[data-story="proxy"]');
      await visit.snapshot("the proxy", (now) => plays(now, "buffer"));
      const fallen = await visit.snapshot(
        "SSE over long polling",
        (now) => lane(now, "sse").running === "long-poll" && lane(now, "sse").open,
        40_000,
      );
      const after = await visit.snapshot(
        "more messages",
        (now) => lane(now, "sse").messages > lane(fallen, "sse").messages + 5,
      );
      assert.equal(lane(after, "sse").missing, 0);
      assert.equal(lane(after, "websocket").running, "websocket");
    },
  );

  scene("seven tabs: four lanes wait, WebSocket goes on", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    await visit.flowing();
    await press(visit, '[data-story="tabs"]');
    const now = await visit.snapshot(
      "WebSocket alone",
      (each) => each.simulated && lane(each, "websocket").messages > 20,
    );
    for (const asked of ["short-poll", "long-poll", "sse", "ndjson"]) {
      assert.equal(lane(now, asked).messages, 0, asked);
    }
  });

  scene("chat: what the reader says comes down on every lane", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    await visit.flowing();
    const { snapshot: first } = await visit.now();
    await press(visit, '[data-story="chat"]');
    await visit.snapshot(
      "the chat's channel",
      ({ channel, sent }) => channel !== "" && channel !== first?.channel && sent > 0,
    );
    const { snapshot: before } = await visit.now();
    assert.ok(before);
    for (let i = 0; i < 5; i += 1) {
      await visit.page.locator("#say-text").fill(`hello ${i}`);
      await visit.page.keyboard.press("Enter");
      await until(
        "the server to have it",
        async () =>
          (await visit.page.$eval(
            "#say-text",
            (input) => /** @type {HTMLInputElement} */ (input).value,
          )) === "",
      );
    }
    await visit.snapshot("them on every lane", (now) =>
      now.lanes.every(
        ({ messages }, index) => messages >= (before.lanes[index]?.messages ?? 0) + 5,
      ),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene("Pause freezes the picture and not the stream; Now returns", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.snapshot("a while", ({ elapsedMs }) => elapsedMs > 3000);
    await inside(visit, ".pause").click();
    const held = await until("the pause", async () => {
      const now = await time(visit);
      return now.paused && now;
    });
    assert.match(held.moment, /^at [\d.]+ s$/);
    const sent = (await visit.now()).snapshot?.sent ?? 0;
    // What was sent before the pause may come after it, and is drawn.
    const goesOn = (/** @type {number} */ count) =>
      visit.snapshot("the stream to go on", ({ lanes }) => (lanes[0]?.messages ?? 0) > count);
    await goesOn(sent + RATE);
    const still = await stillPicture(visit);
    await goesOn(sent + 3 * RATE);
    assert.equal((await time(visit)).moment, held.moment);
    assert.ok((await visit.picture()) === still, "the picture still stands");
    await inside(visit, ".scrub .button").click();
    await until("now", async () => !(await time(visit)).paused);
    assert.equal((await time(visit)).axis.at(-1), "now");
    await until("another picture", async () => (await visit.picture()) !== still);
    assert.deepEqual(visit.problems, []);
  });

  scene("a pause that comes as a run begins anew holds that run", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.flowing();
    await startAnd(visit, "pause");
    await until("the pause", async () => (await time(visit)).paused);
    const held = await stillPicture(visit);
    await inside(visit, ".pause").click();
    await until("the picture to go on", async () => (await visit.picture()) !== held);
    assert.equal((await time(visit)).paused, false);
  });

  scene("a stop that comes as a run begins stops it", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.flowing();
    await startAnd(visit, "stop");
    await visit.state("stopped");
    const stopped = await visit.snapshot("the end", ({ state }) => state === "stopped");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { snapshot, state } = await visit.now();
    assert.equal(state, "stopped");
    assert.equal(snapshot?.sent, stopped.sent);
    await visit.start();
    await visit.flowing();
  });

  scene("a slow simulated run is drawn by its own clock", async ({ server, open }) => {
    const visit = await open(
      `${server.origin}/#rate=20&lanes=websocket&simulated=seed=1&speed=0.2&window=0.5`,
    );
    await visit.element();
    await visit.snapshot("more than there is to see", ({ elapsedMs }) => elapsedMs > 700);
    const pictures = [];
    for (let shot = 0; shot < 10; shot += 1) pictures.push(await visit.picture());
    // Ten take less than a second, and reports alone would show three.
    assert.ok(new Set(pictures).size >= 6, `${new Set(pictures).size} of ten pictures differ`);
    // Ten of them, from the left to the right edge.
    await until("messages all over the picture", async () => {
      const { quarters } = await visit.ink(await visit.picture());
      return quarters.every((ink) => ink > 20);
    });
  });

  scene("keys look back, zoom, pause and return", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.snapshot("a while", ({ elapsedMs }) => elapsedMs > 4000);
    const before = await visit.runs();
    await visit.page.$eval("transport-playground", (element) => {
      /** @type {HTMLElement} */ (element.shadowRoot?.querySelector(".lanes")).focus();
    });
    const { keyboard } = visit.page;
    /** @param {string} what @param {(now: Awaited<ReturnType<typeof time>>) => boolean} holds */
    const shows = (what, holds) =>
      until(
        what,
        async () => {
          const now = await time(visit);
          return holds(now) && now;
        },
        { detail: () => time(visit) },
      );
    await keyboard.press("ArrowLeft");
    await keyboard.press("ArrowLeft");
    const back = await shows("two steps back", ({ paused, ago }) => paused && ago >= 1.5);
    await keyboard.press("ArrowRight");
    await shows("a step forth", ({ second }) => second > back.second + 0.5);
    await keyboard.press("Home");
    await shows("the start", ({ moment }) => moment === "at 0.0 s");
    await keyboard.press("End");
    await shows("now", ({ paused }) => !paused);
    await keyboard.press(" ");
    await shows("a pause", ({ paused }) => paused);
    await keyboard.press(" ");
    await shows("now again", ({ paused }) => !paused);
    await keyboard.press("+");
    assert.equal((await time(visit)).window, 5);
    await keyboard.press("-");
    await keyboard.press("-");
    assert.equal((await time(visit)).window, 20);
    await until("the zoom in the link", () => /window=20/.test(visit.page.url()));
    // The same run all along.
    assert.equal(await visit.runs(), before);
    assert.deepEqual(visit.problems, []);
  });

  scene("a drag looks back, and Ctrl with the wheel zooms", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=${RATE}&lanes=sse`);
    await visit.element();
    await visit.snapshot("a while", ({ elapsedMs }) => elapsedMs > 4000);
    const canvas = await visit.page.waitForSelector("transport-playground >>> canvas");
    await canvas?.scrollIntoView();
    const box = await canvas?.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const begun = ((await visit.now()).snapshot?.elapsedMs ?? NaN) / 1000;
    await visit.page.mouse.move(x, y);
    await visit.page.mouse.down();
    await visit.page.mouse.move(x + box.width / 8, y, { steps: 4 });
    await visit.page.mouse.move(x + box.width / 4, y, { steps: 4 });
    await visit.page.mouse.up();
    await until("a look back", async () => {
      const { paused, ago, second } = await time(visit);
      return paused && ago >= 1.5 && second >= 1 && second > begun - 6;
    });
    await visit.page.keyboard.down("Control");
    await visit.page.mouse.wheel({ deltaY: -120 });
    await until("a narrower window", async () => (await time(visit)).window === 5);
    await visit.page.keyboard.up("Control");
  });

  scene("Copy link copies what is in the address bar", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    await visit.page.evaluate(() => {
      Object.defineProperty(navigator.clipboard, "writeText", {
        value: (/** @type {string} */ text) => {
          document.body.dataset["copied"] = text;
          return Promise.resolve();
        },
      });
    });
    await press(visit, '[data-story="wake"]');
    await press(visit, "#copy-link");
    await visit.text(/Copied/);
    const copied = (await attribute(visit, "body", "data-copied")) ?? "";
    assert.equal(copied, visit.page.url());
    const again = await open(copied);
    await again.element();
    const { simulated } = await again.snapshot("the same run", (now) => now.sent > 0);
    assert.ok(simulated);
    await pressed(again, '[data-story="wake"]', true);
    assert.equal(again.page.url(), copied);
  });

  scene("everything for playing is there at 360 pixels, and fits", async ({ server, open }) => {
    const visit = await open(
      `${server.origin}/#simulated=seed=1&environment=hidden-tab&story=proxy`,
      { width: 360, height: 740 },
    );
    await visit.element();
    await visit.snapshot("messages", (now) => now.sent > 3);
    await press(visit, ".more");
    await inside(visit, ".pause").click();
    const { content, small } = await visit.page.evaluate(() => {
      const root = document.querySelector("transport-playground")?.shadowRoot;
      const controls = [
        ...document.querySelectorAll("button, select"),
        ...(root?.querySelectorAll("button") ?? []),
      ];
      return {
        content: document.scrollingElement?.scrollWidth ?? 0,
        small: controls
          .filter((each) => each.checkVisibility() && !each.classList.contains("inline"))
          .filter((each) => each.getBoundingClientRect().height < 44)
          .map((each) => each.textContent),
      };
    });
    assert.ok(content <= 360, `${content} pixels wide`);
    assert.deepEqual(small, []);
  });
});
