import type { Snapshot } from "../contract/core-module.js";
import type { ChartView } from "./chart-view.js";
import { factsOf } from "./run-columns.js";
import type { RunHistory } from "./run-history.js";
import type { RunLane } from "./run-lanes.js";

/** Redrawn at most so often: they show seconds. */
const DRAW_MS = 1000;

/** "Over time". The charts are fetched when the reader comes near, and drawn while they are seen. */
export class Charts {
  readonly #container: HTMLElement;
  readonly #history: RunHistory;
  #view: ChartView | null = null;
  #snapshot: Snapshot | null = null;
  #lanes: readonly RunLane[] = [];
  #inSight = false;
  #drawnAt = -DRAW_MS;

  constructor(container: HTMLElement, history: RunHistory) {
    this.#container = container;
    this.#history = history;
    const near = new IntersectionObserver(
      (entries) => {
        this.#inSight = entries.at(-1)?.isIntersecting ?? false;
        if (!this.#inSight) return;
        if (this.#view === null) void this.#load();
        this.#draw();
      },
      { rootMargin: "300px" },
    );
    near.observe(container);
  }

  show(snapshot: Snapshot, lanes: readonly RunLane[]): void {
    this.#lanes = lanes;
    const goesOn = this.#snapshot !== null && snapshot.elapsedMs >= this.#snapshot.elapsedMs;
    this.#snapshot = snapshot;
    if (goesOn && performance.now() - this.#drawnAt < DRAW_MS) return;
    this.#draw();
  }

  #draw(): void {
    if (this.#view === null || this.#snapshot === null || !this.#inSight) return;
    if (this.#lanes.length === 0) return;
    this.#drawnAt = performance.now();
    this.#view.show(this.#lanes, factsOf(this.#snapshot, 0));
  }

  async #load(): Promise<void> {
    try {
      const { ChartView: View } = await import("./chart-view.js");
      this.#view ??= new View(this.#container, this.#history);
      this.#draw();
    } catch {
      const words = this.#container.querySelector("p");
      if (words !== null) {
        words.textContent = "The charts could not be fetched. Reload the page to see them.";
      }
    }
  }
}
