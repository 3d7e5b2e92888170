import type { Decision, Settings, Snapshot } from "../contract/core-module.js";
import type { PlaygroundPick } from "./picking.js";

/**
 * What an element shows:
 * - `empty`: not started yet, a sketch and a Start button;
 * - `loading`: the core is on its way; `connecting`: the server is asked; `running`; `stopped`;
 * - `failed`: the server refuses the run or is none, or the core did not load or has crashed;
 * - `unsupported`: no WebAssembly.
 */
export type PlaygroundState =
  "empty" | "loading" | "connecting" | "running" | "stopped" | "failed" | "unsupported";

export interface PlaygroundStateDetail {
  state: PlaygroundState;
  /** A sentence about what is wrong; "" where all is well. */
  message: string;
}

export interface TransportPlaygroundEventMap extends HTMLElementEventMap {
  /** A run begins, with these settings; snapshots and decisions from now on are its own. */
  "playground-start": CustomEvent<Settings>;
  /** Some times a second during a run, once a second while the element is out of sight. */
  "playground-snapshot": CustomEvent<Snapshot>;
  /** Once for each decision, in order. */
  "playground-decision": CustomEvent<Decision>;
  /** Whenever the state changes. */
  "playground-state": CustomEvent<PlaygroundStateDetail>;
  /** The reader zoomed: seconds from the left edge of a lane to the right one. */
  "playground-zoom": CustomEvent<number>;
  /** A message was chosen on a lane, by a click or with Enter. */
  "playground-pick": CustomEvent<PlaygroundPick>;
}

export function dispatch<K extends keyof TransportPlaygroundEventMap>(
  element: HTMLElement,
  type: K,
  detail: TransportPlaygroundEventMap[K] extends CustomEvent<infer Detail> ? Detail : never,
): void {
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}
