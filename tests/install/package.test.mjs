// The Debian package as its user has it: built from build/native, installed where there is nothing
// but Debian's essential packages, run there, and taken away again.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { PlaygroundServer } from "../browser/support/playground_server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const native = path.join(root, "build/native");
const settings = "/etc/playground/server.conf";
const unit = "/usr/lib/systemd/system/playground.service";

/** @param {string} command @param {string[]} args @param {{ cwd?: string, timeout?: number }} [options] */
function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: "utf8",
  });
  assert.equal(status, 0, `${command} ${args.join(" ")}: ${error ?? ""}${stdout}${stderr}`);
  return stdout;
}

/** The options that a text names. @param {string} text */
const options = (text) => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g))].sort();
/** A manual page's, and as what it describes them. @param {string} name */
const manual = (name) => {
  const text = readFileSync(path.join(root, `docs/man/${name}.1`), "utf8").replaceAll("\\-", "-");
  return options([...text.matchAll(/^\.TP\n\.BR?I? (.*)$/gm)].map(([, line]) => line).join("\n"));
};

test("the manual pages have every option, and no other", () => {
  const help = (/** @type {string[]} */ ...args) =>
    run(path.join(native, String(args[0])), args.slice(1));
  assert.deepEqual(manual("playground_server"), options(help("playground_server", "--help")));
  const commands = ["check", "watch", "compare"].map((each) => help("playground", each, "--help"));
  assert.deepEqual(
    manual("playground"),
    options([help("playground", "--help"), ...commands].join()),
  );
});

test("cmake --install puts everything under a prefix, and the unit names what is there", (t) => {
  const prefix = mkdtempSync(path.join(os.tmpdir(), "playground-prefix-"));
  t.after(() => rmSync(prefix, { recursive: true }));
  run("cmake", ["--install", native, "--prefix", prefix]);
  const text = readFileSync(path.join(prefix, "lib/systemd/system/playground.service"), "utf8");
  const [, program = "", file = ""] = /^ExecStart=(\S+) --config (\S+)$/m.exec(text) ?? [];
  assert.equal(program, `${prefix}/bin/playground_server`);
  assert.match(run(program, ["--config", file, "--version"]), /^playground_server \d/);
  // Nothing of the libraries that are compiled in.
  assert.deepEqual(readdirSync(prefix).sort(), ["bin", "etc", "lib", "share"]);
  assert.deepEqual(readdirSync(path.join(prefix, "lib")), ["systemd"]);
});

const asRoot = process.getuid?.() === 0;
describe(
  "the Debian package",
  { skip: asRoot ? false : "only root may lay a system into a folder" },
  () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "playground-package-"));
    const fresh = path.join(folder, "root");
    const layRoot = path.join(root, "tests/install/fresh_root.sh");
    let file = "";
    /** @param {string[]} args */
    const inside = (...args) => run("chroot", [fresh, ...args]);

    before(() => {
      run("cpack", ["-B", folder], { cwd: native });
      const built = readdirSync(folder).find((name) => name.endsWith(".deb"));
      assert.ok(built);
      file = path.join(folder, built);
      run("bash", [layRoot, file, fresh]);
    });
    after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

    test("the server runs with its settings, and has the page inside", async (t) => {
      const command = ["/usr/bin/playground_server", "--config", settings, "--port", "0"];
      const server = await PlaygroundServer.watch(spawn("chroot", [fresh, ...command]));
      t.after(() => server.stop());
      assert.equal(await (await fetch(`${server.origin}/healthz`)).text(), "ok");
      assert.match(await (await fetch(`${server.origin}/`)).text(), /<title>.*Playground/);
      // As the settings say.
      assert.equal((await server.ports()).length, 1);

      const watch = ["/usr/bin/playground", "watch", "--count", "2", "--json"];
      const watched = inside(...watch, `http://127.0.0.1:${server.port}/sse/`);
      assert.match(watched, /Current time is/);
      assert.equal(await server.stop(), 0);
    });

    test("the container's entry point runs there, and its health check finds it", async (t) => {
      const recipe = readFileSync(path.join(root, "deploy/container/Containerfile"), "utf8");
      /** @param {string} word @returns {string[]} */
      const command = (word) =>
        JSON.parse(new RegExp(`^${word} (?:CMD )?(\\[.*\\])$`, "m").exec(recipe)?.[1] ?? "[]");
      const [user = ""] = /(?<=^USER ).*$/m.exec(recipe) ?? [];
      const as = ["--userspec", user, fresh];
      const args = [...as, ...command("ENTRYPOINT"), "--port", "0"];
      const server = await PlaygroundServer.watch(spawn("chroot", args));
      t.after(() => server.stop());
      const check = command("HEALTHCHECK").map((each) =>
        each.replace(":8088/", `:${server.port}/`),
      );
      run("chroot", [...as, ...check]);
      await server.stop();
      assert.notEqual(spawnSync("chroot", [...as, ...check]).status, 0);
    });

    test("the settings are kept as such, and the unit is there, enabled and locked down", () => {
      const files = inside("dpkg-query", "-W", "-f", "${Conffiles}", "transport-playground");
      assert.match(files, new RegExp(` ${settings} `));
      for (const name of [
        unit,
        "/usr/share/man/man1/playground.1",
        "/usr/share/man/man1/playground_server.1",
      ]) {
        assert.ok(existsSync(path.join(fresh, name)), name);
      }
      inside("test", "-L", "/etc/systemd/system/multi-user.target.wants/playground.service");
      // Its program is where it would be, seen from here.
      const here = path.join(folder, "playground.service");
      const text = readFileSync(path.join(fresh, unit), "utf8");
      writeFileSync(here, text.replace("ExecStart=", `ExecStart=${fresh}`));
      run("systemd-analyze", ["verify", "--man=no", here]);
      // In tenths; docs/operating.md names the figure.
      const [, figure = ""] =
        /gives it (\d\.\d)/.exec(readFileSync(path.join(root, "docs/operating.md"), "utf8")) ?? [];
      const threshold = String(Math.round(10 * Number(figure)));
      run("systemd-analyze", ["security", "--offline=true", `--threshold=${threshold}`, here]);
    });

    test("systemd runs the service, and gives it no more than it needs", (t) => {
      const booted = path.join(folder, "booted");
      run("bash", [layRoot, file, booted, "systemd-sysv"]);
      const args = [
        "--quiet",
        "--register=no",
        "--keep-unit",
        "--private-network",
        "--console=pipe",
        `--directory=${booted}`,
      ];
      const { status, stderr, error } = spawnSync("systemd-nspawn", [...args, "true"]);
      if (status !== 0) return t.skip(`no system can be started here: ${error ?? stderr}`);
      // Asks the server, and ends the system.
      const asks = path.join(booted, "etc/systemd/system/asks.service");
      const check = "playground watch --as lines --for 10 --count 1 http://127.0.0.1:8088/healthz";
      const pid = "systemctl show --property=MainPID --value playground";
      const lines = [
        ...[
          "[Unit]",
          "After=playground.service",
          "SuccessAction=poweroff",
          "FailureAction=poweroff",
        ],
        ...["[Service]", "Type=oneshot", "StandardOutput=append:/said"],
        `ExecStart=${check}`,
        `ExecStart=sh -c "cat /proc/$$(${pid})/status"`,
        "ExecStart=systemctl restart playground",
        `ExecStart=${check}`,
      ];
      writeFileSync(asks, `${lines.join("\n")}\n`);
      symlinkSync(
        "/etc/systemd/system/asks.service",
        path.join(booted, "etc/systemd/system/multi-user.target.wants/asks.service"),
      );
      const boot = run("systemd-nspawn", [...args, "--boot"], { timeout: 90000 });
      const said = readFileSync(path.join(booted, "said"), "utf8");
      assert.match(said, /ok[^]*^Name:\tplayground[^]*ok/m, boot);
      assert.match(said, /^NoNewPrivs:\t1$/m);
      assert.match(said, /^CapBnd:\t0+$/m);
      assert.match(said, /^Seccomp:\t2$/m);
      assert.doesNotMatch(said, /^Uid:.*\b0\b/m);
    });

    test("it goes without a trace", () => {
      inside("dpkg", "--purge", "transport-playground");
      for (const name of ["/usr/bin/playground_server", "/etc/playground", unit]) {
        assert.ok(!existsSync(path.join(fresh, name)), name);
      }
      assert.deepEqual(inside("find", "/etc/systemd", "-name", "playground.service"), "");
    });
  },
);
