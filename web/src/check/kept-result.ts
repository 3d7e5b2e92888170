/** A check's result as a link holds it: deflated JSON in base64url. */
import type { CheckReport } from "../contract/check-report.js";
import { isTransportId } from "../contract/transports.js";

export interface KeptResult {
  /** When the check began. */
  readonly made: Date;
  /** What stood in the way of a simulated one; "" for a real one. */
  readonly simulated: string;
  readonly report: CheckReport;
  readonly markdown: string;
}

/** Characters of a link, and bytes of what it holds. */
const MOST_CHARACTERS = 200_000;
const MOST_BYTES = 1_000_000;

const FORMAT = "transport-playground check";

/** The file's text; a link holds the same. */
export function textOfResult({ made, simulated, report, markdown }: KeptResult): string {
  return JSON.stringify({
    format: FORMAT,
    made: made.toISOString(),
    simulated,
    report,
    markdown,
  });
}

export async function linkOfResult(result: KeptResult): Promise<string> {
  const bytes = new TextEncoder().encode(textOfResult(result));
  const packed = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Rejects with a `RangeError` whose message is a sentence for the reader. */
export async function resultOfLink(text: string): Promise<KeptResult> {
  if (text === "") throw new RangeError("The link ends before its result begins.");
  if (text.length > MOST_CHARACTERS) throw new RangeError("The link is longer than any result is.");
  if (!/^[\w-]+$/.test(text)) {
    throw new RangeError("The link has characters that no result has: something has changed it.");
  }
  let json: string;
  try {
    const packed = Uint8Array.from(
      atob(text.replaceAll("-", "+").replaceAll("_", "/")),
      (character) => character.charCodeAt(0),
    );
    const bytes = await through(packed, new DecompressionStream("deflate-raw"), MOST_BYTES);
    json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new RangeError(
      "The link cannot be unpacked: it was cut short, or changed on its way here.",
    );
  }
  return resultOfText(json);
}

export function resultOfText(json: string): KeptResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new RangeError("What the link holds is no result of a check.");
  }
  if (!isObject(value) || value["format"] !== FORMAT) {
    throw new RangeError("What the link holds is no result of a check.");
  }
  const made = new Date(typeof value["made"] === "string" ? value["made"] : Number.NaN);
  if (Number.isNaN(made.getTime())) throw lacks("when it was made");
  const { simulated = "", markdown = "" } = value;
  if (typeof simulated !== "string") throw lacks("whether it was simulated");
  if (typeof markdown !== "string") throw lacks("its text");
  const report = value["report"];
  checkReport(report);
  return { made, simulated, markdown, report };
}

function lacks(what: string): RangeError {
  return new RangeError(`The result in this link does not say ${what}.`);
}

type Test = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Test>>;

const isText: Test = (value) => typeof value === "string";
const isNumber: Test = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Test = (value) => typeof value === "boolean";
const isTransport: Test = (value) => typeof value === "string" && isTransportId(value);
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const one =
  (...words: string[]): Test =>
  (value) =>
    words.includes(value as string);
const list =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const has =
  (fields: Fields): Test =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name]));

const isPair: Test = (value) => list(isNumber)(value) && (value as unknown[]).length === 2;
const isFault: Test = (value) =>
  isObject(value) &&
  isText(value["kind"]) &&
  Object.values(value).every((each) => isText(each) || isNumber(each) || isFlag(each));

const REPORT: Fields = {
  format: (value) => value === 1,
  server: isText,
  state: one("running", "done", "failed"),
  error: isText,
  done: isNumber,
  total: isNumber,
  left_ms: isNumber,
  elapsed_ms: isNumber,
  verdict: isText,
  trouble: isFlag,
  path: isText,
  lanes: list(
    has({
      transport: isTransport,
      title: isText,
      state: isText,
      verdict: isText,
      detail: isText,
      trouble: isFlag,
    }),
  ),
  probes: list(
    has({
      kind: isText,
      transport: isTransport,
      outcome: isText,
      began_ms: maybe(isNumber),
      opened_ms: maybe(isNumber),
      ended_ms: maybe(isNumber),
      duration_ms: maybe(isNumber),
      bytes: maybe(isNumber),
      status: maybe(isNumber),
      writes: maybe(list(isPair)),
    }),
  ),
  findings: list(
    has({
      code: isText,
      severity: one("good", "note", "trouble", "unknown"),
      transport: maybe(isTransport),
      title: isText,
      seen: isText,
      meaning: maybe(isText),
      duration_ms: maybe(isNumber),
      plain_only: maybe(isFlag),
      probes: list(isNumber),
      remedies: list(
        has({
          who: one("reader", "application", "operator"),
          software: maybe(isText),
          text: isText,
          code: maybe(isText),
          tried: maybe(isFlag),
        }),
      ),
    }),
  ),
  ladder: list(isTransport),
  settings: list(has({ name: isText, value: isText })),
  conditions: has({ round_trip_ms: maybe(isNumber), faults: list(isFault) }),
};

function checkReport(value: unknown): asserts value is CheckReport {
  if (!isObject(value)) throw lacks("what was found");
  if (value["format"] !== 1) {
    throw new RangeError("The result in this link has a format that this page does not know.");
  }
  for (const [name, test] of Object.entries(REPORT)) {
    if (!test(value[name])) {
      throw new RangeError(`The result in this link has no “${name}” that makes sense.`);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What is wrong is told by the reading end.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError("The link holds more than any result does.");
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
