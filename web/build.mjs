// Bundles the element and the page to dist/, copies what needs no bundling, and puts the core
// beside them. The core comes from ../build/wasm, or from $PLAYGROUND_CORE_DIR.
//
//   node build.mjs [--allow-missing-core]
import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import ts from "typescript";

import { browserSupport } from "./browser-support.mjs";
import { manifest } from "./manifest.mjs";

const web = fileURLToPath(new URL(".", import.meta.url));
const dist = join(web, "dist");
const coreDirectory = process.env.PLAYGROUND_CORE_DIR ?? join(web, "..", "build", "wasm");
const coreFiles = [
  "playground_core.wasm",
  "playground_live.wasm",
  "playground_two.wasm",
  "playground_wire.wasm",
  "playground_check.wasm",
  "event_stream.wasm",
];
// Emscripten leaves much to take out of its glue, and wasm2js of the core as JavaScript.
const coreScripts = [
  "playground_core.js",
  "playground_live.js",
  "playground_two.js",
  "playground_wire.js",
  "playground_check.js",
  "playground_core_plain.js",
];
// Where light-dark(), container queries and 'wasm-unsafe-eval' are all there.
const target = ["chrome123", "firefox120", "safari17.5"];

const options = {
  absWorkingDir: web,
  bundle: true,
  format: "esm",
  target,
  minify: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};

/**
 * A style sheet that TypeScript imports is a text: bundled and minified, imports resolved. It is for
 * a shadow tree in anybody's page, whose own idea of a rem it must not follow.
 */
const styleSheetAsText = {
  name: "style-sheet-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const result = await build({
        ...options,
        sourcemap: false,
        entryPoints: [path],
        write: false,
      });
      const contents = result.outputFiles[0].text.replace(
        /(?<![\w-])(-?[\d.]+)rem\b/g,
        (_, rem) => `${Number((16 * rem).toFixed(3))}px`,
      );
      return { contents, loader: "text", watchFiles: [path] };
    });
  },
};

/** Scripts lie side by side in dist/, whichever folder their sources are in. */
function entries(...sources) {
  return Object.fromEntries(sources.map((source) => [basename(source), `src/${source}.ts`]));
}

async function scripts() {
  const common = { ...options, outdir: dist, plugins: [styleSheetAsText] };
  await Promise.all([
    build({ ...common, entryPoints: entries("stage/core-worker") }),
    // The widget is a file of its own, fetched when it is needed.
    minified(common, "element/widget"),
    // What a page loads before anybody shows an interest: each byte counts.
    minified(common, "element/transport-playground", false),
    minified(common, "element/define", false),
    build({ ...common, entryPoints: entries("event-source/event-source"), keepNames: true }),
    build({
      ...options,
      sourcemap: false,
      outdir: dist,
      entryPoints: entries("event-source/event-source-node"),
      external: ["./event-source.js", "node:fs"],
    }),
    // The charts are a file of their own, fetched when they are needed.
    build({
      ...common,
      entryPoints: { playground: "src/page/main.ts" },
      splitting: true,
      chunkNames: "playground-[name]-[hash]",
    }),
    build({ ...options, sourcemap: false, outdir: dist, entryPoints: entries("page/embed") }),
    build({ ...options, outdir: dist, entryPoints: { check: "src/check/main.ts" } }),
    build({ ...options, outdir: dist, entryPoints: entries("check/check-worker") }),
    build({
      ...options,
      outdir: dist,
      entryPoints: {
        playground: "src/page/styles.css",
        embed: "src/page/embed.css",
        check: "src/check/check.css",
      },
      external: ["*.svg"],
    }),
  ]);
}

/**
 * Minified once more, by terser, which leaves in what bundlers are told about an import: esbuild
 * takes such comments out with the white space.
 */
async function minified(common, source, sourcemap = true) {
  const name = `${basename(source)}.js`;
  const { outputFiles } = await build({
    ...common,
    minify: false,
    minifyIdentifiers: true,
    minifySyntax: true,
    sourcemap: sourcemap && "external",
    write: false,
    entryPoints: entries(source),
    external: ["./widget.js"],
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text;
  const { code, map } = await minify(text(".js"), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true },
    format: { comments: /webpackIgnore|@vite-ignore/ },
    sourceMap: sourcemap && { content: text(".map"), url: `${name}.map`, includeSources: true },
  });
  await writeFile(join(dist, name), code);
  if (sourcemap) await writeFile(join(dist, `${name}.map`), map);
}

/**
 * What a site that turns addresses into frames asks for (oembed.com). Its frame needs an absolute
 * address: $PLAYGROUND_SITE is where the page will be.
 */
function oEmbed() {
  const site = process.env.PLAYGROUND_SITE ?? "";
  const [width, height] = [960, 560];
  return {
    version: "1.0",
    type: "rich",
    title: "Transport Playground",
    provider_name: "Transport Playground",
    provider_url: site,
    width,
    height,
    html: `<iframe src="${site}embed.html" width="${width}" height="${height}" sandbox="allow-scripts" title="Transport Playground" loading="lazy"></iframe>`,
  };
}

async function files() {
  for (const page of ["index.html", "embed.html"]) {
    await copyFile(join(web, "src/page", page), join(dist, page));
  }
  // A folder, so that /check is found on any static host.
  await mkdir(join(dist, "check"));
  await copyFile(join(web, "src/check/index.html"), join(dist, "check/index.html"));
  // Until the guide is built in its place (docs/guide), so that the header's link leads somewhere.
  await mkdir(join(dist, "guide"));
  await copyFile(join(web, "src/page/no-guide.html"), join(dist, "guide/index.html"));
  await writeFile(join(dist, "oembed.json"), JSON.stringify(oEmbed(), null, 2));
  await copyFile(join(web, "src/page/logo.svg"), join(dist, "logo.svg"));
  // As plain text: browsers save Markdown instead of showing it.
  await mkdir(join(dist, "docs"));
  await copyFile(join(web, "../docs/api.md"), join(dist, "docs/api.txt"));
  await cp(join(web, "examples"), join(dist, "examples"), { recursive: true });
  await cp(join(web, "../docs/recipes"), join(dist, "recipes"), { recursive: true });
  await cp(join(web, "../deploy/nginx"), join(dist, "recipes/nginx"), {
    recursive: true,
    filter: (path) => !/\.(key|pem)$/.test(path),
  });
  await copyFile(join(web, "node_modules/uplot/LICENSE"), join(dist, "uplot-license.txt"));
  await copyFile(join(web, "src/contract/environments.json"), join(dist, "environments.json"));
  await writeFile(join(dist, "browser-support.json"), JSON.stringify(browserSupport()));
}

/**
 * The entry points' declarations and those they lead to, file by file: the sources are written so
 * that none needs another's types worked out (`isolatedDeclarations`).
 */
async function declarations() {
  const entryPoints = [
    "element/transport-playground",
    "element/define",
    "event-source/event-source",
  ];
  const waiting = [...entryPoints];
  const done = new Set();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (done.has(name)) continue;
    done.add(name);
    const source = await readFile(join(web, "src", `${name}.ts`), "utf8");
    const { outputText, diagnostics } = ts.transpileDeclaration(source, {
      fileName: `${name}.ts`,
      compilerOptions: { isolatedDeclarations: true, target: ts.ScriptTarget.ES2022 },
    });
    if (diagnostics.length > 0) throw new Error(`no declarations of src/${name}.ts: run tsc`);
    const file = join(dist, "types", `${name}.d.ts`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, outputText);
    for (const [, imported] of outputText.matchAll(/from "(\..+)\.js"/g)) {
      waiting.push(join(dirname(name), imported));
    }
  }
  for (const name of entryPoints) {
    const declared = join(dist, `${basename(name)}.d.ts`);
    await writeFile(declared, `export * from "./types/${name}.js";\n`);
  }
  // Types of others' packages are augmented, so there is nothing to run.
  await copyFile(join(web, "react.d.ts"), join(dist, "react.d.ts"));
  await writeFile(join(dist, "react.js"), "export {};\n");
  await writeFile(join(dist, "custom-elements.json"), JSON.stringify(manifest(), null, 2));
}

async function core(mayBeMissing) {
  const missing = [];
  for (const name of coreFiles) {
    const there = await stat(join(coreDirectory, name)).catch(() => null);
    if (there === null) missing.push(name);
    else await copyFile(join(coreDirectory, name), join(dist, name));
  }
  for (const name of coreScripts) {
    const script = join(coreDirectory, name);
    const there = await stat(script).catch(() => null);
    if (there === null) missing.push(name);
    else {
      await build({
        ...options,
        bundle: false,
        sourcemap: false,
        entryPoints: [script],
        outfile: join(dist, name),
      });
    }
  }
  if (missing.length === 0) return;
  if (mayBeMissing) return rm(join(dist, "index.html")); // no page without its core
  throw new Error(
    `${missing.join(" and ")} not found in ${coreDirectory}: run \`make build\` in the project's ` +
      "folder, which compiles the core first (or pass --allow-missing-core).",
  );
}

const unknown = process.argv.slice(2).filter((argument) => argument !== "--allow-missing-core");
try {
  if (unknown.length > 0) throw new Error(`unknown option ${unknown.join(" ")}`);
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await Promise.all([scripts(), files(), declarations()]);
  await core(process.argv.includes("--allow-missing-core"));
} catch (error) {
  console.error(`web build: ${error.message}`);
  process.exitCode = 1;
}
