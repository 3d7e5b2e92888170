/** One step of a task; true asks for another one. It must not throw. */
export type Task = () => boolean;

/** Node.js has tasks that keep the process going only until they have run; a port would for ever. */
const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => void };

const queue: Task[] = [];
let post: (() => void) | null = null;
let posted = false;

/**
 * Tasks as browsers' event loops have them: each step is a task of its own, so that promises it
 * settled are done with before the next one, and a page that waits for one event after another
 * misses none. A library that wraps listeners (zone.js) may call one late, or in a row with others:
 * each call runs one step, and asks for the next.
 */
export function queueTask(task: Task): void {
  queue.push(task);
  askForTurn();
}

function askForTurn(): void {
  if (posted || queue.length === 0) return;
  posted = true;
  (post ??= openPost())();
}

function openPost(): () => void {
  if (setImmediate !== undefined) {
    return () => {
      setImmediate(takeTurn);
    };
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = takeTurn;
  return () => {
    port2.postMessage(null);
  };
}

function takeTurn(): void {
  posted = false;
  const task = queue.shift();
  // At the end of the queue: sources take turns.
  if (task?.() === true) queue.push(task);
  askForTurn();
}
