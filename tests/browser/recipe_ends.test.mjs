// The code that the page offers to copy (docs/recipes), and every way in which the other side, or
// the callback that it is given, can end.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";
import { after, afterEach, before, describe, it } from "node:test";

import { WebSocketServer } from "ws";

import { browsers } from "./support/browsers.mjs";
import { recipes, servers } from "./support/recipe_servers.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {(response: Response, after: number, count: number) => unknown} Answer */

/**
 * A site with the recipes, whose stream at /stream a test writes: responses that are open, and the
 * message after which each was asked for.
 */
class Site {
  #server = createServer((request, response) => this.#serve(request, response));
  #answer = /** @type {Answer} */ ((response) => response.end());
  open = new Set();
  asked = /** @type {number[]} */ ([]);
  origin = "";

  static async start() {
    const site = new Site();
    const sockets = new WebSocketServer({ server: site.#server });
    sockets.on("connection", (socket, request) => {
      const last = site.#begin(socket, request.url ?? "");
      socket.on("close", () => site.open.delete(socket));
      for (const text of site.messages(last)) socket.send(text);
    });
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    const address = /** @type {import("node:net").AddressInfo} */ (site.#server.address());
    site.origin = `http://127.0.0.1:${address.port}`;
    return site;
  }

  /** @param {Answer} answer */
  answers(answer) {
    this.#answer = answer;
    this.asked = [];
  }

  /** Ten of them in all. @param {number} last */
  messages(last) {
    const ids = Array.from({ length: 10 }, (_, at) => at + 1).filter((id) => id > last);
    return ids.map((id) => JSON.stringify({ id, text: `text ${id}` }));
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** @param {object} connection @param {string} url */
  #begin(connection, url, header = "") {
    const last = Number(new URL(url, "http://site").searchParams.get("after") ?? header);
    this.open.add(connection);
    this.asked.push(last);
    return last;
  }

  /** @param {Request} request @param {Response} response */
  #serve(request, response) {
    const name = /^\/recipes\/([\w-]+\.js)$/.exec(request.url ?? "")?.[1];
    if (name !== undefined) {
      response.setHeader("Content-Type", "text/javascript");
      void readFile(new URL(name, recipes)).then((text) => response.end(text));
    } else if (request.url?.startsWith("/stream")) {
      const header = String(request.headers["last-event-id"] ?? "");
      const last = this.#begin(response, request.url, header);
      response.on("close", () => this.open.delete(response));
      this.#answer(response, last, this.asked.length);
    } else {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>Recipes</title><link rel='icon' href='data:,'>");
    }
  }
}

const TYPES = /** @type {Record<string, string>} */ ({
  sse: "text/event-stream",
  "sse-fetch": "text/event-stream",
  ndjson: "application/x-ndjson",
  poll: "application/json",
});

/** All messages after `last` as a recipe reads them. @param {string} recipe @param {string[]} all */
function written(recipe, all) {
  if (recipe === "ndjson") return all.map((text) => `${text}\n`).join("");
  if (recipe === "poll") return `[${all.join(",")}]`;
  return all
    .map((json) => {
      const { id, text } = JSON.parse(json);
      return `id: ${id}\ndata: ${text}\n\n`;
    })
    .join("");
}

/**
 * Ten messages, and then nothing more: a poll is held, a stream stays open.
 * @param {Site} site
 * @param {string} recipe
 * @returns {Answer}
 */
const everything = (site, recipe) => (response, last) => {
  const all = site.messages(last);
  if (recipe === "poll" && all.length === 0) return;
  response.writeHead(200, { "Content-Type": TYPES[recipe] });
  response.write(written(recipe, all));
  if (recipe === "poll") response.end();
};

const TEN = Array.from({ length: 10 }, (_, at) => `text ${at + 1}`);

for (const kind of browsers) {
  describe(`how recipes end in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {Site} */ let site;
    /** @type {import("puppeteer-core").Browser} */ let browser;
    /** @type {import("puppeteer-core").Page} */ let page;
    before(async () => {
      [site, browser] = await Promise.all([Site.start(), kind.launch()]);
    });
    after(async () => {
      await browser?.close();
      site?.stop();
    });
    afterEach(async () => {
      await page?.close();
      await until("its connections to be gone", () => site.open.size === 0);
    });

    /**
     * A page that follows the stream, without pauses between attempts.
     * @param {string} recipe
     * @param {"takes" | "throws" | "ends"} [callback] what it does with each message
     */
    async function follow(recipe, callback = "takes") {
      page = await browser.newPage();
      await page.goto(`${site.origin}/`);
      await page.evaluate(
        async (module, how) => {
          const [got, errors] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
          Object.assign(globalThis, { got, errors });
          addEventListener("error", (event) => errors.push(event.message));
          Math.random = () => 0;
          const wait = setTimeout;
          const hurry = (/** @type {() => void} */ act, /** @type {number} */ ms) =>
            wait(act, ms / 100);
          if (module.includes("poll")) Object.assign(globalThis, { setTimeout: hurry });
          const { follow } = await import(module);
          const following = follow("/stream", (/** @type {string} */ text) => {
            got.push(text);
            if (how === "throws") throw new Error(`no ${text}`);
            if (how === "ends") end();
          });
          const end = following.end ?? following;
          Object.assign(globalThis, { end });
        },
        `/recipes/browser-${recipe}.js`,
        callback,
      );
    }
    const got = () => page.evaluate(() => /** @type {any} */ (globalThis).got);
    /** @param {string[]} wanted */
    const receives = async (wanted) => {
      await until(`${wanted.length} messages`, async () => (await got()).length >= wanted.length, {
        detail: got,
      });
      assert.deepEqual(await got(), wanted);
    };

    for (const recipe of ["sse", "sse-fetch", "ndjson", "poll", "websocket"]) {
      it(`${recipe}: a callback that throws is reported, and costs no message and no connection`, async () => {
        site.answers(everything(site, recipe));
        await follow(recipe, "throws");
        await receives(TEN);
        const errors = await page.evaluate(() => /** @type {any} */ (globalThis).errors);
        assert.equal(errors.length, 10);
        await until("one connection", () => site.open.size <= 1);
        assert.ok(site.asked.length <= 2, `asked ${site.asked.length} times`);
        // The origin can be asked all the same.
        const status = await page.evaluate(async () => (await fetch("/")).status);
        assert.equal(status, 200);
      });

      it(`${recipe}: what is ended from inside the callback tells nothing more, and is gone`, async () => {
        site.answers(everything(site, recipe));
        await follow(recipe, "ends");
        await receives(TEN.slice(0, 1));
        await until("the end of the connection", () => site.open.size === 0);
        const asked = site.asked.length;
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.deepEqual(await got(), TEN.slice(0, 1));
        assert.equal(site.asked.length, asked);
      });

      it(`${recipe}: what is ended from outside is gone`, async () => {
        site.answers(everything(site, recipe));
        await follow(recipe);
        await receives(TEN);
        await page.evaluate(() => /** @type {any} */ (globalThis).end());
        await until("the end of the connection", () => site.open.size === 0);
      });
    }

    for (const recipe of ["sse-fetch", "ndjson", "poll"]) {
      it(`${recipe}: refusals whose bodies never end keep no connection`, async () => {
        site.answers((response, last, count) => {
          if (count > 8) return everything(site, recipe)(response, last, count);
          response.writeHead(503, { "Content-Type": "text/plain" });
          return response.write("busy\n");
        });
        await follow(recipe);
        await receives(TEN);
        await until("one connection", () => site.open.size <= 1);
      });

      it(`${recipe}: a connection that breaks in the middle is resumed where it was`, async () => {
        site.answers((response, last, count) => {
          if (count > 3) return everything(site, recipe)(response, last, count);
          const text = written(recipe, site.messages(last).slice(0, 3));
          response.writeHead(200, { "Content-Type": TYPES[recipe] });
          return response.write(text.slice(0, -2), () => response.destroy());
        });
        await follow(recipe);
        await receives(TEN);
      });
    }

    it("ndjson: CRLF ends a line, and the last one may have no end", async () => {
      site.answers((response, last) => {
        const all = site.messages(last);
        if (all.length === 0) return;
        response.writeHead(200, { "Content-Type": TYPES["ndjson"] });
        response.end(`\r\n${all.join("\r\n\r\n")}`);
      });
      await follow("ndjson");
      await receives(TEN);
      await until("the next question", () => site.asked.length === 2);
      assert.equal(site.asked[1], 10);
    });

    it("ndjson: half a line at the end is asked for again", async () => {
      site.answers((response, last, count) => {
        if (count > 1) return everything(site, "ndjson")(response, last, count);
        response.writeHead(200, { "Content-Type": TYPES["ndjson"] });
        return response.end(written("ndjson", site.messages(0)).slice(0, 20));
      });
      await follow("ndjson");
      await receives(TEN);
    });

    it("ndjson: a line that is no JSON ends its connection", async () => {
      site.answers((response, last, count) => {
        if (count > 8) return everything(site, "ndjson")(response, last, count);
        response.writeHead(200, { "Content-Type": TYPES["ndjson"] });
        return response.write("<html>\n");
      });
      await follow("ndjson");
      await receives(TEN);
      await until("one connection", () => site.open.size <= 1);
    });

    for (const [name, end] of [
      ["CRLF", "\r\n"],
      ["LF", "\n"],
      ["CR", "\r"],
    ]) {
      it(`sse-fetch: ${name} ends a line, wherever the stream is split`, async () => {
        const lines = [
          "\ufeff: hello",
          "",
          "id: 1",
          "data: a",
          "data",
          "data:  b",
          "",
          "data: c",
          "",
        ];
        const bytes = Buffer.from(lines.map((line) => line + end).join(""));
        site.answers((response, last) => {
          response.writeHead(200, { "Content-Type": TYPES["sse-fetch"] });
          if (last > 0) return;
          const parts = [...bytes].map((_, at) => bytes.subarray(at, at + 1));
          const next = () => {
            const part = parts.shift();
            if (part) response.write(part, () => setTimeout(next, 2));
          };
          next();
        });
        await follow("sse-fetch");
        await receives(["a\n\n b", "c"]);
      });
    }

    it("sse-fetch: CR, LF and CRLF may be mixed, and a line without an end is none", async () => {
      site.answers((response, last, count) => {
        response.writeHead(200, { "Content-Type": TYPES["sse-fetch"] });
        if (count > 1) return response.write(`id: 3\ndata: from ${last}\n\n`);
        return response.end("id: 1\rdata: a\n\r\ndata: b\r\n\nid: 2\ndata: half\n");
      });
      await follow("sse-fetch");
      await receives(["a", "b", "from 1"]);
    });
  });
}

/**
 * The answers to requests as they stand, one after the other over one connection.
 * @param {string} origin
 * @param {string[]} requests
 */
async function raw(origin, ...requests) {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let said = "";
  socket.setEncoding("utf8").on("data", (text) => (said += text));
  socket.on("error", () => undefined);
  const statuses = () => [...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  try {
    for (const [index, request] of requests.entries()) {
      socket.write(request.replaceAll("\n", "\r\n"));
      await until(`answer ${index + 1}`, () => statuses().length > index, {
        timeoutMs: 5000,
        detail: () => said,
      });
      // Its body comes at once.
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const closes = /connection: close/i.test(requests.at(-1) ?? "");
    if (closes) await until("the end of the connection", () => socket.closed, { timeoutMs: 5000 });
  } finally {
    socket.destroy();
  }
  return { said, statuses: statuses() };
}

for (const { name, start, missing } of servers) {
  const skip = missing && "recipe_httplib is not built: make test builds it";
  describe(`how the recipe for ${name} ends`, { concurrency: 1, skip }, () => {
    /** @type {import("./support/recipe_servers.mjs").Running} */ let server;
    before(async () => {
      server = await start();
    });
    after(async () => {
      await server?.stop();
    });
    const publish = async (/** @type {string} */ text) => {
      const headers = { "Content-Type": "text/plain" };
      const answer = await fetch(`${server.origin}/messages`, {
        method: "POST",
        body: text,
        headers,
      });
      assert.equal(answer.status, 201);
    };
    /** @returns {Promise<{ id: number, text: string }[]>} */
    const poll = async (afterId = 0) =>
      (await fetch(`${server.origin}/poll?wait=0&after=${afterId}`)).json();

    for (const upgrade of ["h2c", "TLS/1.0", "h2c, websocket", "nonsense"]) {
      it(`an Upgrade to ${upgrade} is ignored, with a body and without one`, async () => {
        const text = `upgraded to ${upgrade}`;
        const fields = `Host: x\nConnection: Upgrade, HTTP2-Settings\nUpgrade: ${upgrade}\nHTTP2-Settings: AAMAAABk`;
        const { said, statuses } = await raw(
          server.origin,
          `POST /messages HTTP/1.1\n${fields}\nContent-Type: text/plain\n` +
            `Content-Length: ${text.length}\n\n${text}`,
          `GET /poll?wait=0 HTTP/1.1\n${fields}\n\n`,
          "GET /nothing HTTP/1.1\nHost: x\nConnection: close\n\n",
        );
        assert.deepEqual(statuses, ["201", "200", "404"], said);
        assert.ok(said.includes(text), said);
      });
    }

    it("a WebSocket where there is none is not found", async () => {
      const { said } = await raw(
        server.origin,
        "GET /elsewhere HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: websocket\n" +
          "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n",
      );
      assert.match(said, /^HTTP\/1\.1 404 /);
    });

    for (const path of ["/sse", "/ndjson", "/poll?after=9e15"]) {
      it(`HEAD ${path} is answered at once, and with a head alone`, async () => {
        const { said } = await raw(
          server.origin,
          `HEAD ${path} HTTP/1.1\nHost: x\nConnection: close\n\n`,
        );
        assert.match(said, /^HTTP\/1\.1 200 /);
        assert.match(said, /\r\n\r\n$/);
        assert.equal(said.split("\r\n\r\n").length, 2, said);
      });
    }

    it("readers that are gone are noticed, whatever they read", async () => {
      for (const path of ["/sse", "/ndjson", "/poll?after=9007199254740991"]) {
        const asked = Array.from({ length: 300 }, () => {
          const request = ask(`${server.origin}${path}`, { agent: false });
          request.on("error", () => undefined).on("response", (response) => response.resume());
          request.end();
          return request;
        });
        await new Promise((resolve) => setTimeout(resolve, 500));
        for (const request of asked) request.destroy();
      }
      await publish("after them");
      assert.ok((await poll()).some(({ text }) => text === "after them"));
    });

    it("CRLF, LF and CR in a text are line ends of the event", async () => {
      await publish("a\r\nb\nc\rd");
      const id = (await poll()).at(-1)?.id ?? 0;
      const abort = new AbortController();
      const response = await fetch(`${server.origin}/sse?after=${id - 1}`, {
        signal: abort.signal,
      });
      let said = "";
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      while (!said.includes("data: d\n\n")) said += (await reader?.read())?.value ?? "";
      abort.abort();
      assert.match(said, /data: a\ndata: b\ndata: c\ndata: d\n\n$/);
    });

    it("a server that was restarted goes on with higher numbers", async () => {
      await publish("before");
      const before = (await poll()).at(-1)?.id ?? 0;
      await server.stop();
      server = await start();
      await publish("later");
      const [message] = await poll(before);
      assert.equal(message?.text, "later");
      assert.ok(Number.isSafeInteger(message?.id));
    });
  });
}
