// A server that is reached under a real host name: which pages may write, by what each proxy makes
// of Host (docs/api.md, "Origins").
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { ask } from "./support/client.mjs";
import { proxies } from "./support/proxies.mjs";

const host = "playground.example";
const own = `http://${host}`;
const other = "http://other.example";

/**
 * @param {import("node:test").TestContext} t
 * @param {import("./support/proxies.mjs").Proxy} proxy
 * @param {string[]} args of the server
 */
async function behind(t, { start }, args) {
  const server = await PlaygroundServer.start({ args: ["--lane-ports", "0", ...args], web: null });
  t.after(() => server.stop("SIGKILL"));
  const { front, stop } = await start(server.port);
  t.after(stop);
  /** @param {string} origin @param {Record<string, string>} [headers] */
  const write = async (origin, headers = {}) =>
    ask(front, "/api/channels", {
      method: "POST",
      headers: { Host: host, Origin: origin, ...headers },
    });
  return { port: server.port, write };
}

/** What a server that was told nothing makes of each. */
const untold = {
  kept: {
    title: "passes on a name that the server is not known by: 421, and the option is named",
    /** @param {Awaited<ReturnType<typeof behind>>} proxied */
    async holds({ write }) {
      for (const origin of [own, other]) {
        const { status, text } = await write(origin);
        assert.equal(status, 421, text);
        assert.ok(text.includes(host) && text.includes("--public-origin"), text);
      }
    },
  },
  told: {
    title: "says in X-Forwarded-Host what was asked for: its pages may write, and no other",
    /** @param {Awaited<ReturnType<typeof behind>>} proxied */
    async holds({ write }) {
      assert.equal((await write(own)).status, 201);
      const { status, text } = await write(other);
      assert.equal(status, 403, text);
      assert.ok(text.includes(`by X-Forwarded-Host, as ${host}`), text);
    },
  },
  replaced: {
    title: "hides the name: a page that the browser does not vouch for is refused, and told why",
    /** @param {Awaited<ReturnType<typeof behind>>} proxied */
    async holds({ port, write }) {
      const { status, text } = await write(own);
      assert.equal(status, 403, text);
      for (const part of [own, `asked for as 127.0.0.1:${port}`, "--public-origin"]) {
        assert.ok(text.includes(part), `${part}: ${text}`);
      }
      const site = (/** @type {string} */ value) => ({ "Sec-Fetch-Site": value });
      assert.equal((await write(own, site("same-origin"))).status, 201);
      assert.equal((await write(other, site("cross-site"))).status, 403);
    },
  },
};

describe("a server that is reached under a real host name", { concurrency: 2 }, () => {
  for (const proxy of proxies) {
    const { title, holds } = untold[proxy.host];
    test(`${proxy.name} ${title}`, async (t) => holds(await behind(t, proxy, [])));

    test(`behind ${proxy.name} the pages of --public-origin may write, and no other`, async (t) => {
      const { write } = await behind(t, proxy, ["--public-origin", own]);
      for (const { origin, wanted } of [
        { origin: own, wanted: 201 },
        { origin: other, wanted: 403 },
        { origin: `${own}:8080`, wanted: 403 },
      ]) {
        const { status, text } = await write(origin);
        assert.equal(status, wanted, `${origin}: ${text}`);
      }
    });
  }
});
