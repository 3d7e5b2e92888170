import type { Trouble } from "../contract/core-module.js";
import { elapsed } from "../text/figures.js";
import { emptyNotice } from "./empty-notice.js";
import type { Notice } from "./notice-view.js";
import type { PlaygroundProperties } from "./options.js";
import type { ElementRun } from "./run.js";

/** Vite 7's server bundles what is installed, and leaves out the files that this looks for. */
const WHERE_FILES_BELONG = import.meta.url.includes("/.vite/")
  ? 'Vite needs a line in its configuration: `optimizeDeps: { exclude: ["transport-playground"] }`.'
  : "The client's files belong beside `widget.js`: the package's README says what each bundler needs.";

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
    const begun = snapshot === null ? "The run cannot begin" : "The run ended";
    const title = snapshot?.trouble?.title ?? begun;
    return { title, text: [sentence(message)], action: "Try again", trouble: true };
  }
  return {
    title: "The client could not be loaded",
    text: [sentence(message), WHERE_FILES_BELONG],
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

export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
