import type { LaneSnapshot, Snapshot, TransportId } from "../core-module.js";
import { make, setText } from "../dom.js";
import { NO_FIGURE, bytes, count, duration, elapsed, ratio, spoken } from "../figures.js";
import { faceOf } from "../transports.js";

interface Cell {
  readonly text: string;
  /** Beside the figure, quietly: how many times the best. */
  readonly beside?: string;
  readonly tone?: "quiet" | "trouble" | "best";
}

interface Column {
  readonly title: string;
  readonly explains: string;
  readonly cell: (lane: LaneSnapshot) => Cell;
}

const COLUMNS: readonly Column[] = [
  {
    title: "median",
    explains: "Delay from the scheduled send to the arrival: half of the messages were faster",
    cell: ({ delay }) => figure(delay && spoken(duration(delay.medianMs))),
  },
  {
    title: "p99",
    explains: "Delay that 99 of 100 messages kept below",
    cell: ({ delay }) => figure(delay && spoken(duration(delay.p99Ms))),
  },
  {
    title: "bytes/msg",
    explains: "Both ways at the server’s socket, heads and framing included, by messages",
    cell: ({ bytesPerMessage, bytesRatio }) => ({
      ...figure(bytesPerMessage === null ? null : spoken(bytes(bytesPerMessage))),
      ...(bytesRatio === null ? {} : { beside: ratio(bytesRatio) }),
    }),
  },
  {
    title: "requests",
    explains: "HTTP requests the server answered",
    cell: ({ requests }) => ({ text: count(requests) }),
  },
  {
    title: "connections",
    explains: "TCP connections the server saw",
    cell: ({ connections }) => ({ text: count(connections) }),
  },
  {
    title: "reconnects",
    explains: "Times a stream or a poll had to be begun again",
    cell: ({ reconnects }) => none(reconnects),
  },
  {
    title: "missing",
    explains: "Messages that others have and this lane lacks",
    cell: ({ missing }) =>
      missing > 0 ? { text: count(missing), tone: "trouble" } : none(missing),
  },
  {
    title: "duplicate",
    explains: "Messages that came more than once",
    cell: ({ duplicate }) => none(duplicate),
  },
  {
    title: "reordered",
    explains: "Messages that came after a later one",
    cell: ({ reordered }) => none(reordered),
  },
];

function figure(text: string | null): Cell {
  return text === null ? { text: NO_FIGURE, tone: "quiet" } : { text };
}

function none(value: number): Cell {
  return value === 0 ? { text: "0", tone: "quiet" } : { text: count(value) };
}

/** "What it cost": a row a lane. On a phone the style sheet makes each row a card. */
export class CostTable {
  readonly #body = make("tbody");
  readonly #since: HTMLElement;
  #rows: Row[] = [];
  #key = "";

  constructor(container: HTMLElement, since: HTMLElement) {
    this.#since = since;
    const head = make("tr", "", headCell("Transport", ""));
    for (const { title, explains } of COLUMNS) head.append(headCell(title, explains));
    head.setAttribute("role", "row");
    this.#body.setAttribute("role", "rowgroup");
    const table = make("table", "", make("thead", "", head), this.#body);
    // A style sheet that shows the table as cards must not take its meaning away.
    table.setAttribute("role", "table");
    table.setAttribute("aria-label", "What it cost, by transport");
    container.append(table);
  }

  /** Rows without figures, so that nothing jumps when they come. */
  expect(lanes: readonly TransportId[]): void {
    this.#key = lanes.join(" ");
    this.#rows = lanes.map((id) => new Row(id));
    this.#body.replaceChildren(...this.#rows.map(({ element }) => element));
  }

  show(snapshot: Snapshot): void {
    const asked = snapshot.lanes.map((lane) => lane.asked);
    if (asked.join(" ") !== this.#key) this.expect(asked);
    snapshot.lanes.forEach((lane, index) => this.#rows[index]?.show(lane));
    const time = elapsed(snapshot.elapsedMs);
    setText(this.#since, `since the start, ${time} · ${count(snapshot.sent)} messages sent`);
  }
}

function headCell(title: string, explains: string): HTMLTableCellElement {
  const cell = make("th", "", title);
  cell.scope = "col";
  cell.setAttribute("role", "columnheader");
  if (explains !== "") cell.title = explains;
  return cell;
}

class Row {
  readonly element = make("tr");
  readonly #square = make("span", "square");
  readonly #title = make("span");
  readonly #cells: { text: HTMLElement; beside: HTMLElement; cell: HTMLElement }[];

  constructor(id: TransportId) {
    const { title, colour } = faceOf(id);
    setText(this.#title, title);
    this.#square.style.setProperty("--colour", `var(${colour})`);
    const name = make("th", "", this.#square, this.#title);
    name.scope = "row";
    name.setAttribute("role", "rowheader");
    this.element.setAttribute("role", "row");
    this.#cells = COLUMNS.map(({ title: heading }) => {
      const beside = make("span", "beside");
      const text = make("span", "text", NO_FIGURE);
      const cell = make("td", "quiet", text, beside);
      cell.setAttribute("role", "cell");
      cell.dataset["title"] = heading;
      return { text, beside, cell };
    });
    this.element.append(name, ...this.#cells.map(({ cell }) => cell));
  }

  show(lane: LaneSnapshot): void {
    setText(this.#title, lane.title);
    this.#square.style.setProperty("--running", `var(${faceOf(lane.running).colour})`);
    COLUMNS.forEach((column, index) => {
      const parts = this.#cells[index];
      if (parts === undefined) return;
      const { text, beside = "", tone = "" } = column.cell(lane);
      setText(parts.text, text);
      setText(parts.beside, beside);
      parts.cell.className = tone;
    });
  }
}
