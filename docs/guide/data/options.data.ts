// The element's options from their comments in web/src/element/options.ts, the one place where they
// are written down.
import { readFileSync } from "node:fs";

import { createMarkdownRenderer } from "vitepress";

import { repositoryFile } from "./built";

interface Option {
  readonly name: string;
  readonly html: string;
}

declare const data: readonly Option[];
export { data };

const file = repositoryFile("web/src/element/options.ts");
const documented = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*get (\w+)\(\)/g;

export default {
  watch: [file],
  async load(): Promise<readonly Option[]> {
    const markdown = await createMarkdownRenderer(".");
    return [...readFileSync(file, "utf8").matchAll(documented)].map(
      ([, comment = "", name = ""]) => ({
        name,
        html: markdown.renderInline(comment.replaceAll(/^\s*\* ?/gm, "").trim()),
      }),
    );
  },
};
