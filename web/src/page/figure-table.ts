import type { TransportId } from "../contract/core-module.js";
import { faceOf } from "../contract/transports.js";
import { make, makeButton } from "../element/dom.js";

/** A cell's text, or an element; `tone` is a class of the style sheet. */
export interface PlainCell {
  readonly content: Node | string;
  readonly tone?: string;
}

/** A table that is made anew whenever it changes. */
export function figureTable(
  label: string,
  titles: readonly string[],
  rows: readonly (readonly (PlainCell | string)[])[],
): HTMLTableElement {
  const body = make("tbody", "", ...rows.map((cells) => row(titles, cells)));
  return tableOf(label, titles.map(headCell), body);
}

/**
 * On a phone the style sheet makes each row a card, which must not take its meaning away: hence the
 * roles, and each cell's title.
 */
export function tableOf(
  label: string,
  heads: readonly HTMLElement[],
  body: HTMLTableSectionElement,
): HTMLTableElement {
  const head = make("tr", "", ...heads);
  head.setAttribute("role", "row");
  const group = make("thead", "", head);
  for (const each of [group, body]) each.setAttribute("role", "rowgroup");
  const table = make("table", "", group, body);
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", label);
  return table;
}

export function headCell(content: Node | string): HTMLTableCellElement {
  const cell = make("th", "", content);
  cell.scope = "col";
  cell.setAttribute("role", "columnheader");
  return cell;
}

function row(
  titles: readonly string[],
  cells: readonly (PlainCell | string)[],
): HTMLTableRowElement {
  const line = make("tr");
  line.setAttribute("role", "row");
  cells.forEach((each, index) => {
    const { content, tone = "" } = typeof each === "string" ? { content: each } : each;
    const cell = make(index === 0 ? "th" : "td", tone, content);
    if (index === 0) cell.scope = "row";
    cell.setAttribute("role", index === 0 ? "rowheader" : "cell");
    cell.dataset["title"] = titles[index] ?? "";
    line.append(cell);
  });
  return line;
}

/** A lane's coloured square. */
export function laneSquare(lane: TransportId): HTMLElement {
  const square = make("span", "square");
  square.style.setProperty("--colour", `var(${faceOf(lane).colour})`);
  return square;
}

/** A lane's name with its coloured square. */
export function laneName(lane: TransportId, title: string = faceOf(lane).title): DocumentFragment {
  const name = document.createDocumentFragment();
  name.append(laneSquare(lane), title);
  return name;
}

/** A chip with a lane's name, in its colour. */
export function laneChip(lane: TransportId, title: string, act: () => void): HTMLButtonElement {
  const chip = makeButton("chip", act, make("span", "square"), title);
  chip.style.setProperty("--colour", `var(${faceOf(lane).colour})`);
  return chip;
}

/** Leads the reader to a figure: it is in view, has the focus, and is marked for a moment. */
export function pointAt(figure: HTMLElement): void {
  figure.tabIndex = -1;
  figure.focus({ preventScroll: true });
  figure.scrollIntoView({ block: "center", inline: "center" });
  figure.classList.remove("pointed");
  // The style sheet's animation begins anew only after a layout without it.
  figure.getBoundingClientRect();
  figure.classList.add("pointed");
}
