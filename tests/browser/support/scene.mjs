import { after, before, describe, it } from "node:test";

import { browsers } from "./browsers.mjs";
import { PlaygroundServer } from "./playground_server.mjs";
import { Visit } from "./visit.mjs";

/**
 * What a scene is given. Pages opened through it are closed when it ends, and photographed before
 * that when it fails.
 *
 * @typedef {object} Stage
 * @property {PlaygroundServer} server the browser's own server, shared by its scenes
 * @property {(url: string, options?: Parameters<typeof Visit.open>[2]) => Promise<Visit>} open
 * @property {(stop: () => unknown) => void} finally called when the scene ends, last one first
 */

/**
 * Tells the same scenes in every browser, each against a server of its own. `notIn` names a browser
 * that cannot do what a scene needs, and why.
 *
 * @param {string} title
 * @param {(scene: (
 *   name: string,
 *   play: (stage: Stage) => Promise<void>,
 *   options?: { notIn?: [name: string, why: string] },
 * ) => void) => void} tell
 * @param {Parameters<(typeof browsers)[number]["launch"]>[0]} [options] of the browser
 */
export function inEveryBrowser(title, tell, options) {
  for (const kind of browsers) {
    describe(`${title} in ${kind.name}`, { concurrency: 1 }, () => {
      /** @type {import("puppeteer-core").Browser} */
      let browser;
      /** @type {PlaygroundServer} */
      let server;

      before(async () => {
        [browser, server] = await Promise.all([kind.launch(options), PlaygroundServer.start()]);
      });
      after(async () => {
        await browser?.close();
        await server?.stop();
      });

      tell((name, play, { notIn } = {}) => {
        const skip = notIn?.[0] === kind.name ? notIn[1] : false;
        it(name, { timeout: 120_000, skip }, async () => {
          const visits = /** @type {Visit[]} */ ([]);
          const stops = /** @type {(() => unknown)[]} */ ([]);
          try {
            await play({
              server,
              open: async (url, options) => {
                const visit = await Visit.open(browser, url, options);
                visits.push(visit);
                return visit;
              },
              finally: (stop) => stops.unshift(stop),
            });
          } catch (error) {
            for (const [index, visit] of visits.entries()) {
              await visit.screenshot(`${kind.name} ${name} ${index}`).catch(() => undefined);
            }
            throw error;
          } finally {
            for (const visit of visits) await visit.close().catch(() => undefined);
            for (const stop of stops) await stop();
          }
        });
      });
    });
  }
}
