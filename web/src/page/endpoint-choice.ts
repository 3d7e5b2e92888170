import type { EndpointSettings } from "../contract/core-module.js";
import { endpointsFromText } from "../text/endpoint-text.js";

/** An endpoint that the reader has chosen, and what of it a link may hold: nothing, unless ticked. */
export interface EndpointChoice {
  readonly settings: EndpointSettings;
  /** Its address, with what else is no secret. */
  readonly keepAddress: boolean;
  /** Its header fields, body and subprotocols as well. */
  readonly keepHeaders: boolean;
}

/** As the element and the core have it. */
export function textOfEndpoints(endpoints: readonly EndpointSettings[]): string {
  const [only] = endpoints;
  if (only === undefined) return "";
  // An address alone needs no JSON.
  const bare = endpoints.every((each) => Object.keys(each).join() === "url");
  if (bare) return endpoints.map(({ url }) => url).join(" ");
  return JSON.stringify(endpoints.length === 1 ? only : endpoints);
}

/** What a link, or a page that embeds these lanes, gets to know; "" where that is nothing. */
export function keptText(choices: readonly EndpointChoice[]): string {
  return textOfEndpoints(choices.filter(({ keepAddress }) => keepAddress).map(keptPart));
}

/** What goes with an address; all else is for whoever ticks it. */
const WITH_ADDRESS: readonly string[] = [
  "url",
  "name",
  "transport",
  "events",
  "pollMs",
  "time",
  "number",
  "sendTo",
] satisfies (keyof EndpointSettings)[];

function keptPart({ settings, keepHeaders }: EndpointChoice): EndpointSettings {
  if (keepHeaders) return settings;
  const kept = Object.entries(settings).filter(([name]) => WITH_ADDRESS.includes(name));
  return { url: settings.url, ...Object.fromEntries(kept) };
}

/** What a link holds was ticked when it was made; what makes no sense is left out. */
export function choicesFromText(text: string): readonly EndpointChoice[] {
  try {
    return endpointsFromText(text).map((settings) => ({
      settings,
      keepAddress: true,
      keepHeaders: "headers" in settings || "subprotocols" in settings || "body" in settings,
    }));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
