import type { TransportId } from "../contract/core-module.js";
import { make, setText } from "../element/dom.js";
import { TRANSPORTS } from "../contract/tables.js";
import { streams } from "../contract/transports.js";
import { makeCopyButton } from "./copying.js";
import { infoOf } from "./transport-info.js";

interface Recipe {
  readonly title: string;
  /** Beside the page; the very file that a test runs. */
  readonly file: string;
}

const BEHIND_IT: readonly Recipe[] = [
  { title: "Server, Express", file: "recipes/express.mjs" },
  { title: "Server, cpp-httplib", file: "recipes/httplib.cc" },
  { title: "nginx", file: "recipes/nginx/right.conf" },
  { title: "nginx, HTTP/2", file: "recipes/nginx/http2_tls.conf" },
];

/** Both polls are read alike, and so is an EventSource, whoever reconnects it. */
function browserFile(transport: TransportId): string {
  const { id, polls, needs, path } = infoOf(transport);
  const name = polls ? "poll" : needs === "EventSource" ? path : id;
  return `recipes/browser-${name}.js`;
}

/** Code to copy: files of examples/recipes and deploy/nginx, word for word as the tests run them. */
export class Recipes {
  readonly element: HTMLElement;
  readonly #transport = make("select");
  readonly #place = make("select");
  readonly #code = make("pre", "recipe-code");
  readonly #link = make("a", "", "The file");
  readonly #texts = new Map<string, string>();
  /** Whether the reader has chosen one; then the advice does not. */
  #chosen = false;
  #file = "";
  #near = false;

  constructor() {
    this.#transport.id = "recipe-transport";
    for (const { id, title } of TRANSPORTS) this.#transport.append(new Option(title, id));
    this.#transport.value = TRANSPORTS.find(streams)?.id ?? "";
    this.#place.id = "recipe-place";
    this.#code.id = "recipe-code";
    this.#code.tabIndex = 0;
    this.#code.setAttribute("role", "group");
    this.#code.ariaLabel = "Code to copy";
    this.#transport.addEventListener("change", () => {
      this.#chosen = true;
      this.#offer();
    });
    this.#place.addEventListener("change", () => {
      this.#chosen = true;
      void this.#show();
    });
    const tools = make(
      "div",
      "line recipe-tools",
      make("label", "beside-label", "For ", this.#transport),
      make("label", "beside-label", "Where ", this.#place),
      makeCopyButton("recipe-copy", "Copy", () => this.#code.textContent),
      this.#link,
    );
    this.element = make("div", "recipes", tools, this.#code);
    // Nothing is fetched before the reader comes near.
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        this.#near = true;
        void this.#show();
      },
      { rootMargin: "300px" },
    );
    this.#offer();
    near.observe(this.element);
  }

  /** The best of the ranking, unless the reader has chosen one. */
  suggest(transport: TransportId): void {
    if (this.#chosen || this.#transport.value === transport) return;
    this.#transport.value = transport;
    this.#offer();
  }

  #offer(): void {
    const before = this.#place.selectedOptions[0]?.text;
    const transport = this.#transport.value as TransportId;
    const recipes = [{ title: "Browser", file: browserFile(transport) }, ...BEHIND_IT];
    this.#place.replaceChildren(...recipes.map(({ title, file }) => new Option(title, file)));
    const same = recipes.find(({ title }) => title === before);
    if (same !== undefined) this.#place.value = same.file;
    void this.#show();
  }

  async #show(): Promise<void> {
    const file = this.#place.value;
    this.#file = file;
    if (!this.#near) return;
    this.#link.href = file;
    this.#link.textContent = file.slice(file.lastIndexOf("/") + 1);
    let text = this.#texts.get(file);
    if (text === undefined) {
      try {
        const response = await fetch(new URL(file, document.baseURI));
        if (!response.ok) throw new Error(String(response.status));
        text = await response.text();
        this.#texts.set(file, text);
      } catch {
        text = `${file} could not be fetched: is the server still there?`;
      }
    }
    // Another one may have been chosen while it was fetched.
    if (file === this.#file) setText(this.#code, text);
  }
}
