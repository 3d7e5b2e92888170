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
    const response = await fetch(address, {
      headers: { Accept: "text/event-stream", ...headers, ...resume },
      cache: "no-store",
      signal: abort.signal,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      waiting += part.value;
      const events = waiting.split(/\r\n\r\n|\n\n|\r\r/);
      waiting = events.pop();
      for (const event of events) dispatch(event);
    }
  }

  function dispatch(event) {
    const data = [];
    for (const line of event.split(/\r\n|\n|\r/)) {
      const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (name === "id") last = value;
      if (name === "data") data.push(value);
    }
    if (data.length === 0) return;
    pause = 500;
    received(data.join("\n"), last);
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
