import { DrawRole, type TransportId } from "./core-module.js";

/** What the page must know of a transport before the core is there to ask. */
export interface TransportFace {
  readonly id: TransportId;
  readonly title: string;
  /** Whose colour the painter uses. */
  readonly role: DrawRole;
  /** The custom property with its colour. */
  readonly colour: string;
}

/** Every transport, in the order of the page. */
export const TRANSPORTS: readonly TransportFace[] = [
  { id: "short-poll", title: "Short polling", role: DrawRole.shortPoll, colour: "--tp-short-poll" },
  { id: "long-poll", title: "Long polling", role: DrawRole.longPoll, colour: "--tp-long-poll" },
  { id: "sse", title: "SSE", role: DrawRole.sse, colour: "--tp-sse" },
  {
    id: "sse-native",
    title: "SSE, browser's own",
    role: DrawRole.sseNative,
    colour: "--tp-sse-native",
  },
  { id: "sse-fetch", title: "SSE over fetch", role: DrawRole.sseFetch, colour: "--tp-sse-fetch" },
  { id: "ndjson", title: "NDJSON stream", role: DrawRole.ndjson, colour: "--tp-ndjson" },
  { id: "websocket", title: "WebSocket", role: DrawRole.websocket, colour: "--tp-websocket" },
];

/** The lanes that are shown unless somebody asks for others. */
export const DEFAULT_LANES: readonly TransportId[] = [
  "short-poll",
  "long-poll",
  "sse",
  "ndjson",
  "websocket",
];

const BY_ID = new Map<string, TransportFace>(TRANSPORTS.map((face) => [face.id, face]));

export function isTransportId(text: string): text is TransportId {
  return BY_ID.has(text);
}

export function faceOf(id: TransportId): TransportFace {
  const face = BY_ID.get(id);
  if (face === undefined) throw new RangeError(`There is no transport "${id}".`);
  return face;
}
