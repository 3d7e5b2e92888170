/**
 * "after=4 for=x tls a=" → [["after", 4], ["for", "x"], ["tls", null], ["a=", null]].
 */
export function pairs(text: string): [name: string, value: string | number | boolean | null][] {
  return (text.match(/\S+/g) ?? []).map((word) => {
    const [, name = word, written] = /^([^=]+)(?:=(.+))?$/.exec(word) ?? [];
    if (written === undefined) return [name, null];
    const value = Number(written);
    if (Number.isFinite(value)) return [name, value];
    return [name, /^(true|false)$/.test(written) ? written === "true" : written];
  });
}

/** Of a word, or of what words make together. */
export function unreadable(text: string): RangeError {
  return new RangeError(`"${text}" cannot be read.`);
}
