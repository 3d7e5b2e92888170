/**
 * Why to try again is futile, and HTML 9.2.3 has the connection fail. Fetch does not tell what went
 * wrong, so that the server has to be asked.
 */
const FETCHED_SCHEMES: readonly string[] = ["http:", "https:", "data:", "blob:"];

/** Milliseconds for all questions of an attempt: a server that has not answered by then is away. */
const LIMIT_MS = 3000;

const NOT_ALLOWED = "The server answers, but does not allow this page's origin to read it (CORS).";
const NOT_FOLLOWED =
  "The server redirects to an address that does not answer, cannot be fetched, or does not allow " +
  "this page's origin to read it (CORS).";

/** Why no attempt can succeed; null where one may. */
export function whyNeverFetched(url: URL): string | null {
  if (!FETCHED_SCHEMES.includes(url.protocol)) return `${url.protocol} cannot be fetched.`;
  if (url.username !== "" || url.password !== "") {
    return "An address with a user name or a password in it cannot be fetched.";
  }
  return null;
}

/**
 * After an attempt that got no answer: why another one would get none either; null where it may, or
 * where `signal` has aborted. `attempt` fetches as the source does, with these changes.
 */
export async function whyFutile(
  url: URL,
  attempt: (changes: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<string | null> {
  // What has no server is not kept back by one.
  if (!url.protocol.startsWith("http")) return null;
  const asking = new AbortController();
  const stop = (): void => {
    asking.abort();
  };
  signal.addEventListener("abort", stop);
  AbortSignal.timeout(LIMIT_MS).addEventListener("abort", stop);
  const limit = new Promise<null>((resolve) => {
    asking.signal.addEventListener("abort", () => {
      resolve(null);
    });
  });
  // A fetch that was replaced may not know the signal.
  const found = await Promise.race([ask(url, attempt, asking.signal), limit]);
  // Ends what goes on of it: the answers are not read.
  stop();
  signal.removeEventListener("abort", stop);
  return signal.aborted ? null : found;
}

/** A server that answers a question may have just come back: it gets another attempt. */
async function ask(
  url: URL,
  attempt: (changes: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<string | null> {
  const fails = (): Promise<boolean> =>
    attempt({ signal }).then(
      () => false,
      () => true,
    );
  // Outside of browsers, nothing has an origin, and nothing is kept from it.
  const { origin } = globalThis as { origin?: string };
  if (origin !== undefined && origin !== url.origin && (await answers(url, signal))) {
    return (await fails()) ? NOT_ALLOWED : null;
  }
  return (await redirects(attempt, signal)) && (await fails()) ? NOT_FOLLOWED : null;
}

/** Whether there is an answer, which we are not to read. Not HEAD: many a server never ends it. */
async function answers(url: URL, signal: AbortSignal): Promise<boolean> {
  try {
    const { type } = await fetch(url.href, {
      mode: "no-cors",
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
    return type === "opaque";
  } catch {
    return false;
  }
}

async function redirects(
  attempt: (changes: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    // Node.js shows the response itself.
    const { type, status } = await attempt({ redirect: "manual", signal });
    return type === "opaqueredirect" || (status >= 300 && status < 400);
  } catch {
    return false;
  }
}
