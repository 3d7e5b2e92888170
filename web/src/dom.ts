/** `<tag class="name">children</tag>`, with the tag's own type. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Sets a text only where it changed, so that nothing is laid out again for nothing. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** "`make run` starts it", "**SSE** opened" → text, with <code> and <strong>. */
export function richText(text: string): (Node | string)[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**") && part.length > 4) return make("strong", "", part.slice(2, -2));
    if (part.startsWith("`") && part.length > 2) return make("code", "", part.slice(1, -1));
    return part;
  });
}
