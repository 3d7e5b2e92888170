import { make } from "../dom.js";

/** The sentence under the lanes: something to press, and what to look for. */
export class Invitation {
  readonly #place: HTMLElement;
  readonly #act: () => void;
  #shown = "";

  constructor(place: HTMLElement, act: () => void) {
    this.#place = place;
    this.#act = act;
  }

  show(withoutEventSource: boolean, hasSse: boolean): void {
    const key = `${withoutEventSource} ${hasSse}`;
    if (key === this.#shown) return;
    this.#shown = key;
    if (!hasSse) {
      this.#place.replaceChildren(
        "Each line is a message: sent at the top, arrived at the bottom. Its slope is the delay.",
      );
    } else if (withoutEventSource) {
      this.#place.replaceChildren(
        "The SSE lane found another way: see its colours. ",
        this.#button("Switch EventSource back on"),
        ".",
      );
    } else {
      this.#place.replaceChildren(
        this.#button("Switch EventSource off"),
        " and watch the SSE lane find another way.",
      );
    }
  }

  #button(text: string): HTMLButtonElement {
    const button = make("button", "inline", text);
    button.type = "button";
    button.addEventListener("click", () => {
      this.#act();
      // The words change, and with them the button that had the focus.
      this.#place.querySelector("button")?.focus();
    });
    return button;
  }
}
