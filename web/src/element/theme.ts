import type { Palette } from "../picture/painter.js";
import type { StageLink } from "../stage/stage-link.js";

/** Has the stage paint with the theme's colours, whenever these change. */
export class Theme {
  readonly #stage: StageLink;
  readonly #read: () => Palette;
  /** What the stage paints with, as text. */
  #painted = "";

  constructor(stage: StageLink, read: () => Palette) {
    this.#stage = stage;
    this.#read = read;
  }

  connect(): void {
    this.#painted = "";
    this.look();
  }

  readonly look = (): void => {
    const palette = this.#read();
    const text = JSON.stringify(palette);
    if (text === this.#painted) return;
    this.#painted = text;
    this.#stage.tell("paintWith", palette);
  };
}
