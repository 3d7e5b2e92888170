// Compiled, never run: whoever uses the package must be able to write this in strict TypeScript.
import {
  eventStreamCore,
  EventSourceErrorEvent,
  EventSourceReader,
  EventStreamCoreError,
  type EventSourceRecord,
  PlaygroundEventSource,
} from "transport-playground/event-source";
import { definePlayground } from "transport-playground/define";
import { coreLoader, type Snapshot, type TransportPlayground } from "transport-playground";

coreLoader.location = {
  module: new URL("https://example.org/playground_core.js"),
  wasm: new URL("https://example.org/playground_core.wasm"),
};

definePlayground({ base: new URL("https://example.org/playground/") });
definePlayground({ base: "/playground/" });

const lanes: TransportPlayground = document.createElement("transport-playground");
lanes.server = "http://localhost:8088";
lanes.transports = ["sse", "websocket"];
lanes.rate = 20;
lanes.payload = 256;
lanes.pattern = "bursty";
lanes.back = 0.5;
lanes.without = ["EventSource"];
lanes.window = 5;
lanes.theme = "dark";
lanes.environment = "buffering-proxy";
lanes.faults = [{ kind: "buffer", transport: "sse", after_s: 4 }];
lanes.simulated = { seed: 7, roundTripMs: 80 };
lanes.speed = 0.1;
lanes.ladder = ["sse", "long-poll"];

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
const refusal: string = await lanes.addFault({ kind: "delay", milliseconds: 500 });
console.log(refusal);
const [planned] = lanes.snapshot?.plannedFaults ?? [];
if (planned !== undefined) {
  const lifted: boolean = await lanes.liftFault(planned.number);
  console.log(lifted, planned.fault.kind, planned.inForce);
}
lanes.liftFaults();
lanes.endpoint = { url: "https://example.org/events", headers: { "X-Key": "k" }, number: "/seq" };
lanes.endpoint = "wss://example.org/a wss://example.org/b";
console.log(await lanes.send(0, "hello"), lanes.snapshot?.endpoints[0]?.entries.at(-1)?.text);
lanes.step();
lanes.setServer(1, false);
lanes.pause();
lanes.resume();
for (const { id, summary } of await lanes.environments()) console.log(id, summary);
lanes.stop();

eventStreamCore.source = new URL("https://example.org/event_stream.wasm");
const source = new PlaygroundEventSource("/news", {
  withCredentials: true,
  headers: { Authorization: "Bearer x" },
  method: "POST",
  body: new URLSearchParams({ topic: "weather" }),
  reconnect: true,
  signal: AbortSignal.timeout(60_000),
});
source.onopen = (): void => {
  console.log(source.readyState === PlaygroundEventSource.OPEN);
};
source.addEventListener("message", ({ data, origin, lastEventId }) => {
  const text: string = data;
  console.log(text, origin, lastEventId);
});
source.addEventListener("warning", ({ data }: MessageEvent<string>) => {
  console.log(data);
});
source.onerror = (error): void => {
  if (error instanceof EventSourceErrorEvent) console.log(error.status, error.reason);
};
// @ts-expect-error A stream could not be sent again.
new PlaygroundEventSource("/news", { method: "POST", body: new ReadableStream() });
source.close();

eventStreamCore.load().catch((error: unknown) => {
  if (error instanceof EventStreamCoreError) console.log(error.message);
});
const reader = new EventSourceReader(await eventStreamCore.load());
const bytes = new TextEncoder().encode("data: a\n\n");
for (let at = 0; at < bytes.length;) {
  at += reader.feed(bytes, at);
  for (let event: EventSourceRecord | null; (event = reader.next()) !== null;) {
    console.log(event.type, event.data, event.lastEventId);
  }
}
reader.delete();
