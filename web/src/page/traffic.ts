import { rate } from "../text/figures.js";
import { isPattern } from "../contract/ranges.js";
import type { Pattern } from "../contract/tables.js";
import type { StreamHeaders, Origins } from "../element/options.js";
import type { PageSettings } from "./page-settings.js";
import { part } from "./part.js";

export interface TrafficEvents {
  readonly pattern: (pattern: Pattern) => void;
  readonly back: (back: number) => void;
  readonly origins: (origins: Origins) => void;
  readonly headers: (headers: StreamHeaders) => void;
}

/** Messages a second on each lane. */
const BACK_RATES = [0, 0.5, 2, 10];

/**
 * How the server's messages are spread, whether the page says something as well, and which way all
 * of it goes.
 */
export class Traffic {
  readonly #pattern = part("pattern", HTMLSelectElement);
  readonly #back = part("back", HTMLSelectElement);
  readonly #oneOrigin = part("one-origin", HTMLInputElement);
  readonly #plainHeaders = part("plain-headers", HTMLInputElement);

  constructor(events: TrafficEvents) {
    for (const each of BACK_RATES) this.#offer(each);
    this.#pattern.addEventListener("change", () => {
      const { value } = this.#pattern;
      if (isPattern(value)) events.pattern(value);
    });
    this.#back.addEventListener("change", () => {
      events.back(Number(this.#back.value));
    });
    this.#oneOrigin.addEventListener("change", () => {
      events.origins(this.#oneOrigin.checked ? "one" : "own");
    });
    this.#plainHeaders.addEventListener("change", () => {
      events.headers(this.#plainHeaders.checked ? "plain" : "tuned");
    });
  }

  show({ pattern, back, origins, headers }: PageSettings): void {
    this.#oneOrigin.checked = origins === "one";
    this.#plainHeaders.checked = headers === "plain";
    this.#pattern.value = pattern;
    this.#back.value = String(back);
    // A link may hold any rate there is.
    if (this.#back.selectedIndex < 0) {
      this.#offer(back);
      this.#back.value = String(back);
    }
  }

  #offer(back: number): void {
    this.#back.append(new Option(back === 0 ? "nothing" : `${rate(back)} msg/s`, String(back)));
  }
}
