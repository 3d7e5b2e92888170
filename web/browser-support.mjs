// Which browser has what, out of MDN's browser-compat-data (a devDependency, CC0): the few rows that
// the page shows, as a small JSON. Nothing of it is typed by hand.
import { createRequire } from "node:module";

const FEATURES = {
  EventSource: ["EventSource", ["api", "EventSource"]],
  WebSocket: ["WebSocket", ["api", "WebSocket"]],
  fetchStreams: ["Body of a fetch as a stream", ["api", "Response", "body"]],
  XMLHttpRequest: ["XMLHttpRequest", ["api", "XMLHttpRequest"]],
  WebAssembly: ["WebAssembly", ["webassembly", "api"]],
};
const BROWSERS = [
  "chrome",
  "edge",
  "firefox",
  "safari",
  "safari_ios",
  "chrome_android",
  "samsunginternet_android",
  "webview_android",
  "ie",
];

/**
 * The first version that has it without a flag and as it should be; false where none has, null
 * where that is not known.
 */
function since(support) {
  const statements = Array.isArray(support) ? support : [support];
  const whole = statements.find(
    (each) =>
      each !== undefined &&
      each.flags === undefined &&
      each.partial_implementation !== true &&
      each.version_removed === undefined,
  );
  return whole?.version_added ?? (support === undefined ? null : false);
}

/** @returns {object} what `BrowserSupport` in src/page/browser-support.ts describes */
export function browserSupport() {
  const data = createRequire(import.meta.url)("@mdn/browser-compat-data");
  const features = Object.entries(FEATURES).map(([id, [title, path]]) => {
    const compat = path.reduce((node, key) => node?.[key], data)?.__compat;
    if (compat === undefined) throw new Error(`browser-compat-data has no ${path.join(".")}`);
    const entries = BROWSERS.map((browser) => [browser, since(compat.support[browser])]);
    return { id, title, address: compat.mdn_url ?? "", since: Object.fromEntries(entries) };
  });
  const browsers = BROWSERS.map((id) => ({ id, title: data.browsers[id].name }));
  const { version, timestamp } = data.__meta;
  return { version, date: timestamp.slice(0, 10), browsers, features };
}
