// Made from the core's tables by `make tables`: whoever changes those runs it again.
import type { Range, TransportFace, TransportUse } from "./core-module.js";

export type TransportId = "short-poll" | "long-poll" | "sse" | "sse-native" | "sse-fetch" | "ndjson" | "websocket";
export type BrowserFeature = "EventSource" | "WebSocket" | "fetch" | "XMLHttpRequest";
export type Pattern = "steady" | "bursty" | "poisson";
export type FaultKind = "delay" | "bandwidth" | "stall" | "buffer" | "one-behind" | "cut" | "close" | "idle-cut" | "status" | "upgrade-refused" | "upgrade-hang" | "upgrade-swallow" | "upgrade-flap" | "upgrade-poison" | "evict" | "control-id" | "replay";
export type Reason = "delivers" | "back" | "could-not-connect" | "lost" | "lost-offline" | "silent" | "fell-back" | "nothing-left" | "climbs" | "clock-jumped" | "lacks" | "nothing-to-use" | "probes" | "still-fails" | "took-over" | "suspect" | "shows-life" | "renewed" | "waits-offline" | "tried-at-once" | "told-to-wait" | "browser-connects" | "browser-reconnects" | "browser-gave-up" | "gap" | "numbered-anew" | "waits-for-connection" | "other-server" | "found-out" | "cut-when-silent" | "held-writes" | "lumps" | "one-behind" | "endpoint-not-there" | "endpoint-not-allowed" | "endpoint-preflight" | "endpoint-mixed-content" | "endpoint-policy" | "endpoint-local-network" | "endpoint-not-a-stream" | "endpoint-not-a-websocket" | "channel-lost" | "online" | "offline" | "network-not-needed" | "fault-begins" | "fault-ends" | "fault-lifted" | "faults-lifted" | "too-many-faults" | "fault-refused" | "fault-unanswered" | "server-not-there" | "no-connection-left" | "page-not-allowed" | "page-without-origin" | "local-network-denied" | "not-a-playground-server" | "scenario-refused" | "server-refuses" | "server-away" | "server-busy";

/** Every transport, in the order of the page. */
export const TRANSPORTS: readonly TransportFace[] = [
  { id: "short-poll", title: "Short polling", colour: "--tp-short-poll", role: 0, polls: true, holds: false, twoWay: false, shown: true },
  { id: "long-poll", title: "Long polling", colour: "--tp-long-poll", role: 1, polls: true, holds: true, twoWay: false, shown: true },
  { id: "sse", title: "SSE", colour: "--tp-sse", role: 2, polls: false, holds: false, twoWay: false, shown: true },
  { id: "sse-native", title: "SSE, browser's own", colour: "--tp-sse-native", role: 3, polls: false, holds: false, twoWay: false, shown: false },
  { id: "sse-fetch", title: "SSE over fetch", colour: "--tp-sse-fetch", role: 4, polls: false, holds: false, twoWay: false, shown: false },
  { id: "ndjson", title: "NDJSON stream", colour: "--tp-ndjson", role: 5, polls: false, holds: false, twoWay: false, shown: true },
  { id: "websocket", title: "WebSocket", colour: "--tp-websocket", role: 6, polls: false, holds: false, twoWay: true, shown: true },
];
export const TRANSPORT_USES: Readonly<Record<TransportId, TransportUse>> = {
  "short-poll": { inside: "short polling", needs: "XMLHttpRequest", path: "poll", contentType: "application/json", reconnectsItself: false, ladder: ["short-poll"] },
  "long-poll": { inside: "long polling", needs: "XMLHttpRequest", path: "long-poll", contentType: "application/json", reconnectsItself: false, ladder: ["long-poll", "short-poll"] },
  "sse": { inside: "SSE", needs: "EventSource", path: "sse", contentType: "text/event-stream", reconnectsItself: false, ladder: ["sse", "sse-fetch", "long-poll", "short-poll"] },
  "sse-native": { inside: "SSE with the browser's own reconnection", needs: "EventSource", path: "sse", contentType: "text/event-stream", reconnectsItself: true, ladder: ["sse-native", "sse-fetch", "long-poll", "short-poll"] },
  "sse-fetch": { inside: "SSE over fetch", needs: "fetch", path: "sse", contentType: "text/event-stream", reconnectsItself: false, ladder: ["sse-fetch", "long-poll", "short-poll"] },
  "ndjson": { inside: "an NDJSON stream", needs: "fetch", path: "stream", contentType: "application/x-ndjson", reconnectsItself: false, ladder: ["ndjson", "long-poll", "short-poll"] },
  "websocket": { inside: "WebSocket", needs: "WebSocket", path: "websocket", contentType: "", reconnectsItself: false, ladder: ["websocket", "sse", "sse-fetch", "long-poll", "short-poll"] },
};

export const BROWSER_FEATURES: readonly BrowserFeature[] = ["EventSource", "WebSocket", "fetch", "XMLHttpRequest"];
export const PATTERNS: readonly Pattern[] = ["steady", "bursty", "poisson"];

/** Of a scenario's fields, and of a run's settings. */
export const RANGES: Readonly<Record<"rate" | "payload_bytes" | "count" | "history" | "seed" | "backRate" | "speed", Range>> = {
  rate: { minimum: 0.1, maximum: 5000, initial: 5 },
  payload_bytes: { minimum: 16, maximum: 65536, initial: 64 },
  count: { minimum: 0, maximum: 1000000000, initial: 0 },
  history: { minimum: 1, maximum: 100000, initial: 10000 },
  seed: { minimum: 0, maximum: 4294967295, initial: 1 },
  backRate: { minimum: 0.1, maximum: 10, initial: 0 },
  speed: { minimum: 0, maximum: 1000, initial: 1 },
};

/** Who a colour belongs to, beside the transports. */
export const enum DrawRole {
  ink = 7,
  muted = 8,
  trouble = 9,
  grid = 10,
}

/**
 * A drawing is a list of numbers: an operation, its arguments, the next operation, … Coordinates
 * are CSS pixels of the lane named last, y downwards.
 */
export const enum DrawOp {
  /** lane index: what follows goes on that lane's canvas, which is cleared first. */
  lane = 0,
  /** role, alpha, width, dash (0 is solid), n, then n times x1 y1 x2 y2. */
  lines = 1,
  /** role, alpha, radius, n, then n times x y. */
  dots = 2,
  /** role, alpha, radius of the corners, n, then n times x y width height. */
  bars = 3,
  /** role, n, then n times alpha x1 y1 x2 y2 x3 y3 x4 y4: filled quadrilaterals. */
  quads = 4,
  /** role, weight (400 or 600), align (-1 left, 0 centre, 1 right), text index, x, y of the baseline. */
  text = 5,
}
