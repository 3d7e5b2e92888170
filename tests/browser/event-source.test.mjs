// PlaygroundEventSource in real browsers, against a server that writes exact bytes. What the standard
// says (WHATWG HTML 9.2) is asked of the browser's own EventSource too, as a control; where that one
// is left out, the scene says why.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { browsers } from "./support/browsers.mjs";
import { EventStreamServer, write } from "./support/event_stream_server.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/event_stream_server.mjs").Answer} Answer */
/** @typedef {"ours" | "native"} Kind */
/**
 * How to listen: until `entries` entries are in the log, or the first error.
 * @typedef {{ init?: object, types?: string[], entries?: number, after?: string }} Listening
 */

const stream = { "Content-Type": "text/event-stream" };

/** Ends after these parts. @param {(string | Uint8Array)[]} parts @returns {Answer} */
const parts =
  (...parts) =>
  async (response) => {
    await write(response, parts);
    response.end();
  };

const bytes = (/** @type {(string | number[])[]} */ ...pieces) =>
  Buffer.concat(pieces.map((piece) => Buffer.from(/** @type {any} */ (piece))));

/** Where Firefox's own is no control, because it differs from the standard. */
const firefoxDiffers = /** @type {Record<string, string>} */ ({
  "reads: ids": "it forgets an id without data",
  "reads: ids with NUL": "it drops the event",
  "reads: NUL in data": "it drops NUL",
  "reads: names that are nearly a field's": "it drops NUL",
  "keeps the last event id over reconnections and sends it as UTF-8":
    "it forgets an id without data",
});

/** What is read from one response, up to its end. @type {[string, Answer, string[], string[]?][]} */
const streams = [
  ["a message", parts("data: hello\n\n"), ["message hello"]],
  ["lines joined", parts("data: one\ndata: two\ndata:\n\n"), ["message one\ntwo\n"]],
  ["no message without data", parts("event: x\n\nid: 1\n\n:c\n\n"), []],
  ["empty data", parts("data\n\ndata:\n\ndata\ndata\n\n"), ["message ", "message ", "message \n"]],
  ["the end in mid-event", parts("data: a\n\ndata: b\n"), ["message a"]],
  ["the end in mid-line", parts("data: a\n\ndata: b"), ["message a"]],
  [
    "CR, LF and CRLF",
    parts("data: a\r\rdata: b\n\ndata: c\r\n\r\ndata: d\r\n\n"),
    "abcd".split("").map((c) => `message ${c}`),
  ],
  ["CRLF cut in two", parts("data: a\r", "\ndata: b\r", "\n\r", "\n"), ["message a\nb"]],
  ["CR at the end of a chunk", parts("data: a\r\r", "data: b\r\r"), ["message a", "message b"]],
  ["a line in pieces", parts("da", "ta", ":", " ", "x", "\n", "\n"), ["message x"]],
  ["a byte order mark", parts(bytes([0xef, 0xbb, 0xbf], "data: a\n\n")), ["message a"]],
  [
    "a byte order mark in pieces",
    parts(bytes([0xef]), bytes([0xbb]), bytes([0xbf], "data: a\n\n")),
    ["message a"],
  ],
  [
    "a second byte order mark",
    parts(bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], "data: a\n\ndata: b\n\n")),
    ["message b"],
  ],
  [
    "a byte order mark later on",
    parts(
      bytes("data: a\n\n", [0xef, 0xbb, 0xbf], "data: b\n\ndata: ", [0xef, 0xbb, 0xbf], "c\n\n"),
    ),
    ["message a", "message \ufeffc"],
  ],
  ["comments", parts(":\n: data: no\n:data: no\ndata: a\n:\ndata: b\n\n"), ["message a\nb"]],
  [
    "unknown fields",
    parts("data:a\n data:no\ndata :no\nDATA:no\ndatas:no\nx:\nx\ndata:b\n\n"),
    ["message a\nb"],
  ],
  [
    "one space after the colon",
    parts("data:a\ndata: b\ndata:  c\ndata:\td\ndata:e \n\n"),
    ["message a\nb\n c\n\td\ne "],
  ],
  [
    "names that are nearly a field's",
    parts("data:\0\ndata\0:no\nda-ta:no\ndata_no\n\0data:no\ndata: 1\r\ufeffdata:no\r\n\n"),
    ["message \0\n1"],
  ],
  [
    "long comments, and NUL in one",
    parts(`data:a\r:\0\n:\r\ndata:b\n:${"x".repeat(70_000)}\rdata:c\n:data:no\n\n`),
    ["message a\nb\nc"],
  ],
  [
    "every line end in one event",
    parts("data:a\r\ndata\ndata:b\rdata:\tc\r\n\r"),
    ["message a\n\nb\n\tc"],
  ],
  ["colons in values", parts("data::a:\nid::\n\n"), ["message :a: #:"]],
  [
    "types",
    parts("event: x\ndata: a\n\nevent\ndata: b\n\nevent: y\nevent: x\ndata: c\n\ndata: d\n\n"),
    ["x a", "message b", "x c", "message d"],
    ["x", "y"],
  ],
  ["types with spaces", parts("event:  x \ndata: a\n\n"), [" x  a"], [" x "]],
  ["odd types", parts("event: \x01 Ž\udfff:\ndata: a\n\n"), ["\x01 Ž\ufffd: a"], ["\x01 Ž\ufffd:"]],
  [
    "ids",
    parts("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n"),
    ["message a #1", "message b #1", "message c #2", "message d"],
  ],
  [
    "ids with NUL",
    parts("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid: \0\ndata: c\n\nid: x\0x\ndata: d\n\n"),
    ["message a #1", "message b #1", "message c #1", "message d #1"],
  ],
  ["NUL in data", parts("data: a\0b\n\n\0data: no\n\ndata: c\n\n"), ["message a\0b", "message c"]],
  [
    "UTF-8, cut inside of characters",
    parts(
      bytes("data: ok", [0xe2, 0x82]),
      bytes([0xac]),
      bytes([0xf0, 0x9f]),
      bytes([0x98, 0x80], "\n\n"),
    ),
    ["message ok€😀"],
  ],
  ["UTF-8 in ids and types", parts("id: é\nevent: ž\ndata: 日本\n\n"), ["ž 日本 #é"], ["ž"]],
  [
    "what is not UTF-8",
    parts(
      bytes(
        "data: ",
        [0xff, 0xc3, 0x28, 0xe2, 0x82],
        "\ndata: ",
        [0xed, 0xa0, 0x80, 0xf0, 0x9f],
        "\n\n",
      ),
    ),
    ["message \ufffd\ufffd(\ufffd\n\ufffd\ufffd\ufffd\ufffd"],
  ],
  [
    "much at once",
    parts("data: €\n\n".repeat(20_000)),
    Array.from({ length: 20_000 }, () => "message €"),
  ],
  [
    "a large event",
    parts(`data: ${"é".repeat(300_000)}\n\ndata: b\n\n`),
    [`message ${"é".repeat(300_000)}`, "message b"],
  ],
];

/** Bytes of a generator with a seed: every stream is the same in every run. */
function noise() {
  let state = 12345;
  const lines = [];
  const leads = [
    0x41, 0x80, 0xbf, 0xc2, 0xc3, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xff, 0x9f, 0xa0,
  ];
  for (let line = 0; line < 400; line += 1) {
    const text = [];
    for (let i = 0; i < 40; i += 1) {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      text.push(leads[(state >> 8) % leads.length] ?? 0x41);
    }
    lines.push(Buffer.from([0x41, ...text]));
  }
  return lines;
}

for (const kind of browsers) {
  describe(`event sources in ${kind.name}`, { concurrency: 1 }, () => {
    /** @type {import("puppeteer-core").Browser} */
    let browser;
    /** @type {EventStreamServer} */
    let server;
    /** @type {import("puppeteer-core").Page} */
    let page;

    /** A page with our class and a recorder on it. @param {string} [origin] */
    async function open(origin = server.origin) {
      const fresh = await browser.newPage();
      await fresh.goto(`${origin}/`);
      await fresh.evaluate(async (dist) => {
        const script = /** @type {any} */ (window);
        script.ours = await import(`${dist}/event-source.js`);
        script.classes = { ours: script.ours.PlaygroundEventSource, native: window.EventSource };
        script.record = (
          /** @type {Kind} */ who,
          /** @type {string} */ url,
          /** @type {Listening} */ { init, types = [], entries = Infinity },
        ) =>
          new Promise((resolve) => {
            const log = /** @type {string[]} */ ([]);
            const source = new script.classes[who](url, init);
            const note = (/** @type {any} */ event) => {
              const plain = !("data" in event);
              const id = event.lastEventId ? ` #${event.lastEventId}` : "";
              log.push(
                plain ? `${event.type} ${source.readyState}` : `${event.type} ${event.data}${id}`,
              );
              if (log.length >= entries || (event.type === "error" && entries === Infinity)) {
                source.close();
                resolve(log);
              }
            };
            for (const type of ["open", "message", "error", ...types])
              source.addEventListener(type, note);
          });
      }, `${server.origin}/dist`);
      return fresh;
    }

    /**
     * @param {Kind} who @param {string} url @param {Listening} [listening]
     * @returns {Promise<string[]>}
     */
    const record = (who, url, listening = {}) =>
      page.evaluate((...all) => /** @type {any} */ (window).record(...all), who, url, listening);

    before(async () => {
      [browser, server] = await Promise.all([kind.launch(), EventStreamServer.start()]);
      page = await open();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    /**
     * The same scene with both classes, or with ours only.
     * @param {string} name
     * @param {(who: Kind) => Promise<void>} play
     * @param {{ oursOnly?: string }} [options] `oursOnly`: why the browser's own cannot be the control
     */
    function scene(name, play, { oursOnly } = {}) {
      it(`${name} (ours)`, { timeout: 60_000 }, () => play("ours"));
      const differs = kind.name === "Firefox" ? firefoxDiffers[name] : undefined;
      const skip = oursOnly ?? differs ?? false;
      it(`${name} (the browser's own)`, { timeout: 60_000, skip }, () => play("native"));
    }

    for (const [name, answer, expected, types = []] of streams) {
      scene(`reads: ${name}`, async (who) => {
        const log = await record(who, server.path(answer), { types });
        assert.deepEqual(log, ["open 1", ...expected, "error 0"]);
      });
    }

    scene("replaces what is not UTF-8 as TextDecoder does", async (who) => {
      const lines = noise();
      const answer = parts(
        Buffer.concat(lines.flatMap((line) => [Buffer.from("data: "), line, Buffer.from("\n\n")])),
      );
      const log = await record(who, server.path(answer));
      const decoder = new TextDecoder();
      assert.deepEqual(
        log.slice(1, -1),
        lines.map((line) => `message ${decoder.decode(line)}`),
      );
    });

    scene("fails for good on every status but 200", async (who) => {
      for (const status of [201, 204, 205, 210, 299, 400, 401, 404, 410, 500, 503]) {
        const path = server.path((response) => response.writeHead(status, stream).end());
        assert.deepEqual(await record(who, path), ["error 2"], String(status));
        assert.equal(server.requests(path).length, 1);
      }
    });

    scene("takes text/event-stream with any parameters, and no other type", async (who) => {
      const typed = (/** @type {string} */ type) =>
        server.path(async (response) => {
          response.writeHead(200, { "Content-Type": type });
          await write(response, ["data: ž\n\n"]);
          response.end();
        });
      for (const type of [
        "text/event-stream;",
        "text/event-stream;charset=UTF-8",
        "TEXT/Event-Stream; x=y",
      ]) {
        assert.deepEqual(await record(who, typed(type)), ["open 1", "message ž", "error 0"], type);
      }
      for (const type of [
        "text/event-streams",
        "text/plain",
        "text/x-y",
        "x y",
        "*/*",
        "event-stream",
      ]) {
        assert.deepEqual(await record(who, typed(type)), ["error 2"], type);
      }
      const none = server.path((response) => response.writeHead(200).end("data: a\n\n"));
      assert.deepEqual(await record(who, none), ["error 2"]);
    });

    scene(
      "fails for good on what is no MIME type",
      async (who) => {
        const path = server.path((response) =>
          response.writeHead(200, { "Content-Type": "text/event-stream x" }).end("data: a\n\n"),
        );
        assert.deepEqual(await record(who, path), ["error 2"]);
      },
      { oursOnly: "Chromium's and Firefox's take this one, against the standard" },
    );

    scene(
      "reads UTF-8, whatever the charset says",
      async (who) => {
        const path = server.path(async (response) => {
          response.writeHead(200, { "Content-Type": "text/event-stream;charset=windows-1252" });
          await write(response, ["data: ž\n\n"]);
          response.end();
        });
        assert.deepEqual(await record(who, path), ["open 1", "message ž", "error 0"]);
      },
      { oursOnly: "Chromium's refuses it, against the standard" },
    );

    scene("fails for good on addresses that no response can come from", async (who) => {
      for (const url of [
        "ftp://example.invalid/",
        "about:blank",
        "mailto:x@example.invalid",
        "javascript:alert(1)",
      ]) {
        assert.deepEqual(await record(who, url), ["error 2"], url);
      }
    });

    scene("follows redirects, and names the origin of the last address", async (who) => {
      for (const status of [301, 302, 303, 307, 308]) {
        const target = server.path(async (response) => {
          response.writeHead(200, { ...stream, "Access-Control-Allow-Origin": "*" });
          await write(response, ["data: a\n\n"]);
        });
        const path = server.path((response) =>
          response.writeHead(status, { Location: `${server.otherOrigin}${target}` }).end(),
        );
        const origin = await page.evaluate(
          (who, url) =>
            new Promise((resolve) => {
              const source = new /** @type {any} */ (window).classes[who](url);
              source.onmessage = (/** @type {MessageEvent} */ event) => {
                source.close();
                resolve([event.origin, source.url]);
              };
            }),
          who,
          path,
        );
        assert.deepEqual(origin, [server.otherOrigin, `${server.origin}${path}`], String(status));
      }
    });

    scene(
      "asks the first address again after a redirect",
      async () => {
        const target = server.path(parts("retry: 1\ndata: a\n\n"));
        const path = server.path((response) => response.writeHead(301, { Location: target }).end());
        await record("ours", path, { entries: 5 });
        assert.equal(server.requests(path).length, 2);
      },
      { oursOnly: "the browsers' ask the last address, where the page's headers must not go" },
    );

    scene("asks for an event stream, past every cache", async (who) => {
      const path = server.path(parts(""));
      await record(who, path);
      const { method, headers } = server.requests(path)[0] ?? assert.fail("no request");
      assert.equal(method, "GET");
      assert.equal(headers.accept, "text/event-stream");
      assert.equal(headers["cache-control"], "no-cache");
      assert.equal(headers["last-event-id"], undefined);
    });

    scene("reconnects after the end of a stream, until it is refused", async (who) => {
      const path = server.path((response, _request, count) =>
        count === 3
          ? response.writeHead(204).end()
          : parts(`retry: 10\ndata: ${count}\n\n`)(response, _request, count),
      );
      const log = await record(who, path, { entries: 7 });
      assert.deepEqual(log, [
        "open 1",
        "message 1",
        "error 0",
        "open 1",
        "message 2",
        "error 0",
        "error 2",
      ]);
    });

    scene(
      "reconnects after a connection was cut, and after one that never answered",
      async (who) => {
        const path = server.path(async (response, _request, count) => {
          if (count === 2) {
            response.destroy();
            return;
          }
          await write(response, [`retry: 10\ndata: ${count}\n\n`]);
          // The event has to be out before the connection is cut.
          setTimeout(() => (count === 1 ? response.destroy() : response.end()), 100);
        });
        const log = await record(who, path, { entries: 5 });
        assert.deepEqual(log.slice(0, 3), ["open 1", "message 1", "error 0"]);
        // A browser may try by itself once more before it tells of the second one.
        assert.ok(log.includes("error 0") && server.requests(path).length >= 3);
      },
    );

    scene("keeps the last event id over reconnections and sends it as UTF-8", async (who) => {
      const bodies = [
        "retry: 10\nid: …\ndata: a\n\n",
        "data: b\n\nid: 2\n\nid: lost\ndata: c\n",
        "data: d\n\nid\n\n",
        "data: e\n\n",
      ];
      const path = server.path((response, request, count) =>
        parts(bodies[count - 1] ?? "")(response, request, count),
      );
      const log = await record(who, path, { entries: 12 });
      assert.deepEqual(
        log.filter((entry) => entry.startsWith("message")),
        ["message a #…", "message b #…", "message d #2", "message e"],
      );
      const sent = server.requests(path).map(({ headers }) => {
        const id = headers["last-event-id"];
        return id === undefined ? undefined : Buffer.from(String(id), "latin1").toString();
      });
      assert.deepEqual(sent.slice(0, 4), [undefined, "…", "2", undefined]);
    });

    scene("sends another origin, where it may, any last event id", async (who) => {
      for (const id of ["1", "x".repeat(255), "a<b>"]) {
        const path = server.path((response, { method }) => {
          response.writeHead(method === "OPTIONS" ? 204 : 200, {
            ...stream,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "Last-Event-ID",
          });
          response.end(`retry: 1\nid: ${id}\ndata: a\n\n`);
        });
        await record(who, `${server.otherOrigin}${path}`, { entries: 5 });
        const sent = server
          .requests(path)
          .filter(({ method }) => method === "GET")
          .map(({ headers }) => headers["last-event-id"]);
        assert.deepEqual(sent.slice(0, 2), [undefined, id]);
      }
    });

    scene("close() ends the request, and may be called again", async (who) => {
      let ended = false;
      const path = server.path((response) => {
        response.on("close", () => (ended = true));
        return write(response, ["data: a\n\n"]);
      });
      const state = await page.evaluate(
        async (who, url) => {
          const source = new /** @type {any} */ (window).classes[who](url);
          await new Promise((resolve) => (source.onmessage = resolve));
          source.close();
          source.close();
          return source.readyState;
        },
        who,
        path,
      );
      assert.equal(state, 2);
      await until("the end of the request", () => ended);
    });

    scene("open and error are plain events, or messages that the server calls so", async (who) => {
      const path = server.path(parts("event: open\ndata: a\n\nevent: error\ndata: b\n\n"));
      const events = await page.evaluate(
        (who, url) =>
          new Promise((resolve) => {
            const events = /** @type {unknown[]} */ ([]);
            const source = new /** @type {any} */ (window).classes[who](url);
            source.onopen = source.onerror = (/** @type {any} */ event) => {
              const { type, data, bubbles, cancelable, defaultPrevented } = event;
              const isMessage = event instanceof MessageEvent;
              events.push([type, data ?? null, "data" in event, isMessage, source.readyState]);
              events.push(bubbles || cancelable || defaultPrevented);
              if (type === "error" && !isMessage) {
                source.close();
                resolve(events);
              }
            };
          }),
        who,
        path,
      );
      assert.deepEqual(events, [
        ["open", null, false, false, 1],
        false,
        ["open", "a", true, true, 1],
        false,
        ["error", "b", true, true, 1],
        false,
        ["error", null, false, false, 0],
        false,
      ]);
    });

    scene(
      "close() ends it: in open, between events of a chunk, in error, and at once",
      async (who) => {
        const many = server.path(parts("data: a\n\ndata: b\n\ndata: c\n\n"));
        const logs = await page.evaluate(
          async (who, url) => {
            const Source = /** @type {any} */ (window).classes[who];
            const logs = /** @type {Record<string, string[]>} */ ({});
            for (const at of ["open", "message", "error", "constructor"]) {
              const log = (logs[at] = /** @type {string[]} */ ([]));
              const source = new Source(url);
              for (const type of ["open", "message", "error"]) {
                source.addEventListener(type, (/** @type {any} */ event) => {
                  log.push(`${type} ${event.data ?? ""}`.trim());
                  if (type === at) source.close();
                });
              }
              if (at === "constructor") source.close();
              while (source.readyState !== 2)
                await new Promise((resolve) => setTimeout(resolve, 10));
              // Whatever would come, came by the time that another stream is through.
              await /** @type {any} */ (window).record(who, url, {});
              log.push(String(source.readyState));
            }
            return logs;
          },
          who,
          many,
        );
        assert.deepEqual(logs, {
          open: ["open", "2"],
          message: ["open", "message a", "2"],
          error: ["open", "message a", "message b", "message c", "error", "2"],
          constructor: ["2"],
        });
      },
    );

    scene("what waits for one event after another misses none of a chunk", async (who) => {
      const path = server.path(parts("data: a\n\ndata: b\n\ndata: c\n\n"));
      const seen = await page.evaluate(
        async (who, url) => {
          const source = new /** @type {any} */ (window).classes[who](url);
          const next = () =>
            new Promise((resolve) =>
              source.addEventListener(
                "message",
                (/** @type {MessageEvent} */ { data }) => resolve(data),
                { once: true },
              ),
            );
          // A few promises deep.
          const later = async () => await (async () => await next())();
          const seen = [await later(), await later(), await later()];
          source.close();
          return seen;
        },
        who,
        path,
      );
      assert.deepEqual(seen, ["a", "b", "c"]);
    });

    scene("its constructor throws what the standard says, and dispatches nothing", async (who) => {
      const results = await page.evaluate((who) => {
        const Source = /** @type {any} */ (window).classes[who];
        const thrown = (/** @type {() => any} */ make) => {
          try {
            make().close();
            return "nothing";
          } catch (error) {
            return error instanceof DOMException
              ? `DOMException ${error.name}`
              : /** @type {Error} */ (error).name;
          }
        };
        let early = 0;
        const source = new Source("ftp://example.invalid/");
        source.onerror = () => (early += 1);
        const before = [early, source.readyState];
        source.close();
        return {
          bad: thrown(() => new Source("http://[invalid/")),
          port: thrown(() => new Source("http://localhost:99999/")),
          none: thrown(() => new Source()),
          symbol: thrown(() => new Source(Symbol())),
          plain: thrown(() => Source("x")),
          number: thrown(() => new Source("x", 5)),
          null: thrown(() => new Source("x", null)),
          undefined: thrown(() => new Source("x", undefined)),
          before,
        };
      }, who);
      assert.deepEqual(results, {
        bad: "DOMException SyntaxError",
        port: "DOMException SyntaxError",
        none: "TypeError",
        symbol: "TypeError",
        plain: "TypeError",
        number: "TypeError",
        null: "nothing",
        undefined: "nothing",
        before: [0, 0],
      });
    });

    scene("resolves its URL, and has the interface of Web IDL", async (who) => {
      const found = await page.evaluate((who) => {
        const Source = /** @type {any} */ (window).classes[who];
        const make = (/** @type {any[]} */ ...all) => {
          const source = new Source(...all);
          source.close();
          return source;
        };
        const source = make("/x?y#z");
        const Subclass = /** @type {any} */ (
          class extends Source {
            close() {
              super.close();
              return this instanceof Source && super.readyState === 2;
            }
          }
        );
        const writable = (/** @type {any} */ owner) => {
          try {
            owner.OPEN = 7;
          } catch {
            // Strict code is told so.
          }
          return owner.OPEN;
        };
        const own = (/** @type {string} */ name) => {
          const { get, set, enumerable, configurable, writable } =
            Object.getOwnPropertyDescriptor(Source.prototype, name) ?? {};
          return [name, Boolean(get), Boolean(set), enumerable, configurable, writable ?? null];
        };
        return {
          url: source.url.replace(location.origin, ""),
          empty: make("").url === document.baseURI,
          texts: [{ toString: () => "/o" }, 1, null, undefined].map((text) =>
            make(text).url.replace(location.origin, ""),
          ),
          name: Source.name,
          names: Object.getOwnPropertyNames(Source.prototype).sort(),
          parent: Object.getPrototypeOf(Source) === EventTarget,
          // None of them takes what is no event source, and none too few arguments.
          refused: [
            () => Source.prototype.url,
            () => Source.prototype.withCredentials,
            () => Source.prototype.readyState,
            () => Source.prototype.onopen,
            () => (Source.prototype.onopen = null),
            () => Source.prototype.close.call({}),
            () => source.addEventListener("x"),
          ].map((use) => {
            try {
              use();
              return "nothing";
            } catch (error) {
              return /** @type {Error} */ (error).name;
            }
          }),
          credentials: [source, make("x", {}), make("x", { withCredentials: true })].map(
            (s) => s.withCredentials,
          ),
          constants: [Source, Source.prototype, source].map((o) => [
            o.CONNECTING,
            writable(o),
            o.CLOSED,
          ]),
          constant: Object.getOwnPropertyDescriptor(Source.prototype, "CLOSED"),
          members: [
            "url",
            "withCredentials",
            "readyState",
            "onopen",
            "onmessage",
            "onerror",
            "close",
          ].map(own),
          target: source instanceof EventTarget,
          text: String(source),
          length: Source.length,
          handlers: [source.onopen, source.onmessage, source.onerror],
          subclass: new Subclass("x").close(),
        };
      }, who);
      assert.deepEqual(found, {
        url: "/x?y#z",
        empty: true,
        texts: ["/o", "/1", "/null", "/undefined"],
        name: "EventSource",
        names: [
          "CLOSED",
          "CONNECTING",
          "OPEN",
          "close",
          "constructor",
          "onerror",
          "onmessage",
          "onopen",
          "readyState",
          "url",
          "withCredentials",
        ],
        parent: true,
        refused: Array(7).fill("TypeError"),
        credentials: [false, false, true],
        constants: Array(3).fill([0, 1, 2]),
        constant: { value: 2, writable: false, enumerable: true, configurable: false },
        members: [
          ["url", true, false, true, true, null],
          ["withCredentials", true, false, true, true, null],
          ["readyState", true, false, true, true, null],
          ["onopen", true, true, true, true, null],
          ["onmessage", true, true, true, true, null],
          ["onerror", true, true, true, true, null],
          ["close", false, false, true, true, true],
        ],
        target: true,
        text: "[object EventSource]",
        length: 1,
        handlers: [null, null, null],
        subclass: true,
      });
    });

    scene("event handler attributes keep their place among the listeners", async (who) => {
      const path = server.path(parts("data: a\n\n"));
      const log = await page.evaluate(
        (who, url) =>
          new Promise((resolve) => {
            const log = /** @type {unknown[]} */ ([]);
            const source = new /** @type {any} */ (window).classes[who](url);
            const add = (/** @type {string} */ name) =>
              source.addEventListener("message", () => log.push(name));
            source.onmessage = () => log.push("replaced");
            add("first");
            source.onmessage = function (/** @type {MessageEvent} */ event) {
              log.push(
                "handler",
                this === source,
                event.target === source,
                event instanceof MessageEvent,
              );
            };
            source.onerror = () => log.push("never");
            source.onerror = null;
            source.onopen = 5;
            log.push(source.onopen, typeof source.onmessage);
            const object = {};
            source.onopen = object;
            log.push(source.onopen === object);
            source.addEventListener("message", {
              handleEvent: () => {
                log.push("object");
                throw new Error("a listener's own, which concerns nobody else");
              },
            });
            add("last");
            source.addEventListener("error", () => {
              source.close();
              resolve(log);
            });
          }),
        who,
        path,
      );
      assert.deepEqual(log, [
        null,
        "function",
        true,
        "handler",
        true,
        true,
        true,
        "first",
        "object",
        "last",
      ]);
    });

    scene("crosses origins where it may, and fails for good where it may not", async (who) => {
      const allowing = (/** @type {string | undefined} */ origin) =>
        server.path(async (response) => {
          const allow = origin === undefined ? {} : { "Access-Control-Allow-Origin": origin };
          response.writeHead(200, { ...stream, ...allow });
          await write(response, ["data: a\n\n"]);
          response.end();
        });
      const allowed = `${server.otherOrigin}${allowing(server.origin)}`;
      assert.deepEqual(await record(who, allowed), ["open 1", "message a", "error 0"]);
      for (const origin of [undefined, "", "http://example.invalid"]) {
        const refusing = `${server.otherOrigin}${allowing(origin)}`;
        assert.deepEqual(await record(who, refusing), ["error 2"]);
        const leading = server.path((response) =>
          response.writeHead(307, { Location: refusing }).end(),
        );
        assert.deepEqual(await record(who, leading), ["error 2"]);
      }
    });

    scene("sends cookies to another origin only withCredentials", async (who) => {
      await page.evaluate(() => (document.cookie = "taste=sweet"));
      const path = server.path(async (response) => {
        response.writeHead(200, {
          ...stream,
          "Access-Control-Allow-Origin": server.origin,
          "Access-Control-Allow-Credentials": "true",
        });
        response.end();
      });
      for (const withCredentials of [false, true]) {
        await record(who, `${server.otherOrigin}${path}`, { init: { withCredentials } });
      }
      await record(who, path);
      const cookies = server.requests(path).map(({ headers }) => headers.cookie);
      assert.deepEqual(cookies, [undefined, "taste=sweet", "taste=sweet"]);
    });

    scene(
      "an error event says what happened",
      async () => {
        const refusing = server.path((response) => response.writeHead(503, stream).end());
        const ending = server.path(parts("data: a\n\n"));
        const plain = server.path((response) =>
          response.writeHead(200, { "Content-Type": "text/plain" }).end(),
        );
        const guarded = `${server.otherOrigin}${server.path(parts(""))}`;
        const error = (/** @type {string} */ url) =>
          page.evaluate(
            (url) =>
              new Promise((resolve) => {
                const script = /** @type {any} */ (window);
                const source = new script.ours.PlaygroundEventSource(url);
                source.onerror = (/** @type {any} */ event) => {
                  const { status, reason, type } = event;
                  source.close();
                  resolve({
                    status,
                    reason,
                    type,
                    is: event instanceof script.ours.EventSourceErrorEvent,
                  });
                };
              }),
            url,
          );
        const at = { type: "error", is: true };
        assert.deepEqual(await error(refusing), {
          ...at,
          status: 503,
          reason: "The server answered with status 503.",
        });
        assert.deepEqual(await error(ending), {
          ...at,
          status: 200,
          reason: "The server ended the stream.",
        });
        assert.deepEqual(await error(plain), {
          ...at,
          status: 200,
          reason: "The response is text/plain instead of text/event-stream.",
        });
        assert.deepEqual(await error(guarded), {
          ...at,
          status: 0,
          reason: "The server answers, but does not allow this page's origin to read it (CORS).",
        });
        assert.deepEqual(await error("ftp://example.invalid/"), {
          ...at,
          status: 0,
          reason: "ftp: cannot be fetched.",
        });
      },
      { oursOnly: "its error events say nothing" },
    );

    scene(
      "sends headers, a method and a body with every attempt",
      async () => {
        const bodies = ["retry: 1\ndata: a\n\n", "id\ndata: b\n\n", "data: c\n\n"];
        const path = server.path((response, request, count) =>
          parts(bodies[count - 1] ?? "")(response, request, count),
        );
        const init = {
          method: "POST",
          headers: { Authorization: "Bearer x", "Last-Event-ID": "5" },
          body: "question",
          reconnect: true,
        };
        const log = await record("ours", path, { init, entries: 9 });
        assert.deepEqual(
          log.filter((entry) => entry.startsWith("message")),
          ["message a #5", "message b", "message c"],
        );
        const seen = server
          .requests(path)
          .slice(0, 3)
          .map(({ method, headers, body }) => [
            method,
            headers.authorization,
            headers.accept,
            headers["last-event-id"],
            body,
          ]);
        const same = ["POST", "Bearer x", "text/event-stream"];
        assert.deepEqual(seen, [
          [...same, "5", "question"],
          [...same, "5", "question"],
          [...same, undefined, "question"],
        ]);
        const thrown = await page.evaluate(() => {
          const { PlaygroundEventSource } = /** @type {any} */ (window).ours;
          return [
            { body: "x" },
            { method: "TRACE" },
            { headers: { "a b": "c" } },
            { method: "POST", body: new ReadableStream() },
          ].map((init) => {
            try {
              new PlaygroundEventSource("/", init).close();
              return "nothing";
            } catch (error) {
              return /** @type {Error} */ (error).name;
            }
          });
        });
        assert.deepEqual(thrown, Array(4).fill("TypeError"));
      },
      { oursOnly: "it cannot do that" },
    );

    scene(
      "an abort of its signal closes it",
      async () => {
        const path = server.path((response) => write(response, ["data: a\n\n"]));
        const log = await page.evaluate(async (url) => {
          const { PlaygroundEventSource } = /** @type {any} */ (window).ours;
          const controller = new AbortController();
          const source = new PlaygroundEventSource(url, { signal: controller.signal });
          await new Promise((resolve) => (source.onmessage = resolve));
          const log = [source.readyState];
          source.onerror = () => log.push("error");
          controller.abort();
          log.push(
            source.readyState,
            new PlaygroundEventSource(url, { signal: controller.signal }).readyState,
          );
          return log;
        }, path);
        assert.deepEqual(log, [1, 2, 2]);
        assert.equal(server.requests(path).length, 1);
      },
      { oursOnly: "it cannot do that" },
    );

    scene(
      "waits the reconnection time, and longer for a server that does not answer",
      async () => {
        const delays = async (/** @type {string} */ url, /** @type {number} */ errors) =>
          page.evaluate(
            async (url, errors) => {
              const script = /** @type {any} */ (window);
              const {
                setTimeout,
                Math: { random },
              } = window;
              const delays = /** @type {number[]} */ ([]);
              script.setTimeout = (/** @type {() => void} */ run, /** @type {number} */ ms) => {
                delays.push(ms);
                return setTimeout(run, 0);
              };
              Math.random = () => 1;
              try {
                const source = new script.ours.PlaygroundEventSource(url);
                await new Promise((resolve) => {
                  let seen = 0;
                  // One task later the timer of the last error is set as well.
                  source.onerror = () => (seen += 1) === errors && setTimeout(resolve, 20);
                });
                source.close();
              } finally {
                script.setTimeout = setTimeout;
                Math.random = random;
              }
              return delays.slice(0, errors);
            },
            url,
            errors,
          );
        const bodies = [
          "",
          "retry: 1234\n",
          "retry: 5x\nretry:\nretry\nretry: -1\n",
          "retry:0\n",
          "retry: 0250\nretry: 9 9\nretry: \u0661\n",
          "retry: 99999999999999999999\n",
        ];
        const path = server.path((response, request, count) =>
          parts(bodies[count - 1] ?? "")(response, request, count),
        );
        assert.deepEqual(await delays(path, 6), [3000, 1234, 1234, 0, 250, 86_400_000]);
        const dead = server.path((response) => response.destroy());
        assert.deepEqual(await delays(dead, 7), [4000, 5000, 7000, 11_000, 19_000, 33_000, 33_000]);
      },
      { oursOnly: "its timers cannot be replaced" },
    );

    scene(
      "nothing is lost while WebAssembly is on its way, and a failed load is an error",
      async () => {
        let release = /** @type {() => void} */ (() => undefined);
        const held = new Promise((resolve) => (release = () => resolve(null)));
        server.instead("/dist/event_stream.wasm", async (response) => {
          await held;
          response.writeHead(404).end();
        });
        const path = server.path(async (response) => {
          await write(response, ["data: a\n\n", "data: b\n\n"]);
          response.end();
        });
        const fresh = await open();
        try {
          const pending = fresh.evaluate((url) => {
            const script = /** @type {any} */ (window);
            return script.record("ours", url, {});
          }, path);
          await until("the stream to be asked for", () => server.requests(path).length > 0);
          release();
          assert.deepEqual(await pending, ["open 1", "error 2"]);

          let go = /** @type {() => void} */ (() => undefined);
          const waiting = new Promise((resolve) => (go = () => resolve(null)));
          server.instead("/dist/event_stream.wasm", async (response) => {
            await waiting;
            response.writeHead(307, { Location: "/dist/event_stream.wasm?again" }).end();
            server.instead("/dist/event_stream.wasm", null);
          });
          const asked = server.requests(path).length;
          const whole = fresh.evaluate(
            (url) => /** @type {any} */ (window).record("ours", url, {}),
            path,
          );
          await until("the stream to be asked for", () => server.requests(path).length > asked);
          go();
          assert.deepEqual(await whole, ["open 1", "message a", "message b", "error 0"]);
        } finally {
          server.instead("/dist/event_stream.wasm", null);
          await fresh.close();
        }
      },
      { oursOnly: "it needs no WebAssembly" },
    );

    scene(
      "stands in for a missing EventSource, on pages and in workers",
      async () => {
        const path = server.path(parts("data: a\n\n"));
        const seen = await page.evaluate(
          async (url, dist) => {
            const code = `
            import { PlaygroundEventSource } from "${dist}/event-source.js";
            delete globalThis.EventSource;
            globalThis.EventSource ??= PlaygroundEventSource;
            const source = new EventSource("${location.origin}${url}");
            source.onmessage = ({ data, origin }) => {
              source.close();
              postMessage([data, origin, EventSource === PlaygroundEventSource]);
            };`;
            const worker = new Worker(
              URL.createObjectURL(new Blob([code], { type: "text/javascript" })),
              { type: "module" },
            );
            const answer = await new Promise((resolve, reject) => {
              worker.onmessage = ({ data }) => resolve(data);
              worker.onerror = ({ message }) => reject(new Error(message));
            });
            worker.terminate();
            return answer;
          },
          path,
          `${server.origin}/dist`,
        );
        assert.deepEqual(seen, ["a", server.origin, true]);
      },
      { oursOnly: "it is what is missing" },
    );

    scene(
      "a thousand sources one after another leave nothing behind",
      async () => {
        const sizes = await page.evaluate(async () => {
          const { EventSourceReader, eventStreamCore, PlaygroundEventSource } = /** @type {any} */ (
            window
          ).ours;
          const core = await eventStreamCore.load();
          const text = new TextEncoder().encode(`id: 1\ndata: ${"x".repeat(60_000)}`);
          const sizes = /** @type {number[]} */ ([]);
          for (let round = 0; round < 1000; round += 1) {
            const reader = new EventSourceReader(core);
            reader.feed(text);
            reader.delete();
            if (round === 10 || round === 999) sizes.push(core.memory.buffer.byteLength);
          }
          const url = `data:text/event-stream,${encodeURIComponent("data: a\n\n")}`;
          for (let round = 0; round < 200; round += 1) {
            const source = new PlaygroundEventSource(url);
            await new Promise((resolve) => (source.onmessage = resolve));
            source.close();
          }
          sizes.push(core.memory.buffer.byteLength);
          return sizes;
        });
        assert.equal(new Set(sizes).size, 1, String(sizes));
      },
      { oursOnly: "it has no memory of ours" },
    );
  });
}
