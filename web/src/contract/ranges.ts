import type { BrowserFeature } from "./core-module.js";

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
}

/** The server's own ranges (docs/api.md), and ours for the window. */
export const RATE: Range = { minimum: 0.1, maximum: 5000, initial: 5 };
export const PAYLOAD: Range = { minimum: 16, maximum: 65536, initial: 64 };
export const WINDOW: Range = { minimum: 0.05, maximum: 60, initial: 10 };
/** The core's range; 0 is one way only. */
export const BACK: Range = { minimum: 0.1, maximum: 10, initial: 0 };
/** The core's range; 0 stands still. */
export const SPEED: Range = { minimum: 0, maximum: 1000, initial: 1 };

/** How far back the picture can be looked at; the core remembers a little more. */
export const LOOK_BACK_MS = 100_000;

/** How messages are spread over time; the rate is the mean of each (docs/api.md, Scenario). */
export const PATTERNS = ["steady", "bursty", "poisson"] as const;
export type Pattern = (typeof PATTERNS)[number];

export function isPattern(word: string): word is Pattern {
  return PATTERNS.some((pattern) => pattern === word);
}

export const BROWSER_FEATURES: readonly BrowserFeature[] = [
  "EventSource",
  "WebSocket",
  "fetch",
  "XMLHttpRequest",
];
