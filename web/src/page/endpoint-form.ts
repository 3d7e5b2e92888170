import type { EndpointSettings, EndpointTransport } from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import { transportOf } from "../text/endpoint-text.js";
import { words } from "../text/word-list.js";
import type { EndpointChoice } from "./endpoint-choice.js";

const WAYS: readonly (readonly [EndpointTransport, string])[] = [
  ["sse-fetch", "Event stream, over fetch"],
  ["sse-native", "Event stream, by the browser’s EventSource"],
  ["websocket", "WebSocket"],
  ["ndjson", "Lines (NDJSON or text), over fetch"],
  ["short-poll", "An address that is polled"],
];

const ABOUT: Readonly<Record<EndpointTransport, string>> = {
  "sse-fetch":
    "Shows status, header fields, comments and retry, and every event whatever its name. A request of its own kind needs the server’s leave: it is asked with OPTIONS first.",
  "sse-native":
    "As most pages read one: the browser reconnects by itself and says little. It shows only the events whose names are listed here.",
  websocket: "Texts, and bytes as hexadecimal digits.",
  ndjson: "Every line of the response is a message.",
  "short-poll": "Every answer is a message.",
};

/** What is over fetch, where a page chooses the request. */
const OVER_FETCH: readonly EndpointTransport[] = ["sse-fetch", "ndjson", "short-poll"];
const STREAMS: readonly EndpointTransport[] = ["sse-fetch", "sse-native", "ndjson"];

export interface EndpointFormEvents {
  /** What the form says, in place of the endpoint it was opened for. */
  readonly chosen: (choice: EndpointChoice) => void;
  readonly removed: () => void;
}

/** "Your endpoint": what is followed, and how. */
export class EndpointForm {
  readonly element: HTMLDialogElement = make("dialog", "card endpoint-form");
  readonly #title = make("h2");
  readonly #url = field("url", "https://example.org/events");
  readonly #way = make("select", "select");
  readonly #about = make("p", "quiet-words");
  readonly #name = field("text", "its host");
  readonly #events = field("text", "message, price, trade");
  readonly #subprotocols = field("text", "v2.example, v1.example");
  readonly #pollMs = field("number", "1000");
  readonly #method = field("text", "GET");
  readonly #headers = make("textarea", "endpoint-text");
  readonly #contentType = field("text", "application/json");
  readonly #body = make("textarea", "endpoint-text");
  readonly #sendTo = field("url", "https://example.org/messages");
  readonly #sendType = field("text", "text/plain;charset=UTF-8");
  readonly #time = field("text", "/ts");
  readonly #number = field("text", "/seq");
  readonly #keepAddress = make("input");
  readonly #keepHeaders = make("input");
  readonly #wrong = make("p", "endpoint-wrong trouble");
  readonly #remove: HTMLButtonElement;
  readonly #follow = make("button", "button primary", "Follow it");
  #told: EndpointFormEvents | null = null;

  constructor() {
    for (const [id, title] of WAYS) this.#way.append(new Option(title, id));
    this.#way.addEventListener("change", () => {
      this.#arrange();
    });
    this.#url.addEventListener("change", () => {
      // What an address says of itself need not be chosen.
      const socket = /^wss?:/.test(this.#url.value);
      if (socket !== (this.#way.value === "websocket") && this.#url.value !== "") {
        if (socket) this.#way.value = "websocket";
        else if (/^https?:/.test(this.#url.value)) this.#way.value = "sse-fetch";
        this.#arrange();
      }
    });
    for (const area of [this.#headers, this.#body]) {
      area.rows = 2;
      area.spellcheck = false;
    }
    this.#headers.placeholder = "Authorization: Bearer …";
    for (const tick of [this.#keepAddress, this.#keepHeaders]) tick.type = "checkbox";
    this.#keepAddress.addEventListener("change", () => {
      this.#arrange();
    });
    this.#wrong.setAttribute("role", "alert");
    this.#follow.type = "submit";
    this.#remove = makeButton(
      "button",
      () => {
        this.element.close();
        this.#told?.removed();
      },
      "Remove",
    );
    const form = make(
      "form",
      "",
      this.#title,
      labelled("Address", this.#url, "wide-field"),
      labelled("Followed as", this.#way, "wide-field"),
      this.#about,
      labelled("Name of the lane", this.#name),
      labelled("Events", this.#events, "", "sse-native"),
      labelled("Subprotocols", this.#subprotocols, "", "websocket"),
      labelled("Milliseconds from poll to poll", this.#pollMs, "", "short-poll"),
      more("The request", OVER_FETCH, [
        labelled("Method", this.#method),
        labelled("Content-Type", this.#contentType),
        labelled("Header fields, a line each", this.#headers, "wide-field"),
        labelled("Body", this.#body, "wide-field"),
      ]),
      more("What is in the data", null, [
        make(
          "p",
          "quiet-words wide-field",
          "Where in JSON data a time and a number stand, as JSON Pointers: then delay, missing, repeated and out of order are counted.",
        ),
        labelled("Time", this.#time),
        labelled("Number", this.#number),
      ]),
      more(
        "Saying something beside the stream",
        [...STREAMS, "short-poll"],
        [
          labelled("A POST goes to", this.#sendTo, "wide-field"),
          labelled("Its Content-Type", this.#sendType),
        ],
      ),
      make(
        "fieldset",
        "endpoint-keep",
        make("legend", "", "In the link of this page"),
        make(
          "p",
          "quiet-words",
          "Nothing of an endpoint is in the link unless you tick it: an address may hold a token too.",
        ),
        make("label", "check", this.#keepAddress, "Its address"),
        make("label", "check", this.#keepHeaders, "Its header fields, body and subprotocols"),
      ),
      this.#wrong,
      make(
        "div",
        "line endpoint-buttons",
        this.#follow,
        makeButton(
          "button",
          () => {
            this.element.close();
          },
          "Cancel",
        ),
        this.#remove,
      ),
    );
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#title.id = "endpoint-title";
    this.element.id = "endpoint-form";
    this.element.setAttribute("aria-labelledby", "endpoint-title");
    this.element.append(form);
  }

  /** For a new endpoint, or to change one. `wrong`: what the core has said of it. */
  open(choice: EndpointChoice | null, events: EndpointFormEvents, wrong = ""): void {
    this.#told = events;
    const settings = choice?.settings ?? { url: "" };
    setText(this.#title, choice === null ? "Your endpoint" : "Change the endpoint");
    this.#url.value = settings.url;
    this.#way.value = transportOf(settings);
    this.#name.value = settings.name ?? "";
    this.#events.value = settings.events?.join(", ") ?? "";
    this.#subprotocols.value = settings.subprotocols?.join(", ") ?? "";
    this.#pollMs.value = String(settings.pollMs ?? "");
    this.#method.value = settings.method ?? "";
    this.#headers.value = Object.entries(settings.headers ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
    this.#contentType.value = settings.contentType ?? "";
    this.#body.value = settings.body ?? "";
    this.#sendTo.value = settings.sendTo ?? "";
    this.#sendType.value = settings.sendType ?? "";
    this.#time.value = settings.time ?? "";
    this.#number.value = settings.number ?? "";
    this.#keepAddress.checked = choice?.keepAddress ?? false;
    this.#keepHeaders.checked = choice?.keepHeaders ?? false;
    this.#remove.hidden = choice === null;
    for (const part of this.element.querySelectorAll("details")) {
      part.open = [...part.querySelectorAll<HTMLInputElement>("input, textarea")].some(
        ({ value }) => value !== "",
      );
    }
    this.#say(wrong);
    this.#arrange();
    if (!this.element.open) this.element.showModal();
    this.#url.focus();
  }

  get #chosenWay(): EndpointTransport {
    return WAYS.find(([id]) => id === this.#way.value)?.[0] ?? "sse-fetch";
  }

  /** Only what fits is there to fill in. */
  #arrange(): void {
    const way = this.#chosenWay;
    setText(this.#about, ABOUT[way]);
    for (const part of this.element.querySelectorAll<HTMLElement>("[data-ways]")) {
      part.hidden = !words(part.dataset["ways"] ?? "").includes(way);
    }
    this.#keepHeaders.disabled = !this.#keepAddress.checked;
  }

  #say(wrong: string): void {
    setText(this.#wrong, wrong);
    this.#wrong.hidden = wrong === "";
  }

  #submit(): void {
    const settings = this.#read();
    if (typeof settings === "string") {
      this.#say(settings);
      return;
    }
    this.element.close();
    this.#told?.chosen({
      settings,
      keepAddress: this.#keepAddress.checked,
      keepHeaders: this.#keepAddress.checked && this.#keepHeaders.checked,
    });
  }

  /** Or what is wrong with it. */
  #read(): EndpointSettings | string {
    const url = this.#url.value.trim();
    const way = this.#chosenWay;
    const schemes = way === "websocket" ? /^(wss?|https?):$/ : /^https?:$/;
    if (url === "") return "Address: which one?";
    if (!URL.canParse(url) || !schemes.test(new URL(url).protocol)) {
      const like = way === "websocket" ? "wss://example.org/socket" : "https://example.org/events";
      return `Address: it has to be like ${like}.`;
    }
    const settings: EndpointSettings = { url };
    if (way !== transportOf({ url })) settings.transport = way;
    const put = (
      key: "name" | "method" | "body" | "contentType" | "sendTo" | "sendType",
      { value }: HTMLInputElement | HTMLTextAreaElement,
    ): void => {
      if (value.trim() !== "") settings[key] = value.trim();
    };
    put("name", this.#name);
    if (way === "sse-native" && this.#events.value.trim() !== "") {
      settings.events = [...words(this.#events.value)];
    }
    if (way === "websocket" && this.#subprotocols.value.trim() !== "") {
      settings.subprotocols = [...words(this.#subprotocols.value)];
    }
    if (way === "short-poll" && this.#pollMs.value !== "") {
      settings.pollMs = Number(this.#pollMs.value);
    }
    if (OVER_FETCH.includes(way)) {
      put("method", this.#method);
      put("contentType", this.#contentType);
      put("body", this.#body);
      const headers = headersOf(this.#headers.value);
      if (typeof headers === "string") return headers;
      if (Object.keys(headers).length > 0) settings.headers = headers;
    }
    if (way !== "websocket") {
      put("sendTo", this.#sendTo);
      put("sendType", this.#sendType);
    }
    for (const key of ["time", "number"] as const) {
      const pointer = (key === "time" ? this.#time : this.#number).value.trim();
      if (pointer === "") continue;
      if (!pointer.startsWith("/")) {
        const title = key === "time" ? "Time" : "Number";
        return `${title}: a JSON Pointer begins with a slash, such as /${pointer}.`;
      }
      settings[key] = pointer;
    }
    return settings;
  }
}

/** "Name: value" to a line; or what is wrong with one. */
function headersOf(text: string): Record<string, string> | string {
  const headers: Record<string, string> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      return `Header fields: “${line.trim()}” is not a name, a colon and a value.`;
    }
    headers[name] = value;
  }
  return headers;
}

function field(type: string, placeholder: string): HTMLInputElement {
  const input = make("input", "endpoint-field");
  input.type = type;
  input.placeholder = placeholder;
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}

function labelled(
  title: string,
  control: HTMLElement,
  className = "",
  ...ways: EndpointTransport[]
): HTMLElement {
  const label = make("label", `endpoint-label ${className}`, make("span", "", title), control);
  if (ways.length > 0) label.dataset["ways"] = ways.join(" ");
  return label;
}

/** What most readers do without. */
function more(
  title: string,
  ways: readonly EndpointTransport[] | null,
  children: readonly HTMLElement[],
): HTMLElement {
  const part = make(
    "details",
    "endpoint-more",
    make("summary", "", title),
    make("div", "endpoint-grid", ...children),
  );
  if (ways !== null) part.dataset["ways"] = ways.join(" ");
  return part;
}
