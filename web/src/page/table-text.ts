import type { LaneSnapshot } from "../contract/core-module.js";
import { NO_FIGURE } from "../text/figures.js";
import { COLUMNS, besideText, leastOf, type RunFacts } from "./run-columns.js";

/** All figures as a Markdown table, written as the page writes them. */
export function markdownOf(lanes: readonly LaneSnapshot[], run: RunFacts): string {
  const least = COLUMNS.map((column) => leastOf(column, lanes, run));
  const rows = lanes.map((lane) => [
    lane.title,
    ...COLUMNS.map((column, index) => {
      const value = column.value(lane, run);
      if (value === null) return NO_FIGURE;
      const beside = besideText(column, value, least[index] ?? null);
      return beside === "" ? column.text(value) : `${column.text(value)} (${beside})`;
    }),
  ]);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(["Transport", ...COLUMNS.map(({ title }) => title)]),
    `|---|${COLUMNS.map(() => "--:|").join("")}`,
    ...rows.map(line),
    "",
  ].join("\n");
}

/** All figures as CSV (RFC 4180): plain numbers with their unit in the heading, "" for none. */
export function csvOf(lanes: readonly LaneSnapshot[], run: RunFacts): string {
  const rows = lanes.map((lane) => [
    lane.asked,
    lane.running,
    String(lane.messages),
    ...COLUMNS.map((column) => {
      const value = column.value(lane, run);
      return value === null ? "" : String(Number(value.toFixed(3)));
    }),
  ]);
  const heading = ["transport", "running", "messages", ...COLUMNS.map(({ field }) => field)];
  return [heading, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
