// Everything that Redis can do to servers that share channels in it: they stay up, say what it is,
// and go on by themselves when it is over.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { until } from "../browser/support/wait.mjs";
import { freePort } from "../deploy/support/nginx.mjs";
import { Truth, sleep } from "./support/reader.mjs";
import { Redis, makeCertificate, redisSays } from "./support/redis.mjs";
import { Server, everythingOnce, readersOf, servers } from "./support/servers.mjs";

/** A server, its Redis, and a channel with a reader for every transport. */
async function scene(scenario = { rate: 20 }) {
  const redis = await Redis.start();
  const all = await servers(redis.address);
  const [one, other] = /** @type {[Server, Server]} */ (all);
  const path = await one.begin("troubled", scenario);
  const truth = new Truth();
  const readers = readersOf(all, path, 10, truth);
  await until("messages", () => readers.every((reader) => reader.got > 3));
  return {
    redis,
    one,
    other,
    path,
    readers,
    truth,
    /** Until all get messages again, perhaps in another epoch. */
    async mended() {
      await Promise.all(all.map((server) => server.healthy()));
      const before = readers.map((reader) => reader.got);
      await until(
        "messages again",
        () => readers.every((reader, i) => reader.got > (before[i] ?? 0) + 3),
        {
          detail: () =>
            readers.map(({ transport, epoch, last, got }) => ({
              transport,
              epoch,
              last,
              got,
            })),
        },
      );
    },
    async end() {
      await Promise.all(readers.map((reader) => reader.stop()));
      await Promise.all(all.map((server) => server.stop()));
      await redis.stop();
      assert.deepEqual(truth.problems, []);
      for (const reader of readers) assert.deepEqual(reader.problems, []);
    },
  };
}

describe("Redis", () => {
  test("is away when a server starts", async () => {
    const port = await freePort();
    const server = await new Server(`redis://127.0.0.1:${port}`).start();
    const redis = new Redis();
    redis.port = port;
    try {
      await server.saying(/^degraded: .*Redis at 127\.0\.0\.1:\d+ has been away .*refused/);
      const { status, text } = await server.ask("/api/channels/none", {
        method: "PUT",
        body: "{}",
      });
      assert.deepEqual([status, text], [503, '{"error":"the channel\'s log is not available"}']);
      await redis.begin();
      await server.healthy();
      await server.begin("now", {});
    } finally {
      await server.stop();
      await redis.stop();
    }
  });

  test("dies and comes back without its data: readers begin anew", async () => {
    const at = await scene();
    try {
      await at.redis.kill();
      await at.other.saying(/away/);
      assert.equal((await at.one.publish(at.path, "lost")).status, 503);
      // The others would not hear of it.
      assert.equal((await at.one.ask(at.path, { method: "DELETE" })).status, 503);
      const { text } = await at.one.ask("/metrics");
      assert.match(text, /playground_redis_connected 0/);
      assert.match(at.one.output, /Redis at 127\.0\.0\.1:\d+ is away: /);
      const streams = at.readers.filter(({ transport }) => !transport.includes("poll"));
      await until("streams to be told", () => streams.every(({ troubles }) => troubles.length > 0));
      await at.redis.begin();
      await at.mended();
      assert.match(at.one.output, /Redis at 127\.0\.0\.1:\d+ answers/);
      assert.ok(at.readers.every((reader) => reader.epochs === 2));
    } finally {
      await at.end();
    }
  });

  for (const [what, commands] of /** @type {[string, string[][]][]} */ ([
    ["is flushed", [["FLUSHALL"]]],
    ["evicts a channel", [["DEL", "playground:{troubled}"]]],
  ])) {
    test(`${what}: readers begin anew`, async () => {
      const at = await scene();
      try {
        for (const command of commands) await at.redis.says(...command);
        await at.mended();
        assert.ok(at.readers.every((reader) => reader.epochs === 2));
      } finally {
        await at.end();
      }
    });
  }

  test("evicts a channel's messages: they are gone, and nothing else is", async () => {
    const at = await scene();
    try {
      await at.redis.says("DEL", "playground:{troubled}:log");
      await at.mended();
      assert.ok(at.readers.every((reader) => reader.epochs === 1));
      const { text } = await at.other.ask(`${at.path}/poll`);
      assert.ok(JSON.parse(text).messages.length > 0);
    } finally {
      await at.end();
    }
  });

  test("has no room: what is published is refused, what was due comes later", async () => {
    const at = await scene();
    try {
      await at.redis.says("CONFIG", "SET", "maxmemory", "1");
      await at.one.saying(/refuses: OOM/);
      const { status, text } = await at.one.publish(at.path, "too much");
      assert.deepEqual(
        [status, text],
        [503, '{"error":"the channel\'s log has no room for a message"}'],
      );
      // It says so as long as it lasts, and what makes room is taken.
      for (let i = 0; i < 20; ++i) {
        assert.match((await at.one.ask("/healthz")).text, /refuses: OOM/);
        await sleep(100);
      }
      await at.redis.says("CONFIG", "SET", "maxmemory", "0");
      await at.mended();
      everythingOnce(at.readers);
      assert.ok(at.readers.every((reader) => reader.epochs === 1));
    } finally {
      await at.end();
    }
  });

  test("stands still: nothing waits for it, and nothing is lost", async () => {
    const at = await scene();
    try {
      at.redis.pause();
      const began = performance.now();
      await at.one.saying(/no answer within three seconds/);
      for (let i = 0; i < 20; ++i) {
        const asked = performance.now();
        await at.one.ask("/api/time");
        assert.ok(performance.now() - asked < 1000);
      }
      assert.ok(performance.now() - began > 2000);
      at.redis.resume();
      await at.mended();
      everythingOnce(at.readers);
      assert.ok(at.readers.every((reader) => reader.epochs === 1));
    } finally {
      at.redis.resume();
      await at.end();
    }
  });

  test("throws out those who hear: what they have missed is found", async () => {
    const at = await scene();
    try {
      for (let i = 0; i < 5; ++i) {
        await at.redis.says("CLIENT", "KILL", "TYPE", "pubsub");
        await sleep(150);
      }
      await at.mended();
      everythingOnce(at.readers);
    } finally {
      await at.end();
    }
  });

  test("throws out one that does not hear fast enough: it finds what it has missed", async () => {
    const at = await scene();
    try {
      await at.redis.says("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 0 0");
      at.other.pause();
      // More than sockets hold.
      for (let i = 0; i < 300; ++i) {
        assert.equal((await at.one.publish(at.path, String(i).padEnd(60000))).status, 201);
      }
      assert.doesNotMatch(
        await at.redis.says("CLIENT", "LIST", "TYPE", "pubsub"),
        / addr=[^]* addr=/,
      );
      at.other.resume();
      await until("the connection's loss to be noticed", async () =>
        /playground_redis_connections_lost_total [1-9]/.test((await at.other.ask("/metrics")).text),
      );
      await at.mended();
      everythingOnce(at.readers);
      assert.ok(at.readers.every((reader) => reader.epochs === 1));
    } finally {
      at.other.resume();
      await at.end();
    }
  });

  test("becomes a replica: servers leave it until it is a master", async () => {
    const at = await scene();
    try {
      await at.redis.says("REPLICAOF", "127.0.0.1", String(await freePort()));
      await at.one.saying(/replica/);
      await at.redis.says("REPLICAOF", "NO", "ONE");
      await at.mended();
    } finally {
      await at.end();
    }
  });
});

for (const tls of [false, true]) {
  describe(`Redis behind a Sentinel${tls ? ", with TLS" : ""}`, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "sentinel-"));
    const certificate = makeCertificate(folder);
    /** @type {Redis} */
    let master;
    /** @type {Redis} */
    let replica;
    /** @type {Redis} */
    let sentinel;
    /** Where servers find the Sentinel. */
    let port = 0;
    before(async () => {
      const ports = await Promise.all([freePort(), freePort(), freePort()]);
      const [ofMaster, ofReplica, ofSentinel] = /** @type {[number, number, number]} */ (ports);
      const lines = (/** @type {number} */ at) => (tls ? certificate.lines(at) : []);
      master = await Redis.start({ lines: lines(ofMaster) });
      const masterPort = tls ? ofMaster : master.port;
      replica = await Redis.start({
        lines: [...lines(ofReplica), `replicaof 127.0.0.1 ${masterPort}`],
      });
      sentinel = await Redis.start({
        sentinel: true,
        lines: [
          ...lines(ofSentinel),
          `sentinel monitor playground 127.0.0.1 ${masterPort} 1`,
          "sentinel down-after-milliseconds playground 500",
          "sentinel failover-timeout playground 3000",
        ],
      });
      port = tls ? ofSentinel : sentinel.port;
      const replicaPort = String(tls ? ofReplica : replica.port);
      await until("the replica", async () =>
        (await sentinel.says("SENTINEL", "replicas", "playground")).includes(replicaPort),
      );
      await until("the replica's copy", async () =>
        (await replica.says("INFO", "replication")).includes("master_link_status:up"),
      );
    });
    after(async () => {
      await Promise.all([master, replica, sentinel].map((each) => each.stop()));
      rmSync(folder, { recursive: true });
    });

    test("fails over with messages lost: no reader gets another one under a number it has", async () => {
      const scheme = tls ? "rediss" : "redis";
      const address = `${scheme}-sentinel://127.0.0.1:${port}/playground`;
      const all = await servers(address, 2, tls ? certificate.trusted : {});
      const [one] = /** @type {[Server]} */ (all);
      await one.healthy();
      const path = await one.begin("failover", { rate: 20 });
      const truth = new Truth();
      const readers = readersOf(all, path, 200, truth);
      try {
        await until("messages", () => readers.every((reader) => reader.got > 10));
        // These will be numbers of other messages.
        replica.pause();
        for (let i = 0; i < 20; ++i) await one.publish(path, `lost ${i}`);
        await until("messages", () => readers.every((reader) => reader.got > 40));
        await master.kill();
        replica.resume();
        await until(
          "another master",
          async () => (await redisSays(replica.port, "ROLE")).includes("master"),
          { timeoutMs: 20000 },
        );
        for (let i = 0; i < 20; ++i) {
          await until(
            "a message taken",
            async () => (await one.publish(path, `new ${i}`)).status === 201,
          );
        }
        const before = readers.map((reader) => reader.got);
        await until("messages again", () =>
          readers.every((reader, i) => reader.got > (before[i] ?? 0) + 5),
        );
        await Promise.all(readers.map((reader) => reader.stop()));
        assert.deepEqual(truth.problems, []);
        for (const reader of readers) {
          assert.deepEqual(reader.problems, []);
          assert.ok(reader.epochs > 1);
        }
      } finally {
        await Promise.all(readers.map((reader) => reader.stop()));
        await Promise.all(all.map((server) => server.stop()));
      }
    });
  });
}
