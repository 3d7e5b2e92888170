import type {
  Core,
  Fault,
  PickedMessage,
  Playground,
  Settings,
  Snapshot,
  WireAnswer,
} from "./core-module.js";

/** Owns one comparison in the core; `delete()` ends it and frees the core's memory. */
export class CoreRun {
  readonly #playground: Playground;
  #list = new Float32Array(4096);
  /** What the newest picture was drawn with: time, size and window. */
  #frame: [number, number, number, number] | null = null;
  #waiting: ((answer: WireAnswer | null) => void) | null = null;

  constructor(core: Core) {
    this.#playground = new core.Playground();
  }

  /** Answers "" or a sentence that names what is wrong with the settings. */
  start(settings: Settings): string {
    return this.#playground.start(JSON.stringify(settings));
  }

  stop(): void {
    this.#playground.stop();
  }

  /** Answers "" or a sentence that names what is wrong with the fault. */
  addFault(fault: Fault): string {
    return this.#playground.addFault(JSON.stringify(fault));
  }

  liftFaults(): void {
    this.#playground.liftFaults();
  }

  /** The clock of `draw`, in milliseconds; a simulated run goes on by it. */
  now(): number {
    return this.#playground.now();
  }

  set speed(factor: number) {
    this.#playground.setSpeed(factor);
  }

  step(): void {
    this.#playground.step();
  }

  snapshot(): Snapshot {
    return JSON.parse(this.#playground.snapshot()) as Snapshot;
  }

  /** The picture of all lanes, valid until the next call of `draw`. */
  draw(nowMs: number, width: number, height: number, windowMs: number): Float32Array {
    this.#frame = [nowMs, width, height, windowMs];
    const view = this.#playground.draw(nowMs, width, height, windowMs);
    if (view.length > this.#list.length) this.#list = new Float32Array(2 * view.length);
    // The core's memory may move with the next call into it.
    this.#list.set(view);
    return this.#list.subarray(0, view.length);
  }

  readonly texts = (): readonly string[] => this.#playground.texts();

  /** The message nearest to a point of a lane's canvas, as it was drawn last. */
  pick(lane: number, x: number, y: number): PickedMessage | null {
    if (this.#frame === null) return null;
    return JSON.parse(this.#playground.pick(lane, x, y, ...this.#frame)) as PickedMessage | null;
  }

  /** The message `step` arrivals after `seq`; the newest where `seq` is 0. */
  neighbour(lane: number, seq: number, step: number): PickedMessage | null {
    return JSON.parse(this.#playground.neighbour(lane, seq, step)) as PickedMessage | null;
  }

  /** Draws a ring around a message; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#playground.choose(lane, seq);
  }

  /** The bytes of a message on the wire; null where another question has taken its place. */
  async askWire(lane: number, seq: number): Promise<WireAnswer | null> {
    this.#waiting?.(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#playground.askWire(lane, seq, (json) => {
        resolve(JSON.parse(json) as WireAnswer);
      });
    });
  }

  delete(): void {
    this.#waiting?.(null);
    this.#playground.delete();
  }
}
