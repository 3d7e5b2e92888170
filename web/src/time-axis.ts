/** The core draws its grid at the same places. */
const PARTS = 5;

/** The words over the lanes: how long ago, on the same scale as the canvases below. */
export class TimeAxis {
  readonly element: HTMLElement;

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "axis";
    this.element.setAttribute("aria-hidden", "true");
  }

  /** `windowSeconds` is the time from the left edge to the right one. */
  show(windowSeconds: number): void {
    const labels: HTMLElement[] = [];
    for (let part = 0; part < PARTS; part += 1) {
      const ago = (windowSeconds * (PARTS - part)) / PARTS;
      const text = `−${Number(ago.toFixed(1))}`;
      labels.push(label(part === 0 ? `${text} s` : text, part / PARTS));
    }
    labels.push(label("now", 1));
    this.element.replaceChildren(...labels);
  }
}

function label(text: string, place: number): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  element.style.setProperty("left", `${place * 100}%`);
  return element;
}
