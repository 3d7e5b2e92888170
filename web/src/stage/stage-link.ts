import { CoreError } from "./module-loader.js";
import { coreThread, type StageConnection } from "./core-thread.js";
import type { Report, Stage } from "./stage.js";
import type { Answer, FromStage } from "./stage-calls.js";
import { troubleWith } from "./trouble.js";

// All that an element has to know of its stage: it imports nothing else from this folder.
export {
  addressesOf,
  type CoreAddresses,
  type CoreKind,
  type CoreLocation,
} from "./core-loader.js";
export { defineCoreThread } from "./core-thread.js";
export { CoreError } from "./module-loader.js";
export { troubleWith } from "./trouble.js";
export type { Held, Picture, Report } from "./stage.js";

export type StageMethod = keyof Stage;
export type StageArguments<M extends StageMethod> = Parameters<Stage[M]>;
export type StageResult<M extends StageMethod> = Awaited<ReturnType<Stage[M]>>;

/** A stage that has not answered for so many looks, so many milliseconds apart, is dead. */
const LOOK_EVERY_MS = 2000;
const LOOKS = 5;

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * An element's link to its `Stage`, on whichever thread that is. Calls are made in their order.
 * While it is closed, which it is at first, nothing is told and every answer is null. Where the
 * core has ended by itself, it is closed, and then told why.
 */
export class StageLink {
  readonly #reported: (report: Report) => void;
  readonly #ended: (why: string) => void;
  readonly #questions = new Map<number, Question>();
  #connection: Promise<StageConnection> | null = null;
  #asked = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  constructor(reported: (report: Report) => void, ended: (why: string) => void) {
    this.#reported = reported;
    this.#ended = ended;
  }

  get isOpen(): boolean {
    return this.#connection !== null;
  }

  /** Opens a new stage. */
  open(): void {
    const connection = coreThread().then((thread) =>
      thread(
        (message: FromStage) => {
          if (connection === this.#connection) this.#receive(message);
        },
        (why) => {
          if (connection !== this.#connection) return;
          this.close();
          this.#ended(why);
        },
      ),
    );
    this.#connection = connection;
  }

  /** Wants no answer. */
  tell<M extends StageMethod>(method: M, ...args: StageArguments<M>): void {
    this.#call(0, method, args);
  }

  /** Rejects as the method does; null where the link is closed before there is an answer. */
  async ask<M extends StageMethod>(
    method: M,
    ...args: StageArguments<M>
  ): Promise<StageResult<M> | null> {
    if (!this.isOpen) return null;
    const id = (this.#asked += 1);
    const value = await new Promise<unknown>((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      this.#call(id, method, args);
    });
    return value as StageResult<M> | null;
  }

  /** Canvases that nothing has been drawn on yet, for the stage to paint on. */
  take(canvases: readonly HTMLCanvasElement[]): void {
    const there = this.#connection;
    void there?.then((connection) => {
      if (there !== this.#connection) return;
      const handed = connection.apart
        ? canvases.map((each) => each.transferControlToOffscreen())
        : [];
      connection.call(
        { id: 0, method: "take", args: [connection.apart ? handed : canvases] },
        handed,
      );
    });
  }

  /** Whether to look that the stage is alive: a worker may end, or hang, without a word. */
  watch(wanted: boolean): void {
    if (wanted === (this.#watch !== undefined)) return;
    clearInterval(this.#watch);
    this.#unanswered = 0;
    this.#watch = wanted ? setInterval(this.#look, LOOK_EVERY_MS) : undefined;
  }

  readonly #look = (): void => {
    const connection = this.#connection;
    // While the thread is still starting, nobody is there to answer.
    void connection?.then(({ fail }) => {
      if (connection !== this.#connection) return;
      this.#unanswered += 1;
      if (this.#unanswered > LOOKS) fail("Its thread does not answer any more.");
      else if (this.#unanswered === 1) void this.ask("ping").then(() => (this.#unanswered = 0));
    });
  };

  close(): void {
    this.watch(false);
    this.tell("close");
    void this.#connection?.then((connection) => {
      connection.close();
    });
    this.#connection = null;
    for (const { resolve } of this.#questions.values()) resolve(null);
    this.#questions.clear();
  }

  #call(id: number, method: StageMethod, args: readonly unknown[]): void {
    void this.#connection?.then((connection) => {
      connection.call({ id, method, args }, []);
    });
  }

  #receive(message: FromStage): void {
    if ("report" in message) this.#reported(message.report);
    else this.#settle(message);
  }

  async #explain({ trouble, message, address }: Required<Answer>["error"]): Promise<CoreError> {
    return new CoreError(trouble, address === "" ? message : await troubleWith(address, message));
  }

  #settle({ id, value, error }: Answer): void {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (error === undefined) question?.resolve(value);
    else void this.#explain(error).then(question?.reject);
  }
}
