import type { MarkdownRenderer } from "vitepress";

import { measuredFigures } from "../data/figures";
import { sourceOf } from "../data/sources";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/**
 * `[^maxStreams]` in a page is a footnote: that one of data/sources.ts. Those that a page cites stand
 * at its end, each with the day on which it was read.
 */
export function footnotes(md: MarkdownRenderer): void {
  md.inline.ruler.before("link", "source", (state, silent) => {
    const [whole, id] = /^\[\^(\w+)\]/.exec(state.src.slice(state.pos)) ?? [];
    if (whole === undefined || id === undefined) return false;
    const { source } = sourceOf(id);
    if (!silent) {
      const cited: string[] = (state.env.cited ??= []);
      if (!cited.includes(id)) cited.push(id);
      const number = cited.indexOf(id) + 1;
      state.push("html_inline", "", 0).content =
        `<sup class="cites"><a href="#source-${id}" aria-label="Source: ${escaped(source)}">${number}</a></sup>`;
    }
    state.pos += whole.length;
    return true;
  });

  md.core.ruler.push("sources", (state) => {
    const cited = state.env.cited as string[] | undefined;
    if (cited === undefined) return;
    const items = cited.map((id) => {
      const { source, address, read } = sourceOf(id);
      const when = read === undefined ? "" : `, read <time>${read}</time>`;
      return `<li id="source-${id}"><a href="${escaped(address)}" target="_blank" rel="noreferrer">${escaped(source)}</a>${when}</li>`;
    });
    const list = new state.Token("html_block", "", 0);
    list.content = `<h2 id="sources" tabindex="-1">Sources</h2><ol class="sources">${items.join("")}</ol>`;
    state.tokens.push(list);
  });
}

/** `{{ figures.poll.chromium.both }}` is what a test has measured; where none has, the build ends. */
export function figures(md: MarkdownRenderer): void {
  const figure = measuredFigures();
  md.core.ruler.before("block", "figures", (state) => {
    state.src = state.src.replaceAll(/\{\{ figures\.([\w.]+) \}\}/g, (_, path: string) =>
      figure(path),
    );
  });
}

/**
 * A widget's own sentence is what readers without scripts see in its place; the others have it as
 * its caption.
 */
export function captions(md: MarkdownRenderer): void {
  md.core.ruler.push("captions", (state) => {
    for (const token of state.tokens) {
      if (token.type !== "html_block" || !token.content.startsWith("<transport-playground"))
        continue;
      token.content = token.content.replace(
        /<p>([^]*?)<\/p>\s*<\/transport-playground>/,
        '$&\n<p class="caption">$1</p>',
      );
    }
  });
}
