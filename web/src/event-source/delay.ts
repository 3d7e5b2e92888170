/** The reconnection time (HTML 9.2.2) before a stream names another: milliseconds. */
export const INITIAL_RECONNECTION_TIME_MS = 3000;

const FIRST_EXTRA_MS = 1000;
const MAX_EXTRA_MS = 30_000;
/** setTimeout counts in 32 bits; a longer wait (25 days) ends early. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Milliseconds until the next attempt: the reconnection time, and after `failures` attempts in a row
 * that got no answer up to so much more that clients who lost the same server do not come back
 * together (the "wait some more" of HTML 9.2.3). `random` is from 0 to 1.
 */
export function reconnectionDelay(time: number, failures: number, random: number): number {
  const extra = failures === 0 ? 0 : Math.min(MAX_EXTRA_MS, FIRST_EXTRA_MS * 2 ** (failures - 1));
  return Math.min(MAX_TIMEOUT_MS, time + random * extra);
}
