import { make } from "../element/dom.js";
import { NO_FIGURE, elapsed } from "../text/figures.js";
import { faceOf } from "../contract/transports.js";
import { figureTable, laneName, type PlainCell } from "./figure-table.js";
import { columnOf, type Column, type ColumnId, type RunFacts } from "./run-columns.js";
import { factsOfFile, type RunFile } from "./run-file.js";

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
  const lanes = now.lanes.filter(({ asked }) => saved.lanes.some((each) => each.asked === asked));
  const columns = COMPARED.map(columnOf);
  const facts = { saved: factsOfFile(saved), now: factsOfFile(now) };
  const titles = ["Transport", ...columns.map(({ title }) => title)];
  const rows = lanes.map((lane) => {
    const before = saved.lanes.find(({ asked }) => asked === lane.asked);
    const cells = columns.map((column): PlainCell => {
      const then = before === undefined ? null : column.value(before, facts.saved);
      return pair(column, facts, then, column.value(lane, facts.now));
    });
    return [{ content: laneName(lane.asked) }, ...cells];
  });
  const others = [...saved.lanes, ...now.lanes]
    .map(({ asked }) => asked)
    .filter((id, index, all) => all.indexOf(id) === index)
    .filter((id) => !lanes.some(({ asked }) => asked === id))
    .map((id) => faceOf(id).title);
  const words = make(
    "p",
    "compare-words quiet-words",
    `Saved: ${when(saved)}, ${elapsed(saved.elapsedMs)}, ${asked(saved)}. ` +
      `Now: ${elapsed(now.elapsedMs)}, ${asked(now)}. ` +
      "Each cell has the saved run’s figure, the current one’s, and the difference.",
  );
  const parts: HTMLElement[] = [words];
  if (lanes.length > 0) parts.push(figureTable("A saved run beside the current one", titles, rows));
  if (others.length > 0) {
    parts.push(
      make("p", "compare-words quiet-words", `Only in one of the two: ${others.join(", ")}.`),
    );
  }
  return make("div", "scrolls compare", ...parts);
}

function pair(
  column: Column,
  facts: { readonly saved: RunFacts; readonly now: RunFacts },
  saved: number | null,
  now: number | null,
): PlainCell {
  const text = (value: number | null, { clockErrorMs }: RunFacts): string =>
    value === null ? NO_FIGURE : column.text(value, clockErrorMs);
  const errors = facts.saved.clockErrorMs + facts.now.clockErrorMs;
  const content = make(
    "span",
    "pair",
    make("span", "was quiet", text(saved, facts.saved)),
    make("span", "arrow quiet", " → "),
    make("span", "is", text(now, facts.now)),
    make("span", "differs", differenceText(column, saved, now, errors)),
  );
  return { content };
}

function when(run: RunFile): string {
  return new Date(run.savedAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

function asked({ settings }: RunFile): string {
  return `${settings.rate} msg/s of ${settings.payload} B`;
}
