import { NO_FIGURE } from "../text/figures.js";
import { make } from "../element/dom.js";
import { figureTable, type PlainCell } from "./figure-table.js";

export type SupportedFeature =
  "EventSource" | "WebSocket" | "fetchStreams" | "XMLHttpRequest" | "WebAssembly";

/** browser-support.json: what ../../browser-support.mjs takes from browser-compat-data. */
export interface BrowserSupport {
  readonly version: string;
  readonly date: string;
  readonly browsers: readonly { readonly id: string; readonly title: string }[];
  readonly features: readonly {
    readonly id: SupportedFeature;
    readonly title: string;
    /** MDN's page about it; "" without one. */
    readonly address: string;
    /** The first version that has it; false for none, null for not known. */
    readonly since: Readonly<Record<string, string | false | null>>;
  }[];
}

export async function fetchBrowserSupport(): Promise<BrowserSupport> {
  const response = await fetch(new URL("browser-support.json", document.baseURI));
  if (!response.ok) throw new Error(`browser-support.json: ${response.status}`);
  return (await response.json()) as BrowserSupport;
}

/** Whether a version of a browser has a feature. What is not known counts as not there. */
export function has(
  support: BrowserSupport,
  feature: SupportedFeature,
  browser: string,
  version: number,
): boolean {
  const since = support.features.find(({ id }) => id === feature)?.since[browser] ?? null;
  if (since === null || since === false) return false;
  // "≤79": known to be there in 79, perhaps before it.
  return Number.parseFloat(since.replace("≤", "")) <= version;
}

export function supportTable(support: BrowserSupport): HTMLElement {
  const rows = support.browsers.map(({ id: browser, title }) => [
    title,
    ...support.features.map(({ id, since }): PlainCell => {
      const version = since[browser] ?? null;
      const cell = make("span", "", version === false ? "no" : (version ?? NO_FIGURE));
      cell.id = supportCellId(id, browser);
      return { content: cell, tone: version === false ? "trouble" : "" };
    }),
  ]);
  const titles = ["Browser", ...support.features.map(({ title }) => title)];
  const source = make("p", "small-words", "The first version that has it. From ");
  const link = make("a", "", "MDN’s browser-compat-data");
  link.href = "https://github.com/mdn/browser-compat-data";
  source.append(link, ` ${support.version} of ${support.date}, taken when this page was built.`);
  return make("div", "", figureTable("Browser support", titles, rows), source);
}

export function supportCellId(feature: SupportedFeature, browser: string): string {
  return `support-${feature}-${browser}`;
}
