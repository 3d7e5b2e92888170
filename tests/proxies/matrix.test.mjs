// Real proxies: what raw sockets at both ends see of each is what a check finds, no more, no less.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { browsers, puppeteer } from "../browser/support/browsers.mjs";
import { PlaygroundServer } from "../browser/support/playground_server.mjs";
import { found } from "./support/found.mjs";
import { pageCheck } from "./support/page_check.mjs";
import { proxies } from "./support/proxies.mjs";
import { truth } from "./support/truth.mjs";

/** What ends silence is set to this, where it can be set; and so long it is waited for. */
const CUT_S = 5;
const LONGEST_S = 9;
/** Timers, and a browser that is busy with many. */
const TOLERANCE_S = 1.5;

/** Proxies that are tried at once. */
const AT_ONCE = Number(process.env.PROXIES_AT_ONCE ?? 6);
const wanted = process.env.PROXIES?.split(",");
const chosen = proxies.filter(
  ({ name, setting }) => wanted?.some((each) => `${name} ${setting}`.includes(each)) ?? true,
);

/** @type {Map<string, Promise<import("./support/truth.mjs").Truth>>} */
const truths = new Map();
/** @param {import("./support/proxies.mjs").Proxy} proxy */
function truthOf(proxy) {
  const key = `${proxy.name} ${proxy.setting}`;
  const known = truths.get(key) ?? truth((port) => proxy.start(port, CUT_S), LONGEST_S);
  truths.set(key, known);
  return known;
}

/**
 * @param {any} report
 * @param {import("./support/truth.mjs").Truth} true_
 */
function agrees(report, true_) {
  const says = found(report);
  for (const kind of /** @type {const} */ (["stream", "websocket", "poll"])) {
    const [measured, known] = [says.cut[kind], true_.cut[kind]];
    const near = measured !== null && known !== null && Math.abs(measured - known) < TOLERANCE_S;
    if (near) says.cut[kind] = known;
  }
  // Every trouble is one of these, and nothing else is called one.
  const explained = {
    held: true_.plain === "held",
    "held-by-type": true_.plain === "held",
    "does-not-fit": !true_.large,
    fails: !true_.upgrade,
    "silence-cut": Object.values(true_.cut).some((cut) => cut !== null),
    "cookie-dropped": !true_.cookie,
    cached: true_.cached,
  };
  for (const { severity, code, title } of report.findings) {
    if (severity === "trouble")
      assert.ok(explained[/** @type {keyof typeof explained} */ (code)], title);
  }
  assert.deepEqual(
    says,
    true_,
    JSON.stringify(
      report.findings.map((/** @type {any} */ f) => [f.code, f.transport, f.title, f.seen]),
    ),
  );
}

/** @param {any} report */
function cameSmaller({ findings }) {
  const { bytes } = findings.find((/** @type {any} */ { code }) => code === "compressed");
  assert.ok(bytes > 0 && bytes < 64 * 1024, `a body of 64 KiB came as ${bytes} bytes`);
}

const program = fileURLToPath(new URL("../../build/native/playground", import.meta.url));

/** The check as the command line makes it. @param {import("./support/proxies.mjs").Front} front */
async function commandLine(front) {
  const address = `http://${front.forward ?? `127.0.0.1:${front.port}`}`;
  const args = ["check", address, "--json", "--silence", String(LONGEST_S)];
  const proxy = front.forward === undefined ? {} : { http_proxy: `http://127.0.0.1:${front.port}` };
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...proxy },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (part) => (said += part));
  const [status] = await once(child, "close");
  const report = JSON.parse(said.trim().split("\n").at(-1) ?? "");
  assert.equal(status, report.trouble ? 1 : 0);
  return report;
}

describe("the check from the command line", { concurrency: AT_ONCE }, () => {
  for (const proxy of chosen) {
    it(`says what ${proxy.name} does (${proxy.setting})`, async () => {
      const server = await PlaygroundServer.start();
      const between = await proxy.start(server.port, CUT_S);
      try {
        const report = await commandLine(between.front);
        const true_ = await truthOf(proxy);
        agrees(report, true_);
        if (true_.compressed) cameSmaller(report);
      } finally {
        await between.stop();
        await server.stop();
      }
    });
  }
});

const settings = { quick: true, longest_silence_s: LONGEST_S };

/**
 * Through a forward proxy a browser goes as a whole, or in Chromium a context of it.
 *
 * @param {(typeof browsers)[number]} kind
 * @param {import("../browser/support/browsers.mjs").Browser} browser
 * @param {number} port
 */
async function throughProxy(kind, browser, port) {
  if (kind.name === "Chromium") {
    return browser.createBrowserContext({
      proxyServer: `http://127.0.0.1:${port}`,
      proxyBypassList: ["<-loopback>"],
    });
  }
  return puppeteer.launch({
    browser: "firefox",
    executablePath: browser.process()?.spawnfile,
    headless: true,
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": port,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": port,
      "network.proxy.allow_hijacking_localhost": true,
      "network.proxy.no_proxies_on": "",
    },
  });
}

for (const kind of browsers) {
  describe(`the page's check in ${kind.name}`, { concurrency: AT_ONCE }, () => {
    /** @type {import("../browser/support/browsers.mjs").Browser} */
    let browser;
    before(async () => {
      browser = await kind.launch();
    });
    after(() => browser.close());

    for (const proxy of chosen) {
      it(`says what ${proxy.name} does (${proxy.setting})`, async () => {
        const server = await PlaygroundServer.start();
        const between = await proxy.start(server.port, CUT_S);
        const { front } = between;
        const apart =
          front.forward === undefined ? null : await throughProxy(kind, browser, front.port);
        try {
          const address = `http://${front.forward ?? `127.0.0.1:${front.port}`}`;
          const report = await pageCheck(apart ?? browser, address, settings);
          const true_ = await truthOf(proxy);
          agrees(report, true_);
          if (true_.compressed) cameSmaller(report);
        } finally {
          await apart?.close();
          await between.stop();
          await server.stop();
        }
      });
    }
  });
}
