// The story "Two servers": simulated where the server at hand has no neighbour, else live.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { freePort } from "../deploy/support/nginx.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { press } from "./support/stories.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/visit.mjs").Visit} Visit */

/** @param {Visit} visit */
async function snapshot(visit) {
  return until("a snapshot", () =>
    visit.page.$eval(
      "transport-playground",
      (element) =>
        /** @type {import("./support/visit.mjs").TransportPlayground} */ (element).snapshot,
    ),
  );
}

/** Where each lane is. @param {Visit} visit */
async function places(visit) {
  return (await snapshot(visit)).lanes.map(({ server }) => server);
}

/** What the page says of the servers. @param {Visit} visit */
async function servers(visit) {
  return visit.page.$$eval("#servers:not([hidden]) .one-server", (found) =>
    found.map((each) => each.textContent),
  );
}

/** @param {Visit} visit */
async function nothingIsLost(visit) {
  for (const lane of (await snapshot(visit)).lanes) {
    assert.equal(lane.missing, 0, lane.asked);
    assert.equal(lane.duplicate, 0, lane.asked);
    assert.equal(lane.reordered, 0, lane.asked);
  }
}

inEveryBrowser("two servers", (scene) => {
  scene("a reader stops one, and its lanes go on at the other", async ({ server, open }) => {
    // Without what the story has planned.
    const link = "simulated=seed%3D1+servers%3D2&rate=20";
    const visit = await (await open(`${server.origin}/#${link}`)).element();
    await until("lanes at both", async () => new Set(await places(visit)).size === 2);
    assert.deepEqual(
      (await servers(visit)).map((text) => text?.replace(/\d lanes?/, "")),
      ["Server 1Stop server 1", "Server 2Stop server 2"],
    );

    await press(visit, "#servers .one-server:first-child button");
    await until("all at server 2", async () => (await places(visit)).every((at) => at === "2"), {
      detail: async () => JSON.stringify(await places(visit)),
    });
    assert.equal((await servers(visit))[0], "Server 1stoppedStart server 1");
    const { decisions } = await snapshot(visit);
    const moved = decisions.filter(({ reason }) => reason === "other-server");
    assert.ok(moved.length > 0);
    assert.equal(moved[0]?.parameters["server"], "2");
    const lanes = await visit.page.$$eval("transport-playground >>> .way", (found) =>
      found.map((each) => each.textContent),
    );
    assert.deepEqual(new Set(lanes), new Set(["server 2"]));

    await press(visit, "#servers .one-server:first-child button");
    await until("server 1 to run", async () =>
      (await servers(visit))[0]?.endsWith("Stop server 1"),
    );
    await press(visit, "#servers .one-server:last-child button");
    await until("all at server 1", async () => (await places(visit)).every((at) => at === "1"));
    await nothingIsLost(visit);
    assert.deepEqual(visit.problems, []);
  });

  scene("the story is simulated where the server has no neighbour", async ({ server, open }) => {
    const visit = await (await open(`${server.origin}/`)).element();
    await visit.flowing();
    await press(visit, '[data-story="two-servers"]');
    await until("two servers", async () => (await servers(visit)).length === 2);
    assert.equal((await snapshot(visit)).simulated, true);
    assert.match(visit.page.url(), /servers=2\+stop-2=6-11\+stop-1=16-21/);
    assert.equal(
      await visit.page.$eval("#servers > button", (found) => found.checkVisibility()),
      false,
    );
    // A link to it as a live one is no other.
    const other = await (await open(`${server.origin}/#story=two-servers`)).element();
    await until("two servers", async () => (await servers(other)).length === 2);
    assert.deepEqual([...visit.problems, ...other.problems], []);
  });

  scene("an element tells it by itself", async ({ server, open }) => {
    const visit = await (
      await open(`${server.origin}/embed.html?story=two-servers&autoplay`)
    ).element();
    await until("a lane to change servers", async () =>
      (await snapshot(visit)).decisions.some(({ reason }) => reason === "other-server"),
    );
    await nothingIsLost(visit);
    assert.deepEqual(visit.problems, []);
  });

  scene("behind a balancer the servers are real ones", async ({ open, finally: atEnd }) => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const [PORT, PORT_ONE, PORT_TWO] = ports.map(String);
    const script = fileURLToPath(new URL("../../deploy/cluster/run.sh", import.meta.url));
    const cluster = spawn(script, {
      env: { ...process.env, PORT, PORT_ONE, PORT_TWO },
      stdio: ["ignore", "pipe", "inherit"],
    });
    atEnd(
      () =>
        new Promise((resolve) => {
          cluster.once("exit", resolve);
          cluster.kill("SIGTERM");
        }),
    );
    let said = "";
    cluster.stdout.setEncoding("utf8").on("data", (text) => (said += text));
    await until("the cluster", () => said.includes("the page, at whichever"), {
      detail: () => said,
    });
    const config = `http://localhost:${PORT}/api/config`;
    await until("each server to know the other", async () => {
      const both = await Promise.all(
        [PORT_ONE, PORT_TWO].map(async (port) =>
          (await fetch(`http://localhost:${port}/api/config`)).json(),
        ),
      );
      return both.every(({ servers: count }) => count === 2);
    });
    assert.match((await (await fetch(config)).json()).server, /^(one|two)$/);

    const visit = await (await open(`http://localhost:${PORT}/`)).element();
    // It has lanes at both servers before that too.
    const runs = await visit.runs();
    await press(visit, '[data-story="two-servers"]');
    await until("the story's own run", async () => (await visit.runs()) > runs);
    assert.equal((await snapshot(visit)).simulated, false);
    assert.match(await visit.page.$eval("#look", (found) => found.textContent ?? ""), /balancer/);
    await until(
      "both servers by their names",
      async () =>
        (await servers(visit))
          .map((text) => text?.replace(/\d lanes?.*/, ""))
          .sort()
          .join() === "Server one,Server two",
      { detail: () => servers(visit) },
    );
    const reconnects = async () =>
      (await snapshot(visit)).lanes.reduce((sum, lane) => sum + lane.reconnects, 0);
    const before = await reconnects();
    await press(visit, "#servers > button");
    await until("lanes to reconnect", async () => (await reconnects()) > before);
    await until("every lane to deliver", async () =>
      (await snapshot(visit)).lanes.every(({ open: is, server: at }) => is && at !== ""),
    );
    await nothingIsLost(visit);
  });
});
