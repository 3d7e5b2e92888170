/** What wasm/event_stream.cc exports. Addresses are bytes into `memory`. */
export interface EventStreamExports {
  readonly memory: WebAssembly.Memory;
  /**
   * The address, always the same, of six 32-bit numbers about the last `feed`: the address of the
   * text, and its size in bytes; 1 where it is ASCII; the address of the rows, and their count; the
   * newest reconnection time in milliseconds, or `NONE`.
   *
   * A row is six numbers, offsets into the text: data from and to, type from and to, last event id
   * from and to. Instead of a "from": `SAME` as in the event before; `MESSAGE`, the type by default.
   */
  look(): number;
  /** The longest chunk, in bytes. */
  input_capacity(): number;
  open_reader(): number;
  close_reader(reader: number): void;
  /** A new stream begins; the last event id stays. */
  reset_reader(reader: number): void;
  /** Reads a chunk, the first `size` bytes of the text. Answers 0 where an event is too large. */
  feed(reader: number, size: number): number;
  /** Makes the rows count UTF-16 code units instead of bytes, of a text that is UTF-8. */
  count_in_utf16(reader: number): void;
  last_event_id(reader: number): number;
  last_event_id_size(reader: number): number;
}

export const NONE = 0xffffffff;
export const SAME = 0xffffffff;
export const MESSAGE = 0xfffffffe;

/** Loads the event-stream parser once for all sources; a failed load is tried again. */
export class EventStreamCore {
  /**
   * Where `event_stream.wasm` is, or its bytes. Default: beside this module. Set it before the
   * first source is made.
   */
  source: URL | BufferSource = new URL("./event_stream.wasm", import.meta.url);
  #loading: Promise<EventStreamExports> | null = null;

  load(): Promise<EventStreamExports> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
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
