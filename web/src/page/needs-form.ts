import { make, makeButton } from "../element/dom.js";
import { foundFromText, type Found } from "../text/found-text.js";
import { INITIAL_NEEDS, type Audience, type Needs, type ProxyTrouble } from "./advice.js";
import { HOSTS, type HostId } from "./facts.js";

const DIRECTIONS: readonly (readonly [Needs["direction"], string])[] = [
  ["down", "Only listens"],
  ["sometimes", "Sends now and then"],
  ["often", "Sends much and often"],
];
const AUDIENCE: readonly (readonly [Audience, string])[] = [
  ["ie", "Internet Explorer 11"],
  ["old-edge", "Edge before Chromium"],
  ["mini-program", "WeChat mini-program"],
  ["react-native", "React Native"],
];
const PROXIES: readonly (readonly [ProxyTrouble, string])[] = [
  ["buffering", "It buffers answers"],
  ["no-upgrade", "It passes no Upgrade"],
  ["unknown", "Company networks, unknown"],
];
const DELAYS: readonly (readonly [string, string])[] = [
  ["0", "any"],
  ["100", "100 ms"],
  ["300", "300 ms"],
  ["1000", "1 s"],
  ["5000", "5 s"],
];

/** The needs as controls; `changed` is told of every change. */
export class NeedsForm {
  readonly element: HTMLElement;
  readonly #proxies: HTMLElement;
  readonly #found = make("p", "found-words");
  readonly #foundGroup: HTMLElement;
  #needs: Needs = INITIAL_NEEDS;
  #taken = "";
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#proxies = group(
      "Proxies in the way",
      ...PROXIES.map(([id, title]) =>
        this.#check(`need-${id}`, title, (there) => ({
          proxies: withOrWithout(this.#needs.proxies, id, there),
        })),
      ),
    );
    this.#foundGroup = group(
      "In the way, as your check found",
      this.#found,
      makeButton(
        "inline",
        () => {
          this.#leaveFound();
        },
        "Choose it myself",
      ),
    );
    this.#foundGroup.id = "needs-found";
    this.#foundGroup.hidden = true;
    const hosts = Object.entries(HOSTS).map(
      ([id, host]) => [id, host?.title ?? "nothing in between"] as const,
    );
    this.element = make(
      "div",
      "needs",
      this.#choice("need-direction", "The page", DIRECTIONS, (value) => ({
        direction: value as Needs["direction"],
      })),
      this.#choice("need-delay", "95 of 100 messages within", DELAYS, (value) => ({
        delayMs: Number(value),
      })),
      this.#choice(
        "need-http",
        "HTTP to the browser",
        [
          ["1", "HTTP/1.1"],
          ["2", "HTTP/2 or 3"],
        ],
        (value) => ({ http: value === "2" ? 2 : 1 }),
      ),
      this.#streams(),
      this.#choice("need-host", "In front of the server", hosts, (value) => ({
        host: value as HostId,
      })),
      group(
        "Messages",
        this.#check("need-binary", "Binary", (binary) => ({ binary })),
        this.#check("need-headers", "Request headers, such as a token", (headers) => ({ headers })),
      ),
      group(
        "Also to serve",
        ...AUDIENCE.map(([id, title]) =>
          this.#check(`need-${id}`, title, (wanted) => ({
            audience: withOrWithout(this.#needs.audience, id, wanted),
          })),
        ),
      ),
      this.#proxies,
      this.#foundGroup,
    );
  }

  get needs(): Needs {
    return this.#needs;
  }

  /**
   * What a check has found (text/found-text.ts), in place of check boxes. "" takes nothing back: a
   * story's settings do not hold it.
   */
  take(text: string): void {
    if (text === "" || text === this.#taken) return;
    this.#taken = text;
    const found = foundIn(text);
    this.#foundGroup.hidden = found === null;
    this.#proxies.hidden = found !== null;
    if (found === null) return;
    this.#found.textContent = foundWords(found);
    this.#set({
      idleS: found.idleS,
      proxies: [
        ...(found.buffering ? (["buffering"] as const) : []),
        ...(found.noUpgrade ? (["no-upgrade"] as const) : []),
      ],
    });
  }

  /** The check boxes stand as the check has found it. */
  #leaveFound(): void {
    for (const input of this.#proxies.querySelectorAll("input")) {
      input.checked = this.#needs.proxies.some((each) => input.id === `need-${each}`);
    }
    this.#foundGroup.hidden = true;
    this.#proxies.hidden = false;
    this.#proxies.querySelector("input")?.focus();
    this.#set({ idleS: null });
  }

  #set(changed: Partial<Needs>): void {
    this.#needs = { ...this.#needs, ...changed };
    this.#changed();
  }

  #choice(
    id: string,
    title: string,
    options: readonly (readonly [string, string])[],
    read: (value: string) => Partial<Needs>,
  ): HTMLElement {
    const select = make("select");
    select.id = id;
    for (const [value, text] of options) select.append(new Option(text, value));
    select.addEventListener("change", () => {
      this.#set(read(select.value));
    });
    return field(id, title, select);
  }

  #streams(): HTMLElement {
    const input = make("input");
    input.type = "number";
    input.id = "need-streams";
    input.min = "1";
    input.max = "500";
    input.value = String(INITIAL_NEEDS.streams);
    input.addEventListener("input", () => {
      const value = Math.round(input.valueAsNumber);
      if (value >= 1 && value <= 500) this.#set({ streams: value });
    });
    return field("need-streams", "Streams at once, all tabs", input);
  }

  #check(id: string, title: string, read: (checked: boolean) => Partial<Needs>): HTMLElement {
    const input = make("input");
    input.type = "checkbox";
    input.id = id;
    input.addEventListener("change", () => {
      this.#set(read(input.checked));
    });
    return make("label", "check", input, title);
  }
}

function foundIn(text: string): Found | null {
  try {
    return foundFromText(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function foundWords({ host, buffering, noUpgrade, idleS }: Found): string {
  const words = [
    ...(buffering ? ["streams are held back"] : []),
    ...(noUpgrade ? ["no WebSocket comes through"] : []),
    ...(idleS === null ? [] : [`silence is cut after ${idleS} s`]),
  ];
  const what = words.length === 0 ? "nothing is in the way" : words.join(", ");
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  return host === "" ? `${sentence}.` : `${sentence}, on the way to ${host}.`;
}

function field(id: string, title: string, control: HTMLElement): HTMLElement {
  const label = make("label", "quiet", title);
  label.htmlFor = id;
  return make("div", "need", label, control);
}

function group(title: string, ...controls: HTMLElement[]): HTMLElement {
  return make("fieldset", "need-group", make("legend", "quiet", title), ...controls);
}

function withOrWithout<Each>(list: readonly Each[], one: Each, wanted: boolean): readonly Each[] {
  const others = list.filter((each) => each !== one);
  return wanted ? [...others, one] : others;
}
