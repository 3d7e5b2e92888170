import type {
  LaneSnapshot,
  Snapshot,
  TransportId,
  WireAnswer,
  WireBlock,
  WireSpan,
} from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import type { TransportPlayground } from "../element/element.js";
import { count } from "../text/figures.js";
import { httpVersion } from "../text/http-version.js";
import { faceOf } from "../contract/transports.js";
import { laneChip } from "./figure-table.js";
import { infoOf } from "./transport-info.js";

const HINT = "Point at the bytes, or use the arrow keys, to read what each of them is for.";

type View = "message" | "heads";

/** "On the wire": the bytes in which a message crossed it, as the server wrote and read them. */
export class WireInspector {
  readonly #lanes: TransportPlayground;
  readonly #card: HTMLElement;
  readonly #about: HTMLElement;
  readonly #chips = make("div", "chips");
  readonly #views: Record<View, HTMLButtonElement>;
  readonly #bytes = make("div", "wire-blocks");
  readonly #explains = make("p", "wire-explains quiet-words", HINT);
  #shown: WireAnswer | null = null;
  #view: View = "message";
  #asking = false;
  #generation = 0;

  constructor(card: HTMLElement, about: HTMLElement, lanes: TransportPlayground) {
    this.#card = card;
    this.#about = about;
    this.#lanes = lanes;
    const toggle = (view: View, text: string): HTMLButtonElement => {
      const show = (): void => {
        this.#view = view;
        this.#show();
      };
      return makeButton("wire-view", show, text);
    };
    this.#views = {
      message: toggle("message", "This message"),
      heads: toggle("heads", "Its connection"),
    };
    this.#chips.setAttribute("role", "group");
    this.#chips.ariaLabel = "The same message over";
    const views = make("div", "wire-views", this.#views.message, this.#views.heads);
    views.setAttribute("role", "group");
    views.ariaLabel = "What to show";
    this.#explains.setAttribute("role", "status");
    const key = make(
      "p",
      "wire-key small-words",
      make("span", "wire-span overhead", "overhead"),
      make("span", "wire-span", "payload"),
    );
    card.append(make("div", "line wire-bar", views, this.#chips, key), this.#bytes, this.#explains);
    this.#show();
  }

  /** A new run: its lanes, and nothing of the one before. */
  expect(lanes: readonly TransportId[]): void {
    this.#generation += 1;
    this.#asking = false;
    this.#shown = null;
    this.#chips.replaceChildren(
      ...lanes.map((id, index) => {
        const chip = laneChip(id, faceOf(id).title, () => void this.#switch(index));
        chip.dataset["transport"] = id;
        return chip;
      }),
    );
    this.#show();
  }

  /** Shows the newest message of a lane where nothing is shown yet. */
  follow(snapshot: Snapshot): void {
    if (this.#shown !== null || this.#asking || snapshot.state !== "running") return;
    // An event stream's message says most; a poll's, the first lane's, least.
    const carriers = snapshot.lanes.map(({ asked }) => expected(asked));
    const wanted = [carriers.indexOf("event-stream"), carriers.indexOf("websocket"), 0];
    void this.#inspectNewest(wanted.find((index) => index >= 0) ?? 0);
  }

  /** Shows a message of a lane. */
  async inspect(index: number, seq: number): Promise<void> {
    const generation = this.#generation;
    this.#asking = true;
    const answer = await this.#lanes.inspect(index, seq).catch((error: unknown) => {
      if (generation === this.#generation) this.#showTrouble(error as Error);
      return null;
    });
    if (generation !== this.#generation || answer === null) return;
    this.#asking = false;
    // What the run before it or a stopped one showed is worth more than a refusal.
    if (answer.error !== "" && this.#shown !== null && this.#lanes.state === "stopped") {
      setText(this.#explains, answer.error);
      return;
    }
    this.#shown = answer;
    this.#show();
  }

  /** To another lane: the same message of it, or else its newest. */
  async #switch(index: number): Promise<void> {
    const generation = this.#generation;
    const seq = this.#shown?.seq ?? (await this.#lanes.newest(index))?.seq ?? 0;
    if (generation !== this.#generation) return;
    this.#lanes.choose(index, seq);
    await this.inspect(index, seq);
  }

  async #inspectNewest(index: number): Promise<void> {
    const generation = this.#generation;
    const newest = await this.#lanes.newest(index);
    // A reader may have chosen one meanwhile.
    if (generation !== this.#generation || this.#asking || this.#shown !== null) return;
    if (newest !== null) await this.inspect(index, newest.seq);
  }

  /** What explains the bytes is not there. */
  #showTrouble({ message }: Error): void {
    const words = `${message} Choose a message, and it is tried again.`;
    this.#bytes.replaceChildren(make("p", "nothing", words));
  }

  #show(): void {
    const answer = this.#shown;
    for (const view of ["message", "heads"] as const) {
      this.#views[view].setAttribute("aria-pressed", String(view === this.#view));
    }
    for (const chip of this.#chips.querySelectorAll("button")) {
      const pressed = chip.dataset["transport"] === answer?.lane;
      chip.setAttribute("aria-pressed", String(pressed));
      // On a phone the chips scroll in themselves; the page stays where it is.
      if (pressed) this.#chips.scrollLeft = chip.offsetLeft - this.#chips.offsetLeft - 14;
    }
    setText(this.#explains, HINT);
    const colour = answer === null ? "--tp-muted" : faceOf(answer.lane).colour;
    this.#card.style.setProperty("--colour", `var(${colour})`);
    this.#card.dataset["carrier"] = answer?.carrier ?? "";
    if (answer === null || answer.error !== "") {
      setText(this.#about, answer === null ? "the bytes of a message" : named(answer));
      const words = answer?.error ?? "The bytes of a message appear here once one has arrived.";
      this.#bytes.replaceChildren(make("p", "nothing", words));
      return;
    }
    const blocks = this.#view === "message" ? answer.message : answer.heads;
    // A poll's heads belong to its messages: run together, the wall that they are fits the card.
    this.#bytes.classList.toggle("run-together", this.#view === "message" && blocks.length > 1);
    const lane = this.#lanes.snapshot?.lanes.find(({ asked }) => asked === answer.lane);
    setText(
      this.#about,
      this.#view === "message" ? messageWords(answer) : headWords(answer) + beyondWords(lane),
    );
    this.#bytes.replaceChildren(
      ...(blocks.length > 0
        ? blocks.map((block, index) => this.#block(block, index))
        : [make("p", "nothing", "The server no longer has these bytes.")]),
    );
  }

  #block(block: WireBlock, index: number): HTMLElement {
    const size = block.spans.reduce((sum, { bytes }) => sum + bytes, 0);
    const arrow = make("span", "wire-arrow", block.direction === "in" ? "→" : "←");
    arrow.setAttribute("aria-hidden", "true");
    const to = block.direction === "in" ? "to the server" : "from the server";
    const title = make(
      "h3",
      "wire-title",
      arrow,
      block.title,
      make("span", "quiet", `${to}, ${sizeWords(size)}`),
    );
    const list = new SpanList(block.spans, `wire-${index}`, (span) => {
      this.#explain(span);
    });
    list.element.ariaLabel = `${block.title}, ${to}`;
    return make("div", "wire-block", title, list.element);
  }

  #explain(span: WireSpan | null): void {
    if (span === null) {
      setText(this.#explains, HINT);
      return;
    }
    const source = span.source === "" ? [] : [" ", make("span", "wire-source", span.source)];
    this.#explains.replaceChildren(make("strong", "", span.kind), ` ${span.meaning}`, ...source);
  }
}

/** The spans of a block: one tab stop, arrow keys from span to span. */
class SpanList {
  readonly element = make("div", "wire-bytes");
  readonly #spans: readonly WireSpan[];
  readonly #items: HTMLElement[] = [];
  readonly #explain: (span: WireSpan | null) => void;
  #current = -1;

  constructor(spans: readonly WireSpan[], id: string, explain: (span: WireSpan | null) => void) {
    this.#spans = spans.filter(({ text }) => text !== "");
    this.#explain = explain;
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-orientation", "horizontal");
    this.element.tabIndex = 0;
    // Another message of the same answer steps back.
    const hasChosen = this.#spans.some(({ chosen }) => chosen);
    let bits: HTMLElement | null = null;
    this.#spans.forEach((span, index) => {
      const item = itemOf(span);
      item.id = `${id}-${index}`;
      if (hasChosen && !span.chosen) item.classList.add("other");
      this.#items.push(item);
      if (span.form === "bits") {
        if (bits === null) {
          bits = make("span", "wire-bits");
          this.element.append(bits);
        }
        bits.append(item);
      } else {
        bits = null;
        this.element.append(item);
        if (span.form === "text" && span.text.endsWith("\n")) this.element.append(make("br"));
      }
    });
    this.element.addEventListener("pointerover", ({ target }) => {
      this.#point(this.#indexOf(target), false);
    });
    this.element.addEventListener("click", ({ target }) => {
      this.#point(this.#indexOf(target), true);
    });
    this.element.addEventListener("pointerleave", () => {
      this.#point(this.#current, false);
    });
    this.element.addEventListener("focus", () => {
      this.#point(Math.max(0, this.#current), true);
    });
    this.element.addEventListener("blur", () => {
      this.#mark(-1);
      this.#explain(null);
    });
    this.element.addEventListener("keydown", (event) => {
      this.#key(event);
    });
  }

  #key(event: KeyboardEvent): void {
    const last = this.#items.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: this.#current + 1,
      ArrowDown: this.#current + 1,
      ArrowLeft: this.#current - 1,
      ArrowUp: this.#current - 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#point(Math.min(last, Math.max(0, next)), true);
    this.#items[this.#current]?.scrollIntoView({ block: "nearest" });
  }

  #indexOf(target: EventTarget | null): number {
    return this.#items.findIndex((item) => target instanceof Node && item.contains(target));
  }

  /** Explains a span; with `stay` it is the one the arrow keys go on from. */
  #point(index: number, stay: boolean): void {
    if (stay && index >= 0) this.#mark(index);
    this.#explain(this.#spans[index] ?? this.#spans[this.#current] ?? null);
  }

  #mark(index: number): void {
    this.#items[this.#current]?.setAttribute("aria-selected", "false");
    this.#current = index;
    const item = this.#items[index];
    item?.setAttribute("aria-selected", "true");
    if (item === undefined) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", item.id);
  }
}

function itemOf(span: WireSpan): HTMLElement {
  const item = make("span", "wire-span");
  if (span.overhead) item.classList.add("overhead");
  item.classList.add(span.form);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  if (span.form === "bits") {
    item.append(
      make("span", "wire-digits", inBytes(span.text)),
      make("span", "wire-name", span.kind),
    );
  } else {
    item.append(...visible(span.text));
  }
  // As it is seen, and with what is said of it.
  const text = span.form === "bits" ? span.text : item.textContent;
  item.ariaLabel = `${span.kind}, ${text}. ${span.meaning} ${span.source}`;
  return item;
}

/** "0000000001111110" → "00000000 01111110" */
function inBytes(bits: string): string {
  return bits.length <= 8 ? bits : bits.replace(/.{8}(?!$)/g, "$& ");
}

/** Control characters as they are written in a string, told apart from the text. */
function visible(text: string): (Node | string)[] {
  return text.split(/([\x00-\x1f\x7f])/).flatMap((part): (Node | string)[] => {
    if (part === "") return [];
    const code = part.length === 1 ? part.charCodeAt(0) : 0x20;
    if (code >= 0x20 && code !== 0x7f) return [part];
    const names: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": "\\t" };
    const name = names[part] ?? `\\x${code.toString(16).padStart(2, "0")}`;
    return [make("span", "wire-control", name)];
  });
}

function sizeWords(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${count(bytes)} bytes`;
}

function named({ lane, seq }: WireAnswer): string {
  const { inside } = infoOf(lane);
  return seq === null ? `a connection of ${inside}` : `message ${count(seq)} over ${inside}`;
}

const CARRIERS: Readonly<Record<WireAnswer["carrier"], string>> = {
  "event-stream": "an event stream",
  lines: "a stream of lines",
  websocket: "a WebSocket",
  answer: "a poll",
  unknown: "a connection",
};

/** What a lane's messages come in where all is as it was asked for. */
function expected(lane: TransportId): WireAnswer["carrier"] {
  const { polls, twoWay, contentType } = infoOf(lane);
  if (polls) return "answer";
  if (twoWay) return "websocket";
  return contentType === "text/event-stream" ? "event-stream" : "lines";
}

function messageWords(answer: WireAnswer): string {
  const { bytes, overhead, messages, carrier } = answer;
  const instead = expected(answer.lane) === carrier ? "" : `, which came over ${CARRIERS[carrier]}`;
  const shared = messages > 1 ? ` for ${count(messages)} messages` : "";
  return `${named(answer)}${instead} · ${sizeWords(bytes)}${shared}, ${count(overhead)} of them overhead`;
}

/** The server's bytes are HTTP/1.1, whatever a proxy before it speaks with the browser. */
function beyondWords(lane: LaneSnapshot | undefined): string {
  const multiplexed = lane?.httpVersion === "h2" || lane?.httpVersion === "h3";
  return multiplexed ? ` · ${httpVersion(lane)} between the browser and the proxy` : "";
}

function headWords(answer: WireAnswer): string {
  const size = answer.heads.reduce(
    (sum, { spans }) => spans.reduce((inner, { bytes }) => inner + bytes, sum),
    0,
  );
  const once = answer.carrier === "answer" ? "again for every poll" : "once, when it opened";
  return `${named(answer)} · connection ${count(answer.connection)}, heads of ${sizeWords(size)}, ${once}`;
}
