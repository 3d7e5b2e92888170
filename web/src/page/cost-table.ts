import type { LaneSnapshot, Snapshot, TransportId } from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import { NO_FIGURE, count, elapsed } from "../text/figures.js";
import { faceOf } from "../contract/transports.js";
import { makeCopyButton } from "./copying.js";
import { headCell, laneSquare, pointAt, tableOf } from "./figure-table.js";
import { COLUMNS, besideText, leastOf, type ColumnId, type RunFacts } from "./run-columns.js";
import { csvOf, markdownOf } from "./table-text.js";

type Direction = "ascending" | "descending";
type SortKey = ColumnId | "transport";

/** "What it cost": a row a lane. On a phone the style sheet makes each row a card. */
export class CostTable {
  readonly #body = make("tbody");
  readonly #since: HTMLElement;
  readonly #payload: () => number;
  readonly #container: HTMLElement;
  readonly #all = make("input");
  readonly #heads = new Map<SortKey, HTMLTableCellElement>();
  readonly #order = make("select");
  #rows: Row[] = [];
  #key = "";
  #sort: { by: SortKey; direction: Direction } = { by: "transport", direction: "ascending" };
  #lanes: readonly LaneSnapshot[] = [];
  #run: RunFacts = { elapsedMs: 0, payload: 0 };

  /** `payload` is what the run was asked for, in bytes. */
  constructor(container: HTMLElement, since: HTMLElement, payload: () => number) {
    this.#since = since;
    this.#payload = payload;
    this.#container = container;
    const heads = COLUMNS.map(({ id, title, explains, main }) => {
      const cell = this.#headCell(id, title, explains);
      cell.classList.toggle("further", main !== true);
      return cell;
    });
    heads.unshift(this.#headCell("transport", "Transport", ""));
    const table = tableOf("What it cost, by transport", heads, this.#body);
    container.append(make("div", "scrolls cost-scroll", table), this.#tools());
    this.#showSort();
  }

  /** Rows without figures, so that nothing jumps when they come. */
  expect(lanes: readonly TransportId[]): void {
    this.#key = lanes.join(" ");
    this.#lanes = [];
    this.#rows = lanes.map((id, index) => new Row(id, index));
    this.#body.replaceChildren(...this.#rows.map(({ element }) => element));
  }

  show(snapshot: Snapshot): void {
    const asked = snapshot.lanes.map((lane) => lane.asked);
    if (asked.join(" ") !== this.#key) this.expect(asked);
    this.#lanes = snapshot.lanes;
    this.#run = { elapsedMs: snapshot.elapsedMs, payload: this.#payload() };
    const least = COLUMNS.map((column) => leastOf(column, snapshot.lanes, this.#run));
    for (const row of this.#rows) {
      const lane = snapshot.lanes[row.index];
      if (lane !== undefined) row.show(lane, this.#run, least);
    }
    this.#container.classList.toggle(
      "both-ways",
      snapshot.lanes.some(({ back }) => back !== null),
    );
    this.#arrange();
    const time = elapsed(snapshot.elapsedMs);
    setText(this.#since, `since the start, ${time} · ${count(snapshot.sent)} messages sent`);
  }

  /** Leads the reader to a figure. */
  point(lane: TransportId, column: ColumnId): void {
    if (COLUMNS.some(({ id, main }) => id === column && main !== true)) this.#showAll(true);
    const cell = this.#rows.find(({ id }) => id === lane)?.cellOf(column);
    if (cell !== undefined) pointAt(cell);
  }

  #tools(): HTMLElement {
    const all = make("label", "switch", this.#all, make("span", "track"), "All figures");
    this.#all.type = "checkbox";
    this.#all.id = "all-figures";
    this.#all.setAttribute("role", "switch");
    this.#all.addEventListener("change", () => {
      this.#showAll(this.#all.checked);
    });
    const markdown = makeCopyButton("copy-markdown", "Copy as Markdown", () =>
      markdownOf(this.#sorted(), this.#run),
    );
    const csv = makeCopyButton("copy-csv", "Copy as CSV", () => csvOf(this.#sorted(), this.#run));
    // Cards have no heading to press.
    this.#order.id = "cost-order";
    this.#order.append(new Option("as above", "transport"));
    for (const { id, title } of COLUMNS) this.#order.append(new Option(title, id));
    this.#order.addEventListener("change", () => {
      this.#sortBy(this.#order.value as SortKey, "ascending");
    });
    const order = make("label", "cost-order", "Order ", this.#order);
    return make("div", "line cost-tools", all, order, markdown, csv);
  }

  #headCell(key: SortKey, title: string, explains: string): HTMLTableCellElement {
    const sort = (): void => {
      const same = this.#sort.by === key && this.#sort.direction === "ascending";
      this.#sortBy(key, same ? "descending" : "ascending");
    };
    const button = makeButton("sort", sort, title);
    if (explains !== "") button.title = explains;
    const cell = headCell(button);
    cell.dataset["column"] = key;
    this.#heads.set(key, cell);
    return cell;
  }

  #showAll(all: boolean): void {
    this.#all.checked = all;
    this.#container.classList.toggle("all-figures", all);
  }

  #sortBy(by: SortKey, direction: Direction): void {
    this.#sort = { by, direction };
    this.#showSort();
    this.#arrange();
  }

  #showSort(): void {
    for (const [key, cell] of this.#heads) {
      cell.ariaSort = key === this.#sort.by ? this.#sort.direction : "none";
    }
    this.#order.value = this.#sort.by;
  }

  /** Lanes without a figure stand last, whichever way the others go. */
  #sorted(): readonly LaneSnapshot[] {
    const { by, direction } = this.#sort;
    const sign = direction === "ascending" ? 1 : -1;
    if (by === "transport") return sign > 0 ? this.#lanes : [...this.#lanes].reverse();
    const column = COLUMNS.find(({ id }) => id === by);
    const value = (lane: LaneSnapshot): number | null => column?.value(lane, this.#run) ?? null;
    return [...this.#lanes].sort((a, b) => {
      const [first, second] = [value(a), value(b)];
      if (first === null || second === null)
        return Number(first === null) - Number(second === null);
      return sign * (first - second);
    });
  }

  /** Rows are moved only where their order changes, so that a focus or a selection stays. */
  #arrange(): void {
    const wanted = this.#sorted().map((lane) => this.#rows[this.#lanes.indexOf(lane)]?.element);
    if (wanted.every((element, index) => element === this.#body.children[index])) return;
    this.#body.append(...wanted.filter((element) => element !== undefined));
  }
}

class Row {
  readonly element = make("tr");
  readonly id: TransportId;
  /** Its place among the run's lanes. */
  readonly index: number;
  readonly #square: HTMLElement;
  readonly #title = make("span");
  readonly #cells: { text: HTMLElement; beside: HTMLElement; cell: HTMLTableCellElement }[];

  constructor(id: TransportId, index: number) {
    this.id = id;
    this.index = index;
    setText(this.#title, faceOf(id).title);
    this.#square = laneSquare(id);
    const name = make("th", "", this.#square, this.#title);
    name.scope = "row";
    name.setAttribute("role", "rowheader");
    this.element.setAttribute("role", "row");
    this.element.dataset["transport"] = id;
    this.#cells = COLUMNS.map(({ id: column, title: heading, main }) => {
      const beside = make("span", "beside small-words");
      const text = make("span", "text", NO_FIGURE);
      const cell = make("td", "quiet", text, beside);
      cell.setAttribute("role", "cell");
      cell.dataset["title"] = heading;
      cell.dataset["column"] = column;
      cell.classList.toggle("further", main !== true);
      return { text, beside, cell };
    });
    this.element.append(name, ...this.#cells.map(({ cell }) => cell));
  }

  cellOf(column: ColumnId): HTMLTableCellElement | undefined {
    return this.#cells[COLUMNS.findIndex(({ id }) => id === column)]?.cell;
  }

  show(lane: LaneSnapshot, run: RunFacts, least: readonly (number | null)[]): void {
    setText(this.#title, lane.title);
    this.#square.style.setProperty("--running", `var(${faceOf(lane.running).colour})`);
    COLUMNS.forEach((column, index) => {
      const parts = this.#cells[index];
      if (parts === undefined) return;
      const value = column.value(lane, run);
      setText(parts.text, value === null ? NO_FIGURE : column.text(value));
      setText(parts.beside, besideText(column, value, least[index] ?? null));
      const { classList } = parts.cell;
      const counts = ["reconnects", "missing", "duplicate", "reordered"].includes(column.id);
      classList.toggle("quiet", value === null || (counts && value === 0));
      classList.toggle("trouble", column.trouble === true && (value ?? 0) > 0);
    });
  }
}
