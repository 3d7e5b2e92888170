import type { CheckSettings } from "../contract/check-report.js";
import { serverFromText } from "../page/page-settings.js";
import { part } from "../page/part.js";
import { SILENCES, USUAL_SILENCE, WAYS, type Way } from "./ways.js";

type Where = "own" | "other" | "simulated";

/** A simulated check's path, and how fast its time passes. */
const ROUND_TRIP_MS = 40;
const SPEED = 20;

/** What to check, and how long silence is waited for. */
export class OptionsForm {
  readonly #form = part("options", HTMLFormElement);
  readonly #where = part("where", HTMLFieldSetElement);
  readonly #addressLabel = part("address-label", HTMLLabelElement);
  readonly #address = part("server-address", HTMLInputElement);
  readonly #wayLabel = part("way-label", HTMLLabelElement);
  readonly #way = part("way", HTMLSelectElement);
  readonly #silence = part("silence", HTMLSelectElement);
  readonly #own: string;

  /** `own` is the server at the page's own address. */
  constructor(own: string, events: { readonly changed: () => void; readonly go: () => void }) {
    this.#own = own;
    for (const { id, title } of WAYS) this.#way.append(new Option(title, id));
    for (const [value, title] of SILENCES) this.#silence.append(new Option(title, value));
    this.#silence.value = USUAL_SILENCE;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      events.go();
    });
    this.#form.addEventListener("change", () => {
      this.#show();
      events.changed();
    });
    this.#address.addEventListener("input", () => {
      this.#address.setCustomValidity("");
    });
    this.#show();
  }

  set shown(shown: boolean) {
    this.#form.hidden = !shown;
  }

  /** Takes what a link says: `server`, `silence`, `simulated`. */
  read(fields: URLSearchParams): void {
    const server = serverFromText(fields.get("server") ?? "");
    const way = fields.get("simulated");
    const silence = fields.get("silence") ?? "";
    if (server !== "" && server !== this.#own) {
      this.#address.value = server;
      this.#choose("other");
    }
    if (WAYS.some(({ id }) => id === way)) {
      this.#way.value = way ?? "";
      this.#choose("simulated");
    }
    if (SILENCES.some(([value]) => value === silence)) this.#silence.value = silence;
    this.#show();
  }

  /** There is no server at the page's own address. */
  withoutOwn(): void {
    const [own] = this.#where.querySelectorAll("label");
    if (own !== undefined) own.hidden = true;
    if (this.where === "own") this.#choose("other");
    this.#show();
  }

  get where(): Where {
    return this.#input(":checked").value as Where;
  }

  /** What stands in the way of a simulated check; null for a real one. */
  get way(): Way | null {
    if (this.where !== "simulated") return null;
    return WAYS.find(({ id }) => id === this.#way.value) ?? null;
  }

  /** null where there is no address: the field says so. */
  settings(): CheckSettings | null {
    const { value } = this.#silence;
    const time =
      value === "quick" ? { quick: true } : { quick: false, longest_silence_s: Number(value) };
    const way = this.way;
    if (way !== null) {
      const simulated = { faults: way.faults, round_trip_ms: ROUND_TRIP_MS, speed: SPEED };
      return { server: this.#own, ...time, simulated };
    }
    if (this.where === "own") return { server: this.#own, ...time };
    const server = serverFromText(this.#address.value);
    const fits = server !== "";
    this.#address.setCustomValidity(fits ? "" : "An address such as http://localhost:8088");
    if (!fits) this.#address.focus();
    return this.#form.reportValidity() && fits ? { server, ...time } : null;
  }

  #choose(where: Where): void {
    this.#input(`[value="${where}"]`).checked = true;
  }

  #input(selector: string): HTMLInputElement {
    const input = this.#where.querySelector<HTMLInputElement>(`input${selector}`);
    if (input === null) throw new Error("The form lacks a choice.");
    return input;
  }

  #show(): void {
    this.#addressLabel.hidden = this.where !== "other";
    this.#wayLabel.hidden = this.where !== "simulated";
  }
}
