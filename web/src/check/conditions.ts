/** Where a result leads: links to the playground that play its path, and decide by it. */
import type { CheckReport } from "../contract/check-report.js";
import { streams, faceOf } from "../contract/transports.js";
import { foundText, type Found } from "../text/found-text.js";
import { textOfFaults } from "../text/fault-text.js";
import { textOfSimulated } from "../text/simulated-text.js";

/** The round trip that a simulated line may have. */
const MOST_ROUND_TRIP_MS = 10_000;

/** The playground, simulated, with the faults that were found and the round trip. */
export function playingLink(report: CheckReport): string {
  const { faults, round_trip_ms } = report.conditions;
  const roundTripMs = Math.min(Math.round(round_trip_ms ?? 0), MOST_ROUND_TRIP_MS);
  const simulated = textOfSimulated({ seed: 1, ...(roundTripMs > 0 && { roundTripMs }) });
  return `../#${fields({
    rate: "5",
    payload: "64",
    ...(faults.length > 0 && { faults: textOfFaults(faults) }),
    simulated,
    check: foundText(found(report)),
  })}`;
}

/** "Which one?", where what was found stands in place of what a reader would have to guess. */
export function decidingLink(report: CheckReport): string {
  return `../?which#${fields({ rate: "5", payload: "64", check: foundText(found(report)) })}`;
}

export function found({ findings, server, version }: CheckReport): Found {
  const held = findings.some(
    ({ code, severity, transport }) =>
      code === "held" &&
      severity === "trouble" &&
      transport !== undefined &&
      streams(faceOf(transport)),
  );
  const noUpgrade = findings.some(
    ({ code, transport }) => code === "fails" && transport === "websocket",
  );
  const cuts = findings.flatMap(({ code, duration_ms }) =>
    (code === "silence-cut" || code === "silence-dropped") && duration_ms !== undefined
      ? duration_ms
      : [],
  );
  return {
    host: version !== "simulated" && URL.canParse(server) ? new URL(server).host : "",
    buffering: held,
    noUpgrade,
    idleS: cuts.length > 0 ? Math.max(1, Math.floor(Math.min(...cuts) / 1000)) : null,
  };
}

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}
