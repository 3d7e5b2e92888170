/** Round values at about even distances on a logarithmic scale, from `minimum` to `maximum`. */
export function roundStops(minimum: number, maximum: number): readonly number[] {
  const stops: number[] = [];
  for (let decade = Math.floor(Math.log10(minimum)); 10 ** decade <= maximum; decade += 1) {
    for (const digit of [1, 1.5, 2, 3, 4, 5, 6, 8]) {
      // By way of text, so that 3 times a tenth is 0.3.
      const stop = Number(`${digit}e${decade}`);
      if (stop >= minimum && stop <= maximum) stops.push(stop);
    }
  }
  return stops;
}

/** Powers of two from `minimum` to `maximum`, which are powers of two themselves. */
export function binaryStops(minimum: number, maximum: number): readonly number[] {
  const stops: number[] = [];
  for (let stop = minimum; stop <= maximum; stop *= 2) stops.push(stop);
  return stops;
}

export interface LogSliderParts {
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  readonly stops: readonly number[];
  readonly text: (value: number) => string;
  readonly changed: (value: number) => void;
}

/** A native range input whose steps are stops, so that an arrow key is always worth pressing. */
export class LogSlider {
  readonly #parts: LogSliderParts;
  #value: number;

  constructor(parts: LogSliderParts) {
    this.#parts = parts;
    this.#value = parts.stops[0] ?? 0;
    const { input } = parts;
    input.min = "0";
    input.max = String(parts.stops.length - 1);
    input.step = "1";
    input.addEventListener("input", () => {
      const value = parts.stops[input.valueAsNumber];
      if (value === undefined || value === this.#value) return;
      this.value = value;
      parts.changed(value);
    });
  }

  get value(): number {
    return this.#value;
  }

  /** Any number: the thumb stands at the nearest stop, the text says the number itself. */
  set value(value: number) {
    this.#value = value;
    const { input, output, stops, text } = this.#parts;
    const index = nearest(stops, value);
    input.valueAsNumber = index;
    input.style.setProperty("--filled", `${(index / Math.max(1, stops.length - 1)) * 100}%`);
    input.setAttribute("aria-valuetext", text(value));
    output.textContent = text(value);
  }
}

function nearest(stops: readonly number[], value: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  stops.forEach((stop, index) => {
    const distance = Math.abs(Math.log(stop / value));
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}
