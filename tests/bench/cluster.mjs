// What it costs that servers share their channels in Redis. All of them, and Redis, have one core:
// what two processes gain on two is not measured here.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export function clusterBenches(tools) {
  const { row, value, median, rounds, seconds, start, stop, load, ours, channel } = tools;
  const { processorSeconds, freePort } = tools;

  async function startRedis() {
    const folder = mkdtempSync(path.join(os.tmpdir(), "playground-bench-"));
    const port = await freePort();
    const redis = await start(
      [
        "redis-server",
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        folder,
      ],
      { ready: /Ready to accept/ },
    );
    redis.child.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    return { ...redis, port };
  }

  /** @param {number} count of servers @param {(servers: { port: number }[], redis: any) => any} use */
  async function withServers(count, use) {
    const redis = await startRedis();
    const servers = [];
    try {
      for (let i = 0; i < count; ++i) {
        servers.push(await ours.start(["--redis", `redis://127.0.0.1:${redis.port}`]));
      }
      // Connected a moment after it listens.
      for (const { port } of servers) {
        const healthy = async () => await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
        while ((await healthy()) !== "ok") await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return await use(servers, redis);
    } finally {
      for (const server of servers) await stop(server);
      await stop(redis);
    }
  }

  const subscribe = (port, at, connections) =>
    load([
      ...["--port", port, "--path", `${at}/sse`, "--mode", "subscribe"],
      ...["--connections", connections, "--seconds", seconds, "--warmup", 2],
    ]);
  const ms = (us) => `${(us / 1000).toFixed(2)} ms`;

  return {
    async "servers that share a channel"() {
      const results = { one: [], two: [] };
      for (let round = 0; round < rounds; ++round) {
        results.one.push(
          await withServers(1, async ([{ port }]) =>
            subscribe(port, await channel(port, { rate: 10 }), 5000),
          ),
        );
        results.two.push(
          await withServers(2, async (servers) => {
            const at = await channel(servers[0].port, { rate: 10 });
            return Promise.all(servers.map(({ port }) => subscribe(port, at, 2500)));
          }),
        );
      }
      for (const [words, key, reach] of [
        ["median", "delay_p50_us", 1.5],
        ["p99", "delay_p99_us", 2],
      ]) {
        const worse = results.two.map((both) => Math.max(...both.map((each) => each[key])));
        row(
          `5,000 SSE x 10/s over two servers, ${words} delay`,
          "one server",
          worse.map((each, i) => each / results.one[i][key]),
          { atMost: reach },
          `one ${ms(median(results.one.map((each) => each[key])))}, two ${ms(median(worse))}`,
        );
      }
    },
    async "publish through Redis"() {
      const results = { Redis: [], memory: [] };
      for (let round = 0; round < rounds; ++round) {
        const one = async ([{ port }]) => subscribe(port, await channel(port, { rate: 200 }), 1);
        results.Redis.push(await withServers(1, one));
        const alone = await ours.start();
        try {
          results.memory.push(await one([alone]));
        } finally {
          await stop(alone);
        }
      }
      const more = results.Redis.map(
        (each, i) => each.delay_p50_us - results.memory[i].delay_p50_us,
      );
      value(
        "publish to delivery, more through Redis",
        "ms",
        median(more) / 1000,
        { atMost: 2 },
        Object.entries(results)
          .map(([name, each]) => `${name} ${ms(median(each.map((one) => one.delay_p50_us)))}`)
          .join(", "),
      );
    },
    async "what a publish costs Redis"() {
      const costs = [];
      const rate = 5000;
      for (let round = 0; round < rounds; ++round) {
        await withServers(2, async (servers, redis) => {
          const at = await channel(servers[0].port, { rate });
          const readers = servers.map(({ port }) => subscribe(port, at, 1));
          await new Promise((resolve) => setTimeout(resolve, 1500));
          const before = processorSeconds(redis.child.pid);
          await new Promise((resolve) => setTimeout(resolve, 2000));
          costs.push(((processorSeconds(redis.child.pid) - before) / 2 / rate) * 1e6);
          await Promise.all(readers);
        });
      }
      value(
        "what a publish costs Redis, two servers",
        "us",
        median(costs),
        { atMost: 100 },
        `${Math.round(1e6 / median(costs)).toLocaleString("en")} messages/s would fill a core of it`,
      );
    },
  };
}
