const SVG = "http://www.w3.org/2000/svg";

/** `<name attribute="value">children</name>` of a picture. */
export function svg(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: (Node | string)[]
): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, typeof value === "number" ? String(round(value)) : value);
  }
  element.append(...children);
  return element;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
