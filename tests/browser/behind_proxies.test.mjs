// A live page behind the real nginx: it is left while nginx keeps its streams, and its server is
// away for a while.
import assert from "node:assert/strict";

import { Nginx } from "../deploy/support/nginx.mjs";
import { decides } from "./support/decisions.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

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

const ways = {
  "navigated away from": (/** @type {Visit} */ visit) => visit.page.goto("about:blank"),
  closed: (/** @type {Visit} */ visit) => visit.close(),
};

/** Puppeteer closes a page of Firefox through WebDriver BiDi, where nothing is told to the page. */
async function cannotSee(/** @type {string} */ way, /** @type {Visit} */ visit) {
  return way === "closed" && /firefox/i.test(await visit.page.browser().version());
}

/** To ask for a channel keeps it for 30 s more: what is gone by then was ended. */
async function isGone(/** @type {string} */ url) {
  await until("the channel to be gone", async () => (await fetch(url)).status === 404, {
    timeoutMs: 2000,
  });
}

inEveryBrowser("behind proxies", (scene) => {
  for (const [way, leave] of Object.entries(ways)) {
    scene(`the channel of a page that is ${way} is gone`, async ({ server, open }) => {
      const visit = await open(server.origin + PAGE);
      await visit.element();
      await visit.flowing();
      if (await cannotSee(way, visit)) return;
      const url = `${server.origin}${await visit.channel()}/poll`;
      assert.equal((await fetch(url)).status, 200);
      await leave(visit);
      await isGone(url);
    });

    scene(`so it is where a proxy keeps the streams of a page that is ${way}`, async (stage) => {
      const { server, origin } = await behindNginx(stage, kept);
      const visit = await stage.open(origin + PAGE);
      await visit.element();
      await visit.flowing();
      if (await cannotSee(way, visit)) return;
      const url = `${server.origin}${await visit.channel()}/poll`;
      assert.equal((await fetch(url)).status, 200);
      await leave(visit);
      await isGone(url);
    });
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
