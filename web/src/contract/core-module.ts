// What wasm/exports.cc exports. JSON crosses as text; drawing crosses as one batch a frame.
import type { BrowserFeature, Reason, TransportId } from "./tables.js";

export type { BrowserFeature, Reason, TransportId };

/**
 * The factory that an Emscripten glue (playground_core.js, playground_live.js, playground_wire.js)
 * exports by default.
 */
export type Create<Module> = (options?: {
  /**
   * Answers where a file of the module is; its `.wasm` is the only one asked for, and by the core as
   * JavaScript (playground_core_plain.js) none.
   */
  locateFile?: (name: string, directory: string) => string;
  /**
   * The page around a live run. Without it the page counts as seen, as online, and as one that a
   * server allows.
   */
  surroundings?: CoreSurroundings;
}) => Promise<Module>;

export type CreateCore = Create<Core>;

/** What a core on another thread cannot know of its page (wasm/browser_host.cc). */
export interface CoreSurroundings {
  readonly online: boolean;
  readonly visible: boolean;
  /** The page's origin as it is sent: "null" for a file or a sandboxed frame. */
  readonly origin: string;
  /** Whether the page has no permission for the local network. */
  readonly localNetworkDenied: boolean;
  has(feature: BrowserFeature): boolean;
  /** Listeners are called when something of this may have changed. */
  add(listener: () => void): void;
  remove(listener: () => void): void;
}

/** What explains the bytes of the wire (playground_wire.js, and the core as JavaScript). */
export interface WireExplainer {
  /** JSON of `WireAnswer`, from what `askWire` was answered. */
  explainWire: (status: number, body: string, lane: TransportId, seq: number) => string;
}

export interface Core extends Partial<WireExplainer> {
  Playground: new () => Playground;
  /** The version of the core, as in `playground_server --version`. */
  version(): string;
  /**
   * What the core of live runs has the browser call, for those connections and timers that begin
   * after it is set.
   */
  hostEvent?: (...args: unknown[]) => void;
  hostTimer?: (...args: unknown[]) => void;
  hostEnvironment?: (...args: unknown[]) => void;
}

/**
 * Of a row of the core's table (core/transport.h), which says what a transport can do, whatever its
 * name: what an element shows.
 */
export interface TransportFace {
  readonly id: TransportId;
  readonly title: string;
  /** A custom property; the painter knows it as `role`. */
  readonly colour: string;
  readonly role: number;
  readonly polls: boolean;
  readonly holds: boolean;
  readonly twoWay: boolean;
  readonly shown: boolean;
}

/** What there is to know of it besides. */
export interface TransportUse {
  /** The title inside a sentence. */
  readonly inside: string;
  readonly needs: BrowserFeature;
  readonly path: string;
  /** Of the response; "" where it is not HTTP that goes on. */
  readonly contentType: string;
  readonly reconnectsItself: boolean;
  /** What a lane tries, best first: itself, then those that do the same with less. */
  readonly ladder: readonly TransportId[];
}

export type TransportInfo = TransportFace & TransportUse;

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
}

/** Where a page may find itself: what its browser lacks, and what stands between it and a server. */
export interface EnvironmentInfo {
  id: string;
  /** "Buffering proxy" */
  title: string;
  /** What it is, in a sentence. */
  summary: string;
  /** The facts it models, and where they are from. */
  source: string;
  /** Browser features it does without. */
  without: BrowserFeature[];
  /** What it asks of the server. */
  faults: Fault[];
  /** What only a simulated run can show of it: a sentence, or "". */
  simulatedOnly: string;
}

/** A fault of docs/api.md, its members by their names there. */
export interface Fault {
  kind: string;
  lane?: string;
  transport?: string;
  after_s?: number;
  for_s?: number;
  [member: string]: string | number | boolean | undefined;
}

/** One comparison. It owns timers and connections until `stop` or `delete`. */
export interface Playground {
  /**
   * Starts a run; `settings` is JSON of `Settings`. Answers "", or the name of the setting that is
   * refused, a colon, and what is wrong with it. A run that is going on is stopped first.
   */
  start(settings: string): string;
  /** Ends the run; the picture and the figures stay. */
  stop(): void;
  /**
   * Something goes wrong from now on: JSON of a `Fault`. Answers "" or a sentence naming what is
   * wrong with it. What the server says to it is in the decisions.
   */
  addFault(fault: string): string;
  /**
   * Says a text to an endpoint, by its place in the snapshot's `endpoints`: over a WebSocket, or as
   * a POST to `sendTo`. Answers "" or a sentence that says why not.
   */
  sendText(endpoint: number, text: string): string;
  /** Ends one of the snapshot's `plannedFaults`. Answers whether there was one of this number. */
  liftFault(number: number): boolean;
  /** Ends every fault of the run. */
  liftFaults(): void;
  /**
   * The clock that `draw` goes by, in milliseconds: performance.now(), or in a simulated run its
   * virtual time, which this call moves on. It stands still at the end of the run.
   */
  now(): number;
  /** When the run began, by the same clock. */
  startedAt(): number;
  /** Simulated runs: virtual seconds a second, 0 (stands still) to 1000. Live runs know only 1. */
  setSpeed(factor: number): void;
  /** Simulated runs: on to the next thing that happens, while the speed is 0. */
  step(): void;
  /** Stops one of a simulated run's two servers, 1 or 2, or starts it again. */
  setServer(number: number, runs: boolean): void;
  /** JSON of `Snapshot`. Cheap enough for several a second. */
  snapshot(): string;
  /**
   * The lanes' picture, once an animation frame. `nowMs` is the right edge as `now()` counts, or
   * an earlier moment of the last minute; `width` and `height` are one lane's canvas in CSS
   * pixels; `windowMs` is the time from the left edge to the right one.
   * The view is valid until the next call into the core: use it at once, or copy it.
   */
  draw(nowMs: number, width: number, height: number, windowMs: number): Float32Array;
  /** The texts that `DrawOp.text` of the last drawing names by index. */
  texts(): string[];
  /**
   * The message whose line is nearest to a point of a lane's canvas (CSS pixels), in the picture
   * that `draw` makes with the same numbers: JSON of `PickedMessage`, "null" where none is near.
   */
  pick(
    lane: number,
    x: number,
    y: number,
    nowMs: number,
    width: number,
    height: number,
    windowMs: number,
  ): string;
  /**
   * The message that arrived `step` after message `seq` (before it where that is negative), the
   * first or the newest where there are not so many; the newest where `seq` is 0 or not known.
   * JSON of `PickedMessage`, or "null".
   */
  neighbour(lane: number, seq: number, step: number): string;
  /** Draws a ring around a message from now on; 0 is none. */
  choose(lane: number, seq: number): void;
  /**
   * Asks the server for the bytes in which message `seq` of a lane crossed the wire; 0 is about
   * the lane's newest connection. `answered` gets what `explainWire` takes, perhaps before this
   * returns, and must not throw; another question takes the place of one that is out. Answers
   * whether there is such a lane.
   */
  askWire(
    lane: number,
    seq: number,
    answered: (status: number, body: string, lane: TransportId) => void,
  ): boolean;
  /** Ends the run and frees the core's memory; the object must not be used after it. */
  delete(): void;
}

/** A message on a lane's picture; times since the start of the run, by this machine's clock. */
export interface PickedMessage {
  seq: number;
  sentMs: number;
  arrivedMs: number;
}

/** Bytes of the wire that mean one thing, or bits of a byte. */
export interface WireSpan {
  /** A word for it: "chunk size", "opcode". */
  kind: string;
  /** Text with its control characters, "37 fa" (hex), "0001" (bits), or a remark (omitted). */
  text: string;
  form: "text" | "hex" | "bits" | "omitted";
  /** How many bytes of the wire it stands for; of a byte's bits the first has it. */
  bytes: number;
  /** Everything but the payload. */
  overhead: boolean;
  /** Whether it is of the message that was asked for. */
  chosen: boolean;
  /** A sentence. */
  meaning: string;
  /** The section that says so: "RFC 9112 7.1"; "" where none does. */
  source: string;
}

/** What one side wrote: a head, a body, a frame. */
export interface WireBlock {
  title: string;
  /** "in" is to the server. */
  direction: "in" | "out";
  /** When the server wrote or read it: microseconds since the Unix epoch. */
  atUs: number;
  spans: WireSpan[];
}

/** The bytes in which a message crossed the wire, as the server wrote and read them. */
export interface WireAnswer {
  lane: TransportId;
  seq: number | null;
  /** Why there is nothing to see: a sentence; "" otherwise. */
  error: string;
  /** The lane's connections count from 1. */
  connection: number;
  carrier: "event-stream" | "lines" | "websocket" | "answer" | "unknown";
  /** An answer's messages share its bytes. */
  messages: number;
  /** Of `message`, both ways. */
  bytes: number;
  overhead: number;
  /** What carried the message; of a poll both sides. */
  message: WireBlock[];
  /** The heads with which its connection began; without a message also what came last over it. */
  heads: WireBlock[];
}

/** Over what an endpoint can be followed. */
export type EndpointTransport = "sse-native" | "sse-fetch" | "websocket" | "ndjson" | "short-poll";

/** An endpoint of somebody's server, that a lane of its own follows. */
export interface EndpointSettings {
  /** What the lane is called; default: the address's host and port. */
  name?: string;
  /** An address alone is followed as an event stream over fetch, or as a WebSocket (`ws:`, `wss:`). */
  url: string;
  /**
   * `sse-native`: the browser's EventSource. `sse-fetch`: an event stream over fetch. `ndjson`: lines
   * of any text over fetch. `short-poll`: an address that is asked again and again.
   */
  transport?: EndpointTransport;
  /** Over fetch and polls; default "GET". */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  contentType?: string;
  /** Names of events to listen to besides "message": EventSource shows no other. */
  events?: string[];
  /** Of a WebSocket. */
  subprotocols?: string[];
  /** Milliseconds between the starts of two polls; default 1000, 50 to 3600000. */
  pollMs?: number;
  /**
   * JSON Pointer (RFC 6901) to the time in what comes: seconds, milliseconds, microseconds or
   * nanoseconds since 1970, or a text as in RFC 3339.
   */
  time?: string;
  /** The same to its number: each is one more than the one before. */
  number?: string;
  /** An address that takes a POST of what the reader says beside a stream, and its media type. */
  sendTo?: string;
  sendType?: string;
}

export interface Settings {
  /** Origin of the playground server, `http://localhost:8088`. */
  server: string;
  /** None where there are endpoints alone: then the server is not asked. */
  lanes: TransportId[];
  /** At most 8, beside the lanes; not in a simulated run. */
  endpoints?: EndpointSettings[];
  /** Fields of docs/api.md, Scenario; absent ones take their default. */
  scenario?: Record<string, number | string | Fault[]>;
  /**
   * Messages a second that the page says on each lane: a frame of a WebSocket, a POST elsewhere.
   * They come down on every lane. Default 0, which is none; otherwise 0.1 to 10.
   */
  backRate?: number;
  /** Browser features to do without, as if they were missing. */
  without?: BrowserFeature[];
  /**
   * What a lane falls back to, best first: its own transport, then what stands after it here (all
   * of it where the transport is not named). An empty list is no fallback. Default: each
   * transport's own; WebSocket's is sse, sse-fetch, long-poll, short-poll.
   */
  ladder?: TransportId[];
  /** Milliseconds between the starts of two short polls; default 1000, 50 to 60000. */
  shortPollMs?: number;
  /**
   * Whether lanes may go to the server's lane ports (docs/api.md), past whatever stands before its
   * own address. Default true.
   */
  lanePorts?: boolean;
  /** Whether streams leave out what they say to those on their way (docs/api.md). Default false. */
  plainHeaders?: boolean;
  /** Id of an `EnvironmentInfo`; what it lacks and what goes wrong in it comes on top. */
  environment?: string;
  /** The run happens in the core's own world, in virtual time, with no server at all. */
  simulated?: Simulated;
}

export interface Happening {
  /**
   * `offline`: the device has no network, and says so. `hidden`: nobody looks at the page.
   * `asleep`: the machine sleeps. `restart`: the server is gone, and comes back without its channels.
   * `stop-1`, `stop-2`: of two servers one is gone.
   */
  kind: "offline" | "hidden" | "asleep" | "restart" | "stop-1" | "stop-2";
  /** Seconds from the start of the run, 0 to 86400. */
  afterS: number;
  /** Seconds it lasts, 0.001 to 86400. */
  forS: number;
}

/** A world of its own; the same settings give the same run. */
export interface Simulated {
  /** Default 1, 0 to 4294967295. */
  seed?: number;
  /** Milliseconds there and back; default 40, 0 to 60000. */
  roundTripMs?: number;
  /** Milliseconds at most that a segment is late, each way; default 0, 0 to 60000. */
  jitterMs?: number;
  /** Bytes a second down the line; default 0, which is no limit. */
  bytesPerS?: number;
  /** Of a hundred segments, so many are lost; default 0, 0 to 50. */
  lossPercent?: number;
  /** Default false. */
  tls?: boolean;
  /** Whose request heads and limits; default "chromium". */
  browser?: "chromium" | "firefox";
  /** Version of HTTP; default 1. */
  http?: 1 | 2;
  /** Two share their channels, behind a balancer; default 1. */
  servers?: 1 | 2;
  /** What happens to the device and to the server; at most 100. */
  happenings?: Happening[];
}

export type RunState = "idle" | "connecting" | "running" | "stopped" | "failed";

export interface Snapshot {
  state: RunState;
  /** Why the run failed, or cannot reach its server right now: a sentence; "" where all is well. */
  error: string;
  /** The same as data; null where all is well. */
  trouble: Trouble | null;
  /** Milliseconds since the start of the run. */
  elapsedMs: number;
  /** Whether this is a run in virtual time. */
  simulated: boolean;
  /** The run's channel on the server: "" before there is one, and after the end. */
  channel: string;
  /** Whether a proxy was seen before the server's own address. */
  proxied: boolean;
  /** Of a simulated run with two servers, whether each runs; [] elsewhere. */
  servers: boolean[];
  /** What goes wrong now, by the run's own asking. */
  faults: Fault[];
  /** The same with those that are to come, each with its number for `liftFault`. */
  plannedFaults: { number: number; inForce: boolean; fault: Fault }[];
  /** Messages known to have been sent: the highest sequence number any lane has seen. */
  sent: number;
  /** Server clock minus ours, and how far off that may be, in milliseconds. */
  clock: { offsetMs: number; errorMs: number; samples: number };
  lanes: LaneSnapshot[];
  /** Their lanes come after `lanes`, in this order. */
  endpoints: EndpointSnapshot[];
  decisions: Decision[];
}

export interface LaneSnapshot {
  /** The transport that was asked for. */
  asked: TransportId;
  /** The transport that runs now: another one after a fallback. */
  running: TransportId;
  /** "SSE", or "SSE → long polling" after a fallback. */
  title: string;
  /** What the connection says of itself: "readyState 1 OPEN", "held 4.1 s", "every 1 s · 200". */
  state: string;
  /** Whether a connection or a request is open now. */
  open: boolean;
  /** Where the running transport asks: "http://localhost:8089"; "" before there is a channel. */
  origin: string;
  /** Whether that is a lane port, past whatever stands before the server's own address. */
  ownPort: boolean;
  /** What the server that serves it is called, where several share the channel; "" elsewhere. */
  server: string;
  /**
   * What the browser speaks with that origin, by its newest answer there, as ALPN names it: "http/1.1",
   * "h2", "h3"; "" where the browser does not tell, as of a WebSocket over TLS.
   */
  httpVersion: string;
  /** A better transport that is being tried beside the running one; null without one. */
  probing: TransportId | null;
  /** Milliseconds until a better transport is tried again; null where none will be. */
  nextProbeMs: number | null;
  /** A short tag where the lane is not what it was asked to be; "" otherwise. */
  tag: string;
  /** Whether the tag is trouble (drawn amber). */
  trouble: boolean;
  /**
   * Delay from scheduled send to arrival, clock offset corrected; null without a message. All delays
   * of a run may be off by the same `clock.errorMs`, either way.
   */
  delay: Delay | null;
  messages: number;
  /** From the start of the lane to its first message; null before it. */
  firstMessageMs: number | null;
  /**
   * Counted by the server at the socket, as are connections: behind a proxy, of what passes between
   * it and the server. Null until the server has answered once.
   */
  wire: { bytesIn: number; bytesOut: number } | null;
  /** (bytesIn + bytesOut) per message; null where there is no message or no count. */
  bytesPerMessage: number | null;
  /** bytesPerMessage over the smallest of all lanes: 1 for the best; null as above. */
  bytesRatio: number | null;
  requests: number;
  connections: number;
  reconnects: number;
  missing: number;
  duplicate: number;
  reordered: number;
  /** Messages that came over both transports of a hand-over; each was taken once. */
  overlap: number;
  /** What the page said on the lane; null before it said anything. */
  back: WayBack | null;
}

/**
 * The lane of an endpoint. Its `title` is the endpoint's name. Nobody has compared the server's clock
 * with this machine's, by which its delays count; of its bytes only what the browser shows is known.
 */
export interface EndpointSnapshot extends LaneSnapshot {
  /** Of the newest response; 0 where the browser does not tell. */
  status: number;
  /** Its header fields, a line each, as far as the browser shows them; a WebSocket's subprotocol. */
  fields: string;
  /** Events, messages, lines or answers. */
  items: number;
  /** Of bodies and messages. */
  bytes: number;
  /** Since the newest of them. */
  silentMs: number;
  /** Of an event stream over fetch, as is `retry`. */
  comments: number;
  retryMs: number | null;
  lastEventId: string;
  /** Items without the number that `number` points to: they are in no figure. */
  unnumbered: number;
  /** Items whose time was still to come: the server's clock is ahead. */
  early: number;
  /** Whether `sendText` has somewhere to go. */
  takesText: boolean;
  /** Why it cannot be followed at present: one of docs/reasons.md; null where nothing is known. */
  found: Reason | null;
  /** What came, the newest last; at most 40. */
  entries: EndpointEntry[];
}

export interface EndpointEntry {
  /** From 1; what is missing between two snapshots was not kept. */
  number: number;
  /** Milliseconds since the start of the run. */
  atMs: number;
  /**
   * `asked`: a request went out, with `id` as its last event id. `head`: a response, or `open`.
   * `item`. `comment` and `retry` (`size` milliseconds) of an event stream over fetch. `ended`:
   * `text` says how. `sent`: by the reader. `answered`: the POST, with `status`, 0 without an answer.
   */
  kind: "asked" | "head" | "item" | "comment" | "retry" | "ended" | "sent" | "answered";
  /** Since the item before; null of the first, and of what is none. */
  sinceMs: number | null;
  event: string;
  id: string;
  /** Its beginning, 400 bytes at most; bytes as hexadecimal digits where `binary`. */
  text: string;
  binary: boolean;
  /** Of all of it, in bytes. */
  size: number;
  status: number;
}

export interface WayBack {
  said: number;
  /** Of those, how many have come down on the lane again. */
  heard: number;
  /** From saying it to hearing it; null before the first was heard. */
  roundTrip: Delay | null;
}

export interface Delay {
  medianMs: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /**
   * All delays of the run: the largest that a part can hold, and how many are in it. Parts are an
   * eighth of a power of two wide, ascend, and are never empty.
   */
  parts: [largestMs: number, count: number][];
}

/** Why there is no channel, or its server cannot be reached. */
export interface Trouble {
  /** One of docs/reasons.md, with its parameters. */
  reason: Reason;
  parameters: Record<string, unknown>;
  /** What is so, in a few words. */
  title: string;
  /** Sentences: how that is known, and what can be done. */
  text: string;
}

export interface Decision {
  /** From 1 within a run. */
  number: number;
  /** Milliseconds since the start of the run. */
  atMs: number;
  /** null where the decision concerns all lanes. */
  lane: TransportId | null;
  /** The name of the endpoint that the lane follows; null where it follows none. */
  endpoint: string | null;
  /** One of docs/reasons.md, with its parameters. */
  reason: Reason;
  parameters: Record<string, unknown>;
  /** A sentence, with **strong** words between two asterisks. */
  text: string;
  trouble: boolean;
}
