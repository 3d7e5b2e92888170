import { make, makeButton, setText } from "./dom.js";
import { elapsed } from "../text/figures.js";
import { LOOK_BACK_MS } from "../contract/ranges.js";

/** What a reader does to the time line. */
export interface TimeEvents {
  readonly pause: () => void;
  readonly now: () => void;
  /** To so many milliseconds before now. */
  readonly seek: (agoMs: number) => void;
  /** By so many milliseconds; negative looks back. */
  readonly move: (byMs: number) => void;
  readonly zoom: (direction: 1 | -1) => void;
}

/** Where the picture stands. `edgeMs` counts from the start of the run, null while it follows. */
export interface TimeShown {
  readonly windowS: number;
  readonly edgeMs: number | null;
  readonly agoMs: number;
}

/** Pause, the slider that looks back, zoom: the part of the bar that is about time. */
export class TimeControls {
  readonly scrub: HTMLElement;
  readonly buttons: HTMLElement;
  readonly #pause: HTMLButtonElement;
  readonly #now: HTMLButtonElement;
  readonly #slider = make("input");
  readonly #moment = make("output", "moment");
  readonly #zoom = make("output", "zoom");

  constructor(events: TimeEvents) {
    this.#pause = button("Pause", "Pause the picture; the stream goes on", events.pause);
    this.#pause.classList.add("pause");
    this.#now = button("Now", "Return to now", events.now);
    this.#slider.type = "range";
    this.#slider.min = String(-LOOK_BACK_MS / 1000);
    this.#slider.max = "0";
    this.#slider.step = "0.5";
    this.#slider.ariaLabel = "Look back";
    this.#slider.addEventListener("input", () => {
      events.seek(-this.#slider.valueAsNumber * 1000);
    });
    this.scrub = make("div", "scrub", this.#slider, this.#moment, this.#now);
    const closer = button("+", "Zoom in", () => {
      events.zoom(-1);
    });
    const wider = button("−", "Zoom out", () => {
      events.zoom(1);
    });
    this.#zoom.ariaLabel = "Seconds from left to right";
    this.buttons = make("div", "time", this.#pause, wider, this.#zoom, closer);
    this.buttons.setAttribute("role", "group");
    this.buttons.ariaLabel = "Time line";
    this.scrub.hidden = true;
  }

  show({ windowS, edgeMs, agoMs }: TimeShown): void {
    const paused = edgeMs !== null;
    // The button that had the focus is about to go.
    if (!paused && this.#hasFocus(this.#now)) this.#pause.focus();
    this.scrub.hidden = !paused;
    setText(this.#pause, paused ? "Go on" : "Pause");
    setText(this.#zoom, windowS < 1 ? `${Math.round(windowS * 1000)} ms` : `${windowS} s`);
    if (edgeMs === null) return;
    const text = `at ${elapsed(edgeMs)}`;
    setText(this.#moment, text);
    const ago = -agoMs / 1000;
    if (Math.abs(this.#slider.valueAsNumber - ago) >= 0.25) this.#slider.valueAsNumber = ago;
    this.#slider.setAttribute("aria-valuetext", text);
  }

  #hasFocus(element: HTMLElement): boolean {
    const root = element.getRootNode();
    return root instanceof ShadowRoot && root.activeElement === element;
  }
}

/** How far a pointer goes before it drags; less is a click. */
const DRAG_FROM = 5;
/** How far a wheel turns for a step of zooming. */
const WHEEL_STEP = 40;

/** Keys, drags and a turned wheel on the lanes. */
export function steerTime(lanes: HTMLElement, events: TimeEvents, windowMs: () => number): void {
  lanes.tabIndex = 0;
  lanes.setAttribute("role", "group");
  lanes.ariaLabel =
    "Time line. Arrow keys look back and forth, plus and minus zoom, space pauses, End returns to now.";
  lanes.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== lanes) return;
    if (pressKey(event.key, events, windowMs())) event.preventDefault();
  });
  let turned = 0;
  lanes.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : 40 * event.deltaY;
      if (Math.abs(turned) < WHEEL_STEP) return;
      events.zoom(turned > 0 ? 1 : -1);
      turned = 0;
    },
    { passive: false },
  );
  dragTime(lanes, events, windowMs);
}

/** Answers whether the key is one that does something. */
function pressKey(key: string, events: TimeEvents, windowMs: number): boolean {
  switch (key) {
    case "ArrowLeft":
      events.move(-windowMs / 10);
      break;
    case "ArrowRight":
      events.move(windowMs / 10);
      break;
    case "Home":
      events.seek(LOOK_BACK_MS);
      break;
    case "End":
      events.now();
      break;
    case "+":
    case "=":
      events.zoom(-1);
      break;
    case "-":
      events.zoom(1);
      break;
    case " ":
      events.pause();
      break;
    default:
      return false;
  }
  return true;
}

function dragTime(lanes: HTMLElement, events: TimeEvents, windowMs: () => number): void {
  let at: { pointer: number; x: number; width: number; drags: boolean } | null = null;
  lanes.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    // As it is on the screen: the page may have scaled it.
    const { width } = event.target.getBoundingClientRect();
    at = { pointer: event.pointerId, x: event.clientX, width, drags: false };
  });
  lanes.addEventListener("pointermove", (event) => {
    if (at?.pointer !== event.pointerId) return;
    const moved = event.clientX - at.x;
    if (!at.drags && Math.abs(moved) < DRAG_FROM) return;
    if (!at.drags) lanes.setPointerCapture(event.pointerId);
    at.drags = true;
    at.x = event.clientX;
    events.move((-moved / Math.max(1, at.width)) * windowMs());
  });
  const end = (event: PointerEvent): void => {
    if (at?.pointer !== event.pointerId) return;
    // The click that follows a drag is none.
    if (at.drags) lanes.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => {
      lanes.removeEventListener("click", swallow, { capture: true });
    });
    at = null;
  };
  lanes.addEventListener("pointerup", end);
  lanes.addEventListener("pointercancel", end);
}

const swallow = (event: Event): void => {
  event.stopPropagation();
};

function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const element = makeButton("button small", act, text);
  element.title = label;
  if (text.length < 2) element.ariaLabel = label;
  return element;
}
