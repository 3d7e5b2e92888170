import { words } from "./error.js";

/**
 * What wasm/event_stream.cc exports. Addresses are bytes into `memory`. A reader is a number from 1
 * that is no other reader's, before or after it; one that was closed reads nothing and has no id.
 */
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
  /**
   * Reads a chunk, the first `size` bytes of the text. Answers 0 where an event is too large, or
   * there is no such reader, and 1 otherwise.
   */
  feed(reader: number, size: number): number;
  /** Makes the rows count UTF-16 code units instead of bytes, of a text that is UTF-8. */
  count_in_utf16(reader: number): void;
  last_event_id(reader: number): number;
  last_event_id_size(reader: number): number;
}

export const NONE = 0xffffffff;
export const SAME = 0xffffffff;
export const MESSAGE = 0xfffffffe;

/** `event_stream.wasm` has 19 KB: an answer that takes longer than this does not come. */
const LOAD_LIMIT_MS = 60_000;

/** The parser cannot be had. `message` is a sentence that names its address and the likely cause. */
export class EventStreamCoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EventStreamCoreError";
  }
}

/** Loads the event-stream parser once for all sources; a failed load is tried again. */
export class EventStreamCore {
  /**
   * Where `event_stream.wasm` is, or its bytes. Default: beside this module. Set it before the
   * first source is made.
   */
  source: URL | BufferSource = new URL("./event_stream.wasm", import.meta.url);
  #loading: Promise<EventStreamExports> | null = null;

  /** Rejects with an `EventStreamCoreError`. */
  load(): Promise<EventStreamExports> {
    this.#loading ??= load(this.source).catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }
}

async function load(source: URL | BufferSource): Promise<EventStreamExports> {
  const trouble = (what: string, cause?: unknown): EventStreamCoreError => {
    const name = source instanceof URL ? source.href : "eventStreamCore.source";
    // Vite 7's server bundles what is installed, and leaves out the files that this looks for.
    const how = name.includes("/.vite/")
      ? ' Vite needs a line in its configuration: optimizeDeps: { exclude: ["transport-playground"] }.'
      : "";
    return new EventStreamCoreError(`The parser, ${name}, ${what}.${how}`, { cause });
  };
  if (typeof WebAssembly !== "object") throw trouble("needs WebAssembly, which is switched off");
  const bytes = source instanceof URL ? await fetchBytes(source, trouble) : source;
  try {
    const module = await WebAssembly.compile(bytes);
    const instance = await WebAssembly.instantiate(module, importsOf(module));
    const exports = instance.exports as unknown as EventStreamExports & { _initialize(): void };
    exports._initialize();
    return exports;
  } catch (error) {
    const why = compiles(SHORTEST_MODULE)
      ? words(error)
      : "the content security policy lacks 'wasm-unsafe-eval' in script-src";
    throw trouble(`cannot be compiled: ${why}`, error);
  }
}

/** WebAssembly's magic number and version. */
const SHORTEST_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

function compiles(bytes: BufferSource): boolean {
  try {
    return new WebAssembly.Module(bytes) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

type Trouble = (what: string, cause?: unknown) => EventStreamCoreError;

async function fetchBytes(source: URL, trouble: Trouble): Promise<BufferSource> {
  let response: Response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    response = await fetch(source.href, { signal: AbortSignal.timeout(LOAD_LIMIT_MS) });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const why =
      source.protocol === "file:"
        ? "where fetch reads no files, eventStreamCore.source takes its bytes"
        : "the server is away or does not allow this origin (CORS), or the content security " +
          "policy lacks it in connect-src";
    throw trouble(`cannot be fetched: ${why} (${words(error)})`, error);
  }
  const { ok, status, headers } = response;
  if (ok && SHORTEST_MODULE.every((byte, at) => byte === bytes[at])) return bytes;
  const answer = ok ? (headers.get("Content-Type") ?? "no type") : `status ${String(status)}`;
  throw trouble(`is not WebAssembly, but ${answer}: is it where eventStreamCore.source says?`);
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
