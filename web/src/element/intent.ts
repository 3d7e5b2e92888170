import type { Options } from "./options.js";

/** What a reader does who may press Start next. */
const SIGNS = ["pointerenter", "focusin"] as const;

/**
 * When an element's files are to be fetched: once the reader points at it, touches it or moves the
 * focus there; for `autoplay` and `loading="eager"`, once it is in view.
 */
export class Intent {
  /** Whether the element is on a page. */
  connected = false;
  readonly #element: Element;
  readonly #view: IntersectionObserver;

  constructor(element: Element, interest: () => void, inView: () => void) {
    this.#element = element;
    this.#view = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#view.disconnect();
      inView();
    });
    for (const sign of SIGNS) {
      element.addEventListener(sign, interest, { once: true });
    }
  }

  connect({ loading, autoplay }: Options): void {
    this.disconnect();
    this.connected = true;
    if (autoplay || loading === "eager") this.#view.observe(this.#element);
  }

  disconnect(): void {
    this.connected = false;
    this.#view.disconnect();
  }
}
