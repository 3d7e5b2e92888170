import { NONE, type EventStreamExports } from "./event-source-core.js";

// A byte order mark inside the stream is text; the one that may lead it is the parser's.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const asStream = { stream: true };

/**
 * Bytes of an event stream in, events out:
 *
 *     for (let at = 0; at < bytes.length; ) {
 *       at += reader.feed(bytes, at);
 *       while (reader.next()) use(reader.type, reader.data, reader.lastEventId);
 *     }
 */
export class EventSourceReader {
  /** Of the event that `next` went to. */
  type = "";
  data = "";
  lastEventId = "";
  /** Milliseconds, of the last valid `retry` field; null before the first. */
  reconnectionTime: number | null = null;

  readonly #core: EventStreamExports;
  readonly #parser: number;
  readonly #capacity: number;
  readonly #input: number;
  #bytes: Uint8Array;
  #numbers: Uint32Array;
  #text = "";
  #rows = new Uint32Array(48);
  #rowsEnd = 0;
  #row = 0;
  #at = 0;

  constructor(core: EventStreamExports) {
    this.#core = core;
    this.#parser = core.open_parser();
    this.#input = core.input();
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
    const core = this.#core;
    const size = Math.min(bytes.length - at, this.#capacity);
    const part = size === bytes.length ? bytes : bytes.subarray(at, at + size);
    this.#look();
    this.#bytes.set(part, this.#input);
    const found = core.feed_parser(this.#parser, size) >>> 2;
    if (found === 0) throw new RangeError("an event is larger than 16 MiB");
    // Copies: another reader's feed overwrites rows and text.
    this.#look();
    const numbers = this.#numbers;
    const start = (numbers[found] ?? 0) >>> 2;
    const count = numbers[found + 1] ?? 0;
    const end = 3 * count;
    if (end > this.#rows.length) this.#rows = new Uint32Array(2 * end);
    for (let index = 0; index < end; index += 1) this.#rows[index] = numbers[start + index] ?? 0;
    this.#rowsEnd = end;
    this.#row = this.#at = 0;
    const text = numbers[found + 2] ?? 0;
    const textBytes = this.#bytes.subarray(text, text + (numbers[found + 3] ?? 0));
    // Node.js decodes ASCII fast where it is told of no stream, and the rest fast where it is. The LF
    // at the end leaves nothing for the next call to go on with.
    if (count === 0) this.#text = "";
    else if (numbers[found + 4] === 1) this.#text = decoder.decode(textBytes);
    else this.#text = decoder.decode(textBytes, asStream);
    const time = numbers[found + 5] ?? NONE;
    if (time !== NONE) this.reconnectionTime = time;
    return size;
  }

  /** Goes to the next event; false where there is none before the next `feed`. */
  next(): boolean {
    const rows = this.#rows;
    const row = this.#row;
    if (row === this.#rowsEnd) return false;
    this.data = this.#take(rows[row] ?? 0);
    const type = rows[row + 1] ?? NONE;
    if (type !== NONE) this.type = this.#take(type);
    const lastEventId = rows[row + 2] ?? NONE;
    if (lastEventId !== NONE) this.lastEventId = this.#take(lastEventId);
    this.#row = row + 3;
    return true;
  }

  /** What a reconnection sends: it may be newer than that of the last event. */
  resumeAfter(): string {
    this.#look();
    const start = this.#core.last_event_id(this.#parser);
    const size = this.#core.last_event_id_size(this.#parser);
    return decoder.decode(this.#bytes.subarray(start, start + size));
  }

  /** A new stream begins: what the last one left unfinished is dropped. */
  reset(): void {
    this.#core.reset_parser(this.#parser);
    this.#row = this.#rowsEnd = 0;
  }

  /** Frees the parser's memory; the reader must not be used after it. */
  delete(): void {
    this.#core.close_parser(this.#parser);
  }

  #take(length: number): string {
    const end = this.#at + length;
    const text = this.#text.slice(this.#at, end);
    this.#at = end + 1;
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
