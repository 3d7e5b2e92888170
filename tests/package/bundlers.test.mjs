// Installed from its tarball, the package runs in what each bundler serves and builds, under a
// sub-path, with the lines of configuration that the README gives, word for word.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import nodeResolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite8 from "vite";
import * as vite7 from "vite7";
import webpack from "webpack";
import WebpackDevServer from "webpack-dev-server";

import { browsers } from "../browser/support/browsers.mjs";
import { Visit } from "../browser/support/visit.mjs";
import { until } from "../browser/support/wait.mjs";
import { newFolder, project, removeFolders } from "./support/project.mjs";
import { blockAfter, blocksAfter } from "./support/readme.mjs";
import { listen, staticHost } from "./support/static_host.mjs";

const run = promisify(execFile);

/** @typedef {{ url: string, close: () => Promise<unknown> }} Served */

const index = `<!doctype html>
<meta charset="utf-8" />
<link rel="icon" href="data:," />
<title>waiting</title>
<transport-playground simulated autoplay></transport-playground>
<script type="module" src="./main.js"></script>
`;

/** The element, and a source that writes what it reads into the title. */
const main = (/** @type {string} */ stream) => `import "transport-playground";
import { PlaygroundEventSource } from "transport-playground/event-source";

new PlaygroundEventSource(${JSON.stringify(stream)}).onmessage = ({ data }) => (document.title = data);
`;

/** @param {any} vite */
async function viteDev(vite, /** @type {string} */ root, base = "/x/") {
  const server = await vite.createServer({
    root,
    base,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
  });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** @param {any} vite */
async function viteBuild(vite, /** @type {string} */ root) {
  await vite.build({ root, base: "/x/", logLevel: "error" });
  return staticHost(join(root, "dist"), "/x/");
}

/** @returns {import("webpack").Configuration} */
function webpackConfiguration(/** @type {string} */ root) {
  return { context: root, entry: "./main.js", output: { path: join(root, "dist") } };
}

async function webpackDev(/** @type {string} */ root) {
  const compiler = webpack({
    ...webpackConfiguration(root),
    mode: "development",
    output: { path: join(root, "dist"), publicPath: "/x/" },
    infrastructureLogging: { level: "error" },
    stats: "errors-warnings",
  });
  const server = new WebpackDevServer(
    {
      host: "127.0.0.1",
      port: "auto",
      static: { directory: join(root, "static"), publicPath: "/x/" },
    },
    /** @type {any} */ (compiler),
  );
  await page(root, "static");
  await server.start();
  const port = /** @type {any} */ (server.server).address().port;
  return { url: `http://127.0.0.1:${port}/x/`, close: () => server.stop() };
}

async function webpackBuild(/** @type {string} */ root) {
  const compiler = webpack({ ...webpackConfiguration(root), mode: "production" });
  const stats = await promisify(compiler.run.bind(compiler))();
  // What it built in is compiled: warnings are about the package, and there are none.
  assert.deepEqual(stats?.toJson({ all: false, errors: true }).errors, []);
  const warnings = stats?.toJson({ all: false, warnings: true }).warnings ?? [];
  assert.deepEqual(
    warnings.map(({ message }) => message).filter((each) => !/size limit|performance/.test(each)),
    [],
  );
  return built(root);
}

/** With the page beside it. */
async function built(/** @type {string} */ root) {
  await page(root, "dist");
  return staticHost(join(root, "dist"), "/x/");
}

async function page(/** @type {string} */ root, /** @type {string} */ folder) {
  await mkdir(join(root, folder), { recursive: true });
  await copyFile(join(root, "index.html"), join(root, folder, "index.html"));
}

/** What the README says to type, in the project's folder. */
async function copyFiles(/** @type {string} */ root) {
  await mkdir(join(root, "dist"), { recursive: true });
  await run("bash", ["-ec", blockAfter("**esbuild, Rollup**")], { cwd: root });
}

/** @returns {import("esbuild").BuildOptions} */
function esbuildOptions(/** @type {string} */ root) {
  return {
    absWorkingDir: root,
    entryPoints: ["main.js"],
    bundle: true,
    format: "esm",
    outdir: join(root, "dist"),
    logLevel: "error",
  };
}

async function esbuildDev(/** @type {string} */ root) {
  await copyFiles(root);
  await page(root, "dist");
  const context = await esbuild.context(esbuildOptions(root));
  const { port } = await context.serve({
    servedir: join(root, "dist"),
    host: "127.0.0.1",
    port: 0,
  });
  return { url: `http://127.0.0.1:${port}/`, close: () => context.dispose() };
}

async function esbuildBuild(/** @type {string} */ root) {
  await copyFiles(root);
  await esbuild.build({ ...esbuildOptions(root), minify: true });
  return built(root);
}

async function rollupBuild(/** @type {string} */ root) {
  const bundle = await rollup({
    input: join(root, "main.js"),
    plugins: [nodeResolve()],
    onwarn: ({ message }) => assert.fail(message),
  });
  await bundle.write({ dir: join(root, "dist"), format: "es" });
  await bundle.close();
  await copyFiles(root);
  return built(root);
}

const viteLine = { "vite.config.js": blockAfter("**Vite 7**") };

/** @type {[string, (root: string) => Promise<Served>, Record<string, string>?][]} */
const BUNDLERS = [
  ["Vite 8's development server", (root) => viteDev(vite8, root)],
  ["a page built by Vite 8", (root) => viteBuild(vite8, root)],
  ["Vite 7's development server", (root) => viteDev(vite7, root), viteLine],
  ["a page built by Vite 7", (root) => viteBuild(vite7, root)],
  ["webpack 5's development server", webpackDev],
  ["a page built by webpack 5", webpackBuild],
  ["esbuild's development server", esbuildDev],
  ["a page built by esbuild", esbuildBuild],
  ["a page built by Rollup", rollupBuild],
];

/** @type {import("puppeteer-core").Browser} */
let browser;
/** A stream, from another origin. */
const streams = createServer((_, response) => {
  response
    .writeHead(200, { "Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*" })
    .write("data: received\n\n");
});
let stream = "";

before(async () => {
  const [chromium] = browsers;
  assert.equal(chromium?.name, "Chromium");
  browser = await chromium.launch();
  stream = `http://127.0.0.1:${await listen(streams)}/`;
});
after(async () => {
  await browser.close();
  streams.closeAllConnections();
  streams.close();
  await removeFolders();
});

/** Opens the page, and closes everything afterwards. */
async function visit(
  /** @type {Served} */ served,
  /** @type {(visit: Visit) => Promise<void>} */ then,
) {
  try {
    const visit = await Visit.open(browser, served.url);
    await then(visit);
    await visit.page.close();
  } finally {
    await served.close();
  }
}

/** Lanes that move: messages arrive, and then more of them. */
async function moves(/** @type {Visit} */ visit) {
  const { lanes } = await visit.snapshot("a message", ({ lanes }) => (lanes[0]?.messages ?? 0) > 0);
  const before = lanes[0]?.messages ?? 0;
  await visit.snapshot("more messages", ({ lanes }) => (lanes[0]?.messages ?? 0) > before);
}

for (const [name, serve, files = {}] of BUNDLERS) {
  test(`the element and PlaygroundEventSource run on ${name}`, async () => {
    const root = await project({ "index.html": index, "main.js": main(stream), ...files });
    await visit(await serve(root), async (visit) => {
      await moves(visit);
      await until("an event", async () => (await visit.page.title()) === "received");
      assert.deepEqual(visit.problems, []);
    });
  });
}

test("the README's five lines show a moving lane in an empty Vite project", async () => {
  const lines = blockAfter("## Five lines");
  assert.equal(lines.trim().split("\n").length, 5);
  const root = await project({ "index.html": lines });
  await visit(await viteDev(vite8, root, "/"), moves);
});

test("without its line of configuration, Vite 7's server makes the element name that line", async () => {
  const root = await project({ "index.html": index, "main.js": main(stream) });
  await visit(await viteDev(vite7, root), async (visit) => {
    await visit.text(/optimizeDeps: \{ exclude: \["transport-playground"\] \}/);
  });
});

test("without its line of configuration, Vite 7's server makes PlaygroundEventSource name that line", async () => {
  const shows = main(stream).replace("onmessage = ({ data })", "onerror = ({ reason: data })");
  const root = await project({ "index.html": index, "main.js": shows });
  await visit(await viteDev(vite7, root), async (visit) => {
    await until("the reason", async () =>
      (await visit.page.title()).includes('optimizeDeps: { exclude: ["transport-playground"] }'),
    );
  });
});

test("definePlayground is told where the files are, and leads no bundler to them", async () => {
  const [, copy = "", code = ""] = blocksAfter("**esbuild, Rollup**");
  const root = await project({ "index.html": index, "main.js": code });
  await mkdir(join(root, "public"));
  await run("bash", ["-ec", copy], { cwd: root });
  await esbuild.build({ ...esbuildOptions(root), outdir: join(root, "public"), format: "iife" });
  await page(root, "public");
  await visit(await staticHost(join(root, "public"), "/"), async (visit) => {
    await moves(visit);
    assert.deepEqual(visit.problems, []);
  });
  const output = await newFolder();
  await vite8.build({ root, logLevel: "error", publicDir: false, build: { outDir: output } });
  assert.deepEqual((await readdir(join(output, "assets"))).length, 1);
});
