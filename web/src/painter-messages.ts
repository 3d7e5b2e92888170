import type { Palette } from "./palette.js";

/** A canvas in CSS pixels, and device pixels in one of them. */
export interface LaneSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** To the painter's thread: these canvases take the place of those before. */
export interface CanvasesMessage {
  readonly canvases: readonly OffscreenCanvas[];
}

/** To the painter's thread: a picture of all lanes. It is answered once it is painted. */
export interface PictureMessage {
  readonly list: Float32Array;
  readonly texts: readonly string[];
  readonly sizes: readonly LaneSize[];
  /** null is the one before. */
  readonly palette: Palette | null;
}

export type PainterMessage = CanvasesMessage | PictureMessage;
