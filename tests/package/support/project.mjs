// A user's project: a folder of its own, into which the package is installed from its tarball.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const web = fileURLToPath(new URL("../../../web/", import.meta.url));

const folders = /** @type {string[]} */ ([]);

/** A new folder that is removed by `removeFolders`. */
export async function newFolder() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "playground-package-")));
  folders.push(folder);
  return folder;
}

export async function removeFolders() {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** @type {Promise<string> | undefined} */
let packed;

/** What `npm pack` makes, once for each test file. */
export function tarball() {
  packed ??= (async () => {
    const folder = await newFolder();
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: web,
    });
    const [{ filename }] = JSON.parse(stdout);
    return join(folder, filename);
  })();
  return packed;
}

/**
 * A project with these files and the package.
 * @param {Record<string, string>} files
 */
export async function project(files) {
  const folder = await newFolder();
  for (const [name, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", await tarball()], {
    cwd: folder,
  });
  return folder;
}
