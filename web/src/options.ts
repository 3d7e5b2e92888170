import type { BrowserFeature, Fault, Settings, Simulated, TransportId } from "./core-module.js";
import { faultsFromText } from "./fault-text.js";
import { simulatedFromText } from "./simulated-text.js";
import { DEFAULT_LANES, TRANSPORTS, isTransportId } from "./transports.js";

/** How messages are spread over time; the rate is the mean of each (docs/api.md, Scenario). */
export const PATTERNS = ["steady", "bursty", "poisson"] as const;
export type Pattern = (typeof PATTERNS)[number];

/** What an element was asked for, attribute by attribute. */
export interface Options {
  server: string;
  transports: readonly TransportId[];
  rate: number;
  payload: number;
  pattern: Pattern;
  /** Messages a second that the page says on each lane. */
  back: number;
  without: readonly BrowserFeature[];
  /** Seconds from the left edge of a lane to the right one. */
  window: number;
  /** Id of an environment of the core; "" is the browser as it is. */
  environment: string;
  /** What goes wrong, and when. */
  faults: readonly Fault[];
  /** null is a live run. */
  simulated: Simulated | null;
  /** Of a simulated run: its seconds in one of ours. */
  speed: number;
  /** What lanes fall back to; null is each transport's own ladder. */
  ladder: readonly TransportId[] | null;
}

export type OptionName = keyof Options;

export const OPTION_NAMES: readonly OptionName[] = [
  "server",
  "transports",
  "rate",
  "payload",
  "pattern",
  "back",
  "without",
  "window",
  "environment",
  "faults",
  "simulated",
  "speed",
  "ladder",
];

/** A value that cannot be used; `message` says which attribute, why, and what would do. */
export class OptionError extends Error {
  readonly option: OptionName;

  constructor(option: OptionName, message: string) {
    super(message);
    this.name = "OptionError";
    this.option = option;
  }
}

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
}

/** The server's own ranges (docs/api.md), and ours for the window. */
export const RATE: Range = { minimum: 0.1, maximum: 5000, initial: 5 };
export const PAYLOAD: Range = { minimum: 16, maximum: 65536, initial: 64 };
export const WINDOW: Range = { minimum: 0.05, maximum: 60, initial: 10 };
/** The core's range; 0 is one way only. */
export const BACK: Range = { minimum: 0.1, maximum: 10, initial: 0 };
/** The core's range; 0 stands still. */
export const SPEED: Range = { minimum: 0, maximum: 1000, initial: 1 };

const NO_SERVER = "http://localhost";

export const BROWSER_FEATURES: readonly BrowserFeature[] = [
  "EventSource",
  "WebSocket",
  "fetch",
  "XMLHttpRequest",
];

/** Reads an element's attributes; `null` is an attribute that is not there. */
export function readOptions(
  attribute: (name: OptionName) => string | null,
  pageOrigin: string,
): Options {
  const simulated = readText("simulated", attribute("simulated"), simulatedFromText);
  return {
    // A simulated run asks none, and so may come from a file.
    server: readServer(attribute("server"), simulated === null ? pageOrigin : NO_SERVER),
    transports: readTransports(attribute("transports")),
    rate: readNumber("rate", attribute("rate"), RATE),
    payload: Math.round(readNumber("payload", attribute("payload"), PAYLOAD)),
    pattern: readPattern(attribute("pattern")),
    back: readBack(attribute("back")),
    without: readFeatures(attribute("without")),
    window: readNumber("window", attribute("window"), WINDOW),
    environment: attribute("environment")?.trim() ?? "",
    faults: readText("faults", attribute("faults"), faultsFromText) ?? [],
    simulated,
    speed: readNumber("speed", attribute("speed"), SPEED),
    ladder: readLadder(attribute("ladder")),
  };
}

export function settingsOf(options: Options): Settings {
  const { environment, simulated, ladder, pattern, back } = options;
  return {
    server: options.server,
    lanes: [...options.transports],
    scenario: {
      rate: options.rate,
      payload_bytes: options.payload,
      ...(pattern !== "steady" && { pattern }),
      ...(options.faults.length > 0 && { faults: [...options.faults] }),
    },
    without: [...options.without],
    ...(back > 0 && { backRate: back }),
    ...(environment !== "" && { environment }),
    ...(simulated !== null && { simulated }),
    ...(ladder !== null && { ladder: [...ladder] }),
  };
}

/** "a, b c" → ["a", "b", "c"], each once. */
export function words(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
}

function readServer(text: string | null, pageOrigin: string): string {
  const given = text?.trim() ?? "";
  if (given === "") {
    if (/^https?:/.test(pageOrigin)) return pageOrigin;
    throw new OptionError(
      "server",
      'This page comes from no server, so the element needs one: write `server="http://localhost:8088"`.',
    );
  }
  let url: URL | null = null;
  try {
    url = new URL(given);
  } catch {
    // Reported below, with every other address that will not do.
  }
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new OptionError(
      "server",
      `\`server="${given}"\` is not the address of a server. Write it like \`server="http://localhost:8088"\`.`,
    );
  }
  return url.origin;
}

function readTransports(text: string | null): readonly TransportId[] {
  const asked = readIds("transports", words(text ?? ""));
  return asked.length === 0 ? DEFAULT_LANES : asked;
}

/** "none" is a ladder without rungs. */
function readLadder(text: string | null): readonly TransportId[] | null {
  const asked = words(text ?? "");
  if (asked.length === 0) return null;
  return asked.join() === "none" ? [] : readIds("ladder", asked);
}

function readIds(option: OptionName, asked: readonly string[]): readonly TransportId[] {
  return asked.map((word) => {
    if (isTransportId(word)) return word;
    const known = TRANSPORTS.map(({ id }) => id).join(", ");
    throw new OptionError(
      option,
      `There is no transport "${word}" (attribute \`${option}\`). There are ${known}.`,
    );
  });
}

/** What `read` makes of the attribute's text, its complaint with the attribute's name. */
function readText<Value>(
  option: OptionName,
  text: string | null,
  read: (text: string) => Value,
): Value | null {
  if (text === null) return null;
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new OptionError(option, `${error.message} (attribute \`${option}\`)`);
    }
    throw error;
  }
}

function readFeatures(text: string | null): readonly BrowserFeature[] {
  return words(text ?? "").map((word) => {
    const feature = BROWSER_FEATURES.find((name) => name === word);
    if (feature !== undefined) return feature;
    const known = BROWSER_FEATURES.join(", ");
    throw new OptionError(
      "without",
      `"${word}" cannot be left out (attribute \`without\`). These can: ${known}.`,
    );
  });
}

export function isPattern(word: string): word is Pattern {
  return PATTERNS.some((pattern) => pattern === word);
}

function readPattern(text: string | null): Pattern {
  const given = text?.trim() ?? "";
  if (given === "") return "steady";
  if (isPattern(given)) return given;
  throw new OptionError(
    "pattern",
    `\`pattern="${given}"\` is none. There are ${PATTERNS.join(", ")}.`,
  );
}

function readBack(text: string | null): number {
  return text?.trim() === "0" ? 0 : readNumber("back", text, BACK);
}

function readNumber(option: OptionName, text: string | null, range: Range): number {
  if (text === null || text.trim() === "") return range.initial;
  const value = Number(text);
  if (Number.isFinite(value) && value >= range.minimum && value <= range.maximum) return value;
  throw new OptionError(
    option,
    `\`${option}="${text}"\` is not a number from ${range.minimum} to ${range.maximum}. ` +
      `Write for example \`${option}="${range.initial > 0 ? range.initial : 1}"\`.`,
  );
}
