import type { PickedMessage, TransportId } from "../contract/core-module.js";
import { make } from "./dom.js";
import { delayInWords } from "../text/figures.js";
import type { StageLink } from "../stage/stage-link.js";
import { isTransportId } from "../contract/transports.js";

/** A message that was chosen, and on which lane. */
export interface PlaygroundPick extends PickedMessage {
  /** The transport that was asked for. */
  lane: TransportId;
  /** The lane's place, from 0. */
  index: number;
}

/** A pointer that went farther than this between down and up has dragged. */
const DRAG = 6;
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -1e9,
  End: 1e9,
};

/**
 * Chooses a message on a lane's canvas: by a click, or with the arrow keys and Enter where the
 * canvas has the focus.
 */
export class Picking {
  readonly #root: ShadowRoot;
  readonly #stage: StageLink;
  readonly #active: () => boolean;
  readonly #clockErrorMs: () => number;
  readonly #picked: (pick: PlaygroundPick) => void;
  readonly #words = make("div", "unseen");
  #cursor: PlaygroundPick | null = null;
  #down: { x: number; y: number } | null = null;
  #last: Promise<void> = Promise.resolve();

  /** `active` is whether there is a run, `clockErrorMs` how far off its clocks may be. */
  constructor(
    root: ShadowRoot,
    stage: StageLink,
    active: () => boolean,
    clockErrorMs: () => number,
    picked: (pick: PlaygroundPick) => void,
  ) {
    this.#root = root;
    this.#stage = stage;
    this.#active = active;
    this.#clockErrorMs = clockErrorMs;
    this.#picked = picked;
    this.#words.setAttribute("role", "status");
    root.append(this.#words);
    root.addEventListener("pointerdown", (event) => {
      if (event instanceof PointerEvent) this.#down = { x: event.clientX, y: event.clientY };
    });
    root.addEventListener("click", (event) => {
      if (event instanceof MouseEvent) this.#click(event);
    });
    root.addEventListener("keydown", (event) => {
      if (event instanceof KeyboardEvent) this.#key(event);
    });
  }

  #click(event: MouseEvent): void {
    const lane = this.#laneOf(event.target);
    if (lane === null) return;
    const down = this.#down;
    if (down !== null && Math.hypot(event.clientX - down.x, event.clientY - down.y) > DRAG) return;
    // Of what zooms the page's content (CSS Viewport 1) an offset knows nothing.
    const { currentCSSZoom = 1 } = event.target as { currentCSSZoom?: number };
    const [x, y] = [event.offsetX / currentCSSZoom, event.offsetY / currentCSSZoom];
    this.#then(async () => {
      const picked = await this.#stage.ask("pick", lane.index, x, y);
      if (picked === null) return;
      this.#move({ ...picked, ...lane });
      this.#picked({ ...picked, ...lane });
    });
  }

  #key(event: KeyboardEvent): void {
    const lane = this.#laneOf(event.target);
    if (lane === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return;
    if (!this.#active()) return;
    event.preventDefault();
    this.#then(async () => {
      const here = this.#cursor?.index === lane.index ? this.#cursor : null;
      if (step === undefined && here !== null) {
        this.#picked(here);
        return;
      }
      const picked = await this.#stage.ask("neighbour", lane.index, here?.seq ?? 0, step ?? 0);
      if (picked === null) return;
      this.#move({ ...picked, ...lane });
      const delay = delayInWords(picked.arrivedMs - picked.sentMs, this.#clockErrorMs());
      this.#words.textContent = `Message ${picked.seq}, ${delay} on its way`;
      if (step === undefined) this.#picked({ ...picked, ...lane });
    });
  }

  /** One after the other: a key goes on from where the one before it led. */
  #then(act: () => Promise<void>): void {
    const done = this.#last.then(async () => {
      if (this.#active()) await act();
    });
    this.#last = done.catch(() => undefined);
  }

  #move(pick: PlaygroundPick): void {
    this.#cursor = pick;
    this.#stage.tell("choose", pick.index, pick.seq);
  }

  #laneOf(target: EventTarget | null): { index: number; lane: TransportId } | null {
    if (!(target instanceof HTMLCanvasElement)) return null;
    const lanes = [...this.#root.querySelectorAll<HTMLElement>(".lane")];
    const index = lanes.findIndex((lane) => lane.contains(target));
    const lane = lanes[index]?.dataset["transport"] ?? "";
    return isTransportId(lane) ? { index, lane } : null;
  }
}
