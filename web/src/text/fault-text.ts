import type { Fault } from "../contract/core-module.js";
import { pairs, unreadable } from "./pairs.js";

/** Members that have a shorter name in a text. */
const SHORT: Readonly<Record<string, string>> = { after: "after_s", for: "for_s" };

/**
 * A schedule of faults as text, for an attribute and for a link: "buffer transport=sse after=4
 * for=10; cut after=20". The kind comes first, then members by their names in docs/api.md, but
 * `after` and `for` stand for `after_s` and `for_s`.
 */
export function faultsFromText(text: string): Fault[] {
  return text.split(";").flatMap((part) => {
    const [kind, ...members] = pairs(part);
    if (kind === undefined) return [];
    const fault: Fault = { kind: kind[0] };
    for (const [name, value] of members) {
      if (value !== null) fault[SHORT[name] ?? name] = value;
      else kind[1] = name;
    }
    if (kind[1] === null) return [fault];
    throw unreadable(part);
  });
}

export function textOfFaults(faults: readonly Fault[]): string {
  return faults.map(textOfFault).join("; ");
}

function textOfFault({ kind, ...members }: Fault): string {
  const words = Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const short = Object.keys(SHORT).find((each) => SHORT[each] === name) ?? name;
      return `${short}=${String(value)}`;
    });
  return [kind, ...words].join(" ");
}
