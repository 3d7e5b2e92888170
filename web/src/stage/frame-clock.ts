import type { Surroundings } from "./surroundings.js";

/** Whoever draws. */
export interface FrameListener {
  frame(): void;
}

/** Milliseconds between two pictures where the reader wants less motion. */
const STEP_MS = 250;

/**
 * The one animation frame that all elements of a page share. It asks for no frame while nobody
 * listens. With reduced motion it skips all frames but some; whoever is added comes at once. What a
 * listener throws ends it, and is told.
 */
export class FrameClock {
  readonly #surroundings: Surroundings;
  readonly #failed: (error: unknown) => void;
  readonly #listeners = new Set<FrameListener>();
  #request = 0;
  #step = 0;

  constructor(surroundings: Surroundings, failed: (error: unknown) => void) {
    this.#surroundings = surroundings;
    this.#failed = failed;
  }

  add(listener: FrameListener): void {
    this.#listeners.add(listener);
    this.#step = 0;
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
    const step = Math.ceil(nowMs / STEP_MS);
    if (step !== this.#step || !this.#surroundings.reducedMotion) {
      this.#step = step;
      // A listener may remove itself while it draws: a Set allows that.
      try {
        for (const listener of this.#listeners) listener.frame();
      } catch (error) {
        this.#listeners.clear();
        this.#failed(error);
      }
    }
    this.#schedule();
  };
}
