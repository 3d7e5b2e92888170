// Runs the browser tests again and again, until one fails: `node repeat.mjs 20 [file…]`.
import { spawnSync } from "node:child_process";

const [times = "20", ...files] = process.argv.slice(2);
for (let round = 1; round <= Number(times); round += 1) {
  const began = Date.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files],
    { encoding: "utf8", cwd: new URL(".", import.meta.url) },
  );
  console.log(`round ${round} of ${times}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    console.log(stdout);
    process.exit(1);
  }
}
