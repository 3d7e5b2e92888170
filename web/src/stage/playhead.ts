import { LOOK_BACK_MS } from "../contract/ranges.js";

/**
 * The moment at the right edge of the lanes: now, or one that was held. Milliseconds as the run's
 * clock counts.
 */
export class Playhead {
  #held: number | null = null;

  get paused(): boolean {
    return this.#held !== null;
  }

  edge(nowMs: number): number {
    return this.#held === null ? nowMs : Math.min(this.#held, nowMs);
  }

  hold(nowMs: number): void {
    this.#held ??= nowMs;
  }

  follow(): void {
    this.#held = null;
  }

  /** To a moment, but none before `startMs`, none forgotten, and none to come. */
  seek(moment: number, nowMs: number, startMs: number): void {
    const oldest = Math.min(nowMs, Math.max(startMs, nowMs - LOOK_BACK_MS));
    this.#held = Math.min(nowMs, Math.max(oldest, moment));
  }
}
