/** What a check of a path has to say so far: `to_json` in core/check/report.cc writes it. */
import type { Fault, TransportId } from "./core-module.js";

export type ProbeKind =
  | "open"
  | "writes"
  | "ramp"
  | "silence"
  | "beat"
  | "status"
  | "end"
  | "seen"
  | "cookie"
  | "body"
  | "upload"
  | "header"
  | "message"
  | "event"
  | "repeated"
  | "streams"
  | "both-ways"
  | "fill"
  | "round-trip";

export type ProbeOutcome =
  | "waiting"
  | "running"
  | "none"
  | "whole"
  | "ended"
  | "broke"
  | "answered"
  | "timed-out"
  | "not-sent"
  | "skipped"
  | "stopped";

/** Milliseconds since the check began: what was written then, and when it arrived. */
export type CheckedWrite = readonly [sentMs: number, atMs: number];

export interface CheckProbe {
  readonly kind: ProbeKind;
  readonly transport: TransportId;
  /** Without the header fields that ask those on the way not to hold it. */
  readonly plain?: boolean;
  /** As text/plain. */
  readonly text?: boolean;
  readonly bytes?: number;
  readonly duration_ms?: number;
  readonly beat?: "comment" | "event" | "ping" | "pong";
  readonly again?: boolean;
  readonly outcome: ProbeOutcome;
  readonly began_ms?: number;
  readonly opened_ms?: number;
  readonly ended_ms?: number;
  readonly status?: number;
  readonly code?: number;
  readonly words?: string;
  readonly server_end?: string;
  readonly writes?: readonly CheckedWrite[];
}

export interface CheckRemedy {
  readonly who: "reader" | "application" | "operator";
  readonly software?: string;
  readonly text: string;
  readonly code?: string;
  readonly tried?: boolean;
}

export type CheckSeverity = "good" | "note" | "trouble" | "unknown";

export interface CheckFinding {
  readonly code: string;
  readonly severity: CheckSeverity;
  readonly transport?: TransportId;
  readonly title: string;
  readonly seen: string;
  readonly meaning?: string;
  readonly duration_ms?: number;
  readonly bytes?: number;
  readonly status?: number;
  readonly count?: number;
  readonly plain_only?: boolean;
  /** Which of the report's probes showed it. */
  readonly probes: readonly number[];
  readonly remedies: readonly CheckRemedy[];
}

export interface CheckLane {
  readonly transport: TransportId;
  readonly title: string;
  /** "101 in 14 ms"; empty before its first try. */
  readonly state: string;
  /** "works", "held back"; empty as long as it is not known. */
  readonly verdict: string;
  readonly detail: string;
  readonly trouble: boolean;
}

export interface CheckReport {
  readonly format: 1;
  readonly server: string;
  readonly version: string;
  readonly http_version: string;
  readonly quick: boolean;
  readonly state: "running" | "done" | "failed";
  /** Why it could not be made: a sentence. */
  readonly error: string;
  readonly done: number;
  readonly total: number;
  readonly left_ms: number;
  readonly elapsed_ms: number;
  readonly verdict: string;
  readonly trouble: boolean;
  readonly path: string;
  readonly lanes: readonly CheckLane[];
  readonly probes: readonly CheckProbe[];
  readonly findings: readonly CheckFinding[];
  readonly ladder: readonly TransportId[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** The path as a playground can play it. */
  readonly conditions: {
    readonly round_trip_ms?: number;
    readonly faults: readonly Fault[];
  };
}

export interface CheckSettings {
  /** "https://example.org/prefix", without a slash at the end. */
  readonly server: string;
  /** Leaves out what takes long: silence, sizes, figures. */
  readonly quick?: boolean;
  /** Default: 65; at most 300. */
  readonly longest_silence_s?: number;
  /** A channel whose faults are on the probes' path. */
  readonly channel?: string;
  /** In virtual time, over a path with these faults. */
  readonly simulated?: {
    readonly faults: readonly Fault[];
    readonly round_trip_ms?: number;
    readonly speed?: number;
  };
}

/** The module `playground_check` (wasm/). */
export interface CheckModule {
  PathCheck: new () => PathCheck;
}

export interface PathCheck {
  /** Empty, or a sentence that says why it cannot be made. */
  start(settingsJson: string): string;
  /** Ends what still runs; what is known stays. */
  stop(): void;
  /** JSON of a `CheckReport`; lets a simulated check's time pass. */
  report(): string;
  markdown(): string;
  delete(): void;
}
