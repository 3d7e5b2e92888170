// `playground compare` and `playground watch` with the real server.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { playground, watch } from "./support/playground.mjs";
import { listen } from "./support/servers.mjs";

/** @param {import("node:test").TestContext} t */
async function start(t) {
  const server = await PlaygroundServer.start({ web: null });
  t.after(() => server.stop());
  return server;
}

const every = ["short-poll", "long-poll", "sse", "sse-native", "sse-fetch", "ndjson", "websocket"];

test("every transport of a server runs side by side, none waiting for another", async (t) => {
  const { origin } = await start(t);
  const { status, stdout } = await playground(["compare", origin, "--for", "2", "--json"]);
  assert.equal(status, 0, stdout);
  const run = JSON.parse(stdout);
  assert.equal(run.state, "stopped");
  assert.deepEqual(
    run.lanes.map((/** @type {any} */ lane) => lane.asked),
    every,
  );
  for (const lane of run.lanes) {
    assert.equal(lane.running, lane.asked);
    assert.equal(lane.missing + lane.duplicate + lane.reordered, 0, lane.asked);
    assert.ok(lane.messages > 0, lane.asked);
    assert.ok(lane.bytesPerMessage > 0, lane.asked);
  }
});

test("for people it is a table", async (t) => {
  const { origin } = await start(t);
  const args = ["compare", origin, "--for=1", "--transports=sse,websocket", "--rate=50"];
  const { status, stdout } = await playground(args);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ {3}\d+\.\d s {2}SSE delivers, /m);
  assert.match(stdout, /^transport +p50 ms +p95 ms +messages +missing +repeated +out of order/m);
  assert.match(stdout, /^SSE +[\d.]+ +[\d.]+ +\d+ +0 +0 +0 +1 +\d+$/m);
  assert.match(stdout, /^WebSocket +[\d.]+ +[\d.]+ +\d+ +0 +0 +0 +1 +\d+$/m);
});

test("where there is no playground server, that is said", async (t) => {
  const refused = await playground(["compare", "http://127.0.0.1:1"]);
  assert.equal(refused.status, 2);
  assert.equal(
    refused.stderr,
    "playground: cannot connect to 127.0.0.1 port 1: connection refused\n",
  );
  const port = await listen(
    t,
    http.createServer((_, response) => response.writeHead(404).end()),
  );
  const other = await playground(["compare", `http://127.0.0.1:${port}/prefix/`]);
  assert.equal(other.status, 2);
  assert.match(other.stderr, /no playground server at http:\/\/127\.0\.0\.1:\d+\/prefix: .* 404/);
});

test("a channel is watched over all that serves it", async (t) => {
  const { origin } = await start(t);
  const created = await fetch(`${origin}/api/channels`, {
    method: "POST",
    body: JSON.stringify({ rate: 5000, count: 3 }),
  });
  const { id } = /** @type {{ id: string }} */ (await created.json());
  const channel = `${origin}/api/channels/${id}`;
  // A greeting comes before the messages.
  for (const [path, what] of [
    ["sse", "event"],
    ["stream", "line"],
  ]) {
    const { status, running } = await watch(`${channel}/${path}`, ["--count", "4"]);
    assert.equal(status, 0, running.stdout);
    const data = running.all(String(what)).map((each) => JSON.parse(each.data));
    assert.deepEqual(
      data.slice(1).map(({ seq }) => seq),
      [1, 2, 3],
    );
  }
  const socket = await watch(`${channel.replace("http", "ws")}/websocket`, ["--count", "4"]);
  assert.equal(socket.status, 0);
  const messages = socket.running.all("text").slice(1);
  assert.deepEqual(
    messages.map((each) => JSON.parse(each.data).seq),
    [1, 2, 3],
  );
  const polled = await watch(`${channel}/poll`, ["--as", "poll", "--count", "1"]);
  assert.equal(JSON.parse(polled.running.all("answer")[0]?.data).messages.length, 3);
});
