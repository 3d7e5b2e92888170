import { MESSAGE, NONE, SAME, type EventStreamExports } from "./parser-core.js";

// A byte order mark inside the stream is text; the one that may lead it is the parser's.
const forAscii = new TextDecoder("utf-8", { ignoreBOM: true });
// Node.js decodes ASCII fast with a decoder that was never told of a stream, and the rest fast with
// one that was. Nothing is left for the next call to go on with: see Batch::read.
const newStrict = (): TextDecoder => new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
const asStream = { stream: true };
let strict = newStrict();

/** A row of the core: data, type, last event id, each from where to where in the text. */
const ROW = 6;

/** An event, with the names of MessageEvent. */
export interface EventSourceRecord {
  type: string;
  data: string;
  lastEventId: string;
}

/**
 * Bytes of an event stream in, events out. After `delete` every other method throws an
 * InvalidStateError DOMException.
 *
 *     for (let at = 0; at < bytes.length; ) {
 *       at += reader.feed(bytes, at);
 *       for (let event; (event = reader.next()) !== null;) use(event);
 *     }
 */
export class EventSourceReader {
  /**
   * Milliseconds, of the last valid `retry` field, 4294967294 where it is more; null before the
   * first.
   */
  reconnectionTime: number | null = null;

  readonly #core: EventStreamExports;
  /** 0 after `delete`. */
  #reader: number;
  readonly #capacity: number;
  readonly #found: number;
  #bytes: Uint8Array;
  #numbers: Uint32Array;
  #text = "";
  /** Of the rows not yet taken, in `#numbers`. */
  #row = 0;
  #rowsEnd = 0;
  #type = "";
  #lastEventId = "";

  constructor(core: EventStreamExports) {
    this.#core = core;
    this.#reader = core.open_reader();
    this.#found = core.look() >>> 2;
    this.#capacity = core.input_capacity();
    this.#bytes = new Uint8Array(core.memory.buffer);
    this.#numbers = new Uint32Array(core.memory.buffer);
  }

  /**
   * Reads as many of the bytes from `at` on as it can take at a time, and answers how many. The
   * events of the bytes before must have been taken with `next`. Throws a RangeError for an event
   * over 16 MiB.
   */
  feed(bytes: Uint8Array, at = 0): number {
    const reader = this.#live();
    const size = Math.min(bytes.length - at, this.#capacity);
    const chunk = size === bytes.length ? bytes : bytes.subarray(at, at + size);
    this.#look();
    this.#bytes.set(chunk, this.#numbers[this.#found]);
    if (this.#core.feed(reader, size) === 0) {
      throw new RangeError("an event is larger than 16 MiB");
    }
    this.#look();
    const numbers = this.#numbers;
    const found = this.#found;
    const time = numbers[found + 5] ?? NONE;
    if (time !== NONE) this.reconnectionTime = time;
    this.#row = (numbers[found + 3] ?? 0) >>> 2;
    this.#rowsEnd = this.#row + (numbers[found + 4] ?? 0) * ROW;
    if (this.#row !== this.#rowsEnd) this.#text = this.#decode(chunk);
    return size;
  }

  /** The next event; null where there is none before the next `feed`. */
  next(): EventSourceRecord | null {
    const row = this.#row;
    if (row === this.#rowsEnd) {
      this.#live();
      return null;
    }
    this.#row = row + ROW;
    this.#look();
    const numbers = this.#numbers;
    const text = this.#text;
    const type = numbers[row + 2];
    if (type === MESSAGE) this.#type = "message";
    else if (type !== SAME) this.#type = text.slice(type, numbers[row + 3]);
    const lastEventId = numbers[row + 4];
    if (lastEventId !== SAME) this.#lastEventId = text.slice(lastEventId, numbers[row + 5]);
    return {
      type: this.#type,
      data: text.slice(numbers[row], numbers[row + 1]),
      lastEventId: this.#lastEventId,
    };
  }

  /** What a reconnection sends: it may be newer than that of the last event. */
  resumeAfter(): string {
    const reader = this.#live();
    this.#look();
    const start = this.#core.last_event_id(reader);
    const size = this.#core.last_event_id_size(reader);
    return forAscii.decode(this.#bytes.subarray(start, start + size));
  }

  /** A new stream begins: what the last one left unfinished is dropped. */
  reset(): void {
    this.#core.reset_reader(this.#live());
    this.#row = this.#rowsEnd = 0;
  }

  /** Frees the parser's memory; it may be called again. */
  delete(): void {
    this.#core.close_reader(this.#reader);
    this.#reader = 0;
    this.#row = this.#rowsEnd = 0;
    this.#text = "";
  }

  /** The reader in the core. */
  #live(): number {
    if (this.#reader !== 0) return this.#reader;
    throw new DOMException("the reader was deleted", "InvalidStateError");
  }

  /** The text that was found, and its rows to match. */
  #decode(chunk: Uint8Array): string {
    const start = this.#numbers[this.#found] ?? 0;
    const size = this.#numbers[this.#found + 1] ?? 0;
    if (this.#numbers[this.#found + 2] === 1) {
      const bytes = size === chunk.length ? chunk : this.#bytes.subarray(start, start + size);
      return forAscii.decode(bytes);
    }
    let text: string;
    try {
      text = strict.decode(this.#bytes.subarray(start, start + size), asStream);
    } catch {
      strict = newStrict();
      return this.#decodeOneByOne(start);
    }
    this.#core.count_in_utf16(this.#reader);
    this.#look();
    return text;
  }

  /** Not all of it is UTF-8: replacement characters are counted as they come. */
  #decodeOneByOne(start: number): string {
    let text = "";
    const numbers = this.#numbers;
    for (let span = this.#row; span < this.#rowsEnd; span += 2) {
      const from = numbers[span] ?? SAME;
      if (from === SAME || from === MESSAGE) continue;
      const to = numbers[span + 1] ?? from;
      numbers[span] = text.length;
      text += forAscii.decode(this.#bytes.subarray(start + from, start + to));
      numbers[span + 1] = text.length;
    }
    return text;
  }

  /** The core's memory moves when it grows: a view of where it was is empty then. */
  #look(): void {
    if (this.#bytes.length > 0) return;
    const { buffer } = this.#core.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#numbers = new Uint32Array(buffer);
  }
}
