/**
 * A page whose waits of 30 s end when the test says so. All of it runs on the page's own thread.
 * To be called before the page is opened.
 * @param {import("puppeteer-core").Page} page
 */
export async function holdLongWaits(page) {
  await page.evaluateOnNewDocument(() => {
    Reflect.deleteProperty(globalThis, "Worker");
    const { setTimeout } = globalThis;
    const held = /** @type {(() => void)[]} */ ([]);
    const wait = (
      /** @type {(...values: any[]) => void} */ act,
      /** @type {number} */ ms,
      /** @type {any[]} */ ...values
    ) => {
      if (ms !== 30_000) return setTimeout(act, ms, ...values);
      held.push(() => act(...values));
      return 0;
    };
    const endLongWaits = () => held.splice(0).forEach((end) => end());
    Object.assign(globalThis, { setTimeout: wait, endLongWaits });
  });
  return () => page.evaluate(() => /** @type {any} */ (globalThis).endLongWaits());
}
