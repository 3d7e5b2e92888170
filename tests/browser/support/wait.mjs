/**
 * Waits until `condition` answers something other than false, null or undefined, and answers that.
 *
 * @template T
 * @param {string} what what is awaited; the error says it
 * @param {() => T | false | null | undefined | Promise<T | false | null | undefined>} condition
 * @param {{ timeoutMs?: number, everyMs?: number, detail?: () => unknown }} [options]
 *   `detail` is called for the error only
 * @returns {Promise<T>}
 */
export async function until(what, condition, { timeoutMs = 15000, everyMs = 40, detail } = {}) {
  const deadline = Date.now() + timeoutMs;
  /** @type {unknown} */
  let lastError;
  for (;;) {
    try {
      const answer = await condition();
      if (answer !== false && answer !== null && answer !== undefined) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      const parts = [`waited ${timeoutMs} ms in vain for ${what}`];
      if (lastError) parts.push(`last error: ${String(lastError)}`);
      if (detail) parts.push(`at the end: ${JSON.stringify(await detail(), null, 1)}`);
      throw new Error(parts.join("\n"));
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
