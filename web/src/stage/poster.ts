import type { TransportId, TransportInfo } from "../contract/core-module.js";
import { DrawOp, DrawRole } from "../contract/tables.js";
import { faceOf } from "../contract/transports.js";

/** Where the core's pictures have their dots: so far from the upper and from the lower edge. */
const SENT_ROW = 20;
const ARRIVAL_ROW = 13;
const BAR = 9;
/** The sketch shows ten seconds, with a message every 400 ms. */
const SPAN_MS = 10_000;
const EVERY_MS = 400;

/**
 * A sketch of what will be seen, for an element that has not been started: polls as fans, streams
 * as slopes. It is drawn pale, and the element says that it is a sketch.
 */
export function poster(lanes: readonly TransportId[], width: number, height: number): Float32Array {
  const list: number[] = [];
  lanes.forEach((id, index) => {
    list.push(DrawOp.lane, index);
    drawLane(list, faceOf(id), width, height);
  });
  return Float32Array.from(list);
}

function drawLane(list: number[], face: TransportInfo, width: number, height: number): void {
  const { role } = face;
  const bottom = height - ARRIVAL_ROW;
  const x = (ms: number): number => (ms / SPAN_MS) * width;
  const messages = sentMoments().map((sent) => ({
    sent: x(sent),
    arrived: x(arrival(face, sent)),
  }));

  const bars = connections(face).map(([from, to]) => [
    x(from),
    bottom - BAR / 2,
    x(to - from),
    BAR,
  ]);
  list.push(DrawOp.bars, role, 0.22, BAR / 2, bars.length, ...bars.flat());
  const lines = messages.flatMap(({ sent, arrived }) => [sent, SENT_ROW, arrived, bottom]);
  list.push(DrawOp.lines, role, 0.62, 1.1, 0, messages.length, ...lines);
  const starts = messages.flatMap(({ sent }) => [sent, SENT_ROW]);
  list.push(DrawOp.dots, DrawRole.ink, 0.72, 1.5, messages.length, ...starts);
  const ends = messages.flatMap(({ arrived }) => [arrived, bottom]);
  list.push(DrawOp.dots, role, 1, 4, messages.length, ...ends);
}

function sentMoments(): number[] {
  const moments: number[] = [];
  for (let at = -1200; at < SPAN_MS; at += EVERY_MS) moments.push(at);
  return moments;
}

function arrival({ polls, holds }: TransportInfo, sent: number): number {
  if (!polls) return sent + 90;
  return holds ? sent + 150 : Math.ceil((sent + 60) / 2000) * 2000 + 60;
}

/** From when to when a connection is open. */
function connections({ polls, holds }: TransportInfo): [number, number][] {
  if (!polls) return [[-200, SPAN_MS + 200]];
  if (holds) return sentMoments().map((sent) => [sent - 220, sent + 130]);
  return [0, 2000, 4000, 6000, 8000].map((at) => [at - 40, at + 60]);
}
