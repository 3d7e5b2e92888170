// The example sites of docs/embedding, each built by its real generator and served under /x/: the
// element runs, runs again after the reader has been on another page, and follows the site's theme.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { browsers } from "../browser/support/browsers.mjs";
import { Visit } from "../browser/support/visit.mjs";
import { until } from "../browser/support/wait.mjs";
import { WebKit, watched } from "../browser/support/webkit.mjs";
import { newFolder, removeFolders, tarball } from "../package/support/project.mjs";
import { staticHost } from "../package/support/static_host.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const examples = fileURLToPath(new URL("../../docs/embedding/", import.meta.url));
/** Copies of the examples: under this folder, so that they find the generators. */
const copies = join(here, "sites");
const bin = join(here, "node_modules/.bin");

/**
 * @typedef {object} Site
 * @property {string} name of its folder in docs/embedding
 * @property {string} files where the package goes: a folder that is served as it is, or node_modules
 * @property {string[]} command builds it
 * @property {string} output
 * @property {string} [page] with the element
 * @property {boolean} [clientSide] whether its links change the page by script
 * @property {boolean} [firefox] whether it is visited in Firefox, too
 * @property {string[]} [webKit] its pages, where it is visited in WebKit, too
 * @property {(output: string) => Promise<void>} [mend] what is wrong with the machine's generator
 * @property {RegExp} [says] what the site's own theme writes on the console
 * @property {string} toggle what changes the theme
 */

/** @type {Site[]} */
const SITES = [
  {
    name: "plain",
    files: "transport-playground",
    command: [],
    output: ".",
    firefox: true,
    webKit: ["index.html", "other.html"],
    toggle: "#theme",
  },
  {
    name: "vitepress",
    files: "node_modules",
    command: [join(bin, "vitepress"), "build"],
    output: ".vitepress/dist",
    clientSide: true,
    firefox: true,
    toggle: ".VPNavBar .VPSwitchAppearance",
  },
  {
    name: "mkdocs",
    files: "docs/transport-playground",
    command: ["mkdocs", "build", "--quiet"],
    output: "site",
    clientSide: true,
    toggle: "label.md-header__button[for^=__palette]:not([hidden])",
  },
  {
    name: "docusaurus",
    files: "node_modules",
    command: [join(bin, "docusaurus"), "build"],
    output: "build",
    clientSide: true,
    toggle: ".navbar button[class*=toggleButton]",
  },
  {
    name: "starlight",
    files: "node_modules",
    command: [join(bin, "astro"), "build"],
    output: "dist",
    firefox: true,
    toggle: "header starlight-theme-select select",
  },
  {
    name: "sphinx",
    files: "_static/transport-playground",
    command: ["sphinx-build", "-q", "-W", ".", "_build"],
    output: "_build",
    mend: mendFuro,
    says: /^Changed to (dark|light|auto) mode\.$/,
    toggle: ".theme-toggle-container .theme-toggle",
  },
  {
    name: "hugo",
    files: "static/transport-playground",
    command: ["hugo", "--quiet"],
    output: "public",
    page: "lanes/",
    toggle: "body > button",
  },
  {
    name: "jekyll",
    files: "transport-playground",
    command: ["jekyll", "build", "--quiet", "--disable-disk-cache"],
    output: "_site",
    toggle: "body > button",
  },
];

/**
 * Debian's furo has its script as it is before it is bundled, and one of its style sheets at an
 * address that only Debian's web servers have: without this no theme of it can be chosen.
 */
async function mendFuro(/** @type {string} */ output) {
  const script = join(output, "_static/scripts/furo.js");
  const esbuild = join(here, "../package/node_modules/.bin/esbuild");
  await run(esbuild, [script, "--bundle", "--allow-overwrite", `--outfile=${script}`]);
  const sheet = join(output, "_static/styles/furo.css");
  const text = await readFile(sheet, "utf8");
  await writeFile(sheet, text.replace("@import url(/javascript/normalize.css/normalize.css);", ""));
}

/** Chosen by name in SITES_TO_TEST, or all. */
const chosen = process.env.SITES_TO_TEST?.split(" ");

let unpacked = "";
before(async () => {
  await rm(copies, { recursive: true, force: true });
  unpacked = await newFolder();
  await run("tar", ["-xzf", await tarball(), "-C", unpacked]);
});
after(async () => {
  await rm(copies, { recursive: true, force: true });
  await removeFolders();
});

/** Builds a copy of the site with the package in it; answers the folder to serve. */
async function built(/** @type {Site} */ { name, files, command, output, mend }) {
  const root = join(copies, name);
  await cp(join(examples, name), root, { recursive: true });
  if (files === "node_modules") {
    await cp(join(unpacked, "package"), join(root, files, "transport-playground"), {
      recursive: true,
    });
  } else {
    await mkdir(dirname(join(root, files)), { recursive: true });
    await cp(join(unpacked, "package/dist"), join(root, files), { recursive: true });
  }
  const [program, ...args] = command;
  if (program !== undefined) {
    const env = {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: "1",
      DOCUSAURUS_NO_PERSISTENT_CACHE: "1",
    };
    await run(program, args, { cwd: root, env }).catch(({ stdout, stderr }) =>
      assert.fail(`${stdout}${stderr}`),
    );
  }
  await mend?.(join(root, output));
  return join(root, output);
}

/**
 * What these tests need of a browser with one page.
 * @typedef {object} Reader
 * @property {<A extends unknown[], T>(what: (...given: A) => T, ...given: A) => Promise<T>} evaluate
 * @property {<A extends unknown[]>(find: (...given: A) => Element | undefined, ...given: A) =>
 *     Promise<boolean>} press clicks what is found in the page; answers whether there was any
 * @property {() => Promise<string[]>} problems what went wrong, and what the console has
 */

/**
 * A page in a browser that Puppeteer drives.
 * @param {import("../browser/support/browsers.mjs").Browser} browser
 * @param {string} url
 * @param {Site} site
 * @returns {Promise<Reader>}
 */
async function reader(browser, url, { says }) {
  const { page, problems } = await Visit.open(browser, url);
  page.on("console", (message) => {
    if (says?.test(message.text()) !== true) problems.push(message.text());
  });
  return {
    evaluate: (what, ...given) => page.evaluate(what, ...given),
    press: async (find, ...given) => {
      const found = (await page.evaluateHandle(find, ...given)).asElement();
      await found?.click();
      return found !== null;
    },
    problems: async () => problems,
  };
}

/** The button of the element that says Start is pressed, and messages come. */
async function starts(/** @type {Reader} */ reader) {
  const now = () =>
    reader.evaluate(() => {
      const { state, snapshot } = document.querySelector("transport-playground") ?? {};
      return { state, messages: snapshot?.lanes.map((lane) => lane.messages) ?? [] };
    });
  const detail = async () => ({ ...(await now()), problems: await reader.problems() });
  await until(
    "Start to be pressed",
    async () => {
      // What is fetched takes the poster's place, and a new button that of its button.
      const pressed = await reader
        .press(() => {
          const { shadowRoot } = document.querySelector("transport-playground:defined") ?? {};
          return [...(shadowRoot?.querySelectorAll("button") ?? [])].find(
            (each) => each.textContent?.trim() === "Start" && each.checkVisibility(),
          );
        })
        .catch(() => false);
      return pressed || !["empty", undefined].includes((await now()).state);
    },
    { detail },
  );
  const more = async (/** @type {number} */ than) =>
    until(
      `more messages than ${than} on every lane`,
      async () => {
        const { state, messages } = await now();
        const least = messages.length === 0 ? 0 : Math.min(...messages);
        return state === "running" && least > than && least;
      },
      { detail, timeoutMs: 30_000 },
    );
  await more(await more(0));
}

async function follow(/** @type {Reader} */ reader, /** @type {string} */ text) {
  await until(`the link to ${text}`, () =>
    reader.evaluate((text) => {
      const links = [...document.querySelectorAll("a")].filter(
        (each) => each.textContent?.includes(text) && each.checkVisibility(),
      );
      links[0]?.click();
      return links.length > 0;
    }, text),
  );
  await until(`the page ${text}`, () =>
    reader.evaluate((text) => document.querySelector("h1")?.textContent?.includes(text), text),
  );
}

/** The element's scheme, and whether what it stands on is dark. */
async function look(/** @type {Reader} */ reader) {
  return reader.evaluate(() => {
    const element = document.querySelector("transport-playground");
    const scheme = getComputedStyle(element).colorScheme;
    let ground = "Canvas";
    for (let each = element.parentElement; each; each = each.parentElement) {
      const { backgroundColor, colorScheme } = getComputedStyle(each);
      if (!/, 0\)$|transparent/.test(backgroundColor)) {
        ground = backgroundColor;
        break;
      }
      if (each === document.documentElement) {
        ground = colorScheme === "dark" ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
      }
    }
    const [red = 0, green = 0, blue = 0] = (ground.match(/[\d.]+/g) ?? []).map(Number);
    return { scheme, dark: red + green + blue < 384 };
  });
}

/** Changes the theme as a reader does, until it is this one. */
async function change(
  /** @type {Reader} */ reader,
  /** @type {Site} */ { toggle },
  wanted = "dark",
) {
  await until(
    `the site and the element to be ${wanted}`,
    async () => {
      const { scheme, dark } = await look(reader);
      if (dark === (wanted === "dark")) return scheme === wanted;
      const chosen = await reader.evaluate(
        (toggle, wanted) => {
          const select = document.querySelector(toggle);
          if (!(select instanceof HTMLSelectElement)) return false;
          select.value = wanted;
          return select.dispatchEvent(new Event("change", { bubbles: true }));
        },
        toggle,
        wanted,
      );
      const pressed =
        chosen ||
        (await reader.press(
          (toggle) => [...document.querySelectorAll(toggle)].find((each) => each.checkVisibility()),
          toggle,
        ));
      if (!pressed) throw new Error(`there is no ${toggle}`);
      return false;
    },
    { everyMs: 300, detail: () => look(reader) },
  );
}

const DOES = "it runs, again after another page, and follows the theme";

test("every example is tested", async () => {
  const folders = await readdir(examples, { withFileTypes: true });
  assert.deepEqual(
    folders.filter((each) => each.isDirectory()).map(({ name }) => name),
    SITES.map(({ name }) => name).sort(),
  );
});

for (const site of SITES.filter(({ name }) => chosen?.includes(name) ?? true)) {
  describe(site.name, () => {
    /** @type {{ url: string, close: () => Promise<void> }} */
    let host;
    let folder = "";
    before(async () => {
      folder = await built(site);
      host = await staticHost(folder, "/x/");
    });
    after(() => host.close());

    /** @param {Reader} reader */
    async function visit(reader) {
      await starts(reader);
      await reader.evaluate(() => document.documentElement.setAttribute("data-first", ""));
      assert.deepEqual(await reader.problems(), []);
      await follow(reader, "Another page");
      assert.equal(
        await reader.evaluate(() => document.querySelectorAll("transport-playground").length),
        0,
      );
      assert.deepEqual(await reader.problems(), []);
      await follow(reader, "Three transports");
      await starts(reader);
      if (site.clientSide === true) {
        // It is the same document still.
        assert.ok(await reader.evaluate(() => document.documentElement.matches("[data-first]")));
      }
      await change(reader, site, "dark");
      await change(reader, site, "light");
      await change(reader, site, "dark");
      assert.deepEqual(await reader.problems(), []);
    }

    for (const { name, launch } of browsers) {
      if (name === "Firefox" && site.firefox !== true) continue;
      test(`in ${name} ${DOES}`, async () => {
        const browser = await launch();
        try {
          await visit(await reader(browser, new URL(site.page ?? "", host.url).href, site));
        } finally {
          await browser.close();
        }
      });
    }

    const webKitPages = /^(webkit)?$/i.test(process.env.BROWSER ?? "") ? site.webKit : undefined;
    if (webKitPages === undefined) return;
    test(`in WebKit ${DOES}`, async () => {
      const copy = await watched(folder, webKitPages);
      const [webkit, watchedHost] = await Promise.all([WebKit.launch(), staticHost(copy, "/x/")]);
      try {
        await webkit.goto(watchedHost.url);
        await visit(webkit);
      } finally {
        await Promise.all([webkit.close(), watchedHost.close()]);
        await rm(copy, { recursive: true });
      }
    });
  });
}
