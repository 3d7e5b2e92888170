// When a file's turn comes, in the suite (suite.mjs): most share the machine with another, since they
// mostly wait. A file run by itself has its turn at once.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

/** Those that hold what they see against the time it took: nothing else runs beside them. */
export const ALONE = ["faults.test.mjs", "host.test.mjs", "playing.test.mjs", "simulated.test.mjs"];

const turns = process.env.PLAYGROUND_TURNS;
if (turns) {
  const way = ALONE.includes(basename(process.argv[1] ?? "")) ? "--exclusive" : "--shared";
  // The lock is held for as long as this process lives: what holds it reads from it.
  const holder = spawn("flock", [way, turns, "sh", "-c", "echo; exec cat >/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await once(holder.stdout, "data");
  holder.stdout.destroy();
  holder.unref();
  /** @type {import("node:net").Socket} */ (holder.stdin).unref();
}
