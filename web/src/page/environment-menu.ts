import type { EnvironmentInfo } from "../contract/core-module.js";
import { make } from "../element/dom.js";

/** The first one of the core: nothing is missing, and nothing in the way. */
const AS_IT_IS = "modern";

/** Where the page pretends to be, and under the controls what that means and where it is from. */
export class EnvironmentMenu {
  readonly #select: HTMLSelectElement;
  readonly #note: HTMLElement;
  #known: readonly EnvironmentInfo[] = [];
  #chosen = "";
  #live = true;
  #noted = true;

  constructor(select: HTMLSelectElement, note: HTMLElement, changed: (id: string) => void) {
    this.#select = select;
    this.#note = note;
    select.addEventListener("change", () => {
      changed(select.value);
    });
    this.know([]);
  }

  /** What the core offers; until it is there, only the browser as it is. */
  know(environments: readonly EnvironmentInfo[]): void {
    this.#known = environments.filter(({ id }) => id !== AS_IT_IS);
    this.#select.replaceChildren(
      new Option("This browser, as it is", ""),
      ...this.#known.map(({ id, title }) => new Option(title, id)),
    );
    this.show(this.#chosen, this.#live, this.#noted);
  }

  show(chosen: string, live: boolean, noted: boolean): void {
    this.#chosen = chosen;
    this.#live = live;
    this.#noted = noted;
    this.#select.value = chosen;
    const found = this.#known.find(({ id }) => id === chosen);
    this.#note.hidden = found === undefined || !noted;
    if (found === undefined) return;
    const sentences = [make("strong", "", found.title), ` ${found.summary}`];
    if (live && found.simulatedOnly !== "") sentences.push(` ${found.simulatedOnly}`);
    this.#note.replaceChildren(...sentences, " ", make("small", "", found.source));
  }
}
