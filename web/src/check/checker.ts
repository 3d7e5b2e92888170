/** The page's end of the thread that makes the check. */
import type { CheckReport, CheckSettings } from "../contract/check-report.js";
import { Surroundings, followPage, pageState } from "../stage/surroundings.js";
import { CheckRun, type CheckEvent, type CheckTrouble } from "./check-run.js";
import type { ToCheckWorker } from "./check-worker.js";

export interface CheckerEvents {
  readonly report: (report: CheckReport, markdown: string) => void;
  readonly trouble: (trouble: CheckTrouble) => void;
}

/** Milliseconds that a worker has to say that it is there. */
const STARTS_WITHIN_MS = 10_000;

interface CheckThread {
  readonly start: (settings: CheckSettings) => void;
  readonly stop: () => void;
  readonly close: () => void;
}

/** One check after the other; a new one ends the one before. */
export class Checker {
  readonly #worker: URL;
  readonly #module: string;
  readonly #events: CheckerEvents;
  #thread: Promise<CheckThread> | null = null;

  /** Where the worker and the module are. */
  constructor(worker: URL, module: URL, events: CheckerEvents) {
    this.#worker = worker;
    this.#module = module.href;
    this.#events = events;
  }

  start(settings: CheckSettings): void {
    this.#call(({ start }) => {
      start(settings);
    });
  }

  stop(): void {
    this.#call(({ stop }) => {
      stop();
    });
  }

  /** Nothing more is told of the check that runs. */
  close(): void {
    this.#call(({ close }) => {
      close();
    });
  }

  #call(act: (thread: CheckThread) => void): void {
    this.#thread ??= this.#open();
    void this.#thread.then(act);
  }

  async #open(): Promise<CheckThread> {
    const worker = await startWorker(this.#worker);
    return worker === null ? this.#here() : this.#apart(worker);
  }

  #apart(worker: Worker): CheckThread {
    const send = (message: ToCheckWorker): void => {
      worker.postMessage(message);
    };
    const over = new AbortController();
    worker.onmessage = ({ data }: MessageEvent<CheckEvent>): void => {
      this.#take(data);
    };
    // There is nothing in it but the check.
    worker.onerror = ({ message }): void => {
      over.abort();
      worker.terminate();
      this.#thread = null;
      this.#take({ trouble: "ended", words: message.replace(/^Uncaught /, "") });
    };
    send({ page: pageState() });
    followPage((page) => {
      send({ page });
    }, over.signal);
    return {
      start: (settings) => {
        send({ start: settings, module: this.#module });
      },
      stop: () => {
        send("stop");
      },
      close: () => {
        send("close");
      },
    };
  }

  #here(): CheckThread {
    const surroundings = new Surroundings(pageState());
    followPage((page) => {
      surroundings.tell(page);
    }, new AbortController().signal);
    let run: CheckRun | null = null;
    return {
      start: (settings) => {
        run?.close();
        run = new CheckRun((event) => {
          this.#take(event);
        });
        void run.start(settings, this.#module, surroundings);
      },
      stop: () => run?.stop(),
      close: () => run?.close(),
    };
  }

  #take(event: CheckEvent): void {
    if ("trouble" in event) this.#events.trouble(event);
    else this.#events.report(JSON.parse(event.report) as CheckReport, event.markdown);
  }
}

function startWorker(address: URL): Promise<Worker | null> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(address, { type: "module", name: "Transport Playground: check" });
      const refuse = (): void => {
        clearTimeout(late);
        worker.terminate();
        resolve(null);
      };
      const late = setTimeout(refuse, STARTS_WITHIN_MS);
      worker.onmessage = (): void => {
        clearTimeout(late);
        resolve(worker);
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
