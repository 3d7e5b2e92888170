import type { LaneSnapshot } from "../contract/core-module.js";

type Way = Pick<LaneSnapshot, "origin" | "ownPort">;
type Place = Pick<LaneSnapshot, "server"> & Way;

/** The port of an origin: ":8089". */
function port(origin: string): string {
  return URL.canParse(origin) ? `:${new URL(origin).port || "default"}` : "";
}

/**
 * Which way a lane goes, where there is more than one: "server 2", ":8089", ":8089, past the proxy";
 * or "".
 */
export function laneWay({ origin, ownPort, server }: Place, proxied: boolean): string {
  if (server !== "") return `server ${server}`;
  if (ownPort) return proxied ? `${port(origin)}, past the proxy` : port(origin);
  return proxied && origin !== "" ? "through the proxy" : "";
}

/** Whether what the server counts of a lane is what passes between a proxy and it. */
export function countsLastHop({ ownPort }: Way, proxied: boolean): boolean {
  return proxied && !ownPort;
}
