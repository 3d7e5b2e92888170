// docs/openapi.json against the server: every operation in it, and no other method of its paths.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";

/**
 * @typedef {{ responses: Record<string, unknown> }} Operation
 * @type {{ paths: Record<string, Record<string, Operation>> }}
 */
const api = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));

/** @type {Record<string, string>} */
const bodies = {
  "POST /api/channels/{id}/messages": "hello",
  "POST /api/channels/{id}/faults": '{"kind":"delay"}',
};

describe("openapi.json", () => {
  /** @type {PlaygroundServer} */
  let server;
  before(async () => {
    server = await PlaygroundServer.start({ web: null });
  });
  after(() => server.stop());

  /**
   * @param {string} path
   * @returns {Promise<string>} of a new channel with a message and a fault
   */
  async function address(path) {
    const created = await fetch(`${server.origin}/api/channels?wire_log=1`, {
      method: "POST",
      body: "{}",
    });
    const { id } = /** @type {{ id: string }} */ (await created.json());
    await fetch(`${server.origin}/api/channels/${id}/faults`, {
      method: "POST",
      body: '{"kind":"delay","lane":"other"}',
    });
    // A probe that the server has seen.
    const probe = path.startsWith("/api/check/") ? "?probe=p" : "";
    if (probe !== "") await fetch(`${server.origin}/api/check/poll${probe}`);
    const target = path.replace("{id}", id).replace("{fault}", "1").replace("{probe}", "p");
    return `${server.origin}${target}${probe}`;
  }

  for (const [path, operations] of Object.entries(api.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      const name = `${method.toUpperCase()} ${path}`;
      test(`${name} is answered as it says`, async () => {
        const response = await fetch(await address(path), {
          method: method.toUpperCase(),
          body: bodies[name],
          signal: AbortSignal.timeout(5000),
        });
        await response.body?.cancel();
        const status = String(response.status);
        assert.ok(status in responses, `${status} is not among ${Object.keys(responses)}`);
        // A WebSocket needs an Upgrade, the bytes of a lane its name.
        const incomplete = "101" in responses || path.endsWith("/wire/log");
        assert.equal(response.ok, !incomplete);
      });
    }

    test(`${path} has no other method`, async () => {
      const response = await fetch(await address(path), { method: "PATCH" });
      await response.body?.cancel();
      assert.equal(response.status, 405);
      const allowed = (response.headers.get("Allow") ?? "").split(", ").sort();
      const documented = Object.keys(operations).map((method) => method.toUpperCase());
      assert.deepEqual(allowed, ["OPTIONS", ...documented].sort());
    });
  }
});
