import type { LaneSnapshot, Snapshot, TransportId } from "../contract/core-module.js";
import { make, makeButton, setText, settle } from "../element/dom.js";
import { NO_FIGURE, bytes, count, spoken } from "../text/figures.js";
import { faceOf } from "../contract/transports.js";
import { advise, type Advice, type Candidate, type Evidence, type Reason } from "./advice.js";
import { reasonText } from "./advice-words.js";
import {
  fetchBrowserSupport,
  supportCellId,
  supportTable,
  type BrowserSupport,
} from "./browser-support.js";
import { dayCost } from "./day-cost.js";
import { FACTS } from "./facts.js";
import { figureTable, laneName, pointAt } from "./figure-table.js";
import { NeedsForm } from "./needs-form.js";
import { Recipes } from "./recipes.js";
import { factsOf, type ColumnId } from "./run-columns.js";

const SHOW_MS = 1000;
const SHOW_UNSEEN_MS = 5000;
const REASONS_SHOWN = 4;
const DAY = { dateStyle: "medium", timeZone: "UTC" } as const;

/** "Which one?": needs and the run's figures give a ranking, and every reason leads to its source. */
export class Deciding {
  readonly #form: NeedsForm;
  readonly #answer = make("div", "answer");
  readonly #words = make("p", "answer-words");
  readonly #ranking = make("ol", "ranking");
  readonly #ladder = make("div", "ladder");
  readonly #support = make("div", "scrolls support");
  readonly #day = make("div", "scrolls day-table");
  readonly #readers = make("input");
  readonly #hours = make("input");
  readonly #recipes = new Recipes();
  readonly #point: (lane: TransportId, column: ColumnId) => void;
  #facts: BrowserSupport | null = null;
  #snapshot: Snapshot | null = null;
  #shown = "";
  #shownAt = -SHOW_MS;
  #inSight = true;

  /** `point` leads to a figure of "What it cost". */
  constructor(container: HTMLElement, point: (lane: TransportId, column: ColumnId) => void) {
    this.#point = point;
    this.#form = new NeedsForm(() => {
      this.#show();
    });
    this.#words.setAttribute("role", "status");
    this.#ranking.ariaLabel = "Transports, best first";
    this.#answer.append(this.#words, this.#ranking, this.#ladder);
    container.replaceChildren(
      make("div", "deciding", this.#form.element, this.#answer),
      part("Code to copy", this.#recipes.element),
      part("What a day would cost", this.#dayForm(), this.#day),
      part("What browsers have", this.#support),
    );
    new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? true;
      if (this.#inSight && this.#snapshot !== null) this.show(this.#snapshot);
    }).observe(container);
    void this.#load();
  }

  /** What a check has found takes the place of what a reader would guess. */
  take(text: string): void {
    this.#form.take(text);
  }

  show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    const period = this.#inSight ? SHOW_MS : SHOW_UNSEEN_MS;
    if (performance.now() - this.#shownAt < period && snapshot.state === "running") return;
    this.#shownAt = performance.now();
    this.#show();
  }

  async #load(): Promise<void> {
    try {
      this.#facts = await fetchBrowserSupport();
      this.#support.replaceChildren(supportTable(this.#facts));
      this.#show();
    } catch {
      setText(this.#words, "What browsers have could not be fetched. Reload the page for advice.");
    }
  }

  #show(): void {
    this.#showDay();
    if (this.#facts === null) return;
    const lanes = this.#snapshot?.lanes ?? [];
    const clockErrorMs = this.#snapshot?.clock.errorMs ?? 0;
    const advice = advise(this.#form.needs, lanes, this.#facts, clockErrorMs);
    // What the reader may be about to press is left alone as long as it says the same.
    const key = JSON.stringify(advice);
    if (key === this.#shown || this.#ranking.matches(":active")) return;
    this.#shown = key;
    const focused = this.#answer.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset["key"]
      : undefined;
    this.#showAdvice(advice, lanes);
    if (focused !== undefined) {
      this.#answer.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #showAdvice(advice: Advice, lanes: readonly LaneSnapshot[]): void {
    const best = advice.ranking[0];
    const measured = lanes.some(({ messages }) => messages > 0);
    const first =
      best === undefined || best.ruledOut
        ? "None of them meets all of these needs. Drop one, or serve two groups of readers separately."
        : `${faceOf(best.id).title} serves this best` +
          (measured
            ? ", by your needs and this run’s figures."
            : ", by your needs alone: no run yet.");
    setText(this.#words, first);
    settle(this.#ranking, ...advice.ranking.map((each) => this.#candidate(each)));
    settle(this.#ladder, ...ladderOf(advice));
    const top = advice.ladder[0];
    if (top !== undefined) this.#recipes.suggest(top);
  }

  #candidate({ id, reasons, ruledOut }: Candidate): HTMLElement {
    const said = ruledOut ? reasons.filter(({ points }) => points === -Infinity) : reasons;
    const list = make(
      "ul",
      "reasons",
      ...said.slice(0, REASONS_SHOWN).map((each) => this.#reason(id, each)),
    );
    if (said.length === 0) {
      list.append(
        make("li", "unmeasured quiet", "No need speaks against it; no lane has measured it yet."),
      );
    }
    const name = make("div", "candidate", laneName(id));
    if (ruledOut) name.append(make("span", "out", "ruled out"));
    const item = make("li", ruledOut ? "is-out" : "", name, list);
    item.dataset["transport"] = id;
    return item;
  }

  #reason(id: TransportId, reason: Reason): HTMLElement {
    const { points, evidence } = reason;
    const mark = make("span", points > 0 ? "mark for" : points < 0 ? "mark against" : "mark");
    mark.textContent = points > 0 ? "+" : points < 0 ? "−" : "·";
    mark.ariaLabel = points > 0 ? "for" : points < 0 ? "against" : "note";
    mark.setAttribute("role", "img");
    return make(
      "li",
      "",
      mark,
      make("span", "", `${reasonText(reason)} `, this.#source(id, evidence)),
    );
  }

  #source(id: TransportId, evidence: Evidence): HTMLElement {
    if (evidence.kind === "fact") {
      const { source, address, read } = FACTS[evidence.fact];
      const link = make("a", "evidence", source);
      link.href = address;
      link.dataset["key"] = `${id} ${evidence.fact}`;
      const day = make("time", "", new Date(read).toLocaleDateString("en-GB", DAY));
      day.dateTime = read;
      return make("span", "", link, make("span", "read small-words", " read ", day));
    }
    if (evidence.kind === "figure") {
      const { lane, column } = evidence;
      return sourceButton("see the figure", `${id} ${lane} ${column}`, () => {
        this.#point(lane, column);
      });
    }
    if (evidence.kind === "check") return make("span", "read small-words", "as your check found");
    const { feature, browser } = evidence;
    return sourceButton("see the browser table", `${id} ${feature} ${browser}`, () => {
      const cell = document.getElementById(supportCellId(feature, browser));
      if (cell !== null) pointAt(cell);
    });
  }

  #dayForm(): HTMLElement {
    const field = (input: HTMLInputElement, id: string, value: number, most: number): void => {
      input.type = "number";
      input.id = id;
      input.min = "1";
      input.max = String(most);
      input.value = String(value);
      input.addEventListener("input", () => {
        this.#showDay();
      });
    };
    field(this.#readers, "day-readers", 1000, 100_000_000);
    field(this.#hours, "day-hours", 8, 24);
    return make(
      "div",
      "line day-form",
      make("label", "beside-label", "Readers a day ", this.#readers),
      make("label", "beside-label", "Hours each ", this.#hours),
    );
  }

  #showDay(): void {
    const snapshot = this.#snapshot;
    const readers = { number: this.#readers.valueAsNumber, hours: this.#hours.valueAsNumber };
    const valid = readers.number >= 1 && readers.hours > 0 && readers.hours <= 24;
    const run = { elapsedMs: snapshot?.elapsedMs ?? 0 };
    const costs = valid ? (snapshot?.lanes ?? []).map((lane) => dayCost(lane, run, readers)) : [];
    if (costs.every((cost) => cost === null)) {
      const words = valid
        ? "This is worked out from a run: press Start."
        : "Enter at least one reader, and 1 to 24 hours.";
      settle(this.#day, make("p", "small-words", words));
      return;
    }
    const rows = costs
      .filter((cost) => cost !== null)
      .map((cost) => [
        { content: laneName(cost.lane) },
        count(cost.requests),
        `${gigabytes(cost.bytes)} GB`,
        count(Math.ceil(cost.held)),
        cost.memory === null ? NO_FIGURE : spoken(bytes(cost.memory)),
      ]);
    settle(
      this.#day,
      figureTable(
        "What a day would cost",
        ["Transport", "requests", "traffic", "connections", "memory"],
        rows,
      ),
      make(
        "p",
        "small-words",
        "If every reader’s day went on as this run does. Connections are those open at once, on " +
          "average. Memory is this project’s own figure for this server: about 0.5 KB for an idle " +
          "event stream, measured by tests/bench, without what the kernel keeps; the others have " +
          "not been measured." +
          (snapshot !== null && factsOf(snapshot, 0).lastHop
            ? " Traffic and connections are those between the proxy and the server."
            : ""),
      ),
    );
  }
}

function sourceButton(text: string, key: string, act: () => void): HTMLButtonElement {
  const button = makeButton("inline evidence", act, text);
  button.dataset["key"] = key;
  return button;
}

function ladderOf({ ladder, heartbeatS, holdS }: Advice): Node[] {
  if (ladder.length === 0) return [];
  const steps = ladder.flatMap((id) => [" → ", make("code", "", id)]);
  const line = make("p", "steps", ...steps.slice(1));
  line.id = "ladder";
  const words = [`Heartbeat every ${heartbeatS} s`];
  if (ladder.some((id) => faceOf(id).holds)) words.push(`hold a long poll for ${holdS} s`);
  const after = make("p", "small-words", `${words.join("; ")}. `);
  after.append("The setting is ", make("code", "", `ladder: ${JSON.stringify(ladder)}`), ".");
  return [make("h3", "", "The ladder to configure"), line, after];
}

function gigabytes(value: number): string {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value / 1e9);
}

function part(title: string, ...content: HTMLElement[]): HTMLElement {
  return make("section", "deciding-part", make("h3", "", title), ...content);
}
