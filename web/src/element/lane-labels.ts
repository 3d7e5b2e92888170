import type { TransportId } from "../contract/core-module.js";
import { faceOf, isTransportId } from "../contract/transports.js";
import { endpointsFromText, nameOf, transportOf } from "../text/endpoint-text.js";
import type { Options } from "./options.js";

/** A lane before its run: its transport, which has the colour, and what it is called. */
export interface LaneLabel {
  readonly id: TransportId;
  readonly title: string;
}

/** The lanes of these options: the playground's own, then one for each endpoint. */
export function laneLabels({ transports, endpoint }: Options): readonly LaneLabel[] {
  const own = transports.map((id) => ({ id, title: faceOf(id).title }));
  return [...own, ...endpointLabels(endpoint)];
}

/** None where they make no sense: starting says what is wrong. */
function endpointLabels(text: string): readonly LaneLabel[] {
  try {
    return endpointsFromText(text).map((each) => {
      const id = transportOf(each);
      return { id: isTransportId(id) ? id : "sse-fetch", title: nameOf(each) };
    });
  } catch {
    return [];
  }
}
