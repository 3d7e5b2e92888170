import type { LaneSnapshot } from "../contract/core-module.js";
import { NO_FIGURE } from "../text/figures.js";
import { COLUMNS, besideText, leastOf, titleOf, type RunFacts } from "./run-columns.js";

/** All figures as a Markdown table, written as the page writes them. */
export function markdownOf(lanes: readonly LaneSnapshot[], run: RunFacts): string {
  const least = COLUMNS.map((column) => leastOf(column, lanes, run));
  const rows = lanes.map((lane) => [
    lane.title,
    ...COLUMNS.map((column, index) => {
      const value = column.value(lane, run);
      if (value === null) return NO_FIGURE;
      const text = column.text(value, run.clockErrorMs);
      const beside = besideText(column, value, least[index] ?? null, run);
      return beside === "" ? text : `${text} (${beside})`;
    }),
  ]);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(["Transport", ...COLUMNS.map((column) => titleOf(column, run))]),
    `|---|${COLUMNS.map(() => "--:|").join("")}`,
    ...rows.map(line),
    "",
  ].join("\n");
}

/**
 * All figures as CSV (RFC 4180): plain numbers with their unit in the heading, "" for none; at the
 * end what they depend on: how far off the clocks may be, where the lane asked, and whether its
 * bytes were counted behind a proxy.
 */
export function csvOf(lanes: readonly LaneSnapshot[], run: RunFacts): string {
  const rows = lanes.map((lane) => [
    lane.asked,
    lane.running,
    String(lane.messages),
    ...COLUMNS.map((column) => {
      const value = column.value(lane, run);
      return value === null ? "" : String(Number(value.toFixed(3)));
    }),
    String(Number(run.clockErrorMs.toFixed(3))),
    lane.origin,
    run.lastHop && !lane.ownPort ? "last" : "all",
  ]);
  const heading = ["transport", "running", "messages", ...COLUMNS.map(({ field }) => field)];
  heading.push("clock_error_ms", "origin", "hops_counted");
  return [heading, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
