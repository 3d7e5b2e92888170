// PlaygroundEventSource in real browsers: how many streams are received whole that are cut right
// after their first bytes, beside a fetch reader that reads at once and the browser's own class.
import { browsers } from "../browser/support/browsers.mjs";
import { EventStreamServer, write } from "../browser/support/event_stream_server.mjs";

const STREAMS = 200;
const EVENTS = 3;

/**
 * In the page: of how many streams, in per cent, every event came to each reader. They take turns,
 * stream by stream, so that the machine is as busy for one as for another.
 */
async function whole(path, streams, events) {
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
  const found = { ours: 0, fetch: 0, native: 0 };
  for (let stream = 0; stream < streams; stream += 1) {
    for (const who of Object.keys(found)) {
      if ((await readers[who]()) === events) found[who] += 100 / streams;
    }
  }
  return found;
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
          const found = [];
          try {
            const page = await browser.newPage();
            await page.goto(`${server.origin}/`);
            for (let round = 0; round < rounds; round += 1) {
              found.push(await page.evaluate(whole, path, STREAMS, EVENTS));
            }
          } finally {
            await browser.close();
          }
          const words = ["ours", "fetch", "native"]
            .map((who) => `${who} ${median(found.map((each) => each[who])).toFixed(1)} %`)
            .join(", ");
          // In Chromium fetch may tell of the break first, and then nothing can be read any more.
          for (const [peer, atLeast] of [
            ["fetch", 0.9],
            ["native", 0.75],
          ]) {
            const ratios = found.map((each) => each.ours / each[peer]);
            row(`event source, cut streams whole, ${name}`, peer, ratios, { atLeast }, words);
          }
        }
      } finally {
        await server.stop();
      }
    },
  };
}
