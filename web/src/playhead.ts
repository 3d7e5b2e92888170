/** How far back the picture can be looked at; the core remembers a little more. */
export const LOOK_BACK_MS = 100_000;

/** The windows that zooming goes through, in seconds. */
export const ZOOM_STOPS: readonly number[] = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60];

/** The stop after the window's, towards a wider (1) or a narrower one (-1). */
export function zoomed(windowS: number, direction: 1 | -1): number {
  const stops = direction > 0 ? ZOOM_STOPS : [...ZOOM_STOPS].reverse();
  return stops.find((stop) => (stop - windowS) * direction > 1e-9) ?? windowS;
}

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
