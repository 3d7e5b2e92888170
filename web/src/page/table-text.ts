import { COLUMNS, besideOf, figureText, leastOf, titleOf, type RunFacts } from "./run-columns.js";
import { isEndpoint, type RunLane } from "./run-lanes.js";

/** All figures as a Markdown table, written as the page writes them. */
export function markdownOf(lanes: readonly RunLane[], run: RunFacts): string {
  const least = COLUMNS.map((column) => leastOf(column, lanes, run));
  const rows = lanes.map((lane) => [
    lane.title,
    ...COLUMNS.map((column, index) => {
      const text = figureText(column, lane, run);
      const beside = besideOf(column, lane, least[index] ?? null, run);
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
 * end what they depend on: how far off the clocks may be, where the lane asked, whether its bytes were
 * counted behind a proxy, and the name of an endpoint, of which the first and the third are not known.
 */
export function csvOf(lanes: readonly RunLane[], run: RunFacts): string {
  const rows = lanes.map((lane) => [
    lane.asked,
    lane.running,
    String(lane.messages),
    ...COLUMNS.map((column) => {
      const value = column.value(lane, run);
      return value === null ? "" : String(Number(value.toFixed(3)));
    }),
    isEndpoint(lane) ? "" : String(Number(run.clockErrorMs.toFixed(3))),
    lane.origin,
    isEndpoint(lane) ? "" : run.lastHop && !lane.ownPort ? "last" : "all",
    isEndpoint(lane) ? lane.title : "",
  ]);
  const heading = ["transport", "running", "messages", ...COLUMNS.map(({ field }) => field)];
  heading.push("clock_error_ms", "origin", "hops_counted", "endpoint");
  return [heading, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
