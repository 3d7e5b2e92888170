// One stream of messages over every transport, with Express 5 and ws:
//   npm install express ws && node express.mjs
import { createServer } from "node:http";
import express from "express";
import { WebSocketServer } from "ws";

const HISTORY = 1000; // messages that a reader may still ask for
const HEARTBEAT_MS = 15_000; // shorter than what any proxy on the way calls idle
const HOLD_MS = 25_000; // for a long poll; shorter than that as well

// The log

const log = []; // { id, text }
let last = Date.now(); // so that a server that was restarted goes on with higher numbers
const readers = new Set(); // functions that get each message

/** Publishes a text to every reader, whatever its transport. */
function publish(text) {
  const message = { id: (last += 1), text };
  log.push(message);
  if (log.length > HISTORY) log.shift();
  for (const tell of readers) tell(message);
}

/** What comes after a message id. Anything that is not a number means the beginning. */
const since = (id) => log.filter((message) => message.id > (Number(id) || 0));

/** Gives a reader what it has missed and then what comes; returns a function that ends it. */
function follow(after, tell) {
  for (const message of since(after)) tell(message);
  readers.add(tell);
  return () => readers.delete(tell);
}

// HTTP

const app = express();
app.disable("x-powered-by");

const STREAM = {
  "Cache-Control": "no-cache, no-transform", // a compressor in between would hold it back
  "X-Accel-Buffering": "no", // nginx passes each byte on as it comes
};

/** Begins a response that goes on; false for HEAD, which is over with its head. */
function begin(request, response, type) {
  response.set({ ...STREAM, "Content-Type": type });
  if (request.method === "HEAD") response.end();
  else response.flushHeaders();
  return request.method !== "HEAD";
}

app.get("/sse", (request, response) => {
  if (!begin(request, response, "text/event-stream")) return;
  response.write(": hello\n\n");
  const after = request.get("Last-Event-ID") ?? request.query.after;
  const end = follow(after, ({ id, text }) => {
    const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
    response.write(`id: ${id}\n${lines.join("")}\n`);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    clearInterval(heartbeat);
    end();
  });
});

app.get("/ndjson", (request, response) => {
  if (!begin(request, response, "application/x-ndjson")) return;
  const end = follow(request.query.after, (message) => {
    response.write(`${JSON.stringify(message)}\n`);
  });
  const heartbeat = setInterval(() => response.write("\n"), HEARTBEAT_MS);
  response.on("close", () => {
    clearInterval(heartbeat);
    end();
  });
});

// With ?wait=0 it is a short poll.
app.get("/poll", (request, response) => {
  const answer = () => {
    clearTimeout(timer);
    readers.delete(answer);
    response.set("Cache-Control", "no-store").json(since(request.query.after));
  };
  const hold = request.query.wait === "0" || request.method === "HEAD" ? 0 : HOLD_MS;
  const timer = setTimeout(answer, hold);
  if (since(request.query.after).length > 0) answer();
  else readers.add(answer);
  response.on("close", () => {
    clearTimeout(timer);
    readers.delete(answer);
  });
});

// What a page sends, if its transport goes one way only.
app.post("/messages", express.text(), (request, response) => {
  if (typeof request.body !== "string") return response.sendStatus(415);
  publish(request.body);
  return response.sendStatus(201);
});

// WebSocket

const server = createServer(app);
const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });

server.on("upgrade", (request, socket, head) => {
  const { url, method, headers, rawHeaders } = request;
  if (headers.upgrade.toLowerCase() === "websocket" && url.split("?")[0] === "/websocket") {
    const connected = (client) => sockets.emit("connection", client, request);
    return sockets.handleUpgrade(request, socket, head, connected);
  }
  // An upgrade to something else is ignored (RFC 9110 7.8): the request is read again without it.
  let again = `${method} ${url} HTTP/1.1\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = rawHeaders.slice(at, at + 2);
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) again += `${name}: ${value}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${again}\r\n`, "latin1"), head]));
  return server.emit("connection", socket);
});

sockets.on("connection", (socket, request) => {
  const after = new URL(request.url, "http://localhost").searchParams.get("after");
  const end = follow(after, (message) => socket.send(JSON.stringify(message)));
  let alive = true;
  socket.on("pong", () => (alive = true));
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate(); // half-open: nobody is there any more
    alive = false;
    return socket.ping();
  }, HEARTBEAT_MS);
  socket.on("message", (data) => publish(String(data)));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearInterval(heartbeat);
    end();
  });
});

server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`Listening on http://localhost:${server.address().port}/`);
});
