// `playground watch` against servers that do one thing each.
import assert from "node:assert/strict";
import http from "node:http";
import test from "node:test";
import zlib from "node:zlib";

import { until } from "../browser/support/wait.mjs";
import { Playground, playground, watch } from "./support/playground.mjs";
import { WebSocketServer, field, listen, rawServer } from "./support/servers.mjs";

const streamHead =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

test("an event stream's events, comments and retry are told in their order", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.write(
      `${streamHead}: hello\nretry: 10\n\nevent: tick\nid: 7\ndata: one\ndata: two\n\ndata: three\n\n`,
    );
  });
  const { status, running } = await watch(`http://127.0.0.1:${port}/`, ["--count", "2"]);
  assert.equal(status, 0);
  const seen = running.entries.map((each) => each.what);
  assert.deepEqual(seen, ["request", "open", "comment", "retry", "event", "event", "end"]);
  const [first, second] = running.all("event");
  assert.equal(first?.type, "tick");
  assert.equal(first?.data, "one\ntwo");
  assert.equal(second?.type, "message");
  assert.equal(second?.lastEventId, "7");
  assert.equal(running.all("comment")[0]?.data, "hello");
  assert.equal(running.all("retry")[0]?.reconnectionMs, 10);
  assert.deepEqual(running.all("open")[0]?.fields[0], ["Content-Type", "text/event-stream"]);
});

test("a compressed stream is read as it is flushed", async (t) => {
  let accepted = "";
  const port = await listen(
    t,
    http.createServer((request, response) => {
      accepted = request.headers["accept-encoding"] ?? "";
      response.writeHead(200, { "Content-Type": "text/event-stream", "Content-Encoding": "gzip" });
      const gzip = zlib.createGzip();
      gzip.pipe(response);
      gzip.write(`data: ${"one ".repeat(1000)}\n\n`);
      gzip.flush();
    }),
  );
  const { status, running } = await watch(`http://127.0.0.1:${port}/`, ["--count", "1"]);
  assert.equal(status, 0);
  assert.equal(accepted, "gzip, deflate");
  assert.equal(running.all("event")[0]?.data, "one ".repeat(1000));
  const [end] = running.all("end");
  assert.equal(end?.bodyBytes, 4008);
  assert.ok(end?.encodedBytes > 0 && end.encodedBytes < 200, `${end?.encodedBytes} bytes`);
});

test("lines and answers are read from deflate and gzip, and what cannot be read is said", async (t) => {
  const bomb = zlib.gzipSync(Buffer.alloc(65 << 20));
  const answers = /** @type {Record<string, [string, Buffer]>} */ ({
    "/deflate": ["deflate", zlib.deflateSync('{"a":1}\n')],
    "/raw": ["deflate", zlib.deflateRawSync('{"a":1}\n')],
    "/gzip": ["gzip", zlib.gzipSync('{"a":1}\n')],
    "/bomb": ["gzip", bomb],
    "/br": ["br", zlib.brotliCompressSync('{"a":1}\n')],
    "/half": ["gzip", zlib.gzipSync('{"a":1}\n').subarray(0, -4)],
    "/plain": ["gzip", Buffer.from('{"a":1}\n')],
  });
  const port = await listen(
    t,
    http.createServer((request, response) => {
      const [coding, body] = answers[request.url ?? ""] ?? ["", Buffer.alloc(0)];
      response.writeHead(200, {
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": coding,
      });
      response.end(body);
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  for (const name of ["/deflate", "/raw", "/gzip"]) {
    const { status, running } = await watch(origin + name);
    assert.equal(running.all("line")[0]?.data, '{"a":1}', name);
    assert.equal(status, 0, name);
    const polled = await watch(origin + name, ["--as", "poll", "--count", "1"]);
    assert.equal(polled.running.all("answer")[0]?.data, '{"a":1}\n', name);
  }
  const wrong = /** @type {const} */ ([
    ["/bomb", "poll", /larger than 64 MiB/],
    ["/bomb", "lines", /a line is longer than 1 MiB/],
    ["/br", "poll", /encoded as br, which was not asked for/],
    ["/half", "poll", /ended .*, in the middle of its compressed body/],
    ["/plain", "poll", /what came is not gzip/],
  ]);
  for (const [name, as, words] of wrong) {
    const { status, running } = await watch(origin + name, ["--as", as, "--count", "1"]);
    assert.match(running.all("problem")[0]?.text ?? "", words, name);
    assert.notEqual(status, 0, name);
  }
});

test("a stream that is lost is asked for again, with the last event id", async (t) => {
  /** @type {(string | undefined)[]} */
  const asked = [];
  const port = await rawServer(t, (socket, head) => {
    asked.push(field(head, "Last-Event-ID"));
    if (asked.length === 1) {
      socket.write(`${streamHead}retry: 1\nid: a\ndata: first\n\n`, () => socket.resetAndDestroy());
    } else if (asked.length === 2) {
      socket.end(`${streamHead}id: b\ndata: second\n\n`);
    } else {
      socket.write(`${streamHead}data: third\n\n`);
    }
  });
  const { status, running } = await watch(`http://127.0.0.1:${port}/`, ["--count", "3"]);
  assert.deepEqual(asked, [undefined, "a", "b"]);
  assert.equal(status, 1, "it broke once");
  assert.match(running.all("problem")[0]?.text, /was reset by the peer in the middle of/);
  const lost = running.all("lost");
  assert.deepEqual(
    lost.map(({ lastEventId, pauseMs }) => [lastEventId, pauseMs]),
    [
      ["a", 1],
      ["b", 1],
    ],
  );
  assert.match(lost[1]?.why, /ended with the connection/);
});

test("the event stream goes on from --last-event-id", async (t) => {
  let asked = "";
  const port = await rawServer(t, (socket, head) => {
    asked = head;
    socket.write(`${streamHead}data: x\n\n`);
  });
  const args = ["--last-event-id", "41", "--count", "1", "--header", "X-Key: v"];
  const { status } = await watch(`http://127.0.0.1:${port}/a?b`, args);
  assert.equal(status, 0);
  assert.match(asked, /^GET \/a\?b HTTP\/1\.1\r\n/);
  assert.equal(field(asked, "Last-Event-ID"), "41");
  assert.equal(field(asked, "X-Key"), "v");
  assert.equal(field(asked, "Host"), `127.0.0.1:${port}`);
});

test("what is no event stream is refused, as by a browser", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi");
  });
  const { status, running } = await watch(`http://127.0.0.1:${port}/`, ["--as", "sse"]);
  assert.equal(status, 1);
  assert.match(running.all("problem")[0]?.text, /Content-Type is "text\/html"/);
});

test("a refusal is told with its words", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nno entry!");
  });
  const { status, running } = await watch(`http://127.0.0.1:${port}/`);
  assert.equal(status, 1);
  assert.equal(running.all("problem")[0]?.text, "the answer is 403 Forbidden: no entry!");
});

test("NDJSON in chunks is read by its lines, and a line that is not JSON is found", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.end(
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n" +
        '8;x=y\r\n{"a":1}\n\r\n3\r\n{"b\r\n5\r\n":2}\n\r\n5\r\noops\n\r\n4\r\nnull\r\n0\r\nT: x\r\n\r\n',
    );
  });
  const { status, running } = await watch(`http://127.0.0.1:${port}/`);
  assert.equal(status, 1);
  const lines = running.all("line").map((each) => each.data);
  assert.deepEqual(lines, ['{"a":1}', '{"b":2}', "oops", "null"]);
  assert.deepEqual(
    running.all("problem").map((each) => each.text),
    ["the line is not JSON"],
  );
  assert.equal(running.all("closed")[0]?.reason, "ended by its last chunk");
});

test("lines of text end with the answer", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\none\ntwo");
  });
  const { status, stdout } = await playground(["watch", `http://127.0.0.1:${port}/`]);
  assert.equal(status, 0);
  assert.match(stdout, /open {2}200 OK {2}text\/plain {2}read as lines/);
  assert.match(stdout, /line {2}3 bytes {2}one\n/);
  assert.match(stdout, /line {2}3 bytes {2}two\n/);
  assert.match(stdout, /closed {2}ended at its Content-Length\n/);
});

for (const [what, answer, problem] of /** @type {const} */ ([
  [
    "a body that is cut off",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
    /ended by the peer in the middle of the response/,
  ],
  [
    "a head that is cut off",
    "HTTP/1.1 200 OK\r\nConte",
    /ended by the peer in the middle of the answer's head/,
  ],
  ["no answer", "", /ended by the peer before an answer/],
  ["what is not HTTP", "220 ftp.example ready\r\n", /what came is not HTTP\/1\.1/],
  [
    "a chunk without a size",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    /a chunk has no size/,
  ],
])) {
  test(`${what} is named`, async (t) => {
    const port = await rawServer(t, (socket) => void socket.end(answer));
    const { status, running } = await watch(`http://127.0.0.1:${port}/`);
    assert.notEqual(status, 0);
    assert.match(running.all("problem")[0]?.text, problem);
  });
}

test("nobody there, and no such name, are exit status 2", async () => {
  const refused = await watch("http://127.0.0.1:1/");
  assert.equal(refused.status, 2);
  assert.equal(
    refused.running.all("problem")[0]?.text,
    "cannot connect to 127.0.0.1 port 1: connection refused",
  );
  const unknown = await watch("http://nobody.invalid/");
  assert.equal(unknown.status, 2);
  assert.match(unknown.running.all("problem")[0]?.text, /^cannot find nobody\.invalid: /);
});

test("redirects are followed, and credentials stay with their server", async (t) => {
  /** @type {Record<string, string>[]} */
  const seen = [];
  const other = await listen(
    t,
    http.createServer((request, response) => {
      seen.push(/** @type {Record<string, string>} */ (request.headers));
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: there\n\n");
    }),
  );
  const port = await listen(
    t,
    http.createServer((request, response) => {
      const to = request.url === "/a/b" ? "../c?d" : `http://127.0.0.1:${other}/`;
      response.writeHead(307, { Location: to }).end();
    }),
  );
  const args = ["--count", "1", "--header", "Authorization: Bearer x", "--header", "X: y"];
  const { status, running } = await watch(`http://127.0.0.1:${port}/a/b`, args);
  assert.equal(status, 0);
  assert.equal(running.all("event")[0]?.data, "there");
  assert.equal(seen[0]?.authorization, undefined);
  assert.equal(seen[0]?.x, "y");
});

test("a circle of redirects ends", async (t) => {
  const port = await listen(
    t,
    http.createServer((_, response) => response.writeHead(302, { Location: "/" }).end()),
  );
  const { status, running } = await watch(`http://127.0.0.1:${port}/`);
  assert.equal(status, 2);
  assert.equal(running.all("problem")[0]?.text, "it was redirected more than 20 times");
});

test("data is posted, and polls go over one connection", async (t) => {
  let connections = 0;
  /** @type {string[]} */
  const bodies = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      bodies.push(`${request.method} ${request.headers["content-type"]} ${body}`);
      response.setHeader("Content-Type", "application/json").end("{}");
    });
  });
  server.on("connection", () => (connections += 1));
  const url = `http://127.0.0.1:${await listen(t, server)}/`;
  const posted = await watch(url, ["--as", "poll", "--data", "[1]", "--count", "1"]);
  assert.equal(posted.status, 0);
  assert.deepEqual(bodies, ["POST application/json [1]"]);
  connections = 0;
  const polled = await watch(url, ["--as", "poll", "--interval", "0", "--count", "5"]);
  assert.equal(polled.status, 0);
  assert.equal(polled.running.all("answer").length, 5);
  assert.equal(connections, 1);
});

test("a WebSocket speaks, is pinged, and is closed with a code", async (t) => {
  const server = http.createServer();
  const port = await listen(t, server);
  const sockets = new WebSocketServer({ server, handleProtocols: () => "chat" });
  /** @type {string[]} */
  const heard = [];
  sockets.on("connection", (/** @type {any} */ socket) => {
    socket.on("message", (/** @type {Buffer} */ text) => {
      heard.push(text.toString());
      socket.ping("are you there");
    });
    socket.on("pong", (/** @type {Buffer} */ text) => {
      heard.push(text.toString());
      socket.send("x".repeat(70000));
      socket.send(Buffer.from([0, 255]));
      socket.close(4001, "enough");
    });
  });
  const args = ["--subprotocol", "chat", "--send", "hello"];
  const { status, running } = await watch(`ws://127.0.0.1:${port}/`, args);
  assert.equal(status, 1, "4001 is no proper end");
  assert.deepEqual(heard, ["hello", "are you there"]);
  assert.equal(running.all("text")[0]?.bytes, 70000);
  assert.equal(running.all("binary")[0]?.base64, "AP8=");
  const [closed] = running.all("closed");
  assert.deepEqual([closed?.code, closed?.reason], [4001, "enough"]);
});

test("a WebSocket that has been seen enough of is closed in order", async (t) => {
  const server = http.createServer();
  const port = await listen(t, server);
  /** @type {(code: number) => void} */
  let closed = () => undefined;
  const code = new Promise((resolve) => (closed = resolve));
  new WebSocketServer({ server }).on("connection", (/** @type {any} */ socket) => {
    socket.on("close", closed);
    socket.send("one");
  });
  const { status } = await watch(`http://127.0.0.1:${port}/`, [
    "--as",
    "websocket",
    "--count",
    "1",
  ]);
  assert.equal(status, 0);
  assert.equal(await code, 1005);
});

for (const [what, answer, problem] of /** @type {const} */ ([
  [
    "is refused",
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    /refused with 400 Bad Request/,
  ],
  [
    "has a wrong accept",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
    /does not belong to our key/,
  ],
  [
    "does not say Upgrade",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
    /does not say Upgrade/,
  ],
])) {
  test(`a WebSocket that ${what} is told so`, async (t) => {
    const port = await rawServer(t, (socket) => void socket.end(answer));
    const { status, running } = await watch(`ws://127.0.0.1:${port}/`);
    assert.equal(status, 2);
    assert.match(running.all("problem")[0]?.text, problem);
  });
}

test("where nothing comes, that is a finding", async (t) => {
  const port = await rawServer(t, (socket) => void socket.write(`${streamHead}: nothing\n\n`));
  const { status, running } = await watch(`http://127.0.0.1:${port}/`, ["--for", "0.3"]);
  assert.equal(status, 1);
  assert.equal(running.all("problem")[0]?.text, "nothing came");
});

test("Ctrl-C ends it with a summary", async (t) => {
  const port = await rawServer(t, (socket) => void socket.write(`${streamHead}data: x\n\n`));
  const running = new Playground(["watch", `http://127.0.0.1:${port}/`]);
  await until("an event", () => running.stdout.includes("event  message"));
  running.signal("SIGINT");
  assert.equal(await running.ended, 0);
  assert.match(running.stdout, /end {2}1 item, 1 byte of data/);
});

test("a reader of the pipe that has seen enough ends it, without a word", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.write(streamHead);
    const timer = setInterval(() => socket.write("data: x\n\n"), 5);
    socket.on("close", () => clearInterval(timer));
  });
  const running = new Playground(["watch", `http://127.0.0.1:${port}/`]);
  await until("an event", () => running.stdout.includes("event  message"));
  running.closeStdout();
  assert.equal(await running.ended, 0);
  assert.equal(running.stderr, "");
});

test("what a server sends cannot speak to the terminal", async (t) => {
  const port = await rawServer(t, (socket) => {
    socket.write(`${streamHead}data: \u001b[2J\u0007\n\n`);
  });
  const { stdout } = await playground(["watch", `http://127.0.0.1:${port}/`, "--count", "1"]);
  assert.match(stdout, /\\x1b\[2J\\x07/);
  assert.ok(!stdout.includes("\u001b"));
});

test("what is wrong on the command line is one line and exit status 2", async () => {
  const { status, stdout, stderr } = await playground(["watch", "--bad", "http://a/"]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "playground: unknown option --bad; --help lists what there is\n");
  const version = await playground(["--version"]);
  assert.equal(version.status, 0);
  assert.match(version.stdout, /^playground \d+\.\d+\.\d+ \(HTTP\/1\.1\)\n$/);
});
