import type { LaneSnapshot, TransportId, TransportInfo } from "../contract/core-module.js";
import { streams } from "../contract/transports.js";
import { has, type BrowserSupport, type SupportedFeature } from "./browser-support.js";
import { HOSTS, type FactId, type HostId, type Limits } from "./facts.js";
import type { ColumnId } from "./run-columns.js";
import { INFOS, infoOf } from "./transport-info.js";

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
  /** Seconds of silence after which a check has seen connections cut; null where none has. */
  readonly idleS: number | null;
}

export type Audience = "ie" | "old-edge" | "mini-program" | "react-native";
export type ProxyTrouble = "buffering" | "no-upgrade" | "unknown";

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
  idleS: null,
};

/** Where a reason can be looked up. */
export type Evidence =
  | { readonly kind: "figure"; readonly lane: TransportId; readonly column: ColumnId }
  | { readonly kind: "fact"; readonly fact: FactId }
  | { readonly kind: "check" }
  | { readonly kind: "support"; readonly feature: SupportedFeature; readonly browser: string };

/** A delay that was measured, and how far off the clocks may be. */
export interface MeasuredDelay {
  readonly ms: number;
  readonly errorMs: number;
}

/** At least so many times the best; null where the difference cannot be felt. */
interface AgainstBest {
  readonly times: number | null;
}

type None = Readonly<Record<never, never>>;
interface Counted {
  readonly count: number;
}
interface Lasting {
  readonly seconds: number;
}

/** Every reason there is, with what its sentence has (advice-words.ts). */
export interface ReasonParameters {
  sendsOnOpenConnection: None;
  requestEachTime: None;
  bothWays: None;
  browserResumes: None;
  resumingIsYours: None;
  binaryFrames: None;
  base64: None;
  noHeaders: None;
  tokenElsewhere: None;
  browserLacks: {
    readonly browser: keyof typeof OLD_BROWSERS;
    readonly feature: SupportedFeature;
  };
  miniProgramLacks: None;
  miniProgramSockets: Counted;
  miniProgramChunks: Lasting;
  nativeSocket: None;
  nativeLacks: { readonly feature: SupportedFeature };
  silentBehindBuffer: None;
  answersPassBuffer: None;
  upgradeNotPassed: None;
  upgradeAtRisk: None;
  streamAtRisk: None;
  passesAsRequest: None;
  ownConnection: None;
  sharesConnection: None;
  belowSocketLimit: Counted;
  noConnectionLeft: Counted;
  connectionsTaken: Counted;
  overBeforeCut: None;
  heldLess: Lasting;
  hostBuffers: { readonly unless: "header" | "setting" };
  hostPassesNoUpgrade: None;
  cutInAnyCase: Lasting & { readonly raisable: boolean };
  silenceCut: Lasting;
  fellBack: { readonly title: string };
  median: MeasuredDelay & AgainstBest;
  percentile95: MeasuredDelay & { readonly late: boolean };
  bytes: { readonly bytes: number; readonly times: number | null };
  roundTrip: MeasuredDelay & AgainstBest;
  missing: Counted;
}

export type ReasonId = keyof ReasonParameters;

export interface Reason<Id extends ReasonId = ReasonId> {
  readonly reason: Id;
  readonly parameters: ReasonParameters[Id];
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
const ADVISED = INFOS.filter(({ reconnectsItself }) => !reconnectsItself);
/** Where scores are equal: both ways first, then streams, then polls that are held. */
const CANDIDATES: readonly TransportInfo[] = [
  ...ADVISED.filter(({ twoWay }) => twoWay),
  ...ADVISED.filter(streams),
  ...ADVISED.filter(({ polls }) => polls).reverse(),
];

/** Versions that stand for the old browsers somebody may still have to serve. */
const OLD_BROWSERS = {
  ie: { browser: "ie", version: 11 },
  "old-edge": { browser: "edge", version: 18 },
} as const;

/** A lifetime below this many seconds is no life for a stream. */
const SHORT_LIFE_S = 60;
/** Between two heartbeats, and that a long poll is held, where nothing asks for less. */
const HEARTBEAT_S = 15;
const HOLD_S = 25;

/**
 * Ranks every transport by the needs and by what the run measured of it; `clockErrorMs` is how far
 * off its clocks may have been.
 */
export function advise(
  needs: Needs,
  lanes: readonly LaneSnapshot[],
  support: BrowserSupport,
  clockErrorMs = 0,
): Advice {
  const ranking = CANDIDATES.map((way): Candidate => {
    const reasons = [
      ofDirection(way, needs),
      ...ofContent(way, needs),
      ...ofAudience(way, needs, support),
      ...ofProxies(way, needs),
      ofConnections(way, needs),
      ...ofHost(way, needs),
      ...ofFigures(way, needs, lanes, clockErrorMs),
    ]
      .filter((reason) => reason !== null)
      .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
    const score = reasons.reduce((sum, { points }) => sum + points, 0);
    return { id: way.id, score, ruledOut: score === OUT, reasons };
  });
  // Equal scores keep the order of CANDIDATES.
  ranking.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score));
  const host = HOSTS[needs.host];
  const checkedS = needs.idleS ?? Infinity;
  const idleS = Math.min(
    checkedS,
    host?.streams.idleS ?? Infinity,
    host?.sockets.idleS ?? Infinity,
  );
  return {
    ranking,
    ladder: ladderOf(ranking),
    heartbeatS: Math.max(1, Math.min(HEARTBEAT_S, Math.floor(idleS / 2))),
    holdS: Math.min(
      HOLD_S,
      Math.max(1, Math.floor((checkedS * 3) / 4)),
      (host?.answers.withinS ?? Infinity) - 5,
    ),
  };
}

/** The best, then those that ask less of what is in between, as far as they may be used. */
function ladderOf(ranking: readonly Candidate[]): readonly TransportId[] {
  const usable = ranking.filter(({ ruledOut }) => !ruledOut).map(({ id }) => id);
  const best = usable[0];
  return best === undefined ? [] : infoOf(best).ladder.filter((id) => usable.includes(id));
}

function fact<Id extends ReasonId>(
  reason: Id,
  parameters: ReasonParameters[Id],
  points: number,
  id: FactId,
): Reason {
  return { reason, parameters, points, evidence: { kind: "fact", fact: id } };
}

function ofDirection({ twoWay, needs }: TransportInfo, { direction }: Needs): Reason | null {
  if (direction === "often") {
    return twoWay
      ? fact("sendsOnOpenConnection", {}, 3, "frames")
      : fact("requestEachTime", {}, -1, "frames");
  }
  if (direction === "sometimes") return twoWay ? fact("bothWays", {}, 0.5, "frames") : null;
  if (needs === "EventSource") return fact("browserResumes", {}, 1.5, "resume");
  return twoWay ? fact("resumingIsYours", {}, -0.5, "noResume") : null;
}

function ofContent(way: TransportInfo, { binary, headers }: Needs): Reason[] {
  const reasons: Reason[] = [];
  if (binary && way.twoWay) reasons.push(fact("binaryFrames", {}, 2, "frames"));
  else if (binary && streams(way)) reasons.push(fact("base64", {}, -2, "textOnly"));
  if (headers && way.needs === "EventSource") {
    reasons.push(fact("noHeaders", {}, OUT, "noHeaders"));
  } else if (headers && way.twoWay) {
    reasons.push(fact("tokenElsewhere", {}, -2, "socketHeaders"));
  }
  return reasons;
}

function ofAudience(way: TransportInfo, { audience }: Needs, support: BrowserSupport): Reason[] {
  const reasons: Reason[] = [];
  const feature = way.needs === "fetch" ? "fetchStreams" : way.needs;
  for (const old of ["ie", "old-edge"] as const) {
    const { browser, version } = OLD_BROWSERS[old];
    if (!audience.includes(old)) continue;
    if (has(support, feature, browser, version)) continue;
    const parameters = { browser: old, feature };
    const evidence = { kind: "support", feature, browser } as const;
    reasons.push({ reason: "browserLacks", parameters, points: OUT, evidence });
  }
  if (audience.includes("mini-program")) {
    if (way.needs === "EventSource") {
      reasons.push(fact("miniProgramLacks", {}, OUT, "miniProgram"));
    } else if (way.twoWay) {
      reasons.push(fact("miniProgramSockets", { count: 5 }, 0.5, "miniProgram"));
    } else if (streams(way)) {
      reasons.push(fact("miniProgramChunks", { seconds: 60 }, -2, "miniProgram"));
    }
  }
  if (audience.includes("react-native")) {
    if (way.twoWay) reasons.push(fact("nativeSocket", {}, 1, "reactNative"));
    else if (streams(way)) reasons.push(fact("nativeLacks", { feature }, OUT, "reactNative"));
  }
  return reasons;
}

function ofProxies(way: TransportInfo, { proxies, idleS }: Needs): Reason[] {
  const reasons: Reason[] = [];
  if (idleS !== null && !way.polls) {
    const parameters = { seconds: idleS };
    reasons.push({
      reason: "silenceCut",
      parameters,
      points: -0.25,
      evidence: { kind: "check" },
    });
  }
  if (proxies.includes("buffering")) {
    if (streams(way)) reasons.push(fact("silentBehindBuffer", {}, -4, "nginxBuffers"));
    else if (way.polls) reasons.push(fact("answersPassBuffer", {}, 1.5, "answersEnd"));
  }
  if (proxies.includes("no-upgrade") && way.twoWay) {
    reasons.push(fact("upgradeNotPassed", {}, OUT, "nginxUpgrade"));
  }
  if (proxies.includes("unknown")) {
    if (way.twoWay) reasons.push(fact("upgradeAtRisk", {}, -1, "nginxUpgrade"));
    else if (streams(way)) reasons.push(fact("streamAtRisk", {}, -1, "nginxBuffers"));
    else if (way.holds) reasons.push(fact("passesAsRequest", {}, 1, "answersEnd"));
  }
  return reasons;
}

function ofConnections(way: TransportInfo, { http, streams: count }: Needs): Reason | null {
  if (http === 2) {
    return way.twoWay
      ? fact("ownConnection", {}, -0.5, "socketOverHttp2")
      : fact("sharesConnection", {}, 0.5, "sixConnections");
  }
  if ((way.polls && !way.holds) || count < 4) return null;
  if (way.twoWay) return fact("belowSocketLimit", { count }, 1, "socketLimit");
  return count >= 6
    ? fact("noConnectionLeft", { count }, -4, "sixConnections")
    : fact("connectionsTaken", { count }, -1, "sixConnections");
}

function ofHost(way: TransportInfo, { host: id }: Needs): Reason[] {
  const host = HOSTS[id];
  if (host === null) return [];
  if (way.polls) {
    const { withinS, fact: source } = host.answers;
    return way.holds
      ? [fact("heldLess", { seconds: withinS }, 0.5, source)]
      : [fact("overBeforeCut", {}, 0.5, source)];
  }
  return ofLimits(way.twoWay ? host.sockets : host.streams);
}

function ofLimits(limits: Limits): Reason[] {
  const { idleS, lifetimeS, raisable = false, buffersUnless, upgradeUnless, fact: source } = limits;
  const reasons: Reason[] = [];
  if (buffersUnless !== undefined) {
    // A header is one line of the server's; a setting is another host, configured anew.
    const { by, fact: buffers } = buffersUnless;
    reasons.push(fact("hostBuffers", { unless: by }, by === "header" ? -0.5 : -2, buffers));
  }
  if (upgradeUnless !== undefined) {
    reasons.push(fact("hostPassesNoUpgrade", {}, -0.5, upgradeUnless.fact));
  }
  if (lifetimeS !== undefined) {
    const points = lifetimeS < SHORT_LIFE_S ? -2 : -0.5;
    reasons.push(fact("cutInAnyCase", { seconds: lifetimeS, raisable }, points, source));
  }
  if (idleS !== undefined) reasons.push(fact("silenceCut", { seconds: idleS }, -0.25, source));
  return reasons;
}

/**
 * How many times the best a delay is, and what that is worth. The clocks' error is the same in all
 * delays of a run: they are that many times the best at least.
 */
function againstBest(
  ms: number,
  all: readonly (number | undefined)[],
  errorMs: number,
): AgainstBest & { readonly points: number } {
  const least = Math.min(...all.flatMap((each) => each ?? []));
  const times = (ms + errorMs) / Math.max(least + errorMs, 1);
  if (times <= 2 || ms - least <= NOTICED_MS) return { times: null, points: 0.5 };
  return { times, points: -Math.min(3, Math.log2(times) / 3) };
}

/** What the run says of a lane, against the best of the run. */
function ofFigures(
  way: TransportInfo,
  needs: Needs,
  lanes: readonly LaneSnapshot[],
  errorMs: number,
): Reason[] {
  // A plain page's EventSource tells of SSE where no better lane ran.
  const asked = lanes.find((lane) => lane.asked === way.id);
  const lane =
    asked ??
    lanes.find((each) => way.needs === "EventSource" && infoOf(each.asked).needs === way.needs);
  if (lane === undefined || lane.messages === 0) return [];
  const reasons: Reason[] = [];
  const add = <Id extends ReasonId>(
    reason: Id,
    parameters: ReasonParameters[Id],
    points: number,
    column: ColumnId,
  ): void => {
    const evidence = { kind: "figure", lane: lane.asked, column } as const;
    reasons.push({ reason, parameters, points, evidence });
  };
  if (lane.running !== lane.asked) {
    add("fellBack", { title: lane.title }, -4, "reconnects");
  } else if (lane.delay !== null) {
    const ms = lane.delay.medianMs;
    const all = lanes.map(({ delay }) => delay?.medianMs);
    const { times, points } = againstBest(ms, all, errorMs);
    add("median", { ms, errorMs, times }, points, "median");
  }
  if (needs.delayMs > 0 && lane.delay !== null) {
    const ms = lane.delay.p95Ms;
    const late = ms > needs.delayMs;
    add("percentile95", { ms, errorMs, late }, late ? -5 : 0.5, "p95");
  }
  if (lane.bytesPerMessage !== null && lane.bytesRatio !== null) {
    const noticed = lane.bytesRatio >= 1.3;
    const points = noticed ? -Math.min(2, Math.log2(lane.bytesRatio) / 2) : 0.5;
    const times = noticed ? lane.bytesRatio : null;
    add("bytes", { bytes: lane.bytesPerMessage, times }, points, "bytes");
  }
  const roundTrip = lane.back?.roundTrip ?? null;
  if (needs.direction !== "down" && roundTrip !== null) {
    // Measured by one clock.
    const ms = roundTrip.medianMs;
    const all = lanes.map(({ back }) => back?.roundTrip?.medianMs);
    const { times, points } = againstBest(ms, all, 0);
    add("roundTrip", { ms, errorMs: 0, times }, points, "roundTrip");
  }
  if (lane.missing > 0) add("missing", { count: lane.missing }, -2, "missing");
  return reasons;
}
