// The page below a path of another site: the real nginx, deploy/nginx/prefix.conf.
import assert from "node:assert/strict";

import { Nginx } from "../deploy/support/nginx.mjs";
import { plainExample } from "./support/other_origin.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

const RATE = 10;
const TRANSPORTS = ["short-poll", "long-poll", "sse", "ndjson", "websocket"];

/**
 * The playground's address without a slash at the end.
 * @param {import("./support/scene.mjs").Stage} stage
 */
async function start(stage) {
  const server = await PlaygroundServer.start({ args: ["--lane-ports", "0"] });
  stage.finally(() => server.stop());
  const nginx = await Nginx.start("prefix.conf", server.port, { tcp: true });
  stage.finally(() => nginx.stop());
  return `http://localhost:${nginx.port(8080)}/playground`;
}

/** Every lane delivers over its own transport. @param {Visit} visit */
async function delivers(visit) {
  const { lanes, state } = await visit.snapshot(
    "ten messages on every lane",
    (snapshot) => snapshot.lanes.length > 0 && snapshot.lanes.every((lane) => lane.messages >= 10),
  );
  assert.equal(state, "running");
  for (const { asked, running, missing, duplicate } of lanes) {
    assert.deepEqual({ running, missing, duplicate }, { running: asked, missing: 0, duplicate: 0 });
  }
  assert.deepEqual(visit.problems, []);
}

inEveryBrowser("under a prefix", (scene) => {
  scene("the page finds its files, its core and its server", async (stage) => {
    const playground = await start(stage);
    // Without the slash, as somebody types it.
    const visit = await stage.open(`${playground}#rate=${RATE}&lanes=${TRANSPORTS.join(",")}`);
    await visit.element();
    assert.equal(new URL(visit.page.url()).pathname, "/playground/");
    await delivers(visit);
  });

  scene("an element of another page is told the prefix with its server", async (stage) => {
    const playground = await start(stage);
    const other = await plainExample({ origin: playground });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    await visit.element();
    await delivers(visit);
  });
});
