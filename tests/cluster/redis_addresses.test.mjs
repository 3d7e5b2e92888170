// How Redis is reached: every kind of address, and what is said of one that does not lead there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { until } from "../browser/support/wait.mjs";
import { freePort } from "../deploy/support/nginx.mjs";
import { Redis, makeCertificate } from "./support/redis.mjs";
import { Server } from "./support/servers.mjs";

describe("Redis", () => {
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
        assert.equal((await server.publish(at, "a reader's")).status, 201);
        assert.equal((await server.publish(at, "another")).status, 201);
        await server.ask(`${at}/faults`, {
          method: "POST",
          body: '{"kind":"replay"}',
        });
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
      await wrong.saying(/WRONGPASS/);
      assert.equal((await wrong.ask("/api/channels/kept/poll")).status, 503);
    } finally {
      await wrong.stop();
      await right.stop();
      await redis.stop();
    }
  });

  test("has not answered yet when a server starts", async () => {
    const redis = await Redis.start();
    redis.pause();
    const server = await new Server(redis.address).start();
    try {
      assert.match((await server.ask("/healthz")).text, /Redis at \S+ has not answered yet$/);
      redis.resume();
      await server.healthy();
    } finally {
      redis.resume();
      await server.stop();
      await redis.stop();
    }
  });
});

describe("an address of Redis", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "redis-tls-"));
  const [right, named] = ["DNS:localhost,IP:127.0.0.1", "DNS:localhost"].map((names) =>
    makeCertificate(mkdtempSync(path.join(folder, "made-")), names),
  );
  assert.ok(right && named);
  // Of Redis without TLS, with it, with a certificate that is for another name, and where clients
  // need one; of a Sentinel without TLS and with it.
  const ports = {
    plain: 0,
    tls: 0,
    named: 0,
    asks: 0,
    sentinel: 0,
    tlsSentinel: 0,
  };
  /** @type {Redis[]} */
  const all = [];
  before(async () => {
    for (const name of /** @type {(keyof typeof ports)[]} */ (Object.keys(ports))) {
      ports[name] = await freePort();
    }
    const redis = await Redis.start({
      port: ports.plain,
      lines: right.lines(ports.tls),
    });
    all.push(redis);
    for (const user of ["good on >so#cret ~* &* +@all", "none on >pw"]) {
      const said = await redis.says("ACL", "SETUSER", ...user.split(" "));
      assert.equal(said, "+OK\r\n");
    }
    all.push(await Redis.start({ lines: named.lines(ports.named) }));
    const asks = [...right.lines(ports.asks), "tls-auth-clients yes"];
    all.push(await Redis.start({ lines: asks }));
    const monitors = `sentinel monitor main 127.0.0.1 ${ports.tls} 1`;
    const lines = [...right.lines(ports.tlsSentinel), monitors];
    all.push(await Redis.start({ port: ports.sentinel, sentinel: true, lines }));
  });
  after(async () => {
    await Promise.all(all.map((each) => each.stop()));
    rmSync(folder, { recursive: true });
  });

  /** @typedef {(of: typeof ports) => string} Address */
  for (const [
    what,
    address,
    says,
    trusted = right.trusted,
  ] of /** @type {[string, Address, RegExp, { env: Record<string, string> }?][]} */ ([
    ["a user", (of) => `redis://good:so%23cret@127.0.0.1:${of.plain}`, /^ok$/],
    ["TLS", (of) => `rediss://good:so%23cret@localhost:${of.tls}/1`, /^ok$/],
    ["TLS at an IP address", (of) => `rediss://127.0.0.1:${of.tls}`, /^ok$/],
    [
      "a wrong password",
      (of) => `redis://good:wrong@127.0.0.1:${of.plain}`,
      /WRONGPASS invalid username-password pair/,
    ],
    ["an unknown user", (of) => `rediss://you:wrong@127.0.0.1:${of.tls}`, /WRONGPASS/],
    ["a user without rights", (of) => `redis://none:pw@127.0.0.1:${of.plain}`, /NOPERM .*'info'/],
    ["an unknown database", (of) => `redis://127.0.0.1:${of.plain}/99`, /index is out of range/],
    ["an unknown host", () => "redis://nowhere.invalid", /nowhere\.invalid:6379 .*away/],
    [
      "a socket that is not there",
      () => "unix:///no/redis.sock",
      /at \/no\/redis\.sock .*No such file/,
    ],
    [
      "an unknown authority",
      (of) => `rediss://localhost:${of.tls}`,
      /verify failed: self-signed certificate/,
      named.trusted,
    ],
    [
      "another IP address than the certificate's",
      (of) => `rediss://127.0.0.1:${of.named}`,
      /verify failed: IP address mismatch/,
      named.trusted,
    ],
    [
      "where clients need a certificate",
      (of) => `rediss://localhost:${of.asks}`,
      /has ended TLS: certificate required/,
    ],
    ["TLS where there is none", (of) => `rediss://localhost:${of.plain}`, /no answer over TLS/],
    ["a Sentinel for Redis", (of) => `redis://127.0.0.1:${of.sentinel}`, /redis-sentinel:\/\//],
    [
      "Redis for a Sentinel",
      (of) => `redis-sentinel://127.0.0.1:${of.plain}/main`,
      /the Sentinel says: ERR unknown command/,
    ],
    [
      "an unknown master",
      (of) => `rediss-sentinel://127.0.0.1:${of.tlsSentinel}/other`,
      /the Sentinel knows no master other/,
    ],
    [
      "a wrong password behind a Sentinel",
      (of) => `rediss-sentinel://good:wrong@localhost:${of.tlsSentinel}/main`,
      /\(master main\) at 127\.0\.0\.1:\d+ .*WRONGPASS/,
    ],
    [
      "a Sentinel of an unknown authority",
      (of) => `rediss-sentinel://localhost:${of.tlsSentinel}/main`,
      /at localhost:\d+ .*verify failed: self-signed certificate/,
      named.trusted,
    ],
  ])) {
    test(`${what}: /healthz says ${says.source}`, async () => {
      const server = await new Server(address(ports), trusted).start();
      try {
        const said = await server.saying(says);
        assert.doesNotMatch(said, /so#cret|so%23cret/);
      } finally {
        await server.stop();
      }
    });
  }
});
