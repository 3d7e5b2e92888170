import type { Happening, Simulated } from "../contract/core-module.js";

type NumberMember = "seed" | "roundTripMs" | "jitterMs" | "bytesPerS" | "lossPercent";

const NUMBERS: Readonly<Record<string, NumberMember>> = {
  seed: "seed",
  "round-trip": "roundTripMs",
  jitter: "jitterMs",
  bandwidth: "bytesPerS",
  loss: "lossPercent",
};

const HAPPENINGS: readonly Happening["kind"][] = ["offline", "hidden", "asleep", "restart"];

/**
 * A simulated run as text, for an attribute and for a link: "seed=7 round-trip=80 loss=2
 * hidden=5-45 browser=firefox http=2 tls". Milliseconds, bytes a second, percent; a happening has
 * the seconds of the run between which it lasts.
 */
export function simulatedFromText(text: string): Simulated {
  const simulated: Simulated = {};
  for (const word of text.split(/\s+/).filter((each) => each !== "")) take(word, simulated);
  return simulated;
}

export function textOfSimulated(simulated: Simulated): string {
  const words: string[] = [];
  for (const [name, member] of Object.entries(NUMBERS)) {
    const value = simulated[member];
    if (value !== undefined) words.push(`${name}=${value}`);
  }
  if (simulated.browser !== undefined) words.push(`browser=${simulated.browser}`);
  if (simulated.http !== undefined) words.push(`http=${simulated.http}`);
  if (simulated.tls === true) words.push("tls");
  for (const { kind, afterS, forS } of simulated.happenings ?? []) {
    words.push(`${kind}=${afterS}-${Number((afterS + forS).toFixed(3))}`);
  }
  return words.join(" ");
}

function take(word: string, simulated: Simulated): void {
  const [name = "", value = ""] = word.split("=", 2);
  const number = value === "" ? Number.NaN : Number(value);
  const member = NUMBERS[name];
  const kind = HAPPENINGS.find((each) => each === name);
  if (member !== undefined && Number.isFinite(number)) {
    simulated[member] = number;
  } else if (kind !== undefined) {
    const [from = Number.NaN, to = Number.NaN] = value.split("-").map(Number);
    if (!(to > from)) throw new RangeError(`"${word}" is no span of time.`);
    const happening = { kind, afterS: from, forS: Number((to - from).toFixed(3)) };
    simulated.happenings = [...(simulated.happenings ?? []), happening];
  } else if (name === "browser" && (value === "chromium" || value === "firefox")) {
    simulated.browser = value;
  } else if (name === "http" && (number === 1 || number === 2)) {
    simulated.http = number;
  } else if (word === "tls") {
    simulated.tls = true;
  } else {
    throw new RangeError(`"${word}" says nothing about a simulated run.`);
  }
}
