// `playground check` with the real server.
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import test from "node:test";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { until } from "../browser/support/wait.mjs";
import { Playground, playground } from "./support/playground.mjs";
import { listen } from "./support/servers.mjs";

/** @param {import("node:test").TestContext} t */
async function start(t) {
  const server = await PlaygroundServer.start({ web: null });
  t.after(() => server.stop());
  return server;
}

/** A channel with a fault on its path. @param {string} origin @param {object} fault */
async function channelWith(origin, fault) {
  const created = await fetch(`${origin}/api/channels`, {
    method: "POST",
    body: JSON.stringify({ faults: [fault] }),
  });
  const { id } = /** @type {{ id: string }} */ (await created.json());
  return id;
}

test("nothing is found where nothing is in the way", async (t) => {
  const { origin } = await start(t);
  const { status, stdout } = await playground(["check", origin, "--quick", "--json"]);
  const report = JSON.parse(stdout);
  assert.equal(status, 0, report.verdict);
  assert.equal(report.state, "done");
  assert.equal(report.trouble, false);
  assert.equal(report.http_version, "http/1.1");
  assert.equal(report.done, report.total);
  assert.match(report.path, /^From here to localhost:\d+, over HTTP\/1\.1\.$/);
  for (const lane of report.lanes) assert.equal(lane.verdict.startsWith("works"), true, lane.title);
  const statuses = report.findings.find((/** @type {any} */ { code }) => code === "statuses-pass");
  assert.match(statuses.seen, /those with which it refused an Upgrade/);
  assert.ok(report.findings.some((/** @type {any} */ { code }) => code === "cookie-passes"));
});

/**
 * A proxy that knows no Upgrade, and takes a field out of requests and answers.
 *
 * @param {PlaygroundServer} server @param {string} [without]
 */
function gateBefore(server, without = "") {
  /** @param {http.IncomingHttpHeaders} headers */
  const rest = (headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name !== without));
  return http.createServer((request, response) => {
    const { method, url } = request;
    const headers = rest(request.headers);
    const onward = http.request(
      { port: server.port, host: "127.0.0.1", method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, rest(answer.headers));
        answer.pipe(response);
      },
    );
    request.pipe(onward);
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
  });
}

test("a cookie that does not come back is said, and where it was lost", async (t) => {
  const server = await start(t);
  const lost = async (/** @type {string} */ without) => {
    const port = await listen(t, gateBefore(server, without));
    const args = ["check", `http://127.0.0.1:${port}`, "--quick", "--json"];
    const { findings } = JSON.parse((await playground(args)).stdout);
    return findings.find((/** @type {any} */ { code }) => code === "cookie-dropped").seen;
  };
  const [answer, request] = await Promise.all([lost("set-cookie"), lost("cookie")]);
  assert.match(answer, /its answer arrived without Set-Cookie\.$/);
  assert.equal(request, "It was sent, and the request arrived without it.");
});

test("who refuses an Upgrade is said, and with which status", async (t) => {
  const server = await start(t);
  const gate = gateBefore(server);
  gate.on("upgrade", (_, socket) => {
    socket.end("HTTP/1.1 407 No\r\nServer: a-gate\r\nContent-Length: 0\r\n\r\n");
  });
  const port = await listen(t, gate);
  const args = ["check", `http://127.0.0.1:${port}`, "--quick", "--json"];
  const { status, stdout } = await playground(args);
  assert.equal(status, 1);
  const report = JSON.parse(stdout);
  const fails = report.findings.find((/** @type {any} */ { code }) => code === "fails");
  assert.match(fails.seen, /The answer is 407 from a-gate\./);
  assert.equal(fails.status, 407);
  assert.match(report.path, /“a-gate”/);
});

test("a path that holds writes back is found, and said in words", async (t) => {
  const { origin } = await start(t);
  const channel = await channelWith(origin, {
    kind: "buffer",
    transport: "sse",
  });
  const args = ["check", origin, "--quick", "--channel", channel];
  const { status, stdout } = await playground(args);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /^trouble: SSE is held back/m);
  assert.match(stdout, /^ {2}WebSocket +works/m);
  assert.ok(!stdout.includes("\u001b"), "a pipe is no terminal");
});

test("Ctrl-C ends it with what is known", async (t) => {
  const server = await start(t);
  let begun = false;
  const port = await listen(
    t,
    net.createServer((socket) => {
      const onward = net.connect(server.port, "127.0.0.1");
      socket.on("data", (bytes) => (begun ||= bytes.includes("/api/check/")));
      socket.pipe(onward).pipe(socket);
      onward.on("error", () => socket.destroy());
      socket.on("close", () => onward.destroy());
    }),
  );
  const running = new Playground(["check", `http://127.0.0.1:${port}`, "--json"]);
  await until("a probe", () => begun);
  running.signal("SIGINT");
  await running.ended;
  const report = JSON.parse(running.stdout);
  assert.equal(report.state, "done");
  assert.ok(
    report.probes.some((/** @type {any} */ probe) => probe.outcome === "stopped"),
    "some were not over",
  );
});

test("where there is no playground server, that is said", async (t) => {
  const refused = await playground(["check", "http://127.0.0.1:1"]);
  assert.equal(refused.status, 2);
  assert.equal(
    refused.stderr,
    "playground: cannot connect to 127.0.0.1 port 1: connection refused\n",
  );
  assert.equal(refused.stdout, "");
  const port = await listen(
    t,
    http.createServer((_, response) => response.end("{}")),
  );
  const other = await playground(["check", `http://127.0.0.1:${port}`]);
  assert.equal(other.status, 2);
  assert.match(other.stderr, /there is no playground server at/);
});
