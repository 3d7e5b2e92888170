// The check as the page makes it, in a browser.

/** In the page. @param {object} settings */
async function check(settings) {
  const { default: create } = await import(/** @type {string} */ ("/playground_check.js"));
  const core = await create();
  const run = new core.PathCheck();
  const wrong = run.start(JSON.stringify(settings));
  if (wrong !== "") throw new Error(wrong);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const report = JSON.parse(run.report());
    if (report.error !== "") throw new Error(report.error);
    if (report.state !== "running") return report;
  }
}

/**
 * @param {import("../../browser/support/browsers.mjs").Browser | import("../../browser/support/browsers.mjs").BrowserContext} browser
 * @param {string} address
 * @param {object} settings
 */
export async function pageCheck(browser, address, settings) {
  const page = await browser.newPage();
  try {
    await page.goto(`${address}/embed.html`);
    return await page.evaluate(check, { server: address, ...settings });
  } finally {
    await page.close();
  }
}
