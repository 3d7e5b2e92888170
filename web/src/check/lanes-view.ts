import type { CheckReport } from "../contract/check-report.js";
import { faceOf } from "../contract/transports.js";
import { make, setText } from "../element/dom.js";
import { duration, spoken } from "../text/figures.js";
import {
  axisPicture,
  silenceAxis,
  silencePicture,
  silenceWords,
  triesPicture,
  writesAxis,
  writesPicture,
  type Words,
} from "./lane-picture.js";
import { lanesOf, longest, silentFor, type LaneProbes } from "./lane-probes.js";

/** One row a transport: its state, its writes, its silences, its verdict. */
export class LanesView {
  readonly #list: HTMLElement;
  readonly #axis = make("div", "axis-place");
  readonly #silenceTitle = make("span", "silence-title");
  readonly #rows = new Map<string, LaneRow>();
  #report: CheckReport | null = null;

  constructor(place: HTMLElement) {
    const head = make(
      "div",
      "lane lanes-head",
      make("span", "lane-name", "Transport"),
      make(
        "div",
        "lane-writes",
        make("span", "", "written by the server, and when it arrived"),
        this.#axis,
      ),
      make("div", "lane-silence", this.#silenceTitle),
      make("span", "lane-verdict", "Verdict"),
    );
    this.#list = make("ol", "lanes");
    this.#list.setAttribute("role", "list");
    place.append(head, this.#list);
    new ResizeObserver(() => {
      if (this.#report !== null) this.show(this.#report);
    }).observe(place);
  }

  show(report: CheckReport): void {
    this.#report = report;
    const lanes = lanesOf(report);
    const writes = writesAxis(lanes);
    const silence = silenceAxis(lanes);
    setText(
      this.#silenceTitle,
      report.quick ? "silence is not tried" : `silent for up to ${Math.round(silence / 1000)} s`,
    );
    for (const [name, row] of this.#rows) {
      if (lanes.some(({ lane }) => lane.transport === name)) continue;
      row.element.remove();
      this.#rows.delete(name);
    }
    for (const each of lanes) {
      let row = this.#rows.get(each.lane.transport);
      if (row === undefined) {
        row = new LaneRow(each);
        this.#rows.set(each.lane.transport, row);
        this.#list.append(row.element);
      }
      row.show(each, report, writes, silence);
    }
    const width = this.#axis.clientWidth;
    if (width > 0) this.#axis.replaceChildren(axisPicture(width, writes));
  }
}

class LaneRow {
  readonly element: HTMLElement;
  readonly #state = make("span", "lane-state");
  readonly #tries = make("span", "tries");
  readonly #writes = make("div", "lane-writes");
  readonly #silence = make("div", "lane-silence");
  readonly #verdict = make("strong", "");
  readonly #detail = make("span", "lane-detail");
  readonly #place = make("p", "lane-verdict", this.#verdict, this.#detail);
  #shown = "";

  constructor({ lane }: LaneProbes) {
    const square = make("span", "square");
    const { colour } = faceOf(lane.transport);
    this.element = make(
      "li",
      "lane",
      make(
        "div",
        "lane-name",
        make("h3", "", square, lane.title),
        make("p", "", this.#tries, this.#state),
      ),
      this.#writes,
      this.#silence,
      this.#place,
    );
    this.element.dataset["transport"] = lane.transport;
    this.element.style.setProperty("--colour", `var(${colour})`);
    for (const place of [this.#tries, this.#writes, this.#silence])
      place.setAttribute("role", "img");
  }

  show(of: LaneProbes, report: CheckReport, writesMs: number, silenceMs: number): void {
    const running = report.state === "running";
    const writesWidth = this.#writes.clientWidth;
    const silenceWidth = this.#silence.clientWidth;
    // Only what goes on moves with the time.
    const moves = of.probes.some(({ outcome }) => outcome === "running");
    const key = JSON.stringify([
      of,
      running,
      moves ? report.elapsed_ms : 0,
      writesWidth,
      silenceWidth,
      writesMs,
      silenceMs,
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    const { lane, tries } = of;
    setText(this.#state, lane.state === "" ? (running ? "waits" : "not tried") : lane.state);
    const worked = tries.filter(({ outcome }) => outcome === "whole").length;
    const over = tries.filter(({ ended_ms }) => ended_ms !== undefined).length;
    this.#tries.ariaLabel = `${worked} of ${over} tries brought a record`;
    this.#tries.title = this.#tries.ariaLabel;
    this.#tries.replaceChildren(triesPicture(tries));
    setText(this.#verdict, lane.verdict === "" ? (running ? "…" : "not known") : lane.verdict);
    setText(this.#detail, lane.detail);
    this.#place.classList.toggle("is-trouble", lane.trouble);
    this.#place.classList.toggle("is-good", !lane.trouble && lane.verdict !== "");

    const writes = writesWords(of, running);
    this.#writes.ariaLabel = `Writes: ${writes.text || "each arrived as it was written"}`;
    if (writesWidth > 0) {
      this.#writes.replaceChildren(
        writesPicture(of.writes, writesWidth, writesMs, report.elapsed_ms, writes),
      );
    }
    const silence = silenceSaid(of, report);
    this.#silence.ariaLabel = `Silence: ${silence.text || "not tried"}`;
    this.#silence.classList.toggle("is-empty", silence.text === "");
    if (silenceWidth > 0) {
      this.#silence.replaceChildren(
        silencePicture(of, silenceWidth, silenceMs, report.elapsed_ms, silence),
      );
    }
  }
}

function writesWords({ lane, writes, held }: LaneProbes, running: boolean): Words {
  if (writes === null) {
    const text = lane.transport === "short-poll" ? "answers at once: nothing is held" : "not tried";
    return {
      text: running && lane.transport !== "short-poll" ? "waits for its turn" : text,
      trouble: false,
    };
  }
  if (held !== null) {
    const text = held.title.startsWith(`${lane.title} is `)
      ? held.title.slice(lane.title.length + 4)
      : held.title;
    return {
      text: held.plain_only === true ? `${text}, where nothing asks for less` : text,
      trouble: held.severity === "trouble",
    };
  }
  const count = writes.writes?.length ?? 0;
  if (writes.ended_ms === undefined) {
    return { text: running && count < 6 ? `${count} of 6 have come` : "", trouble: false };
  }
  if (writes.opened_ms === undefined && count === 0)
    return { text: "it did not open", trouble: true };
  if (count < 6) {
    return { text: `${count} of 6 have come`, trouble: writes.outcome !== "stopped" };
  }
  return { text: `each within ${spoken(duration(longest(writes)))}`, trouble: false };
}

function silenceSaid({ silences, beats, cut, held }: LaneProbes, report: CheckReport): Words {
  const elapsed = report.elapsed_ms;
  if (cut !== null) {
    const after = `${((cut.duration_ms ?? 0) / 1000).toFixed(1)} s`;
    const how =
      cut.code === "silence-dropped"
        ? `forgotten by ${after}`
        : cut.status !== undefined && cut.status >= 400
          ? `${cut.status} at ${after}`
          : `cut at ${after}`;
    return { text: how, trouble: true };
  }
  if (held !== null && held.plain_only !== true && silences.length > 0) {
    return { text: "held back, so it cannot be told", trouble: false };
  }
  const all = [...silences, ...beats].filter(({ began_ms }) => began_ms !== undefined);
  const [last] = all.sort((a, b) => silentFor(b, elapsed) - silentFor(a, elapsed));
  if (last !== undefined) {
    return { text: silenceWords(last, silentFor(last, elapsed)), trouble: false };
  }
  if (silences.length === 0) return { text: "", trouble: false };
  return { text: report.state === "running" ? "waits for its turn" : "not tried", trouble: false };
}
