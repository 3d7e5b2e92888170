// Compiled, never run: whoever uses the package must be able to write this in strict TypeScript.
import { coreLoader, type Snapshot, type TransportPlayground } from "transport-playground";

coreLoader.location = {
  module: new URL("https://example.org/playground_core.js"),
  wasm: new URL("https://example.org/playground_core.wasm"),
};

const lanes: TransportPlayground = document.createElement("transport-playground");
lanes.server = "http://localhost:8088";
lanes.transports = ["sse", "websocket"];
lanes.rate = 20;
lanes.payload = 256;
lanes.without = ["EventSource"];
lanes.window = 5;
lanes.theme = "dark";

lanes.addEventListener("playground-snapshot", ({ detail }) => {
  const snapshot: Snapshot = detail;
  const median: number | undefined = snapshot.lanes[0]?.delay?.medianMs;
  console.log(median);
});
lanes.addEventListener("playground-decision", ({ detail }) => {
  const sentence: string = detail.text;
  console.log(sentence);
});
lanes.addEventListener("playground-state", ({ detail: { state, message } }) => {
  if (state === "failed") console.log(message);
});
// @ts-expect-error There is no such transport.
lanes.transports = ["carrier-pigeon"];

document.body.append(lanes);
await lanes.start();
lanes.stop();
