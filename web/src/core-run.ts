import type { Core, Fault, Playground, Settings, Snapshot } from "./core-module.js";

/** Owns one comparison in the core; `delete()` ends it and frees the core's memory. */
export class CoreRun {
  readonly #playground: Playground;
  #list = new Float32Array(4096);

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
    const view = this.#playground.draw(nowMs, width, height, windowMs);
    if (view.length > this.#list.length) this.#list = new Float32Array(2 * view.length);
    // The core's memory may move with the next call into it.
    this.#list.set(view);
    return this.#list.subarray(0, view.length);
  }

  readonly texts = (): readonly string[] => this.#playground.texts();

  delete(): void {
    this.#playground.delete();
  }
}
