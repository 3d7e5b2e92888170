// "On the wire": choosing a message by mouse and by keyboard, and reading its bytes over every
// transport.
import assert from "node:assert/strict";

import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** What each lane's message must show: of the spans' kinds, and of the text. */
const expected = /** @type {const} */ ({
  "short-poll": {
    kinds: ["request line", "status line", "batch", "payload"],
    text: /GET \/api\/channels\/.*\/poll\?/,
  },
  "long-poll": {
    kinds: ["request line", "status line", "batch", "payload"],
    text: /GET \/api\/channels\/.*\/long-poll\?/,
  },
  sse: {
    kinds: ["chunk size", "id", "field name", "payload", "blank line"],
    text: /^[0-9a-f]+\\r\\nid: \d+-[0-9a-f]{6}\\ndata: \{"seq":/,
  },
  ndjson: {
    kinds: ["chunk size", "payload", "line end"],
    text: /^[0-9a-f]+\\r\\n\{"seq":/,
  },
  websocket: {
    kinds: ["FIN", "RSV", "opcode", "MASK", "length", "payload"],
    text: /^1FIN000RSV0001opcode0MASK/,
  },
});

/** The card as a reader sees it. @param {Visit} visit */
async function card(visit) {
  return visit.page.evaluate(() => {
    const wire = /** @type {HTMLElement} */ (document.querySelector("#wire"));
    const spans = [...wire.querySelectorAll(".wire-bytes .wire-span")];
    return {
      about: wire.querySelector("#wire-about")?.textContent ?? "",
      lane: wire.querySelector('.chip[aria-pressed="true"]')?.getAttribute("data-transport") ?? "",
      kinds: spans.map((span) => (span.getAttribute("aria-label") ?? "").split(",")[0] ?? ""),
      text: [...wire.querySelectorAll(".wire-bytes")].map((bytes) => bytes.textContent).join(""),
      explains: wire.querySelector(".wire-explains")?.textContent ?? "",
    };
  });
}

/**
 * @param {Visit} visit @param {string} what
 * @param {(shown: Awaited<ReturnType<typeof card>>) => boolean} holds
 */
async function cardWhere(visit, what, holds) {
  return until(
    what,
    async () => {
      const shown = await card(visit);
      return holds(shown) && shown;
    },
    { detail: () => card(visit) },
  );
}

/** @param {string} about */
function messageOf(about) {
  return Number((/message ([\d,]+) over/.exec(about)?.[1] ?? "0").replaceAll(",", ""));
}

/** The middle of a lane's canvas. @param {Visit} visit @param {string} lane */
async function canvasOf(visit, lane) {
  return visit.page.evaluate((transport) => {
    const root = document.querySelector("transport-playground")?.shadowRoot;
    const canvas = root?.querySelector(`.lane[data-transport="${transport}"] canvas`);
    canvas?.scrollIntoView({ block: "center" });
    const { x, y, width, height } = canvas?.getBoundingClientRect() ?? new DOMRect();
    return { x, y, width, height };
  }, lane);
}

inEveryBrowser("on the wire", (scene) => {
  scene("a message is shown before anything is chosen", async ({ server, open }) => {
    const visit = await open(`${server.origin}/`);
    await visit.element();
    const shown = await cardWhere(visit, "a message of the SSE lane", ({ kinds }) =>
      kinds.includes("payload"),
    );
    assert.equal(shown.lane, "sse");
    assert.match(shown.about, /^message \d+ over SSE · \d+ bytes, \d+ of them overhead$/);
    assert.deepEqual(visit.problems, []);
  });

  scene("the same message can be read over every transport", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`);
    await visit.element();
    await visit.snapshot("messages on every lane", ({ lanes }) =>
      lanes.every(({ messages }) => messages > 30),
    );
    const first = await cardWhere(visit, "a message", ({ kinds }) => kinds.includes("payload"));
    const seq = messageOf(first.about);
    assert.ok(seq > 0);
    for (const [lane, { kinds, text }] of Object.entries(expected)) {
      await visit.page.locator(`#wire .chip[data-transport="${lane}"]`).click();
      const shown = await cardWhere(
        visit,
        `message ${seq} over ${lane}`,
        (now) => now.lane === lane,
      );
      assert.equal(messageOf(shown.about), seq);
      for (const kind of kinds) assert.ok(shown.kinds.includes(kind), `${lane}: ${kind}`);
      assert.match(shown.text, text);
      assert.ok(shown.text.includes(`{"seq":${seq},`), `${lane} shows message ${seq}`);
    }

    await visit.page.locator("#wire .wire-view:last-child").click();
    const heads = await cardWhere(visit, "the WebSocket's heads", ({ text }) => /101/.test(text));
    assert.match(heads.text, /GET .*Sec-WebSocket-Key: .*HTTP\/1\.1 101 Switching Protocols/s);
    assert.match(heads.about, /connection 1, /);
    assert.deepEqual(visit.problems, []);
  });

  scene("a click on a lane chooses the message there", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=5`);
    await visit.element();
    await visit.snapshot("messages", ({ lanes }) => lanes.every(({ messages }) => messages > 20));
    const box = await canvasOf(visit, "websocket");
    await visit.page.mouse.click(box.x + box.width * 0.8, box.y + box.height / 2);
    const one = await cardWhere(visit, "a frame", ({ lane }) => lane === "websocket");
    await visit.page.mouse.click(box.x + box.width * 0.95, box.y + box.height / 2);
    const later = await cardWhere(
      visit,
      "a later frame",
      ({ about }) => messageOf(about) > messageOf(one.about),
    );
    assert.equal(later.lane, "websocket");
    assert.deepEqual(visit.problems, []);
  });

  scene("arrow keys go from message to message, and from byte to byte", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#rate=5`);
    await visit.element();
    await visit.snapshot("messages", ({ lanes }) => lanes.every(({ messages }) => messages > 5));
    await visit.page.evaluate(() => {
      const root = document.querySelector("transport-playground")?.shadowRoot;
      const canvas = root?.querySelector('.lane[data-transport="ndjson"] canvas');
      if (canvas instanceof HTMLElement) canvas.focus();
    });
    await visit.page.keyboard.press("Enter");
    const newest = await cardWhere(visit, "a line", ({ lane }) => lane === "ndjson");
    await visit.page.keyboard.press("ArrowLeft");
    await visit.page.keyboard.press("ArrowLeft");
    await visit.page.keyboard.press("Enter");
    const before = messageOf(newest.about) - 2;
    await cardWhere(visit, "the one two before", ({ about }) => messageOf(about) === before);

    await visit.page.focus("#wire .wire-bytes");
    await cardWhere(visit, "the chunk's size explained", ({ explains }) =>
      /^chunk size.*hexadecimal.*RFC 9112 7\.1$/.test(explains),
    );
    await visit.page.keyboard.press("ArrowRight");
    await cardWhere(visit, "the next span explained", ({ explains }) =>
      explains.startsWith("sequence number"),
    );
    assert.deepEqual(visit.problems, []);
  });

  scene(
    "a simulated run hands out its bytes as well, even while it stands still",
    async (stage) => {
      const visit = await stage.open(`${stage.server.origin}/`);
      const answers = await visit.page.evaluate(async (lanes) => {
        const address = "/playground_core.js";
        /** @type {{ default: import("../../web/src/contract/core-module.ts").CreateCore }} */
        const glue = await import(address);
        const playground = new (await glue.default()).Playground();
        const wire = "/playground_wire.js";
        /** @type {{ default: import("../../web/src/contract/core-module.ts").Create<import("../../web/src/contract/core-module.ts").WireExplainer> }} */
        const wireGlue = await import(wire);
        const { explainWire } = await wireGlue.default();
        const settings = { server: "http://localhost:8088", lanes, simulated: {} };
        const refusal = playground.start(JSON.stringify(settings));
        if (refusal !== "") throw new Error(refusal);
        playground.setSpeed(20);
        while (playground.now() < 5000) await new Promise((done) => setTimeout(done, 10));
        playground.setSpeed(0);
        const found =
          /** @type {import("../../web/src/contract/core-module.ts").WireAnswer[]} */ ([]);
        lanes.forEach((_, index) => {
          playground.askWire(index, 7, (status, body, lane) => {
            found.push(JSON.parse(explainWire(status, body, lane, 7)));
          });
        });
        playground.delete();
        return found;
      }, Object.keys(expected));
      for (const answer of answers) {
        const { kinds } = expected[/** @type {keyof typeof expected} */ (answer.lane)];
        assert.equal(answer.error, "");
        assert.equal(answer.seq, 7);
        const shown = answer.message.flatMap(({ spans }) => spans.map(({ kind }) => kind));
        for (const kind of kinds) assert.ok(shown.includes(kind), `${answer.lane}: ${kind}`);
      }
      assert.equal(answers.length, 5);
    },
  );

  scene("the card fits 360 pixels", async ({ server, open }) => {
    const visit = await open(`${server.origin}/#rate=20`, { width: 360, height: 740 });
    await visit.element();
    await cardWhere(visit, "a message", ({ kinds }) => kinds.includes("payload"));
    for (const lane of ["short-poll", "websocket"]) {
      await visit.page.evaluate((transport) => {
        const chip = document.querySelector(`#wire .chip[data-transport="${transport}"]`);
        if (chip instanceof HTMLElement) chip.click();
      }, lane);
      await cardWhere(visit, `a message over ${lane}`, (now) => now.lane === lane);
      const { content, screen } = await visit.page.evaluate(() => ({
        content: document.scrollingElement?.scrollWidth ?? 0,
        screen: innerWidth,
      }));
      assert.ok(content <= screen, `${content} pixels wide on a screen of ${screen}`);
    }
  });
});
