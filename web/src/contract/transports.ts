import type { TransportFace, TransportId } from "./core-module.js";
import { TRANSPORTS } from "./tables.js";

/** The lanes that are shown unless somebody asks for others. */
export const DEFAULT_LANES: readonly TransportId[] = TRANSPORTS.filter(({ shown }) => shown).map(
  ({ id }) => id,
);

const BY_ID = new Map<string, TransportFace>(TRANSPORTS.map((each) => [each.id, each]));

/** Whether it is one response that goes on. */
export function streams({ polls, twoWay }: TransportFace): boolean {
  return !polls && !twoWay;
}

export function isTransportId(text: string): text is TransportId {
  return BY_ID.has(text);
}

export function faceOf(id: TransportId): TransportFace {
  const found = BY_ID.get(id);
  if (found === undefined) throw new RangeError(`There is no transport "${id}".`);
  return found;
}
