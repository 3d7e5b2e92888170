import type { LaneSnapshot } from "../contract/core-module.js";
import { bytes, count, duration, rate, ratio, spoken } from "../text/figures.js";

/** What a figure may be measured against. */
export interface RunFacts {
  readonly elapsedMs: number;
  /** Bytes of payload in a message, as asked for. */
  readonly payload: number;
}

export type ColumnId =
  | "median"
  | "p95"
  | "p99"
  | "max"
  | "rate"
  | "bytes"
  | "overhead"
  | "requests"
  | "connections"
  | "roundTrip"
  | "unheard"
  | "first"
  | "reconnects"
  | "missing"
  | "duplicate"
  | "reordered";

/** A figure of "What it cost": where it comes from, how it is written, and which one is best. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** With its unit, for files that other programs read. */
  readonly field: string;
  readonly explains: string;
  /** Shown without "All figures". */
  readonly main?: boolean;
  /** Whether the ratio to the best stands beside it: the least is best. */
  readonly compared?: boolean;
  /** Anything above 0 is trouble. */
  readonly trouble?: boolean;
  readonly value: (lane: LaneSnapshot, run: RunFacts) => number | null;
  readonly text: (value: number) => string;
}

const inTime = (ms: number): string => spoken(duration(ms));
const inBytes = (value: number): string => spoken(bytes(value));
const times = (value: number): string => `${rate(Number(value.toPrecision(3)))}×`;

export const COLUMNS: readonly Column[] = [
  {
    id: "median",
    title: "median",
    field: "median_ms",
    explains: "Delay from the scheduled send to the arrival: half of the messages were faster",
    main: true,
    compared: true,
    value: ({ delay }) => delay?.medianMs ?? null,
    text: inTime,
  },
  {
    id: "p95",
    title: "p95",
    field: "p95_ms",
    explains: "Delay that 95 of 100 messages stayed below",
    compared: true,
    value: ({ delay }) => delay?.p95Ms ?? null,
    text: inTime,
  },
  {
    id: "p99",
    title: "p99",
    field: "p99_ms",
    explains: "Delay that 99 of 100 messages stayed below",
    main: true,
    value: ({ delay }) => delay?.p99Ms ?? null,
    text: inTime,
  },
  {
    id: "max",
    title: "max",
    field: "max_ms",
    explains: "The longest delay of the run",
    value: ({ delay }) => delay?.maxMs ?? null,
    text: inTime,
  },
  {
    id: "rate",
    title: "messages/s",
    field: "messages_per_s",
    explains: "Messages that arrived, by the time of the run",
    value: ({ messages }, { elapsedMs }) => (elapsedMs > 0 ? (1000 * messages) / elapsedMs : null),
    text: (value) => rate(Number(value.toPrecision(3))),
  },
  {
    id: "bytes",
    title: "bytes/msg",
    field: "bytes_per_message",
    explains: "Both ways at the server’s socket, heads and framing included, divided by messages",
    main: true,
    compared: true,
    value: ({ bytesPerMessage }) => bytesPerMessage,
    text: inBytes,
  },
  {
    id: "overhead",
    title: "overhead",
    field: "overhead_factor",
    explains: "Bytes a message over the bytes of its payload",
    value: ({ bytesPerMessage }, { payload }) =>
      bytesPerMessage === null || payload <= 0 ? null : bytesPerMessage / payload,
    text: times,
  },
  {
    id: "requests",
    title: "requests",
    field: "requests",
    explains: "HTTP requests the server answered",
    main: true,
    value: ({ requests }) => requests,
    text: count,
  },
  {
    id: "connections",
    title: "connections",
    field: "connections",
    explains: "TCP connections the server saw",
    main: true,
    value: ({ connections }) => connections,
    text: count,
  },
  {
    id: "roundTrip",
    title: "round trip",
    field: "round_trip_ms",
    explains: "From saying something on the lane until it comes down there: the median",
    compared: true,
    value: ({ back }) => back?.roundTrip?.medianMs ?? null,
    text: inTime,
  },
  {
    id: "unheard",
    title: "unheard",
    field: "unheard",
    explains: "What the page said on the lane that has not come down there, or not yet",
    // Runs that were saved before there was a way back have none.
    value: ({ back }) => (back ? back.said - back.heard : null),
    text: count,
  },
  {
    id: "first",
    title: "first message",
    field: "first_message_ms",
    explains: "From the start of the lane to its first message",
    compared: true,
    value: ({ firstMessageMs }) => firstMessageMs,
    text: inTime,
  },
  {
    id: "reconnects",
    title: "reconnects",
    field: "reconnects",
    explains: "Times a stream or a poll had to start again",
    value: ({ reconnects }) => reconnects,
    text: count,
  },
  {
    id: "missing",
    title: "missing",
    field: "missing",
    explains: "Messages that others have and this lane lacks",
    main: true,
    trouble: true,
    value: ({ missing }) => missing,
    text: count,
  },
  {
    id: "duplicate",
    title: "duplicate",
    field: "duplicate",
    explains: "Messages that came more than once",
    value: ({ duplicate }) => duplicate,
    text: count,
  },
  {
    id: "reordered",
    title: "reordered",
    field: "reordered",
    explains: "Messages that came after a later one",
    value: ({ reordered }) => reordered,
    text: count,
  },
];

export function columnOf(id: ColumnId): Column {
  const column = COLUMNS.find((each) => each.id === id);
  if (column === undefined) throw new RangeError(`There is no column "${id}".`);
  return column;
}

/** The smallest value of a column: what a ratio is a ratio to. Null where no lane has one. */
export function leastOf(
  column: Column,
  lanes: readonly LaneSnapshot[],
  run: RunFacts,
): number | null {
  const values = lanes.map((lane) => column.value(lane, run)).filter((value) => value !== null);
  return values.length > 0 ? Math.min(...values) : null;
}

/** "best", "2.6×"; "" where there is nothing to compare. */
export function besideText(column: Column, value: number | null, least: number | null): string {
  if (column.compared !== true || value === null || least === null || least <= 0) return "";
  return ratio(value / least);
}
