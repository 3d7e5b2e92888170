/** "a, b c" → ["a", "b", "c"], each once. */
export function words(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
}
