import { CoreError } from "./core-loader.js";
import { coreThread, type StageDoor } from "./core-thread.js";
import type { Report, Stage } from "./stage.js";
import type { Answer, FromStage } from "./stage-calls.js";

export type StageMethod = keyof Stage;
export type StageArguments<M extends StageMethod> = Parameters<Stage[M]>;
export type StageResult<M extends StageMethod> = Awaited<ReturnType<Stage[M]>>;

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Why there is no answer: the element has left its page. */
export class StageClosed extends Error {
  constructor() {
    super("The element has left its page.");
  }
}

/** For `catch`: nobody is there any more to hear of it. */
export function unlessClosed(error: unknown): void {
  if (!(error instanceof StageClosed)) throw error;
}

/** An element's way to its `Stage`, on whichever thread that is. Calls are made in their order. */
export class StageLink {
  readonly #door: Promise<StageDoor>;
  readonly #reported: (report: Report) => void;
  readonly #questions = new Map<number, Question>();
  #asked = 0;
  #closed = false;

  constructor(reported: (report: Report) => void) {
    this.#reported = reported;
    this.#door = coreThread().then((thread) =>
      thread((message: FromStage) => {
        this.#receive(message);
      }),
    );
  }

  /** Wants no answer. */
  tell<M extends StageMethod>(method: M, ...args: StageArguments<M>): void {
    this.#call(0, method, args);
  }

  /** Rejects as the method does, and with `StageClosed`. */
  async ask<M extends StageMethod>(method: M, ...args: StageArguments<M>): Promise<StageResult<M>> {
    if (this.#closed) throw new StageClosed();
    const id = (this.#asked += 1);
    const value = await new Promise<unknown>((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      this.#call(id, method, args);
    });
    return value as StageResult<M>;
  }

  /** Canvases that nothing has been drawn on yet, for the stage to paint on. */
  take(canvases: readonly HTMLCanvasElement[]): void {
    void this.#door.then((door) => {
      if (this.#closed) return;
      const handed = door.apart ? canvases.map((each) => each.transferControlToOffscreen()) : [];
      door.call({ id: 0, method: "take", args: [door.apart ? handed : canvases] }, handed);
    });
  }

  close(): void {
    this.tell("close");
    void this.#door.then((door) => {
      door.close();
    });
    this.#closed = true;
    for (const { reject } of this.#questions.values()) reject(new StageClosed());
    this.#questions.clear();
  }

  #call(id: number, method: StageMethod, args: readonly unknown[]): void {
    void this.#door.then((door) => {
      door.call({ id, method, args }, []);
    });
  }

  #receive(message: FromStage): void {
    if (this.#closed) return;
    if ("report" in message) this.#reported(message.report);
    else this.#settle(message);
  }

  #settle({ id, value, error }: Answer): void {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (error === undefined) question?.resolve(value);
    else if (error.trouble === null) question?.reject(new Error(error.message));
    else question?.reject(new CoreError(error.trouble, error.message));
  }
}
