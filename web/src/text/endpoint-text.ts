import type { EndpointSettings, TransportId } from "../contract/core-module.js";

/**
 * Endpoints as an attribute has them: an object or an array as JSON, or addresses with spaces between
 * them. Only the core knows what an endpoint can be. Throws a `RangeError` for what is no JSON.
 */
export function endpointsFromText(text: string): EndpointSettings[] {
  if (!/^\s*[[{]/.test(text)) {
    return text
      .split(/\s+/)
      .filter((url) => url !== "")
      .map((url) => ({ url }));
  }
  try {
    const read = JSON.parse(text) as EndpointSettings | EndpointSettings[];
    return Array.isArray(read) ? read : [read];
  } catch (error) {
    throw new RangeError(`That is no JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** Over what it is followed, as the core has it. */
export function transportOf({ url, transport }: EndpointSettings): TransportId {
  return transport ?? (/^wss?:/.test(url) ? "websocket" : "sse-fetch");
}

/** What its lane is called before the core has said so. */
export function nameOf({ name, url }: EndpointSettings): string {
  if (name !== undefined && name !== "") return name;
  return URL.canParse(url) ? new URL(url).host : url;
}
