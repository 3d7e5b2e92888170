import type { Fault } from "../contract/core-module.js";

/** What may stand in the way of a simulated check. */
export interface Way {
  readonly id: string;
  readonly title: string;
  readonly faults: readonly Fault[];
}

const on = (paths: readonly string[], fault: Fault): Fault[] =>
  paths.map((transport) => ({ ...fault, transport }));

export const WAYS: readonly Way[] = [
  { id: "none", title: "nothing", faults: [] },
  {
    id: "buffering",
    title: "a buffering proxy",
    faults: on(["sse", "stream"], { kind: "buffer", bytes: 4096 }),
  },
  {
    id: "silence",
    title: "a proxy that cuts silence after 20 s",
    faults: on(["websocket", "sse", "stream", "long-poll"], { kind: "idle-cut", seconds: 20 }),
  },
  {
    id: "upgrade",
    title: "a proxy that refuses Upgrade",
    faults: [{ kind: "upgrade-refused", transport: "websocket", status: 503 }],
  },
  {
    id: "one-behind",
    title: "a filter that is always one write behind",
    faults: on(["sse", "stream"], { kind: "one-behind" }),
  },
];

/** Values of the choice of silence: seconds, or "quick". */
export const SILENCES: readonly (readonly [value: string, title: string])[] = [
  ["quick", "none: quick, about 20 s"],
  ["10", "up to 10 s"],
  ["65", "up to 65 s, about 3 min"],
  ["130", "up to 130 s, about 5 min"],
  ["300", "up to 300 s, about 11 min"],
];
export const USUAL_SILENCE = "65";
