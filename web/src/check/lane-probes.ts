/** What of a report belongs to one lane, and what of that tells most. No DOM. */
import type { CheckFinding, CheckLane, CheckProbe, CheckReport } from "../contract/check-report.js";

export interface LaneProbes {
  readonly lane: CheckLane;
  readonly probes: readonly CheckProbe[];
  /** Its tries to open. */
  readonly tries: readonly CheckProbe[];
  /** The one that is drawn; null where none has begun. */
  readonly writes: CheckProbe | null;
  readonly silences: readonly CheckProbe[];
  readonly beats: readonly CheckProbe[];
  /** That it is held back, and that its connections are cut. */
  readonly held: CheckFinding | null;
  readonly cut: CheckFinding | null;
}

/** When the server writes, in milliseconds (core/check/manner.h has the same). */
export const WRITE_MOMENTS: readonly number[] = [0, 5, 25, 125, 625, 3125];

/** Of two, what is held longer by so much less than this is held as long. */
const NOTICED_MS = 200;

export function lanesOf(report: CheckReport): readonly LaneProbes[] {
  return report.lanes.map((lane) => {
    const probes = report.probes.filter(({ transport }) => transport === lane.transport);
    const of = (kind: CheckProbe["kind"]): CheckProbe[] =>
      probes.filter((probe) => probe.kind === kind);
    const finding = (...codes: string[]): CheckFinding | null =>
      report.findings.find(
        ({ code, transport, severity }) =>
          transport === lane.transport && codes.includes(code) && severity !== "good",
      ) ?? null;
    return {
      lane,
      probes,
      tries: of("open"),
      writes: telling(of("writes")),
      silences: of("silence").filter(mayBeSilent),
      beats: of("beat").filter(mayBeSilent),
      held: finding("held"),
      cut: finding("silence-cut", "silence-dropped", "cut-anyway"),
    };
  });
}

/** What did not open was not silent either. */
function mayBeSilent({ opened_ms, ended_ms, transport }: CheckProbe): boolean {
  return opened_ms !== undefined || ended_ms === undefined || transport === "long-poll";
}

/** Of the ways in which it was written, the one that was held longest; the plain one of equals. */
function telling(writes: readonly CheckProbe[]): CheckProbe | null {
  const begun = writes.filter(({ began_ms }) => began_ms !== undefined);
  const rank = (probe: CheckProbe): number =>
    longest(probe) +
    (probe.plain === true ? NOTICED_MS / 2 : 0) -
    (isVariant(probe) ? NOTICED_MS : 0);
  return begun.reduce<CheckProbe | null>(
    (best, each) => (best === null || rank(each) > rank(best) ? each : best),
    null,
  );
}

function isVariant({ bytes, text, again }: CheckProbe): boolean {
  return (bytes ?? 0) > 0 || text === true || again === true;
}

/** How long any of its writes took. */
export function longest({ writes = [] }: CheckProbe): number {
  return Math.max(0, ...writes.map(([sent, at]) => at - sent));
}

/** How long it has been silent, or was. */
export function silentFor(probe: CheckProbe, elapsedMs: number): number {
  const { began_ms, opened_ms, ended_ms, transport, outcome, duration_ms } = probe;
  if (began_ms === undefined) return 0;
  // A poll is silent from its request on.
  const from = transport === "long-poll" ? began_ms : (opened_ms ?? began_ms);
  const length = Math.max(0, (ended_ms ?? elapsedMs) - from);
  return outcome === "whole" || outcome === "running"
    ? Math.min(length, duration_ms ?? Infinity)
    : length;
}
