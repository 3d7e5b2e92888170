import type { EndpointSettings } from "../contract/core-module.js";
import { make, makeButton } from "../element/dom.js";
import { nameOf, transportOf } from "../text/endpoint-text.js";
import type { EndpointChoice } from "./endpoint-choice.js";
import { EndpointForm } from "./endpoint-form.js";
import { laneChip } from "./figure-table.js";

/** As many as the core follows. */
const MOST = 8;

/** A chip for each endpoint that is followed, and "+ Your endpoint"; both open the form. */
export class EndpointChips {
  readonly #place: HTMLElement;
  readonly #form = new EndpointForm();
  readonly #changed: (choices: readonly EndpointChoice[]) => void;
  readonly #add: HTMLButtonElement;
  #choices: readonly EndpointChoice[] = [];
  #key = "";
  /** The endpoint that was chosen last: what the core says is about it. */
  #newest = 0;

  constructor(place: HTMLElement, changed: (choices: readonly EndpointChoice[]) => void) {
    this.#place = place;
    this.#changed = changed;
    this.#add = makeButton(
      "chip add-endpoint",
      () => {
        this.#open(this.#choices.length);
      },
      "+ Your endpoint",
    );
    this.#add.id = "add-endpoint";
    document.body.append(this.#form.element);
    place.append(this.#add);
  }

  show(choices: readonly EndpointChoice[]): void {
    this.#choices = choices;
    const key = JSON.stringify(choices.map(({ settings }) => faceOfChoice(settings)));
    if (key === this.#key) return;
    this.#key = key;
    const chips = choices.map(({ settings }, index) => {
      const [id, name] = faceOfChoice(settings);
      const chip = laneChip(id, name, () => {
        this.#open(index);
      });
      chip.setAttribute("aria-pressed", "true");
      chip.ariaHasPopup = "dialog";
      chip.title = "Change or remove this endpoint";
      chip.append(make("span", "unseen", ", your endpoint: change or remove it"));
      return chip;
    });
    this.#add.hidden = choices.length >= MOST;
    this.#place.replaceChildren(...chips, this.#add);
  }

  /** The core does not take an endpoint: the form says why. */
  refused(why: string): void {
    const [, number] = /^number (\d)/.exec(why) ?? [];
    const index = number === undefined ? this.#newest : Number(number) - 1;
    if (this.#choices[index] !== undefined) this.#open(index, why.replace(/^number \d: /, ""));
  }

  #open(index: number, wrong = ""): void {
    const others = (choice: readonly EndpointChoice[]): readonly EndpointChoice[] => [
      ...this.#choices.slice(0, index),
      ...choice,
      ...this.#choices.slice(index + 1),
    ];
    const events = {
      chosen: (choice: EndpointChoice): void => {
        this.#newest = index;
        this.#changed(others([choice]));
      },
      removed: (): void => {
        this.#changed(others([]));
      },
    };
    this.#form.open(this.#choices[index] ?? null, events, wrong);
  }
}

function faceOfChoice(settings: EndpointSettings): [ReturnType<typeof transportOf>, string] {
  return [transportOf(settings), nameOf(settings)];
}
