/** Whoever draws; `nowMs` counts as performance.now() does. */
export interface FrameListener {
  frame(nowMs: number): void;
}

/**
 * The one animation frame that all elements of a page share. It asks for no frame while nobody
 * listens or the page is hidden. With reduced motion the time it hands out goes in steps.
 */
class FrameClock {
  readonly #listeners = new Set<FrameListener>();
  readonly #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #request = 0;
  #lastStep = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      this.#schedule();
    });
  }

  /** Milliseconds between two pictures: 0 glides. */
  get stepMs(): number {
    return this.#reducedMotion.matches ? 250 : 0;
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
    const wanted = this.#listeners.size > 0 && !document.hidden;
    if (wanted && this.#request === 0) {
      this.#request = requestAnimationFrame(this.#tick);
    } else if (!wanted && this.#request !== 0) {
      cancelAnimationFrame(this.#request);
      this.#request = 0;
    }
  }

  readonly #tick = (nowMs: number): void => {
    this.#request = 0;
    const step = this.stepMs;
    const shown = step > 0 ? Math.floor(nowMs / step) * step : nowMs;
    if (step === 0 || shown !== this.#lastStep) {
      this.#lastStep = shown;
      // A listener may remove itself while it draws: a Set allows that.
      for (const listener of this.#listeners) listener.frame(shown);
    }
    this.#schedule();
  };
}

let shared: FrameClock | undefined;

/** Made when the first element draws. */
export function frameClock(): FrameClock {
  shared ??= new FrameClock();
  return shared;
}
