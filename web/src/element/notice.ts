import type { Trouble } from "../contract/core-module.js";
import { elapsed } from "../text/figures.js";
import { make, makeButton, richText } from "./dom.js";
import type { PlaygroundProperties } from "./options.js";
import type { ElementRun } from "./run.js";

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

/** What stands over the lanes; null lets them be seen. */
export function noticeOf(element: PlaygroundProperties, run: ElementRun): Notice | null {
  switch (run.state) {
    case "empty":
      return emptyNotice(element.transports.length);
    case "loading":
      return {
        title: "Getting the client ready…",
        text: ["C++ compiled to WebAssembly, loaded once."],
        patient: true,
      };
    case "connecting":
      return connectingNotice(element, run.snapshot?.trouble ?? null);
    case "running":
    case "stopped":
      return null;
    case "failed":
      return failedNotice(run);
    case "unsupported":
      return {
        title: "This browser runs no WebAssembly",
        text: [
          "The client is C++ compiled to WebAssembly, which a setting or a lockdown mode can switch off.",
          "Switch it on for this site, or open the page in another browser.",
        ],
        trouble: true,
      };
  }
}

function failedNotice({ message, crashed, number, snapshot }: ElementRun): Notice {
  if (crashed) {
    return {
      title: "The client has crashed",
      text: [sentence(message), "A new one takes its place when you start again."],
      action: "Start again",
      trouble: true,
    };
  }
  if (number !== 0) {
    const title = snapshot?.trouble?.title ?? "The run ended";
    return { title, text: [sentence(message)], action: "Try again", trouble: true };
  }
  return {
    title: "The client could not be loaded",
    text: [
      sentence(message),
      "If you build the page yourself, `make build` puts the WebAssembly client beside it.",
    ],
    action: "Try again",
    trouble: true,
  };
}

/** The words in the bar, null for the invitation, and whether they are about trouble. */
export function wordsOf({ state, snapshot }: ElementRun): [string | null, boolean] {
  const error = snapshot?.error ?? "";
  if (state === "stopped") {
    return [`Stopped after ${elapsed(snapshot?.elapsedMs ?? 0)}. Press Start to run again.`, false];
  }
  if (state === "running" && error !== "") return [error, true];
  // A notice says enough.
  const none = state === "connecting" ? error !== "" : /failed|unsupported/.test(state);
  return [none ? "" : null, false];
}

function emptyNotice(lanes: number): Notice {
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

function connectingNotice(
  { simulated, server }: PlaygroundProperties,
  trouble: Trouble | null,
): Notice {
  if (simulated !== null) {
    return {
      title: "The simulated run is about to begin…",
      text: ["No server takes part in it."],
      patient: true,
    };
  }
  if (trouble !== null) return { title: trouble.title, text: [trouble.text], trouble: true };
  const host = server.replace(/^https?:\/\//, "");
  return { title: `Connecting to ${host}…`, text: [], patient: true };
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
    if (notice.action !== undefined)
      card.append(makeButton("button primary", this.#act, notice.action));
    this.element.append(card);
  }
}
