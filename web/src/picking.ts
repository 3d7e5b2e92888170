import type { PickedMessage, TransportId } from "./core-module.js";
import type { CoreRun } from "./core-run.js";
import { make } from "./dom.js";
import { duration, spoken } from "./figures.js";
import { isTransportId } from "./transports.js";

/** A message that was chosen, and on which lane. */
export interface PlaygroundPick extends PickedMessage {
  /** The transport that was asked for. */
  lane: TransportId;
  /** The lane's place, from 0. */
  index: number;
}

export interface PickingHost {
  readonly run: () => CoreRun | null;
  readonly picked: (pick: PlaygroundPick) => void;
  /** The ring is elsewhere. */
  readonly moved: () => void;
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
  readonly #host: PickingHost;
  readonly #words = make("div", "spoken");
  #cursor: PlaygroundPick | null = null;
  #down: { x: number; y: number } | null = null;

  constructor(root: ShadowRoot, host: PickingHost) {
    this.#root = root;
    this.#host = host;
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
    const run = this.#host.run();
    if (lane === null || run === null) return;
    const down = this.#down;
    if (down !== null && Math.hypot(event.clientX - down.x, event.clientY - down.y) > DRAG) return;
    const picked = run.pick(lane.index, event.offsetX, event.offsetY);
    if (picked === null) return;
    this.#move(run, { ...picked, ...lane });
    this.#host.picked({ ...picked, ...lane });
  }

  #key(event: KeyboardEvent): void {
    const lane = this.#laneOf(event.target);
    const run = this.#host.run();
    if (lane === null || run === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = this.#cursor?.index === lane.index ? this.#cursor : null;
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step === undefined && here !== null) {
      this.#host.picked(here);
      return;
    }
    const picked = run.neighbour(lane.index, here?.seq ?? 0, step ?? 0);
    if (picked === null) return;
    this.#move(run, { ...picked, ...lane });
    const delay = spoken(duration(picked.arrivedMs - picked.sentMs));
    this.#words.textContent = `Message ${picked.seq}, ${delay} on its way`;
    if (step === undefined) this.#host.picked({ ...picked, ...lane });
  }

  #move(run: CoreRun, pick: PlaygroundPick): void {
    this.#cursor = pick;
    run.choose(pick.index, pick.seq);
    this.#host.moved();
  }

  #laneOf(target: EventTarget | null): { index: number; lane: TransportId } | null {
    if (!(target instanceof HTMLCanvasElement)) return null;
    const lanes = [...this.#root.querySelectorAll<HTMLElement>(".lane")];
    const index = lanes.findIndex((lane) => lane.contains(target));
    const lane = lanes[index]?.dataset["transport"] ?? "";
    return isTransportId(lane) ? { index, lane } : null;
  }
}
