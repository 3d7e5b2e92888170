import type { Fault, TransportId } from "../contract/core-module.js";
import { make, makeButton } from "../element/dom.js";
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
 * there. Whom they concern, and for how long, stands beside them.
 */
export class FaultControls {
  readonly #toggles: { offer: FaultButton; button: HTMLButtonElement }[] = [];
  readonly #events: FaultEvents;
  readonly #target = make("select", "select");
  readonly #delay = make("select", "select");
  readonly #duration = make("select", "select");
  readonly #liftAll: HTMLButtonElement;
  #active: readonly Fault[] = [];
  #lanes = "";

  constructor(container: HTMLElement, events: FaultEvents) {
    this.#events = events;
    this.#liftAll = button("Lift all", "Ends every fault.", () => {
      events.liftAll();
    });
    this.#liftAll.disabled = true;
    for (const seconds of DELAYS) {
      this.#delay.append(new Option(seconds === 0 ? "now" : `in ${seconds} s`, String(seconds)));
    }
    this.#target.ariaLabel = "To whom";
    this.#delay.ariaLabel = "When";
    for (const seconds of DURATIONS) {
      const text = seconds === 0 ? "until lifted" : `for ${seconds} s`;
      this.#duration.append(new Option(text, String(seconds)));
    }
    const list = make(
      "div",
      "fault-list",
      ...MORE_FAULTS.map((offer) =>
        make("p", "quiet-words", this.#button(offer), make("span", "", offer.summary)),
      ),
    );
    list.id = "fault-list";
    list.hidden = true;
    const more = button("More", "Every other fault", () => {
      list.hidden = !list.hidden;
      more.ariaExpanded = String(!list.hidden);
    });
    more.classList.add("more");
    more.ariaExpanded = "false";
    more.setAttribute("aria-controls", list.id);
    this.#duration.ariaLabel = "How long";
    container.append(
      make(
        "div",
        "line fault-line",
        ...FIRST_FAULTS.map((offer) => this.#button(offer)),
        more,
        this.#liftAll,
        this.#target,
        this.#delay,
        this.#duration,
      ),
      list,
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
