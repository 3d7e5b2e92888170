// The guide in a browser: served by the server at /guide/, and by any static host under a prefix.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { browsers } from "../browser/support/browsers.mjs";
import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { Visit } from "../browser/support/visit.mjs";
import { until } from "../browser/support/wait.mjs";
import { built, pages } from "./support/pages.mjs";
import { staticHost } from "./support/static_host.mjs";

/** @typedef {import("../browser/support/visit.mjs").TransportPlayground} TransportPlayground */
/** @typedef {Awaited<ReturnType<import("../browser/support/browsers.mjs").BrowserKind["launch"]>>} Browser */

const names = (await pages()).map(({ name }) => name);
const chromium = browsers.find(({ name }) => name === "Chromium");

/** @param {string} name */
const file = (name) => (name === "index" ? "" : `${name}.html`);

/**
 * Opens a page, and notes warnings of its console and requests that leave its origin as well.
 * @param {Browser} browser
 * @param {string} address
 * @param {number} width
 */
async function open(browser, address, width) {
  const visit = await Visit.open(browser, "about:blank", { width });
  const { origin } = new URL(address);
  visit.page.on("console", (message) => {
    if (message.type() === "warn") visit.problems.push(`warning: ${message.text()}`);
  });
  visit.page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) {
      visit.problems.push(`another origin: ${request.url()}`);
    }
  });
  visit.page.on("response", (response) => {
    if (response.status() >= 400) visit.problems.push(`${response.status()} ${response.url()}`);
  });
  await visit.page.goto(address, { waitUntil: "networkidle0" });
  return visit;
}

describe("the guide in Chromium", { skip: chromium === undefined }, () => {
  /** @type {Browser} */
  let browser;
  /** @type {PlaygroundServer} */
  let server;
  /** @type {Awaited<ReturnType<typeof staticHost>>} */
  let host;

  before(async () => {
    if (chromium === undefined) return;
    [browser, server, host] = await Promise.all([
      chromium.launch(),
      PlaygroundServer.start(),
      staticHost("/x"),
    ]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    host?.stop();
  });

  for (const name of names) {
    test(`${name}: the server serves it, and each widget on it shows messages`, async () => {
      const visit = await open(browser, `${server.origin}/guide/${file(name)}`, 1280);
      const count = await visit.page.$$eval("transport-playground", (elements) => {
        for (const element of elements) void (/** @type {TransportPlayground} */ (element).start());
        return elements.length;
      });
      assert.ok(count > 0 || name === "http-api");
      const cut = await visit.page.$$eval(".VPDoc :is(a, p, li, td, th, h1, h2, h3)", (all) =>
        all
          .filter((each) => each.scrollWidth > each.clientWidth + 1)
          .filter((each) => getComputedStyle(each).overflowX === "hidden")
          .map(({ textContent }) => textContent),
      );
      assert.deepEqual(cut, [], "texts that are cut off");
      const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(wide, 1280);
      await until(
        "messages on every widget",
        () =>
          visit.page.$$eval("transport-playground", (elements) =>
            elements.every((element) => {
              const { snapshot } = /** @type {TransportPlayground} */ (element);
              return snapshot?.simulated && snapshot.lanes.some(({ messages }) => messages > 0);
            }),
          ),
        { timeoutMs: 60_000 },
      );
      assert.deepEqual(visit.problems, []);
      await visit.page.close();
    });

    test(`${name}: under a prefix, on a phone, nothing overflows`, async () => {
      const visit = await open(browser, `${host.origin}/x/guide/${file(name)}`, 360);
      const widest = await visit.page.evaluate(() => {
        const { scrollWidth } = document.documentElement;
        const widgets = [...document.querySelectorAll("transport-playground")];
        const boxes = widgets.map((element) => element.getBoundingClientRect());
        return {
          scrollWidth,
          right: Math.max(0, ...boxes.map(({ right }) => right)),
          empty: boxes.filter(({ width, height }) => width < 280 || height < 80).length,
        };
      });
      assert.equal(widest.scrollWidth, 360);
      assert.ok(widest.right <= 360);
      assert.equal(widest.empty, 0, "a widget is an empty box");
      assert.deepEqual(visit.problems, []);
      await visit.page.close();
    });
  }

  test("every link inside the site leads somewhere, to its anchor as well", async () => {
    /** @type {Map<string, string>} */
    const read = new Map();
    /** @param {string} address */
    const text = async (address) => {
      const known = read.get(address);
      if (known !== undefined) return known;
      const response = await fetch(address);
      const body = response.ok ? await response.text() : "";
      read.set(address, body);
      return body;
    };
    let followed = 0;
    for (const name of names) {
      const page = `${host.origin}/x/guide/${file(name)}`;
      for (const [, href = ""] of (await built(name)).matchAll(/<a\b[^>]*?href="([^"]*)"/g)) {
        const address = new URL(href, page);
        if (address.origin !== host.origin) continue;
        const { hash } = address;
        address.hash = "";
        const body = await text(address.href);
        assert.notEqual(body, "", `${name} links to ${href}`);
        if (hash.length > 1) {
          assert.ok(body.includes(`id="${decodeURIComponent(hash.slice(1))}"`), `${name}: ${href}`);
        }
        followed += 1;
      }
    }
    assert.ok(followed > 300);
  });

  test("under a prefix a link is followed without loading a page, and the widget there runs", async () => {
    const visit = await open(browser, `${host.origin}/x/guide/`, 1280);
    await visit.page.evaluate(() => Reflect.set(globalThis, "same", true));
    await visit.page.click('.VPSidebar a[href$="proxies.html"]');
    await visit.page.waitForFunction(() => document.title.startsWith("Proxies"));
    assert.equal(await visit.page.evaluate(() => Reflect.get(globalThis, "same")), true);
    assert.equal(visit.page.url(), `${host.origin}/x/guide/proxies.html`);
    await visit.page.$eval("transport-playground", (element) => {
      void (/** @type {TransportPlayground} */ (element).start());
    });
    await until("a message", () =>
      visit.page.$eval("transport-playground", (element) => {
        const { snapshot } = /** @type {TransportPlayground} */ (element);
        return snapshot?.lanes.some(({ messages }) => messages > 0);
      }),
    );
    assert.deepEqual(visit.problems, []);
    await visit.page.close();
  });

  test("the widgets follow the site's switch between light and dark", async () => {
    const visit = await open(browser, `${host.origin}/x/guide/`, 1280);
    const scheme = () =>
      visit.page.$eval("transport-playground", (element) => getComputedStyle(element).colorScheme);
    const seen = [await scheme()];
    await visit.page.click(".VPNavBarAppearance button");
    await until("the other theme", async () => (await scheme()) !== seen[0]);
    seen.push(await scheme());
    assert.deepEqual(seen.sort(), ["dark", "light"]);
    await visit.page.close();
  });
});
