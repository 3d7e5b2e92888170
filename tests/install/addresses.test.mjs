// A server that listens on all addresses says where others open it, in words and as QR codes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import os from "node:os";
import { test } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { readQr } from "../browser/support/qr.mjs";

/** @typedef {{ addresses: { url: string, qr: string[] }[] }} Addresses */

/** As the kernel has them. @param {boolean} ipv6 */
function wanted(ipv6) {
  return Object.values(os.networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && (ipv6 || family === "IPv4"))
    .map(({ address }) => address)
    .filter((address) => !/^(169\.254\.|fe[89ab])/i.test(address));
}

/** @param {PlaygroundServer} server @param {Record<string, string>} [headers] */
async function addresses({ port }, headers = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/addresses`, { headers });
  return /** @type {Addresses} */ (await answer.json()).addresses;
}

for (const host of ["0.0.0.0", "::"]) {
  test(`with --host ${host} it says where others open it, and answers there`, async (t) => {
    const args = ["--host", host, "--port", "0"];
    const server = await PlaygroundServer.watch(spawn(PlaygroundServer.program, args), "127.0.0.1");
    t.after(() => server.stop());
    const told = await addresses(server);
    const expected = wanted(host === "::").map((address) => {
      const name = address.includes(":") ? `[${address}]` : address;
      return `http://${name}:${server.port}/`;
    });
    assert.deepEqual(told.map(({ url }) => url).sort(), expected.sort());
    for (const { url, qr } of told) {
      assert.equal(readQr(qr), url);
      assert.ok(server.output.includes(`Others can open it at ${url}\n`), server.output);
    }
    // Of IPv6, an address that is there may still not be one that a route leads to.
    for (const { url } of told.filter(({ url }) => !url.includes("["))) {
      assert.equal((await fetch(`${url}healthz`)).status, 200);
    }
    assert.deepEqual(await addresses(server, { Via: "1.1 proxy" }), []);
  });
}

test("on one address alone, and to strangers, it names none", async (t) => {
  for (const args of [
    ["--host", "127.0.0.1"],
    ["--host", "0.0.0.0", "--public"],
  ]) {
    const child = spawn(PlaygroundServer.program, ["--port", "0", ...args]);
    const server = await PlaygroundServer.watch(child, "127.0.0.1");
    t.after(() => server.stop());
    assert.deepEqual(await addresses(server), []);
  }
});

test("on a terminal the first is a QR code", async (t) => {
  if (wanted(false).length === 0) return t.skip("this machine has no address but its own");
  const command = `exec '${PlaygroundServer.program}' --host 0.0.0.0 --port 0`;
  // A terminal of its own; the output has line ends of one.
  const child = spawn("script", ["--quiet", "--command", command, "/dev/null"]);
  const server = await PlaygroundServer.watch(child, "127.0.0.1");
  t.after(() => server.stop());
  const lines = [...server.output.matchAll(/\x1b\[30;107m([ █▀▄]*)\x1b\[0m/g)].map(
    ([, line]) => line,
  );
  const rows = lines.flatMap((line = "") => [
    line.replace(/[█▀]/g, "1").replace(/[ ▄]/g, "0"),
    line.replace(/[█▄]/g, "1").replace(/[ ▀]/g, "0"),
  ]);
  assert.equal(readQr(rows), (await addresses(server))[0]?.url);
});
