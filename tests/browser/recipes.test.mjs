// The code that the page offers to copy (docs/recipes), run: every browser file against both servers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { after, before, describe, it } from "node:test";

import { browsers } from "./support/browsers.mjs";
import { recipes, servers } from "./support/recipe_servers.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/recipe_servers.mjs").Running} Running */

/**
 * A page of one origin with the recipes for browsers beside the server under test, so that it needs
 * no CORS: the way a site would have it.
 *
 * @param {string} server
 * @returns {Promise<Running>}
 */
async function site(server) {
  const proxy = createServer((request, response) => {
    const name = /^\/recipes\/([\w-]+\.js)$/.exec(request.url ?? "")?.[1];
    if (request.url === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end("<!doctype html><title>Recipes</title><link rel='icon' href='data:,'>");
    } else if (name !== undefined) {
      response.setHeader("Content-Type", "text/javascript");
      void readFile(new URL(name, recipes)).then((text) => response.end(text));
    } else {
      const { method, headers, url } = request;
      const onward = ask(server + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      request.pipe(onward);
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (proxy.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

const cases = [
  { file: "browser-sse.js", path: "/sse" },
  { file: "browser-sse-fetch.js", path: "/sse" },
  { file: "browser-ndjson.js", path: "/ndjson" },
  { file: "browser-poll.js", path: "/poll" },
  { file: "browser-poll.js", path: "/poll", everyMs: 50 },
  { file: "browser-websocket.js", path: "/websocket" },
];

for (const { name, start, missing } of servers) {
  const skip = missing && "recipe_httplib is not built: make test builds it";
  for (const kind of browsers) {
    describe(`the recipe for ${name} in ${kind.name}`, { concurrency: 1, skip }, () => {
      /** @type {Running} */ let server;
      /** @type {Running} */ let front;
      /** @type {import("puppeteer-core").Browser} */ let browser;
      before(async () => {
        server = await start();
        [front, browser] = await Promise.all([site(server.origin), kind.launch()]);
      });
      after(async () => {
        await browser?.close();
        await front?.stop();
        await server?.stop();
      });
      for (const { file, path, everyMs } of cases) {
        const how = everyMs === undefined ? "" : " every 50 ms";
        it(`${file}${how} receives what was sent before and after it came, each once`, async () => {
          const address = `${path === "/websocket" ? server.origin : ""}${path}`;
          const publish = async (/** @type {string} */ text) => {
            const answer = await fetch(`${server.origin}/messages`, {
              method: "POST",
              body: text,
              headers: { "Content-Type": "text/plain" },
            });
            assert.equal(answer.status, 201);
          };
          const label = `${file} ${how}`;
          await publish(`${label} before`);
          const page = await browser.newPage();
          try {
            await page.goto(`${front.origin}/`);
            await page.evaluate(
              async (module, where, every) => {
                const { follow } = await import(module);
                const got = /** @type {string[]} */ ([]);
                Object.assign(globalThis, { got });
                follow(where, (/** @type {string} */ text) => got.push(text), every);
              },
              `/recipes/${file}`,
              address,
              /** @type {any} */ (everyMs),
            );
            const got = () => page.evaluate(() => /** @type {any} */ (globalThis).got);
            await until("the first message", async () => (await got()).includes(`${label} before`));
            const texts = [`${label} "two"\nlines`, `${label} ünïcode`, `${label} end`];
            for (const text of texts) await publish(text);
            const all = await until("the last message", async () => {
              const now = await got();
              return now.includes(texts.at(-1)) && now;
            });
            assert.deepEqual(all.slice(-4), [`${label} before`, ...texts]);
            assert.equal(new Set(all).size, all.length, "nothing twice");
          } finally {
            await page.close();
          }
        });
      }
    });
  }
}
