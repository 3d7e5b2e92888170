// A live page behind real proxies: it is left while one keeps its streams, its server is away for a
// while, and what a proxy does to a stream is told.
import assert from "node:assert/strict";

import { Nginx } from "../deploy/support/nginx.mjs";
import { proxies } from "../proxies/support/proxies.mjs";
import { decides } from "./support/decisions.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { Visit } from "./support/visit.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */

const RATE = 10;
const PAGE = `/#rate=${RATE}&lanes=long-poll,sse,ndjson,websocket`;

/** Makes right.conf keep streams whose reader has left, as a shared configuration may. */
const kept = { "proxy_buffering off;": "proxy_buffering off; proxy_ignore_client_abort on;" };

/** @param {Stage} stage @param {Record<string, string>} [replace] */
async function behindNginx(stage, replace) {
  const server = await PlaygroundServer.start({ args: ["--lane-ports", "0"] });
  stage.finally(() => server.stop());
  const nginx = await Nginx.start("right.conf", server.port, { replace, tcp: true });
  stage.finally(() => nginx.stop());
  return { server, origin: `http://localhost:${nginx.port(8080)}` };
}

/**
 * HAProxy as its tutorials have it; `cutS` is after how much silence it ends a connection.
 *
 * @param {Stage} stage @param {number} cutS
 */
async function behindHaproxy(stage, cutS) {
  const server = await PlaygroundServer.start({ args: ["--lane-ports", "0"] });
  stage.finally(() => server.stop());
  const haproxy = proxies.find(
    ({ name, setting }) => name === "HAProxy" && setting.startsWith("the tutorial"),
  );
  assert.ok(haproxy);
  const { front, stop } = await haproxy.start(server.port, cutS);
  stage.finally(stop);
  return `http://localhost:${front.port}`;
}

/** @param {Stage} stage */
const direct = ({ server }) => ({ server, origin: server.origin });

/**
 * Opens a page as a window of another page, which stays and closes it. (A driver that closes a tab
 * may end the browser's process of it before the page has said anything: Firefox's often does.)
 * @param {Stage} stage @param {string} url
 */
async function openWindow(stage, url) {
  const { page } = await stage.open(new URL("/healthz", url).href);
  const popup = new Promise((resolve) => page.once("popup", resolve));
  await page.evaluate((address) => {
    const theWindow = open(address);
    addEventListener("message", () => theWindow?.close());
  }, url);
  const visit = new Visit(/** @type {import("puppeteer-core").Page} */ (await popup));
  return { visit, close: () => page.evaluate(() => postMessage("close")) };
}

/** How a page is opened and left. */
const ways = {
  "navigated away from": async (/** @type {Stage} */ stage, /** @type {string} */ url) => {
    const visit = await stage.open(url);
    return { visit, leave: () => visit.page.goto("about:blank") };
  },
  closed: async (/** @type {Stage} */ stage, /** @type {string} */ url) => {
    const { visit, close } = await openWindow(stage, url);
    return { visit, leave: close };
  },
};

/** To ask for a channel keeps it for 30 s more: what is gone by then was ended. */
async function isGone(/** @type {string} */ url) {
  await until("the channel to be gone", async () => (await fetch(url)).status === 404, {
    timeoutMs: 2000,
  });
}

inEveryBrowser("behind proxies", (scene) => {
  for (const [way, open] of Object.entries(ways)) {
    for (const proxied of [false, true]) {
      const through = proxied ? ", also when a proxy keeps its streams" : "";
      scene(`the channel of a page that is ${way} is gone${through}`, async (stage) => {
        const { server, origin } = proxied ? await behindNginx(stage, kept) : direct(stage);
        const { visit, leave } = await open(stage, origin + PAGE);
        await visit.element();
        await visit.flowing();
        const url = `${server.origin}${await visit.channel()}/poll`;
        assert.equal((await fetch(url)).status, 200);
        await leave();
        await isGone(url);
      });
    }
  }

  scene(
    "a server that is away behind a gateway is waited for, and no transport blamed",
    async (stage) => {
      const { server, origin } = await behindNginx(stage);
      const visit = await stage.open(origin + PAGE);
      await visit.element();
      await visit.flowing();

      await server.stop("SIGKILL");
      const { trouble } = await visit.snapshot(
        "nginx to answer in the server's place",
        (snapshot) => snapshot.trouble !== null,
      );
      assert.equal(trouble?.reason, "server-away");
      assert.match(String(trouble?.parameters["answeredBy"]), /^nginx/);
      assert.equal(trouble?.parameters["status"], 502);
      // Long enough for a lane that counts failures to give up its transport.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const waiting = (await visit.now()).snapshot;
      assert.equal(waiting?.trouble?.reason, "server-away");

      const second = await PlaygroundServer.start({
        port: server.port,
        args: ["--lane-ports", "0"],
      });
      stage.finally(() => second.stop());
      const back = await visit.snapshot(
        "every lane to deliver over its own transport again",
        ({ state, trouble: now, lanes }) =>
          state === "running" &&
          now === null &&
          lanes.every(
            ({ asked, running, messages }, index) =>
              running === asked && messages >= (waiting?.lanes[index]?.messages ?? 0) + RATE,
          ),
        30_000,
      );
      for (const reason of /** @type {const} */ (["fell-back", "nothing-left"])) {
        assert.ok(
          !back.decisions.some((each) => decides(each, { reason })),
          back.decisions.map(({ lane, text }) => `${lane}: ${text}`).join("\n"),
        );
      }
    },
  );

  scene(
    "writes that HAProxy holds are told with their time, and WebSocket's are not",
    async (stage) => {
      const origin = await behindHaproxy(stage, 60);
      const visit = await stage.open(`${origin}/#rate=3&lanes=sse,ndjson,websocket`);
      await visit.element();
      const { decisions } = await visit.snapshot(
        "the held writes of both streams to be told",
        (snapshot) =>
          ["sse", "ndjson"].every((lane) =>
            snapshot.decisions.some((each) =>
              decides(each, { reason: "held-writes", lane: /** @type {any} */ (lane) }),
            ),
          ),
        60_000,
      );
      for (const { reason, lane, parameters } of decisions) {
        if (reason !== "held-writes") continue;
        assert.notEqual(lane, "websocket");
        const heldMs = Number(parameters["durationMs"]);
        assert.ok(heldMs > 120 && heldMs < 400, `held for ${heldMs} ms`);
      }
    },
  );

  scene("a connection that HAProxy ends after the same silence is told with it", async (stage) => {
    const origin = await behindHaproxy(stage, 2);
    const visit = await stage.open(`${origin}/#rate=0.2&lanes=sse,ndjson,websocket`);
    await visit.element();
    const { decisions } = await visit.snapshot(
      "the silence to be told",
      (snapshot) => snapshot.decisions.some((each) => decides(each, { reason: "cut-when-silent" })),
      60_000,
    );
    const told = decisions.find(({ reason }) => reason === "cut-when-silent");
    const silentMs = Number(told?.parameters["durationMs"]);
    assert.ok(Math.abs(silentMs - 2000) < 700, `ended after ${silentMs} ms`);
  });

  // HTTP/1.1: a browser has six connections to an origin, whoever opened them.
  scene(
    "six streams of the page's own: what waits is said to wait, and nothing is blamed",
    async (stage) => {
      const { server, origin } = await behindNginx(stage);
      await fetch(`${server.origin}/api/channels/others`, { method: "PUT", body: '{"rate":1}' });
      const endpoints = ["one", "two", "three"].map((name) => ({
        name,
        url: `${origin}/api/channels/others/sse`,
        transport: "sse-fetch",
      }));
      const visit = await stage.open(
        `${origin}/#rate=${RATE}&lanes=short-poll,sse,sse-fetch,ndjson&endpoint=${encodeURIComponent(
          JSON.stringify(endpoints),
        )}`,
      );
      await visit.element();
      const { decisions } = await visit.snapshot(
        "the wait to be told",
        (snapshot) =>
          snapshot.decisions.some((each) => decides(each, { reason: "waits-for-connection" })),
        30_000,
      );
      await new Promise((resolve) => setTimeout(resolve, 6000));
      const { snapshot } = await visit.now();
      assert.equal(snapshot?.trouble, null);
      const blamed = ["no-answer", "silent", "fell-back", "nothing-left", "could-not-connect"];
      for (const { reason, text } of [...decisions, ...(snapshot?.decisions ?? [])]) {
        assert.ok(!blamed.includes(reason), text);
      }
    },
  );

  scene(
    "a lane whose requests wait behind those of other tabs is not stopped by anybody",
    async (stage) => {
      const { origin } = stage.server;
      const { lane_ports: ports } = await (await fetch(`${origin}/api/config`)).json();
      await fetch(`${origin}/api/channels/others`, { method: "PUT", body: '{"rate":1}' });
      const others = await stage.open(`${origin}/healthz`);
      await others.page.evaluate(async (port) => {
        const opened = () =>
          new Promise((resolve) => {
            const url = `http://localhost:${port}/api/channels/others/sse`;
            new EventSource(url).onopen = resolve;
          });
        await Promise.all([1, 2, 3, 4, 5, 6].map(opened));
      }, ports[1]);
      const visit = await stage.open(`${origin}/#rate=${RATE}&lanes=websocket,sse`);
      await visit.element();
      const { decisions } = await visit.snapshot(
        "what the lane waits for to be said",
        ({ decisions: all }) => all.some(({ reason }) => reason === "found-out"),
        30_000,
      );
      for (const { reason, parameters, text } of decisions) {
        if (reason === "found-out") assert.equal(parameters.cause, "no-connection-left", text);
      }
    },
  );

  scene("connections that others hold are not taken for a server that is away", async (stage) => {
    const { server, origin } = await behindNginx(stage);
    const others = await stage.open(`${origin}/healthz`);
    await fetch(`${server.origin}/api/channels/others`, { method: "PUT", body: '{"rate":1}' });
    const visit = await stage.open(`${origin}/#rate=${RATE}&lanes=short-poll`);
    await visit.element();
    await visit.flowing();
    await others.page.evaluate(() => {
      const open = () => new EventSource("/api/channels/others/sse");
      Object.assign(globalThis, { theStreams: [1, 2, 3, 4, 5, 6].map(open) });
    });
    const { trouble } = await visit.snapshot(
      "what keeps the page waiting to be said",
      (snapshot) => snapshot.trouble !== null,
      30_000,
    );
    assert.equal(trouble?.reason, "no-connection-left", trouble?.text);
    await others.page.evaluate(() => {
      for (const each of /** @type {any} */ (globalThis).theStreams) each.close();
    });
    const before = (await visit.now()).snapshot?.lanes[0]?.messages ?? 0;
    await visit.snapshot(
      "the poll to go on",
      ({ lanes, trouble: now }) => now === null && (lanes[0]?.messages ?? 0) >= before + RATE,
      30_000,
    );
  });
});
