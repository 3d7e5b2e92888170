import { CoreError } from "./module-loader.js";
import { Stage, type ThreadServices, type Report } from "./stage.js";

/** A call of one of a stage's methods, as it crosses to its thread. */
export interface Call {
  /** 0 wants no answer. */
  readonly id: number;
  readonly method: keyof Stage;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  /** In place of a value: a `CoreError`. */
  readonly error?: Pick<CoreError, "message" | "trouble" | "address">;
}

export type FromStage = Answer | { readonly report: Report };

/** Opens a stage on this thread: what comes back takes its calls, and `send` gets all it says. */
export function openStage(
  services: ThreadServices,
  send: (message: FromStage) => void,
): (call: Call) => void {
  const stage = new Stage(services, (report) => {
    send({ report });
  });
  return (call) => {
    void answer(stage, call, send, services);
  };
}

async function answer(
  stage: Stage,
  { id, method, args }: Call,
  send: (answer: Answer) => void,
  { failed }: ThreadServices,
): Promise<void> {
  try {
    const value: unknown = await Reflect.apply(stage[method], stage, args);
    if (id !== 0) send({ id, value });
  } catch (error) {
    if (!(error instanceof CoreError)) failed(error);
    else if (id !== 0) {
      const { message, trouble, address } = error;
      send({ id, error: { message, trouble, address } });
    }
  }
}
