import { fit, hasTexts, paint, type Surface } from "./painter.js";
import type { LaneSize, PainterMessage } from "./painter-messages.js";
import { painterThread } from "./painter-thread.js";
import type { Palette } from "./palette.js";

/** A picture that waits for the painter. */
interface Waiting {
  readonly list: Float32Array;
  readonly texts: readonly string[];
}

const noTexts: readonly string[] = [];

/**
 * Paints one element's lanes: on the painter's thread where there is one, else here. While that
 * thread is busy only the newest picture waits for it, so that it is never behind.
 */
export class LanesPainter {
  #canvases: readonly HTMLCanvasElement[] = [];
  #sizes: LaneSize[] = [];
  #palette: Palette | null = null;
  #paletteIsNew = false;
  /** The other end of it is the thread; null before one is known, or where there is none. */
  #port: MessagePort | null = null;
  /** Of canvases that are painted on here. */
  #surfaces: Surface[] | null = null;
  #busy = false;
  #closed = false;
  #waiting: Waiting | null = null;

  constructor() {
    void painterThread().then((thread) => {
      if (!this.#closed) this.#settle(thread);
    });
  }

  /** Canvases that nothing has been drawn on yet; they take the place of those before. */
  take(canvases: readonly HTMLCanvasElement[]): void {
    this.#canvases = canvases;
    this.#sizes = canvases.map(() => ({ width: 0, height: 0, scale: 1 }));
    if (this.#port !== null) this.#handOver(this.#port);
    else if (this.#surfaces !== null) this.#surfaces = surfacesOf(canvases);
  }

  resize(canvas: Element, size: LaneSize): void {
    const index = this.#canvases.findIndex((each) => each === canvas);
    if (index >= 0) this.#sizes[index] = size;
  }

  /** The size of every lane; null while there is none. */
  get size(): LaneSize | null {
    const first = this.#sizes[0];
    return first !== undefined && first.width > 0 && first.height > 0 ? first : null;
  }

  set palette(palette: Palette) {
    this.#palette = palette;
    this.#paletteIsNew = true;
  }

  /** `list` and `texts` are needed during the call only. */
  paint(list: Float32Array, texts: () => readonly string[]): void {
    if (this.#surfaces !== null) {
      this.#paintHere(this.#surfaces, list, texts);
      return;
    }
    this.#waiting = { list: list.slice(), texts: hasTexts(list) ? texts() : noTexts };
    this.#send();
  }

  /** The same picture on canvases of their own, at once. */
  picture(list: Float32Array, texts: () => readonly string[]): HTMLCanvasElement[] {
    const canvases = this.#canvases.map(() => document.createElement("canvas"));
    this.#paintHere(surfacesOf(canvases), list, texts);
    return canvases;
  }

  close(): void {
    this.#closed = true;
    this.#port?.close();
  }

  #settle(thread: Worker | null): void {
    if (thread === null) {
      this.#surfaces = surfacesOf(this.#canvases);
      if (this.#waiting === null) return;
      const { list, texts } = this.#waiting;
      this.#waiting = null;
      this.#paintHere(this.#surfaces, list, () => texts);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    thread.postMessage(port2, [port2]);
    port1.onmessage = (): void => {
      this.#busy = false;
      this.#send();
    };
    this.#port = port1;
    this.#handOver(port1);
    this.#send();
  }

  #handOver(port: MessagePort): void {
    const canvases = this.#canvases.map((canvas) => canvas.transferControlToOffscreen());
    port.postMessage({ canvases } satisfies PainterMessage, canvases);
  }

  #send(): void {
    if (this.#port === null || this.#busy || this.#waiting === null) return;
    const { list, texts } = this.#waiting;
    const palette = this.#paletteIsNew ? this.#palette : null;
    const message: PainterMessage = { list, texts, sizes: this.#sizes, palette };
    this.#waiting = null;
    this.#paletteIsNew = false;
    this.#busy = true;
    this.#port.postMessage(message, [list.buffer]);
  }

  #paintHere(
    surfaces: readonly Surface[],
    list: Float32Array,
    texts: () => readonly string[],
  ): void {
    surfaces.forEach((surface, index) => {
      const size = this.#sizes[index];
      if (size !== undefined) fit(surface, size);
    });
    if (this.#palette !== null) paint(list, texts, surfaces, this.#palette);
  }
}

function surfacesOf(canvases: readonly HTMLCanvasElement[]): Surface[] {
  return canvases.flatMap((canvas) => {
    const context = canvas.getContext("2d");
    return context === null ? [] : [{ context, width: 0, height: 0, scale: 1 }];
  });
}
