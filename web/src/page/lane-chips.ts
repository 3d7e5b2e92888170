import type { TransportId } from "../contract/core-module.js";
import { TRANSPORTS } from "../contract/tables.js";
import { laneChip } from "./figure-table.js";

/** One toggle a transport, in its colour. At least one stays chosen. */
export class LaneChips {
  readonly #chips = new Map<TransportId, HTMLButtonElement>();
  readonly #changed: (chosen: readonly TransportId[]) => void;
  #chosen = new Set<TransportId>();
  /** Whether there may be none. */
  #optional = false;

  constructor(container: HTMLElement, changed: (chosen: readonly TransportId[]) => void) {
    this.#changed = changed;
    for (const { id, title } of TRANSPORTS) {
      const chip = laneChip(id, title, () => {
        this.#toggle(id);
      });
      this.#chips.set(id, chip);
      container.append(chip);
    }
  }

  get chosen(): readonly TransportId[] {
    return TRANSPORTS.map(({ id }) => id).filter((id) => this.#chosen.has(id));
  }

  set chosen(ids: readonly TransportId[]) {
    this.#chosen = new Set(ids);
    for (const [id, chip] of this.#chips) {
      const pressed = this.#chosen.has(id);
      const last = pressed && this.#chosen.size === 1 && !this.#optional;
      chip.setAttribute("aria-pressed", String(pressed));
      chip.setAttribute("aria-disabled", String(last));
      chip.title = last ? "The last lane stays." : "";
    }
  }

  /** Where there are others to see, the last lane may go. */
  set optional(optional: boolean) {
    this.#optional = optional;
    this.chosen = this.chosen;
  }

  #toggle(id: TransportId): void {
    const chosen = new Set(this.#chosen);
    if (!chosen.delete(id)) chosen.add(id);
    if (chosen.size === 0 && !this.#optional) return;
    this.chosen = [...chosen];
    this.#changed(this.chosen);
  }
}
