// PlaygroundEventSource in real browsers: how many streams are received whole that are cut right
// after their first bytes, beside a fetch reader that reads at once and the browser's own class.
import { browsers } from "../browser/support/browsers.mjs";
import { EventStreamServer, write } from "../browser/support/event_stream_server.mjs";

const STREAMS = 200;
const EVENTS = 3;

/** In the page: per cent of the streams of which every event came. */
async function whole(path, who, streams, events) {
  const { PlaygroundEventSource, eventStreamCore } = await import("/dist/event-source.js");
  await eventStreamCore.load();
  const source = (Source) => () =>
    new Promise((resolve) => {
      let seen = 0;
      const source = new Source(path);
      source.onmessage = () => (seen += 1);
      source.onerror = () => {
        source.close();
        resolve(seen);
      };
    });
  const readers = {
    ours: source(PlaygroundEventSource),
    native: source(EventSource),
    async fetch() {
      let text = "";
      try {
        const reader = (await fetch(path)).body.pipeThrough(new TextDecoderStream()).getReader();
        for (let part; !(part = await reader.read()).done;) text += part.value;
      } catch {
        // It was cut.
      }
      return text.split("\n\n").length - 1;
    },
  };
  let found = 0;
  for (let stream = 0; stream < streams; stream += 1) {
    if ((await readers[who]()) === events) found += 1;
  }
  return (100 * found) / streams;
}

/** Rows for bench.mjs, which hands over how it prints them. */
export function eventSourceBenches({ row, median, rounds }) {
  return {
    async "event source, streams that are cut"() {
      const server = await EventStreamServer.start();
      const path = server.path(async (response) => {
        await write(response, ["data: x\n\n".repeat(EVENTS)]);
        setTimeout(() => response.destroy(), 1);
      });
      try {
        for (const { name, launch } of browsers) {
          const browser = await launch();
          const found = { ours: [], fetch: [], native: [] };
          try {
            const page = await browser.newPage();
            await page.goto(`${server.origin}/`);
            // In turn, so that the machine is as busy for one as for another.
            for (let round = 0; round < rounds; round += 1) {
              for (const [who, per_cent] of Object.entries(found)) {
                per_cent.push(await page.evaluate(whole, path, who, STREAMS, EVENTS));
              }
            }
          } finally {
            await browser.close();
          }
          const words = Object.entries(found)
            .map(([who, per_cent]) => `${who} ${median(per_cent).toFixed(1)} %`)
            .join(", ");
          for (const peer of ["fetch", "native"]) {
            // A hundredth is so that streams which are both lost do not divide by nothing.
            const ratios = found.ours.map((own, i) => (own + 0.01) / (found[peer][i] + 0.01));
            row(`event source, cut streams whole, ${name}`, peer, ratios, { atLeast: 0.98 }, words);
          }
        }
      } finally {
        await server.stop();
      }
    },
  };
}
