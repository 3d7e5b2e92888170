/** A lane of the check as pictures: what was written and when it came, and how silence went. */
import type { CheckProbe, ProbeOutcome } from "../contract/check-report.js";
import { duration, spoken } from "../text/figures.js";
import { WRITE_MOMENTS, silentFor, type LaneProbes } from "./lane-probes.js";
import { svg } from "./svg.js";

/** What stands below a picture. */
export interface Words {
  readonly text: string;
  readonly trouble: boolean;
}

export const PICTURE_HEIGHT = 66;
const TOP = 11;
const BOTTOM = 42;
/** Words stand below all lines and dots. */
const WORDS = 60;
const EDGE = 9;
/** Below so many milliseconds the axis of the writes is even, above it shrinks. */
const KNEE_MS = 25;
const LONGEST_AXIS_MS = 30_000;
const BARS = 36;

/** How long the writes' axis is, for all lanes. */
export function writesAxis(lanes: readonly LaneProbes[]): number {
  const latest = lanes.flatMap(({ writes }) => {
    const all = writes?.writes ?? [];
    const first = all[0]?.[0] ?? 0;
    return all.map(([, at]) => at - first);
  });
  return Math.min(LONGEST_AXIS_MS, Math.max(3500, ...latest) * 1.02);
}

/** How long that of the silences is. */
export function silenceAxis(lanes: readonly LaneProbes[]): number {
  const all = lanes.flatMap(({ silences, beats }) => [...silences, ...beats]);
  return Math.max(10_000, ...all.map(({ duration_ms }) => duration_ms ?? 0));
}

function alongWrites(width: number, axisMs: number): (ms: number) => number {
  const end = Math.log1p(axisMs / KNEE_MS);
  return (ms) =>
    EDGE + (width - 2 * EDGE) * (Math.log1p(Math.max(0, Math.min(ms, axisMs)) / KNEE_MS) / end);
}

/** The moments of the axis, as the head of the lanes has them. */
export function axisPicture(width: number, axisMs: number): SVGElement {
  const x = alongWrites(width, axisMs);
  const ticks = [0, 25, 125, 625, 3125].map((ms) =>
    svg(
      "text",
      { class: "tick", x: x(ms), y: 12, "text-anchor": ms === 0 ? "start" : "middle" },
      ms === 0 ? "0" : ms < 3000 ? `${ms} ms` : "3.1 s",
    ),
  );
  return svg("svg", { width, height: 16, "aria-hidden": "true", class: "axis" }, ...ticks);
}

/** Where there is nothing to draw. */
function wordsPicture(width: number, { text, trouble }: Words): SVGElement {
  const words = svg("text", { class: trouble ? "said trouble" : "said", x: EDGE, y: 17 }, text);
  return svg("svg", { width, height: 26, "aria-hidden": "true" }, words);
}

function hasOpened({ opened_ms, writes = [] }: CheckProbe): boolean {
  return opened_ms !== undefined || writes.length > 0;
}

/** Small lines as the playground's lanes have them: sent above, arrived below. */
export function writesPicture(
  probe: CheckProbe | null,
  width: number,
  axisMs: number,
  elapsedMs: number,
  words: Words,
): SVGElement {
  const shut = probe?.ended_ms !== undefined && !hasOpened(probe);
  if (probe === null || shut) return wordsPicture(width, words);
  const x = alongWrites(width, axisMs);
  const parts: Node[] = WRITE_MOMENTS.map((ms) =>
    svg("line", { class: "grid", x1: x(ms), x2: x(ms), y1: 4, y2: BOTTOM + 6 }),
  );
  parts.push(...lines(probe, x, elapsedMs));
  if (words.text !== "") {
    parts.push(
      svg(
        "text",
        { class: words.trouble ? "said trouble" : "said", x: EDGE, y: WORDS },
        words.text,
      ),
    );
  }
  return svg("svg", { width, height: PICTURE_HEIGHT, "aria-hidden": "true" }, ...parts);
}

function lines(probe: CheckProbe, x: (ms: number) => number, elapsedMs: number): Node[] {
  const writes = probe.writes ?? [];
  const first = writes[0]?.[0] ?? probe.opened_ms ?? probe.began_ms ?? 0;
  const arrived = writes.flatMap(([sent, at]) => {
    const from = x(sent - first);
    const to = Math.max(from, x(at - first));
    const line = svg("line", { class: "way", x1: from, y1: TOP, x2: to, y2: BOTTOM });
    const title = svg("title", {}, `arrived after ${spoken(duration(Math.max(0, at - sent)))}`);
    return [
      line,
      svg("circle", { class: "sent", cx: from, cy: TOP, r: 1.7 }),
      svg("circle", { class: "arrived", cx: to, cy: BOTTOM, r: 3.6 }, title),
    ];
  });
  // What must have been written by now, and has not come.
  const until = (probe.ended_ms ?? elapsedMs) - first;
  const opened = hasOpened(probe);
  const missing = WRITE_MOMENTS.slice(writes.length)
    .filter((ms) => ms <= until && opened)
    .flatMap((ms) => [
      svg("line", { class: "missing", x1: x(ms), y1: TOP, x2: x(ms) + 9, y2: TOP + 15 }),
      svg("circle", { class: "sent", cx: x(ms), cy: TOP, r: 1.7 }),
    ]);
  return [...arrived, ...missing];
}

/** Bars that grow as long as nothing is said, and end where somebody ends the connection. */
export function silencePicture(
  { silences, beats, cut }: Pick<LaneProbes, "silences" | "beats" | "cut">,
  width: number,
  axisMs: number,
  elapsedMs: number,
  words: Words,
): SVGElement {
  const end = width - 2 * EDGE;
  const x = (ms: number): number => EDGE + (end * Math.min(ms, axisMs)) / axisMs;
  const begun = [...silences, ...beats]
    .filter(({ began_ms }) => began_ms !== undefined)
    .sort((a, b) => (a.duration_ms ?? 0) - (b.duration_ms ?? 0));
  if (begun.length === 0 && cut === null) return wordsPicture(width, words);
  const pitch = Math.min(8, BARS / Math.max(1, begun.length));
  const thick = Math.max(1.5, Math.min(5, pitch - 1.5));
  const parts: Node[] = [];
  begun.forEach((probe, row) => {
    const lasted = silentFor(probe, elapsedMs);
    const beats = probe.kind === "beat";
    // A browser asks once more by itself: the server knows better when the first was cut.
    const asked = !beats && cut?.code === "silence-cut" && probe.outcome !== "whole";
    const length = asked ? Math.min(lasted, cut.duration_ms ?? lasted) : lasted;
    const y = 8 + row * pitch;
    parts.push(
      svg(
        "line",
        {
          class: `silence ${beats ? "beats" : ""} is-${probe.outcome}`,
          x1: EDGE,
          x2: Math.max(EDGE + 1, x(length)),
          y1: y,
          y2: y,
          "stroke-width": thick,
        },
        svg("title", {}, silenceWords(probe, length)),
      ),
    );
  });
  const at = cut?.duration_ms;
  if (at !== undefined) {
    parts.push(svg("line", { class: "cut", x1: x(at), x2: x(at), y1: 3, y2: BOTTOM + 6 }));
  }
  if (words.text !== "") {
    // By its cut where there is room, and inside the picture in any case.
    const where = at === undefined ? EDGE : x(at);
    const right = at !== undefined && where > width * 0.55;
    parts.push(
      svg(
        "text",
        {
          class: words.trouble ? "said trouble" : "said",
          x: right ? Math.min(where + 4, width - 2) : where,
          y: WORDS,
          "text-anchor": right ? "end" : "start",
        },
        words.text,
      ),
    );
  }
  return svg("svg", { width, height: PICTURE_HEIGHT, "aria-hidden": "true" }, ...parts);
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

export function silenceWords(probe: CheckProbe, lengthMs: number): string {
  const length = secondsText(lengthMs);
  const kept = probe.kind === "beat" ? `, with a heartbeat (${probe.beat ?? ""})` : "";
  const said: Partial<Record<ProbeOutcome, string>> = {
    running: `silent for ${length} so far`,
    whole: `silent for ${length}, and still open`,
    "timed-out": `what was written after ${length} never came`,
    stopped: `stopped after ${length}`,
    skipped: "not tried",
    answered: `answered with ${probe.status ?? 0} after ${length}`,
  };
  return `${said[probe.outcome] ?? `ended after ${length}`}${kept}`;
}

/** The tries to open, as marks: a dot for one that brought a record, a cross for one that did not. */
export function triesPicture(tries: readonly CheckProbe[]): SVGElement {
  const marks = tries.map((probe, at) => {
    const x = 6 + 12 * at;
    if (probe.outcome === "whole") return svg("circle", { class: "arrived", cx: x, cy: 6, r: 3.4 });
    if (probe.ended_ms === undefined)
      return svg("circle", { class: "open-try", cx: x, cy: 6, r: 3 });
    return svg("path", { class: "failed-try", d: `M${x - 3} 3l6 6m0-6l-6 6` });
  });
  return svg(
    "svg",
    { width: Math.max(12, 12 * tries.length), height: 12, "aria-hidden": "true" },
    ...marks,
  );
}
