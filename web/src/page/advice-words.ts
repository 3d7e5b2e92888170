import { bytes, count, delayInWords, ratio, spoken } from "../text/figures.js";
import type { Reason, ReasonId, ReasonParameters } from "./advice.js";
import type { SupportedFeature } from "./browser-support.js";

const BROWSERS = { ie: "Internet Explorer 11", "old-edge": "Edge 18" } as const;

const inside = (feature: SupportedFeature): string =>
  feature === "fetchStreams" ? "streams from fetch" : feature;

/** "30 s", "15 min", "2 h" */
function lasting(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}

const times = (value: number | null, what: string): string =>
  value === null ? "" : `, ${ratio(value)} the ${what}`;

const delay = ({ ms, errorMs }: { ms: number; errorMs: number }): string =>
  delayInWords(ms, errorMs);

const WORDS: { readonly [Id in ReasonId]: (parameters: ReasonParameters[Id]) => string } = {
  sendsOnOpenConnection: () => "Sends on the connection that is already open.",
  requestEachTime: () => "What the page sends needs a request each time, with a head of its own.",
  bothWays: () => "Both directions, though ordinary requests would do.",
  browserResumes: () => "Made for this direction: the browser resumes after the last event.",
  resumingIsYours: () => "Reconnecting and resuming are yours to write.",
  binaryFrames: () => "Binary frames, as they are.",
  base64: () => "Text only: binary data goes as base64, a third larger.",
  noHeaders: () => "EventSource cannot send headers of your own.",
  tokenElsewhere: () => "No headers: a token has to go in a cookie or the first message.",
  browserLacks: ({ browser, feature }) => `${BROWSERS[browser]} has no ${inside(feature)}.`,
  miniProgramLacks: () => "A mini-program has no EventSource.",
  miniProgramSockets: (all) => `A mini-program may hold ${count(all.count)} sockets.`,
  miniProgramChunks: ({ seconds }) =>
    `A mini-program reads chunks through its own call, ${lasting(seconds)} at most.`,
  nativeSocket: () => "Built into React Native.",
  nativeLacks: ({ feature }) => `React Native has no ${inside(feature)}.`,
  silentBehindBuffer: () =>
    "Behind a buffering proxy it is open and silent: an answer must end to pass.",
  answersPassBuffer: () => "Its answers end, so a buffering proxy passes them on.",
  upgradeNotPassed: () => "The Upgrade is not passed on, so it is refused.",
  upgradeAtRisk: () => "Some company proxies refuse or swallow the Upgrade.",
  streamAtRisk: () => "Some company proxies hold a stream back.",
  passesAsRequest: () => "Passes wherever ordinary requests pass.",
  ownConnection: () => "Opens a connection of its own beside HTTP/2’s.",
  sharesConnection: () => "Shares one connection with everything else over HTTP/2.",
  belowSocketLimit: (all) => `${count(all.count)} at once are far below its limit.`,
  noConnectionLeft: (all) =>
    `With ${count(all.count)} at once no request gets through: a browser opens six.`,
  connectionsTaken: (all) => `${count(all.count)} of the browser’s six connections stay taken.`,
  overBeforeCut: () => "Its requests are over long before the cut.",
  heldLess: ({ seconds }) => `Holds each request for less than ${lasting(seconds)}.`,
  hostBuffers: ({ unless }) =>
    unless === "header"
      ? "Held back until it ends, unless the server’s own header says not to."
      : "Held back until it ends, unless streaming is switched on there.",
  hostPassesNoUpgrade: () => "The Upgrade is passed on only where that is configured.",
  cutInAnyCase: ({ seconds, raisable }) =>
    raisable
      ? `Cut after ${lasting(seconds)} unless the timeout is raised.`
      : `Cut after ${lasting(seconds)} whatever you do: it has to reconnect.`,
  silenceCut: ({ seconds }) => `Silence is cut after ${lasting(seconds)}: it needs heartbeats.`,
  fellBack: ({ title }) => `It did not hold in this run: ${title}.`,
  median: (all) => `Half of its messages arrived within ${delay(all)}${times(all.times, "best")}.`,
  percentile95: (all) =>
    `95 of 100 took ${delay(all)} or less, ${all.late ? "more" : "less"} than you allow.`,
  bytes: (all) => `${spoken(bytes(all.bytes))} a message${times(all.times, "least")}.`,
  roundTrip: (all) =>
    `What the page said was back within ${delay(all)}${times(all.times, "best")}.`,
  missing: (all) => `${count(all.count)} messages were missing in this run.`,
};

/** A reason as a sentence. */
export function reasonText<Id extends ReasonId>({ reason, parameters }: Reason<Id>): string {
  return WORDS[reason](parameters);
}
