// Drives this project's server and its peers on this machine, in the same run, and prints one table
// of ratios. Options: --quick (one round of short measurements), --rounds N, --only WORD (rows whose
// name has it), --json FILE (default build/bench.json).
//
// The server under test has one core, what loads it the other. Machines are shared and noisy: only
// ratios of the same round are kept, and of the rounds the median.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { clusterBenches } from "./cluster.mjs";
import { eventSourceBenches } from "./event_source.mjs";
import { eventStreamBenches } from "./event_stream.mjs";
import { pageBenches } from "./page.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const build = path.join(root, "build/native");
const programs = {
  server: path.join(build, "playground_server"),
  load: path.join(build, "tests/bench/bench_load"),
  bare: path.join(build, "tests/bench/bench_bare_loop"),
};

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string", default: "" },
    json: { type: "string", default: path.join(root, "build/bench.json") },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const seconds = options.quick ? 3 : 6;

const cores = os.cpus().length;
const onCore = (core) => (cores > 1 ? ["taskset", "-c", String(core)] : []);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Processes

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** Starts a server on the first core and waits for the line that says it listens. */
function start(command, { ready = /Listening/, env = {} } = {}) {
  const [program, ...rest] = [...onCore(0), ...command];
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  running.add(child);
  return new Promise((resolve, reject) => {
    let text = "";
    const failed = () => reject(new Error(`${command[0]} did not start: ${text}`));
    child.on("error", failed);
    child.on("exit", () => {
      running.delete(child);
      failed();
    });
    const take = (bytes) => {
      text += bytes;
      const line = ready.exec(text);
      if (line) resolve({ child, port: Number(/:(\d+)\//.exec(text)?.[1] ?? 0) });
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
  });
}

async function stop({ child }) {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(timer);
}

function load(args) {
  const [program, ...rest] = [...onCore(cores - 1), programs.load, ...args.map(String)];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (bytes) => (text += bytes));
    child.on("exit", (code) => {
      running.delete(child);
      if (code !== 0) return reject(new Error(`bench_load ended with ${code}`));
      resolve(JSON.parse(text));
    });
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What comes first of the page, from a server that may not listen yet. */
function firstBytes(port) {
  const ask = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n";
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(ask));
    socket.once("data", (bytes) => resolve(String(bytes)) || socket.destroy());
    socket.on("error", () => setTimeout(() => resolve(firstBytes(port)), 1));
  });
}

function memoryKiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
}
/** Processor seconds, user and system. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// Servers

const ours = {
  name: "playground_server",
  start: (args = []) =>
    start([
      programs.server,
      "--port",
      "0",
      "--lane-ports",
      "0",
      "--max-requests-per-second",
      "0",
      ...args,
    ]),
};

async function channel(port, scenario) {
  const response = await fetch(`http://127.0.0.1:${port}/api/channels`, {
    method: "POST",
    body: JSON.stringify(scenario),
    headers: { "Content-Type": "application/json" },
  });
  if (response.status !== 201) throw new Error(`no channel: ${await response.text()}`);
  return `/api/channels/${(await response.json()).id}`;
}

async function startBare() {
  const port = await freePort();
  return { ...(await start([programs.bare, String(port)])), port };
}

const startExpress = () => start(["node", path.join(here, "peers/express.mjs")]);

const nginxModule = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const haveNchan = existsSync(nginxModule);

async function startNginx(locations, { nchan = false } = {}) {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), "playground-bench-"));
  const configuration = path.join(folder, "nginx.conf");
  writeFileSync(
    configuration,
    `${nchan ? `load_module ${nginxModule};` : ""}
     daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr notice;
     ${process.getuid?.() === 0 ? "user root;" : ""}
     worker_rlimit_nofile 20000;
     events { worker_connections 19000; }
     http {
       access_log off; keepalive_requests 1000000000; default_type text/plain;
       client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
       uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
       server { listen 127.0.0.1:${port} backlog=4096; tcp_nodelay on; ${locations} }
     }`,
  );
  const server = await start(["nginx", "-c", configuration, "-p", folder], {
    ready: /start worker processes/,
  });
  server.child.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return { ...server, port };
}

/** nginx with Nchan, and ten messages a second posted to it until it is stopped. */
async function startNchan() {
  const server = await startNginx(
    `location /sub { nchan_subscriber eventsource websocket; nchan_channel_id bench; }
     location /pub { nchan_publisher; nchan_channel_id bench; nchan_message_timeout 5s; }`,
    { nchan: true },
  );
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const payload = "x".repeat(64);
  let seq = 0;
  const timer = setInterval(() => {
    // Stamped when it is posted, not when it was due: a late timer here is not Nchan's fault.
    const now = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const body = JSON.stringify({ seq: ++seq, sent_us: now, payload });
    const post = { host: "127.0.0.1", port: server.port, path: "/pub", method: "POST", agent };
    const request = http.request(
      { ...post, headers: { "Content-Length": body.length } },
      (answer) => answer.resume(),
    );
    request.on("error", () => {});
    request.end(body);
  }, 100);
  server.child.on("exit", () => clearInterval(timer));
  return server;
}

// Rows

const rows = [];
/** `ratio` is ours to the peer's; `reach` says which way it should go. */
function row(name, peer, ratios, reach, detail = "") {
  const ratio = median(ratios);
  const held = reach.atMost !== undefined ? ratio <= reach.atMost : ratio >= reach.atLeast;
  rows.push({ name, peer, ratio, reach, held, detail, ratios });
  const goal = reach.atMost !== undefined ? `at most ${reach.atMost}` : `at least ${reach.atLeast}`;
  const mark = held ? "reached" : "NOT reached";
  console.log(
    `${name.padEnd(46)} ${peer.padEnd(12)} ${ratio.toFixed(3).padStart(8)}   ${goal.padEnd(14)} ${mark.padEnd(12)} ${detail}`,
  );
}
function value(name, unit, number, reach, detail = "") {
  const held = reach === undefined || number <= reach.atMost;
  rows.push({ name, unit, value: number, reach, held, detail });
  const goal = reach ? `at most ${reach.atMost}` : "";
  console.log(
    `${name.padEnd(46)} ${"".padEnd(12)} ${number.toFixed(2).padStart(8)} ${unit} ${goal.padEnd(14)} ${reach ? (held ? "reached" : "NOT reached") : ""} ${detail}`,
  );
}
const ms = (us) => `${(us / 1000).toFixed(1)} ms`;

async function withServer(starting, use) {
  const server = await starting;
  try {
    return await use(server);
  } finally {
    await stop(server);
  }
}

async function fanOut(title, mode, ownPath, peers) {
  const results = { ours: [] };
  const args = ["--mode", mode, "--connections", 5000, "--seconds", seconds, "--warmup", 2];
  for (let round = 0; round < rounds; ++round) {
    results.ours.push(
      await withServer(ours.start(), async ({ port }) => {
        const at = await channel(port, { rate: 10 });
        return load(["--port", port, "--path", `${at}/${ownPath}`, ...args]);
      }),
    );
    for (const [name, { starting, at }] of Object.entries(peers)) {
      (results[name] ??= []).push(
        await withServer(starting(), ({ port }) => load(["--port", port, "--path", at, ...args])),
      );
    }
  }
  const detail = (key) =>
    Object.entries(results)
      .map(([name, each]) => `${name} ${ms(median(each.map((one) => one[key])))}`)
      .join(", ");
  const ratios = (name, key, up) =>
    results.ours.map((own, i) =>
      up ? results[name][i][key] / own[key] : own[key] / results[name][i][key],
    );
  for (const [name, { reach }] of Object.entries(peers)) {
    for (const [words, key] of [
      ["median", "delay_p50_us"],
      ["p99", "delay_p99_us"],
    ]) {
      const limit = name === "bare loop";
      row(
        `${title}, ${words} delay`,
        name,
        ratios(name, key, !limit),
        limit ? { atMost: reach } : { atLeast: reach },
        detail(key),
      );
    }
  }
  const wanted = 5000 * 10;
  const got = median(results.ours.map((each) => each.messages_per_s));
  value(
    `${title}, delivered`,
    "%",
    (got / wanted) * 100,
    undefined,
    `${Math.round(got)} of ${wanted} messages/s`,
  );
  value(
    `${title}, connecting 5,000`,
    "ms",
    median(results.ours.map((each) => each.connect_ms)),
    { atMost: 1000 },
    `${results.ours.map((each) => each.failed).join("+")} refused`,
  );
}

const haveRedis = spawnSync("redis-server", ["--version"]).status === 0;
const tools = { row, value, median, rounds, seconds, start, stop, load, ours, channel };
Object.assign(tools, { processorSeconds, freePort });

const benches = {
  async "SSE fan-out"() {
    await fanOut("5,000 SSE x 10/s", "subscribe", "sse", {
      "bare loop": { starting: startBare, at: "/sse", reach: 1.15 },
      ...(haveNchan ? { Nchan: { starting: startNchan, at: "/sub", reach: 1.3 } } : {}),
      Express: { starting: startExpress, at: "/sse", reach: 3 },
    });
  },
  async "WebSocket fan-out"() {
    await fanOut("5,000 WebSocket x 10/s", "websocket", "websocket", {
      "bare loop": { starting: startBare, at: "/websocket", reach: 1.15 },
      ...(haveNchan ? { Nchan: { starting: startNchan, at: "/sub", reach: 1.3 } } : {}),
      ws: { starting: startExpress, at: "/websocket", reach: 3 },
    });
  },
  async "idle subscribers"() {
    const heartbeat = ["--heartbeat", "60"];
    const figures = [];
    for (let round = 0; round < rounds; ++round) {
      await withServer(ours.start(heartbeat), async ({ port, child }) => {
        const at = await channel(port, { rate: 5000, count: 1 });
        await sleep(300);
        const before = memoryKiB(child.pid);
        const loading = load([
          "--port",
          port,
          "--path",
          `${at}/sse`,
          "--mode",
          "subscribe",
          "--connections",
          9000,
          "--seconds",
          6,
          "--warmup",
          1,
        ]);
        await sleep(4000);
        const memory = memoryKiB(child.pid) - before;
        const begin = processorSeconds(child.pid);
        await sleep(2000);
        const busy = (processorSeconds(child.pid) - begin) / 2;
        const { connected, failed } = await loading;
        figures.push({ memory, busy, connected, failed });
      });
    }
    const memory = median(figures.map((each) => each.memory));
    value(
      "9,000 idle SSE, memory over idle server",
      "MB",
      memory / 1024,
      { atMost: 20 },
      `${((memory * 1024) / 9000).toFixed(0)} B each, ${figures[0].connected} connected`,
    );
    value(
      "9,000 idle SSE, processor",
      "% of a core",
      median(figures.map((each) => each.busy)) * 100,
      { atMost: 1 },
    );
  },
  async "readers that leave at once"() {
    const readers = options.quick ? 2000 : 10_000;
    const leave = (port, child, at, probe) =>
      load([
        "--port",
        port,
        "--path",
        at,
        "--mode",
        "leave",
        "--connections",
        readers,
        "--probe",
        probe,
        "--server",
        child.pid,
      ]);
    const results = { ours: [], "bare loop": [] };
    for (let round = 0; round < rounds; ++round) {
      await withServer(ours.start(), async ({ port, child }) => {
        const at = await channel(port, { rate: 5000, count: 1 });
        results.ours.push(await leave(port, child, `${at}/sse`, "/healthz"));
      });
      await withServer(startBare(), async ({ port, child }) => {
        results["bare loop"].push(await leave(port, child, "/quiet", "/quiet"));
      });
    }
    for (const [words, key, reach] of [
      ["processor", "processor_us", 2],
      ["longest wait of a request", "delay_max_us", 4],
    ]) {
      row(
        `${readers.toLocaleString("en")} SSE leave at once, ${words}`,
        "bare loop",
        results.ours.map((own, i) => own[key] / results["bare loop"][i][key]),
        { atMost: reach },
        Object.entries(results)
          .map(([name, each]) => `${name} ${ms(median(each.map((one) => one[key])))}`)
          .join(", ") + `, ${results.ours.map((each) => each.connected).join("+")} connected`,
      );
    }
  },
  async "short polls"() {
    const args = ["--mode", "request", "--connections", 64, "--seconds", seconds, "--warmup", 1];
    const constant = `location /poll { default_type application/json; return 200 '{"messages":[],"last":1}'; }`;
    const results = { ours: [], Express: [], nginx: [] };
    for (let round = 0; round < rounds; ++round) {
      results.ours.push(
        await withServer(ours.start(), async ({ port }) => {
          const at = await channel(port, { rate: 5000, count: 1 });
          await sleep(200);
          return load(["--port", port, "--path", `${at}/poll?after=1`, ...args]);
        }),
      );
      results.Express.push(
        await withServer(startExpress(), ({ port }) =>
          load(["--port", port, "--path", "/poll", ...args]),
        ),
      );
      if (haveNchan)
        results.nginx.push(
          await withServer(startNginx(constant), ({ port }) =>
            load(["--port", port, "--path", "/poll", ...args]),
          ),
        );
    }
    const detail = Object.entries(results)
      .filter(([, each]) => each.length)
      .map(
        ([name, each]) => `${name} ${Math.round(median(each.map((one) => one.answers_per_s)))}/s`,
      )
      .join(", ");
    const ratios = (name) =>
      results.ours.map((own, i) => own.answers_per_s / results[name][i].answers_per_s);
    row("short polls, 64 at once, rate", "Express", ratios("Express"), { atLeast: 6 }, detail);
    if (haveNchan)
      row("short polls, 64 at once, rate", "nginx", ratios("nginx"), { atLeast: 0.8 }, detail);
  },
  async "held long polls"() {
    const ratios = [];
    const figures = [];
    for (let round = 0; round < rounds; ++round) {
      await withServer(ours.start(), async ({ port }) => {
        const args = ["--port", port, "--connections", 2000, "--seconds", seconds, "--warmup", 1.5];
        const at = await channel(port, { rate: 2 });
        const held = await load([...args, "--path", `${at}/long-poll`, "--mode", "long-poll"]);
        const streamed = await load([...args, "--path", `${at}/sse`, "--mode", "subscribe"]);
        ratios.push(held.delay_p50_us / streamed.delay_p50_us);
        figures.push(`${ms(held.delay_p50_us)} to ${ms(streamed.delay_p50_us)}`);
      });
    }
    row(
      "2,000 held long polls, one message wakes all",
      "SSE",
      ratios,
      { atMost: 2 },
      figures.join("; "),
    );
  },
  async "a reader that never reads"() {
    const ratios = [];
    const growth = [];
    const length = options.quick ? 10 : 60;
    for (let round = 0; round < Math.min(rounds, options.quick ? 1 : 2); ++round) {
      const p99 = {};
      for (const lazy of [0, 1]) {
        await withServer(ours.start(), async ({ port, child }) => {
          // 1 MB/s to each of 20 readers; the log keeps four seconds of it.
          const at = await channel(port, { rate: 250, payload_bytes: 4000, history: 1000 });
          const before = memoryKiB(child.pid);
          const result = await load([
            "--port",
            port,
            "--path",
            `${at}/sse`,
            "--mode",
            "subscribe",
            "--connections",
            20,
            "--lazy",
            lazy,
            "--seconds",
            length,
            "--warmup",
            5,
          ]);
          p99[lazy] = result.delay_p99_us;
          if (lazy) growth.push((memoryKiB(child.pid) - before) / 1024);
        });
      }
      ratios.push(p99[1] / p99[0]);
    }
    row("one reader that never reads, others' p99", "without it", ratios, { atMost: 1.2 });
    value(
      "one reader that never reads, memory",
      "MB",
      median(growth),
      { atMost: 40 },
      "the log is 4 MB",
    );
  },
  async "the page's first byte"() {
    const times = [];
    let compressed = true;
    for (let round = 0; round < 10 * rounds; ++round) {
      const port = await freePort();
      const begun = performance.now();
      const args = ["--port", String(port), "--lane-ports", "0"];
      const child = spawn(programs.server, args, { stdio: "ignore" });
      running.add(child);
      child.on("exit", () => running.delete(child));
      const head = await firstBytes(port);
      times.push(performance.now() - begun);
      compressed &&= /^HTTP\/1\.1 200 .*^Content-Encoding: br\r$/ms.test(head);
      await stop({ child });
    }
    if (!compressed) throw new Error("the server has no page: run make build");
    const words = `${median(times).toFixed(1)} ms from the start of the process`;
    row(
      "the page's first byte, from a cold start",
      "50 ms",
      [median(times) / 50],
      { atMost: 1 },
      words,
    );
  },
  "virtual hours"() {
    const program = path.join(build, "tests/core/core_tests");
    if (!existsSync(program)) return console.log("core_tests is missing: run make bench");
    // 10,000 in a minute.
    const wanted = 10_000 / 60;
    const hours = options.quick ? 300 : 2000;
    const rates = Array.from({ length: rounds }, () => {
      const env = { ...process.env, SIMULATION_HOURS: String(hours) };
      // The second line of `times`: what children took, in user mode and in the system.
      const script = '"$0" "[speed]" > /dev/null && times';
      const { status, stdout } = spawnSync("bash", ["-c", script, program], { env });
      if (status !== 0) throw new Error(`core_tests "[speed]" ended with ${status}`);
      const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(String(stdout).split("\n")[1]);
      return hours / (Number(minutes) * 60 + Number(seconds));
    });
    row(
      "simulator, virtual hours a second of one core",
      "10,000/min",
      rates.map((rate) => rate / wanted),
      { atLeast: 1 },
      `${Math.round(median(rates))} hours/s`,
    );
  },
  ...(haveRedis ? clusterBenches(tools) : {}),
  ...eventStreamBenches({ row, median, rounds, onCore }),
  ...eventSourceBenches({ row, median, rounds }),
  ...pageBenches({ value, median, quick: options.quick }),
};

for (const program of Object.values(programs)) {
  if (!existsSync(program)) {
    console.error(`${path.relative(root, program)} is missing: run make build`);
    process.exit(2);
  }
}
if (!haveNchan) console.log("nginx with Nchan is not installed: its rows are left out");
if (!haveRedis) console.log("Redis is not installed: its rows are left out");
if (cores < 2) console.log("one core only: the server and its load share it");
console.log(
  `${cores} cores, ${rounds} round(s), medians of the ratios; node ${process.version}, ${spawnSync("uname", ["-r"]).stdout.toString().trim()}\n`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (name.includes(options.only)) await bench();
}
writeFileSync(
  options.json,
  JSON.stringify({ at: new Date().toISOString(), cores, rounds, rows }, null, 2),
);
console.log(
  `\n${rows.filter((each) => each.reach && each.held).length} of ${rows.filter((each) => each.reach).length} reached; ${path.relative(process.cwd(), options.json)}`,
);
