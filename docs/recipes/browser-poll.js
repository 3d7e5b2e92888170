// Long polling, or short polling with `everyMs`. Each answer is `[{"id":1,"text":"…"},…]`.

/**
 * @param {string} address
 * @param {(text: string, id: number) => void} received
 * @param {number} [everyMs] 0: the server holds each request until there is something
 * @returns {() => void} ends it
 */
export function follow(address, received, everyMs = 0) {
  const abort = new AbortController();
  let [last, pause] = [0, 500];

  async function ask() {
    const url = new URL(address, location.href);
    url.searchParams.set("after", last);
    if (everyMs > 0) url.searchParams.set("wait", 0);
    // An answer that is long overdue will not come: the connection is half-open.
    const attempt = new AbortController();
    const signals = [abort.signal, attempt.signal, AbortSignal.timeout(40_000)];
    try {
      const response = await fetch(url, { cache: "no-store", signal: AbortSignal.any(signals) });
      if (!response.ok) throw new Error(`status ${response.status}`);
      (await response.json()).forEach(take);
    } finally {
      attempt.abort(); // whatever the reason, or the connection stays
    }
  }

  function take({ id, text }) {
    if (abort.signal.aborted) return;
    last = id;
    try {
      received(text, id);
    } catch (error) {
      reportError(error); // it is not the server's: nothing is asked for again
    }
  }

  (async () => {
    while (!abort.signal.aborted) {
      let wait = everyMs;
      try {
        await ask();
        pause = 500;
      } catch {
        wait = pause * (0.5 + Math.random());
        pause = Math.min(2 * pause, 10_000);
      }
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  })();
  return () => abort.abort();
}
