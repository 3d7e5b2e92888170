import { elapsed } from "../text/figures.js";
import { faceOf } from "../contract/transports.js";
import { colourOf } from "../element/dom.js";
import { NOT_KNOWN, columnOf, figureText, type RunFacts } from "./run-columns.js";
import type { RunLane } from "./run-lanes.js";

const [MEDIAN, BYTES] = [columnOf("median"), columnOf("bytes")];
const [NAMES, FIGURES, HEAD, PAD] = [190, 130, 44, 16];

/** The lanes as they are drawn now, with names and figures, on one canvas: a picture to keep. */
export function lanesPicture(
  drawings: readonly HTMLCanvasElement[],
  lanes: readonly RunLane[],
  run: RunFacts,
): HTMLCanvasElement {
  const scale = Math.max(1, devicePixelRatio);
  const width = Math.max(320, ...drawings.map((each) => each.width / scale));
  const height = Math.max(60, ...drawings.map((each) => each.height / scale + 12));
  const canvas = document.createElement("canvas");
  const [wide, high] = [NAMES + width + FIGURES, HEAD + lanes.length * height + PAD];
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.scale(scale, scale);
  const { fontFamily } = getComputedStyle(document.body);
  const ink = colourOf("--tp-ink");
  const muted = colourOf("--tp-muted");
  const line = colourOf("--tp-line");
  context.fillStyle = colourOf("--tp-panel");
  context.fillRect(0, 0, wide, high);
  const write = (text: string, x: number, y: number, weight: number, colour: string): void => {
    context.font = `${weight} 13px ${fontFamily}`;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  write("Transport Playground", PAD, 27, 700, ink);
  write(`after ${elapsed(run.elapsedMs)}`, NAMES, 27, 400, muted);
  lanes.forEach((lane, index) => {
    const top = HEAD + index * height;
    context.fillStyle = line;
    context.fillRect(0, top, wide, 1);
    context.fillStyle = colourOf(faceOf(lane.asked).colour);
    context.fillRect(PAD, top + 18, 10, 10);
    write(lane.title, PAD + 18, top + 28, 600, ink);
    write(lane.tag === "" ? lane.state : lane.tag, PAD + 18, top + 46, 400, muted);
    const drawing = drawings[index];
    if (drawing !== undefined && drawing.width > 1) {
      context.drawImage(drawing, NAMES, top + 6, drawing.width / scale, drawing.height / scale);
    }
    const [median, size] = [figureText(MEDIAN, lane, run), figureText(BYTES, lane, run)];
    const counted = run.lastHop && lane.known.server && !lane.ownPort ? ", last hop" : "";
    const right = NAMES + width + 12;
    write(
      median === NOT_KNOWN ? `median ${median}` : `${median} median`,
      right,
      top + 28,
      600,
      ink,
    );
    write(
      size === NOT_KNOWN ? `bytes ${size}` : `${size}/msg${counted}`,
      right,
      top + 46,
      400,
      ink,
    );
  });
  return canvas;
}
