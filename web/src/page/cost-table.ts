import type { Snapshot, TransportId } from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import { NO_FIGURE, count, duration, elapsed, errorMatters, spoken } from "../text/figures.js";
import { httpVersion } from "../text/http-version.js";
import { laneWay } from "../text/lane-way.js";
import { faceOf } from "../contract/transports.js";
import { makeCopyButton } from "./copying.js";
import { headCell, laneSquare, pointAt, tableOf } from "./figure-table.js";
import {
  COLUMNS,
  besideOf,
  explainsOf,
  factsOf,
  figureText,
  leastOf,
  titleOf,
  type ColumnId,
  type RunFacts,
} from "./run-columns.js";
import { isEndpoint, type LaneName, type RunLane, type RunLanes } from "./run-lanes.js";
import { csvOf, markdownOf } from "./table-text.js";

type Direction = "ascending" | "descending";
type SortKey = ColumnId | "transport";

/** "What it cost": a row a lane. On a phone the style sheet makes each row a card. */
export class CostTable {
  readonly #body = make("tbody");
  readonly #since: HTMLElement;
  readonly #payload: () => number;
  readonly #container: HTMLElement;
  readonly #runLanes: RunLanes;
  readonly #all = make("input");
  readonly #heads = new Map<SortKey, HTMLTableCellElement>();
  readonly #order = make("select");
  readonly #notes = make("p", "cost-notes small-words");
  #rows: Row[] = [];
  #key = "";
  #sort: { by: SortKey; direction: Direction } = { by: "transport", direction: "ascending" };
  #lanes: readonly RunLane[] = [];
  #run: RunFacts = { elapsedMs: 0, payload: 0, clockErrorMs: 0, lastHop: false };

  /** `payload` is what the run was asked for, in bytes. */
  constructor(
    container: HTMLElement,
    since: HTMLElement,
    runLanes: RunLanes,
    payload: () => number,
  ) {
    this.#since = since;
    this.#runLanes = runLanes;
    this.#payload = payload;
    this.#container = container;
    const heads = COLUMNS.map(({ id, title, explains, main }) => {
      const cell = this.#headCell(id, title, explains);
      cell.classList.toggle("further", main !== true);
      return cell;
    });
    heads.unshift(this.#headCell("transport", "Transport", ""));
    const table = tableOf("What it cost, by transport", heads, this.#body);
    this.#notes.hidden = true;
    container.append(make("div", "scrolls cost-scroll", table), this.#notes, this.#tools());
    this.#showSort();
  }

  /** Rows without figures, so that nothing jumps when they come. */
  expect(lanes: readonly LaneName[]): void {
    this.#key = keyOf(lanes);
    this.#lanes = [];
    this.#rows = lanes.map((lane, index) => new Row(lane, index));
    this.#body.replaceChildren(...this.#rows.map(({ element }) => element));
  }

  show(snapshot: Snapshot, lanes: readonly RunLane[]): void {
    if (keyOf(lanes) !== this.#key) this.expect(lanes);
    this.#lanes = lanes;
    const { lastHop } = this.#run;
    this.#run = factsOf(snapshot, this.#payload());
    if (this.#run.lastHop !== lastHop) this.#showTitles();
    const least = COLUMNS.map((column) => leastOf(column, lanes, this.#run));
    for (const row of this.#rows) {
      const lane = lanes[row.index];
      if (lane !== undefined) row.show(lane, this.#run, least, wayOf(lane, snapshot));
    }
    const notes = notesOn(snapshot, lanes, this.#run);
    setText(this.#notes, notes.join(" "));
    this.#notes.hidden = notes.length === 0;
    this.#container.classList.toggle(
      "both-ways",
      snapshot.lanes.some(({ back }) => back !== null),
    );
    this.#arrange();
    const time = elapsed(snapshot.elapsedMs);
    // What others have sent, only they know.
    const sent = snapshot.lanes.length === 0 ? "" : ` · ${count(snapshot.sent)} messages sent`;
    setText(this.#since, `since the start, ${time}${sent}`);
  }

  /** Leads the reader to a figure. */
  point(lane: TransportId, column: ColumnId): void {
    if (COLUMNS.some(({ id, main }) => id === column && main !== true)) this.#showAll(true);
    const cell = this.#rows.find(({ key }) => key === lane)?.cellOf(column);
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
      markdownOf(this.#shared(), this.#run),
    );
    const csv = makeCopyButton("copy-csv", "Copy as CSV", () => csvOf(this.#shared(), this.#run));
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

  #showTitles(): void {
    for (const column of COLUMNS) {
      const button = this.#heads.get(column.id)?.querySelector("button");
      if (!(button instanceof HTMLButtonElement)) continue;
      setText(button, titleOf(column, this.#run));
      button.title = explainsOf(column, this.#run);
    }
    for (const row of this.#rows) row.showTitles(this.#run);
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

  #shared(): RunLane[] {
    return this.#runLanes.shared(this.#sorted());
  }

  /** Lanes without a figure stand last, whichever way the others go. */
  #sorted(): readonly RunLane[] {
    const { by, direction } = this.#sort;
    const sign = direction === "ascending" ? 1 : -1;
    if (by === "transport") return sign > 0 ? this.#lanes : [...this.#lanes].reverse();
    const column = COLUMNS.find(({ id }) => id === by);
    const value = (lane: RunLane): number | null => column?.value(lane, this.#run) ?? null;
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

function keyOf(lanes: readonly LaneName[]): string {
  return lanes.map(({ key, asked }) => `${key} ${asked}`).join("\n");
}

function wayOf(lane: RunLane, { proxied }: Snapshot): string {
  const way = isEndpoint(lane) ? "your endpoint" : laneWay(lane, proxied);
  return [way, httpVersion(lane)].filter((each) => each !== "").join(" · ");
}

/** What a reader of the figures has to know of them. */
function notesOn(
  { lanes, proxied }: Snapshot,
  all: readonly RunLane[],
  { clockErrorMs, lastHop }: RunFacts,
): string[] {
  const notes: string[] = [];
  if (lanes.some(({ delay }) => delay !== null && errorMatters(delay.medianMs, clockErrorMs))) {
    const error = spoken(duration(clockErrorMs));
    notes.push(`The server’s clock is known to ± ${error}: all delays may be off by as much.`);
  }
  if (lastHop) {
    notes.push(
      "A proxy stands before the server: bytes and connections are those between the two, and not " +
        "the browser’s.",
    );
  }
  if (proxied && lanes.some(({ ownPort }) => ownPort)) {
    notes.push("Lanes with a port of their own go past it; “One origin” sends all through it.");
  }
  const others = all.filter(isEndpoint);
  if (others.length > 0) {
    notes.push(
      "Of an endpoint only what a page is told is known: not its bytes on the wire, nor its " +
        "connections; its requests are those that this page has made.",
    );
  }
  if (others.some(({ delay }) => delay !== null)) {
    notes.push(
      "Nobody has compared its server’s clock with this machine’s, by which its delays count: " +
        "they are not compared with others.",
    );
  }
  return notes;
}

class Row {
  readonly element = make("tr");
  readonly key: string;
  /** Its place among the run's lanes. */
  readonly index: number;
  readonly #square: HTMLElement;
  readonly #title = make("span");
  readonly #way = make("span", "way small-words");
  readonly #cells: { text: HTMLElement; beside: HTMLElement; cell: HTMLTableCellElement }[];

  constructor({ key, asked, title }: LaneName, index: number) {
    this.key = key;
    this.index = index;
    setText(this.#title, title);
    this.#square = laneSquare(asked);
    const name = make("th", "", this.#square, this.#title, this.#way);
    name.scope = "row";
    name.setAttribute("role", "rowheader");
    this.element.setAttribute("role", "row");
    this.element.dataset["transport"] = key;
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

  /** On a phone each cell has its title. */
  showTitles(run: RunFacts): void {
    COLUMNS.forEach((column, index) => {
      const cell = this.#cells[index]?.cell;
      if (cell !== undefined) cell.dataset["title"] = titleOf(column, run);
    });
  }

  show(lane: RunLane, run: RunFacts, least: readonly (number | null)[], way: string): void {
    setText(this.#title, lane.title);
    setText(this.#way, way);
    this.#way.hidden = way === "";
    this.#way.title = lane.origin;
    this.#square.style.setProperty("--running", `var(${faceOf(lane.running).colour})`);
    COLUMNS.forEach((column, index) => {
      const parts = this.#cells[index];
      if (parts === undefined) return;
      const value = column.value(lane, run);
      setText(parts.text, figureText(column, lane, run));
      setText(parts.beside, besideOf(column, lane, least[index] ?? null, run));
      const { classList } = parts.cell;
      const counts = ["reconnects", "missing", "duplicate", "reordered"].includes(column.id);
      classList.toggle("quiet", value === null || (counts && value === 0));
      classList.toggle("trouble", column.trouble === true && (value ?? 0) > 0);
    });
  }
}
