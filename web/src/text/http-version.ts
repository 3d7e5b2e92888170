import type { LaneSnapshot } from "../contract/core-module.js";
import { faceOf } from "../contract/transports.js";

const NAMES: Readonly<Record<string, string>> = {
  "http/1.0": "HTTP/1.0",
  "http/1.1": "HTTP/1.1",
  h2: "HTTP/2",
  h3: "HTTP/3",
};

/** The version of HTTP that the browser speaks on a lane, where it tells; "" before there is one. */
export function httpVersion(
  lane: Pick<LaneSnapshot, "httpVersion" | "origin" | "running">,
): string {
  const { httpVersion: version, origin, running } = lane;
  if (origin === "") return "";
  if (version === "") return "HTTP version not told by the browser";
  const name = NAMES[version] ?? version;
  return faceOf(running).twoWay ? `${name} Upgrade` : name;
}
