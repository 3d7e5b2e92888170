export interface EventSourceErrorInit extends EventInit {
  status?: number;
  reason?: string;
}

/** The `error` event of a `PlaygroundEventSource`. */
export class EventSourceErrorEvent extends Event {
  /** The HTTP status of the response that failed or ended; 0 where there was none. */
  readonly status: number;
  /** What happened, in a sentence for the developer. */
  readonly reason: string;

  constructor(type: string, init: EventSourceErrorInit = {}) {
    super(type, init);
    this.status = init.status ?? 0;
    this.reason = init.reason ?? "";
  }
}

/** What was thrown, whatever it is and whichever realm it is from. */
export function words(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(error);
}
