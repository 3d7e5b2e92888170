import type { Fault } from "../contract/core-module.js";
import type { FaultKind } from "../contract/tables.js";
import { streams } from "../contract/transports.js";
import { INFOS } from "./transport-info.js";

/** A fault as a button. Of its kind's members, those that differ from the server's defaults. */
export interface FaultButton {
  readonly fault: Fault & { readonly kind: FaultKind };
  readonly title: string;
  /** What happens, in a sentence. */
  readonly summary: string;
}

function offer(kind: FaultKind, title: string, summary: string, members: object = {}): FaultButton {
  return { fault: { kind, ...members }, title, summary };
}

/** Those that a reader wants first. */
export const FIRST_FAULTS: readonly FaultButton[] = [
  offer(
    "buffer",
    "Buffering",
    "A proxy holds each response until it ends: streams stay open and fall silent.",
  ),
  offer("delay", "Delay", "Everything comes half a second late.", { milliseconds: 500 }),
  offer("stall", "Stall", "Half-open: nothing passes either way, and nobody is told."),
  offer("status", "503", "New requests are answered 503. What is open stays open: cut it as well."),
  offer(
    "cut",
    "Cut",
    "Every connection ends now, in the middle: with all lanes, everyone drops at once.",
  ),
];

/** The rest of docs/api.md. */
export const MORE_FAULTS: readonly FaultButton[] = [
  offer(
    "upgrade-refused",
    "Upgrade refused",
    "A WebSocket handshake is answered 503. One that is open stays open.",
  ),
  offer(
    "stall",
    "Tunnel, 10 s",
    "Nothing passes either way for ten seconds, as in a train tunnel.",
    { for_s: 10 },
  ),
  offer("bandwidth", "2 kB/s", "No more than 2,000 bytes a second pass.", { bytes_per_s: 2000 }),
  offer("one-behind", "One behind", "A filter passes each piece when the next one comes."),
  offer(
    "idle-cut",
    "Idle limit, 5 s",
    "A connection on which nothing has passed for five seconds is cut.",
    { seconds: 5 },
  ),
  offer("close", "Close", "Responses end cleanly; a WebSocket gets a Close frame with 1001."),
  offer("cut", "Reset", "Every connection ends now with RST.", { reset: true }),
  offer("upgrade-hang", "Upgrade hangs", "A WebSocket handshake is never answered."),
  offer("upgrade-swallow", "Frames swallowed", "A WebSocket opens, and then no frame passes."),
  offer(
    "upgrade-flap",
    "Flapping",
    "A WebSocket opens and is ended 200 ms later, again and again.",
  ),
  offer(
    "upgrade-poison",
    "Poisoned",
    "A WebSocket is refused, and the lane’s other requests get 500 for ten seconds.",
    { seconds: 10 },
  ),
  offer(
    "evict",
    "Log forgotten",
    "The server forgets everything it has sent: a reader that resumes gets a reset.",
  ),
  offer(
    "control-id",
    "Ids on heartbeats",
    "Greetings and heartbeats carry an id ahead of the messages, which moves the cursor.",
  ),
  offer("replay", "Replay", "A reader that resumes gets three messages that it already has."),
];

/** Whether it ends by itself: a plain button, without a duration. */
export function isMoment({ kind, for_s }: Fault): boolean {
  return for_s !== undefined || ["cut", "close", "evict"].includes(kind);
}

const STREAM_PATHS = new Set(INFOS.filter(streams).map(({ path }) => path));

/** For all lanes. A proxy lets through what has been upgraded. */
export function forEveryone(fault: Fault): readonly Fault[] {
  if (fault.kind !== "buffer") return [fault];
  return [...STREAM_PATHS].map((transport) => ({ ...fault, transport }));
}
