// Several servers that share channels in a real Redis: readers change servers, servers and Redis die
// and come back, and nobody misses a message that the log has, or gets one twice.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { until } from "../browser/support/wait.mjs";
import { Reader, Truth, sleep } from "./support/reader.mjs";
import { Redis } from "./support/redis.mjs";
import { allAt, everythingOnce, readersOf, servers } from "./support/servers.mjs";

/** @typedef {import("./support/servers.mjs").Server} Server */

describe("servers that share channels", () => {
  /** @type {Redis} */
  let redis;
  /** @type {Server[]} */
  let both = [];
  const one = () => /** @type {Server} */ (both[0]);
  const other = () => /** @type {Server} */ (both[1]);

  before(async () => {
    redis = await Redis.start();
    both = await servers(redis.address);
  });
  after(async () => {
    await Promise.all(both.map((server) => server.stop()));
    await redis.stop();
  });

  test("a channel begun at one is at the other at once, with the same messages", async () => {
    const path = await one().begin("at-once", { rate: 1000, count: 50 });
    const truth = new Truth();
    const readers = readersOf(both, path, 10, truth);
    await allAt(readers, 50);
    await Promise.all(readers.map((reader) => reader.stop()));
    everythingOnce(readers);
    assert.deepEqual(truth.problems, []);
  });

  test("two connections of each server carry all channels and readers", async () => {
    const path = await one().begin("connections", { rate: 20 });
    const truth = new Truth();
    const readers = readersOf(both, path, 50, truth);
    await until("messages", () => readers.every((reader) => reader.got > 3));
    // And the one that asks.
    await until("five connections", async () =>
      /^connected_clients:5\r$/m.test(await redis.says("INFO", "clients")),
    );
    await Promise.all(readers.map((reader) => reader.stop()));
    everythingOnce(readers);
  });

  test("Redis keeps what a log keeps, and no longer than servers have it", async () => {
    const path = await one().begin("kept", { rate: 1000, count: 50, history: 10 });
    await until("its messages", async () => (await one().lastOf(path)) === 50);
    assert.equal(await redis.says("XLEN", "playground:{kept}:log"), ":10\r\n");
    for (const key of ["playground:{kept}", "playground:{kept}:log"]) {
      const ms = Number((await redis.says("PTTL", key)).slice(1));
      assert.ok(ms > 0 && ms <= 45000, `${key} expires in ${ms} ms`);
    }
  });

  test("a scenario's faults are played by both servers, and lifted at both", async () => {
    const fault = { kind: "status", status: 418, after_s: 1 };
    const path = await one().begin("schedule", { faults: [fault] });
    const both418 = async () => {
      const answers = await Promise.all(both.map((server) => server.ask(`${path}/poll`)));
      return answers.every(({ status }) => status === 418);
    };
    await until("the fault at both", both418);
    assert.equal((await other().ask(`${path}/faults/1`, { method: "DELETE" })).status, 204);
    await until("its end", async () => (await one().ask(`${path}/poll`)).status === 200);
    const [late] = /** @type {[Server]} */ (await servers(redis.address, 1));
    try {
      assert.equal((await late.ask(`${path}/poll`)).status, 200);
    } finally {
      await late.stop();
    }
  });

  test("a reader's message gets the next number, whichever server takes it", async () => {
    const path = await one().begin("messages", { rate: 0.1, count: 1 });
    const numbers = [];
    for (let i = 0; i < 20; ++i) {
      const { status, text } = await (i % 2 ? one() : other()).ask(`${path}/messages`, {
        method: "POST",
        body: `message ${i}`,
      });
      assert.equal(status, 201, text);
      numbers.push(JSON.parse(text).seq);
    }
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, i) => i + 2),
    );
    const { text } = await other().ask(`${path}/poll?after=1`);
    assert.deepEqual(
      JSON.parse(text).messages.map((/** @type {{ payload: string }} */ each) => each.payload),
      Array.from({ length: 20 }, (_, i) => `message ${i}`),
    );
  });

  test("what was asked of one holds on the other: a fault, its end, and the channel's", async () => {
    const path = await one().begin("faults", { rate: 1 });
    assert.equal((await other().ask(`${path}/poll`)).status, 200);
    const { status, text } = await one().ask(`${path}/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "status", status: 418, for_s: 600 }),
    });
    assert.equal(status, 201, text);
    const { id } = JSON.parse(text);
    assert.equal((await one().ask(`${path}/poll`)).status, 418);
    await until(
      "the fault elsewhere",
      async () => (await other().ask(`${path}/poll`)).status === 418,
    );
    const list = JSON.parse((await other().ask(`${path}/faults`)).text).faults;
    assert.deepEqual(
      list.map((/** @type {{ id: number, kind: string }} */ fault) => [fault.id, fault.kind]),
      [[id, "status"]],
    );
    assert.equal((await other().ask(`${path}/faults/${id}`, { method: "DELETE" })).status, 204);
    assert.equal((await other().ask(`${path}/poll`)).status, 200);
    await until("its end elsewhere", async () => (await one().ask(`${path}/poll`)).status === 200);
    // A server that comes later knows it as well.
    await one().ask(`${path}/faults`, {
      method: "POST",
      body: '{"kind":"status","status":410}',
    });
    const [late] = /** @type {[Server]} */ (await servers(redis.address, 1));
    try {
      assert.equal((await late.ask(`${path}/poll`)).status, 410);
    } finally {
      await late.stop();
    }
    assert.equal((await other().ask(path, { method: "DELETE" })).status, 204);
    await until("the channel's end", async () => (await one().ask(`${path}/poll`)).status === 404);
  });

  test("a channel that begins again under its name is heard by all, as before", async () => {
    const truth = new Truth();
    const path = await one().begin("again", { rate: 20 });
    const reader = new Reader([other()], 0, path, "stream", truth);
    await until("messages", () => reader.got > 5);
    assert.equal((await one().ask(path, { method: "DELETE" })).status, 204);
    await one().begin("again", { rate: 20 });
    const before = reader.got;
    await until("messages of the new one", () => reader.epochs === 2 && reader.got > before + 5);
    reader.longestGapMs = 0;
    await until("more of them", () => reader.got > before + 45);
    await reader.stop();
    everythingOnce([reader]);
    assert.deepEqual(truth.problems, []);
    // As they are published, and not when somebody looks whether there are any.
    assert.ok(reader.longestGapMs < 600, `nothing for ${reader.longestGapMs} ms`);
  });

  test("the wire's counts are those of all servers, and a message's bytes are found where they went", async () => {
    const path = await one().begin("wire", { rate: 1000, count: 3 });
    for (const server of both) {
      for (let i = 0; i < 3; ++i) await server.ask(`${path}/poll?lane=a&after=0`);
    }
    for (const server of both) {
      const { text } = await server.ask(`${path}/wire?lane=a`);
      const lane = JSON.parse(text);
      assert.equal(lane.requests, 6);
      assert.equal(lane.arrived.poll, 6);
    }
    await one().ask(`${path}/wire/log?lane=b`); // not a lane yet
    await other().ask(`${path}/poll?lane=b&after=0`);
    await other().ask(`${path}/wire/log?lane=b`); // keeps its bytes from here on
    await other().ask(`${path}/poll?lane=b&after=0`);
    const { status, text } = await one().ask(`${path}/wire/log?lane=b&seq=3`);
    assert.equal(status, 200, text);
    assert.match(text, /"lane":"b"/);
    assert.equal((await one().ask(`${path}/wire/log?lane=nobody`)).status, 404);
  });

  test("another server plays on within three seconds, on schedule", async () => {
    const three = await servers(redis.address, 2);
    const [player, standby] = /** @type {[Server, Server]} */ (three);
    try {
      const path = await player.begin("player", { rate: 20 });
      const truth = new Truth();
      const reader = new Reader([standby], 0, path, "stream", truth);
      await until("messages", () => reader.got > 10);
      await player.stop("SIGKILL");
      const got = reader.got;
      await until("messages again", () => reader.got > got + 40);
      await reader.stop();
      everythingOnce([reader]);
      assert.ok(reader.longestGapMs < 3000, `nothing for ${reader.longestGapMs} ms`);
      const { text } = await standby.ask(`${path}/poll?after=0`);
      const sent = JSON.parse(text).messages.map(
        (/** @type {{ sent_us: number }} */ each) => each.sent_us,
      );
      // Twenty a second, whoever has sent them.
      for (let i = 1; i < sent.length; ++i) assert.equal(sent[i] - sent[i - 1], 50000);
    } finally {
      await Promise.all(three.map((server) => server.stop()));
    }
  });
});

describe("limits that hold over all servers", () => {
  /** @type {Redis} */
  let redis;
  before(async () => {
    redis = await Redis.start();
  });
  after(() => redis.stop());

  test("an address gets no more channels by asking another server", async () => {
    const all = await servers(redis.address, 2, {
      args: ["--max-channels-per-address", "3"],
    });
    const [one, other] = /** @type {[Server, Server]} */ (all);
    try {
      const first = await one.begin("first", {});
      await other.begin("second", {});
      await one.begin("third", {});
      const refused = async () => {
        for (const server of all) {
          const { status, text } = await server.ask("/api/channels/fourth", {
            method: "PUT",
            body: "{}",
          });
          assert.equal(status, 503, text);
          assert.match(text, /--max-channels-per-address/);
          // It is not there, and nothing is away.
          assert.equal((await server.ask("/api/channels/fourth/poll")).status, 404);
        }
      };
      await refused();
      // What is there already is nobody's second one.
      assert.equal((await other.ask(`${first}/poll`)).status, 200);
      // Servers bring back what Redis has lost, and whose it was.
      await redis.says("FLUSHALL");
      const keys = ["first", "second", "third"].map((id) => `playground:{${id}}`);
      await until("the channels again", async () => {
        return (await redis.says("EXISTS", ...keys)).startsWith(":3");
      });
      await refused();
      assert.equal((await other.ask(first, { method: "DELETE" })).status, 204);
      await other.begin("fourth", {});
    } finally {
      await Promise.all(all.map((server) => server.stop()));
    }
  });

  test("a log holds as many bytes of readers' messages in Redis as in a server", async () => {
    const all = await servers(redis.address, 2, { args: ["--public"] });
    const [one, other] = /** @type {[Server, Server]} */ (all);
    try {
      const { text } = await one.ask("/api/channels", {
        method: "POST",
        body: '{"count":1}',
      });
      const { id } = JSON.parse(text);
      const path = `/api/channels/${id}`;
      const log = `playground:{${id}}:log`;
      const publish = async () => {
        for (let i = 0; i < 20; ++i) {
          const body = String(i).padEnd(60000);
          const { status } = await (i % 2 ? one : other).ask(`${path}/messages`, {
            method: "POST",
            body,
          });
          assert.equal(status, 201);
        }
      };
      await publish();
      // Of a megabyte.
      assert.equal(await redis.says("XLEN", log), ":17\r\n");
      const batch = JSON.parse((await other.ask(`${path}/poll?after=0`)).text);
      assert.equal(batch.reset.first, 5);
      assert.equal(batch.messages[0].payload.trim(), "3");
      // Evicted, its bytes are gone as well.
      await redis.says("DEL", log);
      await publish();
      assert.equal(await redis.says("XLEN", log), ":17\r\n");
    } finally {
      await Promise.all(all.map((server) => server.stop()));
    }
  });
});

test("two hundred readers, while servers and Redis die and come back", async () => {
  const redis = await Redis.start();
  const all = await servers(redis.address);
  const [one, other] = /** @type {[Server, Server]} */ (all);
  try {
    const path = await one.begin("chaos", { rate: 20, count: 240 });
    const truth = new Truth();
    const readers = readersOf(all, path, 200, truth);
    await sleep(1500);
    await one.stop("SIGKILL");
    await sleep(1000);
    await one.start();
    await sleep(500);
    redis.pause();
    await sleep(1000);
    redis.resume();
    await sleep(500);
    await other.stop("SIGKILL");
    await sleep(500);
    await redis.says("DEBUG", "SLEEP", "1").catch(() => undefined);
    await other.start();
    // Those who hear are thrown out, and what they miss has to be found.
    await redis.says("CLIENT", "KILL", "TYPE", "pubsub");
    await sleep(500);
    await redis.says("CLIENT", "KILL", "TYPE", "normal");
    await allAt(readers, 240);
    await Promise.all(readers.map((reader) => reader.stop()));
    everythingOnce(readers);
    assert.deepEqual(truth.problems, []);
    assert.ok(readers.every((reader) => reader.epochs === 1));
    assert.ok(readers.some((reader) => reader.connections > 1));
  } finally {
    await Promise.all(all.map((server) => server.stop()));
    await redis.stop();
  }
});
