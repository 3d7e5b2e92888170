/** Milliseconds. */
const ANSWERS_WITHIN = 5000;

/**
 * What is wrong with a file that could not be loaded, for the reader of the page. What the browser
 * says of it, `said`, is not much: so the file is asked for once more.
 */
export async function troubleWith(address: string, said: string): Promise<string> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWERS_WITHIN) }).catch(
    () => null,
  );
  void answer?.body?.cancel();
  return `${address} ${wrongWith(answer, said)}.`;
}

function wrongWith(answer: Response | null, said: string): string {
  if (!navigator.onLine) return "cannot be fetched: this browser is offline";
  if (answer === null) {
    return "cannot be fetched: nobody answers there, or this page is not allowed to ask";
  }
  if (!answer.ok) return `is not there: its server answers ${answer.status}`;
  const type = answer.headers.get("content-type") ?? "of no type";
  if (!/script|wasm|octet/.test(type)) return `is ${type}: another file, or one of a wrong type`;
  // What browsers say of a script that does not come at all, and it does.
  if (/imported|Importing/.test(said))
    return "is there, but the page's policy (script-src) forbids it";
  return `is there, but cannot be used: ${said}`;
}
