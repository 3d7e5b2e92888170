import { make, makeButton, richText } from "./dom.js";

/** Something to say over the lanes: what is so, and what to do next. */
export interface Notice {
  readonly title: string;
  /** Sentences; words between backquotes are code. */
  readonly text: readonly string[];
  /** What the button says; none where there is nothing to press. */
  readonly action?: string;
  readonly trouble?: boolean;
  /** Shown only after a moment, so that it does not flash by. */
  readonly patient?: boolean;
}

/** The card over the lanes that shows a notice. */
export class NoticeView {
  readonly element: HTMLElement = make("div", "overlay");
  readonly #act: () => void;
  #shown: string | null = null;

  constructor(act: () => void) {
    this.#act = act;
    this.element.hidden = true;
  }

  focus(): void {
    this.element.querySelector("button")?.focus();
  }

  show(notice: Notice | null): void {
    const key = notice === null ? null : JSON.stringify(notice);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = notice === null;
    this.element.classList.toggle("grave", notice?.trouble === true);
    this.element.replaceChildren();
    if (notice === null) return;
    const card = make("div", "notice", make("p", "notice-title", notice.title));
    card.classList.toggle("trouble", notice.trouble === true);
    card.classList.toggle("patient", notice.patient === true);
    if (notice.trouble === true) card.setAttribute("role", "alert");
    for (const text of notice.text) card.append(make("p", "", ...richText(text)));
    if (notice.action !== undefined)
      card.append(makeButton("button primary", this.#act, notice.action));
    this.element.append(card);
  }
}
