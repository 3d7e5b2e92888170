/** Modules of the core, each a glue and its `.wasm`, for whoever runs them: a stage, a check. */
import type { Create } from "../contract/core-module.js";
import type { Surroundings } from "./surroundings.js";

export type CoreTrouble = "no-webassembly" | "not-loaded";

/** Why there is no core; `message` is for the reader of the page. */
export class CoreError extends Error {
  readonly trouble: CoreTrouble;
  /** Of the file that is not loaded; then `message` is the browser's, until the page has looked. */
  readonly address: string;

  constructor(trouble: CoreTrouble, message: string, address = "") {
    super(message);
    this.name = "CoreError";
    this.trouble = trouble;
    this.address = address;
  }
}

/** Milliseconds within which a module has to come. */
const COMES_WITHIN = 30_000;

/** A failed load may be tried again. */
export class ModuleLoader {
  readonly #surroundings: Surroundings;
  /** Those that failed. */
  #attempts = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Rejects with a `CoreError`. */
  async load<Module>(glue: string, wasm: string): Promise<Module> {
    let address = this.#fresh(glue);
    const load = async (): Promise<Module> => {
      const { default: create } = (await import(
        /* webpackIgnore: true */ /* @vite-ignore */ address
      )) as { default: Create<Module> };
      return create({
        locateFile: (name, directory) => {
          if (!name.endsWith(".wasm")) return directory + name;
          return (address = this.#fresh(wasm));
        },
        surroundings: this.#surroundings,
      });
    };
    try {
      return await Promise.race([load(), late()]);
    } catch (cause) {
      this.#attempts += 1;
      const said = cause instanceof Error ? cause.message : String(cause);
      // Emscripten puts its own words around it.
      const [, reason = said] = /^Aborted\((.*)\)/.exec(said) ?? [];
      throw new CoreError("not-loaded", reason, address);
    }
  }

  /** A browser remembers that a file failed, or waits for it; another try needs another address. */
  #fresh(href: string): string {
    const address = new URL(href);
    if (this.#attempts > 0) address.searchParams.set("try", String(this.#attempts));
    return address.href;
  }
}

async function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(reject, COMES_WITHIN, new Error("it has not come within 30 s"));
  });
}

/** Whether WebAssembly is there, and the page's policy (CSP 3, `wasm-unsafe-eval`) allows it. */
export function runsWebAssembly(): boolean {
  try {
    // The shortest module there is: its magic number and version.
    return (
      new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) instanceof
      WebAssembly.Module
    );
  } catch {
    return false;
  }
}
