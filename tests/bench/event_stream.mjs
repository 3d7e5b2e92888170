// Event streams without the network: the parser in C++ by itself, and as PlaygroundEventSource uses
// it (WebAssembly, bytes in, strings out) beside npm's eventsource-parser in the same process.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = path.join(root, "build/native/tests/bench/bench_event_stream");
const dist = path.join(root, "web/dist");

const EVENT_BYTES = 100;
const STREAM_BYTES = 1 << 20;

/** Events of 100 bytes with an id each, as the playground's own server writes them. */
function stream(filler) {
  const encoder = new TextEncoder();
  const parts = [];
  for (let seq = 1_000_000, size = 0; size < STREAM_BYTES; seq += 1, size += EVENT_BYTES) {
    const head = encoder.encode(`id: ${seq}\ndata: {"seq":${seq},"payload":"`);
    const event = new Uint8Array(EVENT_BYTES).fill(0x78);
    event.set(head);
    event.set(encoder.encode(filler), head.length);
    event.set(encoder.encode('"}\n\n'), EVENT_BYTES - 4);
    parts.push(event);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const chunked = (bytes, size) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );

/** Whom every reader hands each event to, as an object of strings: type, data, id. */
class Taker {
  events = 0;
  units = 0;
  last = null;

  take(event, type, data, id) {
    this.events += 1;
    this.units += type.length + data.length + id.length;
    this.last = event;
  }
}

/** From a response's bytes to events. A page has to decode them for the peer, which takes text. */
function readers({ EventSourceReader }, core, { createParser }) {
  return {
    ours(chunks) {
      const taker = new Taker();
      const reader = new EventSourceReader(core);
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length;) {
          at += reader.feed(chunk, at);
          for (let event; (event = reader.next()) !== null;) {
            taker.take(event, event.type, event.data, event.lastEventId);
          }
        }
      }
      reader.delete();
      return taker;
    },
    peer(chunks) {
      const taker = new Taker();
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent(event) {
          taker.take(event, event.event ?? "message", event.data, event.id);
        },
      });
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
      return taker;
    },
  };
}

/** Of the processor, with all threads of the engine: on a shared machine others take their turns. */
function seconds(read, chunks) {
  const before = process.cpuUsage();
  read(chunks);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Rows for bench.mjs, which hands over how it prints them. */
export function eventStreamBenches({ row, median, rounds, onCore }) {
  return {
    "event stream, native"() {
      if (!existsSync(program)) return console.log("bench_event_stream is missing: run make bench");
      const runs = Array.from({ length: rounds }, () => {
        const [command, ...args] = [...onCore(0), program];
        const { status, stdout } = spawnSync(command, args, {
          encoding: "utf8",
        });
        if (status !== 0) throw new Error(`bench_event_stream ended with ${status}`);
        return JSON.parse(stdout);
      });
      for (const shape of Object.keys(runs[0])) {
        const rates = runs.map((run) => run[shape].parser);
        const batches = median(runs.map((run) => run[shape].batch));
        const words = `${median(rates).toFixed(2)} GB/s, in batches ${batches.toFixed(2)} GB/s`;
        row(`event stream, 100 B each, ${shape}`, "1 GB/s", rates, { atLeast: 1 }, words);
      }
    },
    async "event stream, WebAssembly"() {
      if (!existsSync(path.join(dist, "event-source.js")))
        return console.log("web/dist is missing: run make build");
      const ourModule = await import(path.join(dist, "event-source.js"));
      ourModule.eventStreamCore.source = readFileSync(path.join(dist, "event_stream.wasm"));
      const core = await ourModule.eventStreamCore.load();
      const { ours, peer } = readers(ourModule, core, await import("eventsource-parser"));
      for (const [name, filler, chunkBytes] of [
        ["64 KiB chunks", "", 64 << 10],
        ["1,460 B chunks", "", 1460],
        ["one event a chunk", "", EVENT_BYTES],
        ["64 KiB chunks, not ASCII", "žluťoučký kůň 😀", 64 << 10],
      ]) {
        const chunks = chunked(stream(filler), chunkBytes);
        const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
        const [own, theirs] = [ours(chunks), peer(chunks)];
        if (
          own.events !== bytes / EVENT_BYTES ||
          own.events !== theirs.events ||
          own.units !== theirs.units
        ) {
          throw new Error(`not the same events: ${JSON.stringify({ own, theirs })}`);
        }
        const ratios = [];
        const rates = { ours: [], theirs: [] };
        // Rounds in turn, the first ones for the compilers of the engine.
        for (let round = -20; round < 50 * rounds; round += 1) {
          const took = {
            ours: seconds(ours, chunks),
            theirs: seconds(peer, chunks),
          };
          if (round < 0) continue;
          ratios.push(took.theirs / took.ours);
          for (const who of ["ours", "theirs"]) rates[who].push(own.events / took[who] / 1e6);
        }
        const words = `${median(rates.ours).toFixed(2)} to ${median(rates.theirs).toFixed(2)} million events/s`;
        row(`events to JavaScript, ${name}`, "eventsource-p.", ratios, { atLeast: 1 }, words);
      }
    },
  };
}
