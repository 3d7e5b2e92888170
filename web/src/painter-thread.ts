/**
 * The thread that paints for all elements of a page. There is none where the browser has no
 * OffscreenCanvas, where the element comes from another origin than the page (a worker may not),
 * and in WebKit: WebKitGTK 2.50 ends the page's process when a worker paints several canvases.
 */
let address: URL | null = null;
let starting: Promise<Worker | null> | undefined;

/** Called once, by the module that knows where the worker is. */
export function definePainterThread(worker: URL): void {
  address = worker;
}

/** null is none; whoever paints does it on the page's own thread then. */
export function painterThread(): Promise<Worker | null> {
  starting ??= start();
  return starting;
}

function start(): Promise<Worker | null> {
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
      const worker = new Worker(href, { type: "module", name: "lanes' painter" });
      // It is there when it says so: a canvas that was handed over does not come back.
      worker.onmessage = (): void => {
        resolve(worker);
      };
      worker.onerror = (event): void => {
        event.preventDefault();
        resolve(null);
      };
    } catch {
      resolve(null);
    }
  });
}
