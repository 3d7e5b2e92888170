/** A check on the thread that has the module: a worker, or the page's own. */
import type { CheckModule, CheckSettings, PathCheck } from "../contract/check-report.js";
import { CoreError, ModuleLoader, runsWebAssembly } from "../stage/module-loader.js";
import type { Surroundings } from "../stage/surroundings.js";

export interface CheckNews {
  /** JSON of a `CheckReport`, and the same as Markdown. */
  readonly report: string;
  readonly markdown: string;
}

/** Why there is none; `trouble` says which it is. */
export interface CheckTrouble {
  readonly trouble: "no-webassembly" | "not-loaded" | "ended";
  readonly words: string;
}

export type CheckEvent = CheckNews | CheckTrouble;

/** Between two reports. */
const EVERY_MS = 250;

let loader: ModuleLoader | null = null;
let module: Promise<CheckModule> | null = null;

/** Makes one check, and tells of it about four times a second until it is over. */
export class CheckRun {
  readonly #told: (event: CheckEvent) => void;
  #check: PathCheck | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopped = false;

  constructor(told: (event: CheckEvent) => void) {
    this.#told = told;
  }

  async start(settings: CheckSettings, address: string, surroundings: Surroundings): Promise<void> {
    if (!runsWebAssembly()) {
      this.#told({ trouble: "no-webassembly", words: "" });
      return;
    }
    let loaded: CheckModule;
    try {
      loader ??= new ModuleLoader(surroundings);
      module ??= loader.load<CheckModule>(address, address.replace(/\.js$/, ".wasm"));
      loaded = await module;
    } catch (cause) {
      module = null;
      if (this.#stopped) return;
      const file = cause instanceof CoreError ? `${cause.address}: ` : "";
      this.#told({ trouble: "not-loaded", words: file + wordsOf(cause) });
      return;
    }
    if (this.#stopped) return;
    try {
      this.#check = new loaded.PathCheck();
      const refusal = this.#check.start(JSON.stringify(settings));
      if (refusal !== "") {
        this.close();
        this.#told({ trouble: "ended", words: refusal });
        return;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#timer = setInterval(this.#look, EVERY_MS);
    this.#look();
  }

  /** What is known stays, and is told once more. */
  stop(): void {
    this.#stopped = true;
    if (this.#check === null) return;
    try {
      this.#check.stop();
      this.#look();
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    try {
      this.#check?.delete();
    } catch {
      // A module that has trapped is gone as a whole.
    }
    this.#check = null;
  }

  readonly #look = (): void => {
    if (this.#check === null) return;
    try {
      const report = this.#check.report();
      const over = !/"state":\s*"running"/.test(report.slice(0, 1000));
      this.#told({ report, markdown: this.#check.markdown() });
      if (over) this.close();
    } catch (error) {
      this.#fail(error);
    }
  };

  /** It has no exceptions: what it throws is a trap or an abort, and its memory is not to be trusted. */
  #fail(error: unknown): void {
    module = null;
    this.close();
    this.#told({ trouble: "ended", words: wordsOf(error) });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
