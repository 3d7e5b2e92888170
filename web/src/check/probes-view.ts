import type { CheckProbe, CheckReport } from "../contract/check-report.js";
import { faceOf } from "../contract/transports.js";
import { make, setText } from "../element/dom.js";
import { binarySize, count, duration, spoken } from "../text/figures.js";
import { longest } from "./lane-probes.js";

const KINDS: Readonly<Record<string, string>> = {
  open: "opens",
  writes: "six writes",
  ramp: "writes until the buffer is full",
  silence: "silence",
  beat: "silence with a heartbeat",
  status: "a status",
  end: "an end",
  seen: "what the server sees",
  cookie: "a cookie, there and back",
  body: "a body from the server",
  upload: "a body to the server",
  header: "a long header field",
  message: "a large message",
  event: "a large event",
  repeated: "the same question twice",
  streams: "streams at once",
  "both-ways": "both ways at once",
  fill: "as much as fits",
  "round-trip": "round trip",
};

/** All of them, for who does not believe a verdict; made when it is unfolded. */
export class ProbesView {
  readonly #fold: HTMLDetailsElement;
  readonly #count: HTMLElement;
  readonly #place: HTMLElement;
  #report: CheckReport | null = null;
  #shown = "";

  constructor(fold: HTMLDetailsElement, count: HTMLElement, place: HTMLElement) {
    this.#fold = fold;
    this.#count = count;
    this.#place = place;
    fold.addEventListener("toggle", () => {
      this.#draw();
    });
  }

  show(report: CheckReport): void {
    this.#report = report;
    setText(this.#count, `${count(report.probes.length)} of them`);
    this.#draw();
  }

  #draw(): void {
    if (!this.#fold.open || this.#report === null) return;
    const rows = this.#report.probes.map(wordsOf);
    const key = JSON.stringify(rows);
    if (key === this.#shown) return;
    this.#shown = key;
    const head = make("tr", "");
    for (const title of ["Transport", "Probe", "Began", "Took", "What came"]) {
      const cell = make("th", "", title);
      cell.scope = "col";
      head.append(cell);
    }
    const table = make(
      "table",
      "",
      make("caption", "unseen", "Every probe of this check"),
      make("thead", "", head),
      make("tbody", "", ...rows.map(row)),
    );
    this.#place.replaceChildren(table);
  }
}

function row([transport, ...cells]: readonly string[]): HTMLElement {
  const name = make("th", "", transport ?? "");
  name.scope = "row";
  return make("tr", "", name, ...cells.map((cell) => make("td", "", cell)));
}

function wordsOf(probe: CheckProbe): readonly string[] {
  const { began_ms, ended_ms } = probe;
  return [
    faceOf(probe.transport).title,
    probeName(probe),
    began_ms === undefined ? "" : spoken(duration(began_ms)),
    began_ms === undefined || ended_ms === undefined ? "" : spoken(duration(ended_ms - began_ms)),
    outcomeOf(probe),
  ];
}

function probeName({ kind, plain, text, bytes, duration_ms, beat, again }: CheckProbe): string {
  const words = [KINDS[kind] ?? kind];
  if ((kind === "silence" || kind === "beat") && duration_ms !== undefined) {
    words.push(`${Math.round(duration_ms / 1000)} s`);
  }
  if (bytes !== undefined) words.push(spoken(binarySize(bytes)));
  if (beat !== undefined) words.push(beat);
  if (plain === true) words.push("plain header fields");
  if (text === true) words.push("as text/plain");
  if (again === true) words.push("again");
  return words.join(", ");
}

function outcomeOf(probe: CheckProbe): string {
  const { outcome, status, code, words, server_end, writes } = probe;
  const parts = [outcome === "whole" ? "as it should" : outcome.replace("-", " ")];
  if (status !== undefined) parts.push(`status ${status}`);
  if (code !== undefined) parts.push(`code ${code}`);
  if (probe.kind === "writes" && writes !== undefined) {
    parts.push(`${writes.length} arrived, the slowest in ${spoken(duration(longest(probe)))}`);
  }
  if (words !== undefined && outcome !== "whole") parts.push(words);
  if (server_end !== undefined && outcome !== "whole") parts.push(`server: ${server_end}`);
  return parts.join(", ");
}
