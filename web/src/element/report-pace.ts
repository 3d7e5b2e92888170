import type { StageLink } from "../stage/stage-link.js";

/** Figures that change more often cannot be read, and each time they are laid out anew. */
const IN_SIGHT_MS = 400;
const UNSEEN_MS = 1000;

/** Starts and stops what the stage does by itself, reports and frames, as the reader can see it. */
export class ReportPace {
  readonly #element: Element;
  readonly #stage: StageLink;
  readonly #live: () => boolean;
  readonly #sight: IntersectionObserver;
  #inSight = false;
  /** Milliseconds between two reports; 0 is none. */
  #period = 0;

  constructor(element: Element, stage: StageLink, live: () => boolean) {
    this.#element = element;
    this.#stage = stage;
    this.#live = live;
    this.#sight = new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? false;
      this.arrange();
    });
  }

  connect(): void {
    this.#sight.observe(this.#element);
    document.addEventListener("visibilitychange", this.arrange);
  }

  disconnect(): void {
    this.#sight.disconnect();
    document.removeEventListener("visibilitychange", this.arrange);
    this.#inSight = false;
  }

  readonly arrange = (): void => {
    const awake = this.#live() && !document.hidden;
    const period = awake ? (this.#inSight ? IN_SIGHT_MS : UNSEEN_MS) : 0;
    if (period === this.#period) return;
    this.#period = period;
    this.#stage.tell("report", period);
    this.#stage.tell("play", period === IN_SIGHT_MS);
  };
}
