import type { Surroundings } from "./surroundings.js";

/** Whoever draws; `nowMs` counts as performance.now() does on the same thread. */
export interface FrameListener {
  frame(nowMs: number): void;
}

/** Milliseconds between two pictures where the reader wants less motion. */
const STEP_MS = 250;

/**
 * The one animation frame that all elements of a page share. It asks for no frame while nobody
 * listens. With reduced motion the time it hands out goes in steps.
 */
export class FrameClock {
  readonly #surroundings: Surroundings;
  readonly #listeners = new Set<FrameListener>();
  #request = 0;
  #lastStep = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  add(listener: FrameListener): void {
    this.#listeners.add(listener);
    this.#lastStep = 0;
    this.#schedule();
  }

  remove(listener: FrameListener): void {
    this.#listeners.delete(listener);
    this.#schedule();
  }

  #schedule(): void {
    const wanted = this.#listeners.size > 0;
    if (wanted && this.#request === 0) {
      this.#request = requestAnimationFrame(this.#tick);
    } else if (!wanted && this.#request !== 0) {
      cancelAnimationFrame(this.#request);
      this.#request = 0;
    }
  }

  readonly #tick = (nowMs: number): void => {
    this.#request = 0;
    const steps = this.#surroundings.reducedMotion;
    const shown = steps ? Math.floor(nowMs / STEP_MS) * STEP_MS : nowMs;
    if (!steps || shown !== this.#lastStep) {
      this.#lastStep = shown;
      // A listener may remove itself while it draws: a Set allows that.
      for (const listener of this.#listeners) listener.frame(shown);
    }
    this.#schedule();
  };
}
