import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const sources = new URL("../../../docs/guide/", import.meta.url);
export const dist = fileURLToPath(new URL("../../../web/dist/", import.meta.url));

/**
 * The guide's pages: their names ("index"), and what they are written as.
 * @returns {Promise<{ name: string, markdown: string }[]>}
 */
export async function pages() {
  const files = (await readdir(sources)).filter((file) => file.endsWith(".md")).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.replace(/\.md$/, ""),
      markdown: await readFile(new URL(file, sources), "utf8"),
    })),
  );
}

/** @param {string} name of a page */
export const built = (name) => readFile(`${dist}guide/${name}.html`, "utf8");
