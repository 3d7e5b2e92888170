import { words } from "./error.js";

/**
 * What waits to be parsed: from here on no more is asked for until it is taken, so that a slow page
 * slows its server down.
 */
const MAX_WAITING_BYTES = 512 << 10;

/**
 * Reads a response's body as it comes. A stream that breaks off forgets what was not read of it:
 * here the bytes that have arrived come first, and the end after them.
 */
export class ReadAhead {
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #end: string | null = null;
  /** Either side waits for the other here, never both. */
  #wake: () => void = () => undefined;

  /** Reads at once, until `signal` aborts: a fetch that was replaced may not know it. */
  constructor({ body }: Response, signal: AbortSignal) {
    void this.#read(body, signal);
  }

  /** How the stream came to its end, in a sentence; null before that. */
  get end(): string | null {
    return this.#end;
  }

  /** The chunks that have come since, in order; none where the stream is over. */
  async take(): Promise<readonly Uint8Array[]> {
    while (this.#chunks.length === 0 && this.#end === null) await this.#news();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#waiting = 0;
    this.#wake();
    return chunks;
  }

  async #read(body: ReadableStream<Uint8Array> | null, signal: AbortSignal): Promise<void> {
    let end = "The server ended the stream.";
    try {
      const stream = body?.getReader();
      const cancel = (): void => {
        stream?.cancel().catch(() => undefined);
      };
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel);
      for (let chunk; (chunk = (await stream?.read())?.value) !== undefined;) {
        this.#chunks.push(chunk);
        this.#waiting += chunk.length;
        this.#wake();
        while (this.#waiting >= MAX_WAITING_BYTES) await this.#news();
      }
    } catch (error) {
      end = `The stream broke off: ${words(error)}.`;
    }
    this.#end = end;
    this.#wake();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
