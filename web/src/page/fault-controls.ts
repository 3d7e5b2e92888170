import type { Fault, TransportId } from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import { faceOf } from "../contract/transports.js";
import {
  FIRST_FAULTS,
  MORE_FAULTS,
  forEveryone,
  isMoment,
  type FaultButton,
} from "./fault-table.js";

export interface FaultEvents {
  readonly add: (faults: readonly Fault[]) => void;
  /** Those of this kind are to end, and the others to go on. */
  readonly lift: (kind: string) => void;
  readonly liftAll: () => void;
}

const DURATIONS = [0, 2, 5, 10, 30];
const DELAYS = [0, 3, 10, 30];

/**
 * A button a fault. Those that last are toggles: pressed while the run says that the fault is
 * there. Whom the next one concerns, when and for how long is chosen among those that fold away,
 * and where it is not as usual, the button that unfolds them says so.
 */
export class FaultControls {
  readonly #toggles: { offer: FaultButton; button: HTMLButtonElement }[] = [];
  readonly #events: FaultEvents;
  readonly #target = make("select", "select");
  readonly #delay = make("select", "select");
  readonly #duration = make("select", "select");
  readonly #liftAll: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  #active: readonly Fault[] = [];
  #lanes = "";

  constructor(first: HTMLElement, others: HTMLElement, events: FaultEvents) {
    this.#events = events;
    this.#liftAll = button("Lift all", "Ends every fault.", () => {
      events.liftAll();
    });
    this.#liftAll.disabled = true;
    this.#more = button("More", "Every other fault; to whom, when, and how long", () => {
      others.hidden = !others.hidden;
      this.#more.ariaExpanded = String(!others.hidden);
    });
    this.#more.classList.add("more", "folds");
    this.#more.ariaExpanded = "false";
    this.#more.setAttribute("aria-controls", others.id);
    for (const seconds of DELAYS) {
      this.#delay.append(new Option(seconds === 0 ? "now" : `in ${seconds} s`, String(seconds)));
    }
    for (const seconds of DURATIONS) {
      const text = seconds === 0 ? "until lifted" : `for ${seconds} s`;
      this.#duration.append(new Option(text, String(seconds)));
    }
    const aim = [
      ["To whom", this.#target],
      ["When", this.#delay],
      ["How long", this.#duration],
    ] as const;
    for (const [name, select] of aim) {
      select.ariaLabel = name;
      select.addEventListener("change", () => {
        this.#sayAim();
      });
    }
    first.append(...FIRST_FAULTS.map((offer) => this.#button(offer)), this.#more, this.#liftAll);
    others.append(
      make(
        "div",
        "line aim",
        make("span", "quiet", "The next fault"),
        ...aim.map(([, select]) => select),
      ),
      ...MORE_FAULTS.map((offer) =>
        make("p", "quiet-words", this.#button(offer), make("span", "", offer.summary)),
      ),
    );
    this.expect([]);
  }

  /** The lanes that a fault may be aimed at. */
  expect(lanes: readonly TransportId[]): void {
    if (lanes.join() === this.#lanes && this.#target.length > 0) return;
    this.#lanes = lanes.join();
    const before = this.#target.value;
    this.#target.replaceChildren(
      new Option("all lanes", ""),
      ...lanes.map((id) => new Option(faceOf(id).title, id)),
    );
    this.#target.value = lanes.some((id) => id === before) ? before : "";
    this.#sayAim();
  }

  /** What goes wrong now. */
  show(active: readonly Fault[]): void {
    this.#active = active;
    for (const { offer, button: toggle } of this.#toggles) {
      const pressed = this.#plays(offer);
      if (toggle.ariaPressed !== String(pressed)) toggle.ariaPressed = String(pressed);
    }
    // A disabled button lets go of the focus.
    this.#liftAll.setAttribute("aria-disabled", String(active.length === 0));
    this.#liftAll.disabled = active.length === 0 && document.activeElement !== this.#liftAll;
  }

  /** As if the button of that kind were pressed. */
  press(kind: string): void {
    this.#toggles.find(({ offer }) => offer.fault.kind === kind)?.button.click();
  }

  /** "More", or "More · SSE, in 3 s". */
  #sayAim(): void {
    const chosen = [this.#target, this.#delay, this.#duration].flatMap((select) =>
      select.selectedIndex > 0 ? [select.selectedOptions[0]?.text ?? ""] : [],
    );
    setText(this.#more, chosen.length === 0 ? "More" : `More · ${chosen.join(", ")}`);
  }

  #button(offer: FaultButton): HTMLButtonElement {
    const element = button(offer.title, offer.summary, () => {
      if (!isMoment(offer.fault) && this.#plays(offer)) this.#events.lift(offer.fault.kind);
      else this.#events.add(this.#aimed(offer));
    });
    element.dataset["fault"] = offer.fault.kind;
    if (!isMoment(offer.fault)) {
      element.ariaPressed = "false";
      this.#toggles.push({ offer, button: element });
    }
    return element;
  }

  /** Whether a fault of the button's kind is in force. */
  #plays({ fault }: FaultButton): boolean {
    return this.#active.some(({ kind }) => kind === fault.kind);
  }

  #aimed({ fault }: FaultButton): readonly Fault[] {
    const lane = this.#target.value;
    const delay = Number(this.#delay.value);
    const seconds = isMoment(fault) ? 0 : Number(this.#duration.value);
    const faults = lane === "" ? forEveryone(fault) : [{ ...fault, lane }];
    return faults.map((each) => ({
      ...each,
      ...(delay > 0 && { after_s: delay }),
      ...(seconds > 0 && { for_s: seconds }),
    }));
  }
}

function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const element = makeButton("button fault", act, text);
  element.title = title;
  return element;
}
