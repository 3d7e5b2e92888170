import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { until } from "./wait.mjs";

export const recipes = new URL("../../../docs/recipes/", import.meta.url);
const httplib =
  process.env.RECIPE_HTTPLIB ??
  fileURLToPath(new URL("../../../build/native/tests/recipes/recipe_httplib", import.meta.url));

/** @typedef {{ origin: string, stop: () => Promise<void> }} Running */

/** @param {string} command @param {string[]} args @returns {Promise<Running>} */
async function run(command, args) {
  const child = spawn(command, args, {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  }
  const origin = await until("the recipe to listen", () => {
    if (child.exitCode !== null) throw new Error(said);
    return /http:\/\/localhost:\d+/.exec(said)?.[0];
  });
  return {
    origin: origin.replace("localhost", "127.0.0.1"),
    stop: async () => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** Express is found from where the file is: it runs from a folder of this package. */
async function express() {
  const folder = new URL("../artifacts/recipes/", import.meta.url);
  await mkdir(folder, { recursive: true });
  const copy = new URL("express.mjs", folder);
  await copyFile(new URL("express.mjs", recipes), copy);
  return run(process.execPath, [fileURLToPath(copy)]);
}

/** The recipes for servers, each as a process of its own. */
export const servers = [
  { name: "Express", start: express, missing: false },
  { name: "cpp-httplib", start: () => run(httplib, ["0"]), missing: !existsSync(httplib) },
];
