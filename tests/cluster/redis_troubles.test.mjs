// Everything that Redis can do to servers that share channels in it: they stay up, say what it is,
// and go on by themselves when it is over.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { until } from "../browser/support/wait.mjs";
import { freePort } from "../deploy/support/nginx.mjs";
import { Truth, sleep } from "./support/reader.mjs";
import { Redis, redisSays } from "./support/redis.mjs";
import { Server, everythingOnce, readersOf, servers } from "./support/servers.mjs";

/** @param {Server} server @param {RegExp} what */
const says = (server, what) =>
  until(`/healthz to say ${what}`, async () => what.test((await server.ask("/healthz")).text), {
    detail: async () => (await server.ask("/healthz")).text,
  });

/** @param {Server} server @param {string} path @param {string} text */
const publish = (server, path, text) =>
  server.ask(`${path}/messages`, { method: "POST", body: text });

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
            readers.map(({ transport, epoch, last, got }) => ({ transport, epoch, last, got })),
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
      await says(server, /^degraded: .*Redis at 127\.0\.0\.1:\d+ has been away .*refused/);
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
      await says(at.other, /away/);
      assert.equal((await publish(at.one, at.path, "lost")).status, 503);
      // The others would not hear of it.
      assert.equal((await at.one.ask(at.path, { method: "DELETE" })).status, 503);
      const { text } = await at.one.ask("/metrics");
      assert.match(text, /playground_redis_connected 0/);
      await at.redis.begin();
      await at.mended();
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
      await says(at.one, /refuses: OOM/);
      const { status, text } = await publish(at.one, at.path, "too much");
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
      await says(at.one, /no answer within three seconds/);
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

  test("becomes a replica: servers leave it until it is a master", async () => {
    const at = await scene();
    try {
      await at.redis.says("REPLICAOF", "127.0.0.1", String(await freePort()));
      await says(at.one, /replica/);
      await at.redis.says("REPLICAOF", "NO", "ONE");
      await at.mended();
    } finally {
      await at.end();
    }
  });

  test("listens at a Unix socket", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "redis-socket-"));
    const socket = path.join(folder, "redis.sock");
    const redis = await Redis.start({ lines: [`unixsocket ${socket}`] });
    const server = await new Server(`unix://${socket}?db=3`).start();
    try {
      await server.healthy();
      const at = await server.begin("socket", { rate: 1000, count: 5 });
      await until("its messages", async () => (await server.lastOf(at)) === 5);
      assert.match(await redis.says("INFO", "keyspace"), /db3:/);
    } finally {
      await server.stop();
      await redis.stop();
      rmSync(folder, { recursive: true });
    }
  });

  test("speaks TLS, with a certificate that has to be right", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "redis-tls-"));
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    const port = await freePort();
    const redis = await Redis.start({
      lines: [
        ...[`tls-port ${port}`, `tls-cert-file ${certificate}`, `tls-key-file ${key}`],
        "tls-auth-clients no",
      ],
    });
    // What a system trusts can be another file for one process.
    const trusting = { env: { SSL_CERT_FILE: certificate } };
    const all = await Promise.all([
      new Server(`rediss://localhost:${port}`, trusting).start(),
      new Server(`rediss://localhost:${port}`).start(),
      new Server(`rediss://127.0.0.1:${port}`, trusting).start(),
    ]);
    const [right, unknown, otherName] = /** @type {[Server, Server, Server]} */ (all);
    try {
      await right.healthy();
      await right.begin("secret", {});
      await says(unknown, /certificate verify failed/);
      await says(otherName, /certificate verify failed/);
    } finally {
      await Promise.all(all.map((server) => server.stop()));
      await redis.stop();
      rmSync(folder, { recursive: true });
    }
  });

  test("lets a user do only what the documentation asks for", async () => {
    const redis = await Redis.start();
    const rights = ["evalsha", "script|load", "info", "ping", "select", "subscribe", "unsubscribe"];
    // And what the scripts do.
    const commands = ["publish", "exists", "get", "set", "del", "hget", "hset", "hmget", "hgetall"];
    const more = ["hincrby", "hdel", "pexpire", "xadd", "xrange", "xlen", "xdel"];
    const sets = ["sadd", "smembers", "srem"];
    const allowed = [...rights, ...commands, ...more, ...sets].map((command) => `+${command}`);
    const keys = ["~playground:*", "&playground:*"];
    await redis.says("ACL", "SETUSER", "few", "on", ">pw", ...keys, ...allowed);
    const server = await new Server(`redis://few:pw@127.0.0.1:${redis.port}`).start();
    try {
      await server.healthy();
      for (let i = 0; i < 3; ++i) {
        const at = await server.begin("limited", { rate: 1000, count: 5 });
        await until("its messages", async () => (await server.lastOf(at)) === 5);
        assert.equal((await publish(server, at, "a reader's")).status, 201);
        assert.equal((await publish(server, at, "another")).status, 201);
        await server.ask(`${at}/faults`, { method: "POST", body: '{"kind":"replay"}' });
        assert.equal((await server.ask(`${at}/faults`, { method: "DELETE" })).status, 204);
        assert.equal((await server.ask(at, { method: "DELETE" })).status, 204);
      }
      const { text } = await server.ask("/metrics");
      assert.match(text, /playground_redis_connections_lost_total 0\n/);
      assert.doesNotMatch(text, /playground_redis_failures_total\{/);
    } finally {
      await server.stop();
      await redis.stop();
    }
  });

  test("wants a password", async () => {
    const redis = await Redis.start({ lines: ["requirepass so#cret"] });
    const [wrong, right] = await Promise.all([
      new Server(`redis://:other@127.0.0.1:${redis.port}`).start(),
      new Server(`redis://:so%23cret@127.0.0.1:${redis.port}/2`).start(),
    ]);
    try {
      await right.healthy();
      await right.begin("kept", {});
      await says(wrong, /WRONGPASS/);
      assert.equal((await wrong.ask("/api/channels/kept/poll")).status, 503);
    } finally {
      await wrong.stop();
      await right.stop();
      await redis.stop();
    }
  });
});

describe("Redis behind a Sentinel", () => {
  /** @type {Redis} */
  let master;
  /** @type {Redis} */
  let replica;
  /** @type {Redis} */
  let sentinel;
  before(async () => {
    master = await Redis.start();
    replica = await Redis.start({ lines: [`replicaof 127.0.0.1 ${master.port}`] });
    sentinel = await Redis.start({
      sentinel: true,
      lines: [
        `sentinel monitor playground 127.0.0.1 ${master.port} 1`,
        "sentinel down-after-milliseconds playground 500",
        "sentinel failover-timeout playground 3000",
      ],
    });
    await until("the replica", async () =>
      (await sentinel.says("SENTINEL", "replicas", "playground")).includes(String(replica.port)),
    );
    await until("the replica's copy", async () =>
      (await replica.says("INFO", "replication")).includes("master_link_status:up"),
    );
  });
  after(() => Promise.all([master, replica, sentinel].map((each) => each.stop())));

  test("fails over with messages lost: no reader gets another one under a number it has", async () => {
    const all = await servers(`redis-sentinel://127.0.0.1:${sentinel.port}/playground`);
    const [one] = /** @type {[Server]} */ (all);
    await one.healthy();
    const path = await one.begin("failover", { rate: 20 });
    const truth = new Truth();
    const readers = readersOf(all, path, 10, truth);
    try {
      await until("messages", () => readers.every((reader) => reader.got > 10));
      // These will be numbers of other messages.
      replica.pause();
      for (let i = 0; i < 20; ++i) await publish(one, path, `lost ${i}`);
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
          async () => (await publish(one, path, `new ${i}`)).status === 201,
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
