import type { Palette } from "../picture/painter.js";
import type { StageLink } from "../stage/stage-link.js";

const LOOK_EVERY = 4;

/** Has the stage paint with the theme's colours, whenever these change. */
export class Theme {
  readonly #stage: StageLink;
  readonly #read: () => Palette;
  readonly #darkness = matchMedia("(prefers-color-scheme: dark)");
  /** What the stage paints with, as text. */
  #painted = "";
  #reports = 0;

  constructor(stage: StageLink, read: () => Palette) {
    this.#stage = stage;
    this.#read = read;
  }

  connect(): void {
    this.#painted = "";
    this.look();
    this.#darkness.addEventListener("change", this.look);
  }

  disconnect(): void {
    this.#darkness.removeEventListener("change", this.look);
  }

  readonly look = (): void => {
    const palette = this.#read();
    const text = JSON.stringify(palette);
    if (text === this.#painted) return;
    this.#painted = text;
    this.#stage.tell("paintWith", palette);
  };

  /** The page's own style sheet may have changed `color-scheme`: nothing reports that. */
  lookNowAndThen(): void {
    this.#reports += 1;
    if (this.#reports % LOOK_EVERY === 0) this.look();
  }
}
