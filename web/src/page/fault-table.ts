import type { Fault } from "../contract/core-module.js";
import { TRANSPORTS, type FaultKind } from "../contract/tables.js";
import { streams } from "../contract/transports.js";

/** A fault as a button. Of its kind's members, those that differ from the server's defaults. */
export interface FaultButton {
  readonly fault: Fault & { readonly kind: FaultKind };
  /** Instead, where it is for all lanes. */
  readonly everyone?: readonly Fault[];
  readonly title: string;
  /** What happens, in a sentence. */
  readonly summary: string;
  /** It happens and is over: a plain button, without a duration. */
  readonly moment?: boolean;
}

const STREAM_PATHS = new Set(TRANSPORTS.filter(streams).map(({ path }) => path));

/** Those that a reader wants first. */
export const FIRST_FAULTS: readonly FaultButton[] = [
  {
    fault: { kind: "buffer" },
    // A proxy lets through what has been upgraded.
    everyone: [...STREAM_PATHS].map((transport) => ({ kind: "buffer", transport })),
    title: "Buffering",
    summary: "A proxy holds each response until it ends: streams stay open and fall silent.",
  },
  {
    fault: { kind: "delay", milliseconds: 500 },
    title: "Delay",
    summary: "Everything comes half a second late.",
  },
  {
    fault: { kind: "stall" },
    title: "Stall",
    summary: "Half-open: nothing passes either way, and nobody is told.",
  },
  {
    fault: { kind: "status" },
    title: "503",
    summary: "New requests are answered 503. What is open stays open: cut it as well.",
  },
  {
    fault: { kind: "upgrade-refused" },
    title: "Upgrade refused",
    summary: "A WebSocket handshake is answered 503. One that is open stays open.",
  },
  {
    fault: { kind: "cut" },
    title: "Cut",
    summary: "Every connection ends now, in the middle: with all lanes, everyone drops at once.",
    moment: true,
  },
  {
    fault: { kind: "stall", for_s: 10 },
    title: "Tunnel, 10 s",
    summary: "Nothing passes either way for ten seconds, as in a train tunnel.",
    moment: true,
  },
];

/** The rest of docs/api.md. */
export const MORE_FAULTS: readonly FaultButton[] = [
  {
    fault: { kind: "bandwidth", bytes_per_s: 2000 },
    title: "2 kB/s",
    summary: "No more than 2,000 bytes a second pass.",
  },
  {
    fault: { kind: "one-behind" },
    title: "One behind",
    summary: "A filter passes each piece when the next one comes.",
  },
  {
    fault: { kind: "idle-cut", seconds: 5 },
    title: "Idle limit, 5 s",
    summary: "A connection on which nothing has passed for five seconds is cut.",
  },
  {
    fault: { kind: "close" },
    title: "Close",
    summary: "Responses end in order; a WebSocket gets a Close frame with 1001.",
    moment: true,
  },
  {
    fault: { kind: "cut", reset: true },
    title: "Reset",
    summary: "Every connection ends now with RST.",
    moment: true,
  },
  {
    fault: { kind: "upgrade-hang" },
    title: "Upgrade hangs",
    summary: "A WebSocket handshake is never answered.",
  },
  {
    fault: { kind: "upgrade-swallow" },
    title: "Frames swallowed",
    summary: "A WebSocket opens, and then no frame passes.",
  },
  {
    fault: { kind: "upgrade-flap" },
    title: "Flapping",
    summary: "A WebSocket opens and is ended 200 ms later, again and again.",
  },
  {
    fault: { kind: "upgrade-poison", seconds: 10 },
    title: "Poisoned",
    summary: "A WebSocket is refused, and the lane’s other requests get 500 for ten seconds.",
  },
  {
    fault: { kind: "evict" },
    title: "Log forgotten",
    summary: "The server forgets all it has sent: who resumes is told with a reset.",
    moment: true,
  },
  {
    fault: { kind: "control-id" },
    title: "Ids on heartbeats",
    summary: "Greetings and heartbeats carry an id ahead of the messages, which moves the cursor.",
  },
  {
    fault: { kind: "replay" },
    title: "Replay",
    summary: "Who resumes gets three messages again that it has.",
  },
];
