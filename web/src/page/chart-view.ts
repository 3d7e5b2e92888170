/** The charts' own module: it and uPlot are loaded when the reader comes near them. */
import uPlot from "uplot";

import { colourOf, make, setText } from "../element/dom.js";
import { bytes, count, delay, duration, rate, spoken } from "../text/figures.js";
import { faceOf } from "../contract/transports.js";
import { figureTable, laneChip, laneName } from "./figure-table.js";
import { clockErrorOf, noFigure, type RunFacts } from "./run-columns.js";
import type { RunHistory, SeriesId } from "./run-history.js";
import { isEndpoint, nameOfLane, type Known, type RunLane } from "./run-lanes.js";

interface Chart {
  readonly title: string;
  /** What stands under it while nothing is pointed at. */
  readonly hint: string;
  readonly series: SeriesId | "distribution";
  /** Whether it is counted at the server's socket: a proxy's other side is not seen. */
  readonly socket?: boolean;
  /** Without it a lane has no line. */
  readonly needs?: keyof Known;
  readonly text: (value: number, clockErrorMs?: number) => string;
}

type ChartFacts = Pick<RunFacts, "clockErrorMs" | "lastHop">;

const CHARTS: readonly Chart[] = [
  {
    title: "Delay",
    hint: "median of each second, on a scale of powers of ten",
    series: "delay",
    needs: "times",
    text: (value, clockErrorMs = 0) => spoken(delay(value, clockErrorMs)),
  },
  {
    title: "Delay, all messages",
    hint: "share that had arrived within so long",
    series: "distribution",
    needs: "times",
    text: (value) => `${Math.round(value)} %`,
  },
  {
    title: "Bytes a message",
    hint: "both ways, in each second",
    series: "bytes",
    socket: true,
    needs: "server",
    text: (value) => spoken(bytes(value)),
  },
  {
    title: "Messages a second",
    hint: "as they arrived",
    series: "messages",
    text: (value) => rate(Number(value.toPrecision(3))),
  },
  { title: "Requests", hint: "since the start", series: "requests", text: count },
  {
    title: "Connections",
    hint: "opened since the start",
    series: "connections",
    socket: true,
    needs: "server",
    text: count,
  },
];

const HEIGHT = 190;
/** Between two marks of an axis: seconds a reader counts in, and whole numbers. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5].map((n) => step * 10 ** n))
  .sort((a, b) => a - b);
const PLAIN_AXIS = { size: 60, gap: 4, font: "11px system-ui, sans-serif" };

/** Six small charts of the run so far, a lane a line, and the same as a table. */
export class ChartView {
  readonly #grid: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #history: RunHistory;
  readonly #hidden = new Set<string>();
  readonly #toggles: HTMLElement;
  readonly #resizes: ResizeObserver;
  #plots: Plot[] = [];
  #lanes: readonly RunLane[] = [];
  #run: ChartFacts = { clockErrorMs: 0, lastHop: false };
  #key = "";

  constructor(container: HTMLElement, history: RunHistory) {
    this.#history = history;
    this.#toggles = make("div", "chart-lanes chips");
    this.#toggles.setAttribute("role", "group");
    this.#toggles.ariaLabel = "Lanes in the charts";
    this.#grid = make("div", "charts");
    this.#rows = make("div", "scrolls");
    const details = make(
      "details",
      "chart-table",
      make("summary", "quiet-words", "As a table"),
      this.#rows,
    );
    details.addEventListener("toggle", () => {
      this.#showTable();
    });
    container.replaceChildren(this.#toggles, this.#grid, details);
    this.#resizes = new ResizeObserver(() => {
      for (const plot of this.#plots) plot.resize();
    });
    // uPlot draws with colours, not with a style sheet: a change of theme draws anew.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#build();
    });
  }

  /** `lanes` are the newest figures, `run` what they depend on. */
  show(lanes: readonly RunLane[], run: ChartFacts): void {
    this.#lanes = lanes;
    this.#run = run;
    const key = lanes.map(({ key: each, title }) => `${each} ${title}`).join("\n");
    if (key !== this.#key) {
      this.#key = key;
      this.#build();
    }
    for (const plot of this.#plots) plot.draw(lanes, this.#history, run);
    this.#showTable();
  }

  #build(): void {
    for (const plot of this.#plots) plot.destroy();
    this.#resizes.disconnect();
    this.#toggles.replaceChildren(...this.#lanes.map((lane) => this.#toggle(lane)));
    this.#plots = CHARTS.map((chart) => new Plot(chart, this.#lanes, this.#hidden));
    this.#grid.replaceChildren(...this.#plots.map(({ element }) => element));
    for (const plot of this.#plots) {
      plot.resize();
      plot.draw(this.#lanes, this.#history, this.#run);
      this.#resizes.observe(plot.element);
    }
  }

  #toggle(lane: RunLane): HTMLButtonElement {
    const { key, asked } = lane;
    const chip = laneChip(asked, nameOfLane(lane), () => {
      if (!this.#hidden.delete(key)) this.#hidden.add(key);
      chip.ariaPressed = String(!this.#hidden.has(key));
      for (const plot of this.#plots) plot.showLanes(this.#hidden);
    });
    chip.ariaPressed = String(!this.#hidden.has(key));
    return chip;
  }

  /** The newest of every series, and its range. */
  #showTable(): void {
    if (this.#rows.parentElement instanceof HTMLDetailsElement && !this.#rows.parentElement.open) {
      return;
    }
    const series = CHARTS.filter(({ series: id }) => id !== "distribution");
    const rows = this.#lanes.map((lane) => [
      { content: laneName(lane.asked, lane.title) },
      ...series.map((chart) => summary(chart, this.#history, lane, this.#run)),
    ]);
    const titles = ["Transport", ...series.map(({ title }) => title)];
    this.#rows.replaceChildren(
      make(
        "p",
        "chart-hint small-words",
        "The last second’s figure, then the lowest and the highest of the run.",
      ),
      figureTable("The charts’ figures, by transport", titles, rows),
    );
  }
}

function summary(chart: Chart, history: RunHistory, lane: RunLane, run: ChartFacts): string {
  const { series, text } = chart;
  if (series === "distribution") return "";
  const values = history.series(lane, series).filter((value) => value !== null);
  const last = values.at(-1);
  if (last === undefined) return noFigure(chart, lane);
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const shown = (value: number): string => text(value, clockErrorOf(lane, run));
  return `${shown(last)} (${shown(least)} to ${shown(most)})`;
}

/** One chart: its heading, uPlot's canvas, and what it says under the pointer. */
class Plot {
  readonly element: HTMLElement;
  readonly #chart: Chart;
  readonly #lanes: readonly RunLane[];
  readonly #stage = make("div", "chart-stage");
  readonly #words: HTMLElement;
  readonly #plot: uPlot;
  #run: ChartFacts = { clockErrorMs: 0, lastHop: false };

  constructor(chart: Chart, lanes: readonly RunLane[], hidden: ReadonlySet<string>) {
    this.#chart = chart;
    this.#lanes = lanes;
    this.#words = make("p", "chart-hint small-words", chart.hint);
    this.element = make("div", "chart", make("h3", "", chart.title), this.#words, this.#stage);
    this.#stage.setAttribute("role", "img");
    this.#stage.ariaLabel = `${chart.title}: ${chart.hint}`;
    const empty: uPlot.AlignedData = [[], ...lanes.map(() => [])];
    this.#plot = new uPlot(this.#options(hidden), empty, this.#stage);
  }

  resize(): void {
    const width = this.#stage.clientWidth;
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  showLanes(hidden: ReadonlySet<string>): void {
    this.#lanes.forEach(({ key }, index) => {
      this.#plot.setSeries(index + 1, { show: !hidden.has(key) });
    });
  }

  draw(lanes: readonly RunLane[], history: RunHistory, run: ChartFacts): void {
    const { series } = this.#chart;
    this.#run = run;
    if (typeof this.#plot.cursor.idx !== "number") setText(this.#words, this.#hint());
    this.#plot.setData(
      series === "distribution"
        ? distribution(lanes)
        : [history.times(), ...this.#lanes.map((lane) => history.series(lane, series))],
    );
    const words = lanes.map((lane, index) => {
      const none = noFigure(this.#chart, lane);
      const clockErrorMs = clockErrorOf(lane, run);
      if (series === "distribution") {
        if (lane.delay === null) return `${lane.title} ${none}`;
        return `${lane.title} half within ${spoken(delay(lane.delay.medianMs, clockErrorMs))}`;
      }
      const values = [...(this.#plot.data[index + 1] ?? [])];
      const last = values.filter((value) => typeof value === "number").at(-1);
      return `${nameOfLane(lane)} ${last === undefined ? none : this.#chart.text(last, clockErrorMs)}`;
    });
    this.#stage.ariaLabel = `${this.#chart.title}, ${this.#hint()}: ${words.join(", ")}`;
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #options(hidden: ReadonlySet<string>): uPlot.Options {
    const overDelay = this.#chart.series === "distribution";
    const steps = overDelay || ["requests", "connections"].includes(this.#chart.series);
    const paths = steps && uPlot.paths.stepped?.({ align: 1 });
    const style = getComputedStyle(document.documentElement);
    const muted = colourOf("--tp-muted");
    const grid = { stroke: colourOf("--tp-grid"), width: 1 };
    const ticks = { show: false };
    const font = `11px ${style.getPropertyValue("--tp-sans")}`;
    const axis = { ...PLAIN_AXIS, stroke: muted, grid, ticks, font };
    return {
      width: Math.max(200, this.#stage.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 22, 0, 0],
      cursor: {
        y: false,
        points: { size: 7 },
        ...(overDelay ? {} : { sync: { key: "run" } }),
      },
      scales: {
        x: overDelay ? { time: false, distr: 3 } : { time: false },
        y: {
          ...(this.#chart.series === "delay" ? { distr: 3 as const } : {}),
          range: (_, least, most) =>
            this.#chart.series === "delay"
              ? powersOfTen(least, most)
              : overDelay
                ? [0, 100]
                : [0, 1.1 * Math.max(most, least, Number.MIN_VALUE) || 1],
        },
      },
      axes: [
        {
          ...axis,
          size: 26,
          ...(overDelay ? {} : { incrs: [...TIME_STEPS] }),
          values: (_, splits) => splits.map(overDelay ? delayTick : timeTick),
        },
        {
          ...axis,
          ...(["requests", "connections"].includes(this.#chart.series)
            ? { incrs: [...WHOLE_STEPS] }
            : {}),
          values: (_, splits: (number | null)[]) =>
            splits.map((value) =>
              value === null
                ? ""
                : value === 0
                  ? "0"
                  : this.#chart.text(value).replace(/\.0\b/, ""),
            ),
        },
      ],
      series: [
        {},
        ...this.#lanes.map((lane) => ({
          label: nameOfLane(lane),
          show: !hidden.has(lane.key),
          stroke: colourOf(faceOf(lane.asked).colour),
          width: 1.75,
          // In the colour of a lane of the playground's own, or of another endpoint.
          ...(isEndpoint(lane) && { dash: dashOf(this.#lanes.filter(isEndpoint).indexOf(lane)) }),
          points: { show: false },
          spanGaps: !["messages", "requests", "connections"].includes(this.#chart.series),
          ...(paths ? { paths } : {}),
        })),
      ],
      hooks: {
        setCursor: [
          (plot) => {
            this.#say(plot);
          },
        ],
      },
    };
  }

  #hint(): string {
    const { hint, socket } = this.#chart;
    return socket === true && this.#run.lastHop ? `${hint}, behind the proxy` : hint;
  }

  #say(plot: uPlot): void {
    const at = plot.cursor.idx;
    const x = typeof at === "number" ? plot.data[0][at] : undefined;
    if (typeof at !== "number" || x === undefined) {
      setText(this.#words, this.#hint());
      return;
    }
    const values = this.#lanes.flatMap((lane, index) => {
      const value = plot.data[index + 1]?.[at];
      if (typeof value !== "number" || plot.series[index + 1]?.show === false) return [];
      return [`${nameOfLane(lane)} ${this.#chart.text(value, clockErrorOf(lane, this.#run))}`];
    });
    const place =
      this.#chart.series === "distribution" ? `within ${spoken(duration(x))}` : timeTick(x);
    setText(this.#words, `${place}: ${values.join(" · ")}`);
  }
}

/** Of the endpoints each another one: dashes that grow shorter. */
function dashOf(index: number): number[] {
  return [Math.max(1, 12 / 2 ** index), 3];
}

/** uPlot leaves out some labels of a logarithmic axis by handing over null. */
function delayTick(value: number | null): string {
  return value === null ? "" : spoken(duration(value)).replace(/\.0\b/, "");
}

/** From a power of ten below the least to one above the most. */
function powersOfTen(least: number | null, most: number | null): [number, number] {
  const [from, to] = [Math.max(least ?? 1, 0.01), Math.max(most ?? 10, 0.1)];
  return [10 ** Math.floor(Math.log10(from)), 10 ** Math.ceil(Math.log10(1.05 * to))];
}

function timeTick(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The share of a lane's messages that arrived within x, for every x that any lane has a part at. */
function distribution(lanes: readonly RunLane[]): uPlot.AlignedData {
  const edges = new Set<number>();
  for (const { delay } of lanes) for (const [largest] of delay?.parts ?? []) edges.add(largest);
  // A logarithmic axis has no 0.
  const xs = [...edges].filter((x) => x > 0).sort((a, b) => a - b);
  return [xs, ...lanes.map((lane) => shares(lane, xs))];
}

function shares({ delay }: RunLane, xs: readonly number[]): (number | null)[] {
  const parts = delay?.parts ?? [];
  const total = parts.reduce((sum, [, each]) => sum + each, 0);
  if (total === 0) return xs.map(() => null);
  let [next, within] = [0, 0];
  return xs.map((x) => {
    for (let part = parts[next]; part !== undefined && part[0] <= x; part = parts[(next += 1)]) {
      within += part[1];
    }
    return (100 * within) / total;
  });
}
