import type { Range } from "./core-module.js";
import { PATTERNS, RANGES, type Pattern } from "./tables.js";

/** The core's ranges, and ours for the window. */
export const RATE: Range = RANGES.rate;
export const PAYLOAD: Range = RANGES.payload_bytes;
export const WINDOW: Range = { minimum: 0.05, maximum: 60, initial: 10 };
/** 0 is one way only. */
export const BACK: Range = RANGES.backRate;
/** 0 stands still. */
export const SPEED: Range = RANGES.speed;

/** Of an element, in CSS pixels; 0 is as high as its lanes need. */
export const HEIGHT: Range = { minimum: 160, maximum: 4000, initial: 0 };

/** How far back the picture can be looked at; the core remembers a little more. */
export const LOOK_BACK_MS = 100_000;

export function isPattern(word: string): word is Pattern {
  return PATTERNS.some((pattern) => pattern === word);
}
