import type { Fault, Range, Simulated, TransportId } from "../contract/core-module.js";
import { BACK, PAYLOAD, RATE, SPEED, WINDOW, isPattern } from "../contract/ranges.js";
import type { Pattern } from "../contract/tables.js";
import { DEFAULT_LANES, isTransportId } from "../contract/transports.js";
import { choicesFromText, keptText, type EndpointChoice } from "./endpoint-choice.js";
import { STREAM_HEADERS, ORIGINS, type StreamHeaders, type Origins } from "../element/options.js";
import { faultsFromText, textOfFaults } from "../text/fault-text.js";
import { simulatedFromText, textOfSimulated } from "../text/simulated-text.js";
import { words } from "../text/word-list.js";

/** What the page lets a reader choose; all of it is in the link, but of endpoints only what is ticked. */
export interface PageSettings {
  rate: number;
  payload: number;
  pattern: Pattern;
  /** Messages a second that the page says on each lane; 0 is one way only. */
  back: number;
  /** None where there are endpoints alone. */
  lanes: readonly TransportId[];
  endpoints: readonly EndpointChoice[];
  /** Id of an environment; "" is the browser as it is. */
  environment: string;
  faults: readonly Fault[];
  /** null is a live run. */
  simulated: Simulated | null;
  speed: number;
  window: number;
  /** Rungs of a ladder for all lanes, or "none"; "" is each transport's own. */
  ladder: string;
  /** As the element's. */
  origins: Origins;
  headers: StreamHeaders;
  /** Address of the server that live runs go to; "" is the page's own. */
  server: string;
  /** Id of a story; "" is none. */
  story: string;
  /** What a check has found of a path, for "Which one?" (text/found-text.ts); "" is nothing. */
  check: string;
}

export const INITIAL_SETTINGS: Readonly<PageSettings> = {
  rate: RATE.initial,
  payload: PAYLOAD.initial,
  pattern: "steady",
  back: BACK.initial,
  lanes: DEFAULT_LANES,
  endpoints: [],
  environment: "",
  faults: [],
  simulated: null,
  speed: SPEED.initial,
  window: WINDOW.initial,
  ladder: "",
  origins: "own",
  headers: "tuned",
  server: "",
  story: "",
  check: "",
};

/** Of a link without the playground's own lanes. */
const NO_LANES = "none";

/** What an older link called it, and what it is now. */
const WITHOUT_EVENT_SOURCE = "edgehtml";

/** Reads "#rate=20&lanes=sse,websocket"; what is absent or makes no sense takes its default. */
export function settingsFromHash(hash: string): PageSettings {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const lanes = words(fields.get("lanes") ?? "").filter(isTransportId);
  const endpoints = choicesFromText(fields.get("endpoint") ?? "");
  const alone = fields.get("lanes") === NO_LANES && endpoints.length > 0;
  const without = words(fields.get("without") ?? "").includes("EventSource");
  const ladder = words(fields.get("ladder") ?? "").filter(
    (word) => word === "none" || isTransportId(word),
  );
  const pattern = fields.get("pattern") ?? "";
  return {
    rate: numberIn(fields.get("rate"), RATE),
    payload: Math.round(numberIn(fields.get("payload"), PAYLOAD)),
    pattern: isPattern(pattern) ? pattern : "steady",
    back: numberIn(fields.get("back"), BACK),
    lanes: lanes.length > 0 || alone ? lanes : DEFAULT_LANES,
    endpoints,
    environment: fields.get("environment") ?? (without ? WITHOUT_EVENT_SOURCE : ""),
    faults: textIn(fields.get("faults"), faultsFromText) ?? [],
    simulated: textIn(fields.get("simulated"), simulatedFromText),
    speed: numberIn(fields.get("speed"), SPEED),
    window: numberIn(fields.get("window"), WINDOW),
    ladder: ladder.join(" "),
    origins: wordIn(fields.get("origins"), ORIGINS),
    headers: wordIn(fields.get("headers"), STREAM_HEADERS),
    server: serverFromText(fields.get("server") ?? ""),
    story: fields.get("story") ?? "",
    check: fields.get("check") ?? "",
  };
}

type Field = readonly [name: string, value: string | number];

/** A link names the rate and the payload always, so that it means the same for ever. */
export function hashFromSettings(settings: PageSettings): string {
  const { rate, payload, server, story, check } = settings;
  const fields: Field[] = [["rate", rate], ["payload", payload], ...chosenFields(settings)];
  if (server !== "") fields.push(["server", server]);
  if (story !== "") fields.push(["story", story]);
  if (check !== "") fields.push(["check", check]);
  return `#${fields.map(([name, value]) => `${name}=${legible(value)}`).join("&")}`;
}

/** What is not as it is by default, but for rate and payload; all but the lanes as attributes. */
export function chosenFields(settings: PageSettings): Field[] {
  const { pattern, back, lanes, environment, faults, simulated, speed, window, ladder } = settings;
  const fields: Field[] = [];
  if (pattern !== "steady") fields.push(["pattern", pattern]);
  if (back !== BACK.initial) fields.push(["back", back]);
  // Without an endpoint in the link there has to be something to see.
  const kept = keptText(settings.endpoints);
  if (lanes.length === 0 ? kept !== "" : !areDefaultLanes(lanes)) {
    fields.push(["lanes", lanes.length === 0 ? NO_LANES : lanes.join(",")]);
  }
  if (kept !== "") fields.push(["endpoint", kept]);
  if (environment !== "") fields.push(["environment", environment]);
  if (faults.length > 0) fields.push(["faults", textOfFaults(faults)]);
  if (simulated !== null) fields.push(["simulated", textOfSimulated(simulated)]);
  if (speed !== SPEED.initial) fields.push(["speed", speed]);
  if (window !== WINDOW.initial) fields.push(["window", window]);
  if (ladder !== "") fields.push(["ladder", ladder]);
  if (settings.origins !== "own") fields.push(["origins", settings.origins]);
  if (settings.headers !== "tuned") fields.push(["headers", settings.headers]);
  return fields;
}

export function areDefaultLanes(lanes: readonly TransportId[]): boolean {
  return lanes.join() === DEFAULT_LANES.join();
}

/** "localhost:8088" → "http://localhost:8088"; "" for what is no address of a server. */
export function serverFromText(text: string): string {
  const given = text.trim();
  const full = /^[a-z][a-z+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (given === "" || !URL.canParse(full)) return "";
  const { protocol, origin, pathname } = new URL(full);
  return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, "") : "";
}

/** Encoded, but for what a fragment may hold and a reader may want to read. */
function legible(value: string | number): string {
  return encodeURIComponent(value)
    .replaceAll("%20", "+")
    .replaceAll("%3D", "=")
    .replaceAll("%3B", ";")
    .replaceAll("%3A", ":")
    .replaceAll("%2F", "/")
    .replaceAll("%2C", ",");
}

function numberIn(text: string | null, range: Range): number {
  const value = Number(text ?? Number.NaN);
  return value >= range.minimum && value <= range.maximum ? value : range.initial;
}

/** Any other word is the first. */
function wordIn<Word extends string>(text: string | null, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === text) ?? words[0];
}

function textIn<Value>(text: string | null, read: (text: string) => Value): Value | null {
  if (text === null) return null;
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
