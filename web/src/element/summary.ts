import type { LaneSnapshot, Snapshot } from "../contract/core-module.js";
import { bytes, count, duration, elapsed, spoken } from "../text/figures.js";

/** A lane's picture in words, for those who do not see it. */
export function describeLane(lane: LaneSnapshot): string {
  const parts = [`${lane.title}: ${lane.state}`];
  if (lane.tag !== "") parts.push(lane.tag);
  if (lane.delay !== null) parts.push(`median delay ${spoken(duration(lane.delay.medianMs))}`);
  if (lane.bytesPerMessage !== null) {
    parts.push(`${spoken(bytes(lane.bytesPerMessage))} per message`);
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

function describeLanes({ lanes, error }: Snapshot): string {
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
