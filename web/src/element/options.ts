import type {
  BrowserFeature,
  Fault,
  Range,
  Settings,
  Simulated,
  TransportId,
} from "../contract/core-module.js";
import { BACK, PAYLOAD, RATE, SPEED, WINDOW, isPattern } from "../contract/ranges.js";
import { BROWSER_FEATURES, PATTERNS, TRANSPORTS, type Pattern } from "../contract/tables.js";
import { DEFAULT_LANES, isTransportId } from "../contract/transports.js";
import { faultsFromText, textOfFaults } from "../text/fault-text.js";
import { simulatedFromText, textOfSimulated } from "../text/simulated-text.js";
import { words } from "../text/word-list.js";

export const ORIGINS = ["own", "one"] as const;
export type Origins = (typeof ORIGINS)[number];
export const STREAM_HEADERS = ["tuned", "plain"] as const;
export type StreamHeaders = (typeof STREAM_HEADERS)[number];

/** What takes an option back: it has its default again. */
type Unset = null | undefined;

/**
 * What can be chosen of an element, as properties and as attributes of the same names. Null and
 * undefined take an option back. What cannot be used is warned of on the console, once, and the
 * default is used.
 */
export interface PlaygroundProperties {
  /**
   * The playground server: its origin, with a path where a proxy serves it under one; one that
   * begins with . or / is relative to the page. Default: the page's own origin; for a page without
   * one (a file), `http://localhost:8088`.
   */
  get server(): string;
  set server(value: string | Unset);

  /** The lanes, in their order. Default: all but `sse-native` and `sse-fetch`. */
  get transports(): readonly TransportId[];
  set transports(value: string | readonly TransportId[] | Unset);

  /** Messages a second, 0.1 to 5000. Default: 5. */
  get rate(): number;
  set rate(value: number | Unset);

  /** Bytes of payload in a message, 16 to 65536. Default: 64. */
  get payload(): number;
  set payload(value: number | Unset);

  /** "steady", "bursty" or "poisson". Default: "steady". */
  get pattern(): Pattern;
  set pattern(value: Pattern | Unset);

  /**
   * Messages a second that the page says on each lane, 0.1 to 10: a frame of a WebSocket, a POST
   * elsewhere. They come down on every lane. Default: 0, one way only.
   */
  get back(): number;
  set back(value: number | Unset);

  /** Browser features to do without, as if the browser lacked them. Default: none. */
  get without(): readonly BrowserFeature[];
  set without(value: string | readonly BrowserFeature[] | Unset);

  /** Seconds from the left edge of a lane to the right one, 0.05 to 60. Default: 10. */
  get window(): number;
  set window(value: number | Unset);

  /** Id of one of `environments()`. Default: "", the browser as it is. */
  get environment(): string;
  set environment(value: string | Unset);

  /**
   * What goes wrong and when, from the next start on: `addFault` is for a run that goes on. As an
   * attribute "buffer transport=sse after=4 for=10; cut after=20". Default: none.
   */
  get faults(): readonly Fault[];
  set faults(value: string | readonly Fault[] | Unset);

  /**
   * A run in virtual time with no server; null is a live one. As an attribute "seed=7
   * round-trip=80 loss=2", or with nothing in it. Default: null.
   */
  get simulated(): Simulated | null;
  set simulated(value: Simulated | string | boolean | Unset);

  /** Seconds of a simulated run in one of ours, 0 (stands still, see `step`) to 1000. Default: 1. */
  get speed(): number;
  set speed(value: number | Unset);

  /** What lanes fall back to, best first; [] is nothing. Default: null, each transport's own. */
  get ladder(): readonly TransportId[] | null;
  set ladder(value: string | readonly TransportId[] | Unset);

  /**
   * "own": each lane has an origin of its own where the server has ports for that, past whatever
   * stands before its address. "one": all go to its own address. Default: "own".
   */
  get origins(): Origins;
  set origins(value: Origins | Unset);

  /**
   * "tuned": streams ask those on their way not to compress or collect them. "plain": they say
   * nothing, as an application may. Default: "tuned".
   */
  get headers(): StreamHeaders;
  set headers(value: StreamHeaders | Unset);

  /** Starts by itself once it is on a page. Default: false. */
  get autoplay(): boolean;
  set autoplay(value: boolean | Unset);

  /** Hides the element's own Start button, for a page that has one. Default: false. */
  get bare(): boolean;
  set bare(value: boolean | Unset);

  /** "light" or "dark". Default: "", which follows `color-scheme`, or else the reader's choice. */
  get theme(): string;
  set theme(value: string | Unset);
}

export type OptionName = keyof PlaygroundProperties;

/** What an element was asked for, attribute by attribute. */
export type Options = { readonly [Name in OptionName]: PlaygroundProperties[Name] };

/** What a change of an attribute asks for: a new run, or less. */
export type Change =
  "new run" | "lanes" | "window" | "speed" | "next run" | "theme" | "autoplay" | "none";

/** An option: a property of the element, and the attribute that it is kept in. */
type Row<Value> = readonly [
  /** From an attribute's text. Throws a `RangeError` that says what is allowed. */
  read: (text: string) => Value,
  /** What the attribute becomes when the property is set; `true` is one without a text. */
  write: (value: never) => string | boolean,
  change: Change,
  /** The default. */
  initial: () => Value,
];

const always =
  <Value>(value: Value) =>
  (): Value =>
    value;

const trimmed = (text: string): string => text.trim();

export const PROPERTIES: { readonly [Name in OptionName]: Row<Options[Name]> } = {
  simulated: [readSimulated, writeSimulated, "new run", always(null)],
  server: [readServer, String, "new run", ownServer],
  transports: [readTransports, list, "lanes", always(DEFAULT_LANES)],
  rate: number(RATE),
  payload: number(PAYLOAD, Math.round),
  pattern: [readPattern, String, "new run", always<Pattern>("steady")],
  back: [readBack, String, "new run", always(BACK.initial)],
  without: [readFeatures, textOrNothing, "new run", always([])],
  window: number(WINDOW, undefined, "window"),
  environment: [trimmed, textOrNothing, "new run", always("")],
  faults: [readFaults, writeFaults, "next run", always([])],
  speed: number(SPEED, undefined, "speed"),
  ladder: [readLadder, writeLadder, "new run", always(null)],
  origins: [oneOf(ORIGINS), String, "new run", always<Origins>("own")],
  headers: [oneOf(STREAM_HEADERS), String, "new run", always<StreamHeaders>("tuned")],
  autoplay: [always(true), Boolean, "autoplay", always(false)],
  bare: [always(true), Boolean, "none", always(false)],
  theme: [readTheme, textOrNothing, "theme", always("")],
};

export const OPTION_NAMES = Object.keys(PROPERTIES) as readonly OptionName[];

/**
 * Reads an element's attributes; `null` is one that is not there. Of one that cannot be used
 * `refused` is told, with what is allowed; it has its default.
 */
export function readOptions(
  attribute: (name: OptionName) => string | null,
  refused: (name: OptionName, text: string, allowed: string) => void,
): Options {
  const read = (name: OptionName): unknown => {
    const [readText, , , initial] = PROPERTIES[name];
    const text = attribute(name);
    if (text === null) return initial();
    try {
      return readText(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refused(name, text, error.message);
      return initial();
    }
  };
  return Object.fromEntries(OPTION_NAMES.map((name) => [name, read(name)])) as unknown as Options;
}

/** What the attribute becomes for whatever the property is set to; `false` is none. */
export function attributeOf(name: OptionName, value: unknown): string | boolean {
  if (value === null || value === undefined) return false;
  try {
    return PROPERTIES[name][1](value as never);
  } catch {
    // No value of this option: a text that names it, to be refused when it is read.
    return Object.prototype.toString.call(value);
  }
}

/** The option that a setting of the core comes from, where only the core knows what it can be. */
export function optionOf(setting: string): OptionName | null {
  if (setting === "scenario") return "faults";
  return setting === "environment" || setting === "simulated" ? setting : null;
}

export function settingsOf(options: Options): Settings {
  const { environment, simulated, ladder, pattern, back, origins, headers } = options;
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
    ...(origins === "one" && { lanePorts: false }),
    ...(headers === "plain" && { plainHeaders: true }),
  };
}

// Reading and writing

function list(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : String(value);
}

function textOrNothing(value: unknown): string | false {
  const text = list(value);
  return text.trim() !== "" && text;
}

function ownServer(): string {
  return /^https?:/.test(location.origin) ? location.origin : "http://localhost:8088";
}

function readServer(text: string): string {
  const given = text.trim();
  if (given === "") return ownServer();
  // One that begins like a path is relative to the page.
  const base = /^[./]/.test(given) ? document.baseURI : undefined;
  if (URL.canParse(given, base)) {
    const { protocol, origin, pathname } = new URL(given, base);
    if (/^https?:$/.test(protocol)) return origin + pathname.replace(/\/+$/, "");
    if (base !== undefined) return ownServer(); // of a page from a file
  }
  throw new RangeError("the address of a server, such as http://localhost:8088");
}

function readTransports(text: string): readonly TransportId[] {
  const asked = readIds(text, "");
  return asked.length === 0 ? DEFAULT_LANES : asked;
}

/** "none" is a ladder without rungs. */
function readLadder(text: string): readonly TransportId[] | null {
  if (text.trim() === "none") return [];
  const asked = readIds(text, ", or none");
  return asked.length === 0 ? null : asked;
}

function writeLadder(value: unknown): string | false {
  return Array.isArray(value) && value.length === 0 ? "none" : textOrNothing(value);
}

function readIds(text: string, orElse: string): readonly TransportId[] {
  const known = TRANSPORTS.map(({ id }) => id);
  return each(text, known, isTransportId, orElse);
}

/** The words of a text, each of which has to be one of those that are known. */
function each<Word extends string>(
  text: string,
  known: readonly Word[],
  isKnown: (word: string) => word is Word,
  orElse = "",
): readonly Word[] {
  return words(text).map((word) => {
    if (isKnown(word)) return word;
    throw new RangeError(`any of ${known.join(", ")}, with spaces between them${orElse}`);
  });
}

function readFeatures(text: string): readonly BrowserFeature[] {
  const isFeature = (word: string): word is BrowserFeature =>
    BROWSER_FEATURES.some((name) => name === word);
  return each(text, BROWSER_FEATURES, isFeature);
}

function readSimulated(text: string): Simulated {
  const example = "seed=7 round-trip=80 jitter=5 bandwidth=20000 loss=2 browser=firefox http=2 tls";
  return allowing(`words such as ${example} hidden=5-45`, () => simulatedFromText(text));
}

function writeSimulated(value: unknown): string | boolean {
  if (typeof value === "boolean") return value;
  return typeof value === "object" ? textOfSimulated(value as Simulated) : list(value);
}

function readFaults(text: string): readonly Fault[] {
  const example = '"buffer transport=sse after=4 for=10; cut after=20"';
  return allowing(`faults such as ${example}`, () => faultsFromText(text));
}

function writeFaults(value: unknown): string | false {
  return textOrNothing(Array.isArray(value) ? textOfFaults(value as readonly Fault[]) : value);
}

/** What `read` makes of a text; its complaint comes after what is allowed. */
function allowing<Value>(allowed: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`${allowed}. ${error.message}`);
    throw error;
  }
}

/** Reads one of these words; nothing is the first. */
function oneOf<Word extends string>(words: readonly [Word, ...Word[]]): (text: string) => Word {
  return (text) => {
    const given = text.trim();
    const found = given === "" ? words[0] : words.find((word) => word === given);
    if (found === undefined) throw new RangeError(`one of ${words.join(", ")}`);
    return found;
  };
}

function readPattern(text: string): Pattern {
  const given = text.trim();
  if (given === "") return "steady";
  if (isPattern(given)) return given;
  throw new RangeError(`one of ${PATTERNS.join(", ")}`);
}

function readTheme(text: string): string {
  const given = text.trim();
  if (["", "light", "dark"].includes(given)) return given;
  throw new RangeError("light or dark");
}

function readBack(text: string): number {
  const given = text.trim();
  return given === "0" || given === "" ? 0 : readNumber(given, BACK, "0, or ");
}

function number(
  range: Range,
  shape = (value: number): number => value,
  change: Change = "new run",
): Row<number> {
  const read = (text: string): number =>
    text.trim() === "" ? range.initial : shape(readNumber(text, range));
  return [read, String, change, always(range.initial)];
}

function readNumber(text: string, { minimum, maximum }: Range, or = ""): number {
  const value = Number(text);
  if (value >= minimum && value <= maximum) return value;
  throw new RangeError(`${or}a number from ${minimum} to ${maximum}`);
}
