import type { TransportFace } from "../contract/core-module.js";

// What will be seen of a lane, for an element that has not been started: polls as fans, streams as
// slopes. It is drawn pale, and the element says that it is a sketch.

/** Milliseconds from the left edge of the sketch to the right one, and between two messages. */
const SPAN_MS = 10_000;
const EVERY_MS = 400;

/** From one place to another, from 0 at the left edge to 1 at the right one. */
export type Stretch = readonly [from: number, to: number];

/** Of each message: where it is sent, and where it arrives. */
export function sketchedMessages({ polls, holds }: TransportFace): readonly Stretch[] {
  const messages: Stretch[] = [];
  for (let at = -1200; at < SPAN_MS; at += EVERY_MS) {
    const poll = Math.ceil((at + 60) / 2000) * 2000 + 60;
    const arrival = polls && !holds ? poll : at + (polls ? 150 : 90);
    messages.push([at / SPAN_MS, arrival / SPAN_MS]);
  }
  return messages;
}

/** Of each connection: while it is open. */
export function sketchedConnections(face: TransportFace): readonly Stretch[] {
  if (!face.polls) return [[-0.02, 1.02]];
  if (face.holds) return sketchedMessages(face).map(([from, to]) => [from - 0.022, to - 0.002]);
  return [0, 0.2, 0.4, 0.6, 0.8].map((at) => [at - 0.004, at + 0.006]);
}
