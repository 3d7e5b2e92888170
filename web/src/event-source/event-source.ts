/**
 * `PlaygroundEventSource`: the browser's EventSource (WHATWG HTML 9.2) over fetch, with a parser in
 * WebAssembly, request headers, methods and bodies, and errors that say what happened.
 */
import { EventStreamCoreError, eventStreamCore, type EventStreamExports } from "./parser-core.js";
import { INITIAL_RECONNECTION_TIME_MS, reconnectionDelay } from "./delay.js";
import { EventSourceErrorEvent, words } from "./error.js";
import { whyFutile, whyNeverFetched } from "./futility.js";
import { essenceOf } from "./mime.js";
import { ReadAhead } from "./read-ahead.js";
import { EventSourceReader } from "./reader.js";
import { queueTask } from "./tasks.js";

export interface PlaygroundEventSourceInit {
  /** Whether cookies go along to other origins. Default: false. */
  withCredentials?: boolean;
  /** Sent with every attempt; `Last-Event-ID` among them until the stream names an id. */
  headers?: HeadersInit;
  /** Default: "GET". */
  method?: string;
  /** Sent with every attempt, so that a stream cannot be one. Default: none. */
  body?: Exclude<BodyInit, ReadableStream> | null;
  /**
   * Whether the request is sent again after the stream has ended or has not come. Default: where
   * its method is idempotent (RFC 9110 9.2.2), so GET, but not POST.
   */
  reconnect?: boolean;
  /** Its abort is a `close()`. */
  signal?: AbortSignal | null;
}

export interface PlaygroundEventSourceEventMap {
  open: Event;
  message: MessageEvent<string>;
  error: EventSourceErrorEvent;
}

/** A value of `onopen`, `onmessage` or `onerror`. */
type Handler<E extends Event> = ((this: PlaygroundEventSource, event: E) => unknown) | null;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;
const NOT_REPEATED = "The request is not sent again by itself (see `reconnect`).";
/** RFC 9110 9.2.2; fetch refuses TRACE. */
const IDEMPOTENT_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/**
 * Differences from the browser's own, all of them in docs/event-source.md: its events are not
 * `isTrusted`, and another origin is asked beforehand whether it allows `Last-Event-ID`.
 */
export class PlaygroundEventSource extends EventTarget {
  declare static readonly CONNECTING: typeof CONNECTING;
  declare static readonly OPEN: typeof OPEN;
  declare static readonly CLOSED: typeof CLOSED;
  declare readonly CONNECTING: typeof CONNECTING;
  declare readonly OPEN: typeof OPEN;
  declare readonly CLOSED: typeof CLOSED;

  readonly #url: URL;
  readonly #withCredentials: boolean;
  readonly #request: RequestInit;
  readonly #headers: Headers;
  readonly #reconnects: boolean;
  readonly #signal: AbortSignal | null;
  readonly #handlers = new Map<string, { value: unknown; listener: (event: Event) => void }>();
  #readyState: number = CONNECTING;
  #reader: EventSourceReader | null = null;
  /** Of the attempt or the stream that is going on; aborted when it is over. */
  #connection = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Attempts in a row that got no answer. */
  #failures = 0;
  #everAnswered = false;
  /** Until the events of the last bytes that were parsed are dispatched. */
  #dispatched: Promise<void> = Promise.resolve();

  /**
   * Connects at once, while the parser may still be loading. Throws a `SyntaxError` DOMException
   * for what is no URL, and a TypeError for what fetch could not send.
   */
  constructor(url: string | URL, init: PlaygroundEventSourceInit | null = {}) {
    super();
    if (arguments.length === 0) throw new TypeError("an EventSource needs a URL");
    const options = dictionary(init);
    this.#url = parseUrl(url);
    this.#withCredentials = Boolean(options.withCredentials);
    this.#headers = new Headers(options.headers);
    if (!this.#headers.has("Accept")) this.#headers.set("Accept", "text/event-stream");
    this.#request = {
      method: options.method ?? "GET",
      body: options.body ?? null,
      mode: "cors",
      credentials: this.#withCredentials ? "include" : "same-origin",
      cache: "no-store",
    };
    if (typeof ReadableStream === "function" && options.body instanceof ReadableStream) {
      throw new TypeError("a body that is a stream could not be sent again");
    }
    this.#signal = options.signal ?? null;
    // Throws for what fetch could not send.
    const { method } = new Request("data:,", this.#request);
    this.#reconnects = options.reconnect ?? IDEMPOTENT_METHODS.includes(method);
    if (this.#signal?.aborted === true) {
      this.#readyState = CLOSED;
      return;
    }
    this.#signal?.addEventListener("abort", this.#aborted);
    const page = pageOf();
    page?.addEventListener("pagehide", this.#left);
    page?.addEventListener("pageshow", this.#shown);
    void this.#connect();
  }

  /** The address, resolved. */
  get url(): string {
    return this.#url.href;
  }

  get withCredentials(): boolean {
    return this.#withCredentials;
  }

  /** `CONNECTING` (0), `OPEN` (1) or `CLOSED` (2). */
  get readyState(): number {
    return this.#readyState;
  }

  get onopen(): Handler<Event> {
    return this.#handler("open") as Handler<Event>;
  }
  set onopen(value: Handler<Event>) {
    this.#setHandler("open", value);
  }

  get onmessage(): Handler<MessageEvent<string>> {
    return this.#handler("message") as Handler<MessageEvent<string>>;
  }
  set onmessage(value: Handler<MessageEvent<string>>) {
    this.#setHandler("message", value);
  }

  get onerror(): Handler<EventSourceErrorEvent> {
    return this.#handler("error") as Handler<EventSourceErrorEvent>;
  }
  set onerror(value: Handler<EventSourceErrorEvent>) {
    this.#setHandler("error", value);
  }

  /** Ends the connection for good; no event comes after it. */
  close(): void {
    this.#readyState = CLOSED;
    this.#release();
  }

  declare addEventListener: {
    <K extends keyof PlaygroundEventSourceEventMap>(
      type: K,
      listener: (this: PlaygroundEventSource, event: PlaygroundEventSourceEventMap[K]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    (
      type: string,
      listener:
        | ((this: PlaygroundEventSource, event: MessageEvent<string>) => unknown)
        | EventListenerOrEventListenerObject
        | null,
      options?: boolean | AddEventListenerOptions,
    ): void;
  };

  // The connection

  readonly #aborted = (): void => {
    this.close();
  };

  /** A page that is kept (the back/forward cache) would hold its connection otherwise. */
  readonly #left = (): void => {
    this.#connection.abort();
    clearTimeout(this.#timer);
  };

  readonly #shown = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.#connection = new AbortController();
    void this.#resume(this.#connection.signal);
  };

  async #resume(signal: AbortSignal): Promise<void> {
    await this.#dispatched;
    if (signal.aborted) return;
    await this.#reestablish(0, "The page was left, and is shown again.", 0);
  }

  /** What is held outside of this object. */
  #release(): void {
    this.#connection.abort();
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#aborted);
    const page = pageOf();
    page?.removeEventListener("pagehide", this.#left);
    page?.removeEventListener("pageshow", this.#shown);
    this.#reader?.delete();
    this.#reader = null;
  }

  /** One attempt, and the stream that it leads to. */
  async #connect(): Promise<void> {
    const never = whyNeverFetched(this.#url);
    if (never !== null) return this.#fail(0, never);
    const connection = new AbortController();
    this.#connection = connection;
    const { signal } = connection;
    const closed = (): boolean => signal.aborted;
    const core = eventStreamCore.load();
    core.catch(() => undefined); // It is waited for below.

    let response: Response;
    let ahead: ReadAhead;
    try {
      response = await this.#fetch({ signal });
      ahead = new ReadAhead(response, signal);
    } catch (error) {
      if (!closed()) await this.#unanswered(error, signal);
      return;
    }
    if (closed()) return;
    this.#failures = 0;
    this.#everAnswered = true;
    const { status } = response;
    const refusal = whyNotAStream(response);
    if (refusal !== null) return this.#fail(status, refusal);

    await this.#task(() => {
      this.#readyState = OPEN;
      this.dispatchEvent(new Event("open"));
    });
    let parser: EventStreamExports;
    try {
      parser = await core;
    } catch (error) {
      if (!closed()) await this.#fail(0, words(error));
      return;
    }
    if (closed()) return;
    this.#reader ??= this.#newReader(parser);
    this.#reader.reset();
    try {
      await this.#read(this.#reader, ahead, originOf(response, this.#url), signal);
    } catch (error) {
      return this.#fail(status, `The stream cannot be read: ${words(error)}.`);
    }
    if (!closed()) await this.#reestablish(status, ahead.end ?? "");
  }

  /** It begins with the `Last-Event-ID` that the page gave: from then on that is the stream's. */
  #newReader(parser: EventStreamExports): EventSourceReader {
    const reader = new EventSourceReader(parser);
    const given = this.#headers.get("Last-Event-ID");
    if (given !== null) {
      reader.feed(Uint8Array.from(`id: ${given}\n\n`, (character) => character.charCodeAt(0)));
      this.#headers.delete("Last-Event-ID");
    }
    return reader;
  }

  #fetch(changes: RequestInit): Promise<Response> {
    const headers = new Headers(this.#headers);
    const lastEventId = this.#reader?.resumeAfter() ?? "";
    if (lastEventId !== "") headers.set("Last-Event-ID", byteString(lastEventId));
    return fetch(this.#url.href, { ...this.#request, headers, ...changes });
  }

  /** Reads the stream to its end; throws where the parser does. */
  async #read(
    reader: EventSourceReader,
    ahead: ReadAhead,
    origin: string,
    signal: AbortSignal,
  ): Promise<void> {
    for (let chunks; (chunks = await ahead.take()).length > 0;) {
      for (const bytes of chunks) {
        for (let at = 0; at < bytes.length;) {
          if (signal.aborted) return;
          at += reader.feed(bytes, at);
          this.#dispatched = this.#dispatchAll(reader, origin);
          await this.#dispatched;
        }
      }
    }
  }

  /** Of a page that is left too: what was parsed counts as received, and does not come again. */
  #dispatchAll(reader: EventSourceReader, origin: string): Promise<void> {
    return new Promise((resolve) => {
      queueTask(() => {
        const event = this.#readyState === CLOSED ? null : reader.next();
        if (event === null) {
          resolve();
          return false;
        }
        const { type, data, lastEventId } = event;
        this.dispatchEvent(new MessageEvent(type, { data, origin, lastEventId }));
        return true;
      });
    });
  }

  /** HTML 9.2.3: "queue a task which, if the readyState attribute is set to a value other than CLOSED, …" */
  #task(step: () => void): Promise<void> {
    return new Promise((resolve) => {
      queueTask(() => {
        if (this.#readyState !== CLOSED) step();
        resolve();
        return false;
      });
    });
  }

  /** HTML 9.2.3, "fail the connection": for good. */
  async #fail(status: number, reason: string): Promise<void> {
    this.#release();
    await this.#task(() => {
      this.#readyState = CLOSED;
      this.dispatchEvent(new EventSourceErrorEvent("error", { status, reason }));
    });
  }

  /** HTML 9.2.3, "reestablish the connection". */
  async #reestablish(
    status: number,
    reason: string,
    time = this.#reader?.reconnectionTime ?? INITIAL_RECONNECTION_TIME_MS,
  ): Promise<void> {
    if (!this.#reconnects) return this.#fail(status, `${reason} ${NOT_REPEATED}`);
    const { signal } = this.#connection;
    await this.#task(() => {
      this.#readyState = CONNECTING;
      this.dispatchEvent(new EventSourceErrorEvent("error", { status, reason }));
    });
    if (signal.aborted) return;
    this.#timer = setTimeout(
      () => void this.#connect(),
      reconnectionDelay(time, this.#failures, Math.random()),
    );
  }

  async #unanswered(error: unknown, signal: AbortSignal): Promise<void> {
    this.#failures += 1;
    if (this.#reconnects && !this.#everAnswered) {
      const attempt = (changes: RequestInit): Promise<Response> => this.#fetch(changes);
      const futile = await whyFutile(this.#url, attempt, signal);
      if (signal.aborted) return;
      if (futile !== null) return this.#fail(0, futile);
    }
    await this.#reestablish(0, `The server could not be reached: ${words(error)}.`);
  }

  // Event handler attributes (HTML 8.1.8.1): a handler keeps the place among the listeners that it
  // got when the attribute was last null.

  #handler(type: string): unknown {
    return this.#handlers.get(type)?.value ?? null;
  }

  #setHandler(type: string, value: unknown): void {
    const present = this.#handlers.get(type);
    if (typeof value !== "function" && (typeof value !== "object" || value === null)) {
      if (present !== undefined) super.removeEventListener(type, present.listener);
      this.#handlers.delete(type);
    } else if (present !== undefined) {
      present.value = value;
    } else {
      const handler = {
        value: value as unknown,
        listener: (event: Event): void => {
          const current = handler.value;
          if (typeof current !== "function") return;
          if (Reflect.apply(current, this, [event]) === false) event.preventDefault();
        },
      };
      this.#handlers.set(type, handler);
      super.addEventListener(type, handler.listener);
    }
  }
}

// As Web IDL has it: the interface's name, constants on class and prototype that cannot be changed,
// and members that show.
Object.defineProperty(PlaygroundEventSource, "name", { value: "EventSource", configurable: true });
for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSED })) {
  for (const owner of [PlaygroundEventSource, PlaygroundEventSource.prototype]) {
    Object.defineProperty(owner, name, { value, enumerable: true });
  }
}
for (const name of [
  "url",
  "withCredentials",
  "readyState",
  "onopen",
  "onmessage",
  "onerror",
  "close",
]) {
  Object.defineProperty(PlaygroundEventSource.prototype, name, { enumerable: true });
}
Object.defineProperty(PlaygroundEventSource.prototype, Symbol.toStringTag, {
  value: "EventSource",
  configurable: true,
});

function dictionary(init: unknown): PlaygroundEventSourceInit {
  if (init === undefined || init === null) return {};
  if (typeof init === "object" || typeof init === "function") return init;
  throw new TypeError("the second argument of an EventSource is not an object");
}

function parseUrl(url: string | URL): URL {
  // A string as Web IDL makes one: a symbol throws.
  let text = "".concat(url as string);
  const { document, location } = globalThis as { document?: Document; location?: Location };
  // A query is in the encoding of the document, which only its elements know.
  if (document) text = Object.assign(document.createElement("a"), { href: text }).href;
  try {
    return new URL(text, document?.baseURI ?? location?.href);
  } catch {
    throw new DOMException(`${text} is not a URL`, "SyntaxError");
  }
}

/** None in a worker. */
function pageOf(): Window | null {
  return (globalThis as { document?: Document }).document?.defaultView ?? null;
}

/** HTML 9.2.3: what makes a response fail the connection; null where nothing does. */
function whyNotAStream({ status, headers }: Response): string | null {
  if (status !== 200) return `The server answered with status ${status}.`;
  const type = headers.get("Content-Type");
  if (essenceOf(type) === "text/event-stream") return null;
  return type === null
    ? "The response has no Content-Type."
    : `The response is ${type} instead of text/event-stream.`;
}

/** After redirects. A response that a service worker made up has no address of its own. */
function originOf({ url }: Response, base: URL): string {
  return new URL(url, base).origin;
}

/** The text's UTF-8, each byte as the character that fetch sends as that byte. */
function byteString(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

export { EventSourceErrorEvent, EventSourceReader, EventStreamCoreError, eventStreamCore };
export type { EventStreamCore, EventStreamExports } from "./parser-core.js";
export type { EventSourceErrorInit } from "./error.js";
export type { EventSourceRecord } from "./reader.js";
