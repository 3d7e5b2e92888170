import type { Options } from "./options.js";

/** What a reader does who may press Start next. */
const SIGNS = ["pointerenter", "pointerdown", "focusin"] as const;

/**
 * When an element's files are to be fetched: once the reader points at it, touches it or moves the
 * focus there; with `loading="eager"` once it is in view.
 */
export class Intent {
  readonly #element: Element;
  readonly #show: () => void;
  readonly #seen: IntersectionObserver;
  #whenSeen: (() => void)[] = [];
  #connected = false;

  constructor(element: Element, show: () => void) {
    this.#element = element;
    this.#show = show;
    this.#seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#seen.disconnect();
      for (const act of this.#whenSeen.splice(0)) act();
    });
    for (const sign of SIGNS) {
      element.addEventListener(sign, this.#show, { once: true, passive: true });
    }
  }

  get connected(): boolean {
    return this.#connected;
  }

  connect({ loading }: Options): void {
    this.#connected = true;
    if (loading === "eager") this.whenInView(this.#show);
  }

  disconnect(): void {
    this.#connected = false;
    this.#seen.disconnect();
    this.#whenSeen = [];
  }

  whenInView(act: () => void): void {
    this.#whenSeen.push(act);
    this.#seen.observe(this.#element);
  }
}
