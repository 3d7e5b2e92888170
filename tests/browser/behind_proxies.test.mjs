// A live page behind the real nginx: it is left while nginx keeps its streams, and its server is
// away for a while.
import assert from "node:assert/strict";

import { Nginx } from "../deploy/support/nginx.mjs";
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
});
