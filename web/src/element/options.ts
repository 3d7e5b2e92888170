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

/** What can be chosen of an element, as properties and as attributes of the same names. */
export interface PlaygroundProperties {
  /** Origin of the playground server. Default: the page's own origin. */
  server: string;

  /** The lanes, in their order. Default: all but `sse-native` and `sse-fetch`. */
  get transports(): readonly TransportId[];
  set transports(value: string | readonly TransportId[]);

  /** Messages a second, 0.1 to 5000. Default: 5. */
  rate: number;

  /** Bytes of payload in a message, 16 to 65536. Default: 64. */
  payload: number;

  /** "steady", "bursty" or "poisson". Default: "steady". */
  pattern: Pattern;

  /**
   * Messages a second that the page says on each lane, 0.1 to 10: a frame of a WebSocket, a POST
   * elsewhere. They come down on every lane. Default: 0, one way only.
   */
  back: number;

  /** Browser features to do without, as if the browser lacked them. Default: none. */
  get without(): readonly BrowserFeature[];
  set without(value: string | readonly BrowserFeature[]);

  /** Seconds from the left edge of a lane to the right one, 0.05 to 60. Default: 10. */
  window: number;

  /** Id of one of `environments()`. Default: "", the browser as it is. */
  environment: string;

  /**
   * What goes wrong and when, from the next start on: `addFault` is for a run that goes on. As an
   * attribute "buffer transport=sse after=4 for=10; cut after=20". Default: none.
   */
  get faults(): readonly Fault[];
  set faults(value: string | readonly Fault[]);

  /**
   * A run in virtual time with no server; null is a live one. As an attribute "seed=7
   * round-trip=80 loss=2", or with nothing in it. Default: null.
   */
  get simulated(): Simulated | null;
  set simulated(value: Simulated | string | null);

  /** Seconds of a simulated run in one of ours, 0 (stands still, see `step`) to 1000. Default: 1. */
  speed: number;

  /** What lanes fall back to, best first; [] is nothing. Default: null, each transport's own. */
  get ladder(): readonly TransportId[] | null;
  set ladder(value: string | readonly TransportId[] | null);

  /** Starts by itself once it is on a page. Default: false. */
  autoplay: boolean;

  /** Hides the element's own Start button, for a page that has one. Default: false. */
  bare: boolean;

  /** "light" or "dark"; anything else follows `color-scheme`, or else the reader's choice. */
  theme: string;
}

export type OptionName = keyof PlaygroundProperties;

/** What an element was asked for, attribute by attribute. */
export type Options = { readonly [Name in OptionName]: PlaygroundProperties[Name] };

/** What a change of an attribute asks for: a new run, or less. */
export type Change =
  "new run" | "lanes" | "window" | "speed" | "next run" | "theme" | "autoplay" | "none";

type Attribute = (name: OptionName) => string | null;
/** From an attribute's text; null is one that is not there. Throws an `OptionError`. */
type Read<Value> = (text: string | null, name: OptionName, attribute: Attribute) => Value;

/** An option: a property of the element, and the attribute that it is kept in. */
type Row<Value> = readonly [
  read: Read<Value>,
  /** What the attribute becomes when the property is set; `true` is one without a text. */
  write: (value: never) => string | boolean,
  change: Change,
  /** The property's value while an attribute, this one or another, cannot be used. */
  otherwise: (text: string | null) => Value,
];

const always =
  <Value>(value: Value) =>
  (): Value =>
    value;
const plain = (text: string | null): string => text ?? "";
const trimmed = (text: string | null): string => plain(text).trim();
const there = (text: string | null): boolean => text !== null;

/** What is wrong with the first is said first. */
export const PROPERTIES: { readonly [Name in OptionName]: Row<Options[Name]> } = {
  simulated: [readSimulated, writeSimulated, "new run", always(null)],
  server: [readServer, String, "new run", plain],
  transports: [readTransports, list, "lanes", always(DEFAULT_LANES)],
  rate: [number(RATE), String, "new run", always(Number.NaN)],
  payload: [number(PAYLOAD, Math.round), String, "new run", always(Number.NaN)],
  pattern: [readPattern, String, "new run", always<Pattern>("steady")],
  back: [readBack, String, "new run", always(0)],
  without: [readFeatures, listOrNothing, "new run", always([])],
  window: [number(WINDOW), String, "window", always(Number.NaN)],
  environment: [trimmed, textOrNothing, "new run", always("")],
  faults: [readFaults, writeFaults, "next run", always([])],
  speed: [number(SPEED), String, "speed", always(Number.NaN)],
  ladder: [readLadder, writeLadder, "new run", always(null)],
  autoplay: [there, Boolean, "autoplay", there],
  bare: [there, Boolean, "none", there],
  theme: [plain, textOrNothing, "theme", plain],
};

export const OPTION_NAMES = Object.keys(PROPERTIES) as readonly OptionName[];

/** A value that cannot be used; `message` says which attribute, why, and what would do. */
export class OptionError extends Error {}

/** Reads an element's attributes; `null` is an attribute that is not there. */
export function readOptions(attribute: Attribute): Options | OptionError {
  try {
    const read = (name: OptionName): unknown =>
      PROPERTIES[name][0](attribute(name), name, attribute);
    return Object.fromEntries(OPTION_NAMES.map((name) => [name, read(name)])) as unknown as Options;
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
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

// Reading and writing

function list(value: string | readonly string[]): string {
  return typeof value === "string" ? value : value.join(" ");
}

function listOrNothing(value: string | readonly string[]): string | false {
  const text = list(value);
  return words(text).length > 0 && text;
}

function textOrNothing(text: string): string | false {
  return text.trim() !== "" && text;
}

function readServer(text: string | null, _: OptionName, attribute: Attribute): string {
  const given = trimmed(text);
  if (given === "") {
    // A simulated run asks none, and so may come from a file.
    const pageOrigin = attribute("simulated") === null ? location.origin : "http://localhost";
    if (/^https?:/.test(pageOrigin)) return pageOrigin;
    throw new OptionError(
      'This page comes from no server, so the element needs one: write `server="http://localhost:8088"`.',
    );
  }
  if (URL.canParse(given)) {
    const { protocol, origin } = new URL(given);
    if (/^https?:$/.test(protocol)) return origin;
  }
  throw new OptionError(
    `\`server="${given}"\` is not the address of a server. Write it like \`server="http://localhost:8088"\`.`,
  );
}

function readTransports(text: string | null, name: OptionName): readonly TransportId[] {
  const asked = readIds(name, words(plain(text)));
  return asked.length === 0 ? DEFAULT_LANES : asked;
}

/** "none" is a ladder without rungs. */
function readLadder(text: string | null, name: OptionName): readonly TransportId[] | null {
  const asked = words(plain(text));
  if (asked.length === 0) return null;
  return asked.join() === "none" ? [] : readIds(name, asked);
}

function writeLadder(value: string | readonly TransportId[] | null): string | false {
  if (value === null) return false;
  return typeof value !== "string" && value.length === 0 ? "none" : textOrNothing(list(value));
}

function readIds(option: OptionName, asked: readonly string[]): readonly TransportId[] {
  return asked.map((word) => {
    if (isTransportId(word)) return word;
    const known = TRANSPORTS.map(({ id }) => id).join(", ");
    throw new OptionError(
      `There is no transport "${word}" (attribute \`${option}\`). There are ${known}.`,
    );
  });
}

function readSimulated(text: string | null, name: OptionName): Simulated | null {
  return text === null ? null : complaining(name, () => simulatedFromText(text));
}

function writeSimulated(value: Simulated | string | null): string | false {
  if (value === null) return false;
  return typeof value === "string" ? value : textOfSimulated(value);
}

function readFaults(text: string | null, name: OptionName): readonly Fault[] {
  return complaining(name, () => faultsFromText(plain(text)));
}

function writeFaults(value: string | readonly Fault[]): string | false {
  return textOrNothing(typeof value === "string" ? value : textOfFaults(value));
}

/** What `read` makes of the attribute's text, its complaint with the attribute's name. */
function complaining<Value>(name: OptionName, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new OptionError(`${error.message} (attribute \`${name}\`)`);
    }
    throw error;
  }
}

function readFeatures(text: string | null): readonly BrowserFeature[] {
  return words(plain(text)).map((word) => {
    const feature = BROWSER_FEATURES.find((name) => name === word);
    if (feature !== undefined) return feature;
    const known = BROWSER_FEATURES.join(", ");
    throw new OptionError(
      `"${word}" cannot be left out (attribute \`without\`). These can: ${known}.`,
    );
  });
}

function readPattern(text: string | null): Pattern {
  const given = trimmed(text);
  if (given === "") return "steady";
  if (isPattern(given)) return given;
  throw new OptionError(`\`pattern="${given}"\` is none. There are ${PATTERNS.join(", ")}.`);
}

function readBack(text: string | null, name: OptionName): number {
  return trimmed(text) === "0" ? 0 : readNumber(text, name, BACK);
}

function number(range: Range, shape = (value: number): number => value): Read<number> {
  return (text, name) => shape(readNumber(text, name, range));
}

function readNumber(text: string | null, name: OptionName, range: Range): number {
  if (text === null || text.trim() === "") return range.initial;
  const value = Number(text);
  if (Number.isFinite(value) && value >= range.minimum && value <= range.maximum) return value;
  throw new OptionError(
    `\`${name}="${text}"\` is not a number from ${range.minimum} to ${range.maximum}. ` +
      `Write for example \`${name}="${range.initial > 0 ? range.initial : 1}"\`.`,
  );
}
