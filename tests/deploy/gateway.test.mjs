// Who answers: the server says so in every answer, and whoever answers in its place does not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { Stream, WebSocketClient, ask, createChannel, quiet } from "./support/client.mjs";
import { proxies } from "./support/proxies.mjs";

const host = "playground.example";
const page = { Host: host, Origin: `http://${host}` };

/**
 * Every kind of answer, as far as every proxy passes on what asks for it.
 * @type {{ path: string, method?: string, body?: string, headers?: Record<string, string>,
 *   status: number }[]}
 */
const answers = [
  { path: "/healthz", status: 200 },
  { path: "/api/config", status: 200 },
  { path: "/api/time", method: "HEAD", status: 200 },
  { path: "/api/channels", method: "OPTIONS", headers: page, status: 204 },
  { path: "/api/channels", method: "POST", body: '{"rate":0}', status: 400 },
  {
    path: "/api/channels",
    method: "POST",
    headers: { Host: host, Origin: "http://other.example" },
    status: 403,
  },
  { path: "/api/channels/none/poll", status: 404 },
  { path: "/no/such/file", status: 404 },
  { path: "/api/config", method: "DELETE", status: 405 },
];

describe("who answers", { concurrency: 2 }, () => {
  for (const { name, calledItself, start } of proxies) {
    test(`behind ${name} a gateway's answer is told from the server's own`, async (t) => {
      const args = ["--lane-ports", "0", "--public-origin", page.Origin];
      const server = await PlaygroundServer.start({ args, web: null });
      t.after(() => server.stop("SIGKILL"));
      const { front, stop } = await start(server.port);
      t.after(stop);

      for (const { path, status, ...options } of answers) {
        const answer = await ask(front, path, options);
        assert.equal(answer.status, status, `${options.method} ${path}: ${answer.text}`);
        assert.equal(answer.headers["playground"], "1", `${status} ${path}`);
      }
      const channel = await createChannel(front, quiet);
      const stream = new Stream(front, `${channel}/sse`);
      await stream.until("the stream's head", () => stream.status !== 0);
      const socket = new WebSocketClient(front, `${channel}/websocket`);
      await socket.until("the handshake's answer", () => socket.status !== 0);
      for (const each of [stream, socket]) {
        assert.equal(each.headers["playground"], "1", `${each.status}`);
        each.close();
      }

      await server.stop("SIGKILL");
      for (const path of ["/api/config", `${channel}/poll`, `${channel}/sse`]) {
        const answer = await ask(front, path);
        assert.ok([502, 503, 504].includes(answer.status), `${answer.status} ${path}`);
        assert.equal(answer.headers["playground"], undefined, path);
        // As core/client/answerer.cc finds it.
        const { server: product, via = "" } = answer.headers;
        const said = product ?? String(via).split(",")[0]?.replace(/^\S+ /, "");
        assert.match(String(said || "a gateway"), calledItself);
      }
      const refused = new WebSocketClient(front, `${channel}/websocket`);
      await refused.until("the handshake's answer", () => refused.ended !== "");
      assert.equal(refused.headers["playground"], undefined);
    });
  }
});
