import type { TransportId } from "../core-module.js";
import { PAYLOAD, RATE, words, type Range } from "../options.js";
import { DEFAULT_LANES, isTransportId } from "../transports.js";

/** What the page lets a reader choose; all of it is in the link. */
export interface PageSettings {
  rate: number;
  payload: number;
  lanes: readonly TransportId[];
  withoutEventSource: boolean;
}

export const INITIAL_SETTINGS: Readonly<PageSettings> = {
  rate: RATE.initial,
  payload: PAYLOAD.initial,
  lanes: DEFAULT_LANES,
  withoutEventSource: false,
};

/** Reads "#rate=20&lanes=sse,websocket"; what is absent or makes no sense takes its default. */
export function settingsFromHash(hash: string): PageSettings {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const lanes = words(fields.get("lanes") ?? "").filter(isTransportId);
  return {
    rate: numberIn(fields.get("rate"), RATE),
    payload: Math.round(numberIn(fields.get("payload"), PAYLOAD)),
    lanes: lanes.length > 0 ? lanes : DEFAULT_LANES,
    withoutEventSource: words(fields.get("without") ?? "").includes("EventSource"),
  };
}

/** A link names the rate and the payload always, so that it means the same for ever. */
export function hashFromSettings(settings: PageSettings): string {
  const fields = [`rate=${settings.rate}`, `payload=${settings.payload}`];
  if (!areDefaultLanes(settings.lanes)) fields.push(`lanes=${settings.lanes.join(",")}`);
  if (settings.withoutEventSource) fields.push("without=EventSource");
  return `#${fields.join("&")}`;
}

export function areDefaultLanes(lanes: readonly TransportId[]): boolean {
  return lanes.join() === DEFAULT_LANES.join();
}

function numberIn(text: string | null, range: Range): number {
  const value = Number(text ?? Number.NaN);
  return value >= range.minimum && value <= range.maximum ? value : range.initial;
}
