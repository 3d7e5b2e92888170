import type { LaneSnapshot, Snapshot } from "../contract/core-module.js";
import { bytes, count, delay, elapsed, spoken } from "../text/figures.js";
import { countsLastHop, laneWay } from "../text/lane-way.js";

/** What a lane's figures depend on besides the lane. */
export type RunFacts = Pick<Snapshot, "proxied" | "clock">;

/** A lane's picture in words, for those who do not see it. */
export function describeLane(lane: LaneSnapshot, { proxied, clock }: RunFacts): string {
  const parts = [`${lane.title}: ${lane.state}`];
  if (lane.tag !== "") parts.push(lane.tag);
  const way = laneWay(lane, proxied);
  if (way !== "") parts.push(way);
  if (lane.delay !== null) {
    parts.push(`median delay ${spoken(delay(lane.delay.medianMs, clock.errorMs))}`);
  }
  if (lane.bytesPerMessage !== null) {
    const where = countsLastHop(lane, proxied) ? " between the proxy and the server" : "";
    parts.push(`${spoken(bytes(lane.bytesPerMessage))} per message${where}`);
  }
  if (lane.missing > 0) parts.push(`${count(lane.missing)} messages missing`);
  return parts.join(", ");
}

/**
 * What has changed since it was last said: which lanes deliver, which run over something else,
 * which are in trouble. Figures are left out: they would be read aloud for ever.
 */
export function describeRun(snapshot: Snapshot): string {
  switch (snapshot.state) {
    case "idle":
    case "connecting":
      return "Connecting.";
    case "failed":
      return `The run failed. ${snapshot.error}`;
    case "stopped":
      return `Stopped after ${elapsed(snapshot.elapsedMs)}.`;
    case "running":
      return describeLanes(snapshot);
  }
}

function describeLanes({ lanes: own, endpoints, error }: Snapshot): string {
  const lanes = [...own, ...endpoints];
  const delivering = lanes.filter((lane) => lane.messages > 0).length;
  const sentences = [`${delivering} of ${lanes.length} lanes deliver.`];
  if (error !== "") sentences.push(error);
  for (const lane of lanes) {
    if (lane.running !== lane.asked) sentences.push(`${lane.title}.`);
    else if (lane.trouble) sentences.push(`${lane.title}: ${lane.tag}.`);
    if (lane.missing > 0) sentences.push(`${lane.title} misses messages.`);
  }
  return sentences.join(" ");
}
