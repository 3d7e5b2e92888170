// The README's components for React, Vue and Svelte, word for word: they compile, types and all,
// and run.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { build } from "vite";

import { browsers } from "../browser/support/browsers.mjs";
import { Visit } from "../browser/support/visit.mjs";
import { until } from "../browser/support/wait.mjs";
import { project, removeFolders } from "./support/project.mjs";
import { blockAfter } from "./support/readme.mjs";
import { staticHost } from "./support/static_host.mjs";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("node_modules/", import.meta.url));

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "bundler",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    jsx: "react-jsx",
    strict: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    types: [],
  },
});

/** @type {{ name: string, file: string, heading: string, needs: string[], main: string, mainFile?: string, plugins: import("vite").PluginOption[], check: string[] }[]} */
const FRAMEWORKS = [
  {
    name: "React 19",
    file: "Lanes.tsx",
    heading: "### React 19",
    needs: ["react", "react-dom", "@types/react", "scheduler"],
    main: `import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Lanes } from "./Lanes.tsx";
createRoot(document.body.firstElementChild).render(createElement(Lanes, { rate: 8 }));
`,
    plugins: [],
    check: ["tsc", "--project", "."],
  },
  {
    name: "Vue 3",
    file: "Lanes.vue",
    heading: "### Vue 3",
    needs: ["vue"],
    main: `import { createApp } from "vue";
import Lanes from "./Lanes.vue";
createApp(Lanes, { rate: 8 }).mount(document.body.firstElementChild);
`,
    plugins: [
      vue({
        template: { compilerOptions: { isCustomElement: (tag) => tag === "transport-playground" } },
      }),
    ],
    check: ["vue-tsc", "--project", "."],
  },
  {
    name: "Svelte 5",
    file: "Lanes.svelte",
    heading: "### Svelte 5",
    needs: ["svelte"],
    main: `import { mount } from "svelte";
import Lanes from "./Lanes.svelte";
mount(Lanes, { target: document.body.firstElementChild, props: { rate: 8 } });
`,
    plugins: [svelte({ configFile: false })],
    check: ["svelte-check", "--tsconfig", "tsconfig.json", "--fail-on-warnings"],
  },
];

/** @type {import("puppeteer-core").Browser} */
let browser;
before(async () => {
  const [chromium] = browsers;
  assert.equal(chromium?.name, "Chromium");
  browser = await chromium.launch();
});
after(async () => {
  await browser.close();
  await removeFolders();
});

for (const { name, file, heading, needs, main, plugins, check } of FRAMEWORKS) {
  test(`the README's component for ${name} compiles and runs`, async () => {
    const root = await project({
      "index.html":
        '<!doctype html><link rel="icon" href="data:," /><main></main><script type="module" src="./main.js"></script>',
      "main.js": main,
      [file]: blockAfter(heading),
      "tsconfig.json": tsconfig,
    });
    for (const each of needs) {
      await mkdir(dirname(join(root, "node_modules", each)), { recursive: true });
      await symlink(join(modules, each), join(root, "node_modules", each));
    }
    const [program = "", ...args] = check;
    await run(join(modules, ".bin", program), args, { cwd: root }).catch(({ stdout, stderr }) =>
      assert.fail(`${stdout}${stderr}`),
    );

    await build({ root, base: "./", configFile: false, logLevel: "error", plugins });
    const host = await staticHost(join(root, "dist"), "/x/");
    try {
      const visit = await Visit.open(browser, host.url);
      const { lanes } = await visit.snapshot("messages", ({ lanes }) =>
        lanes.every(({ messages }) => messages > 2),
      );
      assert.deepEqual(
        lanes.map(({ asked }) => asked),
        ["sse", "websocket"],
      );
      assert.equal(await visit.page.$eval("transport-playground", (element) => element.rate), 8);
      await until("the component to count messages", () =>
        visit.page.$eval("figcaption", ({ textContent }) => /[1-9]\d* messages/.test(textContent)),
      );
      assert.deepEqual(visit.problems, []);
      await visit.page.close();
    } finally {
      await host.close();
    }
  });
}

test("the JSX of React 19 refuses what the element does not have", async () => {
  const root = await project({
    "Wrong.tsx": `import "transport-playground/react";
export const right = <transport-playground transports="sse websocket" rate="8" theme="dark" />;
// @ts-expect-error There is no such attribute.
export const attribute = <transport-playground speling="x" />;
// @ts-expect-error There is no such theme.
export const theme = <transport-playground pattern="purple" />;
// @ts-expect-error That is no event of the keyboard.
export const event = <transport-playground onplayground-state={(_: KeyboardEvent) => {}} />;
`,
    "tsconfig.json": tsconfig,
  });
  await mkdir(join(root, "node_modules/@types"), { recursive: true });
  for (const each of ["react", "@types/react"]) {
    await symlink(join(modules, each), join(root, "node_modules", each));
  }
  await run(join(modules, ".bin/tsc"), ["--project", "."], { cwd: root }).catch(({ stdout }) =>
    assert.fail(stdout),
  );
});
