/** What the check looks at, in pictures, with nobody's figures. */
import type { CheckProbe } from "../contract/check-report.js";
import { PICTURE_HEIGHT, silencePicture, writesPicture } from "./lane-picture.js";
import { WRITE_MOMENTS } from "./lane-probes.js";
import { svg } from "./svg.js";

const AXIS_MS = 3600;
const GAP = 8;

/** Fills the places on the page, as wide as they are. */
export function showSamples(places: Iterable<HTMLElement>): void {
  for (const place of places) {
    const width = place.clientWidth;
    if (width === 0) continue;
    const kind = place.dataset["sample"];
    place.ariaHidden = "true";
    if (kind === "writes") {
      const half = width / 2 - GAP;
      place.replaceChildren(
        side(
          width,
          writesPicture(writes(60), half, AXIS_MS, 0, { text: "at once", trouble: false }),
          writesPicture(writes(null), half, AXIS_MS, 0, { text: "held to the end", trouble: true }),
        ),
      );
    } else if (kind === "silence") place.replaceChildren(silence(width));
    else place.replaceChildren(rest(width));
  }
}

/** Each so many milliseconds later, or all at the end. */
function writes(delayMs: number | null): CheckProbe {
  return {
    kind: "writes",
    transport: "sse",
    outcome: "whole",
    began_ms: 0,
    ended_ms: 3200,
    writes: WRITE_MOMENTS.map((ms) => [
      ms,
      delayMs === null ? 3200 : ms + delayMs * (1 + ms / 400),
    ]),
  };
}

function silence(width: number): SVGElement {
  const bar = (seconds: number, outcome: CheckProbe["outcome"]): CheckProbe => ({
    kind: "silence",
    transport: "sse",
    outcome,
    began_ms: 0,
    ended_ms: 1000 * Math.min(seconds, 60),
    duration_ms: 1000 * seconds,
  });
  const all = [bar(10, "whole"), bar(20, "whole"), bar(45, "whole"), bar(100, "broke")];
  return silencePicture(
    {
      silences: all,
      beats: [],
      cut: {
        code: "silence-cut",
        severity: "trouble",
        title: "",
        seen: "",
        duration_ms: 60_000,
        probes: [],
        remedies: [],
      },
    },
    width,
    100_000,
    0,
    { text: "cut at 60.0 s", trouble: true },
  );
}

/** A request that changes on its way. */
function rest(width: number): SVGElement {
  const middle = width / 2;
  const words = (x: number, y: number, text: string, name = "said"): SVGElement =>
    svg("text", { class: name, x, y, "text-anchor": x < middle ? "start" : "end" }, text);
  const line = (y: number): SVGElement =>
    svg("line", { class: "way", x1: 154, x2: Math.max(154, width - 64), y1: y, y2: y });
  return svg(
    "svg",
    { width, height: PICTURE_HEIGHT },
    words(9, 20, "Upgrade: websocket"),
    line(16),
    words(width - 9, 20, "(gone)", "said trouble"),
    words(9, 40, "429, Retry-After: 5"),
    line(36),
    words(width - 9, 40, "429"),
    words(9, 60, "16 MiB"),
    line(56),
    words(width - 9, 60, "413", "said trouble"),
  );
}

function side(width: number, ...[left, right]: readonly [SVGElement, SVGElement]): SVGElement {
  right.setAttribute("x", String(width / 2 + GAP));
  return svg("svg", { width, height: PICTURE_HEIGHT }, left, right);
}
