/**
 * The painter on a thread of its own, so that a dense picture keeps nobody waiting. One for all
 * elements of a page: each hands in a port, and sends its canvases and its pictures through it.
 */
import { fit, paint, type Surface } from "./painter.js";
import type { PainterMessage } from "./painter-messages.js";
import type { Palette } from "./palette.js";

function serve(port: MessagePort): void {
  let surfaces: Surface[] = [];
  let palette: Palette | null = null;
  port.onmessage = ({ data }: MessageEvent<PainterMessage>): void => {
    if ("canvases" in data) {
      surfaces = data.canvases.flatMap((canvas) => {
        const context = canvas.getContext("2d");
        return context === null ? [] : [{ context, width: 0, height: 0, scale: 1 }];
      });
      return;
    }
    palette = data.palette ?? palette;
    surfaces.forEach((surface, index) => {
      const size = data.sizes[index];
      if (size !== undefined) fit(surface, size);
    });
    if (palette !== null) paint(data.list, () => data.texts, surfaces, palette);
    port.postMessage(null);
  };
}

addEventListener("message", ({ data }: MessageEvent<MessagePort>) => {
  serve(data);
});
postMessage("ready");
