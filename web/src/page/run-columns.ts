import type { LaneSnapshot, Snapshot } from "../contract/core-module.js";
import {
  NO_FIGURE,
  bytes,
  count,
  delay,
  duration,
  errorMatters,
  rate,
  ratio,
  spoken,
} from "../text/figures.js";
import { countsLastHop } from "../text/lane-way.js";
import { isEndpoint, type Figures, type Known, type RunLane } from "./run-lanes.js";

/** Of what no figure can be had. */
export const NOT_KNOWN = "not known";

/** What a figure may be measured against. */
export interface RunFacts {
  readonly elapsedMs: number;
  /** Bytes of payload in a message, as asked for. */
  readonly payload: number;
  /** How far off the clocks may be, the same for all delays of the run. */
  readonly clockErrorMs: number;
  /** Whether what is counted at the socket is, of some lane, between a proxy and the server. */
  readonly lastHop: boolean;
}

type Clock = Pick<RunFacts, "clockErrorMs">;

/** `payload` is what the run was asked for, in bytes. */
export function factsOf(
  {
    elapsedMs,
    clock,
    proxied,
    lanes,
  }: Pick<Snapshot, "elapsedMs" | "clock" | "proxied"> & {
    readonly lanes: readonly LaneSnapshot[];
  },
  payload: number,
): RunFacts {
  const lastHop = lanes.some((lane) => countsLastHop(lane, proxied));
  return { elapsedMs, payload, clockErrorMs: clock.errorMs, lastHop };
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
  /** Whether it is a time from one clock to another. */
  readonly clocks?: boolean;
  /** Whether it is counted at the server's socket: a proxy's other side is not seen. */
  readonly socket?: boolean;
  /** Without it there can be none. */
  readonly needs?: keyof Known;
  readonly value: (lane: Figures, run: RunFacts) => number | null;
  /** Without `clockErrorMs` as if the clocks were right. */
  readonly text: (value: number, clockErrorMs?: number) => string;
}

const inTime = (ms: number): string => spoken(duration(ms));
const betweenClocks = (ms: number, clockErrorMs = 0): string => spoken(delay(ms, clockErrorMs));
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
    clocks: true,
    needs: "times",
    value: ({ delay }) => delay?.medianMs ?? null,
    text: betweenClocks,
  },
  {
    id: "p95",
    title: "p95",
    field: "p95_ms",
    explains: "Delay that 95 of 100 messages stayed below",
    compared: true,
    clocks: true,
    needs: "times",
    value: ({ delay }) => delay?.p95Ms ?? null,
    text: betweenClocks,
  },
  {
    id: "p99",
    title: "p99",
    field: "p99_ms",
    explains: "Delay that 99 of 100 messages stayed below",
    main: true,
    clocks: true,
    needs: "times",
    value: ({ delay }) => delay?.p99Ms ?? null,
    text: betweenClocks,
  },
  {
    id: "max",
    title: "max",
    field: "max_ms",
    explains: "The longest delay of the run",
    clocks: true,
    needs: "times",
    value: ({ delay }) => delay?.maxMs ?? null,
    text: betweenClocks,
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
    socket: true,
    needs: "server",
    value: ({ bytesPerMessage }) => bytesPerMessage,
    text: inBytes,
  },
  {
    id: "overhead",
    title: "overhead",
    field: "overhead_factor",
    explains: "Bytes a message over the bytes of its payload",
    socket: true,
    needs: "server",
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
    socket: true,
    needs: "server",
    value: ({ connections }) => connections,
    text: count,
  },
  {
    id: "roundTrip",
    title: "round trip",
    field: "round_trip_ms",
    explains: "From saying something on the lane until it comes down there: the median",
    compared: true,
    needs: "server",
    value: ({ back }) => back?.roundTrip?.medianMs ?? null,
    text: inTime,
  },
  {
    id: "unheard",
    title: "unheard",
    field: "unheard",
    explains: "What the page said on the lane that has not come down there, or not yet",
    needs: "server",
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
    needs: "numbers",
    value: ({ missing }) => missing,
    text: count,
  },
  {
    id: "duplicate",
    title: "duplicate",
    field: "duplicate",
    explains: "Messages that came more than once",
    needs: "numbers",
    value: ({ duplicate }) => duplicate,
    text: count,
  },
  {
    id: "reordered",
    title: "reordered",
    field: "reordered",
    explains: "Messages that came after a later one",
    needs: "numbers",
    value: ({ reordered }) => reordered,
    text: count,
  },
];

export function columnOf(id: ColumnId): Column {
  const column = COLUMNS.find((each) => each.id === id);
  if (column === undefined) throw new RangeError(`There is no column "${id}".`);
  return column;
}

/** What stands in place of a figure that there is not: not yet, or never. */
export function noFigure({ needs }: Pick<Column, "needs">, { known }: RunLane): string {
  return needs === undefined || known[needs] ? NO_FIGURE : NOT_KNOWN;
}

/** How far off a lane's delays may be; of an endpoint's clock nobody can say. */
export function clockErrorOf(lane: RunLane, { clockErrorMs }: Clock): number {
  return isEndpoint(lane) ? 0 : clockErrorMs;
}

/** A lane's figure in words. */
export function figureText(column: Column, lane: RunLane, run: RunFacts): string {
  const value = column.value(lane, run);
  if (value === null) return noFigure(column, lane);
  return column.text(value, clockErrorOf(lane, run));
}

/** Delays by the clocks of different servers are not compared. */
function isCompared({ clocks }: Column, lane: RunLane): boolean {
  return clocks !== true || !isEndpoint(lane);
}

/** The smallest value of a column: what a ratio is a ratio to. Null where no lane has one. */
export function leastOf(column: Column, lanes: readonly RunLane[], run: RunFacts): number | null {
  const values = lanes
    .filter((lane) => isCompared(column, lane))
    .map((lane) => column.value(lane, run))
    .filter((value) => value !== null);
  return values.length > 0 ? Math.min(...values) : null;
}

/** A column's title; with where it was counted, if that is not the browser's side. */
export function titleOf({ title, socket }: Column, { lastHop }: RunFacts): string {
  return socket === true && lastHop ? `${title} (last hop)` : title;
}

/** What a column is, in a sentence or two. */
export function explainsOf({ explains, socket }: Column, { lastHop }: RunFacts): string {
  return socket === true && lastHop ? `${explains}. A proxy was seen: behind it` : explains;
}

/**
 * "best", "2.6×"; "≥2.6×" where the clocks' error leaves open how many times it is; "" where there
 * is nothing to compare.
 */
export function besideText(
  column: Column,
  value: number | null,
  least: number | null,
  { clockErrorMs }: Clock,
): string {
  if (column.compared !== true || value === null || least === null || least <= 0) return "";
  const error = column.clocks === true ? clockErrorMs : 0;
  if (!errorMatters(least, error) || value === least) return ratio(value / least);
  const times = (value + error) / (least + error);
  return times < 1.05 ? "" : `≥${ratio(times)}`;
}

/** The same of a lane. */
export function besideOf(
  column: Column,
  lane: RunLane,
  least: number | null,
  run: RunFacts,
): string {
  return isCompared(column, lane) ? besideText(column, column.value(lane, run), least, run) : "";
}
