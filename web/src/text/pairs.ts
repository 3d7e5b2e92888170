/**
 * "after=4 for=x tls" → [["after", 4], ["for", "x"], ["tls", null]]. Throws a `RangeError`.
 */
export function pairs(text: string): [name: string, value: string | number | boolean | null][] {
  return (text.match(/\S+/g) ?? []).map((word) => {
    const [, name, written] = /^([^=]+)(?:=(.+))?$/.exec(word) ?? [];
    if (name === undefined) throw new RangeError(`"${word}" is not written name=value.`);
    if (written === undefined) return [name, null];
    const value = Number(written);
    if (Number.isFinite(value)) return [name, value];
    return [name, /^(true|false)$/.test(written) ? written === "true" : written];
  });
}
