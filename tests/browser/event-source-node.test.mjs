// PlaygroundEventSource in Node.js: a process with a source that is closed comes to its end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { EventStreamServer, write } from "./support/event_stream_server.mjs";

const dist =
  process.env.PLAYGROUND_WEB ?? fileURLToPath(new URL("../../web/dist", import.meta.url));

describe("event sources in Node.js", { concurrency: 1 }, () => {
  /** @type {EventStreamServer} */
  let server;

  before(async () => {
    server = await EventStreamServer.start();
  });
  after(() => server?.stop());

  /**
   * What a script prints until its process ends by itself, which it has to do within 5 seconds.
   * @param {string} script @param {{ parser?: boolean }} [options]
   */
  async function run(script, { parser = true } = {}) {
    const bytes = parser
      ? `eventStreamCore.source = readFileSync(${JSON.stringify(`${dist}/event_stream.wasm`)});`
      : "";
    const child = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { readFileSync } from "node:fs";
       import { setTimeout as sleep } from "node:timers/promises";
       import { PlaygroundEventSource, eventStreamCore }
         from ${JSON.stringify(`file://${dist}/event-source.js`)};
       ${bytes}
       const say = (...all) => console.log(all.join(" "));
       ${script}`,
    ]);
    let [output, errors] = ["", ""];
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    const [code, signal] = await new Promise((resolve) =>
      child.on("close", (...how) => resolve(how)),
    );
    clearTimeout(timer);
    assert.deepEqual([code, signal, errors], [0, null, ""], output);
    return output.trim().split("\n");
  }

  const endless = () => server.path((response) => write(response, ["data: a\n\n"]));

  it("a source that was closed lets the process end", { timeout: 60_000 }, async () => {
    for (const [what, address, closing] of /** @type {[string, string, string][]} */ ([
      ["after a message", endless(), `source.onmessage = () => source.close();`],
      ["in open", endless(), `source.onopen = () => source.close();`],
      ["at once", endless(), `source.close();`],
      [
        "while it waits for an answer",
        server.path(() => undefined),
        `await sleep(200); source.close();`,
      ],
      [
        "while it waits to reconnect",
        server.path((response) =>
          response.writeHead(200, { "Content-Type": "text/event-stream" }).end(),
        ),
        `source.onerror = () => setTimeout(() => source.close(), 50);`,
      ],
      [
        "while it asks why there was no answer",
        server.path(
          (response, _request, count) => count === 1 && response.socket?.resetAndDestroy(),
        ),
        `await sleep(200); source.close();`,
      ],
      ["by itself", server.path((response) => response.writeHead(204).end()), ""],
    ])) {
      const began = Date.now();
      await run(
        `const source = new PlaygroundEventSource("${server.origin}${address}"); ${closing}`,
      );
      assert.ok(Date.now() - began < 4000, `${what}: ${Date.now() - began} ms`);
    }
  });

  it("receives, and resumes", { timeout: 60_000 }, async () => {
    const path = server.path(async (response, request, count) => {
      const last = request.headers["last-event-id"] ?? "none";
      await write(response, [`retry: 1\nid: ${count}\ndata: after ${last}\n\n`]);
      response.end();
    });
    const output = await run(
      `const source = new PlaygroundEventSource("${server.origin}${path}");
       source.onmessage = ({ data, lastEventId }) => {
         say(data, lastEventId);
         if (lastEventId === "3") source.close();
       };`,
    );
    assert.deepEqual(output, ["after none 1", "after 1 2", "after 2 3"]);
  });

  it("misses no event while it waits for one after another", { timeout: 60_000 }, async () => {
    const path = server.path((response) => write(response, ["data: a\n\n".repeat(200)]));
    const output = await run(
      `const source = new PlaygroundEventSource("${server.origin}${path}");
       const next = () => new Promise((go) => source.addEventListener("message", go, { once: true }));
       let seen = 0;
       for (; seen < 200; seen += 1) await (async () => await next())();
       source.close();
       say(seen);`,
    );
    assert.deepEqual(output, ["200"]);
  });

  it("says how to give it a parser that fetch cannot read", { timeout: 60_000 }, async () => {
    const [output] = await run(
      `const source = new PlaygroundEventSource("${server.origin}${endless()}");
       source.onerror = ({ reason }) => say(source.readyState, reason);`,
      { parser: false },
    );
    assert.match(
      output ?? "",
      /^2 The parser, file:.*event_stream\.wasm, cannot be fetched: .*eventStreamCore\.source/,
    );
  });

  it("a redirect that cannot be followed ends it", { timeout: 60_000 }, async () => {
    for (const location of ["ftp://example.invalid/", "mailto:x@example.invalid", "about:blank"]) {
      const path = server.path((response) => response.writeHead(302, { Location: location }).end());
      const output = await run(
        `const source = new PlaygroundEventSource("${server.origin}${path}");
         source.onerror = ({ reason }) => say(source.readyState, reason);`,
      );
      assert.equal(output.length, 1);
      assert.match(output[0] ?? "", /^2 The server redirects/);
    }
  });
});
