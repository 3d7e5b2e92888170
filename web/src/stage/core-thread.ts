import type { ToWorker } from "./core-worker.js";
import { threadServices } from "./stage.js";
import { openStage, type Call, type FromStage } from "./stage-calls.js";
import { Surroundings, followPage, pageState } from "./surroundings.js";

/** To a stage that has been opened on the core's thread. */
export interface StageConnection {
  /** Whether it leads to another thread, which can paint on an `OffscreenCanvas` only. */
  readonly apart: boolean;
  readonly call: (call: Call, transfer: Transferable[]) => void;
  readonly close: () => void;
  /** Ends the thread, for all its stages. */
  readonly fail: (why: string) => void;
}

/** Opens a stage where the core runs; `ended` is called where that ends by itself. */
export type CoreThread = (
  received: (message: FromStage) => void,
  ended: (why: string) => void,
) => StageConnection;

/** Milliseconds that a worker has to say that it is there. */
const STARTS_WITHIN_MS = 10_000;

let address: URL | null = null;
let starting: Promise<CoreThread> | undefined;

/** Called once, by the module that knows where the worker is. */
export function defineCoreThread(worker: URL): void {
  address = worker;
}

/**
 * One for all elements of a page: a worker, or else the page's own thread. That is where the
 * browser has no OffscreenCanvas, where the worker does not start (a page's policy may forbid one
 * of another origin), and in WebKit: WebKitGTK 2.50 ends the page's
 * process when a worker paints several canvases. Where it has ended by itself, the next one is new.
 */
export function coreThread(): Promise<CoreThread> {
  starting ??= startWorker().then((worker) => (worker === null ? here() : apart(worker)));
  return starting;
}

function startWorker(): Promise<Worker | null> {
  const { prototype } = HTMLCanvasElement;
  // Deprecated, and the one thing that tells WebKit's ports from all other browsers.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isWebKit = navigator.vendor.startsWith("Apple");
  if (address === null || !("transferControlToOffscreen" in prototype) || isWebKit) {
    return Promise.resolve(null);
  }
  const href = startable(address);
  return new Promise((resolve) => {
    try {
      const worker = new Worker(href, { type: "module", name: "Transport Playground" });
      const refuse = (): void => {
        clearTimeout(late);
        worker.terminate();
        resolve(null);
      };
      const late = setTimeout(refuse, STARTS_WITHIN_MS);
      // It is there when it says so: a canvas that was handed over does not come back.
      worker.onmessage = ({ data }: MessageEvent<string>): void => {
        clearTimeout(late);
        if (data === "ready") resolve(worker);
        else refuse();
      };
      worker.onerror = (event): void => {
        event.preventDefault();
        refuse();
      };
    } catch {
      resolve(null);
    }
  });
}

/**
 * A worker's own file must be of the page's origin, which is none in a sandboxed frame; what it
 * imports need not be.
 */
function startable({ href, origin }: URL): string {
  if (origin === self.origin) return href;
  const source = new Blob([`import ${JSON.stringify(href)};`], { type: "text/javascript" });
  return URL.createObjectURL(source);
}

/** The stages of one thread, and the one end that they have if it ends by itself. */
class Stages {
  readonly over = new AbortController();
  readonly #ended = new Set<(why: string) => void>();

  open(ended: (why: string) => void): () => void {
    this.#ended.add(ended);
    return () => {
      this.#ended.delete(ended);
    };
  }

  readonly fail = (why: string): void => {
    if (this.over.signal.aborted) return;
    starting = undefined;
    this.over.abort();
    for (const ended of [...this.#ended]) ended(why);
  };
}

function apart(worker: Worker): CoreThread {
  const stages = new Stages();
  const { signal } = stages.over;
  const send = (message: ToWorker, transfer: Transferable[] = []): void => {
    worker.postMessage(message, transfer);
  };
  // There is nothing in it but the core and its stages; the console has the error as well.
  worker.onerror = ({ message }): void => {
    stages.fail(message.replace(/^Uncaught /, ""));
  };
  signal.addEventListener("abort", () => {
    worker.terminate();
  });
  send({ page: pageState() });
  followPage((page) => {
    send({ page });
  }, signal);
  return (received, ended) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<FromStage>): void => {
      received(data);
    };
    send({ port: port2 }, [port2]);
    const leave = stages.open(ended);
    return {
      apart: true,
      call: (call, transfer) => {
        port1.postMessage(call, transfer);
      },
      close: () => {
        leave();
        port1.close();
      },
      fail: stages.fail,
    };
  };
}

function here(): CoreThread {
  const stages = new Stages();
  const surroundings = new Surroundings(pageState());
  followPage((page) => {
    surroundings.tell(page);
  }, stages.over.signal);
  const services = threadServices(surroundings, (error) => {
    reportError(error);
    stages.fail(error instanceof Error ? error.message : String(error));
  });
  return (received, ended) => ({
    apart: false,
    call: openStage(services, received),
    close: stages.open(ended),
    fail: stages.fail,
  });
}
