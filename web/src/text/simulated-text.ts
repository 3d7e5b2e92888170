import type { Happening, Simulated } from "../contract/core-module.js";
import { pairs, unreadable } from "./pairs.js";

/** The members by their names in a text. */
const MEMBERS: Readonly<Record<string, keyof Simulated>> = {
  seed: "seed",
  "round-trip": "roundTripMs",
  jitter: "jitterMs",
  bandwidth: "bytesPerS",
  loss: "lossPercent",
  browser: "browser",
  http: "http",
  tls: "tls",
  servers: "servers",
};

/**
 * A simulated run as text, for an attribute and for a link: "seed=7 round-trip=80 loss=2
 * hidden=5-45 browser=firefox http=2 tls". Milliseconds, bytes a second, percent; a happening has
 * the seconds of the run between which it lasts. What the values can be, the core knows.
 */
export function simulatedFromText(text: string): Simulated {
  const simulated: Simulated = {};
  for (const [name, value] of pairs(text)) {
    const member = MEMBERS[name];
    const [from = NaN, to = NaN] = String(value).split("-").map(Number);
    if (member !== undefined) {
      Object.assign(simulated, { [member]: value ?? true });
    } else if (to > from) {
      const kind = name as Happening["kind"];
      const happening = { kind, afterS: from, forS: Number((to - from).toFixed(3)) };
      (simulated.happenings ??= []).push(happening);
    } else {
      throw unreadable(name);
    }
  }
  return simulated;
}

export function textOfSimulated(simulated: Simulated): string {
  const words: string[] = [];
  for (const [name, member] of Object.entries(MEMBERS)) {
    const value = simulated[member];
    if (value === true) words.push(name);
    else if (value !== undefined && value !== false)
      words.push(`${name}=${value as string | number}`);
  }
  for (const { kind, afterS, forS } of simulated.happenings ?? []) {
    words.push(`${kind}=${afterS}-${Number((afterS + forS).toFixed(3))}`);
  }
  return words.join(" ");
}
