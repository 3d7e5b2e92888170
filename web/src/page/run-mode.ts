import type { Simulated } from "../contract/core-module.js";
import { make, makeButton } from "../element/dom.js";

export interface ModeEvents {
  readonly changed: (simulated: Simulated | null) => void;
  readonly speed: (speed: number) => void;
  readonly step: () => void;
}

const SPEEDS: readonly (readonly [factor: number, text: string])[] = [
  [0, "0 · stands still"],
  [0.001, "1/1000 · one frame’s flight"],
  [0.01, "1/100"],
  [0.1, "1/10"],
  [0.5, "1/2"],
  [1, "1 · as it is"],
  [2, "2"],
  [5, "5"],
  [10, "10"],
];

interface Field {
  readonly name: "seed" | "roundTripMs" | "lossPercent";
  readonly title: string;
  readonly unit: string;
  readonly maximum: number;
  readonly step: number;
  readonly initial: number;
}

/** As in the core. */
const FIELDS: readonly Field[] = [
  {
    name: "roundTripMs",
    title: "Round trip",
    unit: "ms",
    maximum: 60_000,
    step: 10,
    initial: 40,
  },
  { name: "lossPercent", title: "Loss", unit: "%", maximum: 50, step: 0.5, initial: 0 },
  { name: "seed", title: "Seed", unit: "", maximum: 4_294_967_295, step: 1, initial: 1 },
];

/** Live or simulated, and what a simulated run is made of. */
export class RunMode {
  readonly #radios: readonly HTMLInputElement[];
  readonly #places: readonly HTMLElement[];
  readonly #speed = make("select", "select");
  readonly #inputs = new Map<Field, HTMLInputElement>();
  #simulated: Simulated | null = null;

  /** `pace` is for what is used often, `network` for the rest. */
  constructor(mode: HTMLElement, pace: HTMLElement, network: HTMLElement, events: ModeEvents) {
    this.#places = [pace, network];
    this.#radios = [...mode.querySelectorAll("input")];
    for (const radio of this.#radios) {
      radio.addEventListener("change", () => {
        events.changed(radio.value === "live" ? null : { seed: 1 });
      });
    }
    for (const [factor, text] of SPEEDS) this.#speed.append(new Option(text, String(factor)));
    this.#speed.id = "speed";
    this.#speed.addEventListener("change", () => {
      events.speed(Number(this.#speed.value));
    });
    const step = makeButton("button", events.step, "Step");
    step.id = "step";
    step.title = "Pause, and step to the next thing that happens";
    pace.append(labelled("Speed", "", this.#speed), step);
    for (const field of FIELDS) {
      const input = make("input", "field");
      input.id = field.name;
      input.type = "number";
      input.min = "0";
      input.max = String(field.maximum);
      input.step = String(field.step);
      input.addEventListener("change", () => {
        const { valueAsNumber } = input;
        const fits = valueAsNumber >= 0 && valueAsNumber <= field.maximum;
        if (fits) events.changed({ ...this.#simulated, [field.name]: valueAsNumber });
        else this.#fill();
      });
      this.#inputs.set(field, input);
      network.append(labelled(field.title, field.unit, input));
    }
    network.append(make("p", "hint quiet-words", "No server; the same seed, the same run"));
  }

  show(simulated: Simulated | null, speed: number): void {
    this.#simulated = simulated;
    for (const radio of this.#radios) radio.checked = (radio.value === "live") === !simulated;
    for (const place of this.#places) place.hidden = simulated === null;
    if (![...this.#speed.options].some(({ value }) => value === String(speed))) {
      this.#speed.append(new Option(String(speed)));
    }
    this.#speed.value = String(speed);
    this.#fill();
  }

  #fill(): void {
    for (const [field, input] of this.#inputs) {
      input.value = String(this.#simulated?.[field.name] ?? field.initial);
    }
  }
}

function labelled(text: string, unit: string, control: HTMLElement): HTMLLabelElement {
  const label = make("label", "beside-label", make("span", "", text), control);
  if (unit !== "") label.append(make("span", "", unit));
  return label;
}
