/** The reconnection time (HTML 9.2.2) before a stream names another: milliseconds. */
export const INITIAL_RECONNECTION_TIME_MS = 3000;
/** A day: the longest reconnection time that a stream can set. */
export const MAX_RECONNECTION_TIME_MS = 86_400_000;

const FIRST_EXTRA_MS = 1000;
const MAX_EXTRA_MS = 30_000;

/**
 * Milliseconds until the next attempt: the reconnection time, at most a day of it, and after
 * `failures` attempts in a row that got no answer up to so much more that clients who lost the same
 * server do not come back together (the "wait some more" of HTML 9.2.3). `random` is from 0 to 1.
 */
export function reconnectionDelay(time: number, failures: number, random: number): number {
  const extra = failures === 0 ? 0 : Math.min(MAX_EXTRA_MS, FIRST_EXTRA_MS * 2 ** (failures - 1));
  return Math.min(MAX_RECONNECTION_TIME_MS, time) + random * extra;
}
