import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { listening } from "./listening.mjs";
import { until } from "./wait.mjs";

/** nginx with Nchan's publisher and its event source, on a port that was free a moment ago. */
export class Nchan {
  /** @param {import("node:child_process").ChildProcess} child @param {string} folder @param {string} origin */
  constructor(child, folder, origin) {
    this.child = child;
    this.folder = folder;
    this.origin = origin;
  }

  static async start() {
    const folder = await mkdtemp(join(tmpdir(), "playground-nchan-"));
    const taken = http.createServer();
    const port = await listening(taken);
    await new Promise((closed) => taken.close(closed));
    const modules = process.env.PLAYGROUND_NGINX_MODULES ?? "/usr/lib/nginx/modules";
    await writeFile(
      join(folder, "nginx.conf"),
      `load_module ${modules}/ngx_nchan_module.so;
       daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr notice;
       ${process.getuid?.() === 0 ? "user root;" : ""}
       events { worker_connections 100; }
       http {
         access_log off; default_type text/plain;
         client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p;
         fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
         server {
           listen localhost:${port};
           location /sub {
             nchan_subscriber eventsource; nchan_channel_id test;
             nchan_subscriber_first_message oldest;
           }
           location /ws {
             nchan_subscriber websocket; nchan_channel_id test;
             nchan_subscriber_first_message oldest;
           }
           location /pub {
             nchan_publisher; nchan_channel_id test; nchan_message_buffer_length 100;
           }
         }
       }`,
    );
    const child = spawn("nginx", ["-e", "stderr", "-c", join(folder, "nginx.conf"), "-p", folder], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (part) => (said += part));
    const nchan = new Nchan(child, folder, `http://localhost:${port}`);
    await until("nginx with Nchan", () => said.includes("start worker processes"), {
      detail: () => said,
    });
    return nchan;
  }

  /** @param {string} data @param {string} [event] */
  async publish(data, event) {
    const headers = event ? { "X-EventSource-Event": event } : undefined;
    const answer = await fetch(`${this.origin}/pub`, { method: "POST", body: data, headers });
    assert.ok(answer.ok, String(answer.status));
  }

  async stop() {
    const over = once(this.child, "exit");
    this.child.kill();
    await over;
    await rm(this.folder, { recursive: true, force: true });
  }
}
