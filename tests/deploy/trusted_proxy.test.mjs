// Limits per address and the log behind the real nginx: whose address counts (--trusted-proxy).
import assert from "node:assert/strict";
import test from "node:test";

import { ask } from "./support/client.mjs";
import { behindNginx } from "./support/nginx.mjs";

// All of 127.0.0.0/8 is this machine's: clients with addresses of their own.
const [first, second] = ["127.0.0.2", "127.0.0.3"];

/** @param {import("node:test").TestContext} t @param {string[]} args of the server */
async function start(t, args) {
  const limit = ["--max-channels-per-address", "1", "--log", "json"];
  const { server, nginx } = await behindNginx(t, "right.conf", {
    args: [...limit, ...args],
    tcp: true,
  });
  /** @param {string} localAddress @param {Record<string, string>} [headers] */
  const create = async (localAddress, headers = {}) => {
    const front = { host: "127.0.0.1", port: nginx.port(8080), localAddress };
    const answer = await ask(front, "/api/channels", { method: "POST", body: "{}", headers });
    return answer.status;
  };
  return { server, create };
}

test("a proxy that is trusted says whom it asks for, and a client cannot", async (t) => {
  const { server, create } = await start(t, ["--trusted-proxy", "127.0.0.1"]);
  assert.equal(await create(first), 201);
  assert.equal(await create(second), 201);
  assert.equal(await create(first), 503);
  assert.equal(await create(first, { "X-Forwarded-For": "192.0.2.1" }), 503);
  // nginx writes X-Forwarded-For, and passes this on as it is: where the two disagree, the proxy's
  // own address counts, which is one for all who try.
  assert.equal(await create(first, { Forwarded: "for=192.0.2.1" }), 201);
  assert.equal(await create(first, { Forwarded: "for=192.0.2.7" }), 503);
  await server.stop();
  assert.match(server.output, new RegExp(`"address":"${first}"`));
  assert.doesNotMatch(server.output, /192\.0\.2\.1/);
});

test("one that is not counts for all behind it", async (t) => {
  const { create } = await start(t, ["--trusted-proxy", "192.0.2.0/24"]);
  assert.equal(await create(first), 201);
  assert.equal(await create(second), 503);
});
