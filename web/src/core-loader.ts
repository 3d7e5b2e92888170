import type { Core, CreateCore } from "./core-module.js";
import { LoadOnce } from "./load-once.js";

/** Where the core's files are. This module knows no path: its caller does. */
export interface CoreLocation {
  readonly module: URL;
  readonly wasm: URL;
  /** The core as JavaScript, for browsers in which WebAssembly is missing or forbidden. */
  readonly plain?: URL;
}

export type CoreTrouble = "no-webassembly" | "not-loaded";

/** Why there is no core; `message` is for the reader of the page. */
export class CoreError extends Error {
  readonly trouble: CoreTrouble;

  constructor(trouble: CoreTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CoreError";
    this.trouble = trouble;
  }
}

/** Loads the core once for all elements of a page; a failed load may be tried again. */
export class CoreLoader {
  location: CoreLocation;
  readonly #once = new LoadOnce(() => this.#load());
  #attempt = 0;

  constructor(location: CoreLocation) {
    this.location = location;
  }

  load(): Promise<Core> {
    return this.#once.get();
  }

  async #load(): Promise<Core> {
    const address = runsWebAssembly() ? this.location.module : this.location.plain;
    if (address === undefined) {
      throw new CoreError("no-webassembly", "This browser has WebAssembly switched off.");
    }
    // A browser remembers that a module failed; a second try needs an address of its own.
    const module = new URL(address);
    if (this.#attempt > 0) module.searchParams.set("try", String(this.#attempt));
    this.#attempt += 1;
    try {
      const glue = (await import(module.href)) as { default: CreateCore };
      return await glue.default({
        locateFile: (name, directory) =>
          name.endsWith(".wasm") ? this.location.wasm.href : directory + name,
      });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CoreError("not-loaded", reason, { cause });
    }
  }
}

/** Whether WebAssembly is there, and the page's policy (CSP 3, `wasm-unsafe-eval`) allows it. */
function runsWebAssembly(): boolean {
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
