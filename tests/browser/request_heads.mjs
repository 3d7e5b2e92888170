// Prints the heads of the requests that the installed browsers send, for each way the client core
// opens a connection (wasm/browser_host.cc): what core/simulation/browser_profile.cc is made from.
import { createServer } from "node:net";

import { browsers } from "./support/browsers.mjs";

const page = "<!doctype html><title>heads</title><link rel=icon href=data:,>";

/** Answers every request; what it was asked goes to `heads`, by the last part of the path. */
function listen(/** @type {Map<string, string>} */ heads) {
  const server = createServer((socket) => {
    let text = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end + 4);
        text = text.slice(head.length);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        text = text.slice(length);
        const path = head.split(" ")[1] ?? "";
        const again = /^last-event-id:/im.test(head) ? " again" : "";
        heads.set(`${head.split(" ")[0]} ${path}${again}`, head);
        const body = path === "/" ? page : "id: 7\nretry: 50\ndata: {}\n\n";
        const type =
          path === "/"
            ? "text/html"
            : path.includes("sse")
              ? "text/event-stream"
              : "application/json";
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n` +
            "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Content-Type\r\n\r\n" +
            body,
        );
      }
    });
  });
  return new Promise((/** @type {(port: number) => void} */ resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
    server.unref();
  });
}

for (const { name, launch } of browsers) {
  const browser = await launch();
  /** @type {Map<string, string>} */
  const heads = new Map();
  const port = await listen(heads);
  const other = await listen(heads);
  const tab = await browser.newPage();
  await tab.goto(`http://localhost:${port}/`);
  await tab.evaluate(
    async (/** @type {number[]} */ ports) => {
      for (const each of ports) {
        const base = `http://localhost:${each}/${each === ports[0] ? "own" : "other"}`;
        await new Promise((resolve) => {
          // Each response ends at once; the second request resumes after the first one's event.
          const source = new EventSource(`${base}-sse`);
          let errors = 0;
          source.onerror = () => {
            if (++errors < 2) return;
            source.close();
            resolve(undefined);
          };
        });
        await fetch(`${base}-fetch`, { method: "GET", cache: "no-store" });
        for (const method of ["GET", "POST", "DELETE"]) {
          await new Promise((resolve) => {
            const xhr = new XMLHttpRequest();
            xhr.open(method, `${base}-xhr`, true);
            xhr.onloadend = resolve;
            if (method === "POST") {
              xhr.setRequestHeader("Content-Type", "application/json");
              xhr.send("{}");
            } else {
              xhr.send();
            }
          });
        }
        await new Promise((resolve) => {
          const socket = new WebSocket(`${base.replace("http", "ws")}-websocket`);
          socket.onclose = resolve;
        });
      }
    },
    [port, other],
  );
  console.log(`==== ${name} ${await browser.version()}, page at port ${port}`);
  for (const [what, head] of [...heads].sort()) console.log(`---- ${what}\n${head}`);
  await browser.close();
}
