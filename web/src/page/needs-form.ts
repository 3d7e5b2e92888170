import { make } from "../element/dom.js";
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
  #needs: Needs = INITIAL_NEEDS;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
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
      group(
        "Proxies in the way",
        ...PROXIES.map(([id, title]) =>
          this.#check(`need-${id}`, title, (there) => ({
            proxies: withOrWithout(this.#needs.proxies, id, there),
          })),
        ),
      ),
    );
  }

  get needs(): Needs {
    return this.#needs;
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
