// Packs a built page into one file, which the server holds (native_server/embedded_page.h):
//
//   node pack.mjs FOLDER ARCHIVE
//
// A first line, a line for each file, a blank line, and then the files' bytes in that order: each
// as it is, compressed with Brotli, and with gzip. The line has its name, its hash, whether a name
// is never used for other bytes (`kept` or `asked`), and how many bytes each of the three has: 0
// where compression saves too little. A folder without a page makes an empty archive.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const format = "playground page 1";
// What VitePress and esbuild put into names: of the guide's assets, and of the page's chunks.
const hashInName = /^guide\/assets\/.*\.[\w-]{8}(\.lean)?\.\w+$|-[A-Z2-7]{8}\.js(\.map)?$/;
const worthIt = 0.9;

const compress = {
  brotli: promisify(brotliCompress),
  gzip: promisify(gzip),
};

/** What an earlier archive has compressed already, by the hash of what it was made from. */
function earlier(archive) {
  const known = new Map();
  if (!archive.subarray(0, format.length + 1).equals(Buffer.from(`${format}\n`))) return known;
  const end = archive.indexOf("\n\n");
  let at = end + 2;
  const next = (size) => archive.subarray(at, (at += Number(size)));
  for (const line of archive.toString("utf8", format.length + 1, end).split("\n")) {
    const [, hash, , size, brotli, gzipped] = line.split("\t");
    next(size);
    known.set(hash, [next(brotli), next(gzipped)]);
  }
  return known;
}

async function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const both = await Promise.all([
    compress.brotli(bytes, { params }),
    compress.gzip(bytes, { level: 9 }),
  ]);
  return both.map((body) => (body.length < worthIt * bytes.length ? body : Buffer.alloc(0)));
}

async function pack(folder, old) {
  if (!existsSync(join(folder, "index.html"))) return Buffer.alloc(0);
  const known = earlier(old);
  const names = readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const files = await Promise.all(
    names.map(async (name) => {
      if (/[\t\n]/.test(name)) throw new Error(`${name}: a name may have no tab or line end`);
      const bytes = readFileSync(join(folder, name));
      const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
      const bodies = [bytes, ...(known.get(hash) ?? (await compressed(bytes)))];
      const sizes = bodies.map((body) => body.length);
      const line = [name, hash, hashInName.test(name) ? "kept" : "asked", ...sizes].join("\t");
      return { line, bodies };
    }),
  );
  const head = [format, ...files.map(({ line }) => line), "", ""].join("\n");
  return Buffer.concat([Buffer.from(head), ...files.flatMap(({ bodies }) => bodies)]);
}

const [folder, archive] = process.argv.slice(2);
if (!folder || !archive) {
  console.error("usage: node pack.mjs FOLDER ARCHIVE");
  process.exit(2);
}
const old = existsSync(archive) ? readFileSync(archive) : undefined;
const packed = await pack(folder, old ?? Buffer.alloc(0));
// The same bytes are not written again, so that nothing is linked again.
if (!old?.equals(packed)) writeFileSync(archive, packed);
