import type { Core, Create, WireExplainer } from "../contract/core-module.js";
import type { Surroundings } from "./surroundings.js";

/**
 * A core for each kind of run: none needs most of what the others have. "two" is of simulated runs
 * with two servers.
 */
export type CoreKind = "simulated" | "live" | "two";

/** Where the core's files are. This module knows no path: its caller does. */
export interface CoreLocation {
  /** The core of simulated runs. */
  readonly module: URL;
  readonly wasm: URL;
  /** The core of live runs. Default: beside `module`, by their own names. */
  readonly live?: URL;
  readonly liveWasm?: URL;
  /** The core of simulated runs with two servers. Default: likewise. */
  readonly two?: URL;
  readonly twoWasm?: URL;
  /** All as JavaScript, for browsers in which WebAssembly is missing or forbidden. */
  readonly plain?: URL;
  /** What explains the bytes of the wire. Default: beside `module`, by their own names. */
  readonly wire?: URL;
  readonly wireWasm?: URL;
  /** What is said of the environments. Default: beside `module`. */
  readonly environments?: URL;
}

/** The same, as it is told to a worker. */
export interface CoreAddresses extends Readonly<Record<keyof CoreLocation, string | undefined>> {
  readonly module: string;
  readonly wasm: string;
  readonly live: string;
  readonly liveWasm: string;
  readonly two: string;
  readonly twoWasm: string;
  readonly wire: string;
  readonly wireWasm: string;
  readonly environments: string;
}

export function addressesOf(location: CoreLocation): CoreAddresses {
  const { module, wasm, plain } = location;
  const beside = (name: string): URL => new URL(name, module);
  return {
    module: module.href,
    wasm: wasm.href,
    live: (location.live ?? beside("playground_live.js")).href,
    liveWasm: (location.liveWasm ?? beside("playground_live.wasm")).href,
    two: (location.two ?? beside("playground_two.js")).href,
    twoWasm: (location.twoWasm ?? beside("playground_two.wasm")).href,
    plain: plain?.href,
    wire: (location.wire ?? beside("playground_wire.js")).href,
    wireWasm: (location.wireWasm ?? beside("playground_wire.wasm")).href,
    environments: (location.environments ?? beside("environments.json")).href,
  };
}

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

/** Milliseconds within which a file has to come. */
const COMES_WITHIN = 30_000;

/** What a browser calls when something has come for the core (wasm/browser_host.h). */
const CALLBACKS = ["hostEvent", "hostTimer", "hostEnvironment"] as const;

/**
 * Loads each core once for all elements of a page; a failed load may be tried again. `failed` is
 * told what a core throws when the browser calls it. That ends it: it has no exceptions, so what
 * is thrown is a trap or an abort, and its memory is not to be trusted after that.
 */
export class CoreLoader {
  readonly #surroundings: Surroundings;
  readonly #failed: (error: unknown) => void;
  /** By the address of their glue. */
  readonly #cores = new Map<string, Promise<Core>>();
  #explainer: Promise<WireExplainer> | null = null;
  /** Those that failed. */
  #attempts = 0;

  constructor(surroundings: Surroundings, failed: (error: unknown) => void) {
    this.#surroundings = surroundings;
    this.#failed = failed;
  }

  /** Rejects with a `CoreError`. */
  async load(kind: CoreKind, addresses: CoreAddresses): Promise<Core> {
    const { module, wasm, live, liveWasm, two, twoWasm, plain } = addresses;
    const files = {
      simulated: [module, wasm],
      live: [live, liveWasm],
      two: [two, twoWasm],
    } as const;
    const [glue, code] = files[kind];
    const address = runsWebAssembly() ? glue : plain;
    if (address === undefined) {
      throw new CoreError("no-webassembly", "This browser has WebAssembly switched off.");
    }
    let core = this.#cores.get(address);
    if (core === undefined) {
      core = this.#load(address, code).catch((error: unknown) => {
        this.#cores.delete(address);
        throw error;
      });
      this.#cores.set(address, core);
    }
    return core;
  }

  /** What explains bytes: the core as JavaScript has it. Rejects with a `CoreError`. */
  async explainer({ explainWire }: Core, addresses: CoreAddresses): Promise<WireExplainer> {
    if (explainWire !== undefined) return { explainWire };
    this.#explainer ??= this.#create<WireExplainer>(addresses.wire, addresses.wireWasm).catch(
      (error: unknown) => {
        this.#explainer = null;
        throw error;
      },
    );
    return this.#explainer;
  }

  async #load(address: string, wasm: string): Promise<Core> {
    const core = await this.#create<Core>(address, wasm);
    this.#watch(core);
    return core;
  }

  async #create<Module>(glue: string, wasm: string): Promise<Module> {
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

  #watch(core: Core): void {
    let ended = false;
    for (const name of CALLBACKS) {
      const call = core[name];
      if (call === undefined) continue;
      core[name] = (...args): void => {
        if (ended) return;
        try {
          call(...args);
        } catch (error) {
          ended = true;
          this.#failed(error);
        }
      };
    }
  }
}

async function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(reject, COMES_WITHIN, new Error("it has not come within 30 s"));
  });
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
