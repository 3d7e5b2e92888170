import type { Options } from "./options.js";
import { sheetOf } from "./sheet.js";

/**
 * Where pages say which theme they have: Docusaurus, Starlight and Sphinx, Bootstrap, MkDocs
 * Material; VitePress and Tailwind CSS by a class.
 */
const ATTRIBUTES = ["data-theme", "data-bs-theme", "data-md-color-scheme", "class"];

/**
 * Keeps an element as light or dark as the page around it, or as its option `theme` says. A page
 * says it by an attribute or a class of what the element is in, by `color-scheme`, or by its
 * ground alone.
 */
export class Scheme {
  readonly #element: Element;
  readonly #options: () => Options;
  readonly #changed: () => void;
  readonly #sheet = sheetOf("");
  readonly #observer = new MutationObserver(() => {
    this.look();
  });
  readonly #darkness = matchMedia("(prefers-color-scheme: dark)");
  #scheme = "";

  constructor(element: Element, root: ShadowRoot, options: () => Options, changed: () => void) {
    this.#element = element;
    this.#options = options;
    this.#changed = changed;
    root.adoptedStyleSheets.push(this.#sheet);
  }

  connect(): void {
    for (const each of around(this.#element)) {
      this.#observer.observe(each, { attributeFilter: [...ATTRIBUTES, "style"] });
    }
    this.#darkness.addEventListener("change", this.look);
    this.look();
  }

  disconnect(): void {
    this.#observer.disconnect();
    this.#darkness.removeEventListener("change", this.look);
  }

  readonly look = (): void => {
    const scheme = this.#options().theme || schemeAround(this.#element);
    if (scheme !== this.#scheme) {
      this.#scheme = scheme;
      this.#sheet.replaceSync(scheme === "" ? "" : `:host { color-scheme: ${scheme} }`);
    }
    this.#changed();
  };
}

/** What an element is in, from the inside out, through shadow trees. */
function around(element: Element): Element[] {
  const chain: Element[] = [];
  let next: Node | null = element;
  while ((next = next instanceof ShadowRoot ? next.host : next.parentNode) !== null) {
    if (next instanceof Element) chain.push(next);
  }
  return chain;
}

/** "light" or "dark"; "" where it is the reader's choice. */
function schemeAround(element: Element): string {
  const chain = around(element);
  for (const each of chain) {
    const said = ATTRIBUTES.map((name) => each.getAttribute(name)).join(" ");
    const [, word] = /(?:^|[\s-])(dark|slate|light|default)(?=[\s-]|$)/.exec(said) ?? [];
    if (word !== undefined) return /dark|slate/.test(word) ? "dark" : "light";
  }
  for (const each of chain) {
    const { colorScheme, backgroundColor } = getComputedStyle(each);
    const [one, other] = colorScheme.match(/dark|light/g) ?? [];
    if (one !== undefined) return other === undefined ? one : "";
    const light = lightness(backgroundColor);
    if (light !== null) return light < 0.5 ? "dark" : "light";
  }
  // The ground of all is the browser's, which a page lets be dark by this alone.
  return document.querySelector("meta[name=color-scheme][content*=dark]") === null ? "light" : "";
}

/** From 0 to 1, of a computed colour; null where it lets through what is behind it. */
function lightness(colour: string): number | null {
  const numbers = [...colour.matchAll(/(?<=[ (])[\d.]+/g)].map(Number);
  const [first = 0, second = 0, third = 0, alpha = 1] = numbers;
  if (alpha < 0.5) return null;
  // oklab() and lab(): the lightness comes first.
  if (/^(ok)?l/.test(colour)) return first > 1 ? first / 100 : first;
  return (first + 2 * second + third) / (colour.startsWith("rgb") ? 1020 : 4);
}
