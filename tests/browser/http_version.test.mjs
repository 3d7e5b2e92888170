// Which version of HTTP the browser speaks on each lane: without a proxy, and behind one with TLS and
// HTTP/2, from its own page and from a page of another origin.
import assert from "node:assert/strict";

import { makeCertificate } from "../deploy/support/http2.mjs";
import { behindNginx } from "../deploy/support/nginx.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

const LANES = ["short-poll", "long-poll", "sse", "ndjson", "websocket"];

/** What the table says of each lane's way. @param {Visit} visit */
async function ways(visit) {
  return visit.page.$$eval("#cost tbody tr", (rows) =>
    rows.map((row) => row.querySelector(".way")?.textContent ?? ""),
  );
}

/**
 * Waits for the table to say so of streams and polls, and of the WebSocket.
 * @param {Visit} visit @param {RegExp} http @param {RegExp} webSocket
 */
async function speaks(visit, http, webSocket) {
  await until(
    `${http}`,
    async () => {
      const said = await ways(visit);
      return (
        said.length === LANES.length &&
        said.slice(0, -1).every((way) => http.test(way)) &&
        webSocket.test(said.at(-1) ?? "")
      );
    },
    { detail: async () => JSON.stringify(await ways(visit)) },
  );
}

/** @param {string} address */
const lanes = (address) => `${address}/#lanes=${LANES.join(",")}`;

inEveryBrowser(
  "the version of HTTP",
  (scene) => {
    scene("without TLS is 1.1, whose Upgrade a WebSocket needs", async ({ server, open }) => {
      const visit = await (await open(lanes(server.origin))).element();
      await speaks(visit, /HTTP\/1\.1$/, /HTTP\/1\.1 Upgrade$/);
      assert.deepEqual(visit.problems, []);
    });

    scene("is 2 behind nginx with HTTP/2, also for another page", async (stage) => {
      const t = /** @type {import("node:test").TestContext} */ (
        /** @type {unknown} */ ({ after: stage.finally })
      );
      const files = makeCertificate(t);
      const { nginx, server } = await behindNginx(t, "http2_tls.conf", {
        args: ["--trusted-proxy", "127.0.0.1"],
        web: PlaygroundServer.page,
        files,
        tcp: true,
      });
      const front = `https://localhost:${nginx.port(8443)}`;
      for (const page of [front, `http://localhost:${server.port}`]) {
        const visit = await (await stage.open(`${lanes(page)}&server=${front}`)).element();
        await speaks(visit, /HTTP\/2$/, /not told by the browser$/);
        assert.deepEqual(visit.problems, []);
      }
    });
  },
  { acceptInsecureCerts: true },
);
