import { LoadOnce } from "./load-once.js";

/** What wasm/event_stream.cc exports. Addresses are bytes into `memory`. */
export interface EventStreamExports {
  readonly memory: WebAssembly.Memory;
  /** Where what is to be read is put; `input_capacity` bytes. */
  input(): number;
  input_capacity(): number;
  open_parser(): number;
  close_parser(parser: number): void;
  /** A new stream begins; the last event id stays. */
  reset_parser(parser: number): void;
  /**
   * Reads `size` bytes of the input. Answers the address of six 32-bit numbers, or 0 where an event
   * is too large: the address of the rows, and their count; the address of the text, and its size in
   * bytes; 1 where it is ASCII; the newest reconnection time in milliseconds, or `NONE`.
   *
   * A row is three lengths in UTF-16 code units: data, type, last event id. `NONE` is the same text
   * as in the row before; the others follow one another, an LF after each.
   */
  feed_parser(parser: number, size: number): number;
  last_event_id(parser: number): number;
  last_event_id_size(parser: number): number;
}

export const NONE = 0xffffffff;

/** Loads the event-stream parser once for all sources; a failed load is tried again. */
export class EventStreamCore {
  /**
   * Where `event_stream.wasm` is, or its bytes. Default: beside this module. Set it before the
   * first source is made.
   */
  source: URL | BufferSource = new URL("./event_stream.wasm", import.meta.url);
  readonly #once = new LoadOnce(() => this.#load());

  load(): Promise<EventStreamExports> {
    return this.#once.get();
  }

  async #load(): Promise<EventStreamExports> {
    if (typeof WebAssembly !== "object") throw new Error("WebAssembly is switched off");
    const module = await WebAssembly.compile(await this.#bytes());
    const instance = await WebAssembly.instantiate(module, importsOf(module));
    const exports = instance.exports as unknown as EventStreamExports & { _initialize(): void };
    exports._initialize();
    return exports;
  }

  async #bytes(): Promise<BufferSource> {
    if (!(this.source instanceof URL)) return this.source;
    const response = await fetch(this.source);
    if (!response.ok) throw new Error(`${this.source.href} was answered ${response.status}`);
    return response.arrayBuffer();
  }
}

/** Of what Emscripten's C library asks for, only the news of grown memory is ever called. */
function importsOf(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: WebAssembly.Imports = {};
  for (const wanted of WebAssembly.Module.imports(module)) {
    const group = (imports[wanted.module] ??= {});
    group[wanted.name] = (): void => {
      if (wanted.name !== "emscripten_notify_memory_growth") {
        throw new Error(`event_stream.wasm called ${wanted.name}`);
      }
    };
  }
  return imports;
}

export const eventStreamCore: EventStreamCore = new EventStreamCore();
