import type { TransportId, TransportInfo } from "../contract/core-module.js";
import { TRANSPORTS, TRANSPORT_USES } from "../contract/tables.js";
import { faceOf } from "../contract/transports.js";

/** All that there is to know of a transport. */
export function infoOf(id: TransportId): TransportInfo {
  return { ...faceOf(id), ...TRANSPORT_USES[id] };
}

/** Of every one, in the order of the page. */
export const INFOS: readonly TransportInfo[] = TRANSPORTS.map(({ id }) => infoOf(id));
