import type { EndpointEntry, EndpointSnapshot, Snapshot } from "../contract/core-module.js";
import { faceOf } from "../contract/transports.js";
import { make, makeButton, richText, setText, settle } from "../element/dom.js";
import { bytes, count, duration, spoken } from "../text/figures.js";
import { laneSquare } from "./figure-table.js";

/** What is kept on the page of each endpoint. */
const KEPT = 300;

/** What an endpoint is told, by its place; answers "" or why not. */
export type Say = (endpoint: number, text: string) => Promise<string>;

/** "Your endpoints": what came, and what each of them says of itself. */
export class EndpointsView {
  readonly #card: HTMLElement;
  readonly #place: HTMLElement;
  readonly #say: Say;
  #views: EndpointView[] = [];
  #key = "";

  constructor(card: HTMLElement, place: HTMLElement, say: Say) {
    this.#card = card;
    this.#place = place;
    this.#say = say;
  }

  /** A new run. */
  clear(): void {
    this.#key = "";
  }

  show(snapshot: Snapshot): void {
    const { endpoints } = snapshot;
    this.#card.hidden = endpoints.length === 0;
    const key = endpoints.map(({ asked, title }) => `${asked} ${title}`).join("\n");
    if (key !== this.#key) {
      this.#key = key;
      this.#views = endpoints.map((each, index) => new EndpointView(each, index, this.#say));
      this.#place.replaceChildren(...this.#views.map(({ element }) => element));
    }
    const last = new Map<string, string>();
    for (const { endpoint, reason, text } of snapshot.decisions) {
      if (endpoint !== null) last.set(`${endpoint} ${reason}`, text);
    }
    endpoints.forEach((each, index) => {
      const why = each.found === null ? "" : (last.get(`${each.title} ${each.found}`) ?? "");
      this.#views[index]?.show(each, why);
    });
  }
}

class EndpointView {
  readonly element: HTMLElement;
  readonly #state = make("span", "quiet-words");
  readonly #why = make("p", "endpoint-why trouble");
  readonly #facts = make("dl", "endpoint-facts");
  readonly #fields = make("dl", "endpoint-fields");
  readonly #fieldsPart = make("details", "endpoint-more", make("summary", "", "Header fields"));
  readonly #list = make("ol");
  readonly #log = make("div", "endpoint-log", this.#list);
  readonly #form = make("form", "line endpoint-say");
  readonly #transport: EndpointSnapshot["asked"];
  #last = 0;

  constructor({ asked, title }: EndpointSnapshot, index: number, say: Say) {
    this.#transport = asked;
    const name = make("h3", "", laneSquare(asked), title);
    this.#fieldsPart.append(this.#fields);
    this.#log.setAttribute("role", "log");
    this.#log.ariaLabel = `What came from ${title}`;
    this.#log.tabIndex = 0;
    this.#why.setAttribute("role", "status");
    const input = make("input", "say-field");
    input.ariaLabel = `Say something to ${title}`;
    input.placeholder = "A text to send";
    input.autocomplete = "off";
    const wrong = make("p", "endpoint-wrong trouble");
    wrong.setAttribute("role", "alert");
    const send = makeButton("button", () => undefined, "Send");
    send.type = "submit";
    this.#form.append(input, send, wrong);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value === "") return;
      void say(index, input.value).then((refusal) => {
        setText(wrong, refusal);
        if (refusal === "") input.value = "";
      });
    });
    const via = make("span", "quiet-words", faceOf(asked).title);
    this.element = make(
      "article",
      "endpoint",
      make("div", "line endpoint-head", name, via, this.#state),
      this.#why,
      this.#facts,
      this.#fieldsPart,
      this.#log,
      this.#form,
    );
  }

  show(endpoint: EndpointSnapshot, why: string): void {
    setText(this.#state, endpoint.state);
    settle(
      this.#why,
      ...richText(why).map((each) => (typeof each === "string" ? text(each) : each)),
    );
    this.#why.hidden = why === "";
    settle(this.#facts, ...factsOf(endpoint).flatMap(pair));
    const fields = endpoint.fields.split("\r\n").filter((line) => line !== "");
    this.#fieldsPart.hidden = fields.length === 0;
    settle(
      this.#fields,
      ...fields.flatMap((line) => {
        const [name = "", value = ""] = line.split(/: ?(.*)/s);
        return pair([name, value]);
      }),
    );
    this.#form.hidden = !endpoint.takesText;
    this.#add(endpoint.entries);
  }

  #add(entries: readonly EndpointEntry[]): void {
    const news = entries.filter(({ number }) => number > this.#last);
    const [first] = news;
    if (first === undefined) return;
    // Whoever has scrolled back to read is left alone.
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    const follows = scrollHeight - scrollTop - clientHeight < 24;
    const left = first.number - this.#last - 1;
    if (left > 0) this.#list.append(make("li", "left-out", `${count(left)} more came in between`));
    this.#list.append(...news.map((entry) => this.#item(entry)));
    this.#last = first.number + news.length - 1;
    while (this.#list.childElementCount > KEPT) this.#list.firstElementChild?.remove();
    if (follows) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #item(entry: EndpointEntry): HTMLElement {
    const [kind, words] = wordsOf(entry, this.#transport === "sse-native");
    const item = make("li", entry.kind, make("time", "", (entry.atMs / 1000).toFixed(3)));
    const since = entry.sinceMs === null ? "" : `+${spoken(duration(entry.sinceMs))}`;
    item.append(make("span", "since", since), make("span", "kind", kind));
    const text = make("span", "text", words);
    if (entry.kind === "item") {
      if (entry.id !== "") text.prepend(make("span", "id", `id ${entry.id}`));
      const cut = entry.binary
        ? 3 * entry.size - 1 > entry.text.length
        : byteLength(entry.text) < entry.size;
      if (cut) text.append(" …");
    }
    item.append(text, make("span", "size", hasSize(entry) ? spoken(bytes(entry.size)) : ""));
    return item;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function hasSize({ kind }: EndpointEntry): boolean {
  return kind === "item" || kind === "sent" || kind === "answered";
}

/** What it is, and what it says. */
function wordsOf(entry: EndpointEntry, byBrowser: boolean): readonly [string, string] {
  const { kind, id, text, status, size } = entry;
  switch (kind) {
    case "asked": {
      const who = byBrowser ? "by the browser, Last-Event-ID" : "Last-Event-ID";
      return ["request", id === "" ? "" : `${who}: ${id}`];
    }
    case "head":
      return status === 0 ? ["open", ""] : ["response", `status ${status}`];
    case "item":
      return [itemName(entry), text];
    case "comment":
      return ["comment", text];
    case "retry":
      return ["retry", `${count(size)} ms`];
    case "ended":
      return ["ended", text];
    case "sent":
      return ["sent", text];
    case "answered":
      return ["answer", status === 0 ? text : `status ${status}${text === "" ? "" : `: ${text}`}`];
  }
}

function itemName({ event, binary }: EndpointEntry): string {
  return binary ? "bytes" : event === "" ? "text" : event;
}

type Fact = readonly [name: string, value: string];

function factsOf(endpoint: EndpointSnapshot): readonly Fact[] {
  const { status, items, silentMs, retryMs, delay } = endpoint;
  const facts: Fact[] = [];
  const some = (name: string, value: number): void => {
    if (value > 0) facts.push([name, count(value)]);
  };
  if (status !== 0) facts.push(["Status", String(status)]);
  facts.push(["Came", `${count(items)} · ${spoken(bytes(endpoint.bytes))}`]);
  if (endpoint.open && silentMs >= 1000) facts.push(["Silent for", spoken(duration(silentMs))]);
  some("Reconnections", endpoint.reconnects);
  some("Comments", endpoint.comments);
  if (retryMs !== null) facts.push(["Asks for a pause of", `${count(retryMs)} ms`]);
  if (endpoint.lastEventId !== "") facts.push(["Last event id", endpoint.lastEventId]);
  if (delay !== null) {
    const figures = `${spoken(duration(delay.medianMs))}, 99 % within ${spoken(duration(delay.p99Ms))}`;
    facts.push(["Delay, by the server’s clock", figures]);
  }
  some("Missing", endpoint.missing);
  some("Repeated", endpoint.duplicate);
  some("Out of order", endpoint.reordered);
  some("Without a number", endpoint.unnumbered);
  some("Before their time: the server’s clock is ahead", endpoint.early);
  return facts;
}

function pair([name, value]: Fact): HTMLElement[] {
  return [make("div", "", make("dt", "", name), make("dd", "", value))];
}

function text(words: string): Text {
  return document.createTextNode(words);
}
