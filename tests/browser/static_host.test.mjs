// The folder that `make site` writes, on a plain static host, below a path: nothing there answers
// for a playground server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { keptFiles } from "./support/kept_files.mjs";
import { OtherOrigin } from "./support/other_origin.mjs";
import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { everyStory, press } from "./support/stories.mjs";
import { until } from "./support/wait.mjs";

/** @typedef {import("./support/scene.mjs").Stage} Stage */
/** @typedef {import("./support/visit.mjs").Visit} Visit */

const BELOW = "/some/project";
const NO_SERVER = /There is no playground server at this address, so runs are simulated\./;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-site-"));
  await promisify(execFile)("tools/web-build.sh", ["site", join(folder, BELOW)], { cwd: root });
});
after(() => rm(folder, { recursive: true }));

/** @param {Stage} stage @param {Record<string, number>} [statuses] by path below the page's */
async function host(stage, statuses = {}) {
  const below = Object.entries(statuses).map(([path, status]) => [`${BELOW}/${path}`, status]);
  const other = await OtherOrigin.start({
    directory: pathToFileURL(`${folder}/`),
    statuses: Object.fromEntries(below),
  });
  stage.finally(() => other.stop());
  return { other, page: `${other.origin}${BELOW}/` };
}

/** All but that the browser reports the 404 by which the page knows. @param {Visit} visit */
const problems = (visit) => visit.problems.filter((words) => !/404.*\/api\/config$/.test(words));

inEveryBrowser("on a static host", (scene) => {
  scene("the page says in a line that there is no server, and runs simulated", async (stage) => {
    const { other, page } = await host(stage);
    const visit = await stage.open(page);
    await visit.element();
    const { simulated, lanes } = await visit.flowing();
    assert.ok(simulated);
    assert.equal(lanes.length, 5);
    await visit.text(NO_SERVER);
    const words = await visit.page.$eval("#server-words", (each) => ({
      height: each.getBoundingClientRect().height,
      line: Number.parseFloat(getComputedStyle(each).lineHeight),
    }));
    assert.ok(words.height < 1.5 * words.line, `${words.height} px high`);
    const first = await visit.picture();
    await until("moving lanes", async () => (await visit.picture()) !== first);
    // The link is the same as with a server, and so is the code for other pages but for the server.
    assert.doesNotMatch(visit.page.url(), /simulated/);
    const code = await visit.page.$eval("#embed-code", (each) => each.textContent);
    assert.match(code, / simulated="seed=1"/);
    assert.doesNotMatch(code, /server=/);
    // No address leads out of the folder, or to what only a server has.
    const links = await visit.page.$$eval("a[href], link[href], script[src]", (found) =>
      found
        .filter((each) => each.matches("link, script") || each.checkVisibility())
        .map((each) => Reflect.get(each, each.localName === "script" ? "src" : "href")),
    );
    for (const link of links.filter((each) => each.startsWith(other.origin))) {
      const { status } = await fetch(link);
      assert.equal(status, 200, link);
    }
    const outside = other.requests.filter((path) => !path.startsWith(`${BELOW}/`));
    assert.deepEqual(outside, []);
    assert.deepEqual(problems(visit), []);
  });

  scene("every story runs", async (stage) => {
    const visit = await stage.open((await host(stage)).page);
    await visit.element();
    await visit.flowing();
    await everyStory(visit, async (id) => {
      await visit.snapshot(
        `a message of ${id}`,
        (now) => now.simulated && now.lanes.some(({ messages }) => messages > 0),
      );
      assert.equal((await visit.now()).state, "running", id);
    });
    assert.deepEqual(problems(visit), []);
  });

  scene("a fault, the charts, the bytes of a message and the files are there", async (stage) => {
    const { other, page } = await host(stage);
    const visit = await stage.open(`${page}#rate=20`);
    await visit.element();
    await visit.flowing();

    await press(visit, '[data-fault="buffer"]');
    await visit.snapshot("the fault", ({ faults }) => faults.some(({ kind }) => kind === "buffer"));
    const held = await visit.snapshot("WebSocket to go on, and SSE not", ({ lanes }) => {
      const [sse, websocket] = ["sse", "websocket"].map((id) =>
        lanes.find(({ asked }) => asked === id),
      );
      return (websocket?.messages ?? 0) > (sse?.messages ?? 0) + 20;
    });
    assert.equal(held.state, "running");
    await press(visit, '[data-fault="buffer"]');
    await visit.snapshot("the fault's end", ({ faults }) => faults.length === 0);

    await visit.page.focus("transport-playground >>> .lane[data-transport=websocket] canvas");
    await visit.page.keyboard.press("ArrowLeft");
    await visit.page.keyboard.press("Enter");
    await until("the bytes", () =>
      visit.page.$eval("#wire", (wire) => /payload/.test(wire.textContent ?? "")),
    );

    await visit.page.$eval("#over-time", (place) => place.scrollIntoView());
    await until("six charts", async () => (await visit.page.$$(".uplot canvas")).length === 6);
    await visit.page.$eval("#which", (place) => place.scrollIntoView());
    await until("code to copy", () =>
      visit.page.$eval("#recipe-code", (code) => code.textContent.length > 100),
    );

    const file = await keptFiles(visit);
    await press(visit, "#export-json");
    const run = JSON.parse((await file("json")).text);
    assert.equal(run.format, "transport-playground run");
    assert.equal(run.lanes.length, 5);
    const outside = other.requests.filter((path) => !path.startsWith(`${BELOW}/`));
    assert.deepEqual(outside, []);
    assert.deepEqual(problems(visit), []);
  });

  scene("with a server's address in the field the runs are live", async (stage) => {
    const { other, page } = await host(stage);
    const server = await PlaygroundServer.start({
      web: null,
      args: ["--allow-origin", other.origin],
    });
    stage.finally(() => server.stop());
    const visit = await stage.open(`${page}#rate=20`);
    await visit.element();
    await visit.flowing();

    // Live without an address asks for one.
    await visit.page.focus('#mode input[value="simulated"]');
    await visit.page.keyboard.press("ArrowLeft");
    await until("the field to have the focus", () =>
      visit.page.evaluate(() => document.activeElement?.id === "server-address"),
    );
    assert.ok(await visit.page.$eval('#mode input[value="simulated"]', (each) => each.checked));
    await visit.page.keyboard.type("no server");
    await visit.page.keyboard.press("Enter");
    assert.ok(await visit.page.$eval("#server-address", (each) => each.matches(":invalid")));
    assert.equal((await visit.now()).snapshot?.simulated, true);

    await visit.page.locator("#server-address").fill("");
    await visit.page.keyboard.type(`localhost:${server.port}`);
    await visit.page.keyboard.press("Enter");
    await visit.flowing(({ simulated }) => !simulated);
    await visit.text(new RegExp(`Live runs go to the server at localhost:${server.port}`));
    const code = await visit.page.$eval("#embed-code", (each) => each.textContent);
    assert.match(code, new RegExp(`server="${server.origin}"`));

    // A story stays with that server, and the link says which it is.
    const runs = await visit.runs();
    await press(visit, '[data-story="dashboard"]');
    await until("the story's run", async () => (await visit.runs()) > runs);
    await visit.flowing(({ simulated }) => !simulated);
    const link = visit.page.url();
    assert.match(link, new RegExp(`server=${server.origin}&story=dashboard`));
    const again = await stage.open(link);
    await again.element();
    const { simulated } = await again.flowing();
    assert.ok(!simulated);
    assert.deepEqual([...problems(visit), ...problems(again)], []);
  });

  scene("a server that is away behind its gateway is not taken for none", async (stage) => {
    const { page } = await host(stage, { "api/config": 502 });
    const visit = await stage.open(page);
    await visit.element();
    await visit.snapshot("trouble", ({ trouble }) => trouble?.reason === "server-away");
    assert.equal((await visit.now()).snapshot?.simulated, false);
    assert.doesNotMatch(await visit.allText(), NO_SERVER);
  });

  scene("no file of the folder has an address from the root of a host", async () => {
    const site = join(folder, BELOW);
    const names = await readdir(site, { recursive: true });
    // VitePress writes the guide for its own place, and its tests look at that.
    const pages = names.filter((name) => /\.(html|css)$/.test(name) && !/^guide\b/.test(name));
    assert.ok(pages.length >= 3, pages.join());
    for (const name of pages) {
      const text = await readFile(join(site, name), "utf8");
      assert.doesNotMatch(text, /(?:href|src)="\/|url\(["']?\//, name);
    }
  });
});
