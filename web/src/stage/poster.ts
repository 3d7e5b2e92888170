import type { TransportId } from "../contract/core-module.js";
import { DrawOp, DrawRole } from "../contract/tables.js";
import { faceOf } from "../contract/transports.js";
import { sketchedConnections, sketchedMessages } from "../picture/sketch.js";

/** Where the core's pictures have their dots: so far from the upper and from the lower edge. */
const SENT_ROW = 20;
const ARRIVAL_ROW = 13;
const BAR = 9;

/** The sketch of lanes as a display list. */
export function poster(lanes: readonly TransportId[], width: number, height: number): Float32Array {
  const list: number[] = [];
  lanes.forEach((id, index) => {
    const face = faceOf(id);
    const messages = sketchedMessages(face);
    const bottom = height - ARRIVAL_ROW;
    const bars = sketchedConnections(face).map(([from, to]) => [
      from * width,
      bottom - BAR / 2,
      (to - from) * width,
      BAR,
    ]);
    list.push(DrawOp.lane, index);
    list.push(DrawOp.bars, face.role, 0.22, BAR / 2, bars.length, ...bars.flat());
    const lines = messages.flatMap(([from, to]) => [from * width, SENT_ROW, to * width, bottom]);
    list.push(DrawOp.lines, face.role, 0.62, 1.1, 0, messages.length, ...lines);
    const starts = messages.flatMap(([from]) => [from * width, SENT_ROW]);
    list.push(DrawOp.dots, DrawRole.ink, 0.72, 1.5, messages.length, ...starts);
    const ends = messages.flatMap(([, to]) => [to * width, bottom]);
    list.push(DrawOp.dots, face.role, 1, 4, messages.length, ...ends);
  });
  return Float32Array.from(list);
}
