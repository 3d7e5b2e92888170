// The server most people would write: Express for SSE and polling, ws for WebSocket. Ten messages a
// second to everyone, each serialised once; nothing else is done, so that what is measured is the
// sending. Prints its port when it listens.
import { createServer } from "node:http";
import express from "express";
import { WebSocketServer } from "ws";

const INTERVAL_MS = 100;
const payload = "x".repeat(64);
const readers = new Set();

const app = express();
app.disable("x-powered-by");
app.get("/sse", (request, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
  readers.add(response);
  request.on("close", () => readers.delete(response));
});
app.get("/poll", (request, response) => {
  response.json({ messages: [], last: 1 });
});

const server = createServer(app);
const sockets = new WebSocketServer({ server, path: "/websocket", perMessageDeflate: false });

let seq = 0;
let next = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS;
function broadcast() {
  for (; next <= Date.now(); next += INTERVAL_MS) {
    const json = JSON.stringify({ seq: ++seq, sent_us: next * 1000, payload });
    const event = `id: ${seq}\ndata: ${json}\n\n`;
    for (const reader of readers) reader.write(event);
    for (const socket of sockets.clients) socket.send(json);
  }
  setTimeout(broadcast, Math.max(0, next - Date.now()));
}
broadcast();

server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}/`);
});
