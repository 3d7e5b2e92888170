// PlaygroundEventSource where something goes wrong: servers that do not answer, streams that break
// off, requests that must not be repeated, and libraries that replace what it is built on. The
// browser's own EventSource is the control, as in event-source.test.mjs.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { browsers } from "./support/browsers.mjs";
import { EventStreamServer, write } from "./support/event_stream_server.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/event_stream_server.mjs").Answer} Answer */
/** @typedef {import("./support/event_stream_server.mjs").Response} Response */
/** @typedef {"ours" | "native"} Kind */
/** @typedef {{ type: string, state: number, data: string, reason: string, ms: number }} Entry */

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const reset = (/** @type {Response} */ response) => response.socket?.resetAndDestroy();

/** As most handlers are: they answer every method alike, and never end. @type {Answer} */
const endless = (response) => write(response, ["data: a\n\n"]);

for (const kind of browsers) {
  describe(`event sources that fail, in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {EventStreamServer} */
    let server;
    /** @type {import("puppeteer-core").Page} */
    let page;

    before(async () => {
      [browser, server] = await Promise.all([kind.launch(), EventStreamServer.start()]);
      page = await open();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    /** A page with our class and a recorder on it. @param {string | (() => void)} [first] before it all */
    async function open(first = "undefined") {
      const fresh = await browser.newPage();
      await fresh.goto(`${server.origin}/`);
      await fresh.evaluate(first);
      await fresh.evaluate(async (dist) => {
        const script = /** @type {any} */ (window);
        script.ours = await import(`${dist}/event-source.js`);
        script.classes = { ours: script.ours.PlaygroundEventSource, native: window.EventSource };
        // Until there are so many entries, or it is closed.
        script.record = (
          /** @type {Kind} */ who,
          /** @type {string} */ url,
          /** @type {number} */ entries,
          /** @type {object} */ init,
        ) =>
          new Promise((resolve) => {
            const log = /** @type {Entry[]} */ ([]);
            const began = performance.now();
            const source = new script.classes[who](url, init);
            for (const type of ["open", "message", "error"]) {
              source.addEventListener(type, (/** @type {any} */ event) => {
                const { data = "", reason = "" } = event;
                const ms = performance.now() - began;
                log.push({ type, state: source.readyState, data, reason, ms });
                if (log.length < entries && source.readyState !== 2) return;
                source.close();
                resolve(log);
              });
            }
          });
      }, `${server.origin}/dist`);
      return fresh;
    }

    /**
     * @param {Kind} who @param {string} url
     * @param {{ entries?: number, init?: object, on?: import("puppeteer-core").Page }} [options]
     * @returns {Promise<Entry[]>}
     */
    const record = (who, url, { entries = Infinity, init = {}, on = page } = {}) =>
      on.evaluate(
        (...all) => /** @type {any} */ (window).record(...all),
        who,
        url,
        entries === Infinity ? 1e9 : entries,
        init,
      );

    const short = (/** @type {Entry[]} */ log) =>
      log.map(({ type, state, data }) => `${type} ${type === "message" ? data : state}`);

    /**
     * @param {string} name
     * @param {(who: Kind) => Promise<void>} play
     * @param {{ oursOnly?: string }} [options]
     */
    function scene(name, play, { oursOnly } = {}) {
      it(`${name} (ours)`, { timeout: 60_000 }, () => play("ours"));
      const skip = oursOnly ?? false;
      it(`${name} (the browser's own)`, { timeout: 60_000, skip }, () => play("native"));
    }

    /** How many of a path's responses are under way. @param {Answer} answer */
    function counted(answer) {
      const count = { path: "", open: 0 };
      count.path = server.path((response, request, number) => {
        count.open += 1;
        response.on("close", () => (count.open -= 1));
        return answer(response, request, number);
      });
      return count;
    }

    // Questions

    scene("an origin that it may not read ends it, though no answer there ends", async (who) => {
      const refusing = counted(endless);
      const log = await record(who, `${server.otherOrigin}${refusing.path}`);
      assert.deepEqual(short(log), ["error 2"]);
      assert.ok(Number(log[0]?.ms) < 2500, `after ${log[0]?.ms} ms`);
      await until("the end of every request", () => refusing.open === 0);
      const redirecting = server.path((response) =>
        response.writeHead(307, { Location: `${server.otherOrigin}${refusing.path}` }).end(),
      );
      assert.deepEqual(short(await record(who, redirecting)), ["error 2"]);
      await until("the end of every request", () => refusing.open === 0);
    });

    scene("reconnects to a server that was not there at first", async (who) => {
      let began = 0;
      const path = server.path((response, request, count) => {
        began ||= Date.now();
        return Date.now() - began < 250 ? reset(response) : endless(response, request, count);
      });
      const log = await record(who, path, { entries: 3 });
      assert.deepEqual(short(log), ["error 0", "open 1", "message a"]);
      // Firefox's own waits for 5 s.
      const latest = who === "native" ? 15_000 : 6000;
      assert.ok(Number(log[1]?.ms) < latest, `after ${log[1]?.ms} ms`);
    });

    for (const where of ["its own", "another"]) {
      scene(
        `reconnects when ${where} origin answers no question`,
        async () => {
          const silent = counted(() => undefined);
          const fresh = await open(() => {
            const real = window.fetch;
            window.fetch = (input, init) => {
              if (!String(input).includes("/stream/")) return real(input, init);
              window.fetch = real;
              return Promise.reject(new TypeError("no network"));
            };
          });
          const origin = where === "another" ? server.otherOrigin : "";
          const log = await record("ours", `${origin}${silent.path}`, { entries: 1, on: fresh });
          assert.deepEqual(short(log), ["error 0"]);
          assert.ok(Number(log[0]?.ms) < 5000, `after ${log[0]?.ms} ms`);
          assert.ok(server.requests(silent.path).length > 0);
          await until("the end of every request", () => silent.open === 0);
          await fresh.close();
        },
        { oursOnly: "it asks nothing" },
      );
    }

    scene(
      "asks nothing where the answer does not matter",
      async () => {
        const dead = server.path(reset);
        const init = { method: "POST", body: "x" };
        assert.deepEqual(short(await record("ours", dead, { init })), ["error 2"]);
        assert.ok(server.requests(dead).every(({ method }) => method === "POST"));
        // One that has answered is known.
        const path = server.path(async (response, _request, count) => {
          if (count > 1) return void reset(response);
          await write(response, ["retry: 1\ndata: a\n\n"]);
          response.end();
        });
        const log = await record("ours", `${path}`, { entries: 4 });
        assert.deepEqual(short(log), ["open 1", "message a", "error 0", "error 0"]);
        for (const { headers } of server.requests(path)) {
          assert.equal(headers.accept, "text/event-stream");
          assert.equal(headers["sec-fetch-mode"] ?? "cors", "cors");
        }
      },
      { oursOnly: "it asks nothing" },
    );

    // Redirects

    for (const location of [
      "ftp://example.invalid/",
      "mailto:x@example.invalid",
      "data:text/event-stream,data:%20a%0A%0A",
      "about:blank",
    ]) {
      const asksAgain = kind.name === "Chromium" && /^(data|about):/.test(location);
      for (const where of ["its own", "another"]) {
        scene(
          `a redirect of ${where} origin to ${location} ends it`,
          async (who) => {
            const headers = { Location: location, "Access-Control-Allow-Origin": "*" };
            const path = server.path((response) => response.writeHead(302, headers).end());
            const origin = where === "another" ? server.otherOrigin : "";
            const log = await record(who, `${origin}${path}`, { entries: 2 });
            assert.deepEqual(short(log), ["error 2"]);
          },
          asksAgain ? { oursOnly: "Chromium's asks again, in vain" } : {},
        );
      }
    }

    // What has arrived

    scene(
      "events that came before the stream broke off are there once the parser is",
      async (who) => {
        let cut = false;
        server.instead("/dist/event_stream.wasm", async (response) => {
          await until("the cut", () => cut);
          await sleep(100);
          server.instead("/dist/event_stream.wasm", null);
          response.writeHead(307, { Location: "/dist/event_stream.wasm?late" }).end();
        });
        const path = server.path(async (response) => {
          await write(response, ["data: a\n\ndata: b\n\n", "data: c\n\n"]);
          await sleep(100);
          response.destroy();
          cut = true;
        });
        const fresh = await open();
        try {
          const log = await record(who, path, { entries: 5, on: fresh });
          assert.deepEqual(short(log), [
            "open 1",
            "message a",
            "message b",
            "message c",
            "error 0",
          ]);
        } finally {
          server.instead("/dist/event_stream.wasm", null);
          await fresh.close();
        }
      },
    );

    scene("events that came while others were dispatched outlive their stream", async (who) => {
      const path = server.path(async (response) => {
        await write(response, ["data: a\n\n".repeat(2000)]);
        for (let part = 0; part < 3; part += 1) {
          await sleep(20);
          response.write("data: b\n\n");
        }
        await sleep(50);
        response.destroy();
      });
      const seen = await page.evaluate(
        async (who, url) => {
          const source = new /** @type {any} */ (window).classes[who](url);
          let [a, b] = [0, 0];
          source.onmessage = (/** @type {MessageEvent} */ { data }) => {
            if (data === "a") a += 1;
            else b += 1;
            const until = performance.now() + 0.2;
            while (performance.now() < until);
          };
          await new Promise((resolve) => (source.onerror = resolve));
          source.close();
          return [a, b];
        },
        who,
        path,
      );
      assert.deepEqual(seen, [2000, 3]);
    });

    scene(
      "reads no more than a bound of what it cannot parse yet",
      async () => {
        let release = /** @type {() => void} */ (() => undefined);
        const held = new Promise((resolve) => (release = () => resolve(null)));
        server.instead("/dist/event_stream.wasm", async (response) => {
          await held;
          server.instead("/dist/event_stream.wasm", null);
          response.writeHead(307, { Location: "/dist/event_stream.wasm?late" }).end();
        });
        // A stream of which we know what is read: browsers themselves hold tens of megabytes.
        const fresh = await open(() => {
          const script = /** @type {any} */ (window);
          script.read = 0;
          const part = new TextEncoder().encode(`data: ${"x".repeat(65_528)}\n\n`);
          const real = window.fetch;
          window.fetch = (input, init) => {
            if (!String(input).includes("/stream/")) return real(input, init);
            const body = new ReadableStream(
              {
                pull(controller) {
                  script.read += part.length;
                  controller.enqueue(part.slice());
                },
              },
              { highWaterMark: 0 },
            );
            const headers = { "Content-Type": "text/event-stream" };
            return Promise.resolve(new Response(body, { headers }));
          };
        });
        try {
          const log = record("ours", "/stream/0", { entries: 200, on: fresh });
          await until("a stream that is read no further", async () => {
            const read = () => fresh.evaluate(() => /** @type {any} */ (window).read);
            const before = await read();
            await sleep(200);
            return before > 0 && before === (await read());
          });
          assert.equal(await fresh.evaluate(() => /** @type {any} */ (window).read), 512 << 10);
          release();
          assert.equal((await log).filter(({ type }) => type === "message").length, 199);
        } finally {
          release();
          server.instead("/dist/event_stream.wasm", null);
          await fresh.close();
        }
      },
      { oursOnly: "it needs no WebAssembly" },
    );

    // Requests that are not repeated

    const ending = /** @type {Answer} */ (
      async (response) => {
        await write(response, ["retry: 1\ndata: a\n\n"]);
        response.end();
      }
    );
    const single = ["open 1", "message a", "error 2"];
    const again = ["open 1", "message a", "error 0", "open 1"];
    for (const [init, expected] of /** @type {[Record<string, unknown>, string[]][]} */ ([
      [{}, again],
      [{ method: "POST", body: "x" }, single],
      [{ method: "PATCH", body: "x" }, single],
      [{ method: "REPORT" }, single],
      [{ method: "put", body: "x" }, again],
      [{ method: "DELETE" }, again],
      [{ method: "POST", body: "x", reconnect: true }, again],
      [{ method: "POST", body: "x", reconnect: false }, single],
      [{ reconnect: false }, single],
    ])) {
      const does = expected === single ? "is not repeated" : "is repeated";
      scene(
        `${JSON.stringify(init)} ${does} after its answer has ended`,
        async () => {
          const path = server.path(ending);
          const log = await record("ours", path, { entries: 4, init });
          assert.deepEqual(short(log), expected);
          if (expected === again) return;
          assert.match(String(log[2]?.reason), /server ended the stream.*`reconnect`/);
          await sleep(100);
          assert.equal(server.requests(path).length, 1);
        },
        { oursOnly: "it has no options" },
      );
    }

    scene(
      "a POST that got no answer is not repeated",
      async () => {
        for (const origin of ["", server.otherOrigin]) {
          const path = server.path(reset);
          const init = { method: "POST", body: "x" };
          assert.deepEqual(short(await record("ours", `${origin}${path}`, { init })), ["error 2"]);
        }
      },
      { oursOnly: "it has no options" },
    );

    // Libraries

    /** Replaces the page's fetch, for the second attempt only. @type {[string, () => void][]} */
    const replacements = [
      [
        "of a frame",
        () => {
          const script = /** @type {any} */ (window);
          const frame = document.body.appendChild(document.createElement("iframe"));
          script.replacement = frame.contentWindow?.fetch.bind(frame.contentWindow);
        },
      ],
      [
        "that rejects with an Error",
        () => {
          /** @type {any} */ (window).replacement = () => Promise.reject(new Error("offline"));
        },
      ],
      [
        "that rejects with an AbortError",
        () => {
          /** @type {any} */ (window).replacement = () =>
            Promise.reject(new DOMException("too slow", "AbortError"));
        },
      ],
      [
        "that rejects with nothing",
        () => {
          /** @type {any} */ (window).replacement = () => Promise.reject();
        },
      ],
      [
        "that throws",
        () => {
          /** @type {any} */ (window).replacement = () => {
            throw "no network";
          };
        },
      ],
      [
        "that answers nothing",
        () => {
          /** @type {any} */ (window).replacement = () => Promise.resolve();
        },
      ],
      [
        "whose stream breaks off with an error of its own",
        () => {
          /** @type {any} */ (window).replacement = () =>
            Promise.resolve(
              new Response(
                new ReadableStream({ pull: (controller) => controller.error({ oh: "no" }) }),
                { headers: { "Content-Type": "text/event-stream" } },
              ),
            );
        },
      ],
    ];
    for (const [name, replace] of replacements) {
      scene(
        `a network error of a fetch ${name} does not end it`,
        async () => {
          const path = server.path(async (response, _request, count) => {
            if (count === 2 && name === "of a frame") return void reset(response);
            await write(response, [`retry: 1\ndata: ${count}\n\n`]);
            response.end();
          });
          const fresh = await open();
          await fresh.evaluate(replace);
          await fresh.evaluate((url) => {
            const real = window.fetch;
            let asked = 0;
            window.fetch = (/** @type {Parameters<typeof fetch>} */ ...all) => {
              const ours = String(all[0]).endsWith(url) && (asked += 1) === 2;
              return (ours ? /** @type {any} */ (window).replacement : real)(...all);
            };
          }, path);
          const log = await record("ours", path, { entries: 9, on: fresh });
          assert.deepEqual(
            short(log).filter((entry) => entry === "error 2"),
            [],
          );
          assert.equal(log.filter(({ type }) => type === "message").length >= 2, true);
          await fresh.close();
        },
        { oursOnly: "it uses no fetch" },
      );
    }

    scene(
      "close() ends the request of a fetch that knows no signal",
      async () => {
        // Firefox ends the request of a body that is cancelled with the next bytes.
        const flowing = /** @type {Answer} */ (
          async (response) => {
            while (!response.destroyed) {
              await write(response, ["data: a\n\n"]);
              await sleep(50);
            }
          }
        );
        const fresh = await open(() => {
          const real = window.fetch;
          window.fetch = (input, init) => real(input, { ...init, signal: null });
        });
        for (const [type, answer] of /** @type {[string, Answer][]} */ ([
          ["open", flowing],
          ["message", flowing],
          ["error", (response, ...rest) => flowing(response.writeHead(200), ...rest)],
        ])) {
          const under = counted(answer);
          await fresh.evaluate(
            async (type, url) => {
              const source = new /** @type {any} */ (window).ours.PlaygroundEventSource(url);
              await new Promise((resolve) => source.addEventListener(type, resolve));
              source.close();
            },
            type,
            under.path,
          );
          await until("the end of the request", () => under.open === 0);
        }
        const late = counted(async (response, request, count) => {
          await sleep(100);
          return flowing(response, request, count);
        });
        await fresh.evaluate(async (url) => {
          const source = new /** @type {any} */ (window).ours.PlaygroundEventSource(url);
          await new Promise((resolve) => setTimeout(resolve, 50));
          source.close();
        }, late.path);
        await until("the request", () => server.requests(late.path).length === 1);
        await until("the end of the request", () => late.open === 0);
        await fresh.close();
      },
      { oursOnly: "it uses no fetch" },
    );

    /** Ways in which libraries call listeners, told to the page. @type {[string, string][]} */
    const wrappers = [
      [
        "calls all listeners of a type in a row",
        `const { addEventListener } = EventTarget.prototype;
        const all = new WeakMap();
        EventTarget.prototype.addEventListener = function (type, listener, options) {
          if (!all.has(this)) all.set(this, new Map());
          const types = all.get(this);
          if (!types.has(type)) {
            types.set(type, []);
            addEventListener.call(this, type, (event) => {
              const now = types.get(type);
              types.set(type, now.filter(({ once }) => !once));
              for (const { listener } of now) listener.call(this, event);
            });
          }
          types.get(type).push({ listener, once: options?.once });
        };
        const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
        Object.defineProperty(MessagePort.prototype, "onmessage", {
          set(listener) {
            this.addEventListener("message", listener);
            set.call(this, () => undefined);
          },
        });
        undefined;`,
      ],
      ...[
        ["a task later", "setTimeout(call, 0)"],
        ["after some promises", "Promise.resolve().then(() => undefined).then(call)"],
      ].map(
        ([when, schedule]) =>
          /** @type {[string, string]} */ ([
            `calls listeners ${when}`,
            `const wrapped = (listener) => function (event) {
          const call = () => listener.call(this, event);
          ${schedule};
        };
        const { addEventListener } = MessagePort.prototype;
        MessagePort.prototype.addEventListener = function (type, listener, options) {
          addEventListener.call(this, type, wrapped(listener), options);
        };
        const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
        Object.defineProperty(MessagePort.prototype, "onmessage", {
          set(listener) {
            set.call(this, wrapped(listener));
          },
        });
        undefined;`,
          ]),
      ),
    ];
    for (const [name, wrap] of wrappers) {
      scene(
        `no event is missed under a library that ${name}`,
        async () => {
          const path = server.path((response) =>
            write(response, [Array.from({ length: 200 }, (_, i) => `data: ${i}\n\n`).join("")]),
          );
          const fresh = await open(wrap);
          const seen = await fresh.evaluate(async (url) => {
            const source = new /** @type {any} */ (window).ours.PlaygroundEventSource(url);
            const next = () =>
              new Promise((resolve) =>
                source.addEventListener(
                  "message",
                  (/** @type {MessageEvent} */ { data }) => resolve(Number(data)),
                  { once: true },
                ),
              );
            const later = async () => await (async () => await next())();
            const seen = [];
            while (seen[seen.length - 1] !== 199) seen.push(await later());
            source.close();
            return seen;
          }, path);
          assert.deepEqual(
            seen,
            Array.from({ length: 200 }, (_, i) => i),
          );
          await fresh.close();
        },
        { oursOnly: "its events are the browser's" },
      );
    }
  });
}
