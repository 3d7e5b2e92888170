import type { Core, WireExplainer } from "../contract/core-module.js";
import { CoreError, ModuleLoader, runsWebAssembly } from "./module-loader.js";
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

/** What a browser calls when something has come for the core (wasm/browser_host.h). */
const CALLBACKS = ["hostEvent", "hostTimer", "hostEnvironment"] as const;

/**
 * Loads each core once for all elements of a page; a failed load may be tried again. `failed` is
 * told what a core throws when the browser calls it. That ends it: it has no exceptions, so what
 * is thrown is a trap or an abort, and its memory is not to be trusted after that.
 */
export class CoreLoader {
  readonly #modules: ModuleLoader;
  readonly #failed: (error: unknown) => void;
  /** By the address of their glue. */
  readonly #cores = new Map<string, Promise<Core>>();
  #explainer: Promise<WireExplainer> | null = null;

  constructor(surroundings: Surroundings, failed: (error: unknown) => void) {
    this.#modules = new ModuleLoader(surroundings);
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
    this.#explainer ??= this.#modules
      .load<WireExplainer>(addresses.wire, addresses.wireWasm)
      .catch((error: unknown) => {
        this.#explainer = null;
        throw error;
      });
    return this.#explainer;
  }

  async #load(address: string, wasm: string): Promise<Core> {
    const core = await this.#modules.load<Core>(address, wasm);
    this.#watch(core);
    return core;
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
