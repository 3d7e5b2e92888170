import type { LaneSnapshot, TransportId } from "../contract/core-module.js";
import { infoOf } from "./transport-info.js";
import type { RunFacts } from "./run-columns.js";

/**
 * Memory of a reader that holds an idle event stream, in bytes: measured by this project's own
 * benchmark (tests/bench) on this project's own server. It holds for no other server, and leaves out
 * what the kernel keeps for a socket.
 */
export const BYTES_PER_STREAM = 512;

export interface DayCost {
  readonly lane: TransportId;
  readonly requests: number;
  readonly bytes: number;
  /** Connections open at once, on average. */
  readonly held: number;
  /** Bytes of memory; null where nobody has measured it. */
  readonly memory: number | null;
}

export interface Readers {
  readonly number: number;
  /** That one of them is there, of a day. */
  readonly hours: number;
}

/** What `lane` would cost for so many readers a day, if it went on as in this run. */
export function dayCost(
  lane: LaneSnapshot,
  run: Pick<RunFacts, "elapsedMs">,
  readers: Readers,
): DayCost | null {
  if (lane.wire === null || lane.messages === 0 || run.elapsedMs <= 0) return null;
  const seconds = readers.hours * 3600;
  const runSeconds = run.elapsedMs / 1000;
  const { polls, contentType } = infoOf(lane.running);
  // A stream's first request comes once a visit, however long the run was; polls come on and on.
  const requests = polls
    ? (lane.requests / runSeconds) * seconds
    : 1 + (Math.max(0, lane.requests - 1) / runSeconds) * seconds;
  const bytes = ((lane.wire.bytesIn + lane.wire.bytesOut) / runSeconds) * seconds;
  const there = readers.number * (readers.hours / 24);
  return {
    lane: lane.asked,
    requests: requests * readers.number,
    bytes: bytes * readers.number,
    held: there,
    memory: contentType === "text/event-stream" ? there * BYTES_PER_STREAM : null,
  };
}
