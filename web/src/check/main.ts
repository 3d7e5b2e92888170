/** "Check this path": what does the way from this browser to a server do to each transport? */
import { copyText, copyTextButton, saveFile } from "../page/copying.js";
import { hasOwnServer } from "../page/own-server.js";
import { part } from "../page/part.js";
import type { CheckTrouble } from "./check-run.js";
import { CheckView, type Shown } from "./check-view.js";
import { Checker } from "./checker.js";
import { linkOfResult, resultOfLink, textOfResult, type KeptResult } from "./kept-result.js";
import { OptionsForm } from "./options-form.js";

const BEFORE: Shown = {
  phase: "before",
  report: null,
  title: "What does your network do to these?",
  words:
    "A playground server writes, is silent and ends in ways that are known, over each transport, and " +
    "this browser looks at what arrives. The first verdict is there within 15 seconds.",
  made: null,
  simulated: "",
  stopped: false,
};
const NO_SERVER =
  "There is no playground server at this address. Give the address of one, or check a simulated path.";

const own = new URL("..", location.href);
own.search = own.hash = "";
const ownServer = own.href.replace(/\/+$/, "");

const view = new CheckView();
const toggle = part("toggle", HTMLButtonElement);
const options = new OptionsForm(ownServer, {
  changed: () => undefined,
  go: () => {
    begin();
  },
});

let shown: Shown = BEFORE;
let markdown = "";

const checker = new Checker(
  new URL("check-worker.js", import.meta.url),
  new URL("playground_check.js", import.meta.url),
  {
    report: (report, text) => {
      if (shown.phase !== "starting" && shown.phase !== "going") return;
      markdown = text;
      const phase =
        report.state === "running" ? "going" : report.state === "failed" ? "failed" : "over";
      if (phase === "failed") {
        show({ ...shown, phase, report: null, title: report.error, words: failedWords() });
      } else {
        show({ ...shown, phase, report, title: "", words: "" });
      }
    },
    trouble: (trouble) => {
      if (shown.phase !== "starting" && shown.phase !== "going") return;
      show({ ...shown, phase: "failed", report: null, ...wordsOfTrouble(trouble) });
    },
  },
);

function show(next: Shown): void {
  shown = next;
  view.show(shown);
  options.shown = shown.phase !== "starting" && shown.phase !== "going" && shown.phase !== "shared";
}

function begin(): void {
  const settings = options.settings();
  if (settings === null) return;
  markdown = "";
  view.clear();
  const way = options.way;
  show({
    phase: "starting",
    report: null,
    title: way === null ? "Asking the server." : "Setting up a path.",
    words:
      way === null ? `From this browser to ${settings.server.replace(/^https?:\/\//, "")}.` : "",
    made: new Date(),
    simulated: way?.title ?? "",
    stopped: false,
  });
  // What an earlier link held is not what is shown from here on.
  history.replaceState(null, "", location.pathname);
  checker.start(settings);
}

function failedWords(): string {
  return options.where === "own"
    ? "Look whether the server runs, and check again; or give the address of another one, or check a simulated path."
    : "Mend that and check again; or check a simulated path.";
}

function wordsOfTrouble({ trouble, words }: CheckTrouble): Pick<Shown, "title" | "words"> {
  if (trouble === "no-webassembly") {
    return {
      title: "This browser has WebAssembly switched off, and the check needs it.",
      words:
        "Switch it on, or check from another browser on the same network. The playground itself runs without it.",
    };
  }
  if (trouble === "not-loaded") {
    return {
      title: "The check could not be loaded.",
      words: `Check again when the page’s server answers. This was not to be had: ${words}`,
    };
  }
  return { title: "The check has ended by itself.", words: `Check again. What ended it: ${words}` };
}

toggle.addEventListener("click", () => {
  if (shown.phase === "starting" || shown.phase === "going") {
    if (shown.report === null) {
      checker.close();
      show(BEFORE);
    } else {
      shown = { ...shown, stopped: true };
      checker.stop();
    }
  } else begin();
});

function kept(): KeptResult | null {
  const { report, made, simulated } = shown;
  return report === null ? null : { report, made: made ?? new Date(), simulated, markdown };
}

const share = part("share", HTMLButtonElement);
share.addEventListener("click", () => {
  void shareResult();
});
async function shareResult(): Promise<void> {
  const result = kept();
  if (result === null) return;
  const link = new URL(location.pathname, location.href);
  link.hash = `result=${await linkOfResult(result)}`;
  history.replaceState(null, "", link.href);
  const copied = await copyText(link.href);
  share.textContent = copied ? "Link copied" : "It is in the address bar";
  setTimeout(() => {
    share.textContent = "Share";
  }, 2000);
}

copyTextButton(part("markdown", HTMLButtonElement), () => markdown);
part("save", HTMLButtonElement).addEventListener("click", () => {
  const result = kept();
  if (result === null) return;
  const day = result.made.toISOString().slice(0, 10);
  const blob = new Blob([textOfResult(result)], { type: "application/json" });
  saveFile(`transport-check-${day}.json`, blob);
});

/** Shows what the address holds; answers whether it holds a result. */
async function showShared(): Promise<boolean> {
  const text = new URLSearchParams(location.hash.slice(1)).get("result");
  if (text === null) return false;
  checker.close();
  try {
    const { report, made, simulated, markdown: words } = await resultOfLink(text);
    markdown = words;
    view.clear();
    show({ phase: "shared", report, title: "", words: "", made, simulated, stopped: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    show({
      ...BEFORE,
      phase: "failed",
      title: "This link does not hold a result.",
      words: `${error.message} Ask for it again, or check from here.`,
    });
  }
  return true;
}
addEventListener("hashchange", () => {
  void showShared();
});

// What is folded is not printed, and who runs the proxy wants to read it.
let folded: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll<HTMLDetailsElement>("#findings details:not([open])")];
  for (const each of folded) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of folded) each.open = false;
});

const fields = new URLSearchParams(location.search);
options.read(fields);
show(BEFORE);
const isShared = await showShared();
if (!(await hasOwnServer("../"))) {
  options.withoutOwn();
  if (shown.phase === "before") show({ ...shown, words: NO_SERVER });
  if (options.where === "other" && fields.get("server") === null) fields.delete("start");
}
if (!isShared && fields.has("start")) begin();
