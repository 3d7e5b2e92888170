// "Your own endpoint": the page and the element follow servers of other people's making, on another
// origin: better-sse, `ws`, nginx with Nchan, Socket.IO's raw WebSocket, and Node's own HTTP server.
import assert from "node:assert/strict";
import http from "node:http";

import betterSse from "better-sse";
import { Server as SocketIo } from "socket.io";
import { WebSocketServer } from "ws";

import { keptFiles } from "./support/kept_files.mjs";
import { listening } from "./support/listening.mjs";
import { Nchan } from "./support/nchan.mjs";
import { OtherOrigin } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */
/** @typedef {import("../../web/src/contract/core-module.ts").EndpointSnapshot} EndpointSnapshot */
/** @typedef {import("../../web/src/contract/core-module.ts").EndpointSettings} EndpointSettings */

const dist = new URL(process.env.PLAYGROUND_WEB ?? "../../web/dist/", import.meta.url);

/**
 * The snapshot's endpoints; none before there is one.
 * @param {Visit} visit
 */
async function endpoints(visit) {
  return visit.page.evaluate(() => {
    const element = /** @type {import("./support/visit.mjs").TransportPlayground | null} */ (
      document.querySelector("transport-playground")
    );
    return element?.snapshot?.endpoints ?? [];
  });
}

/**
 * Waits for an endpoint to be as it is wanted, and answers it.
 * @param {Visit} visit
 * @param {string} what
 * @param {(endpoint: EndpointSnapshot) => unknown} wanted
 */
async function endpoint(visit, what, wanted, index = 0) {
  return until(
    what,
    async () => {
      const found = (await endpoints(visit))[index];
      return found !== undefined && wanted(found) ? found : undefined;
    },
    { detail: () => endpoints(visit) },
  );
}

/** @param {EndpointSnapshot} snapshot */
function items({ entries }) {
  return entries.filter(({ kind }) => kind === "item");
}

/**
 * Fills in the form by the names of its fields, and follows.
 * @param {Visit} visit
 * @param {Record<string, string | boolean>} fields
 */
async function follow({ page }, fields) {
  await page.waitForSelector("#endpoint-form[open]");
  await page.evaluate((given) => {
    for (const [title, value] of Object.entries(given)) {
      const label = [...document.querySelectorAll("#endpoint-form label")].find((each) =>
        each.textContent?.trim().startsWith(title),
      );
      const control = label?.querySelector("input, select, textarea");
      if (typeof value === "boolean") {
        /** @type {HTMLInputElement} */ (control).checked = value;
      } else {
        /** @type {HTMLInputElement} */ (control).value = value;
      }
      control?.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }, fields);
  await page.locator("#endpoint-form [type=submit]").click();
}

/**
 * Clicks what opens the form, again where the page has moved from under the mouse meanwhile.
 *
 * @param {Visit} visit @param {string} [what]
 */
async function openForm({ page }, what = "#add-endpoint") {
  await until("the form", async () => {
    await page.locator(what).click();
    return (await page.$("#endpoint-form[open]")) !== null;
  });
}

/** An address at which nobody listens: it was free a moment ago. */
async function nobody() {
  const taken = http.createServer();
  const port = await listening(taken);
  await new Promise((closed) => taken.close(closed));
  return `http://localhost:${port}/`;
}

/**
 * An HTTP server that ends with the scene.
 * @param {(stop: () => unknown) => void} finally_
 * @param {http.RequestListener} listener
 */
async function serve(finally_, listener) {
  const server = http.createServer(listener);
  const port = await listening(server);
  finally_(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, origin: `http://localhost:${port}` };
}

/** @param {EndpointSettings | EndpointSettings[]} settings */
function alone(settings) {
  return `#lanes=none&endpoint=${encodeURIComponent(JSON.stringify(settings))}`;
}

inEveryBrowser("one's own endpoint", (scene) => {
  scene("an event stream of a library's, through the form, beside two lanes", async (stage) => {
    const sessions = /** @type {import("better-sse").Session[]} */ ([]);
    const asked = /** @type {string[]} */ ([]);
    const said = /** @type {string[]} */ ([]);
    const { origin } = await serve(stage.finally, async (request, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Access-Control-Allow-Headers", "Last-Event-ID, X-Key");
      response.setHeader("Access-Control-Expose-Headers", "X-From");
      if (request.method === "OPTIONS") {
        response.writeHead(204).end();
        return;
      }
      if (request.url === "/say") {
        let text = "";
        for await (const part of request) text += part;
        said.push(text);
        response.writeHead(202).end("taken");
        return;
      }
      asked.push(`${request.headers["x-key"]} ${request.headers["last-event-id"] ?? ""}`);
      response.setHeader("X-From", "them");
      sessions.push(await betterSse.createSession(request, response, { retry: 50 }));
    });
    const visit = await stage.open(
      `${stage.server.origin}/#rate=10&payload=64&lanes=sse,websocket`,
    );
    await visit.flowing();
    await openForm(visit);
    await follow(visit, {
      Address: `${origin}/events?token=secret`,
      Name: "prices",
      Time: "/ts",
      Number: "/seq",
      Header: "X-Key: secret",
      "A POST": `${origin}/say`,
    });
    const first = await until("a session", () => sessions[0]);
    for (const seq of [7, 8, 11, 10, 10]) {
      first.push({ seq, ts: Date.now() }, seq % 2 ? "trade" : "message", `id-${seq}`);
    }
    const followed = await endpoint(visit, "five events", (each) => each.items === 5);
    assert.equal(followed.title, "prices");
    assert.equal(followed.status, 200);
    assert.match(followed.fields, /^x-from: them\r$/m);
    assert.equal(followed.retryMs, 50);
    assert.deepEqual(
      items(followed).map(({ event, id }) => `${event} ${id}`),
      ["trade id-7", "message id-8", "trade id-11", "message id-10", "message id-10"],
    );
    assert.deepEqual(
      [followed.messages, followed.missing, followed.duplicate, followed.reordered],
      [4, 1, 1, 1],
    );
    assert.ok(followed.delay !== null);
    // Cut: the next request says what it has seen.
    /** @type {http.ServerResponse} */ (/** @type {unknown} */ (first["res"])).destroy();
    const second = await until("another session", () => sessions[1]);
    assert.deepEqual(asked, ["secret ", "secret id-10"]);
    second.push({ seq: 12, ts: Date.now() }, "message", "id-12");
    const again = await endpoint(visit, "the sixth event", (each) => each.items === 6);
    assert.equal(again.reconnects, 1);
    assert.ok(again.entries.some(({ kind, id }) => kind === "asked" && id === "id-10"));
    // A POST beside it.
    await visit.page.type(".endpoint-say input", "hello");
    await visit.page.locator(".endpoint-say button").click();
    await endpoint(visit, "the answer to the POST", ({ entries }) =>
      entries.some(
        ({ kind, status, text }) => kind === "answered" && status === 202 && text === "taken",
      ),
    );
    assert.deepEqual(said, ["hello"]);
    // On the page, and the lanes of the playground go on beside it.
    const log = await visit.page.$eval(".endpoint-log", (found) => found.textContent ?? "");
    assert.match(log, /trade.*id id-7/s);
    await until("the other lanes", () =>
      visit.page.evaluate(() => {
        const element = /** @type {any} */ (document.querySelector("transport-playground"));
        return element.snapshot.lanes.every((/** @type {any} */ lane) => lane.messages > 0);
      }),
    );
    assert.equal((await visit.page.$$("transport-playground >>> canvas")).length, 3);
    // Nothing of it is in the link.
    assert.equal(new URL(visit.page.url()).hash, "#rate=10&payload=64&lanes=sse,websocket");
    assert.deepEqual(visit.problems, []);
  });

  scene("by the browser's own EventSource, events whose names are given", async (stage) => {
    const sessions = /** @type {import("better-sse").Session[]} */ ([]);
    const asked = /** @type {string[]} */ ([]);
    const { origin } = await serve(stage.finally, async (request, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*");
      asked.push(String(request.headers["last-event-id"] ?? ""));
      sessions.push(await betterSse.createSession(request, response, { retry: 50 }));
    });
    const visit = await stage.open(
      stage.server.origin +
        "/" +
        alone({ url: `${origin}/e`, transport: "sse-native", events: ["tick"] }),
    );
    const first = await until("a session", () => sessions[0]);
    first.push("one", "tick", "1").push("unheard", "other", "2").push("three", "message", "3");
    const followed = await endpoint(visit, "two events", (each) => each.items === 2);
    assert.deepEqual(
      items(followed).map(({ event, text }) => `${event} ${text}`),
      ['tick "one"', 'message "three"'],
    );
    assert.equal(followed.status, 0);
    /** @type {http.ServerResponse} */ (/** @type {unknown} */ (first["res"])).destroy();
    await until("another session", () => sessions[1]);
    assert.deepEqual(asked, ["", "3"]);
  });

  scene(
    "the ws package: text, bytes, subprotocol, sending, close code and reason",
    async (stage) => {
      const sockets = new WebSocketServer({ port: 0, host: "localhost" });
      const open = /** @type {import("ws").WebSocket[]} */ ([]);
      const heard = /** @type {string[]} */ ([]);
      sockets.on("connection", (socket) => {
        open.push(socket);
        socket.on("message", (data) => heard.push(String(data)));
      });
      stage.finally(() => {
        for (const socket of open) socket.terminate();
        sockets.close();
      });
      await until("the port", () => sockets.address());
      const { port } = /** @type {import("node:net").AddressInfo} */ (sockets.address());
      const visit = await stage.open(
        stage.server.origin +
          "/" +
          alone({
            url: `ws://localhost:${port}/any?thing`,
            subprotocols: ["v2", "v1"],
            name: "mine",
          }),
      );
      const first = await until("a socket", () => open[0]);
      assert.equal(first.protocol, "v2");
      first.send("text \u{1f600}");
      first.send(Buffer.from([0, 255, 128]));
      const followed = await endpoint(visit, "two messages", (each) => each.items === 2);
      assert.match(followed.fields, /v2/);
      assert.deepEqual(
        items(followed).map(({ text, binary, size }) => ({ text, binary, size })),
        [
          { text: "text \u{1f600}", binary: false, size: 9 },
          { text: "00 ff 80", binary: true, size: 3 },
        ],
      );
      await visit.page.type(".endpoint-say input", "back");
      await visit.page.locator(".endpoint-say button").click();
      await until("what was sent", () => heard.includes("back"));
      first.close(4001, "that is all");
      await endpoint(visit, "the close", ({ entries }) =>
        entries.some(({ kind, text }) => kind === "ended" && text === "code 4001: that is all"),
      );
      await until("another socket", () => open[1]);
      // Nobody has asked the playground server for a channel.
      const runs = await visit.page.evaluate(() => {
        const element = /** @type {any} */ (document.querySelector("transport-playground"));
        return [element.snapshot.state, element.snapshot.channel, element.snapshot.lanes.length];
      });
      assert.deepEqual(runs, ["running", "", 0]);
      assert.deepEqual(visit.problems, []);
    },
  );

  scene("Nchan, as an event stream and as a WebSocket, against each other", async (stage) => {
    const nchan = await Nchan.start();
    stage.finally(() => nchan.stop());
    for (let n = 1; n <= 3; n += 1) await nchan.publish(`early ${n}`);
    const visit = await stage.open(
      stage.server.origin +
        "/" +
        alone([
          { url: `${nchan.origin}/sub`, name: "stream" },
          { url: `${nchan.origin.replace("http", "ws")}/ws`, name: "socket" },
        ]),
    );
    for (const index of [0, 1]) {
      await endpoint(visit, "what was there", ({ items }) => items === 3, index);
    }
    await nchan.publish("late", "tick");
    for (const index of [0, 1]) {
      const all = await endpoint(visit, "what came", (each) => each.items === 4, index);
      assert.deepEqual(
        items(all).map(({ text }) => text),
        ["early 1", "early 2", "early 3", "late"],
      );
    }
    const [stream] = await endpoints(visit);
    assert.equal(stream && items(stream)[3]?.event, "tick");
    assert.ok(stream?.lastEventId);
  });

  scene("Socket.IO's raw WebSocket", async (stage) => {
    const { server, origin } = await serve(stage.finally, (_, response) => response.end());
    const io = new SocketIo(server);
    stage.finally(() => io.close());
    const heard = /** @type {unknown[]} */ ([]);
    io.on("connection", (socket) => {
      socket.on("say", (what) => heard.push(what));
      socket.emit("price", { seq: 1 });
    });
    const visit = await stage.open(
      stage.server.origin +
        "/" +
        alone({ url: `${origin.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket` }),
    );
    await endpoint(visit, "engine.io's handshake", (each) =>
      items(each)[0]?.text.startsWith('0{"sid"'),
    );
    const send = (/** @type {string} */ text) =>
      visit.page.evaluate(
        (words) =>
          /** @type {any} */ (document.querySelector("transport-playground")).send(0, words),
        text,
      );
    assert.equal(await send("40"), "");
    await endpoint(visit, "an event", (each) =>
      items(each).some(({ text }) => text === '42["price",{"seq":1}]'),
    );
    assert.equal(await send('42["say","hello"]'), "");
    await until("what was said", () => heard.includes("hello"));
  });

  scene("lines over fetch, and an address that is polled", async (stage) => {
    let polls = 0;
    const { origin } = await serve(stage.finally, (request, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*");
      if (request.url === "/poll") {
        response.end(`answer ${(polls += 1)}`);
        return;
      }
      response.writeHead(200, { "Content-Type": "text/plain" });
      response.write('{"a":1}\nplain ');
      setTimeout(() => response.write("text\r\n"), 50);
    });
    const visit = await stage.open(
      stage.server.origin +
        "/" +
        alone([
          { url: `${origin}/lines`, transport: "ndjson" },
          { url: `${origin}/poll`, transport: "short-poll", pollMs: 50 },
        ]),
    );
    const lines = await endpoint(visit, "two lines", (each) => each.items === 2);
    assert.deepEqual(
      items(lines).map(({ text }) => text),
      ['{"a":1}', "plain text"],
    );
    const polled = await endpoint(visit, "three answers", (each) => each.items >= 3, 1);
    assert.equal(items(polled)[0]?.text, "answer 1");
    assert.equal(polled.entries.filter(({ kind }) => kind === "head").length, 1);
  });

  scene("not there, not allowed and not an event stream are three sentences", async (stage) => {
    const { origin } = await serve(stage.finally, (request, response) => {
      if (request.url === "/page") {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.writeHead(200, { "Content-Type": "text/html" }).end("<p>");
        return;
      }
      if (request.url === "/strict") {
        response.setHeader("Access-Control-Allow-Origin", "*");
        if (request.method === "OPTIONS") {
          response.writeHead(204).end();
          return;
        }
      }
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": hello\n\n");
    });
    const rows = /** @type {[EndpointSettings, string, RegExp][]} */ ([
      [{ url: await nobody() }, "endpoint-not-there", /nothing answers/],
      [
        { url: `${origin}/closed` },
        "endpoint-not-allowed",
        new RegExp(`lacks Access-Control-Allow-Origin: ${stage.server.origin} `),
      ],
      [{ url: `${origin}/page` }, "endpoint-not-a-stream", /status 200, text\/html/],
      [
        { url: `${origin}/strict`, headers: { "X-Key": "k" } },
        "endpoint-preflight",
        /lacks Access-Control-Allow-Headers: X-Key\./,
      ],
      [{ url: `${origin}/page`, transport: "sse-native" }, "endpoint-not-a-stream", /text\/html/],
      [{ url: `${origin}/closed`, transport: "sse-native" }, "endpoint-not-allowed", /not allow/],
      [{ url: `${origin}/page`, transport: "websocket" }, "endpoint-not-a-websocket", /WebSocket/],
      [{ url: await nobody(), transport: "websocket" }, "endpoint-not-there", /nothing answers/],
    ]);
    const visit = await stage.open(stage.server.origin + "/" + alone(rows.map(([each]) => each)));
    for (const [index, [{ url }, reason, sentence]] of rows.entries()) {
      await endpoint(visit, `${url}: ${reason}`, ({ found }) => found === reason, index);
      const why = await until("its sentence", () =>
        visit.page.evaluate(
          (at) => document.querySelectorAll(".endpoint-why")[at]?.textContent ?? "",
          index,
        ),
      );
      assert.match(why, sentence);
    }
  });

  scene("the policy of a page is said as such", async (stage) => {
    const { origin } = await serve(stage.finally, (_, response) => {
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Access-Control-Allow-Origin": "*",
      });
      response.write(": hello\n\n");
    });
    const policy = "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
    const other = await OtherOrigin.start({
      directory: dist,
      pages: {
        "/policy.html": `<!doctype html><title>policy</title>
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <script type="module" src="transport-playground.js"></script>
          <transport-playground autoplay transports="none" endpoint="${origin}/"></transport-playground>`,
      },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open("about:blank");
    // A worker has a policy of its own, as it was served; the page's is that of its own thread.
    await visit.page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, "Worker"));
    await visit.page.goto(`${other.origin}/policy.html`);
    await endpoint(visit, "the policy", ({ found }) => found === "endpoint-policy");
  });

  scene("only what is ticked is in the link", async (stage) => {
    const { origin } = await serve(stage.finally, (_, response) => {
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Authorization",
      });
      response.write("data: hello\n\n");
    });
    const visit = await stage.open(`${stage.server.origin}/#lanes=sse`);
    const link = () => decodeURIComponent(visit.page.url());
    await openForm(visit);
    await follow(visit, { Address: `${origin}/e`, Header: "Authorization: Bearer secret" });
    await endpoint(visit, "an event", (each) => each.items > 0);
    assert.doesNotMatch(link(), /endpoint|secret/);
    const change = async (/** @type {Record<string, boolean>} */ ticks) => {
      await openForm(visit, "#endpoint-chips .chip");
      await follow(visit, ticks);
    };
    await change({ "Its address": true });
    await until("the address", () => link().includes(`endpoint=${origin}/e`));
    assert.doesNotMatch(link(), /secret/);
    const embed = await visit.page.$eval("#embed-code", (code) => code.textContent ?? "");
    assert.match(embed, /endpoint="http/);
    assert.doesNotMatch(embed, /secret/);
    await change({ "Its header": true });
    await until("the header", () => link().includes("Bearer+secret"));
    // Whoever opens it follows the same.
    const second = await stage.open(visit.page.url());
    await endpoint(second, "an event", (each) => each.items > 0);
    // Without the lanes of the playground, and without the endpoint again.
    await second.page.locator('#chips .chip[aria-pressed="true"]').click();
    await until("no other lane", async () => /lanes=none/.test(second.page.url()));
    await endpoint(second, "an event", (each) => each.items > 0);
    await openForm(second, "#endpoint-chips .chip");
    await second.page.locator("#endpoint-form .endpoint-buttons :last-child").click();
    await until(
      "lanes again",
      async () => (await second.page.$$("#chips .chip[aria-pressed=true]")).length > 1,
    );
    assert.doesNotMatch(second.page.url(), /endpoint/);
  });

  scene("its figures are in the table, the charts and what is saved", async (stage) => {
    const { origin } = await serve(stage.finally, (request, response) => {
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "X-Key",
      });
      if (request.method === "OPTIONS") {
        response.end();
        return;
      }
      let seq = 0;
      const timer = setInterval(() => {
        const data = { seq: (seq += 1), ts: Date.now(), token: "secret" };
        response.write(`id: secret-${seq}\ndata: ${JSON.stringify(data)}\n\n`);
      }, 50);
      response.on("close", () => {
        clearInterval(timer);
      });
    });
    const { host } = new URL(origin);
    const visit = await stage.open(`${stage.server.origin}/#rate=20&lanes=sse`);
    await openForm(visit);
    await follow(visit, {
      Address: `${origin}/e?token=secret`,
      Time: "/ts",
      Number: "/seq",
      Header: "X-Key: secret",
    });
    await openForm(visit);
    await follow(visit, { Address: `${origin}/plain?token=secret`, Name: "my secret" });
    await endpoint(visit, "three seconds of events", (each) => each.messages > 60, 1);
    const cell = (/** @type {string} */ row, /** @type {string} */ column) =>
      visit.page.$eval(
        `#cost tr[data-transport="${row}"] [data-column="${column}"] .text`,
        (found) => found.textContent,
      );
    const names = () =>
      visit.page.$$eval("#cost tbody th", (found) => found.map((each) => each.textContent));
    assert.equal((await names()).length, 3);
    assert.match((await names())[1] ?? "", new RegExp(`^${host}your endpoint( · HTTP.+)?$`));
    for (const column of ["bytes", "overhead", "connections", "roundTrip"]) {
      assert.equal(await cell("endpoint-1", column), "not known", column);
    }
    assert.match((await cell("endpoint-1", "median")) ?? "", / m?s$/);
    assert.equal(await cell("endpoint-1", "missing"), "0");
    assert.match((await cell("endpoint-1", "rate")) ?? "", /^[1-9]/);
    // Without pointers to a time and a number nobody knows more.
    for (const column of ["median", "missing", "duplicate", "reordered"]) {
      assert.equal(await cell("endpoint-2", column), "not known", column);
    }
    assert.equal(await cell("endpoint-2", "requests"), "1");
    const notes = await visit.page.$eval(".cost-notes", (found) => found.textContent ?? "");
    assert.match(notes, /bytes on the wire.*clock/);

    await visit.page.$eval("#over-time", (place) => place.scrollIntoView());
    const chart = (/** @type {number} */ index) =>
      visit.page.$$eval(
        ".chart-stage",
        (all, at) => all[at]?.getAttribute("aria-label") ?? "",
        index,
      );
    await until("the delay of both", async () =>
      new RegExp(`SSE [≤ \\d<.]+ m?s.*${host} [\\d<.]+ m?s, my secret not known`).test(
        await chart(0),
      ),
    );
    assert.match(await chart(2), new RegExp(`SSE [\\d.]+ k?B, ${host} not known`));
    assert.match(await chart(3), /my secret [1-9]/);

    // What is saved and copied says nothing of whose they are.
    const file = await keptFiles(visit);
    const save = async (/** @type {string} */ id) => {
      await visit.page.$eval(`#${id}`, (button) => /** @type {HTMLElement} */ (button).click());
    };
    await save("export-json");
    const { text } = await file("json");
    assert.doesNotMatch(text, new RegExp(`secret|${host}`));
    const [first, second] = JSON.parse(text).endpoints;
    assert.deepEqual(
      [first.title, second.title, first.missing, second.missing, first.wire, first.connections],
      ["Endpoint 1", "Endpoint 2", 0, null, null, null],
    );
    assert.ok(JSON.parse(text).history.lanes["endpoint-1"].messages.length >= 2);
    assert.deepEqual([...new Set(JSON.parse(text).history.lanes["endpoint-1"].bytes)], [null]);
    await save("export-csv");
    assert.doesNotMatch((await file("csv")).text, new RegExp(`secret|${host}`));
    await save("export-png");
    assert.equal((await file("png")).type, "image/png");
    await save("compare-now");
    const compared = () =>
      visit.page.$$eval(".compare tbody th", (found) => found.map((each) => each.textContent));
    await until("the comparison", async () => (await compared()).length === 3);
    assert.deepEqual(await compared(), ["SSE", "Endpoint 1", "Endpoint 2"]);

    // The address and what goes with it, where that is ticked; its header field is a tick of its own.
    await openForm(visit, "#endpoint-chips .chip");
    await follow(visit, { "Its address": true });
    await visit.page.evaluate(() => /** @type {any} */ (globalThis).kept.splice(0));
    await save("export-json");
    const [ticked, unticked] = JSON.parse((await file("json")).text).endpoints;
    assert.deepEqual([ticked.title, ticked.origin], [host, origin]);
    assert.deepEqual([unticked.title, unticked.origin], ["Endpoint 2", ""]);
    assert.deepEqual(visit.problems, []);
  });

  scene("what is wrong with an endpoint is said where it was written", async (stage) => {
    const visit = await stage.open(`${stage.server.origin}/#lanes=sse`);
    await openForm(visit);
    const wrong = () =>
      visit.page.$eval("#endpoint-form .endpoint-wrong", (found) => found.textContent ?? "");
    await follow(visit, { Address: "example" });
    assert.match(await wrong(), /^Address: it has to be like https/);
    await follow(visit, { Address: "https://example.org/", Time: "ts" });
    assert.match(await wrong(), /JSON Pointer begins with a slash, such as \/ts/);
    // What only the core knows.
    await follow(visit, { Time: "", Header: "Cookie: a=b" });
    await until("the form again", async () =>
      /^headers: a browser does not let a page send Cookie$/.test(await wrong()),
    );
    const state = await visit.page.$eval(
      "transport-playground",
      (element) => /** @type {any} */ (element).state,
    );
    assert.equal(state, "failed");
  });

  scene("an element with an endpoint alone needs no playground server", async (stage) => {
    const { origin } = await serve(stage.finally, (_, response) => {
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Access-Control-Allow-Origin": "*",
      });
      response.write('id: 1\ndata: {"n":1}\n\n');
    });
    const other = await OtherOrigin.start({
      directory: dist,
      pages: {
        "/one.html": `<!doctype html><title>one</title><link rel="icon" href="data:," />
          <script type="module" src="transport-playground.js"></script>
          <transport-playground autoplay transports="none" endpoint="${origin}/"></transport-playground>`,
      },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/one.html`);
    const found = await endpoint(visit, "an event", (each) => each.items === 1);
    assert.equal(found.title, new URL(origin).host);
    const name = await visit.page.$eval(
      "transport-playground",
      (element) => element.shadowRoot?.querySelector(".lane .title")?.textContent,
    );
    assert.equal(name, found.title);
    assert.ok(!other.requests.some((path) => path.startsWith("/api")));
    assert.deepEqual(visit.problems, []);
  });
});
