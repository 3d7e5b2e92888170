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

/** The shortest hash that reads as these settings; "" for the defaults. */
export function hashFromSettings(settings: PageSettings): string {
  const fields: string[] = [];
  if (settings.rate !== RATE.initial) fields.push(`rate=${settings.rate}`);
  if (settings.payload !== PAYLOAD.initial) fields.push(`payload=${settings.payload}`);
  const lanes = settings.lanes.join(",");
  if (lanes !== DEFAULT_LANES.join(",")) fields.push(`lanes=${lanes}`);
  if (settings.withoutEventSource) fields.push("without=EventSource");
  return fields.length > 0 ? `#${fields.join("&")}` : "";
}

function numberIn(text: string | null, range: Range): number {
  const value = Number(text ?? Number.NaN);
  return value >= range.minimum && value <= range.maximum ? value : range.initial;
}
