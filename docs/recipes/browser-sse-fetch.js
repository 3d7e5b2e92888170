// An event stream read from fetch: request headers of your own, and the status of what failed.
// (This project's event-source.js does the whole standard; this is what fits on a page.)

/**
 * @param {string} address
 * @param {(text: string, id: string) => void} received
 * @param {Record<string, string>} [headers]
 * @returns {() => void} ends it
 */
export function follow(address, received, headers = {}) {
  const abort = new AbortController();
  let [last, pause] = ["", 500];

  async function connect() {
    const resume = last === "" ? {} : { "Last-Event-ID": last };
    const attempt = new AbortController();
    try {
      const response = await fetch(address, {
        headers: { Accept: "text/event-stream", ...headers, ...resume },
        cache: "no-store",
        signal: AbortSignal.any([abort.signal, attempt.signal]),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let [waiting, half, event] = ["", false, { id: last, data: [] }];
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        // A line ends with CRLF, LF or CR; the halves of a CRLF may come apart.
        const text = half && part.value.startsWith("\n") ? part.value.slice(1) : part.value;
        half = part.value.endsWith("\r");
        const lines = (waiting + text).split(/\r\n|\n|\r/);
        waiting = lines.pop();
        for (const line of lines) event = take(line, event);
      }
    } finally {
      attempt.abort(); // whatever the reason, or the connection stays
    }
  }

  // Returns the event that the next line belongs to. One without its empty line is none.
  function take(line, event) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "data") event.data.push(value);
    if (name === "id" && !value.includes("\0")) event.id = value;
    if (line !== "") return event;
    last = event.id;
    if (event.data.length > 0 && !abort.signal.aborted) {
      pause = 500;
      try {
        received(event.data.join("\n"), last);
      } catch (error) {
        reportError(error); // it is not the stream's: that goes on
      }
    }
    return { id: last, data: [] };
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
