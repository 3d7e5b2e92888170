/** A check on the thread that has the module: a worker, or the page's own. */
import type {
  CheckModule,
  CheckSettings,
  CreateCheck,
  PathCheck,
} from "../contract/check-report.js";
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

let module: Promise<CheckModule> | null = null;
/** A browser remembers that a module failed: a second try needs an address of its own. */
let failures = 0;

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
      module ??= load(address, surroundings);
      loaded = await module;
    } catch (cause) {
      module = null;
      failures += 1;
      this.#told({ trouble: "not-loaded", words: wordsOf(cause) });
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

async function load(address: string, surroundings: Surroundings): Promise<CheckModule> {
  const glue = new URL(address);
  if (failures > 0) glue.searchParams.set("try", String(failures));
  const { default: create } = (await import(
    /* webpackIgnore: true */ /* @vite-ignore */ glue.href
  )) as { default: CreateCheck };
  return create({ surroundings });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether WebAssembly is there, and the page's policy (CSP 3, `wasm-unsafe-eval`) allows it. */
function runsWebAssembly(): boolean {
  try {
    return (
      new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) instanceof
      WebAssembly.Module
    );
  } catch {
    return false;
  }
}
