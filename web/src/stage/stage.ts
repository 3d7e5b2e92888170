import { CoreLoader, type CoreAddresses, type CoreKind } from "./core-loader.js";
import type {
  Core,
  PickedMessage,
  Playground,
  TransportId,
  WireAnswer,
} from "../contract/core-module.js";
import { FrameClock, type FrameListener } from "./frame-clock.js";
import { LanesPainter, type LaneCanvas } from "../picture/lanes-painter.js";
import type { LaneSize, Palette } from "../picture/painter.js";
import { Playhead } from "./playhead.js";
import { poster } from "./poster.js";
import type { Surroundings } from "./surroundings.js";

/** What the stages of a thread share. */
export interface ThreadServices {
  readonly loader: CoreLoader;
  readonly clock: FrameClock;
  /** To be told of what nobody expected: it ends the core, and all stages with it. */
  readonly failed: (error: unknown) => void;
}

export function threadServices(
  surroundings: Surroundings,
  failed: (error: unknown) => void,
): ThreadServices {
  const loader = new CoreLoader(surroundings, failed);
  return { loader, clock: new FrameClock(surroundings, failed), failed };
}

/** Where a picture stands that does not follow the stream. */
export interface Held {
  /** Milliseconds from the start of the run to the right edge. */
  readonly edgeMs: number;
  /** How long ago that was. */
  readonly agoMs: number;
}

/** What a stage says unasked. */
export interface Report {
  /** The number that `start` gave to the run. */
  readonly run: number;
  /** JSON of `Snapshot`. */
  readonly snapshot: string;
  /** null where the picture follows. */
  readonly held: Held | null;
}

/** The lanes as they are drawn: what `LanesPainter.paint` takes. */
export interface Picture {
  readonly list: Float32Array;
  readonly texts: readonly string[];
}

const noTexts: readonly string[] = [];

/**
 * One element's run and its lanes' picture, on the thread that has the core. It draws by itself: a
 * page tells it what has changed, and asks (stage-link.ts). Every public method can be called from
 * another thread; what goes in and out can be sent there.
 */
export class Stage implements FrameListener {
  readonly #services: ThreadServices;
  readonly #tell: (report: Report) => void;
  readonly #painter = new LanesPainter();
  readonly #playhead = new Playhead();
  readonly #cores: Partial<Record<CoreKind, Core>> = {};
  /** Whose the playground is. */
  #core: Core | null = null;
  #addresses: CoreAddresses | null = null;
  #playground: Playground | null = null;
  #run = 0;
  /** Lanes that are drawn as a sketch, in place of the run. */
  #sketched: readonly TransportId[] | null = null;
  #windowMs = 0;
  #plays = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** A copy of the core's display list: its memory may move with the next call into it. */
  #list = new Float32Array(4096);
  /** What the newest picture was drawn with: time, size and window. */
  #frame: [number, number, number, number] | null = null;
  #answer: ((answer: WireAnswer | null) => void) | null = null;

  constructor(services: ThreadServices, tell: (report: Report) => void) {
    this.#services = services;
    this.#tell = tell;
  }

  // The core

  /** What a run of this kind needs. Rejects with a `CoreError`. */
  async load(kind: CoreKind, addresses: CoreAddresses): Promise<void> {
    this.#cores[kind] = await this.#services.loader.load(kind, addresses);
    this.#addresses = addresses;
  }

  // The run

  /**
   * `settings` is JSON of `Settings`. Answers with the run's first report, or with the setting that
   * is refused, a colon, and what is wrong with it. The core of their kind has to be loaded.
   */
  start(run: number, kind: CoreKind, settings: string): Report | string {
    const core = this.#cores[kind];
    if (core === undefined) throw new Error("There is no core to run.");
    const before = this.#playground;
    const playground = before !== null && core === this.#core ? before : new core.Playground();
    this.#answer?.(null);
    this.#answer = null;
    this.#playhead.follow();
    const refusal = playground.start(settings);
    if (refusal !== "") {
      before?.stop();
      if (playground !== before) playground.delete();
      return refusal;
    }
    if (playground !== before) before?.delete();
    this.#playground = playground;
    this.#core = core;
    this.#run = run;
    this.#sketched = null;
    return this.#reportOf(playground);
  }

  stop(): void {
    this.#playground?.stop();
    this.#draw();
    this.look();
  }

  /** JSON of a `Fault`. Answers "" or a sentence that names what is wrong with it. */
  addFault(fault: string): string {
    const refusal = this.#playground?.addFault(fault) ?? "";
    this.look();
    return refusal;
  }

  /** By its number among the snapshot's `plannedFaults`. Answers whether there was one. */
  liftFault(number: number): boolean {
    const lifted = this.#playground?.liftFault(number) ?? false;
    this.look();
    return lifted;
  }

  liftFaults(): void {
    this.#playground?.liftFaults();
    this.look();
  }

  /** Answers "" or a sentence that says why not. */
  sendText(endpoint: number, text: string): string {
    const refusal = this.#playground?.sendText(endpoint, text) ?? "There is no run.";
    this.look();
    return refusal;
  }

  speed(factor: number): void {
    this.#playground?.setSpeed(factor);
  }

  setServer(number: number, runs: boolean): void {
    this.#playground?.setServer(number, runs);
    this.look();
  }

  step(): void {
    this.#playground?.step();
    this.look();
  }

  /** Reports, so many milliseconds apart; 0 is never. */
  report(everyMs: number): void {
    clearInterval(this.#timer);
    if (everyMs === 0) return;
    this.#timer = setInterval(() => {
      try {
        this.look();
      } catch (error) {
        clearInterval(this.#timer);
        this.#services.failed(error);
      }
    }, everyMs);
  }

  /** Reports now. */
  look(): void {
    if (this.#playground !== null) this.#tell(this.#reportOf(this.#playground));
  }

  // The picture

  /** Canvases that nothing has been drawn on yet. */
  take(canvases: readonly LaneCanvas[]): void {
    this.#painter.take(canvases);
  }

  resize(sizes: readonly LaneSize[]): void {
    this.#painter.sizes = sizes;
    this.#draw();
  }

  paintWith(palette: Palette): void {
    this.#painter.palette = palette;
    this.#draw();
  }

  /** Milliseconds from the left edge to the right one. */
  window(ms: number): void {
    this.#windowMs = ms;
    this.#draw();
  }

  /** Whether it is drawn anew with every frame. */
  play(plays: boolean): void {
    this.#plays = plays;
    this.#draw();
  }

  /** Draws what will be seen, until the next start. */
  sketch(lanes: readonly TransportId[]): void {
    this.#sketched = lanes;
    this.#draw();
  }

  frame(): void {
    if (!this.#plays) this.#services.clock.remove(this);
    this.#paint();
  }

  picture(): Picture {
    const list = this.#drawn();
    // Texts are those of the newest list.
    return { list: list?.slice() ?? new Float32Array(), texts: this.#texts() };
  }

  // Time

  hold(): Held | null {
    this.#playhead.hold(this.#now());
    return this.#moved();
  }

  /** The picture follows the stream again. */
  follow(): void {
    this.#playhead.follow();
    this.#draw();
  }

  seek(agoMs: number): Held | null {
    this.#seek(this.#now() - agoMs);
    return this.#moved();
  }

  move(byMs: number): Held | null {
    this.#seek(this.#playhead.edge(this.#now()) + byMs);
    return this.#moved();
  }

  // Messages

  /** The message nearest to a point of a lane's canvas, as it was drawn last. */
  pick(lane: number, x: number, y: number): PickedMessage | null {
    if (this.#playground === null || this.#frame === null) return null;
    return JSON.parse(this.#playground.pick(lane, x, y, ...this.#frame)) as PickedMessage | null;
  }

  /** The message `step` arrivals after `seq`; the newest where `seq` is 0. */
  neighbour(lane: number, seq: number, step: number): PickedMessage | null {
    if (this.#playground === null) return null;
    return JSON.parse(this.#playground.neighbour(lane, seq, step)) as PickedMessage | null;
  }

  /** Draws a ring around a message; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#playground?.choose(lane, seq);
    this.#draw();
  }

  /** The bytes of a message on the wire; null where another question has taken its place. */
  async inspect(lane: number, seq: number): Promise<WireAnswer | null> {
    const playground = this.#playground;
    const core = this.#core;
    const addresses = this.#addresses;
    this.#answer?.(null);
    if (playground === null || core === null || addresses === null) return null;
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      const known = playground.askWire(lane, seq, (status, body, name) => {
        this.#services.loader.explainer(core, addresses).then(({ explainWire }) => {
          resolve(JSON.parse(explainWire(status, body, name, seq)) as WireAnswer);
        }, reject);
      });
      if (!known) resolve(null);
    });
  }

  /** An answer is a sign of life. */
  ping(): boolean {
    return true;
  }

  /** Ends it all and frees the core's memory. */
  close(): void {
    this.#services.clock.remove(this);
    clearInterval(this.#timer);
    this.#answer?.(null);
    this.#playground?.delete();
    this.#playground = null;
  }

  // The rest is private.

  #reportOf(playground: Playground): Report {
    const snapshot = playground.snapshot();
    // What is held grows old, and is forgotten in the end.
    if (this.#playhead.paused) this.#seek(this.#playhead.edge(this.#now()));
    return { run: this.#run, snapshot, held: this.#held() };
  }

  /** By the run's clock. */
  #now(): number {
    return this.#playground?.now() ?? 0;
  }

  #seek(moment: number): void {
    this.#playhead.seek(moment, this.#now(), this.#playground?.startedAt() ?? 0);
  }

  #moved(): Held | null {
    this.#draw();
    return this.#held();
  }

  #held(): Held | null {
    if (this.#playground === null || !this.#playhead.paused) return null;
    const now = this.#now();
    const edge = this.#playhead.edge(now);
    return { edgeMs: edge - this.#playground.startedAt(), agoMs: now - edge };
  }

  /** With the next frame, however much changes until then. */
  #draw(): void {
    this.#services.clock.add(this);
  }

  #paint(): void {
    const { size } = this.#painter;
    if (size === null) return;
    if (this.#sketched !== null) {
      this.#painter.paint(poster(this.#sketched, size.width, size.height), () => noTexts);
      return;
    }
    const list = this.#drawn();
    if (list !== null) this.#painter.paint(list, this.#texts);
  }

  /** Valid until the next one. */
  #drawn(): Float32Array | null {
    const { size } = this.#painter;
    if (this.#playground === null || size === null || this.#windowMs === 0) return null;
    const edge = this.#playhead.edge(this.#now());
    this.#frame = [edge, size.width, size.height, this.#windowMs];
    const view = this.#playground.draw(...this.#frame);
    if (view.length > this.#list.length) this.#list = new Float32Array(2 * view.length);
    this.#list.set(view);
    return this.#list.subarray(0, view.length);
  }

  readonly #texts = (): readonly string[] => this.#playground?.texts() ?? noTexts;
}
