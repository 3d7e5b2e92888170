// What a page's main thread does, frame by frame, out of the browser's own trace (the Tracing domain
// of its devtools protocol): every task, be it script, style, layout, paint or collecting garbage.

// The tasks, and marks of the page's own. What is traced of each message besides, as the devtools do
// it, would be measured with it: a fifth of a frame's work, at a hundred messages a second.
const CATEGORIES = ["toplevel", "blink.user_timing"];
const MARK = "bench frame";

/**
 * Processor milliseconds of the main thread between the starts of two animation frames, and of the
 * page's workers meanwhile. Wall time would count those who share the machine as well; `wallMs` has
 * the main thread's, for the curious.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {() => Promise<unknown>} use what is traced
 * @returns {Promise<{ workMs: number, wallMs: number, coreMs: number }[]>} a frame each, without the first and last
 */
export async function framesOf(page, use) {
  await page.evaluate((mark) => {
    const next = () => {
      performance.mark(mark);
      performance.clearMarks(mark);
      requestAnimationFrame(next);
    };
    if (!globalThis.marksFrames) requestAnimationFrame(next);
    globalThis.marksFrames = true;
  }, MARK);
  await page.tracing.start({ categories: CATEGORIES });
  await use();
  const trace = await page.tracing.stop();
  if (!trace) throw new Error("the browser handed over no trace");
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace));
  return frames(threadsOf(traceEvents));
}

/** The one main thread that animates, and the workers of its process. */
function threadsOf(events) {
  const threads = new Map();
  for (const event of events) {
    const key = `${event.pid} ${event.tid}`;
    const thread = threads.get(key) ?? { name: "", pid: event.pid, animations: [], tasks: [] };
    threads.set(key, thread);
    if (event.name === "thread_name") thread.name = event.args.name;
    else if (event.name === MARK) thread.animations.push(event.ts);
    else if (event.name === "ThreadControllerImpl::RunTask" && event.ph === "X")
      thread.tasks.push(event);
  }
  const found = [...threads.values()]
    .filter(({ name }) => name === "CrRendererMain")
    .sort((a, b) => b.animations.length - a.animations.length)[0];
  if (!found || found.animations.length < 2 || found.tasks.length === 0) {
    throw new Error("the trace has no animation frames: is the page in sight?");
  }
  const workers = [...threads.values()].filter(
    ({ name, pid }) => pid === found.pid && name === "DedicatedWorker thread",
  );
  return { ...found, workerTasks: workers.flatMap((worker) => worker.tasks) };
}

function frames({ animations, tasks, workerTasks }) {
  // Several callbacks share a frame's task; the first one is its beginning.
  const starts = tasks
    .filter(({ ts, dur }) => animations.some((at) => at >= ts && at <= ts + dur))
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const found = starts.slice(1).map(() => ({ workMs: 0, wallMs: 0, coreMs: 0 }));
  for (const { ts, dur, tdur } of tasks) {
    // A task without the thread's own time is taken at its wall time.
    const frame = found[lastAtMost(starts, ts)];
    if (frame === undefined) continue;
    frame.workMs += (tdur ?? dur) / 1000;
    frame.wallMs += dur / 1000;
  }
  for (const { ts, dur, tdur } of workerTasks) {
    const frame = found[lastAtMost(starts, ts)];
    if (frame !== undefined) frame.coreMs += (tdur ?? dur) / 1000;
  }
  return found;
}

function lastAtMost(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
