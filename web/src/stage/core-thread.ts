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
}

/** Opens a stage where the core runs. */
export type CoreThread = (received: (message: FromStage) => void) => StageConnection;

let address: URL | null = null;
let starting: Promise<CoreThread> | undefined;

/** Called once, by the module that knows where the worker is. */
export function defineCoreThread(worker: URL): void {
  address = worker;
}

/**
 * One for all elements of a page: a worker, or else the page's own thread. That is where the
 * browser has no OffscreenCanvas, where the element comes from another origin than the page (a
 * worker may not), and in WebKit: WebKitGTK 2.50 ends the page's process when a worker paints
 * several canvases.
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
  if (
    address?.origin !== location.origin ||
    !("transferControlToOffscreen" in prototype) ||
    isWebKit
  ) {
    return Promise.resolve(null);
  }
  const { href } = address;
  return new Promise((resolve) => {
    try {
      const worker = new Worker(href, { type: "module", name: "Transport Playground" });
      const refuse = (): void => {
        worker.terminate();
        resolve(null);
      };
      // It is there when it says so: a canvas that was handed over does not come back.
      worker.onmessage = ({ data }: MessageEvent<string>): void => {
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

function apart(worker: Worker): CoreThread {
  // From now on its errors are the console's.
  worker.onerror = null;
  const send = (message: ToWorker, transfer: Transferable[] = []): void => {
    worker.postMessage(message, transfer);
  };
  send({ page: pageState() });
  followPage((page) => {
    send({ page });
  });
  return (received) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<FromStage>): void => {
      received(data);
    };
    send({ port: port2 }, [port2]);
    return {
      apart: true,
      call: (call, transfer) => {
        port1.postMessage(call, transfer);
      },
      close: () => {
        port1.close();
      },
    };
  };
}

function here(): CoreThread {
  const surroundings = new Surroundings(pageState());
  followPage((page) => {
    surroundings.tell(page);
  });
  const services = threadServices(surroundings);
  return (received) => ({
    apart: false,
    call: openStage(services, received),
    close: () => undefined,
  });
}
