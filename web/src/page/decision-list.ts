import type { Decision } from "../contract/core-module.js";
import { make, richText } from "../element/dom.js";
import { faceOf } from "../contract/transports.js";

/** What is kept on the page; the core keeps no more either. */
const KEPT = 500;

/** "Why": every decision as a sentence with its time, the newest in view. */
export class DecisionList {
  readonly #list = make("ol");
  readonly #log = make("div", "decisions", this.#list);
  readonly #empty = make("p", "nothing", "Decisions appear here once a run has started.");

  constructor(container: HTMLElement) {
    this.#log.setAttribute("role", "log");
    this.#log.ariaLabel = "Decisions";
    this.#log.tabIndex = 0;
    this.#log.hidden = true;
    container.append(this.#empty, this.#log);
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#log.hidden = true;
    this.#empty.hidden = false;
  }

  add(decision: Decision): void {
    this.#log.hidden = false;
    this.#empty.hidden = true;
    // Whoever has scrolled back to read is left alone.
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    const follows = scrollHeight - scrollTop - clientHeight < 24;
    const square = make("span", "square");
    // Some decisions are about the run, not about a lane.
    const colour = decision.lane === null ? "transparent" : `var(${faceOf(decision.lane).colour})`;
    square.style.setProperty("--colour", colour);
    const item = make(
      "li",
      decision.trouble ? "trouble" : "",
      make("time", "", (decision.atMs / 1000).toFixed(3)),
      square,
      make("span", "sentence", ...richText(decision.text)),
    );
    this.#list.append(item);
    while (this.#list.childElementCount > KEPT) this.#list.firstElementChild?.remove();
    if (follows) this.#log.scrollTop = this.#log.scrollHeight;
  }
}
