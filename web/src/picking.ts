import type { PickedMessage, TransportId } from "./core-module.js";
import { make } from "./dom.js";
import { duration, spoken } from "./figures.js";
import { unlessClosed, type StageLink } from "./stage-link.js";
import { isTransportId } from "./transports.js";

/** A message that was chosen, and on which lane. */
export interface PlaygroundPick extends PickedMessage {
  /** The transport that was asked for. */
  lane: TransportId;
  /** The lane's place, from 0. */
  index: number;
}

export interface PickingHost {
  /** null where there is no run. */
  readonly stage: () => StageLink | null;
  readonly picked: (pick: PlaygroundPick) => void;
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
  #last: Promise<void> = Promise.resolve();

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
    if (lane === null) return;
    const down = this.#down;
    if (down !== null && Math.hypot(event.clientX - down.x, event.clientY - down.y) > DRAG) return;
    const { offsetX, offsetY } = event;
    this.#then(async (stage) => {
      const picked = await stage.ask("pick", lane.index, offsetX, offsetY);
      if (picked === null) return;
      this.#move(stage, { ...picked, ...lane });
      this.#host.picked({ ...picked, ...lane });
    });
  }

  #key(event: KeyboardEvent): void {
    const lane = this.#laneOf(event.target);
    if (lane === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Enter") return;
    if (this.#host.stage() === null) return;
    event.preventDefault();
    this.#then(async (stage) => {
      const here = this.#cursor?.index === lane.index ? this.#cursor : null;
      if (step === undefined && here !== null) {
        this.#host.picked(here);
        return;
      }
      const picked = await stage.ask("neighbour", lane.index, here?.seq ?? 0, step ?? 0);
      if (picked === null) return;
      this.#move(stage, { ...picked, ...lane });
      const delay = spoken(duration(picked.arrivedMs - picked.sentMs));
      this.#words.textContent = `Message ${picked.seq}, ${delay} on its way`;
      if (step === undefined) this.#host.picked({ ...picked, ...lane });
    });
  }

  /** One after the other: a key goes on from where the one before it led. */
  #then(act: (stage: StageLink) => Promise<void>): void {
    const done = this.#last.then(async () => {
      const stage = this.#host.stage();
      if (stage !== null) await act(stage).catch(unlessClosed);
    });
    this.#last = done.catch(() => undefined);
  }

  #move(stage: StageLink, pick: PlaygroundPick): void {
    this.#cursor = pick;
    stage.tell("choose", pick.index, pick.seq);
  }

  #laneOf(target: EventTarget | null): { index: number; lane: TransportId } | null {
    if (!(target instanceof HTMLCanvasElement)) return null;
    const lanes = [...this.#root.querySelectorAll<HTMLElement>(".lane")];
    const index = lanes.findIndex((lane) => lane.contains(target));
    const lane = lanes[index]?.dataset["transport"] ?? "";
    return isTransportId(lane) ? { index, lane } : null;
  }
}
