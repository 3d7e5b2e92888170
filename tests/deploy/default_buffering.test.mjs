import assert from "node:assert/strict";
import test from "node:test";

import { until } from "../browser/support/wait.mjs";
import { Stream, ask, createChannel, quiet } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

const example = "default_buffering.conf";
const buffer = 4096;

/**
 * Waits until the server has sent more than `before` bytes on a lane, and nginx has had every
 * occasion to pass them on: it is one process, and answers a later request after what came before
 * it. Answers how many bytes the server has sent.
 *
 * @param {import("../browser/support/playground_server.mjs").PlaygroundServer} server
 * @param {import("./support/client.mjs").Front} front
 * @param {string} channel
 * @param {number} before
 * @returns {Promise<number>}
 */
async function passedThrough(server, front, channel, before) {
  const direct = { host: "127.0.0.1", port: server.port };
  const sent = await until(
    "the server to send more",
    async () => {
      const { text } = await ask(direct, `${channel}/wire?lane=x`);
      const { bytes_out } = /** @type {{ bytes_out: number }} */ (JSON.parse(text));
      return bytes_out > before && bytes_out;
    },
    { everyMs: 5 },
  );
  for (let i = 0; i < 3; i += 1) await ask(front, "/healthz");
  return sent;
}

test("X-Accel-Buffering: no brings a stream through the default buffering", async (t) => {
  const { nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8080) };
  const channel = await createChannel(front, quiet);
  for (const path of ["/sse", "/stream"]) {
    const stream = new Stream(front, channel + path);
    await stream.has('"seq":1');
    assert.equal(stream.status, 200);
    assert.equal(stream.ended, "");
    stream.close();
  }
});

test("a stream with plain headers falls silent, as an application's that says nothing", async (t) => {
  const { server, nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8080) };
  const channel = await createChannel(front, quiet);
  const stream = new Stream(front, `${channel}/sse?lane=x&plain_headers=1`);
  await passedThrough(server, front, channel, 0);
  assert.equal(stream.status, 0, "not even the head has come");
  stream.close();
});

test("the server's own address in Host makes the page one of another origin", async (t) => {
  const { nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8080) };
  const headers = { Host: "playground.example:8080", Origin: "http://playground.example:8080" };
  const { status } = await ask(front, "/api/channels", { method: "POST", headers });
  assert.equal(status, 403);
});

test("with that header ignored a stream falls silent, and comes 4 KiB at a time", async (t) => {
  const { server, nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8081) };
  const channel = await createChannel(front, quiet);
  /** @param {string} body */
  const publish = (body) => ask(front, `${channel}/messages`, { method: "POST", body });

  const stream = new Stream(front, `${channel}/sse?lane=x`);
  let sent = await passedThrough(server, front, channel, 0);
  assert.equal(stream.status, 0, "the head is held: CONNECTING");

  await publish("x".repeat(buffer));
  await stream.has("xxx");
  assert.equal(stream.status, 200, "OPEN");
  sent = await passedThrough(server, front, channel, sent);
  assert.ok(stream.text.includes('"seq":1'), stream.text);
  assert.ok(!stream.text.endsWith("\n\n"), "the second event is cut in the middle");

  const before = stream.text;
  await publish("later");
  await passedThrough(server, front, channel, sent);
  assert.equal(stream.text, before, "OPEN, and silent");

  const batch = await ask(front, `${channel}/poll?after=2`);
  assert.match(batch.text, /"payload":"later"/, "a poll does not notice");

  await ask(front, channel, { method: "DELETE" });
  await stream.end();
  assert.match(stream.text, /"payload":"later"\}\n\n$/, "the rest comes when the stream ends");
});

test("asked in HTTP/1.1, the server's chunks pass as they come", async (t) => {
  const { nginx } = await behindNginx(t, example);
  const front = { socketPath: nginx.socket(8082) };
  const channel = await createChannel(front, quiet);
  const stream = new Stream(front, `${channel}/sse`);
  await stream.has('"seq":1');
  await ask(front, `${channel}/messages`, { method: "POST", body: "later" });
  await stream.has('"payload":"later"}\n\n');
  stream.close();
});
