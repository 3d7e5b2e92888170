import { fit, paint, type LaneSize, type Palette, type Surface } from "./painter.js";

export type LaneCanvas = HTMLCanvasElement | OffscreenCanvas;

/** Paints display lists on the canvases of one element's lanes. */
export class LanesPainter {
  #surfaces: Surface[] = [];
  #sizes: readonly LaneSize[] = [];
  palette: Palette | null = null;

  /** Canvases that nothing has been drawn on yet; they take the place of those before. */
  take(canvases: readonly LaneCanvas[]): void {
    this.#sizes = [];
    this.#surfaces = canvases.flatMap((canvas) => {
      const context = canvas.getContext("2d") as Surface["context"] | null;
      return context === null ? [] : [{ context, size: { width: 0, height: 0, scale: 1 } }];
    });
  }

  /** The canvases take them with the next picture: setting a size clears a canvas. */
  set sizes(sizes: readonly LaneSize[]) {
    this.#sizes = sizes;
  }

  /** The size of every lane; null while there is none. */
  get size(): LaneSize | null {
    const first = this.#sizes[0];
    return first !== undefined && first.width > 0 && first.height > 0 ? first : null;
  }

  /** See `paint` of painter.ts for what is asked of `list` and `texts`. */
  paint(list: Float32Array, texts: () => readonly string[]): void {
    if (this.palette === null) return;
    this.#surfaces.forEach((surface, index) => {
      const size = this.#sizes[index];
      if (size !== undefined) fit(surface, size);
    });
    paint(list, texts, this.#surfaces, this.palette);
  }
}
