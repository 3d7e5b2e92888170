// The client core follows servers that are not ours, by its plain codec: an npm library for
// Server-Sent Events, the `ws` package, nginx with Nchan, and Node's own HTTP server.
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import betterSse from "better-sse";
import { WebSocketServer } from "ws";

import { browsers } from "./support/browsers.mjs";
import { listening } from "./support/listening.mjs";
import { Nchan } from "./support/nchan.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {{ event?: string, id?: string, data?: string, bytes?: number[] }} Item */
/** @typedef {import("better-sse").Session} Session */

const built = fileURLToPath(new URL("../../build/wasm/", import.meta.url));
const files = ["host_conformance.js", "host_conformance.wasm"];
const page = `<!doctype html><title>endpoints</title><script type="module">
  import createCore from "./host_conformance.js";
  const core = await createCore();
  globalThis.follow = (transport, url, names, subprotocols) => {
    globalThis.items = [];
    globalThis.reasons = [];
    globalThis.problems = [];
    globalThis.follower?.delete();
    globalThis.follower = new core.Follower(transport, url, names, subprotocols, (what) => {
      if (what.reason) reasons.push(what.reason);
      else if ("misstep" in what) problems.push("misstep " + what.misstep);
      else items.push(what.bytes ? { bytes: [...what.bytes] } : what);
    });
  };
</script>`;

for (const kind of browsers) {
  describe(`other servers' endpoints in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {string} */
    let folder;
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {import("puppeteer-core").Page} */
    let tab;
    /** @type {http.Server} */
    let server;
    let port = 0;
    /** What the server does with an endpoint. @type {http.RequestListener} */
    let answer;
    /** @type {string[]} the cursors with which the endpoint was asked */
    let asked = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "playground-endpoints-"));
      for (const file of files) await copyFile(join(built, file), join(folder, file));
      await writeFile(join(folder, "index.html"), page);
      const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
      server = http.createServer(async (request, response) => {
        const path = new URL(request.url ?? "/", "http://localhost").pathname;
        if (path === "/endpoint") {
          asked.push(String(request.headers["last-event-id"] ?? ""));
          return answer(request, response);
        }
        const name = path === "/" ? "index.html" : path.slice(1);
        if (name !== "index.html" && !files.includes(name)) return response.writeHead(404).end();
        const type = types[/** @type {"html" | "js" | "wasm"} */ (name.split(".").pop())];
        response.writeHead(200, { "Content-Type": type }).end(await readFile(join(folder, name)));
      });
      port = await listening(server);
      browser = await kind.launch();
      tab = await browser.newPage();
      await tab.goto(`http://localhost:${port}/`);
      await tab.waitForFunction("globalThis.follow");
    });
    after(async () => {
      await browser?.close();
      server?.closeAllConnections();
      server?.close();
      await rm(folder, { recursive: true });
    });

    /**
     * @param {string} transport
     * @param {{ url?: string, names?: string[], subprotocols?: string[] }} [options]
     */
    const follow = (
      transport,
      { url = `http://localhost:${port}/endpoint`, names = [], subprotocols = [] } = {},
    ) => {
      asked = [];
      const given = [transport, url, names, subprotocols].map((each) => JSON.stringify(each));
      return tab.evaluate(`follow(${given.join()})`);
    };
    const items = () => /** @type {Promise<Item[]>} */ (tab.evaluate("items"));
    const reasons = () => /** @type {Promise<string[]>} */ (tab.evaluate("reasons"));
    /** @param {number} count */
    const arrived = (count) =>
      until(
        `${count} items`,
        async () => {
          const found = await items();
          return found.length >= count && found;
        },
        { detail: async () => ({ items: await items(), reasons: await reasons(), asked }) },
      );
    const live = () => until("a live lane", () => tab.evaluate("follower.live()"));
    const problems = async () => assert.deepEqual(await tab.evaluate("problems"), []);

    for (const transport of ["sse-native", "sse-fetch"]) {
      it(`a library's events over ${transport}: count, names, ids, and resumption`, async () => {
        /** @type {Session[]} */
        const sessions = [];
        answer = async (request, response) => {
          sessions.push(
            await betterSse.createSession(request, response, { retry: 50, keepAlive: 100 }),
          );
        };
        await follow(transport, { names: ["tick"] });
        const first = await until("a session", () => sessions[0]);
        assert.deepEqual(asked, [""]);
        for (let n = 1; n <= 200; n += 1) {
          first.push({ n }, n % 2 ? "message" : "tick", `id-${n}`);
        }
        const all = await arrived(200);
        assert.deepEqual(
          all,
          Array.from({ length: 200 }, (_, index) => {
            const n = index + 1;
            return {
              event: n % 2 ? "message" : "tick",
              id: `id-${n}`,
              data: JSON.stringify({ n }),
            };
          }),
        );
        // The connection breaks: the next one goes on after the last id.
        /** @type {http.ServerResponse} */ (/** @type {unknown} */ (first["res"])).destroy();
        const second = await until("another session", () => sessions[1]);
        assert.deepEqual(asked, ["", "id-200"]);
        second.push("more", "tick", "id-201 \u00fc");
        assert.deepEqual((await arrived(201)).at(-1), {
          event: "tick",
          id: "id-201 \u00fc",
          data: '"more"',
        });
        // In order this time; an id that is not ASCII goes back as it came.
        /** @type {http.ServerResponse} */ (/** @type {unknown} */ (second["res"])).end();
        await until("a third session", () => sessions[2]);
        assert.equal(Buffer.from(asked[2] ?? "", "latin1").toString(), "id-201 \u00fc");
        await live();
        assert.ok((await reasons()).includes("delivers"));
        await problems();
      });
    }

    it("the ws package's texts and bytes, subprotocol and reconnection", async () => {
      const sockets = new WebSocketServer({ port: 0, host: "localhost" });
      await once(sockets, "listening");
      const { port: at } = /** @type {import("node:net").AddressInfo} */ (sockets.address());
      /** @type {import("ws").WebSocket[]} */
      const open = [];
      /** @type {string[]} */
      const heard = [];
      sockets.on("connection", (socket) => {
        open.push(socket);
        socket.on("message", (data) => heard.push(String(data)));
      });
      try {
        await follow("websocket", { url: `ws://localhost:${at}/any?thing`, subprotocols: ["b"] });
        const first = await until("a socket", () => open[0]);
        assert.equal(first.protocol, "b");
        await live();
        for (let n = 1; n <= 100; n += 1) first.send(`text ${n} \u{1f600}`);
        first.send(Buffer.from([0, 255, 128]));
        const all = await arrived(101);
        assert.equal(all[99]?.data, "text 100 \u{1f600}");
        assert.deepEqual(all[100], { bytes: [0, 255, 128] });
        assert.equal(await tab.evaluate('follower.send("back")'), true);
        await until("what was sent", () => heard.includes("back"));
        first.terminate();
        const second = await until("another socket", () => open[1]);
        second.send("again");
        assert.equal((await arrived(102)).at(-1)?.data, "again");
        assert.ok((await reasons()).includes("lost"));
        await problems();
      } finally {
        for (const socket of open) socket.terminate();
        await new Promise((closed) => sockets.close(closed));
      }
    });

    for (const transport of ["sse-native", "sse-fetch"]) {
      it(`Nchan's events over ${transport}: nothing lost over a reconnection`, async () => {
        const nchan = await Nchan.start();
        try {
          /** @type {http.ServerResponse[]} */
          const passed = [];
          answer = (request, response) => {
            passed.push(response);
            const upstream = http.request(`${nchan.origin}/sub`, { headers: request.headers });
            upstream.on("response", (head) => {
              response.writeHead(head.statusCode ?? 502, head.headers);
              head.pipe(response);
            });
            upstream.on("error", () => response.destroy());
            response.on("close", () => upstream.destroy());
            upstream.end();
          };
          for (let n = 1; n <= 5; n += 1) await nchan.publish(`early ${n}`);
          await follow(transport, { names: ["tick"] });
          await arrived(5);
          await nchan.publish("named", "tick");
          const all = await arrived(6);
          assert.equal(all[5]?.event, "tick");
          const ids = all.map(({ id }) => id);
          assert.equal(new Set(ids).size, 6, ids.join());
          passed[0]?.destroy();
          for (let n = 6; n <= 10; n += 1) await nchan.publish(`late ${n}`);
          const whole = await arrived(11);
          assert.deepEqual(
            whole.map(({ data }) => data),
            [
              ...[1, 2, 3, 4, 5].map((n) => `early ${n}`),
              "named",
              ...[6, 7, 8, 9, 10].map((n) => `late ${n}`),
            ],
          );
          assert.deepEqual(asked, ["", String(ids.at(-1))]);
          await problems();
        } finally {
          await nchan.stop();
        }
      });
    }

    it("lines of any text over fetch, the last without an end", async () => {
      answer = (_, response) => {
        response.writeHead(200, { "Content-Type": "text/plain" });
        response.write('{"a":1}\nplain te');
        if (asked.length > 1) return;
        setTimeout(() => response.end("xt\r\nlast"), 50);
      };
      await follow("ndjson");
      const all = await arrived(3);
      assert.deepEqual(
        all.slice(0, 3).map(({ data }) => data),
        ['{"a":1}', "plain text", "last"],
      );
      await until("another request", () => asked.length > 1);
      await problems();
    });

    it("an address that is polled: an item an answer", async () => {
      let count = 0;
      answer = (_, response) => response.end(`answer ${(count += 1)}`);
      await follow("short-poll");
      const all = await arrived(5);
      assert.deepEqual(
        all.slice(0, 5).map(({ data }) => data),
        [1, 2, 3, 4, 5].map((n) => `answer ${n}`),
      );
      await problems();
    });
  });
}
