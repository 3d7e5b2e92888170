import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import puppeteer from "puppeteer-core";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").BrowserContext} BrowserContext */
/**
 * @typedef {object} BrowserKind
 * @property {string} name
 * @property {(options?: { acceptInsecureCerts?: boolean }) => Promise<Browser>} launch
 */

/** @param {string[]} names */
function find(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not there: the next one.
      }
    }
  }
  throw new Error(`none of ${names.join(", ")} is installed: tools/install-packages.sh test`);
}

/** @type {BrowserKind[]} */
const all = [
  {
    name: "Chromium",
    launch: (options) =>
      puppeteer.launch({
        ...options,
        executablePath:
          process.env.CHROMIUM ??
          find("chromium", "google-chrome-stable", "google-chrome", "chromium-browser"),
        headless: true,
        args: [
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          // Chromium refuses to run as root with its sandbox.
          ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        ],
      }),
  },
  {
    name: "Firefox",
    launch: (options) =>
      puppeteer.launch({
        ...options,
        browser: "firefox",
        // Half as many frames: without a graphics card they take two fifths of the time of a processor.
        extraPrefsFirefox: { "layout.frame_rate": 30 },
        executablePath: process.env.FIREFOX ?? find("firefox-esr", "firefox"),
        headless: true,
      }),
  },
];

/** The browsers to test: all, or those that BROWSER names ("chromium", "firefox"). */
export { puppeteer };

export const browsers = all.filter(
  ({ name }) => !process.env.BROWSER || process.env.BROWSER.toLowerCase() === name.toLowerCase(),
);
