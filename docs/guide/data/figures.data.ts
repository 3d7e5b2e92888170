// What tests/core/guide has measured, as text: `{{ figures.poll.chromium.both }}` in a page.
import { readFileSync } from "node:fs";

import { builtFile } from "./built";

type Figures = { readonly [name: string]: number | Figures };
type Texts = { readonly [name: string]: string | Texts };

declare const data: Texts;
export { data };

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** Three digits say as much as a reader can use; what is counted is given in full. */
function text(value: number): string {
  return (Number.isInteger(value) ? whole : significant).format(value);
}

/** A figure that nobody has measured ends the build instead of leaving a gap in a sentence. */
function texts(figures: Figures, path = "figures"): Texts {
  const entries = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === "number" ? text(value) : texts(value, `${path}.${name}`),
  ]);
  return Object.fromEntries(entries) as Texts;
}

export default {
  watch: [builtFile("figures.json")],
  load(): Texts {
    const { figures } = JSON.parse(readFileSync(builtFile("figures.json"), "utf8")) as {
      figures: Figures;
    };
    return texts(figures);
  },
};
