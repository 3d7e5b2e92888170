// PlaygroundEventSource where it runs: in documents of every kind, frames, workers, and pages that
// are left. The browser's own EventSource is the control, as in event-source.test.mjs.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { browsers } from "./support/browsers.mjs";
import { EventStreamServer, write } from "./support/event_stream_server.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {"ours" | "native"} Kind */

for (const kind of browsers) {
  describe(`where event sources run, in ${kind.name}`, { concurrency: 1 }, () => {
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

    const file = (/** @type {string} */ type, /** @type {string} */ text) =>
      server.path((response) =>
        response.writeHead(200, { "Content-Type": type }).end(Buffer.from(text, "latin1")),
      );

    /** Sends an event, and the end of the stream if it is wanted. */
    const stream = ({ ends = false } = {}) =>
      server.path(async (response) => {
        await write(response, ["retry: 1\ndata: a\n\n"]);
        if (ends) response.end();
      });

    /** What a script begins with that works with `Source`. @param {Kind} who */
    const imports = (who) =>
      who === "native"
        ? "const Source = EventSource;"
        : `import { PlaygroundEventSource as Source } from "${server.origin}/dist/event-source.js";`;

    /** A document whose `Source` is one of both. @param {Kind} who */
    const html = (who, { charset = "utf-8", head = "" } = {}) =>
      file(
        `text/html; charset=${charset}`,
        `<!doctype html><link rel="icon" href="data:," />${head}<script type="module">
          ${imports(who)}
          window.Source = Source;
          parent.framed?.();
        </script>`,
      );

    /** @param {string} path */
    async function visit(path) {
      const page = await browser.newPage();
      await page.goto(`${server.origin}${path}`);
      return page;
    }

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

    scene("resolves its URL as a link of the document does", async (who) => {
      const head = `<base href="/stream/base/?q#f" />`;
      const page = await visit(html(who, { charset: "windows-1252", head }));
      const urls = await page.evaluate(() =>
        ["x?\u00e9#\u00e9", "", "?", "//h/\u00e9", "HTTP:x"].map((url) => {
          const source = new /** @type {any} */ (window).Source(url);
          source.close();
          return source.url.replace(location.origin, "");
        }),
      );
      assert.deepEqual(urls, [
        "/stream/base/x?%E9#%C3%A9",
        "/stream/base/?q",
        "/stream/base/?",
        "http://h/%C3%A9",
        "/stream/base/x",
      ]);
      await page.close();
    });

    scene("in a frame it has the frame's base and the frame's events", async (who) => {
      const path = stream();
      const page = await visit("/");
      const found = await page.evaluate(
        async (frame, name) => {
          const element = Object.assign(document.createElement("iframe"), { src: frame });
          const framed = new Promise((resolve) => Object.assign(window, { framed: resolve }));
          document.body.append(element);
          await framed;
          const inner = /** @type {any} */ (element.contentWindow);
          const source = new inner.Source(name);
          const event = await new Promise((resolve) => (source.onmessage = resolve));
          source.close();
          return [source.url, event.constructor === inner.MessageEvent, event.origin];
        },
        html(who),
        path.slice("/stream/".length),
      );
      assert.deepEqual(found, [`${server.origin}${path}`, true, server.origin]);
      await page.close();
    });

    for (const shared of [false, true]) {
      const where = shared ? "a shared worker" : "a worker";
      scene(`in ${where} it has the worker's address as its base`, async (who) => {
        const path = stream({ ends: true });
        const worker = file(
          "text/javascript",
          `${imports(who)}
          function play(answer) {
            const log = [new Source("").url === self.location.href];
            for (const url of ["http://[/", "mailto:x@example.invalid"]) {
              try {
                const source = new Source(url);
                source.onerror = (event) => log.push(source.readyState, "data" in event);
              } catch (error) {
                log.push(error instanceof DOMException && error.name);
              }
            }
            const source = new Source("..${path}");
            log.push(source.readyState, source.url);
            for (const type of ["open", "message", "error"]) {
              source.addEventListener(type, ({ data, origin }) => {
                log.push(type, source.readyState, data ?? "", origin ?? "");
                if (type !== "error") return;
                source.close();
                answer(log);
              });
            }
          }
          self.onconnect = ({ ports: [port] }) => play((log) => port.postMessage(log));
          if (self.postMessage) play((log) => postMessage(log));`,
        );
        const page = await visit("/");
        const log = await page.evaluate(
          (url, shared) =>
            new Promise((resolve, reject) => {
              const options = /** @type {const} */ ({ type: "module" });
              const worker = shared ? new SharedWorker(url, options) : new Worker(url, options);
              const port = worker instanceof Worker ? worker : worker.port;
              port.onmessage = ({ data }) => resolve(data);
              worker.onerror = () => reject(new Error("the worker failed"));
            }),
          worker,
          shared,
        );
        assert.deepEqual(log, [
          ...[true, "SyntaxError", 0, `${server.origin}${path}`, 2, false],
          ...["open", 1, "", ""],
          ...["message", 1, "a", server.origin],
          ...["error", 0, "", ""],
        ]);
        await page.close();
      });
    }

    scene("can be made in a worker that was closed", async (who) => {
      const worker = file(
        "text/javascript",
        `${imports(who)} close(); postMessage(new Source("/stream/0").readyState);`,
      );
      const page = await visit("/");
      const state = await page.evaluate(
        (url) =>
          new Promise((resolve) => {
            new Worker(url, { type: "module" }).onmessage = ({ data }) => resolve(data);
          }),
        worker,
      );
      assert.equal(state, 0);
      await page.close();
    });

    scene("ends with its page, which hears nothing of it", async (who) => {
      let ended = false;
      const path = server.path((response) => {
        response.on("close", () => (ended = true));
        return write(response, ["data: a\n\n"]);
      });
      const page = await visit(html(who));
      await page.evaluate(
        (url) =>
          new Promise((resolve) => {
            new /** @type {any} */ (window).Source(url).onmessage = resolve;
          }),
        path,
      );
      await page.close();
      await until("the end of the request", () => ended);
      assert.equal(server.requests(path).length, 1);
    });

    scene(
      "holds no connection while its page is kept, and connects again when it is shown",
      async (who) => {
        let open = 0;
        const path = server.path((response) => {
          open += 1;
          response.on("close", () => (open -= 1));
          return write(response, ["data: a\n\n"]);
        });
        const page = await visit(html(who));
        await page.evaluate(async (url) => {
          const script = /** @type {any} */ (window);
          const source = (script.source = new script.Source(url));
          const log = (script.log = /** @type {unknown[]} */ ([]));
          for (const type of ["open", "message", "error"]) {
            source.addEventListener(type, () => log.push(`${type} ${source.readyState}`));
          }
          // That a page is shown first does not concern it.
          window.dispatchEvent(new PageTransitionEvent("pageshow"));
          await new Promise((resolve) => source.addEventListener("message", resolve));
        }, path);
        assert.equal(open, 1);
        await page.evaluate(() => {
          window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        });
        await until("the end of the request", () => open === 0);
        const log = await page.evaluate(async () => {
          const { source, log } = /** @type {any} */ (window);
          window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
          await new Promise((resolve) => source.addEventListener("message", resolve));
          source.close();
          window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
          window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
          await new Promise((resolve) => setTimeout(resolve, 50));
          return log;
        });
        assert.deepEqual(log, ["open 1", "message 1", "error 0", "open 1", "message 1"]);
        assert.equal(server.requests(path).length, 2);
        await page.close();
      },
      { oursOnly: "it goes by what the browser knows, not by the events" },
    );

    scene(
      "what was parsed when its page is left is dispatched, and asked for no more",
      async () => {
        const path = server.path((response, { headers }) =>
          write(response, [
            headers["last-event-id"] === undefined
              ? "id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n"
              : `id: 4\ndata: after ${headers["last-event-id"]}\n\n`,
          ]),
        );
        const page = await visit(html("ours"));
        const log = await page.evaluate(
          (url) =>
            new Promise((resolve) => {
              const source = new /** @type {any} */ (window).Source(url);
              const log = /** @type {string[]} */ ([]);
              source.onerror = () => log.push("error");
              source.onmessage = (/** @type {MessageEvent} */ { data, lastEventId }) => {
                log.push(data);
                if (data === "a") {
                  for (const type of ["pagehide", "pageshow"]) {
                    window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
                  }
                }
                if (lastEventId !== "4") return;
                source.close();
                resolve(log);
              };
            }),
          path,
        );
        assert.deepEqual(log, ["a", "b", "c", "error", "after 3"]);
        await page.close();
      },
      { oursOnly: "it goes by what the browser knows, not by the events" },
    );
  });
}
