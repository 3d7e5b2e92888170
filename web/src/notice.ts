import { make, richText } from "./dom.js";

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

export function emptyNotice(lanes: number): Notice {
  const word = ["Two", "Three", "Four", "Five", "Six"][lanes - 2];
  return {
    title:
      word === undefined
        ? "One transport carries a stream"
        : `${word} transports carry the same stream`,
    text: [
      lanes > 1
        ? "Press Start and see, side by side, when each message was sent and when it arrived."
        : "Press Start and see when each message was sent and when it arrived.",
      "The pale picture is only a sketch.",
    ],
    action: "Start",
  };
}

export const loadingNotice: Notice = {
  title: "Getting the client ready…",
  text: ["C++ compiled to WebAssembly, loaded once."],
  patient: true,
};

export function connectingNotice(server: string): Notice {
  return { title: `Connecting to ${hostOf(server)}…`, text: [], patient: true };
}

export const simulatedNotice: Notice = {
  title: "The simulated run is about to begin…",
  text: ["No server takes part in it."],
  patient: true,
};

export function serverGoneNotice(server: string): Notice {
  return {
    title: `No playground server at ${hostOf(server)}`,
    text: [
      "Start it in the project’s folder with `make run`.",
      "It is asked again every second: the lanes start by themselves once it answers.",
    ],
    trouble: true,
  };
}

export function runFailedNotice(reason: string): Notice {
  return { title: "The run ended", text: [sentence(reason)], action: "Try again", trouble: true };
}

export function notLoadedNotice(reason: string): Notice {
  return {
    title: "The client could not be loaded",
    text: [
      sentence(reason),
      "If you build the page yourself, `make build` puts the WebAssembly client beside it.",
    ],
    action: "Try again",
    trouble: true,
  };
}

export const noWebAssemblyNotice: Notice = {
  title: "This browser runs no WebAssembly",
  text: [
    "The client is C++ compiled to WebAssembly, which a setting or a lockdown mode can switch off.",
    "Switch it on for this site, or open the page in another browser.",
  ],
  trouble: true,
};

export function wrongAttributeNotice(message: string): Notice {
  return {
    title: "This element cannot start as it is written",
    text: [message, "Mend the attribute: the element starts over by itself."],
    trouble: true,
  };
}

export function refusedSettingsNotice(message: string): Notice {
  return {
    title: "The client refused these settings",
    text: [sentence(message)],
    action: "Try again",
    trouble: true,
  };
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, "");
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
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

  show(notice: Notice | null): void {
    const key = notice === null ? null : JSON.stringify(notice);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = notice === null;
    this.element.replaceChildren();
    if (notice === null) return;
    const card = make("div", "notice", make("p", "notice-title", notice.title));
    card.classList.toggle("trouble", notice.trouble === true);
    card.classList.toggle("patient", notice.patient === true);
    if (notice.trouble === true) card.setAttribute("role", "alert");
    for (const text of notice.text) card.append(make("p", "", ...richText(text)));
    if (notice.action !== undefined) {
      const button = make("button", "button", notice.action);
      button.type = "button";
      button.addEventListener("click", this.#act);
      card.append(button);
    }
    this.element.append(card);
  }
}
