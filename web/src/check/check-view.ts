import type { CheckReport } from "../contract/check-report.js";
import { make, setText } from "../element/dom.js";
import { part } from "../page/part.js";
import { decidingLink, playingLink } from "./conditions.js";
import { FindingsView } from "./findings-view.js";
import { Keyed } from "./keyed.js";
import { LanesView } from "./lanes-view.js";
import { ProbesView } from "./probes-view.js";
import { showSamples } from "./samples.js";

/** What the page shows; all of it follows from this. */
export interface Shown {
  readonly phase: "before" | "starting" | "going" | "over" | "failed" | "shared";
  /** null before the first one. */
  readonly report: CheckReport | null;
  /** A sentence, where there is something to say in place of a verdict. */
  readonly title: string;
  /** And what stands below it; "" is what the report says. */
  readonly words: string;
  /** When the check began. */
  readonly made: Date | null;
  /** What stands in the way of a simulated check; "" for a real one. */
  readonly simulated: string;
  /** Whether the reader has ended it. */
  readonly stopped: boolean;
}

const MOMENT = { dateStyle: "long", timeStyle: "short" } as const;

/** The parts of the page, drawn from a report. */
export class CheckView {
  readonly #verdict = part("verdict", HTMLElement);
  readonly #about = part("about", HTMLElement);
  readonly #tags = part("tags", HTMLElement);
  readonly #toggle = part("toggle", HTMLButtonElement);
  readonly #share = part("share", HTMLButtonElement);
  readonly #play = part("play", HTMLAnchorElement);
  readonly #which = part("which", HTMLAnchorElement);
  readonly #bar = part("bar", HTMLElement);
  readonly #barDone = part("bar-done", HTMLElement);
  readonly #before = part("before", HTMLElement);
  readonly #lanesCard = part("lanes-card", HTMLElement);
  readonly #found = part("found", HTMLElement);
  readonly #everyProbe = part("every-probe", HTMLDetailsElement);
  readonly #lanes = new LanesView(this.#lanesCard);
  readonly #findings = new FindingsView(
    part("findings", HTMLElement),
    part("findings-about", HTMLElement),
  );
  readonly #settings = new Keyed<{ readonly name: string; readonly value: string }>(
    part("settings", HTMLElement),
    ({ name, value }) => make("div", "", make("dt", "", name), make("dd", "", value)),
  );
  readonly #probes = new ProbesView(
    this.#everyProbe,
    part("probe-count", HTMLElement),
    part("probes", HTMLElement),
  );

  constructor() {
    new ResizeObserver(() => {
      showSamples(this.#before.querySelectorAll<HTMLElement>(".sample"));
    }).observe(this.#before);
  }

  /** For another check. */
  clear(): void {
    this.#findings.clear();
  }

  show(shown: Shown): void {
    const { phase, report } = shown;
    const going = phase === "starting" || phase === "going";
    setText(this.#verdict, shown.title || (report?.verdict ?? ""));
    setText(this.#about, shown.words || (report === null ? "" : aboutText(shown, report)));
    this.#showTags(shown);
    setText(
      this.#toggle,
      going
        ? "Stop here"
        : phase === "shared"
          ? "Check from here"
          : phase === "over"
            ? "Check again"
            : "Check this path",
    );
    const first = phase === "before" || phase === "failed" || phase === "shared";
    this.#toggle.classList.toggle("primary", first);
    const known = report?.lanes.some(({ verdict }) => verdict !== "") === true ? report : null;
    this.#share.hidden = known === null;
    this.#play.hidden = known === null || known.conditions.faults.length === 0;
    this.#play.classList.toggle("primary", !first);
    if (known !== null) {
      this.#play.href = playingLink(known);
      this.#which.href = decidingLink(known);
    }
    this.#showBar(going, report);
    this.#before.hidden = report !== null || going;
    this.#lanesCard.hidden = report === null || report.lanes.length === 0;
    this.#found.hidden = known === null && (report?.findings.length ?? 0) === 0;
    this.#everyProbe.hidden = report === null || report.probes.length === 0;
    document.title = `${this.#verdict.textContent} · Check · Transport Playground`;
    if (report === null) return;
    this.#lanes.show(report);
    this.#findings.show(report);
    this.#settings.show(report.settings, ({ name }) => name);
    this.#probes.show(report);
  }

  #showTags({ phase, simulated, made, report }: Shown): void {
    const tags = [
      ...(phase === "shared" ? ["shared result"] : []),
      ...(simulated === "" ? [] : [`simulated: ${simulated} in the way`]),
      ...(report?.quick === true ? ["quick"] : []),
    ];
    this.#tags.hidden = tags.length === 0 || made === null;
    const key = tags.join();
    if (this.#tags.dataset["shown"] === key) return;
    this.#tags.dataset["shown"] = key;
    this.#tags.replaceChildren(...tags.map((each) => make("span", "tag", each)));
  }

  #showBar(going: boolean, report: CheckReport | null): void {
    this.#bar.hidden = !going;
    if (!going) return;
    const { done = 0, total = 0 } = report ?? {};
    this.#bar.ariaValueMax = String(Math.max(total, 1));
    this.#bar.ariaValueNow = String(done);
    this.#bar.ariaValueText = total === 0 ? "connecting" : `${done} of ${total} probes`;
    this.#barDone.style.setProperty(
      "width",
      `${total === 0 ? 2 : Math.max(2, (100 * done) / total)}%`,
    );
  }
}

function aboutText({ phase, made, stopped, simulated }: Shown, report: CheckReport): string {
  const sentences = [simulated === "" ? report.path : simulatedText(report)];
  const { done, total } = report;
  if (phase === "going" || phase === "starting") {
    if (total > 0) sentences.push(`${done} of ${total} probes done${leftText(report)}.`);
    return sentences.join(" ");
  }
  if (stopped) sentences.push(`Stopped after ${done} of ${total} probes.`);
  else if (report.state === "running")
    sentences.push(`Kept when ${done} of ${total} probes were done.`);
  else sentences.push(`${total} probes in ${lasting(report.elapsed_ms)}.`);
  if (made !== null) {
    const when = new Intl.DateTimeFormat("en-GB", MOMENT).format(made);
    sentences.push(`Made on ${when}.`);
  }
  return sentences.join(" ");
}

function simulatedText({ conditions: { round_trip_ms: roundTrip } }: CheckReport): string {
  return `Over a simulated line${roundTrip === undefined ? "" : ` of ${roundTrip} ms there and back`}.`;
}

function leftText({ probes, left_ms }: CheckReport): string {
  const left = probes.filter(({ outcome }) => outcome === "waiting" || outcome === "running");
  if (left.length === 0 || left_ms < 1000) return "";
  const silent = left.every(({ kind }) => kind === "silence" || kind === "beat");
  return `; what is left ${silent ? "is waiting for silence" : "takes"}, about ${lasting(left_ms)}`.replace(
    "takes, about",
    "takes about",
  );
}

function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
