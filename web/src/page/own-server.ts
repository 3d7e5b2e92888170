/** A server that takes longer than this is there, and slow. */
const PATIENCE_MS = 4000;
/** A gateway's words for a server that is away for a moment. */
const AWAY: readonly number[] = [502, 503, 504];

/**
 * Whether the page has a playground server at its own address, or at `base`. A static host answers
 * as well, but without the field that every answer of such a server has.
 */
export async function hasOwnServer(base = ""): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { headers, status } = await fetch(`${base}api/config`, { cache: "no-store", signal });
    return headers.has("Playground") || AWAY.includes(status);
  } catch (error) {
    return error instanceof DOMException && error.name === "TimeoutError";
  }
}
