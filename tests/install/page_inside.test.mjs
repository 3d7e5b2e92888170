// The server as `make build` leaves it, with the page inside: every file of web/dist, byte for byte,
// in every coding that a client may ask for.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";

const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const names = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
  statSync(path.join(dist, name)).isFile(),
);

/** @type {PlaygroundServer} */
let server;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
before(async () => {
  server = await PlaygroundServer.start({ web: null });
});
after(async () => {
  agent.destroy();
  await server.stop();
});

/**
 * @param {string} name @param {http.OutgoingHttpHeaders} headers
 * @returns {Promise<{ response: http.IncomingMessage, body: Buffer }>}
 */
const ask = (name, headers) =>
  new Promise((resolve, reject) => {
    const target = `/${name.split(path.sep).map(encodeURIComponent).join("/")}`;
    const to = { host: "127.0.0.1", port: server.port, path: target, headers, agent };
    http
      .get(to, async (response) => {
        const body = Buffer.concat(await response.toArray());
        resolve({ response, body });
      })
      .on("error", reject);
  });

/** @type {Record<string, (body: Buffer) => Buffer>} */
const decode = {
  identity: (body) => body,
  br: (body) => brotliDecompressSync(body),
  gzip: (body) => gunzipSync(body),
};

for (const accepted of Object.keys(decode)) {
  test(`every file of the page is in the server (${accepted})`, async () => {
    assert.ok(names.includes("index.html"), "web/dist has no page: run make build");
    let smaller = 0;
    for (const name of names) {
      const { response, body } = await ask(name, { "Accept-Encoding": accepted });
      assert.equal(response.statusCode, 200, name);
      const coding = response.headers["content-encoding"] ?? "identity";
      assert.ok(coding === accepted || coding === "identity", `${name}: ${coding}`);
      assert.ok(decode[coding]?.(body).equals(readFileSync(path.join(dist, name))), name);
      if (coding !== "identity") smaller += 1;

      const again = await ask(name, {
        "Accept-Encoding": accepted,
        "If-None-Match": String(response.headers.etag),
      });
      assert.equal(again.response.statusCode, 304, name);
    }
    assert.equal(smaller > names.length / 2, accepted !== "identity");
  });
}

test("no file goes out as a type that a browser would not take", async () => {
  /** @type {Record<string, RegExp>} */
  const wanted = {
    ".css": /^text\/css/,
    ".html": /^text\/html/,
    ".js": /^text\/javascript/,
    ".json": /^application\/json/,
    ".svg": /^image\/svg\+xml/,
    ".wasm": /^application\/wasm/,
    ".woff2": /^font\/woff2/,
  };
  for (const name of names) {
    const type = wanted[path.extname(name)];
    if (!type) continue;
    assert.match(String((await ask(name, {})).response.headers["content-type"]), type, name);
  }
});

test("a folder outside is served in place of the page inside", async (t) => {
  const folder = fileURLToPath(new URL("../native_server/page/", import.meta.url));
  const other = await PlaygroundServer.start({ web: folder });
  t.after(() => other.stop());
  assert.match(await (await fetch(`${other.origin}/`)).text(), /A page/);
  assert.equal((await fetch(`${other.origin}/playground.js`)).status, 404);
});
