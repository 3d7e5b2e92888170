import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { NodeProxy } from "../../browser/support/node_proxy.mjs";
import { until } from "../../browser/support/wait.mjs";
import { ask } from "./client.mjs";
import { Nginx, freePort } from "./nginx.mjs";

/**
 * @typedef {object} Proxy one in front of the server, with as few settings as it needs
 * @property {string} name
 * @property {"kept" | "told" | "replaced"} host what the server gets for the host that was asked
 *   for: it in Host; the server's own address in Host and it in X-Forwarded-Host; the server's own
 *   address, and nothing else
 * @property {RegExp} calledItself what its own answers say in `Server` or `Via`
 * @property {(serverPort: number) => Promise<{
 *   front: import("./client.mjs").Front, stop: () => Promise<void> }>} start
 */

/**
 * A program that is one process, or whose others end with it. What it writes goes into a folder of
 * its own.
 *
 * @param {string} name
 * @param {(folder: string) => { program: string, args: string[], files?: Record<string, string> }} how
 *   `files` are written into the folder before
 * @param {() => Promise<boolean>} answers not only listens, which Apache does before it is ready
 * @returns {Promise<() => Promise<void>>} what ends it
 */
export async function run(name, how, answers) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "proxy-"));
  const { program, args, files = {} } = how(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // On Debian some are not on everyone's PATH.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, HOME: folder },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => (said += part));
  }
  child.on("error", (error) => (said += error.message));
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await until(
      `${name} to answer`,
      () => {
        if (child.exitCode !== null || child.pid === undefined) throw new Error(said);
        return answers();
      },
      { everyMs: 10, timeoutMs: 20000, detail: () => said },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/**
 * @param {string} name
 * @param {(at: { port: number, server: string, folder: string }) => {
 *   program: string, args: string[], files?: Record<string, string> }} how `server` is the server's
 *   address
 * @returns {Proxy["start"]}
 */
const program = (name, how) => async (serverPort) => {
  const port = await freePort();
  const front = { host: "127.0.0.1", port };
  const stop = await run(
    name,
    (folder) => how({ port, folder, server: `127.0.0.1:${serverPort}` }),
    async () => (await ask(front, "/healthz")).status === 200,
  );
  return { front, stop };
};

/** Apache httpd with some modules. @param {string} folder @param {number} port @param {string[]} modules @param {string[]} lines */
export const apache = (folder, port, modules, lines) => ({
  program: "apache2",
  args: ["-X", "-f", path.join(folder, "apache.conf")],
  files: {
    "apache.conf": [
      `ServerRoot ${folder}`,
      `DefaultRuntimeDir ${folder}`,
      `PidFile ${folder}/pid`,
      `ErrorLog ${folder}/error.log`,
      "ServerName localhost",
      "User nobody",
      "Group nogroup",
      `Listen 127.0.0.1:${port}`,
      ...modules.map(
        (module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`,
      ),
      ...lines,
      "",
    ].join("\n"),
  },
});

/** @param {string} example @returns {Proxy["start"]} */
const nginx = (example) => async (serverPort) => {
  const running = await Nginx.start(example, serverPort);
  return { front: { socketPath: running.socket(8080) }, stop: () => running.stop() };
};

/** @param {Parameters<typeof NodeProxy.start>[1]} options @returns {Proxy["start"]} */
const node = (options) => async (serverPort) => {
  const running = await NodeProxy.start(serverPort, options);
  return { front: { host: "127.0.0.1", port: running.port }, stop: () => running.stop() };
};

const apacheModules = ["mpm_event", "authz_core", "proxy", "proxy_http", "proxy_wstunnel"];

/** @type {Proxy[]} */
export const proxies = [
  { name: "nginx, right.conf", host: "kept", calledItself: /^nginx/, start: nginx("right.conf") },
  {
    name: "nginx as it comes",
    host: "replaced",
    calledItself: /^nginx/,
    start: nginx("default_buffering.conf"),
  },
  {
    name: "haproxy",
    host: "kept",
    calledItself: /^a gateway$/,
    start: program("haproxy", ({ port, server, folder }) => ({
      program: "haproxy",
      args: ["-db", "-f", path.join(folder, "haproxy.cfg")],
      files: {
        "haproxy.cfg": [
          "defaults",
          "  mode http",
          "  retries 0", // by itself it waits three seconds for a server that is away
          "  timeout connect 5s",
          "  timeout client 60s",
          "  timeout server 60s",
          "listen playground",
          `  bind 127.0.0.1:${port}`,
          `  server playground ${server}`,
          "",
        ].join("\n"),
      },
    })),
  },
  {
    name: "Apache",
    host: "told",
    calledItself: /^Apache/,
    start: program("apache", ({ port, server, folder }) =>
      apache(folder, port, apacheModules, [`ProxyPass / http://${server}/ upgrade=websocket`]),
    ),
  },
  {
    name: "Caddy",
    host: "kept",
    calledItself: /^Caddy/,
    start: program("caddy", ({ port, server, folder }) => ({
      program: "caddy",
      args: ["run", "--adapter", "caddyfile", "--config", path.join(folder, "Caddyfile")],
      files: {
        Caddyfile: [
          "{",
          "  admin off",
          "  auto_https off",
          "}",
          `http://:${port} {`,
          "  bind 127.0.0.1",
          `  reverse_proxy ${server}`,
          "}",
          "",
        ].join("\n"),
      },
    })),
  },
  {
    name: "Varnish",
    host: "kept",
    calledItself: /varnish/i,
    start: program("varnish", ({ port, server, folder }) => ({
      program: "varnishd",
      args: [
        ...["-F", "-j", "none", "-n", path.join(folder, "work"), "-s", "malloc,16m"],
        ...["-a", `127.0.0.1:${port}`, "-f", path.join(folder, "playground.vcl")],
      ],
      files: {
        "playground.vcl": [
          "vcl 4.1;",
          `backend default { .host = "127.0.0.1"; .port = "${server.split(":")[1]}"; }`,
          'sub vcl_recv { if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); } }',
          "sub vcl_pipe { set bereq.http.Upgrade = req.http.Upgrade; set bereq.http.Connection = req.http.Connection; }",
          "",
        ].join("\n"),
      },
    })),
  },
  {
    name: "Squid",
    host: "kept",
    calledItself: /squid/,
    start: program("squid", ({ port, server, folder }) => ({
      program: "squid",
      args: ["-N", "-f", path.join(folder, "squid.conf")],
      files: {
        "squid.conf": [
          `http_port 127.0.0.1:${port} accel vhost defaultsite=localhost`,
          `cache_peer 127.0.0.1 parent ${server.split(":")[1]} 0 no-query originserver`,
          "never_direct allow all",
          "http_access allow all",
          "http_upgrade_request_protocols websocket allow all",
          "visible_hostname squid.example",
          "pid_filename none",
          "access_log none",
          "cache_log /dev/null",
          "cache deny all",
          "",
        ].join("\n"),
      },
    })),
  },
  {
    name: "http-proxy with changeOrigin",
    host: "replaced",
    calledItself: /^a gateway$/,
    start: node({}),
  },
  {
    name: "http-proxy with changeOrigin and xfwd",
    host: "told",
    calledItself: /^a gateway$/,
    start: node({ xfwd: true }),
  },
];
