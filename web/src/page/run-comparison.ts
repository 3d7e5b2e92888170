import { make } from "../element/dom.js";
import { elapsed } from "../text/figures.js";
import { figureTable, laneName, type PlainCell } from "./figure-table.js";
import {
  clockErrorOf,
  columnOf,
  figureText,
  type Column,
  type ColumnId,
  type RunFacts,
} from "./run-columns.js";
import { factsOfFile, lanesOfFile, type RunFile } from "./run-file.js";
import { isEndpoint, nameOfLane, type RunLane } from "./run-lanes.js";

const COMPARED: readonly ColumnId[] = [
  "median",
  "p99",
  "rate",
  "bytes",
  "requests",
  "connections",
  "first",
  "missing",
];

/**
 * How the present differs from the saved run: "+12 %", "−3", "same"; "within ±" where both runs'
 * clocks together may be off by as much; "" without one of the two.
 */
export function differenceText(
  column: Column,
  saved: number | null,
  now: number | null,
  clockErrorsMs = 0,
): string {
  if (saved === null || now === null) return "";
  if (column.text(saved) === column.text(now)) return "same";
  if (column.clocks === true && Math.abs(now - saved) < clockErrorsMs) return "within ±";
  const sign = now > saved ? "+" : "−";
  if (saved === 0) return `${sign}${column.text(Math.abs(now - saved))}`;
  const percent = Math.abs((100 * (now - saved)) / saved);
  if (percent >= 1000) return `${Math.round(now / saved)}×`;
  return `${sign}${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** A saved run beside the present one: of each figure the one, the other, and the difference. */
export function comparison(saved: RunFile, now: RunFile): HTMLElement {
  const [then, all] = [lanesOfFile(saved), lanesOfFile(now)];
  const pairs = all.flatMap((lane) => {
    const before = then.find((each) => isSame(each, lane));
    return before === undefined ? [] : [[before, lane] as const];
  });
  const columns = COMPARED.map(columnOf);
  const facts = { saved: factsOfFile(saved), now: factsOfFile(now) };
  const titles = ["Transport", ...columns.map(({ title }) => title)];
  const rows = pairs.map(([before, lane]) => [
    { content: laneName(lane.asked, nameOfLane(lane)) },
    ...columns.map((column) => pair(column, facts, before, lane)),
  ]);
  const others = [...then, ...all]
    .filter((lane) => !pairs.flat().includes(lane))
    .map(nameOfLane)
    .filter((name, index, names) => names.indexOf(name) === index);
  const words = make(
    "p",
    "compare-words quiet-words",
    `Saved: ${when(saved)}, ${elapsed(saved.elapsedMs)}, ${asked(saved)}. ` +
      `Now: ${elapsed(now.elapsedMs)}, ${asked(now)}. ` +
      "Each cell has the saved run’s figure, the current one’s, and the difference.",
  );
  const parts: HTMLElement[] = [words];
  if (pairs.length > 0) parts.push(figureTable("A saved run beside the current one", titles, rows));
  if (others.length > 0) {
    parts.push(
      make("p", "compare-words quiet-words", `Only in one of the two: ${others.join(", ")}.`),
    );
  }
  return make("div", "scrolls compare", ...parts);
}

/** What is saved of an endpoint may not say whose it is; then its place does. */
function isSame(saved: RunLane, now: RunLane): boolean {
  if (saved.key !== now.key || saved.asked !== now.asked) return false;
  if (!isEndpoint(now) || saved.origin === "" || now.origin === "") return true;
  return saved.origin === now.origin && saved.title === now.title;
}

function pair(
  column: Column,
  facts: { readonly saved: RunFacts; readonly now: RunFacts },
  saved: RunLane,
  now: RunLane,
): PlainCell {
  const errors = clockErrorOf(saved, facts.saved) + clockErrorOf(now, facts.now);
  const [was, is] = [column.value(saved, facts.saved), column.value(now, facts.now)];
  const content = make(
    "span",
    "pair",
    make("span", "was quiet", figureText(column, saved, facts.saved)),
    make("span", "arrow quiet", " → "),
    make("span", "is", figureText(column, now, facts.now)),
    make("span", "differs", differenceText(column, was, is, errors)),
  );
  return { content };
}

function when(run: RunFile): string {
  return new Date(run.savedAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

function asked({ settings }: RunFile): string {
  return `${settings.rate} msg/s of ${settings.payload} B`;
}
