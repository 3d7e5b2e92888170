import type { Decision, LaneSnapshot, Snapshot, TransportId } from "../contract/core-module.js";
import { isTransportId } from "../contract/transports.js";
import type { RunHistory, SeriesId } from "./run-history.js";
import { factsOf, type RunFacts } from "./run-columns.js";
import { isEndpoint, ownLane, type RunLane } from "./run-lanes.js";

/** What says that a file is one of ours, and how it is to be read. */
const FORMAT = "transport-playground run";
const VERSION = 1;

export interface RunSettings {
  readonly server: string;
  readonly lanes: readonly TransportId[];
  readonly rate: number;
  readonly payload: number;
  readonly without: readonly string[];
}

/** A run as it is saved: what was asked for, where, and everything that was measured. */
export interface RunFile {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly environment: Readonly<Record<string, string | number>>;
  readonly settings: RunSettings;
  readonly elapsedMs: number;
  readonly sent: number;
  readonly clock: Snapshot["clock"];
  /** As the snapshot's; files of older pages do not say. */
  readonly proxied?: boolean;
  readonly lanes: readonly LaneSnapshot[];
  /** Their figures alone, null where they are not known; files of older pages have none. */
  readonly endpoints?: readonly RunLane[];
  /** Of `lanes`. */
  readonly decisions: readonly Decision[];
  /** Second by second: `seconds` since the start, and a value for each of them or null. */
  readonly history: {
    readonly seconds: readonly number[];
    readonly lanes: Readonly<
      Record<string, Readonly<Record<SeriesId, readonly (number | null)[]>>>
    >;
  };
}

/** `lanes` are all of them, as others may learn of them. */
export function runFile(
  snapshot: Snapshot,
  lanes: readonly RunLane[],
  decisions: readonly Decision[],
  settings: RunSettings,
  history: RunHistory,
  environment: Readonly<Record<string, string | number>>,
): RunFile {
  return {
    format: FORMAT,
    version: VERSION,
    savedAt: new Date().toISOString(),
    environment,
    settings,
    elapsedMs: snapshot.elapsedMs,
    sent: snapshot.sent,
    clock: snapshot.clock,
    proxied: snapshot.proxied,
    lanes: snapshot.lanes,
    endpoints: lanes.filter(isEndpoint),
    decisions,
    history: {
      seconds: history.times(),
      lanes: Object.fromEntries(lanes.map((lane) => [lane.key, history.allSeries(lane)])),
    },
  };
}

export function lanesOfFile({ lanes, endpoints }: RunFile): RunLane[] {
  return [...lanes.map(ownLane), ...(endpoints ?? [])];
}

export function factsOfFile(run: RunFile): RunFacts {
  return factsOf({ ...run, proxied: run.proxied ?? false }, run.settings.payload);
}

/** A file that cannot be shown; `message` says why. */
export class RunFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RunFileError";
  }
}

/** Reads what `runFile` made, perhaps elsewhere: what is shown of it is checked. */
export function readRunFile(text: string): RunFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RunFileError("That file is not JSON.");
  }
  if (!isRecord(json) || json["format"] !== FORMAT) {
    throw new RunFileError("That file is not a saved run of this page.");
  }
  if (json["version"] !== VERSION) {
    throw new RunFileError(
      `That run has version ${String(json["version"])}; this page reads version ${VERSION}.`,
    );
  }
  const { lanes, endpoints = [], settings, savedAt, elapsedMs, clock } = json;
  if (
    !Array.isArray(lanes) ||
    !Array.isArray(endpoints) ||
    lanes.length + endpoints.length === 0 ||
    !lanes.every(isLane) ||
    !endpoints.every(isEndpointLane)
  ) {
    throw new RunFileError("That run has a lane without its figures.");
  }
  if (!isRecord(settings) || !isNumber(settings["payload"]) || !isNumber(settings["rate"])) {
    throw new RunFileError("That run does not say what was asked for.");
  }
  if (typeof savedAt !== "string" || Number.isNaN(Date.parse(savedAt)) || !isNumber(elapsedMs)) {
    throw new RunFileError("That run does not say when it was.");
  }
  if (!isRecord(clock) || !isNumber(clock["errorMs"])) {
    throw new RunFileError("That run does not say how far off its clocks were.");
  }
  return json as unknown as RunFile;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value);
}

const COUNTS = ["messages", "requests", "reconnects"];
/** Of an endpoint they may not be known. */
const UNSURE_COUNTS = ["connections", "missing", "duplicate", "reordered"];
const DELAYS = ["medianMs", "p95Ms", "p99Ms", "maxMs"];

function isLane(value: unknown): boolean {
  return hasFigures(value) && UNSURE_COUNTS.every((name) => isNumber(value[name]));
}

function isEndpointLane(value: unknown): boolean {
  return (
    hasFigures(value) &&
    /^endpoint-[1-8]$/.test(String(value["key"])) &&
    typeof value["origin"] === "string" &&
    isRecord(value["known"]) &&
    value["known"]["server"] === false &&
    UNSURE_COUNTS.every((name) => isNumberOrNull(value[name]))
  );
}

function hasFigures(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const { asked, running, title, delay, bytesPerMessage, firstMessageMs } = value;
  return (
    typeof asked === "string" &&
    isTransportId(asked) &&
    typeof running === "string" &&
    isTransportId(running) &&
    typeof title === "string" &&
    COUNTS.every((name) => isNumber(value[name])) &&
    [bytesPerMessage, firstMessageMs].every(isNumberOrNull) &&
    (delay === null || (isRecord(delay) && DELAYS.every((name) => isNumber(delay[name]))))
  );
}
