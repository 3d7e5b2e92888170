import { readFileSync } from "node:fs";

import { builtFile } from "./built";

type Figures = { readonly [name: string]: number | Figures };

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/**
 * What tests/core/guide has measured, as text: "817" for "poll.chromium.both". What is counted is
 * given in full, and of the rest three digits say as much as a reader can use.
 */
export function measuredFigures(): (path: string) => string {
  const figures = JSON.parse(readFileSync(builtFile("figures.json"), "utf8")) as Figures;
  return (path) => {
    const found = path
      .split(".")
      .reduce<number | Figures | undefined>(
        (place, name) => (typeof place === "object" ? place[name] : undefined),
        figures,
      );
    if (typeof found !== "number") throw new Error(`no test has measured ${path}`);
    return (Number.isInteger(found) ? whole : significant).format(found);
  };
}
