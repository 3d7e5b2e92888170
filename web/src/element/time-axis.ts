import { make } from "./dom.js";

/** The core draws its grid at the same places. */
const PARTS = 5;

/** The words over the lanes: how long ago, on the same scale as the canvases below. */
export class TimeAxis {
  readonly element: HTMLElement = make("div", "axis");
  #shown = "";

  constructor() {
    this.element.setAttribute("aria-hidden", "true");
  }

  /**
   * `windowSeconds` is the time from the left edge to the right one. The right one is now, or else
   * so many seconds after the start of the run, as the decisions count.
   */
  show(windowSeconds: number, edgeSeconds: number | null): void {
    const key = `${windowSeconds} ${edgeSeconds}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const [scale, unit] = windowSeconds < 1 ? [1000, "ms"] : [1, "s"];
    const labels: HTMLElement[] = [];
    for (let part = 0; part <= PARTS; part += 1) {
      const ago = (windowSeconds * (PARTS - part)) / PARTS;
      const withUnit = part === 0 ? ` ${unit}` : "";
      const text =
        edgeSeconds === null
          ? `−${Number((ago * scale).toFixed(1))}${withUnit}`
          : (edgeSeconds - ago).toFixed(windowSeconds < 5 ? 3 : 1);
      if (edgeSeconds !== null && edgeSeconds < ago) continue;
      labels.push(label(part === PARTS && edgeSeconds === null ? "now" : text, part));
    }
    this.element.replaceChildren(...labels);
  }
}

function label(text: string, part: number): HTMLElement {
  const element = make("span", "", text);
  element.dataset["part"] = String(part);
  element.style.setProperty("left", `${(part / PARTS) * 100}%`);
  return element;
}
