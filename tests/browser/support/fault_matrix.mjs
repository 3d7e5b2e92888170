/** @typedef {import("../../../web/src/contract/core-module.ts").Fault} Fault */
/** @typedef {import("../../../web/src/contract/core-module.ts").TransportId} TransportId */
/** @typedef {import("./decisions.mjs").Wanted} Wanted */

/**
 * What a lane must have seen: a decision of it is one of these; or, deciding nothing, messages that
 * come late; or nothing; or at least another connection, for a browser may repeat a poll by itself.
 * @typedef {Wanted[] | "late" | "nothing" | "another connection"} Seen
 *
 * @typedef {"short-poll" | "long-poll" | "streams" | "sse-native"} SeenBy
 *
 * @typedef {object} FaultRow a fault, and what the lanes that it concerns make of it
 * @property {string} name
 * @property {TransportId[]} on lanes that it is played on
 * @property {(lane: TransportId) => Fault[]} faults to be asked for, in this order
 * @property {number} seconds until it is over
 * @property {number} [rate] messages a second, where 20 are too many
 * @property {Partial<Record<SeenBy, Seen>>} seen with none there may be anything
 * @property {number} [lateMs] how late messages come at least
 * @property {boolean} [repeats] the server says messages twice
 * @property {boolean} [concernsAll] lanes that are not hit may notice
 */

/** @type {TransportId[]} */
export const TRANSPORTS = [
  "short-poll",
  "long-poll",
  "sse",
  "sse-native",
  "sse-fetch",
  "ndjson",
  "websocket",
];
/** Those that the lane reconnects itself. */
export const STREAMS = TRANSPORTS.filter((each) => !/-poll$|-native$/.test(each));
/** @type {TransportId[]} */
const EVENT_STREAMS = ["sse", "sse-fetch"];
/** @type {TransportId[]} */
const WEBSOCKET = ["websocket"];

/** The transports by their names in docs/api.md. @type {Partial<Record<TransportId, string>>} */
const PATHS = {
  "short-poll": "poll",
  "sse-native": "sse",
  "sse-fetch": "sse",
  ndjson: "stream",
};

/**
 * Of a lane only that transport, so that its ladder is free.
 * @param {TransportId} lane
 */
const of = (lane) => ({ lane, transport: PATHS[lane] ?? lane });

/** @typedef {{ kind: string } & Record<string, string | number | boolean>} Asked */

/**
 * For new requests; streams are cut so that they make one.
 * @param {Asked} fault
 */
function atTheDoor({ kind, ...members }) {
  return (/** @type {TransportId} */ lane) => {
    const fault = { kind, ...members, ...of(lane) };
    return lane.endsWith("-poll") ? [fault] : [fault, { kind: "cut", ...of(lane) }];
  };
}

/** @param {Asked} fault */
function onTheWay({ kind, ...members }) {
  return (/** @type {TransportId} */ lane) => [{ kind, ...members, ...of(lane) }];
}

/** @param {string} cause @returns {Wanted} */
const fellBack = (cause) => ({ reason: "fell-back", cause });

/** @type {Wanted[]} */
const LOST = [{ reason: "lost" }, { reason: "lost-offline" }, fellBack("does-not-hold")];
/** @type {Wanted[]} */
const REFUSED = [
  { reason: "could-not-connect" },
  fellBack("refused"),
  { reason: "nothing-left", cause: "refused" },
];
/** @type {Wanted[]} */
const DEAD = [{ reason: "silent" }];
// Firefox keeps a response's head to itself while there is no body.
const BUFFERED = [fellBack("buffered"), fellBack("no-answer")];
// And it opens a WebSocket to where one has just failed only after a while.
const FLAPPING = [fellBack("ends-soon"), fellBack("no-answer")];
/** @type {Wanted[]} */
const BY_ITSELF = [{ reason: "browser-connects" }, { reason: "browser-reconnects" }];

/**
 * @param {Seen | undefined} polls @param {Seen | undefined} streams @param {Seen} [itself] of the
 *   browser's own reconnection
 */
const seenBy = (polls, streams, itself) => ({
  "short-poll": polls,
  "long-poll": polls,
  "sse-native": itself,
  streams,
});

/** @type {FaultRow[]} */
export const FAULTS = [
  {
    name: "delay",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "delay", milliseconds: 1500, jitter_ms: 200, for_s: 2 }),
    seconds: 2,
    seen: seenBy("late", "late", "late"),
    lateMs: 1200,
  },
  {
    name: "bandwidth",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "bandwidth", bytes_per_s: 300, for_s: 3 }),
    seconds: 3,
    seen: seenBy("late", "late", "late"),
    lateMs: 1000,
  },
  {
    name: "stall",
    on: TRANSPORTS.filter((each) => each !== "long-poll"),
    faults: onTheWay({ kind: "stall", for_s: 8 }),
    seconds: 8,
    seen: seenBy(DEAD, DEAD, "late"),
    lateMs: 5000,
  },
  {
    name: "stall of a held request",
    on: ["long-poll"],
    faults: onTheWay({ kind: "stall", for_s: 27 }),
    seconds: 27,
    seen: seenBy(DEAD, undefined),
  },
  {
    name: "buffer",
    on: TRANSPORTS,
    faults: atTheDoor({ kind: "buffer", for_s: 4 }),
    seconds: 4,
    seen: seenBy("nothing", BUFFERED, BY_ITSELF),
  },
  {
    name: "buffer of 6000 bytes",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "buffer", bytes: 6000, for_s: 4 }),
    seconds: 4,
    seen: seenBy("nothing", "late", "late"),
    lateMs: 1000,
  },
  {
    name: "one-behind",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "one-behind", for_s: 5 }),
    seconds: 5,
    rate: 1,
    seen: seenBy("nothing", "late", "late"),
    lateMs: 900,
  },
  {
    name: "cut",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "cut" }),
    seconds: 1,
    seen: seenBy("another connection", LOST, BY_ITSELF),
  },
  {
    name: "cut with RST",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "cut", reset: true }),
    seconds: 1,
    seen: seenBy("another connection", LOST, BY_ITSELF),
  },
  {
    name: "close",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "close" }),
    seconds: 1,
    seen: seenBy("nothing", LOST, BY_ITSELF),
  },
  {
    name: "idle-cut",
    on: TRANSPORTS,
    faults: onTheWay({ kind: "idle-cut", seconds: 0.15, for_s: 5 }),
    seconds: 5,
    rate: 2,
    seen: seenBy("another connection", LOST, BY_ITSELF),
  },
  ...[204, 401, 500, 502, 503].map((status) => ({
    name: `status ${status}`,
    on: TRANSPORTS,
    faults: atTheDoor({ kind: "status", status, for_s: 2 }),
    seconds: 2,
    seen: seenBy([{ end: { status } }], REFUSED, BY_ITSELF),
  })),
  {
    name: "upgrade-refused",
    on: WEBSOCKET,
    faults: atTheDoor({ kind: "upgrade-refused", status: 403, for_s: 4 }),
    seconds: 4,
    seen: seenBy(undefined, REFUSED),
  },
  {
    name: "upgrade-hang",
    on: WEBSOCKET,
    faults: atTheDoor({ kind: "upgrade-hang", for_s: 4 }),
    seconds: 4,
    seen: seenBy(undefined, [{ ...fellBack("no-answer"), other: "sse" }]),
  },
  {
    name: "upgrade-swallow",
    on: WEBSOCKET,
    faults: atTheDoor({ kind: "upgrade-swallow", for_s: 4 }),
    seconds: 4,
    seen: seenBy(undefined, BUFFERED),
  },
  {
    name: "upgrade-flap",
    on: WEBSOCKET,
    faults: atTheDoor({ kind: "upgrade-flap", milliseconds: 200, for_s: 5 }),
    seconds: 5,
    seen: seenBy(undefined, FLAPPING),
  },
  {
    name: "upgrade-poison",
    on: WEBSOCKET,
    faults: () => [
      { kind: "upgrade-poison", lane: "websocket", seconds: 2, for_s: 4 },
      { kind: "cut", lane: "websocket" },
    ],
    seconds: 4,
    seen: seenBy(undefined, REFUSED),
  },
  {
    name: "evict while a lane is away",
    on: TRANSPORTS,
    faults: (lane) => [
      ...atTheDoor({ kind: "status", status: 503, for_s: 2 })(lane),
      { kind: "evict", after_s: 1.5 },
    ],
    seconds: 2,
    seen: seenBy(undefined, LOST, BY_ITSELF),
    concernsAll: true,
  },
  {
    name: "control-id",
    on: EVENT_STREAMS,
    faults: atTheDoor({ kind: "control-id", for_s: 3 }),
    seconds: 3,
    seen: seenBy(undefined, LOST),
  },
  {
    name: "replay",
    on: TRANSPORTS,
    // Firefox's own reconnection takes 5 s.
    faults: atTheDoor({ kind: "replay", messages: 3, for_s: 8 }),
    seconds: 8,
    seen: seenBy("nothing", LOST, BY_ITSELF),
    repeats: true,
  },
];
