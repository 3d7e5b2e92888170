import type { LaneSnapshot } from "../contract/core-module.js";
import { make, setText } from "./dom.js";
import type { LaneLabel } from "./lane-labels.js";
import { NO_FIGURE, bytes, delay, type Figure } from "../text/figures.js";
import { countsLastHop, laneWay } from "../text/lane-way.js";
import { describeLane, type RunFacts } from "./summary.js";
import { faceOf } from "../contract/transports.js";

const LAST_HOP = "Between the proxy and the server";

/** One transport's row: what it says of itself, its canvas, its two numbers. */
export class LaneView {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #square = make("span", "square");
  readonly #asked = make("span");
  readonly #instead = make("span", "instead");
  readonly #title = make("span", "title", this.#asked, this.#instead);
  readonly #state = make("span", "state");
  readonly #tag = make("span", "tag");
  readonly #way = make("span", "way");
  readonly #self = make("div", "self", this.#state, make("span", "apart", this.#tag, this.#way));
  readonly #delay = new FigureView(unitOfMedian);
  readonly #bytes = new FigureView((unit) => `${unit === "" ? "B" : unit}/msg`);

  constructor(label: LaneLabel) {
    const { id } = label;
    const face = faceOf(id);
    this.canvas = make("canvas", "canvas");
    this.canvas.setAttribute("role", "img");
    // Picking moves from message to message on it.
    this.canvas.tabIndex = 0;
    this.element = make(
      "div",
      "lane",
      make("div", "name", this.#square, this.#title),
      this.#self,
      this.canvas,
      make("div", "figures", this.#delay.element, this.#bytes.element),
    );
    this.element.setAttribute("role", "group");
    this.element.dataset["transport"] = id;
    this.#square.style.setProperty("--asked", `var(${face.colour})`);
    this.clear(label);
  }

  /** As before any run. */
  clear({ title }: LaneLabel): void {
    this.#name(title);
    setText(this.#state, "not started");
    this.#tag.hidden = true;
    this.#way.hidden = true;
    this.#square.style.setProperty("--running", "var(--asked)");
    this.#delay.show(null);
    this.#bytes.show(null);
    this.#label(title, `${title}: not started`);
  }

  /** A run that has no answer yet. */
  wait(): void {
    setText(this.#state, "waiting");
  }

  show(lane: LaneSnapshot, run: RunFacts): void {
    const way = laneWay(lane, run.proxied);
    this.#name(lane.title);
    setText(this.#state, lane.state);
    setText(this.#tag, lane.tag);
    this.#tag.hidden = lane.tag === "";
    this.#tag.classList.toggle("trouble", lane.trouble);
    setText(this.#way, way);
    this.#way.hidden = way === "";
    this.#self.title = lane.origin;
    this.element.classList.toggle("open", lane.open);
    this.#square.style.setProperty("--running", `var(${faceOf(lane.running).colour})`);
    this.#delay.show(lane.delay === null ? null : delay(lane.delay.medianMs, run.clock.errorMs));
    this.#bytes.show(lane.bytesPerMessage === null ? null : bytes(lane.bytesPerMessage));
    this.#bytes.element.title = countsLastHop(lane, run.proxied) ? LAST_HOP : "";
    this.#label(lane.title, describeLane(lane, run));
  }

  /** "SSE → long polling": what runs in place of what was asked for stands back a little. */
  #name(title: string): void {
    const [asked = "", instead] = title.split(/(?= → )/);
    setText(this.#asked, asked);
    setText(this.#instead, instead ?? "");
  }

  #label(name: string, picture: string): void {
    if (this.element.ariaLabel !== name) this.element.ariaLabel = name;
    if (this.canvas.ariaLabel !== picture) this.canvas.ariaLabel = picture;
  }
}

/** "ms median", or "ms ± 16" where the clock's error has to be told: there is no room for both. */
function unitOfMedian(unit: string): string {
  return unit.includes("±") ? unit : `${unit} median`.trimStart();
}

/** "82 ms median": the value strong, the unit and what it is of quiet. */
class FigureView {
  readonly element: HTMLElement;
  readonly #value = make("span", "value");
  readonly #unit = make("span", "unit");
  readonly #label: (unit: string) => string;

  constructor(label: (unit: string) => string) {
    this.#label = label;
    this.element = make("div", "figure", this.#value, this.#unit);
  }

  show(figure: Figure | null): void {
    setText(this.#value, figure?.value ?? NO_FIGURE);
    setText(this.#unit, this.#label(figure?.unit ?? ""));
  }
}
