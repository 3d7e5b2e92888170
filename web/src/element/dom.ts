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

/** A button that calls `act`; `content` is its text, or what stands in it. */
export function makeButton(
  className: string,
  act: () => void,
  ...content: (Node | string)[]
): HTMLButtonElement {
  const button = make("button", className, ...content);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

/** Sets a text only where it changed, so that nothing is laid out again for nothing. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Puts `wanted` into `place`. Where it has the shape of what is there, only words change: the focus
 * and a selection stay, and little is laid out again. Listeners stay as well, so that what they are
 * about has to be in the attributes.
 */
export function settle(place: Element, ...wanted: Node[]): void {
  const there = [...place.childNodes];
  if (there.length === wanted.length && there.every((node, at) => sameShape(node, wanted[at]))) {
    there.forEach((node, at) => {
      takeWords(node, wanted[at]);
    });
  } else place.replaceChildren(...wanted);
}

function sameShape(there: Node, wanted: Node | undefined): boolean {
  if (there.nodeType !== wanted?.nodeType) return false;
  if (there instanceof Text) return true;
  return (
    there.childNodes.length === wanted.childNodes.length &&
    there.cloneNode().isEqualNode(wanted.cloneNode()) &&
    [...there.childNodes].every((child, at) => sameShape(child, wanted.childNodes[at]))
  );
}

function takeWords(there: Node, wanted: Node | undefined): void {
  if (there instanceof Text) {
    if (there.data !== wanted?.textContent) there.data = wanted?.textContent ?? "";
  } else {
    there.childNodes.forEach((child, at) => {
      takeWords(child, wanted?.childNodes[at]);
    });
  }
}

/** "`make run` starts it", "**SSE** opened" → text, with <code> and <strong>. */
export function richText(text: string): (Node | string)[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**") && part.length > 4) return make("strong", "", part.slice(2, -2));
    if (part.startsWith("`") && part.length > 2) return make("code", "", part.slice(1, -1));
    return part;
  });
}

/** A colour of the style sheet, by its custom property, as the theme has it now. */
export function colourOf(property: string): string {
  const swatch = make("i");
  swatch.style.setProperty("color", `var(${property})`);
  document.body.append(swatch);
  const { color } = getComputedStyle(swatch);
  swatch.remove();
  return color;
}

const KEYS = /^(Arrow\w+|Page\w+|Home|End|Enter|[-+= ])$/;

/** The keys that buttons, sliders and lanes use are no business of the page around them. */
export function keepKeys(root: ShadowRoot): void {
  for (const type of ["keydown", "keypress", "keyup"]) {
    root.addEventListener(type, (event) => {
      const { key, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
      if (KEYS.test(key) && !altKey && !ctrlKey && !metaKey) event.stopPropagation();
    });
  }
}
