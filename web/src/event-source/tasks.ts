/** One step of a task; true asks for another one. It must not throw. */
export type Task = () => boolean;

/**
 * Tasks as browsers' event loops have them: each step runs on an empty stack, so that promises it
 * settled are done with before the next one, and a page that waits for one event after another
 * misses none. No script can ask for that directly. But a browser calls every listener of an event
 * that it sends itself so: each message on this channel has TURNS listeners, and one task of the
 * browser's runs TURNS steps.
 */
const TURNS = 32;
const queue: Task[] = [];
let port: MessagePort | null = null;
let posted = false;

export function queueTask(task: Task): void {
  queue.push(task);
  if (posted) return;
  posted = true;
  (port ??= openChannel()).postMessage(null);
}

function openChannel(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  for (let turn = 0; turn < TURNS; turn += 1) {
    port1.addEventListener("message", (event) => {
      const task = queue.shift();
      if (task === undefined) event.stopImmediatePropagation();
      // At the end of the queue: sources take turns.
      else if (task()) queue.push(task);
      posted = task !== undefined;
    });
  }
  port1.addEventListener("message", () => {
    posted = queue.length > 0;
    if (posted) port2.postMessage(null);
  });
  port1.start();
  return port2;
}
