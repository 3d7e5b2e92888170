import type {
  EndpointSettings,
  LaneSnapshot,
  Snapshot,
  TransportId,
} from "../contract/core-module.js";
import { faceOf } from "../contract/transports.js";
import { nameOf, transportOf } from "../text/endpoint-text.js";
import type { EndpointChoice } from "./endpoint-choice.js";

/** What can be known of a lane: of the playground's own all, of an endpoint what a page is told. */
export interface Known {
  /** What the server counts at its socket, and what it sends back of what the page has said. */
  readonly server: boolean;
  /** Delays: there are times in the data. */
  readonly times: boolean;
  /** What is missing, repeated and out of order: there are numbers in the data. */
  readonly numbers: boolean;
}

type Unknowable = "connections" | "missing" | "duplicate" | "reordered";

/** A lane's figures; null is what is not known, or not yet. */
export type Figures = Pick<
  LaneSnapshot,
  | "asked"
  | "running"
  | "title"
  | "state"
  | "tag"
  | "origin"
  | "ownPort"
  | "server"
  | "httpVersion"
  | "delay"
  | "messages"
  | "firstMessageMs"
  | "wire"
  | "bytesPerMessage"
  | "requests"
  | "reconnects"
  | "back"
> &
  Readonly<Record<Unknowable, number | null>>;

/** A lane as it is told from others before it has figures. */
export interface LaneName {
  /** No two lanes of a run have the same one: a transport's id, or "endpoint-1". */
  readonly key: string;
  asked: TransportId;
  title: string;
}

/** A lane as the figures of a run have it: the playground's own, or an endpoint's. */
export interface RunLane extends LaneName, Figures {
  readonly known: Known;
}

const ALL: Known = { server: true, times: true, numbers: true };

export function isEndpoint({ known }: RunLane): boolean {
  return !known.server;
}

/** What it was asked to be; of an endpoint its name. */
export function nameOfLane(lane: RunLane): string {
  return isEndpoint(lane) ? lane.title : faceOf(lane.asked).title;
}

export function ownLane(lane: LaneSnapshot): RunLane {
  return { ...lane, key: lane.asked, known: ALL };
}

/** The lanes of a run with the endpoints among them, and what of these others may learn. */
export class RunLanes {
  readonly #choices: () => readonly EndpointChoice[];
  #endpoints: readonly EndpointSettings[] = [];

  /** `choices` says what the reader has ticked. */
  constructor(choices: () => readonly EndpointChoice[]) {
    this.#choices = choices;
  }

  /** A new run, with these endpoints; its lanes, before they have figures. */
  expect(lanes: readonly TransportId[], endpoints: readonly EndpointSettings[]): LaneName[] {
    this.#endpoints = endpoints;
    return [
      ...lanes.map((asked) => ({ key: asked, asked, title: faceOf(asked).title })),
      ...endpoints.map((each, index) => ({
        key: keyOf(index),
        asked: transportOf(each),
        title: nameOf(each),
      })),
    ];
  }

  of({ lanes, endpoints }: Snapshot): RunLane[] {
    return [
      ...lanes.map(ownLane),
      ...endpoints.map((each, index) => endpointLane(each, index, this.#endpoints[index])),
    ];
  }

  /** As they are saved and shared: whose endpoint it is only where that is ticked, as in a link. */
  shared(lanes: readonly RunLane[]): RunLane[] {
    const others = lanes.filter(isEndpoint);
    return lanes.map((lane) => {
      const index = others.indexOf(lane);
      if (index < 0 || this.#isShared(this.#endpoints[index])) return lane;
      return { ...lane, title: `Endpoint ${index + 1}`, origin: "" };
    });
  }

  #isShared(endpoint: EndpointSettings | undefined): boolean {
    return this.#choices().some(
      ({ settings, keepAddress }) => keepAddress && settings.url === endpoint?.url,
    );
  }
}

function keyOf(index: number): string {
  return `endpoint-${index + 1}`;
}

/** Only figures: neither what came nor the response's header fields. */
function endpointLane(
  lane: LaneSnapshot,
  index: number,
  settings: EndpointSettings | undefined,
): RunLane {
  const { asked, running, title, state, tag, origin, ownPort, httpVersion, delay } = lane;
  const { messages, firstMessageMs, requests, reconnects, missing, duplicate, reordered } = lane;
  const times = settings?.time !== undefined;
  const numbers = settings?.number !== undefined;
  const none = { missing: null, duplicate: null, reordered: null };
  return {
    ...{ key: keyOf(index), known: { server: false, times, numbers } },
    ...{ asked, running, title, state, tag, origin, ownPort, httpVersion, delay },
    ...{ messages, firstMessageMs, requests, reconnects },
    ...(numbers ? { missing, duplicate, reordered } : none),
    ...{ server: "", wire: null, bytesPerMessage: null, connections: null, back: null },
  };
}
