import { FACTS } from "../../../web/src/page/facts";

export interface Source {
  readonly source: string;
  readonly address: string;
  /** When it was read there; a standard does not change. */
  readonly read?: string;
}

/** Standards and articles that the guide cites beside the page's facts. */
const RFC = "https://www.rfc-editor.org/rfc";
const HTML = "https://html.spec.whatwg.org/multipage/server-sent-events.html";

const OWN: Readonly<Record<string, Source>> = {
  frameHeads: {
    source: "RFC 6455 5.2: base framing protocol",
    address: `${RFC}/rfc6455#section-5.2`,
  },
  handshake: { source: "RFC 6455 4: opening handshake", address: `${RFC}/rfc6455#section-4` },
  originCheck: {
    source: "RFC 6455 10.2: origin considerations",
    address: `${RFC}/rfc6455#section-10.2`,
  },
  pings: { source: "RFC 6455 5.5.2: Ping", address: `${RFC}/rfc6455#section-5.5.2` },
  persistence: { source: "RFC 9112 9.3: persistence", address: `${RFC}/rfc9112#section-9.3` },
  chunks: {
    source: "RFC 9112 7.1: chunked transfer coding",
    address: `${RFC}/rfc9112#section-7.1`,
  },
  hpack: { source: "RFC 7541: header compression for HTTP/2", address: `${RFC}/rfc7541` },
  maxStreams: {
    source: "RFC 9113 6.5.2: SETTINGS_MAX_CONCURRENT_STREAMS, best no smaller than 100",
    address: `${RFC}/rfc9113#section-6.5.2`,
  },
  socketInStream: { source: "RFC 8441: WebSockets with HTTP/2", address: `${RFC}/rfc8441` },
  socketInHttp3: { source: "RFC 9220: WebSockets with HTTP/3", address: `${RFC}/rfc9220` },
  quic: { source: "RFC 9000: streams of QUIC", address: `${RFC}/rfc9000#section-2` },
  retryAfter: { source: "RFC 9110 10.2.3: Retry-After", address: `${RFC}/rfc9110#section-10.2.3` },
  base64: { source: "RFC 4648 4: base64", address: `${RFC}/rfc4648#section-4` },
  reconnects: {
    source: "WHATWG HTML 9.2.3: reestablish and fail the connection",
    address: `${HTML}#sse-processing-model`,
    read: "2026-11-29",
  },
  comments: {
    source: "WHATWG HTML 9.2.6 and 9.2.7: comments are ignored, one every 15 seconds or so",
    address: `${HTML}#authoring-notes`,
    read: "2026-11-29",
  },
  streamGrammar: {
    source: "WHATWG HTML 9.2.5: the event stream’s grammar",
    address: `${HTML}#parsing-an-event-stream`,
    read: "2026-11-29",
  },
  hiddenTimers: {
    source: "Chrome Platform Status: intensive throttling of timers, since Chrome 86",
    address: "https://chromestatus.com/feature/4718288976216064",
    read: "2026-11-29",
  },
  quickThrottling: {
    source: "Chrome Platform Status: throttling after ten seconds where a page is fully loaded",
    address: "https://chromestatus.com/feature/5580139453743104",
    read: "2026-11-29",
  },
  backPressure: {
    source: "WebSocketStream explained: the WebSocket API has no back-pressure",
    address: "https://github.com/ricea/websocketstream-explainer",
    read: "2026-11-29",
  },
  memoryArticle: {
    source: "An article’s benchmark: 52 KB a WebSocket, 31 KB an event stream, in Rust with Axum",
    address: "https://rexai.top/en/tutorials/rust/sse-vs-websocket-guide/",
    read: "2026-11-29",
  },
  quantumLeap: {
    source: "A quantum leap in scalability: kilobytes reduced to 2 bytes (websocket.org)",
    address: "http://www.websocket.org/quantum.html",
    read: "2026-11-29",
  },
  hundredMs: {
    source: "A handbook: TCP, TLS and HTTP, about 100 ms for each message delivered",
    address:
      "https://dummy-bug.github.io/system-design-handbook/11-Case-Studies/03-WhatsApp/04-Real-Time-Comms/06-Comparison/",
    read: "2026-11-29",
  },
};

const SOURCES: Readonly<Record<string, Source>> = { ...FACTS, ...OWN };

/** A source that does not exist ends the build. */
export function sourceOf(id: string): Source {
  const source = SOURCES[id];
  if (source === undefined) throw new Error(`there is no source ${id}`);
  return source;
}
