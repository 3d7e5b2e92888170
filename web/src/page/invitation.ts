import { makeButton } from "../element/dom.js";

/** What the sentence depends on. */
export interface Scene {
  readonly buffering: boolean;
  /** A stream among the lanes, by its title: "SSE"; null where none streams. */
  readonly stream: string | null;
}

/** The sentence under the lanes: something to press, and what to look for. */
export class Invitation {
  readonly #place: HTMLElement;
  readonly #act: () => void;
  #shown = "";

  constructor(place: HTMLElement, act: () => void) {
    this.#place = place;
    this.#act = act;
  }

  show({ buffering, stream }: Scene): void {
    const key = `${buffering} ${stream}`;
    if (key === this.#shown) return;
    this.#shown = key;
    // The words change, and with them the button that may have the focus.
    const focused = this.#place.contains(document.activeElement);
    if (stream === null) {
      this.#place.replaceChildren(
        "Each line is a message: sent at the top, arrived at the bottom. Its slope is the delay.",
      );
    } else if (buffering) {
      this.#place.replaceChildren(
        `${stream} is open and silent. `,
        this.#button("Lift Buffering"),
        " and watch what was held arrive.",
      );
    } else {
      this.#place.replaceChildren(
        "Press ",
        this.#button("Buffering"),
        ` and watch ${stream} stay open and fall silent.`,
      );
    }
    if (focused) this.#place.querySelector("button")?.focus();
  }

  #button(text: string): HTMLButtonElement {
    return makeButton("inline", this.#act, text);
  }
}
