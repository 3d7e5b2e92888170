// deploy/cluster/run.sh, as somebody who tries it would.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { freePort } from "../deploy/support/nginx.mjs";

const script = fileURLToPath(new URL("../../deploy/cluster/run.sh", import.meta.url));

test("the cluster's script shows a reader go on at the other server", async () => {
  const [PORT, PORT_ONE, PORT_TWO] = (await Promise.all([freePort(), freePort(), freePort()])).map(
    String,
  );
  const { stdout } = await promisify(execFile)(script, ["--show"], {
    env: { ...process.env, PORT, PORT_ONE, PORT_TWO },
    timeout: 60000,
  });
  const servers = [...stdout.matchAll(/playground-server: (\w+)/gi)].map((match) => match[1]);
  assert.equal(servers.length, 2, stdout);
  assert.notEqual(servers[0], servers[1]);
  assert.match(stdout, /cluster: \d+ messages, each of them once, in order/);
});
