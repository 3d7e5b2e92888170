import type {
  BrowserFeature,
  EndpointSettings,
  Fault,
  Range,
  Simulated,
  TransportId,
} from "../contract/core-module.js";
import { BACK, HEIGHT, PAYLOAD, RATE, SPEED, WINDOW } from "../contract/ranges.js";
import { BROWSER_FEATURES, PATTERNS, TRANSPORTS, type Pattern } from "../contract/tables.js";
import { DEFAULT_LANES } from "../contract/transports.js";
import { faultsFromText } from "../text/fault-text.js";
import { simulatedFromText } from "../text/simulated-text.js";
import { words } from "../text/word-list.js";

export const ORIGINS = ["own", "one"] as const;
export type Origins = (typeof ORIGINS)[number];
export const STREAM_HEADERS = ["tuned", "plain"] as const;
export type StreamHeaders = (typeof STREAM_HEADERS)[number];

const THEMES = ["", "light", "dark"] as const;
export const LOADING = ["lazy", "eager"] as const;
export type Loading = (typeof LOADING)[number];

export const CONTROLS = ["full", "play", "none"] as const;
export type Controls = (typeof CONTROLS)[number];

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

  /**
   * The lanes, in their order; "none", or an empty array, where there are only endpoints. Default: all
   * but `sse-native` and `sse-fetch`.
   */
  get transports(): readonly TransportId[];
  set transports(value: string | readonly TransportId[] | Unset);

  /**
   * Endpoints of other servers, each with a lane of its own beside the others: addresses with spaces
   * between them, or an `EndpointSettings` or an array of them, as JSON in the attribute. Default: "".
   */
  get endpoint(): string;
  set endpoint(value: string | EndpointSettings | readonly EndpointSettings[] | Unset);

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

  /**
   * When the files that it runs on are fetched. "lazy": once the reader shows an interest, by
   * pointing, touching or moving the focus there. "eager": once it is in view. Default: "lazy".
   */
  get loading(): Loading;
  set loading(value: Loading | Unset);

  /** Starts by itself once it is in view. Default: false. */
  get autoplay(): boolean;
  set autoplay(value: boolean | Unset);

  /** Hides the element's own Start button, for a page that has one. Default: false. */
  get bare(): boolean;
  set bare(value: boolean | Unset);

  /**
   * Id of a story of the page: a situation, with two sentences about what to look for. Each
   * option that has no attribute is as the story needs it; without `server` it runs simulated.
   * Default: "", none.
   */
  get story(): string;
  set story(value: string | Unset);

  /**
   * What a reader can press. "full": start and stop, look back, zoom; "play": start and stop;
   * "none": nothing, for an element that starts by itself or by a script. Default: "full".
   */
  get controls(): Controls;
  set controls(value: Controls | Unset);

  /** Height in CSS pixels, 160 to 4000. Default: 0, as high as the lanes need. */
  get height(): number;
  set height(value: number | Unset);

  /** "light" or "dark". Default: "", which follows `color-scheme`, or else the reader's choice. */
  get theme(): string;
  set theme(value: string | Unset);
}

export type OptionName = keyof PlaygroundProperties;

/** What an element was asked for, attribute by attribute. */
export type Options = { readonly [Name in OptionName]: PlaygroundProperties[Name] };

/**
 * The same as markup gives it in a framework: a value, its text, or nothing. An object is for those
 * that set properties.
 */
export type PlaygroundAttributes = {
  readonly [Name in OptionName]?:
    | Options[Name]
    | (Options[Name] extends string | boolean ? never : string)
    | (Name extends "simulated" ? boolean : never)
    | Unset;
};

/** What a change of an attribute asks for: a new run, or less. */
export type Change = "new run" | "lanes" | "window" | "speed" | "next run" | "intent" | "look";

/** An option: a property of the element, and the attribute that it is kept in. */
type Row<Value> = readonly [
  /** From an attribute's text; undefined, or a `RangeError`, where it cannot be used (allowed.ts). */
  read: (text: string) => Value | undefined,
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

export const PROPERTIES: { readonly [Name in OptionName]: Row<Options[Name]> } = {
  simulated: [fromJsonOr(readSimulated), toJson, "new run", always(null)],
  server: [readServer, String, "new run", ownServer],
  transports: [idsOr(DEFAULT_LANES), listOrNone, "lanes", always(DEFAULT_LANES)],
  endpoint: [String, toJson, "lanes", always("")],
  rate: number(RATE),
  payload: number(PAYLOAD, Math.round),
  pattern: [oneOf(PATTERNS), String, "new run", always<Pattern>("steady")],
  back: number(BACK),
  without: [each(BROWSER_FEATURES), textOrNothing, "new run", always([])],
  window: number(WINDOW, undefined, "window"),
  environment: [String, textOrNothing, "new run", always("")],
  faults: [fromJsonOr(faultsFromText), toJson, "next run", always([])],
  speed: number(SPEED, undefined, "speed"),
  ladder: [idsOr(null), listOrNone, "new run", always(null)],
  origins: [oneOf(ORIGINS), String, "new run", always<Origins>("own")],
  headers: [oneOf(STREAM_HEADERS), String, "new run", always<StreamHeaders>("tuned")],
  loading: [oneOf(LOADING), String, "intent", always<Loading>("lazy")],
  autoplay: [always(true), Boolean, "intent", always(false)],
  bare: [always(true), Boolean, "look", always(false)],
  story: [String, textOrNothing, "new run", always("")],
  controls: [oneOf(CONTROLS), String, "look", always<Controls>("full")],
  height: number(HEIGHT, undefined, "look"),
  theme: [oneOf(THEMES), textOrNothing, "look", always("")],
};

export const OPTION_NAMES = Object.keys(PROPERTIES) as readonly OptionName[];

/**
 * Reads an element's attributes; `null` is one that is not there. Of one that cannot be used
 * `refused` is told, with what is wrong with it, or ""; it has its default, which is what is
 * `given`, or else the option's own.
 */
export function readOptions(
  attribute: (name: OptionName) => string | null,
  given: Partial<Options>,
  refused: (name: OptionName, why: string) => void,
): Options {
  const read = (name: OptionName): unknown => {
    const [readText, , , initial] = PROPERTIES[name];
    const text = attribute(name)?.trim();
    const otherwise = given[name] ?? initial();
    if (text === undefined) return otherwise;
    let why = "";
    try {
      const value = readText(text);
      if (value !== undefined) return value;
    } catch (error) {
      why = (error as Error).message;
    }
    refused(name, why);
    return otherwise;
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

function readServer(text: string): string | undefined {
  if (text === "") return ownServer();
  // One that begins like a path is relative to the page.
  const base = /^[./]/.test(text) ? document.baseURI : undefined;
  const { protocol, origin, pathname } = new URL(text, base);
  if (/^https?:$/.test(protocol)) return origin + pathname.replace(/\/+$/, "");
  return base && ownServer(); // of a page from a file
}

/** The words of a text, each of which has to be one of those that are known. */
function each<Word extends string>(known: readonly Word[]) {
  return (text: string): readonly Word[] | undefined => {
    const found = words(text) as readonly Word[];
    return found.every((word) => known.includes(word)) ? found : undefined;
  };
}

const readIds = each(TRANSPORTS.map(({ id }) => id));

/** Reads one of these words; nothing is the first. */
function oneOf<Word extends string>(known: readonly Word[]) {
  return (text: string): Word | undefined => known.find((word) => word === (text || known[0]));
}

/** "none" is no lane, and a ladder without rungs. */
function idsOr<Nothing>(nothing: Nothing) {
  return (text: string): readonly TransportId[] | Nothing | undefined => {
    if (text === "none") return [];
    const asked = readIds(text);
    return asked?.length === 0 ? nothing : asked;
  };
}

/** Some frameworks (Astro, React 18) write "true" for an attribute without a text. */
function readSimulated(text: string): Simulated {
  return simulatedFromText(text === "true" ? "" : text);
}

function listOrNone(value: unknown): string | false {
  return Array.isArray(value) && value.length === 0 ? "none" : textOrNothing(value);
}

/** From what is written in words, or as JSON, as objects are when a property is set. */
function fromJsonOr<Value>(read: (text: string) => Value) {
  return (text: string): Value => (/^[[{]/.test(text) ? (JSON.parse(text) as Value) : read(text));
}

function toJson(value: unknown): string | boolean {
  return typeof value === "object" ? JSON.stringify(value) : (value as string | boolean);
}

function number(
  range: Range,
  shape = (value: number): number => value,
  change: Change = "new run",
): Row<number> {
  const { minimum, maximum, initial } = range;
  const read = (text: string): number | undefined => {
    const value = text === "" ? initial : shape(Number(text));
    return value === initial || (value >= minimum && value <= maximum) ? value : undefined;
  };
  return [read, String, change, always(initial)];
}
