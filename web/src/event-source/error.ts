export interface EventSourceErrorInit extends EventInit {
  status?: number;
  reason?: string;
}

/** The `error` event of a `PlaygroundEventSource`. */
export class EventSourceErrorEvent extends Event {
  readonly #status: number;
  readonly #reason: string;

  constructor(type: string, init: EventSourceErrorInit = {}) {
    super(type, init);
    this.#status = init.status ?? 0;
    this.#reason = init.reason ?? "";
  }

  /** The HTTP status of the response that failed or ended; 0 where there was none. */
  get status(): number {
    return this.#status;
  }

  /** What happened, in a sentence for the developer. */
  get reason(): string {
    return this.#reason;
  }
}
