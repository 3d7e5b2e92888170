import { readFile } from "node:fs/promises";

const text = await readFile(new URL("../../../web/README.md", import.meta.url), "utf8");

/**
 * The code that the README gives under a heading, or after a word in it, block by block.
 * @param {string} after
 */
export function blocksAfter(after) {
  const start = text.indexOf(after);
  if (start < 0) throw new Error(`the README has no "${after}"`);
  return [...text.slice(start).matchAll(/^```[a-z]+\n([^]*?)^```$/gm)].map(
    ([, code]) => code ?? "",
  );
}

/** The first of them. */
export function blockAfter(/** @type {string} */ after) {
  const [first] = blocksAfter(after);
  if (first === undefined) throw new Error(`the README has no code after "${after}"`);
  return first;
}
