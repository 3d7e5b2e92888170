/**
 * The core on a thread of its own, with the transports it runs and the pictures it draws: neither
 * keeps the page waiting, nor the page them. One for all elements of a page; each hands in a port.
 */
import { threadServices, type ThreadServices } from "./stage.js";
import { openStage, type Call } from "./stage-calls.js";
import { Surroundings, type PageState } from "./surroundings.js";

/** The page's state comes first, and again with all its news; a port is a new element's. */
export type ToWorker = { readonly page: PageState } | { readonly port: MessagePort };

let here: { surroundings: Surroundings; services: ThreadServices } | null = null;

function open(port: MessagePort, services: ThreadServices): void {
  const call = openStage(services, (message) => {
    port.postMessage(message);
  });
  port.onmessage = ({ data }: MessageEvent<Call>): void => {
    call(data);
  };
}

/** Makes it the worker's own error, which its page hears of. */
function raise(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

addEventListener("unhandledrejection", ({ reason }: PromiseRejectionEvent) => {
  raise(reason);
});
addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if ("port" in data) {
    if (here !== null) open(data.port, here.services);
  } else if (here === null) {
    const surroundings = new Surroundings(data.page);
    here = { surroundings, services: threadServices(surroundings, raise) };
  } else {
    here.surroundings.tell(data.page);
  }
});
// A worker without frames would never draw: then the page does without it.
postMessage(typeof requestAnimationFrame === "function" ? "ready" : "no frames");
