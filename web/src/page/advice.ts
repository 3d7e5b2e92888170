import type { LaneSnapshot, TransportId, TransportInfo } from "../contract/core-module.js";
import { TRANSPORTS } from "../contract/tables.js";
import { faceOf, streams } from "../contract/transports.js";
import { bytes, count, duration, ratio, spoken } from "../text/figures.js";
import { has, type BrowserSupport, type SupportedFeature } from "./browser-support.js";
import type { FactId } from "./facts.js";
import type { ColumnId } from "./run-columns.js";

/** What somebody needs of a transport. */
export interface Needs {
  /** What the page sends: nothing, a request now and then, or much and often. */
  readonly direction: "down" | "sometimes" | "often";
  readonly binary: boolean;
  /** Request headers of its own, such as Authorization. */
  readonly headers: boolean;
  readonly audience: readonly Audience[];
  readonly proxies: readonly ProxyTrouble[];
  readonly http: 1 | 2;
  /** Streams that one browser holds to one host at once: tabs, widgets. */
  readonly streams: number;
  readonly host: HostId;
  /** Milliseconds that 95 of 100 messages may take; 0 is any. */
  readonly delayMs: number;
}

export type Audience = "ie" | "old-edge" | "mini-program" | "react-native";
export type ProxyTrouble = "buffering" | "no-upgrade" | "unknown";
export type HostId = "own" | "nginx" | "alb" | "gateway" | "cloudflare" | "heroku" | "google";

export const INITIAL_NEEDS: Needs = {
  direction: "down",
  binary: false,
  headers: false,
  audience: [],
  proxies: [],
  http: 1,
  streams: 1,
  host: "own",
  delayMs: 0,
};

/** Where a reason can be looked up. */
export type Evidence =
  | { readonly kind: "figure"; readonly lane: TransportId; readonly column: ColumnId }
  | { readonly kind: "fact"; readonly fact: FactId }
  | { readonly kind: "support"; readonly feature: SupportedFeature; readonly browser: string };

export interface Reason {
  readonly text: string;
  /** What it adds to the score; -Infinity rules the transport out. */
  readonly points: number;
  readonly evidence: Evidence;
}

export interface Candidate {
  readonly id: TransportId;
  readonly score: number;
  readonly ruledOut: boolean;
  readonly reasons: readonly Reason[];
}

export interface Advice {
  /** Best first; those that are ruled out last. */
  readonly ranking: readonly Candidate[];
  /** What to configure: each does with less than the one before it. */
  readonly ladder: readonly TransportId[];
  /** Seconds between heartbeats, and that a long poll is held. */
  readonly heartbeatS: number;
  readonly holdS: number;
}

/** Between two delays: less than this is the machine's mood. */
const NOTICED_MS = 20;
const OUT = Number.NEGATIVE_INFINITY;

/** A plain page's EventSource is advised as the one that we reconnect. */
const ADVISED = TRANSPORTS.filter(({ reconnectsItself }) => !reconnectsItself);
/** Where scores are equal: both ways first, then streams, then polls that are held. */
const CANDIDATES: readonly TransportInfo[] = [
  ...ADVISED.filter(({ twoWay }) => twoWay),
  ...ADVISED.filter(streams),
  ...ADVISED.filter(({ polls }) => polls).reverse(),
];

/** After how many seconds of silence a host cuts; null where nothing does. */
export const HOSTS: Readonly<
  Record<HostId, { title: string; idleS: number | null; fact: FactId | null }>
> = {
  own: { title: "nothing in between", idleS: null, fact: null },
  nginx: { title: "nginx as it comes (60 s)", idleS: 60, fact: "nginxIdle" },
  alb: { title: "AWS load balancer (60 s)", idleS: 60, fact: "albIdle" },
  gateway: { title: "API Gateway WebSocket (10 min, 2 h)", idleS: 600, fact: "gatewayIdle" },
  cloudflare: { title: "Cloudflare (100 s)", idleS: 100, fact: "cloudflareIdle" },
  heroku: { title: "Heroku (55 s)", idleS: 55, fact: "herokuIdle" },
  google: { title: "Google load balancer (30 s)", idleS: 30, fact: "googleIdle" },
};

/** Versions that stand for the old browsers somebody may still have to serve. */
const OLD_BROWSERS = {
  ie: { browser: "ie", version: 11, title: "Internet Explorer 11" },
  "old-edge": { browser: "edge", version: 18, title: "Edge 18" },
} as const;

/** Ranks every transport by the needs and by what the run measured of it. */
export function advise(
  needs: Needs,
  lanes: readonly LaneSnapshot[],
  support: BrowserSupport,
): Advice {
  const ranking = CANDIDATES.map((way): Candidate => {
    const reasons = [
      ofDirection(way, needs),
      ...ofContent(way, needs),
      ...ofAudience(way, needs, support),
      ...ofProxies(way, needs),
      ofConnections(way, needs),
      ofHost(way, needs),
      ...ofFigures(way, needs, lanes),
    ]
      .filter((reason) => reason !== null)
      .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
    const score = reasons.reduce((sum, { points }) => sum + points, 0);
    return { id: way.id, score, ruledOut: score === OUT, reasons };
  });
  // Equal scores keep the order of CANDIDATES.
  ranking.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score));
  const idle = HOSTS[needs.host].idleS ?? 60;
  return {
    ranking,
    ladder: ladderOf(ranking),
    heartbeatS: Math.min(15, Math.floor(idle / 2)),
    holdS: Math.min(25, idle - 5),
  };
}

/** The best, then those that ask less of what is in between, as far as they may be used. */
function ladderOf(ranking: readonly Candidate[]): readonly TransportId[] {
  const usable = ranking.filter(({ ruledOut }) => !ruledOut).map(({ id }) => id);
  const best = usable[0];
  return best === undefined ? [] : faceOf(best).ladder.filter((id) => usable.includes(id));
}

function fact(text: string, points: number, id: FactId): Reason {
  return { text, points, evidence: { kind: "fact", fact: id } };
}

function ofDirection({ twoWay, needs }: TransportInfo, { direction }: Needs): Reason | null {
  if (direction === "often") {
    if (twoWay) return fact("Sends on the connection that is already open.", 3, "frames");
    const words = "What the page sends needs a request each time, with a head of its own.";
    return fact(words, -1, "frames");
  }
  if (direction === "sometimes") {
    if (!twoWay) return null;
    return fact("Both directions, though ordinary requests would do.", 0.5, "frames");
  }
  if (needs === "EventSource") {
    const words = "Made for this direction: the browser resumes after the last event.";
    return fact(words, 1.5, "resume");
  }
  if (!twoWay) return null;
  return fact("Reconnecting and resuming are yours to write.", -0.5, "noResume");
}

function ofContent(way: TransportInfo, { binary, headers }: Needs): Reason[] {
  const reasons: Reason[] = [];
  if (binary && way.twoWay) {
    reasons.push(fact("Binary frames, as they are.", 2, "frames"));
  } else if (binary && streams(way)) {
    reasons.push(fact("Text only: binary data goes as base64, a third larger.", -2, "textOnly"));
  }
  if (headers && way.needs === "EventSource") {
    reasons.push(fact("EventSource cannot send headers of your own.", OUT, "noHeaders"));
  } else if (headers && way.twoWay) {
    reasons.push(
      fact("No headers: a token has to go in a cookie or the first message.", -2, "socketHeaders"),
    );
  }
  return reasons;
}

function ofAudience(way: TransportInfo, { audience }: Needs, support: BrowserSupport): Reason[] {
  const reasons: Reason[] = [];
  const feature = way.needs === "fetch" ? "fetchStreams" : way.needs;
  for (const old of ["ie", "old-edge"] as const) {
    const { browser, version, title } = OLD_BROWSERS[old];
    if (!audience.includes(old)) continue;
    if (has(support, feature, browser, version)) continue;
    const what = feature === "fetchStreams" ? "streams from fetch" : feature;
    const evidence = { kind: "support", feature, browser } as const;
    reasons.push({ text: `${title} has no ${what}.`, points: OUT, evidence });
  }
  if (audience.includes("mini-program")) {
    if (way.needs === "EventSource")
      reasons.push(fact("A mini-program has no EventSource.", OUT, "miniProgram"));
    else if (way.twoWay) {
      reasons.push(fact("A mini-program may hold five sockets.", 0.5, "miniProgram"));
    } else if (streams(way)) {
      reasons.push(
        fact("A mini-program reads chunks through its own call, 60 s at most.", -2, "miniProgram"),
      );
    }
  }
  if (audience.includes("react-native")) {
    if (way.twoWay) reasons.push(fact("Built into React Native.", 1, "reactNative"));
    else if (streams(way)) {
      const lacks = way.needs === "EventSource" ? "EventSource" : "body streams in fetch";
      reasons.push(fact(`React Native has no ${lacks}.`, OUT, "reactNative"));
    }
  }
  return reasons;
}

function ofProxies(way: TransportInfo, { proxies }: Needs): Reason[] {
  const reasons: Reason[] = [];
  if (proxies.includes("buffering")) {
    if (streams(way)) {
      reasons.push(
        fact(
          "Behind a buffering proxy it is open and silent: an answer must end to pass.",
          -4,
          "nginxBuffers",
        ),
      );
    } else if (way.polls) {
      reasons.push(
        fact("Its answers end, so a buffering proxy passes them on.", 1.5, "answersEnd"),
      );
    }
  }
  if (proxies.includes("no-upgrade") && way.twoWay) {
    reasons.push(fact("The Upgrade is not passed on, so it is refused.", OUT, "nginxUpgrade"));
  }
  if (proxies.includes("unknown")) {
    if (way.twoWay) {
      reasons.push(fact("Some company proxies refuse or swallow the Upgrade.", -1, "nginxUpgrade"));
    } else if (streams(way)) {
      reasons.push(fact("Some company proxies hold a stream back.", -1, "nginxBuffers"));
    } else if (way.holds) {
      reasons.push(fact("Passes wherever ordinary requests pass.", 1, "answersEnd"));
    }
  }
  return reasons;
}

function ofConnections(way: TransportInfo, { http, streams: tabs }: Needs): Reason | null {
  if (http === 2) {
    return way.twoWay
      ? fact("Opens a connection of its own beside HTTP/2’s.", -0.5, "socketOverHttp2")
      : fact("Shares one connection with everything else over HTTP/2.", 0.5, "sixConnections");
  }
  if ((way.polls && !way.holds) || tabs < 4) return null;
  const number = count(tabs);
  if (way.twoWay) return fact(`${number} at once are far below its limit.`, 1, "socketLimit");
  return tabs >= 6
    ? fact(
        `With ${number} at once no request gets through: a browser opens six.`,
        -4,
        "sixConnections",
      )
    : fact(`${number} of the browser’s six connections stay taken.`, -1, "sixConnections");
}

function ofHost(way: TransportInfo, { host }: Needs): Reason | null {
  const { idleS, fact: source } = HOSTS[host];
  if (source === null || idleS === null) return null;
  if (host === "gateway") {
    if (!way.twoWay) return null;
    return fact("Cut after 2 h whatever you do: it has to reconnect.", -0.5, source);
  }
  if (way.polls && !way.holds) {
    return fact("Its requests are over long before the cut.", 0.5, source);
  }
  if (host === "google" && !way.holds) {
    return fact("Cut after 30 s unless the timeout is raised.", -2, source);
  }
  if (way.holds) return fact(`Holds each request for less than ${idleS} s.`, 0, source);
  return fact(`Silence is cut after ${idleS} s: it needs heartbeats.`, -0.25, source);
}

/** A lane's median in words, with how it compares where that can be felt, and what it is worth. */
function againstBest(
  { medianMs }: { medianMs: number },
  all: readonly ({ medianMs: number } | null)[],
): { words: string; points: number } {
  const least = Math.min(...all.flatMap((each) => each?.medianMs ?? []));
  const words = spoken(duration(medianMs));
  const times = medianMs / Math.max(least, 1);
  if (times <= 2 || medianMs - least <= NOTICED_MS) return { words, points: 0.5 };
  return {
    words: `${words}, ${ratio(times)} the best`,
    points: -Math.min(3, Math.log2(times) / 3),
  };
}

/** What the run says of a lane, against the best of the run. */
function ofFigures(way: TransportInfo, needs: Needs, lanes: readonly LaneSnapshot[]): Reason[] {
  // A plain page's EventSource tells of SSE where no better lane ran.
  const asked = lanes.find((lane) => lane.asked === way.id);
  const lane =
    asked ??
    lanes.find((each) => way.needs === "EventSource" && faceOf(each.asked).needs === way.needs);
  if (lane === undefined || lane.messages === 0) return [];
  const reasons: Reason[] = [];
  const add = (text: string, points: number, column: ColumnId): void => {
    reasons.push({ text, points, evidence: { kind: "figure", lane: lane.asked, column } });
  };
  if (lane.running !== lane.asked) {
    add(`It did not hold in this run: ${lane.title}.`, -4, "reconnects");
  } else if (lane.delay !== null) {
    const { words, points } = againstBest(
      lane.delay,
      lanes.map(({ delay }) => delay),
    );
    add(`Half of its messages arrived within ${words}.`, points, "median");
  }
  if (needs.delayMs > 0 && lane.delay !== null) {
    const p95 = spoken(duration(lane.delay.p95Ms));
    const late = lane.delay.p95Ms > needs.delayMs;
    const words = late ? "more" : "less";
    add(`95 of 100 took ${p95} or less, ${words} than you allow.`, late ? -5 : 0.5, "p95");
  }
  if (lane.bytesPerMessage !== null && lane.bytesRatio !== null) {
    const each = spoken(bytes(lane.bytesPerMessage));
    if (lane.bytesRatio < 1.3) add(`${each} a message.`, 0.5, "bytes");
    else {
      const points = -Math.min(2, Math.log2(lane.bytesRatio) / 2);
      add(`${each} a message, ${ratio(lane.bytesRatio)} the least.`, points, "bytes");
    }
  }
  const roundTrip = lane.back?.roundTrip ?? null;
  if (needs.direction !== "down" && roundTrip !== null) {
    const { words, points } = againstBest(
      roundTrip,
      lanes.map(({ back }) => back?.roundTrip ?? null),
    );
    add(`What the page said was back within ${words}.`, points, "roundTrip");
  }
  if (lane.missing > 0) {
    add(`${count(lane.missing)} messages were missing in this run.`, -2, "missing");
  }
  return reasons;
}
