import type { Snapshot } from "../contract/core-module.js";
import type { Held, StageArguments, StageLink } from "../stage/stage-link.js";
import { dispatch } from "./events.js";
import type { TimeEvents } from "./time-controls.js";

/** The windows that zooming goes through, in seconds. */
const ZOOM_STOPS: readonly number[] = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60];

interface TimeLineElement extends HTMLElement {
  window: number;
  readonly snapshot: Snapshot | null;
}

/** Holds the picture at a moment, or lets it follow the stream, which goes on either way; zooms. */
export class TimeLine implements TimeEvents {
  readonly #element: TimeLineElement;
  readonly #stage: StageLink;
  readonly #show: (held: Held | null) => void;
  #paused = false;
  /** Where the picture stands, once the stage has said so. */
  #held: Held | null = null;
  /** How often it was held or moved, and which of these the stage has answered last. */
  #moves = 0;
  #answered = 0;

  constructor(element: TimeLineElement, stage: StageLink, show: (held: Held | null) => void) {
    this.#element = element;
    this.#stage = stage;
    this.#show = show;
  }

  get paused(): boolean {
    return this.#paused;
  }

  readonly pause = (): void => {
    if (this.#paused) this.now();
    else this.#hold("hold");
  };

  readonly now = (): void => {
    this.#stage.tell("follow");
    this.follow();
  };

  readonly seek = (agoMs: number): void => {
    this.#hold("seek", agoMs);
  };

  readonly move = (byMs: number): void => {
    // The future is not there: whoever follows cannot go forward.
    if (byMs < 0 || this.#paused) this.#hold("move", byMs);
  };

  /** To the next stop, towards a wider window (1) or a narrower one (-1). */
  readonly zoom = (direction: 1 | -1): void => {
    const stops = direction > 0 ? ZOOM_STOPS : [...ZOOM_STOPS].reverse();
    const { window } = this.#element;
    const next = stops.find((stop) => (stop - window) * direction > 1e-9);
    if (next === undefined) return;
    this.#element.window = next;
    dispatch(this.#element, "playground-zoom", next);
  };

  /** As the stage does by itself with each start. */
  follow(): void {
    this.#paused = false;
    this.#held = null;
    this.show();
  }

  show(): void {
    this.#show(this.#held);
  }

  /** What is held grows old: each report says how old. */
  report(held: Held | null): void {
    if (held !== null && this.#answered === this.#moves) this.#stand(held);
  }

  /** At the moment that the stage answers with. */
  #hold<M extends "hold" | "seek" | "move">(method: M, ...args: StageArguments<M>): void {
    if (!this.#stage.isOpen || this.#element.snapshot === null) return;
    this.#paused = true;
    const move = (this.#moves += 1);
    void this.#stage.ask(method, ...args).then((held) => {
      // An older answer would pull the slider back under the reader's hand.
      if (move !== this.#moves) return;
      this.#answered = move;
      this.#stand(held);
    });
  }

  #stand(held: Held | null): void {
    if (!this.#paused) return;
    this.#held = held;
    this.show();
  }
}
