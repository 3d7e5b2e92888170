// What a browser forbids a page, with the real thing: an https page and an address that is not, a
// certificate that nobody has signed, the page's Content-Security-Policy, and CORS. Each has a
// sentence of its own.
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { after, before, describe, it } from "node:test";

import { makeCertificate } from "../native_client/support/servers.mjs";
import { browsers } from "./support/browsers.mjs";
import { listening } from "./support/listening.mjs";
import { OtherOrigin } from "./support/other_origin.mjs";
import { Visit } from "./support/visit.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("../../web/src/contract/core-module.ts").EndpointSettings} EndpointSettings */

const directory = new URL(process.env.PLAYGROUND_WEB ?? "../../web/dist/", import.meta.url);

/** A stream of one event that any page may read. @type {http.RequestListener} */
const stream = (request, response) => {
  const refused = request.url === "/closed";
  response.writeHead(200, {
    "Content-Type": request.url === "/page" ? "text/html" : "text/event-stream",
    ...(!refused && { "Access-Control-Allow-Origin": "*" }),
  });
  response.write("data: hello\n\n");
};

/** @param {TestContext} t @param {http.Server | https.Server} server */
async function portOf(t, server) {
  const port = await listening(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

/**
 * A page with an element that follows these endpoints alone.
 *
 * @param {TestContext} t
 * @param {import("puppeteer-core").Browser} browser
 * @param {readonly EndpointSettings[]} endpoints
 * @param {Partial<Parameters<typeof OtherOrigin.start>[0]>} [served]
 */
async function follow(t, browser, endpoints, served) {
  const settings = JSON.stringify(endpoints).replaceAll('"', "&quot;");
  const host = await OtherOrigin.start({
    directory,
    pages: {
      "/page.html": `<!doctype html><title>page</title><link rel="icon" href="data:," />
        <script type="module" src="transport-playground.js"></script>
        <transport-playground autoplay transports="none" endpoint="${settings}"></transport-playground>`,
    },
    ...served,
  });
  t.after(() => host.stop());
  const visit = await Visit.open(browser, `${host.origin}/page.html`);
  t.after(() => visit.close());
  const snapshot = () =>
    visit.page.evaluate(() => {
      const element = /** @type {import("./support/visit.mjs").TransportPlayground | null} */ (
        document.querySelector("transport-playground")
      );
      return element?.snapshot ?? null;
    });
  return {
    origin: host.origin,
    /** What is found of an endpoint, and its sentence. @param {number} index */
    found: (index) =>
      until(
        `what is wrong with ${endpoints[index]?.url} (${endpoints[index]?.transport})`,
        async () => {
          const now = await snapshot();
          const { found = null, title = "" } = now?.endpoints[index] ?? {};
          const said = now?.decisions.filter(
            ({ reason, endpoint }) => reason === found && endpoint === title,
          );
          return found !== null && said?.length ? [found, said.at(-1)?.text ?? ""] : undefined;
        },
        { timeoutMs: 40_000, detail: snapshot },
      ),
    /** @param {number} index */
    items: (index) =>
      until("an event", async () => (await snapshot())?.endpoints[index]?.items || undefined, {
        detail: snapshot,
      }),
  };
}

const TRANSPORTS = /** @type {const} */ (["sse-fetch", "sse-native", "ndjson", "short-poll"]);

/** One for each transport, under a name of its own. @param {string} origin @param {string} path */
function eachOf(origin, path) {
  return [
    ...TRANSPORTS.map((transport) => ({ url: origin + path, transport, name: transport })),
    { url: origin.replace("http", "ws") + path, name: "websocket" },
  ];
}

for (const { name, launch } of browsers) {
  describe(`what ${name} forbids`, { concurrency: 1 }, () => {
    /** @type {import("./support/browsers.mjs").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());

    it("nobody there, not allowed, no stream and no trust are four sentences", async (t) => {
      const plain = await portOf(t, http.createServer(stream));
      const secure = await portOf(t, https.createServer(makeCertificate(t), stream));
      const gone = http.createServer();
      const nobody = await listening(gone);
      await new Promise((closed) => gone.close(closed));
      const endpoints = [
        { url: `http://localhost:${nobody}/`, name: "a" },
        { url: `http://localhost:${plain}/closed`, name: "b" },
        { url: `http://localhost:${plain}/page`, name: "c" },
        ...eachOf(`https://localhost:${secure}`, "/"),
      ];
      const { found, origin } = await follow(t, browser, endpoints);
      assert.deepEqual(await found(0), [
        "endpoint-not-there",
        `**a**: **nothing answers** at http://localhost:${nobody}.`,
      ]);
      const [notAllowed, closed] = await found(1);
      assert.equal(notAllowed, "endpoint-not-allowed");
      assert.match(String(closed), new RegExp(`lacks .Access-Control-Allow-Origin: ${origin}`));
      const [noStream, page] = await found(2);
      assert.equal(noStream, "endpoint-not-a-stream");
      assert.match(String(page), /not an event stream/);
      for (let index = 3; index < endpoints.length; ++index) {
        const [untrusted, words] = await found(index);
        assert.equal(untrusted, "endpoint-not-there", endpoints[index]?.name);
        assert.match(String(words), /or the browser does not trust its certificate/);
      }
    });

    it("the policy that page and worker were served with is said as such", async (t) => {
      const port = await portOf(t, http.createServer(stream));
      const policy = "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
      const endpoints = eachOf(`http://localhost:${port}`, "/");
      const { found } = await follow(t, browser, endpoints, {
        fields: { "Content-Security-Policy": policy },
      });
      for (const [index, { name: which }] of endpoints.entries()) {
        const [reason, words] = await found(index);
        assert.equal(reason, "endpoint-policy", which);
        assert.match(String(words), /lacks `connect-src (http|ws):\/\/localhost:\d+`/);
      }
    });
  });

  describe(`a page over https in ${name}`, { concurrency: 1 }, () => {
    /** @type {import("./support/browsers.mjs").Browser} */
    let browser;
    before(async () => {
      browser = await launch({ acceptInsecureCerts: true });
    });
    after(() => browser.close());

    it("may not ask an address that is not, but for this machine's own", async (t) => {
      const port = await portOf(t, http.createServer(stream));
      // Addresses of documentation (RFC 5737): the browser does not go there.
      const mixed = eachOf("http://192.0.2.1", "/");
      const endpoints = [...mixed, { url: `http://localhost:${port}/`, name: "here" }];
      const { found, items } = await follow(t, browser, endpoints, {
        certificate: makeCertificate(t),
      });
      assert.equal(await items(mixed.length), 1);
      for (const [index, { name: which }] of mixed.entries()) {
        const [reason, words] = await found(index);
        assert.equal(reason, "endpoint-mixed-content", which);
        assert.match(String(words), /a page that came over https may not ask .*192\.0\.2\.1/);
      }
    });
  });
}
