/** Numbers as a reader wants them: three figures that matter, the unit apart from the value. */

export interface Figure {
  readonly value: string;
  readonly unit: string;
}

export const NO_FIGURE = "–";

const whole = /* @__PURE__ */ new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = /* @__PURE__ */ new Intl.NumberFormat("en", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** 1184 → "1,184". */
export function count(value: number): string {
  return whole.format(value);
}

/** 0.02 → "<0.1 ms", 3.14 → "3.1 ms", 512.4 → "512 ms", 12400 → "12.4 s". */
export function duration(ms: number): Figure {
  const size = Math.abs(ms);
  if (size >= 9999.5) return { value: tenth.format(ms / 1000), unit: "s" };
  if (size >= 9.95) return { value: whole.format(ms), unit: "ms" };
  return { value: size < 0.05 ? "<0.1" : tenth.format(ms), unit: "ms" };
}

/** A delay of fewer times the clocks' error is not shown without it. */
const CLEAR_OF_ERROR = 3;

/** Whether an error of `errorMs` makes a difference to a delay as it is shown. */
export function errorMatters(ms: number, errorMs: number): boolean {
  return errorMs >= 0.05 && ms < CLEAR_OF_ERROR * errorMs;
}

/**
 * A delay from one clock to another, which may be `errorMs` further apart than is known, either
 * way: 0.02 and 16 → "≤ 16 ms", 20 and 16 → "20 ms ± 16", 100 and 16 → "100 ms".
 */
export function delay(ms: number, errorMs: number): Figure {
  if (!errorMatters(ms, errorMs)) return duration(ms);
  if (ms <= errorMs) {
    const most = duration(Math.max(ms, 0) + errorMs);
    return { value: `≤ ${most.value}`, unit: most.unit };
  }
  const { value, unit } = duration(ms);
  const error = duration(errorMs);
  return { value, unit: `${unit} ± ${error.unit === unit ? error.value : spoken(error)}` };
}

/** The same inside a sentence: "<0.1 ms (± 16 ms)". */
export function delayInWords(ms: number, errorMs: number): string {
  const shown = spoken(duration(ms));
  return errorMatters(ms, errorMs) ? `${shown} (± ${spoken(duration(errorMs))})` : shown;
}

/** 131.2 → "131 B", 65540 → "65.5 kB". */
export function bytes(value: number): Figure {
  if (value >= 9_999_500) return { value: tenth.format(value / 1e6), unit: "MB" };
  if (value >= 9_999.5) return { value: tenth.format(value / 1000), unit: "kB" };
  return { value: whole.format(value), unit: "B" };
}

/** A payload's size, which people set in powers of two: 64 → "64 B", 4096 → "4 KiB". */
export function binarySize(value: number): Figure {
  if (value < 1024) return { value: whole.format(value), unit: "B" };
  const kibibytes = value / 1024;
  return {
    value: Number.isInteger(kibibytes) ? whole.format(kibibytes) : tenth.format(kibibytes),
    unit: "KiB",
  };
}

/** 0.5 → "0.5", 1500 → "1,500". */
export function rate(value: number): string {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 4 }).format(value);
}

/** How many times the best: "best", "2.6×", "18×". */
export function ratio(value: number): string {
  if (value < 1.005) return "best";
  return `${value >= 9.95 ? whole.format(value) : tenth.format(value)}×`;
}

/** Since the start: "41.2 s", "3 min 05 s". */
export function elapsed(ms: number): string {
  if (ms < 60_000) return `${tenth.format(Math.max(0, ms) / 1000)} s`;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${whole.format(minutes)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

export function spoken(figure: Figure): string {
  return `${figure.value} ${figure.unit}`;
}
