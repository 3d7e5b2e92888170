// A response that never ends, one JSON text per line: `{"id":1,"text":"…"}`. An empty line is a
// heartbeat.

/**
 * @param {string} address
 * @param {(text: string, id: number) => void} received
 * @returns {() => void} ends it
 */
export function follow(address, received) {
  const abort = new AbortController();
  let [last, pause] = [0, 500];

  async function connect() {
    const url = new URL(address, location.href);
    url.searchParams.set("after", last);
    const attempt = new AbortController();
    const signal = AbortSignal.any([abort.signal, attempt.signal]);
    try {
      const response = await fetch(url, { cache: "no-store", signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let waiting = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const lines = (waiting + part.value).split("\n");
        waiting = lines.pop();
        lines.forEach(take);
      }
      take(waiting); // the last line may have no end; half a line is no JSON, and is asked for again
    } finally {
      attempt.abort(); // whatever the reason, or the connection stays
    }
  }

  function take(line) {
    if (line.trim() === "" || abort.signal.aborted) return;
    const { id, text } = JSON.parse(line);
    [last, pause] = [id, 500];
    try {
      received(text, id);
    } catch (error) {
      reportError(error); // it is not the stream's: that goes on
    }
  }

  (async () => {
    while (!abort.signal.aborted) {
      await connect().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, pause * Math.random()));
      pause = Math.min(2 * pause, 10_000);
    }
  })();
  return () => abort.abort();
}
