// The server's own count of bytes, against tcpdump's of the same run.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { it } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { exchangesOf } from "./support/http_bytes.mjs";
import { PacketCapture } from "./support/packet_capture.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/playground_server.mjs").PlaygroundServer} PlaygroundServer */
/** @typedef {import("./support/tcp_connections.mjs").TcpConnection} TcpConnection */
/** @typedef {{ bytesIn: number, bytesOut: number, requests: number, connections: number }} Count */

const TRANSPORTS = ["short-poll", "long-poll", "sse", "sse-fetch", "ndjson", "websocket"];
const RATE = 20;

/** Why packets may not be captured here; "" where they may. */
async function refusal() {
  try {
    const capture = await PacketCapture.start([9]);
    await capture.stop();
    return "";
  } catch (error) {
    return String(error);
  }
}

/**
 * Asks over a connection of its own: one that was there before the capture would not be in it.
 * @param {PlaygroundServer} server
 * @param {string} path
 * @param {string} [body] to post
 */
async function ask(server, path, body) {
  const asked = request(`http://127.0.0.1:${server.port}${path}`, {
    agent: false,
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) },
  });
  asked.end(body);
  const [answer] = /** @type {[import("node:http").IncomingMessage]} */ (
    await once(asked, "response")
  );
  const port = answer.socket.localPort;
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += part;
  assert.ok([200, 201].includes(answer.statusCode ?? 0), `${path}: ${answer.statusCode} ${text}`);
  return { text, port };
}

/** The server's count of all bytes, and the port that asked. @param {PlaygroundServer} server */
async function totals(server) {
  const { text, port } = await ask(server, "/metrics");
  const sample = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
  return {
    port,
    bytesIn: sample("playground_received_bytes_total"),
    bytesOut: sample("playground_sent_bytes_total"),
  };
}

/** What a capture holds of a channel. @param {TcpConnection[]} connections @param {string} channel */
function lanesIn(connections, channel) {
  const lanes = /** @type {Record<string, Count>} */ ({});
  for (const connection of connections) {
    const seen = new Set();
    const [requests, responses] = bytesOf(connection);
    for (const { target, bytesIn, bytesOut } of exchangesOf(requests, responses)) {
      const { pathname, searchParams } = new URL(target, "http://server");
      const lane = searchParams.get("lane");
      if (!pathname.startsWith(`${channel}/`) || !lane) continue;
      if (pathname.startsWith(`${channel}/wire`)) continue; // about the lane, not for it
      const count = (lanes[lane] ??= { bytesIn: 0, bytesOut: 0, requests: 0, connections: 0 });
      count.bytesIn += bytesIn;
      count.bytesOut += bytesOut;
      count.requests += 1;
      if (!seen.has(lane)) count.connections += 1;
      seen.add(lane);
    }
  }
  return lanes;
}

/** @param {TcpConnection} connection @returns {[Buffer, Buffer]} */
function bytesOf({ in: sentIn, out: sentOut }) {
  return [sentIn?.bytes() ?? Buffer.alloc(0), sentOut?.bytes() ?? Buffer.alloc(0)];
}

/** The server's count by lane. @param {PlaygroundServer} server @param {string} channel */
async function lanesAt(server, channel) {
  /** @type {{ lanes: { lane: string, bytes_in: number, bytes_out: number, requests: number, connections: number }[] }} */
  const { lanes } = JSON.parse((await ask(server, `${channel}/wire`)).text);
  return Object.fromEntries(
    lanes.map(({ lane, bytes_in: bytesIn, bytes_out: bytesOut, requests, connections }) => [
      lane,
      { bytesIn, bytesOut, requests, connections },
    ]),
  );
}

const refused = await refusal();
if (refused && !process.env.CI) {
  it("wire bytes agree with a packet capture", { skip: refused }, () => undefined);
} else {
  assert.equal(refused, "", "CI may capture packets");
  inEveryBrowser("packet capture", (scene) => {
    scene("wire bytes agree with it, by lane and in total, both ways", async (stage) => {
      const { server } = stage;
      const capture = await PacketCapture.start(await server.ports());
      stage.finally(() => capture.stop());
      const before = await totals(server);

      const visit = await stage.open(
        `${server.origin}/#rate=${RATE}&payload=300&lanes=${TRANSPORTS.join(",")}`,
        { coreInReach: true },
      );
      const channel = await visit.channel();
      // The last thing the page's core asks is that its channel be gone, and with it the counts.
      await visit.inCore(() => {
        const open = XMLHttpRequest.prototype.open;
        /** @param {string} method @param {string | URL} url */
        XMLHttpRequest.prototype.open = function (method, url) {
          open.call(this, method === "DELETE" ? "GET" : method, url, true);
        };
      });
      await visit.snapshot("two seconds of messages on every lane", ({ lanes }) =>
        lanes.every(({ messages }) => messages >= 2 * RATE),
      );
      // Both ways in earnest, and connections that end in the middle; of those that ask again and
      // again, a request could be cut off unread.
      await visit.page.evaluate(sendAndReceive, channel);
      for (const transport of ["sse", "stream", "websocket"]) {
        const cut = JSON.stringify({ kind: "cut", reset: true, transport });
        await ask(server, `${channel}/faults`, cut);
      }
      const running = await visit.snapshot("messages after the cut", ({ lanes, sent }) =>
        lanes.every(({ asked, messages, reconnects }) => {
          const streams = !asked.endsWith("poll");
          return messages >= sent - 2 * RATE && (!streams || reconnects > 0);
        }),
      );
      await visit.snapshot("three more seconds", ({ sent }) => sent >= running.sent + 3 * RATE);
      await visit.stop();
      await visit.state("stopped");
      const counted = await until("nothing more to be counted", async () => {
        const early = await lanesAt(server, channel);
        await new Promise((resolve) => setTimeout(resolve, 300));
        return isDeepStrictEqual(early, await lanesAt(server, channel)) && early;
      });
      const after = await totals(server);
      const last = await until("the last packet", () =>
        capture.connections().find(({ clientPort, over }) => clientPort === after.port && over),
      );
      const connections = capture.connections();
      await capture.stop();

      assert.deepEqual(Object.keys(counted).sort(), [...TRANSPORTS, "both-ways"].sort());
      assert.deepEqual(counted, lanesIn(connections, channel));
      // /metrics counts the question for it, and not yet the answer.
      const first = connections.find(({ clientPort }) => clientPort === before.port);
      assert.ok(first);
      const bytes = connections.map(bytesOf);
      const sum = (/** @type {0 | 1} */ way) =>
        bytes.reduce((total, each) => total + each[way].length, 0);
      assert.deepEqual(
        { in: after.bytesIn - before.bytesIn, out: after.bytesOut - before.bytesOut },
        { in: sum(0) - bytesOf(first)[0].length, out: sum(1) - bytesOf(last)[1].length },
      );
      // The page asks last when it has let go of its connections: at most what was under way then is
      // not in its figures.
      await visit.snapshot("the figures on the page", ({ lanes }) =>
        lanes.every(({ asked, wire }) => {
          const total = counted[asked];
          if (!wire || !total || wire.bytesIn > total.bytesIn) return false;
          const missing = total.bytesOut - wire.bytesOut;
          return missing >= 0 && missing < 500 * (RATE / 2) && total.bytesIn - wire.bytesIn < 20;
        }),
      );
    });
  });
}

/**
 * In the page: frames of every length form, and a posted message, for a lane of their own.
 * @param {string} channel
 */
async function sendAndReceive(channel) {
  const where = `${location.host}${channel}`;
  const socket = new WebSocket(`ws://${where}/websocket?lane=both-ways`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const sizes = [1, 125, 126, 65_535, 65_536];
  let received = 0;
  const all = new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      if (!/"payload":"(y+)"/.test(String(data))) return;
      received += 1;
      if (received === sizes.length + 1) resolve(undefined);
    };
  });
  for (const size of sizes) socket.send("y".repeat(size));
  const posted = await fetch(`http://${where}/messages?lane=both-ways`, {
    method: "POST",
    body: "y".repeat(5000),
  });
  if (posted.status !== 201) throw new Error(`posting: ${posted.status}`);
  await all;
  const closed = new Promise((resolve) => (socket.onclose = resolve));
  socket.close(1000);
  await closed;
}
