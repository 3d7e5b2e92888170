// What `npm pack` makes, as those see it who install it: checkers, editors, Node.js.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import Ajv from "ajv";
import { publint } from "publint";

import { project, removeFolders, tarball } from "./support/project.mjs";
import { listen } from "./support/static_host.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

let root = "";
let installed = "";
before(async () => {
  root = await project({});
  installed = join(root, "node_modules/transport-playground");
});
after(removeFolders);

async function json(/** @type {string} */ path) {
  return JSON.parse(await readFile(path, "utf8"));
}

/** What a module of the project writes. */
async function node(/** @type {string} */ code) {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: root,
    timeout: 20_000,
  });
  return stdout.trim();
}

test("publint finds nothing", async () => {
  const { messages } = await publint({
    pkgDir: installed,
    strict: true,
    pack: false,
  });
  assert.deepEqual(messages, []);
});

test("@arethetypeswrong/cli finds nothing", async () => {
  const attw = join(here, "node_modules/.bin/attw");
  // There is no CommonJS in it. What is found makes the program fail.
  const args = [await tarball(), "--profile", "esm-only", "--no-color"];
  await run(attw, args).catch(({ stdout }) => assert.fail(stdout));
});

test("it has no file of the page, and none that belongs to no entry", async () => {
  const files = await readdir(join(installed, "dist"));
  assert.deepEqual(
    files.filter((name) =>
      /^(index|playground[.-]|playground_check|check|logo|docs|examples|recipes|uplot)/.test(name),
    ),
    [],
  );
  assert.deepEqual((await readdir(installed)).sort(), ["README.md", "dist", "package.json"]);
});

test("every address in its scripts, and every map, leads to a file of it", async () => {
  const files = await readdir(join(installed, "dist"));
  for (const name of files.filter((each) => each.endsWith(".js"))) {
    const text = await readFile(join(installed, "dist", name), "utf8");
    const addresses = [
      ...text.matchAll(/new URL\("\.\/([^"]+)", ?import\.meta\.url\)/g),
      ...text.matchAll(/(?:import\(|from ?)"\.\/([^"]+)"/g),
      ...text.matchAll(/\/\/# sourceMappingURL=(\S+)/g),
    ];
    for (const [, address = ""] of addresses) {
      assert.ok(files.includes(address), `${name} leads to ${address}`);
    }
  }
});

test("its custom elements manifest is as the schema says, and tells every option", async () => {
  const { customElements } = await json(join(installed, "package.json"));
  const manifest = await json(join(installed, customElements));
  const schema = await json(join(here, "node_modules/custom-elements-manifest/schema.json"));
  const validate = new Ajv.default({ strict: false }).compile(schema);
  assert.ok(validate(manifest), JSON.stringify(validate.errors));
  const [element] = manifest.modules[0].declarations;
  const attributes = element.attributes.map((/** @type {{ name: string }} */ { name }) => name);
  const code = `import { TransportPlayground } from "transport-playground";
    console.log(JSON.stringify(TransportPlayground.observedAttributes));`;
  assert.deepEqual(attributes.sort(), JSON.parse(await node(code)).sort());
  for (const each of [...element.attributes, ...element.members, ...element.events]) {
    assert.ok(each.description || each.return || each.type, `${each.name} is explained`);
  }
});

test("on a server each entry can be imported, and does nothing", async () => {
  const { exports } = await json(join(installed, "package.json"));
  const entries = Object.entries(exports).filter(([, target]) => target.types !== undefined);
  assert.equal(entries.length, 4);
  for (const [entry] of entries) {
    const code = `await import(${JSON.stringify(join("transport-playground", entry))});
      console.log("imported");`;
    assert.equal(await node(code), "imported", entry);
  }
  const code = `import { definePlayground } from "transport-playground/define";
    definePlayground({ base: "/files/" });
    console.log("defined nothing");`;
  assert.equal(await node(code), "defined nothing");
});

test("PlaygroundEventSource works in Node.js and finds its parser", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: received\n\n");
  });
  const port = await listen(server);
  const code = `import { PlaygroundEventSource } from "transport-playground/event-source";
    const source = new PlaygroundEventSource("http://127.0.0.1:${port}/");
    source.onmessage = ({ data }) => { console.log(data); source.close(); };
    source.onerror = ({ reason }) => { console.log(reason); source.close(); };`;
  try {
    assert.equal(await node(code), "received");
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
