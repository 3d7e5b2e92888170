import type { Delay } from "../contract/core-module.js";
import type { LaneName, RunLane } from "./run-lanes.js";

/** What is sampled of a lane, once a second. */
const SERIES = ["delay", "bytes", "messages", "requests", "connections"] as const;
export type SeriesId = (typeof SERIES)[number];

/** An hour of seconds; after it the oldest second makes room. Memory is taken once. */
export const KEPT_SECONDS = 3600;
const SAMPLE_MS = 1000;

/** The second that a lane was seen last in, to take differences from. */
interface Seen {
  readonly parts: ReadonlyMap<number, number>;
  readonly messages: number;
  readonly bytes: number;
}

/** A run, second by second, for as long as is kept. NaN is a second without a figure. */
export class RunHistory {
  readonly #times = new Float64Array(KEPT_SECONDS);
  readonly #values = new Map<string, Record<SeriesId, Float32Array>>();
  #seen = new Map<string, Seen>();
  #next = 0;
  #length = 0;
  #lastMs = 0;

  get length(): number {
    return this.#length;
  }

  clear(lanes: readonly LaneName[]): void {
    const keys = lanes.map(({ key }) => key);
    for (const key of this.#values.keys()) if (!keys.includes(key)) this.#values.delete(key);
    const empty = (): Float32Array => new Float32Array(KEPT_SECONDS);
    for (const key of keys) if (!this.#values.has(key)) this.#values.set(key, eachSeries(empty));
    this.#seen = new Map();
    this.#next = this.#length = this.#lastMs = 0;
  }

  /** Takes a sample where a second has gone by since the last one; answers whether it did. */
  add(elapsedMs: number, lanes: readonly RunLane[]): boolean {
    const passed = elapsedMs - this.#lastMs;
    if (passed < SAMPLE_MS) return false;
    const at = this.#next;
    this.#times[at] = elapsedMs / 1000;
    for (const lane of lanes) {
      const series = this.#values.get(lane.key);
      if (series !== undefined) this.#sample(series, at, lane, passed);
    }
    this.#next = (at + 1) % KEPT_SECONDS;
    this.#length = Math.min(this.#length + 1, KEPT_SECONDS);
    this.#lastMs = elapsedMs;
    return true;
  }

  /** Seconds since the start, oldest first. */
  times(): number[] {
    return this.#inOrder(this.#times);
  }

  /** One lane's series, oldest first; null is a second without a figure. */
  series({ key }: LaneName, id: SeriesId): (number | null)[] {
    const values = this.#values.get(key);
    if (values === undefined) return [];
    return this.#inOrder(values[id]).map((value) => (Number.isNaN(value) ? null : value));
  }

  allSeries(lane: LaneName): Record<SeriesId, (number | null)[]> {
    return eachSeries((id) => this.series(lane, id));
  }

  #inOrder(ring: Float32Array | Float64Array): number[] {
    const from = (this.#next - this.#length + KEPT_SECONDS) % KEPT_SECONDS;
    return Array.from({ length: this.#length }, (_, i) => ring[(from + i) % KEPT_SECONDS] ?? NaN);
  }

  #sample(
    series: Record<SeriesId, Float32Array>,
    at: number,
    lane: RunLane,
    passedMs: number,
  ): void {
    const before = this.#seen.get(lane.key);
    const bytes = lane.wire === null ? 0 : lane.wire.bytesIn + lane.wire.bytesOut;
    const parts = new Map(lane.delay?.parts ?? []);
    const messages = lane.messages - (before?.messages ?? 0);
    const carried = bytes - (before?.bytes ?? 0);
    series.delay[at] = medianOf(difference(lane.delay, before?.parts)) ?? NaN;
    series.bytes[at] = messages > 0 && carried > 0 ? carried / messages : NaN;
    series.messages[at] = (1000 * messages) / passedMs;
    series.requests[at] = lane.requests;
    series.connections[at] = lane.connections ?? NaN;
    this.#seen.set(lane.key, { parts, messages: lane.messages, bytes });
  }
}

function eachSeries<Value>(of: (id: SeriesId) => Value): Record<SeriesId, Value> {
  return Object.fromEntries(SERIES.map((id) => [id, of(id)])) as Record<SeriesId, Value>;
}

type Parts = readonly (readonly [largestMs: number, count: number])[];

/** The delays of the time between two snapshots. */
function difference(now: Delay | null, before: ReadonlyMap<number, number> | undefined): Parts {
  return (now?.parts ?? [])
    .map(([largest, count]) => [largest, count - (before?.get(largest) ?? 0)] as const)
    .filter(([, count]) => count > 0);
}

/** The median of a histogram, as far into its part as the rank is; null of an empty one. */
export function medianOf(parts: Parts): number | null {
  const total = parts.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [largest, count] of parts) {
    if (seen + count >= total / 2) {
      // A part is an eighth of a power of two wide.
      const width = 2 ** Math.floor(Math.log2(Math.max(largest, 1e-3))) / 8;
      return largest - width * (1 - (total / 2 - seen) / count);
    }
    seen += count;
  }
  return null;
}
