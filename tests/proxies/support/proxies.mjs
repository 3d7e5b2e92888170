// Real proxies, each as a tutorial would have it, and set right as deploy/ has it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { freePort } from "../../deploy/support/nginx.mjs";
import { apache, run } from "../../deploy/support/proxies.mjs";

/**
 * @typedef {object} Front
 * @property {number} port of 127.0.0.1
 * @property {string} [forward] the address that is asked for, where it is a forward proxy
 *
 * @typedef {object} Proxy
 * @property {string} name
 * @property {string} setting
 * @property {[string, ...string[]]} versionCommand
 * @property {number} usualS after which silence ends it where nothing is said of that; 0: never
 * @property {(serverPort: number, cutS: number) => Promise<{ front: Front, stop: () => Promise<void> }>}
 *   start with what ends silence set to `cutS`, where it has such a setting
 */

const deploy = fileURLToPath(new URL("../../../deploy/", import.meta.url));
const here = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {(at: { port: number, server: string, serverPort: number, folder: string, cutS: number }) => {
 *   program: string, args: string[], files?: Record<string, string>, forward?: boolean }} how
 * @returns {Proxy["start"]}
 */
const program = (how) => async (serverPort, cutS) => {
  const port = await freePort();
  const server = `127.0.0.1:${serverPort}`;
  /** @type {Front} */
  const front = { port };
  const stop = await run(
    "the proxy",
    (folder) => {
      const { forward, ...rest } = how({ port, folder, server, serverPort, cutS });
      if (forward) front.forward = `localhost:${serverPort}`;
      return rest;
    },
    () => answers(front),
  );
  return { front, stop };
};

/** @param {Front} front */
function answers({ port, forward }) {
  return /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      const host = forward ?? `127.0.0.1:${port}`;
      const target = forward === undefined ? "/healthz" : `http://${host}/healthz`;
      socket.on("error", () => resolve(false)).on("close", () => resolve(false));
      socket.on("data", (bytes) => {
        resolve(bytes.toString().startsWith("HTTP/1.1 200"));
        socket.destroy();
      });
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      setTimeout(() => socket.destroy(), 1000);
    })
  );
}

/** @param {string} file of deploy/ @param {Record<string, string>} changes */
function deployed(file, changes) {
  let text = readFileSync(path.join(deploy, file), "utf8");
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`deploy/${file} has no \`${from}\``);
    text = text.replaceAll(from, to);
  }
  return text;
}

const nginxPlaces = ["daemon off;", "pid nginx.pid;", "events {}"];
/** @param {string[]} lines of `http` */
const nginx = (lines) =>
  [...nginxPlaces, "http {", "  include run_in_place.conf;", ...lines, "}", ""].join("\n");
/** @param {string} folder @param {string} text */
const runNginx = (folder, text) => ({
  program: "nginx",
  args: [
    "-e",
    "stderr",
    "-p",
    `${folder}/`,
    "-c",
    path.join(folder, "nginx.conf"),
    "-g",
    "master_process off;",
  ],
  files: {
    "nginx.conf": text,
    "run_in_place.conf": readFileSync(path.join(deploy, "nginx/run_in_place.conf"), "utf8"),
  },
});

const modules = "mpm_event authz_core proxy proxy_http proxy_wstunnel filter deflate env".split(
  " ",
);
/** @param {string} folder @param {number} port @param {string[]} lines */
const runApache = (folder, port, lines) => apache(folder, port, modules, lines);

/** @param {string} folder @param {string} text */
const runHaproxy = (folder, text) => ({
  program: "haproxy",
  args: ["-db", "-f", path.join(folder, "haproxy.cfg")],
  files: { "haproxy.cfg": text },
});

/** @param {string} folder @param {number} port @param {string} vcl @param {string[]} parameters */
const runVarnish = (folder, port, vcl, parameters = []) => ({
  program: "varnishd",
  args: [
    ...["-F", "-j", "none", "-n", path.join(folder, "work"), "-s", "malloc,16m", ...parameters],
    ...["-a", `127.0.0.1:${port}`, "-f", path.join(folder, "default.vcl")],
  ],
  files: { "default.vcl": vcl },
});

/** @param {string} folder @param {string} text */
const runCaddy = (folder, text) => ({
  program: "caddy",
  args: ["run", "--adapter", "caddyfile", "--config", path.join(folder, "Caddyfile")],
  files: { Caddyfile: `{\n\tadmin off\n\tauto_https off\n}\n${text}` },
});

/** @param {string} folder @param {string} text */
const runSquid = (folder, text) => ({
  program: "squid",
  args: ["-N", "-f", path.join(folder, "squid.conf")],
  files: {
    "squid.conf": `${text}\nvisible_hostname squid.example\npid_filename none\naccess_log none\ncache_log /dev/null\n`,
  },
  forward: true,
});

/** @param {"vite" | "webpack"} tool @param {boolean} compresses @returns {Proxy["start"]} */
const devServer = (tool, compresses) =>
  program(({ port, server }) => ({
    program: process.execPath,
    args: [
      path.join(here, "support/dev_server.mjs"),
      tool,
      String(port),
      server,
      String(compresses),
    ],
  }));

const squidTutorial = (/** @type {number} */ port, /** @type {string[]} */ more) =>
  [
    `http_port 127.0.0.1:${port}`,
    "acl localnet src 127.0.0.1/32",
    "acl SSL_ports port 443",
    "acl CONNECT method CONNECT",
    ...more,
    "http_access allow localnet",
    "http_access deny all",
  ].join("\n");

/** What a program says that it is: "1.22.1". @param {Proxy} proxy */
export function versionOf({ versionCommand: [name, ...args] }) {
  const { stdout, stderr } = spawnSync(name, args, {
    cwd: here,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    encoding: "utf8",
  });
  const found = /\d+\.\d+(\.\d+)?/.exec(stdout + stderr);
  if (found === null) throw new Error(`${name} does not say its version`);
  return found[0];
}

/** @type {Proxy[]} */
export const proxies = [
  {
    name: "nginx",
    usualS: 60,
    setting: "proxy_pass alone",
    versionCommand: ["nginx", "-v"],
    start: program(({ port, server, folder, cutS }) =>
      runNginx(
        folder,
        nginx([
          `  proxy_read_timeout ${cutS}s;`, // 60 s where nothing is said
          `  server { listen 127.0.0.1:${port}; location / { proxy_pass http://${server}; } }`,
        ]),
      ),
    ),
  },
  {
    name: "nginx",
    usualS: 60,
    setting: "HTTP/1.1, Upgrade forwarded, gzip for all types",
    versionCommand: ["nginx", "-v"],
    start: program(({ port, server, folder, cutS }) =>
      runNginx(
        folder,
        nginx([
          "  gzip on;",
          "  gzip_proxied any;",
          "  gzip_types *;",
          `  proxy_read_timeout ${cutS}s;`,
          `  server { listen 127.0.0.1:${port}; location / {`,
          `    proxy_pass http://${server};`,
          "    proxy_http_version 1.1;",
          "    proxy_set_header Upgrade $http_upgrade;",
          '    proxy_set_header Connection "upgrade";',
          "    proxy_set_header Host $host;",
          "  } }",
        ]),
      ),
    ),
  },
  {
    name: "nginx",
    usualS: 60,
    setting: "deploy/nginx/right.conf",
    versionCommand: ["nginx", "-v"],
    start: program(({ port, server, folder }) =>
      runNginx(
        folder,
        deployed("nginx/right.conf", {
          "listen 8080": `listen 127.0.0.1:${port}`,
          "127.0.0.1:8088": server,
        }),
      ),
    ),
  },
  {
    name: "HAProxy",
    usualS: 50,
    setting: "the tutorial's time-outs",
    versionCommand: ["haproxy", "-v"],
    start: program(({ port, server, folder, cutS }) =>
      runHaproxy(
        folder,
        [
          "defaults",
          "  mode http",
          "  timeout connect 5s",
          `  timeout client ${cutS}s`, // 50 s in tutorials
          `  timeout server ${cutS}s`,
          "listen playground",
          `  bind 127.0.0.1:${port}`,
          `  server playground ${server}`,
          "",
        ].join("\n"),
      ),
    ),
  },
  {
    name: "HAProxy",
    usualS: 50,
    setting: "deploy/haproxy/right.cfg",
    versionCommand: ["haproxy", "-v"],
    start: program(({ port, server, folder }) =>
      runHaproxy(
        folder,
        deployed("haproxy/right.cfg", {
          "bind :8080": `bind 127.0.0.1:${port}`,
          "127.0.0.1:8088": server,
        }),
      ),
    ),
  },
  {
    name: "Apache",
    usualS: 60,
    setting: "ProxyPass alone",
    versionCommand: ["apache2", "-v"],
    start: program(({ port, server, folder, cutS }) =>
      runApache(folder, port, [`Timeout ${cutS}`, `ProxyPass / http://${server}/`]),
    ),
  },
  {
    name: "Apache",
    usualS: 60,
    setting: "mod_deflate for text",
    versionCommand: ["apache2", "-v"],
    start: program(({ port, server, folder, cutS }) =>
      runApache(folder, port, [
        `Timeout ${cutS}`,
        "AddOutputFilterByType DEFLATE text/plain text/event-stream application/x-ndjson",
        `ProxyPass / http://${server}/ upgrade=websocket`,
      ]),
    ),
  },
  {
    name: "Apache",
    usualS: 60,
    setting: "deploy/apache/right.conf",
    versionCommand: ["apache2", "-v"],
    start: program(({ port, server, folder }) =>
      runApache(folder, port, [deployed("apache/right.conf", { "127.0.0.1:8088": server })]),
    ),
  },
  {
    name: "Caddy",
    usualS: 0,
    setting: "reverse_proxy alone",
    versionCommand: ["caddy", "version"],
    start: program(({ port, server, folder }) =>
      runCaddy(folder, `http://:${port} {\n\tbind 127.0.0.1\n\treverse_proxy ${server}\n}\n`),
    ),
  },
  {
    name: "Caddy",
    usualS: 0,
    setting: "encode gzip",
    versionCommand: ["caddy", "version"],
    start: program(({ port, server, folder }) =>
      runCaddy(
        folder,
        `http://:${port} {\n\tbind 127.0.0.1\n\tencode gzip\n\treverse_proxy ${server}\n}\n`,
      ),
    ),
  },
  {
    name: "Caddy",
    usualS: 0,
    setting: "deploy/caddy/Caddyfile",
    versionCommand: ["caddy", "version"],
    start: program(({ port, server, folder }) =>
      runCaddy(
        folder,
        deployed("caddy/Caddyfile", {
          ":8080 {": `http://:${port} {\n\tbind 127.0.0.1`,
          "127.0.0.1:8088": server,
        }),
      ),
    ),
  },
  {
    name: "Varnish",
    usualS: 60,
    setting: "a backend alone",
    versionCommand: ["varnishd", "-V"],
    start: program(({ port, serverPort, folder, cutS }) =>
      runVarnish(
        folder,
        port,
        `vcl 4.1;\nbackend default { .host = "127.0.0.1"; .port = "${serverPort}"; }\n`,
        ["-p", `first_byte_timeout=${cutS}`, "-p", `between_bytes_timeout=${cutS}`], // both are 60 s
      ),
    ),
  },
  {
    name: "Varnish",
    usualS: 60,
    setting: "deploy/varnish/right.vcl",
    versionCommand: ["varnishd", "-V"],
    start: program(({ port, serverPort, folder }) =>
      runVarnish(
        folder,
        port,
        deployed("varnish/right.vcl", { '.port = "8088"': `.port = "${serverPort}"` }),
        ["-p", "pipe_timeout=3600"],
      ),
    ),
  },
  {
    name: "Squid, forward",
    usualS: 900,
    setting: "CONNECT to 443 alone",
    versionCommand: ["squid", "-v"],
    start: program(({ port, folder, cutS }) =>
      runSquid(
        folder,
        squidTutorial(port, [
          "http_access deny CONNECT !SSL_ports",
          `read_timeout ${cutS} seconds`,
        ]),
      ),
    ),
  },
  {
    name: "Squid, forward",
    usualS: 900,
    setting: "deploy/squid/right.conf",
    versionCommand: ["squid", "-v"],
    start: program(({ port, serverPort, folder }) =>
      runSquid(
        folder,
        deployed("squid/right.conf", {
          "http_port 3128": `http_port 127.0.0.1:${port}`,
          "8080-8090": `8080-8090 ${serverPort}`,
        }),
      ),
    ),
  },
  {
    name: "Vite's dev server",
    usualS: 0,
    setting: "server.proxy with ws",
    versionCommand: ["node", "-p", "require('vite/package.json').version"],
    start: devServer("vite", false),
  },
  {
    name: "webpack-dev-server",
    usualS: 0,
    setting: "compress: false",
    versionCommand: ["node", "-p", "require('webpack-dev-server/package.json').version"],
    start: devServer("webpack", false),
  },
  {
    name: "webpack-dev-server",
    usualS: 0,
    setting: "as it comes, with compression",
    versionCommand: ["node", "-p", "require('webpack-dev-server/package.json').version"],
    start: devServer("webpack", true),
  },
];
