import { SAME, type EventStreamExports } from "./event-source-core.js";

// A byte order mark inside the stream is text; the one that may lead it is the parser's.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Bytes of an event stream in, events out:
 *
 *     for (let at = 0; at < bytes.length; ) {
 *       at += reader.feed(bytes.subarray(at));
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
  #memory: Uint8Array;
  #text = "";
  #rows = new Uint32Array(0);
  #row = 0;
  #at = 0;

  constructor(core: EventStreamExports) {
    this.#core = core;
    this.#parser = core.open_parser();
    this.#input = core.input();
    this.#capacity = core.input_capacity();
    this.#memory = new Uint8Array(core.memory.buffer);
  }

  /**
   * Reads as many of the bytes as it can take at a time, and answers how many. The events of the
   * bytes before must have been taken with `next`. Throws a RangeError for an event over 16 MiB.
   */
  feed(bytes: Uint8Array): number {
    const core = this.#core;
    const part = bytes.length > this.#capacity ? bytes.subarray(0, this.#capacity) : bytes;
    this.#view().set(part, this.#input);
    const count = core.feed_parser(this.#parser, part.length);
    if (count < 0) throw new RangeError("an event is larger than 16 MiB");
    const time = core.reconnection_time();
    if (time >= 0) this.reconnectionTime = time;
    this.#row = 0;
    this.#at = 0;
    if (count === 0) {
      this.#rows = new Uint32Array(0);
      this.#text = "";
    } else {
      // Copies: another reader's feed overwrites both.
      const memory = this.#view();
      this.#rows = new Uint32Array(memory.buffer, core.rows(), 3 * count).slice();
      const text = core.text();
      this.#text = decoder.decode(memory.subarray(text, text + core.text_size()));
    }
    return part.length;
  }

  /** Goes to the next event; false where there is none before the next `feed`. */
  next(): boolean {
    const rows = this.#rows;
    const row = this.#row;
    if (row === rows.length) return false;
    this.data = this.#take(rows[row] ?? 0);
    const type = rows[row + 1] ?? SAME;
    if (type !== SAME) this.type = this.#take(type);
    const lastEventId = rows[row + 2] ?? SAME;
    if (lastEventId !== SAME) this.lastEventId = this.#take(lastEventId);
    this.#row = row + 3;
    return true;
  }

  /** What a reconnection sends: it may be newer than that of the last event. */
  resumeAfter(): string {
    const start = this.#core.last_event_id(this.#parser);
    return decoder.decode(
      this.#view().subarray(start, start + this.#core.last_event_id_size(this.#parser)),
    );
  }

  /** A new stream begins: what the last one left unfinished is dropped. */
  reset(): void {
    this.#core.reset_parser(this.#parser);
    this.#rows = new Uint32Array(0);
    this.#row = 0;
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

  /** The core's memory, which moves when it grows. */
  #view(): Uint8Array {
    if (this.#memory.buffer !== this.#core.memory.buffer) {
      this.#memory = new Uint8Array(this.#core.memory.buffer);
    }
    return this.#memory;
  }
}
