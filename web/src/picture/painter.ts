import { DrawOp } from "../contract/tables.js";

/** The theme as a canvas needs it: colours worked out, by role: the transports, then `DrawRole`. */
export interface Palette {
  readonly colours: readonly string[];
  /** What stands behind a text, so that it stays legible over lines. */
  readonly halo: string;
  readonly font: string;
  readonly fontStrong: string;
}

/** A canvas in CSS pixels, and device pixels in one of them. */
export interface LaneSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** One lane's canvas. */
export interface Surface {
  readonly context: Context;
  size: LaneSize;
}

/** Gives the canvas its size. */
export function fit(surface: Surface, size: LaneSize): void {
  const { canvas } = surface.context;
  const { width, height, scale } = size;
  surface.size = size;
  const deviceWidth = Math.max(1, Math.round(width * scale));
  const deviceHeight = Math.max(1, Math.round(height * scale));
  // Setting the size clears the canvas, even to the same size.
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
}

const TEXT_SIZE = 11;
const HALO = 3.5;

/**
 * Replays the core's display list on the lanes' canvases. It knows nothing of transports or of
 * time, and allocates nothing in a frame.
 *
 * `texts` is asked for only when the first text comes; `list` must outlive that call (a view of
 * the core's memory does not: copy it).
 */
export function paint(
  list: Float32Array,
  texts: () => readonly string[],
  surfaces: readonly Surface[],
  palette: Palette,
): void {
  let known: readonly string[] | null = null;
  let surface: Surface | undefined;
  let at = 0;
  while (at < list.length) {
    const op: DrawOp = number(list, at);
    if (op === DrawOp.lane) {
      surface = surfaces[number(list, at + 1)];
      if (surface !== undefined) clear(surface);
      at += 2;
    } else if (surface === undefined) {
      // Drawn before the first lane, or on one that is not on the page any more.
      at = skip(list, at, op);
    } else if (op === DrawOp.text) {
      known ??= texts();
      drawText(surface, list, at, known, palette);
      at += 7;
    } else {
      at = drawShapes(surface, list, at, op, palette);
    }
  }
}

function number(list: Float32Array, at: number): number {
  return list[at] ?? 0;
}

/** Where the next operation begins. */
function skip(list: Float32Array, at: number, op: DrawOp): number {
  switch (op) {
    case DrawOp.lane:
      return at + 2;
    case DrawOp.lines:
      return at + 6 + 4 * number(list, at + 5);
    case DrawOp.dots:
      return at + 5 + 2 * number(list, at + 4);
    case DrawOp.bars:
      return at + 5 + 4 * number(list, at + 4);
    case DrawOp.quads:
      return at + 3 + 9 * number(list, at + 2);
    case DrawOp.text:
      return at + 7;
    default:
      throw new Error(`The display list has an operation ${String(op)} that the painter lacks.`);
  }
}

function clear({ context, size: { width, height, scale } }: Surface): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, width, height);
}

function drawShapes(
  surface: Surface,
  list: Float32Array,
  at: number,
  op: DrawOp,
  palette: Palette,
): number {
  const end = skip(list, at, op);
  const { context } = surface;
  const colour = palette.colours[number(list, at + 1)] ?? "transparent";
  if (op === DrawOp.lines) {
    drawLines(surface, list, at, end, colour);
  } else if (op === DrawOp.quads) {
    context.fillStyle = colour;
    drawQuads(context, list, at + 3, end);
  } else {
    context.fillStyle = colour;
    context.globalAlpha = number(list, at + 2);
    context.beginPath();
    if (op === DrawOp.dots) addDots(context, list, at + 5, end, number(list, at + 3));
    else addBars(context, list, at + 5, end, number(list, at + 3));
    context.fill();
  }
  context.globalAlpha = 1;
  return end;
}

function drawLines(
  { context, size }: Surface,
  list: Float32Array,
  at: number,
  end: number,
  colour: string,
): void {
  const width = number(list, at + 3);
  const dash = number(list, at + 4);
  context.strokeStyle = colour;
  context.globalAlpha = number(list, at + 2);
  context.lineWidth = width;
  context.lineCap = dash > 0 ? "butt" : "round";
  if (dash > 0) context.setLineDash([dash, dash]);
  context.beginPath();
  for (let i = at + 6; i < end; i += 4) {
    let x1 = number(list, i);
    let y1 = number(list, i + 1);
    let x2 = number(list, i + 2);
    let y2 = number(list, i + 3);
    // An upright or level line is drawn on whole device pixels; a slanted one is smoothed anyway.
    if (x1 === x2) x1 = x2 = crisp(x1, width, size.scale);
    if (y1 === y2) y1 = y2 = crisp(y1, width, size.scale);
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
  if (dash > 0) context.setLineDash(SOLID);
}

const SOLID: number[] = [];

function crisp(position: number, width: number, scale: number): number {
  const half = (Math.max(1, Math.round(width * scale)) % 2) / 2;
  return (Math.round(position * scale - half) + half) / scale;
}

function addDots(
  context: Context,
  list: Float32Array,
  from: number,
  end: number,
  radius: number,
): void {
  for (let i = from; i < end; i += 2) {
    const x = number(list, i);
    const y = number(list, i + 1);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function addBars(
  context: Context,
  list: Float32Array,
  from: number,
  end: number,
  radius: number,
): void {
  for (let i = from; i < end; i += 4) {
    const x = number(list, i);
    const y = number(list, i + 1);
    const width = Math.max(0, number(list, i + 2));
    const height = number(list, i + 3);
    if (radius > 0) context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
    else context.rect(x, y, width, height);
  }
}

function drawQuads(context: Context, list: Float32Array, from: number, end: number): void {
  for (let i = from; i < end; i += 9) {
    context.globalAlpha = number(list, i);
    context.beginPath();
    context.moveTo(number(list, i + 1), number(list, i + 2));
    context.lineTo(number(list, i + 3), number(list, i + 4));
    context.lineTo(number(list, i + 5), number(list, i + 6));
    context.lineTo(number(list, i + 7), number(list, i + 8));
    context.fill();
  }
}

function drawText(
  { context }: Surface,
  list: Float32Array,
  at: number,
  texts: readonly string[],
  palette: Palette,
): void {
  const text = texts[number(list, at + 4)];
  if (text === undefined) return;
  const role = number(list, at + 1);
  const align = number(list, at + 3);
  const x = number(list, at + 5);
  const y = number(list, at + 6);
  context.font = number(list, at + 2) >= 600 ? palette.fontStrong : palette.font;
  context.textAlign = align < 0 ? "left" : align > 0 ? "right" : "center";
  context.lineJoin = "round";
  context.lineWidth = HALO;
  context.strokeStyle = palette.halo;
  context.strokeText(text, x, y);
  context.fillStyle = palette.colours[role] ?? palette.halo;
  context.fillText(text, x, y);
}

/** The two fonts of a drawing, for a palette. */
export function canvasFonts(family: string): { font: string; fontStrong: string } {
  return {
    font: `400 ${TEXT_SIZE}px ${family}`,
    fontStrong: `600 ${TEXT_SIZE}px ${family}`,
  };
}
