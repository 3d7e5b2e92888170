// What PlaygroundEventSource needs its parser for: how it says that there is none, the policy that
// lets it have one, and the handles that cross into WebAssembly.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";

import { browsers } from "./support/browsers.mjs";
import { EventStreamServer, write } from "./support/event_stream_server.mjs";

/** @typedef {import("./support/event_stream_server.mjs").Answer} Answer */

const wasm = "/dist/event_stream.wasm";
const documentation = new URL("../../docs/event-source.md", import.meta.url);

for (const kind of browsers) {
  describe(`the parser of event sources in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {EventStreamServer} */
    let server;

    before(async () => {
      [browser, server] = await Promise.all([kind.launch(), EventStreamServer.start()]);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    /**
     * What a source on a page with this policy says until it ends, or for a while.
     * @param {string} policy @param {string} [before] a script of the page
     */
    async function played(policy, before = "") {
      const stream = server.path(async (response) => {
        response.setHeader("Access-Control-Allow-Origin", "*");
        await write(response, ["retry: 1\ndata: a\n\n"]);
        response.end();
      });
      const script = server.path((response) =>
        response.writeHead(200, { "Content-Type": "text/javascript" }).end(
          `import { PlaygroundEventSource, EventStreamCoreError, eventStreamCore }
             from "${server.origin}/dist/event-source.js";
           ${before};
           const source = new PlaygroundEventSource("${server.origin}${stream}");
           window.log = new Promise((resolve) => {
             const log = [];
             for (const type of ["open", "message", "error"]) {
               source.addEventListener(type, ({ status, reason }) => {
                 log.push([type, source.readyState, status ?? null, reason ?? ""]);
                 if (log.length === 3 || source.readyState === 2) setTimeout(() => {
                   source.close();
                   resolve(log);
                 }, 100);
               });
             }
           });
           window.named = eventStreamCore.load().then(
             () => "none",
             (error) => error instanceof EventStreamCoreError && error.name,
           );`,
        ),
      );
      const path = server.path((response) =>
        response
          .writeHead(200, {
            "Content-Type": "text/html",
            ...(policy === "" ? {} : { "Content-Security-Policy": policy }),
          })
          .end(`<!doctype html><script type="module" src="${script}"></script>`),
      );
      const page = await browser.newPage();
      await page.goto(`${server.origin}${path}`);
      const log = /** @type {[string, number, number | null, string][]} */ (
        await page.evaluate(() => /** @type {any} */ (window).log)
      );
      const named = await page.evaluate(() => /** @type {any} */ (window).named);
      await page.close();
      const requests = server.requests(stream).length;
      return { log: log.slice(0, 3), named, requests };
    }

    const answering = (/** @type {string} */ type, /** @type {string} */ text, status = 200) =>
      /** @type {Answer} */ (
        (response) => response.writeHead(status, { "Content-Type": type }).end(text)
      );

    /**
     * What keeps the parser away: a policy or an answer, and what the error says.
     * @type {[string, { policy?: string, answer?: Answer, before?: string }, RegExp][]}
     */
    const troubles = [
      [
        "a policy that forbids WebAssembly",
        { policy: "script-src 'self'" },
        /event_stream\.wasm, cannot be compiled: the content security policy lacks 'wasm-unsafe-eval' in script-src/,
      ],
      [
        "a policy without its address",
        { policy: "script-src 'self' 'wasm-unsafe-eval'; connect-src *:*/stream/" },
        /event_stream\.wasm, cannot be fetched: .*connect-src/,
      ],
      [
        "a page in its place",
        { answer: answering("text/html", "<!doctype html><title>Home</title>") },
        /event_stream\.wasm, is not WebAssembly, but text\/html: .*eventStreamCore\.source/,
      ],
      [
        "a 404 in its place",
        { answer: answering("text/html", "none", 404) },
        /event_stream\.wasm, is not WebAssembly, but status 404: .*eventStreamCore\.source/,
      ],
      [
        "half of it",
        { answer: (response) => response.writeHead(200).end(Buffer.from("\0asm\x01\0\0\0\x01")) },
        /event_stream\.wasm, cannot be compiled: /,
      ],
      [
        "a server that resets the connection",
        { answer: (response) => response.socket?.resetAndDestroy() },
        /event_stream\.wasm, cannot be fetched: the server is away/,
      ],
      [
        "bytes that are something else",
        { before: "eventStreamCore.source = new Uint8Array(9)" },
        /eventStreamCore\.source, cannot be compiled: /,
      ],
      [
        "no WebAssembly",
        { before: "delete globalThis.WebAssembly" },
        /event_stream\.wasm, needs WebAssembly, which is switched off/,
      ],
    ];
    for (const [name, { policy = "", answer, before = "" }, reason] of troubles) {
      it(`${name} is an error of its own, and ends it`, { timeout: 60_000 }, async () => {
        server.instead(wasm, answer ?? null);
        try {
          const { log, named, requests } = await played(policy, before);
          assert.deepEqual(
            log.map(([type, state, status]) => [type, state, status]),
            [
              ["open", 1, null],
              ["error", 2, 0],
            ],
          );
          assert.match(log[1]?.[3] ?? "", /^The parser, /);
          assert.match(log[1]?.[3] ?? "", reason);
          assert.equal(named, "EventStreamCoreError");
          assert.equal(requests, 1);
        } finally {
          server.instead(wasm, null);
        }
      });
    }

    it("needs no more than the policy of its documentation", { timeout: 60_000 }, async () => {
      const text = await readFile(documentation, "utf8");
      const documented = /^Content-Security-Policy: (.+)$/m.exec(text)?.[1] ?? "";
      assert.match(documented, /default-src 'none'/);
      const { log, named } = await played(documented);
      assert.deepEqual(
        log.map(([type, state]) => `${type} ${state}`),
        ["open 1", "message 1", "error 0"],
      );
      assert.equal(named, "none");
      // And no less.
      for (const part of ["'wasm-unsafe-eval'", /connect-src [^;]+/]) {
        const { log } = await played(documented.replace(part, ""));
        assert.deepEqual(log.at(-1)?.slice(0, 2), ["error", part instanceof RegExp ? 0 : 2]);
      }
    });

    /** @param {() => Promise<unknown>} script */
    async function onPage(script) {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/`);
      try {
        return await page.evaluate(script);
      } finally {
        await page.close();
      }
    }

    it("a reader that was deleted touches no other one", { timeout: 60_000 }, async () => {
      const found = await onPage(async () => {
        const address = "/dist/event-source.js";
        const { EventSourceReader, eventStreamCore } = await import(address);
        const core = await eventStreamCore.load();
        const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
        const log = /** @type {unknown[]} */ ([]);
        const dead = new EventSourceReader(core);
        dead.feed(bytes("id: dead\ndata: dead\n\ndata: never\n\n"));
        dead.delete();
        // They get the memory that it had.
        const others = Array.from({ length: 4 }, (_, i) => {
          const reader = new EventSourceReader(core);
          reader.feed(bytes(`id: ${i}\ndata: ${"x".repeat(1000)}${i}\n\ndata: half ${i}`));
          return reader;
        });
        dead.delete();
        for (const use of [
          () => dead.feed(bytes("data: again\n\n")),
          () => dead.next(),
          () => dead.resumeAfter(),
          () => dead.reset(),
        ]) {
          try {
            log.push(["nothing", use()]);
          } catch (error) {
            log.push(error instanceof DOMException && error.name);
          }
        }
        const more = Array.from({ length: 4 }, () => new EventSourceReader(core));
        for (const reader of more) reader.feed(bytes("data: y\n\n"));
        others.forEach((reader, i) => {
          const first = reader.next();
          reader.feed(bytes(`, whole ${i}\n\n`));
          const second = reader.next();
          log.push([first.data.length, second.data, second.lastEventId, reader.resumeAfter()]);
          reader.delete();
        });
        for (const reader of more) {
          log.push(reader.next().data);
          reader.delete();
        }
        return log;
      });
      assert.deepEqual(found, [
        ...Array(4).fill("InvalidStateError"),
        ...[0, 1, 2, 3].map((i) => [1001, `half ${i}, whole ${i}`, String(i), String(i)]),
        ...Array(4).fill("y"),
      ]);
    });

    it("the number of a reader that is gone means nobody", { timeout: 60_000 }, async () => {
      const found = await onPage(async () => {
        const address = "/dist/event-source.js";
        const { eventStreamCore } = await import(address);
        const core = await eventStreamCore.load();
        const gone = core.open_reader();
        core.close_reader(gone);
        const next = core.open_reader();
        const log = [gone === next];
        for (const number of [gone, 0, -1, 2 ** 31, NaN, next + 1]) {
          log.push(core.feed(number, 5), core.last_event_id_size(number));
          core.reset_reader(number);
          core.count_in_utf16(number);
          core.close_reader(number);
        }
        // More than there is room for.
        log.push(core.feed(next, core.input_capacity() + 1), core.feed(next, 0));
        core.close_reader(next);
        return log;
      });
      assert.deepEqual(found, [false, ...Array(12).fill(0), 0, 1]);
    });

    it(
      "a core's playground that was deleted touches no other one",
      { timeout: 60_000 },
      async () => {
        const found = await onPage(async () => {
          const address = "/dist/playground_core.js";
          const { default: create } = await import(address);
          const core = await create({});
          const settings = JSON.stringify({ lanes: ["sse"], simulated: { seed: 1 } });
          const dead = new core.Playground();
          dead.start(settings);
          dead.delete();
          const other = new core.Playground();
          const refusal = other.start(settings);
          const log = /** @type {unknown[]} */ ([]);
          for (const use of [
            () => dead.delete(),
            () => dead.stop(),
            () => dead.snapshot(),
            () => dead.draw(0, 100, 100, 1000),
            () => dead.askWire(0, 0, () => undefined),
            () => core.Playground.prototype.snapshot.call({}),
          ]) {
            try {
              use();
              log.push("nothing");
            } catch (error) {
              log.push(error instanceof Error);
            }
          }
          // What the browser calls back with, of hosts, connections and timers that are gone.
          const liveAddress = "/dist/playground_live.js";
          const { default: createLive } = await import(liveAddress);
          const live = await createLive({});
          new live.Playground().delete();
          for (const number of [0, 1, 7, 4294967295]) {
            live.hostEvent(number, 1, 0, {});
            live.hostTimer(number, 1);
            live.hostEnvironment(number);
          }
          other.setSpeed(1000);
          await new Promise((resolve) => setTimeout(resolve, 50));
          const { elapsedMs, state } = JSON.parse(other.snapshot());
          log.push(refusal, elapsedMs > 0, state);
          other.delete();
          return log;
        });
        assert.deepEqual(found, [...Array(6).fill(true), "", true, "running"]);
      },
    );
  });
}
