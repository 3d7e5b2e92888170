import type { Fault } from "../contract/core-module.js";

/** Members that have a shorter name in a text. */
const SHORT: readonly (readonly [member: string, short: string])[] = [
  ["after_s", "after"],
  ["for_s", "for"],
];

/**
 * A schedule of faults as text, for an attribute and for a link: "buffer transport=sse after=4
 * for=10; cut after=20". The kind comes first, then members by their names in docs/api.md, but
 * `after` and `for` stand for `after_s` and `for_s`.
 */
export function faultsFromText(text: string): Fault[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(faultFromText);
}

export function textOfFaults(faults: readonly Fault[]): string {
  return faults.map(textOfFault).join("; ");
}

function faultFromText(text: string): Fault {
  const [kind = "", ...members] = text.split(/\s+/);
  if (kind.includes("=")) {
    throw new RangeError(`"${text}" does not begin with the kind of a fault.`);
  }
  const fault: Fault = { kind };
  for (const member of members) {
    const at = member.indexOf("=");
    if (at < 1) throw new RangeError(`"${member}" in "${text}" is not written \`name=value\`.`);
    const name = member.slice(0, at);
    const long = SHORT.find(([, short]) => short === name)?.[0] ?? name;
    fault[long] = valueFromText(member.slice(at + 1));
  }
  return fault;
}

function textOfFault({ kind, ...members }: Fault): string {
  const words = Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const short = SHORT.find(([long]) => long === name)?.[1] ?? name;
      return `${short}=${String(value)}`;
    });
  return [kind, ...words].join(" ");
}

function valueFromText(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : text;
}
