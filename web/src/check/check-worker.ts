/** The check on a thread of its own: a page that is busy or hidden does not delay what it times. */
import type { CheckSettings } from "../contract/check-report.js";
import { Surroundings, type PageState } from "../stage/surroundings.js";
import { CheckRun } from "./check-run.js";

/** The page's state comes first, and again with all its news. */
export type ToCheckWorker =
  | { readonly page: PageState }
  | { readonly start: CheckSettings; readonly module: string }
  | "stop"
  | "close";

let surroundings: Surroundings | null = null;
let run: CheckRun | null = null;

addEventListener("message", ({ data }: MessageEvent<ToCheckWorker>) => {
  if (data === "stop") run?.stop();
  else if (data === "close") run?.close();
  else if ("page" in data) {
    if (surroundings === null) surroundings = new Surroundings(data.page);
    else surroundings.tell(data.page);
  } else if (surroundings !== null) {
    run?.close();
    run = new CheckRun((event) => {
      postMessage(event);
    });
    void run.start(data.start, data.module, surroundings);
  }
});
postMessage("ready");
