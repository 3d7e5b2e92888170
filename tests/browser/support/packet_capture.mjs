import { spawn } from "node:child_process";
import { once } from "node:events";

import { readPcap } from "./pcap.mjs";
import { tcpConnections } from "./tcp_connections.mjs";
import { until } from "./wait.mjs";

/** tcpdump on loopback, for the ports of one server. */
export class PacketCapture {
  #process;
  #ports;
  #output = "";
  #packets = /** @type {Buffer[]} */ ([]);

  /** @param {number[]} ports */
  constructor(ports) {
    this.#ports = ports;
    const filter = ports.map((port) => `tcp port ${port}`).join(" or ");
    // To a pipe, for tcpdump gives up its rights before it opens files. -B: KiB of the kernel's
    // buffer. --immediate-mode: packets as they come, not by the buffer.
    const options = ["-i", "lo", "-n", "-s", "0", "-B", "32768", "--immediate-mode", "-U"];
    const [stdin, stdout, stderr] = /** @type {const} */ (["ignore", "pipe", "pipe"]);
    this.#process = spawn("tcpdump", [...options, "-w", "-", filter], {
      stdio: [stdin, stdout, stderr],
      // On some distributions it is not on everyone's PATH.
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    this.#process.on("error", (error) => (this.#output += String(error)));
    this.#process.stdout.on("data", (data) => this.#packets.push(data));
    this.#process.stderr.setEncoding("utf8").on("data", (text) => (this.#output += text));
  }

  /**
   * Begins, and throws with tcpdump's own words where it may not.
   * @param {number[]} ports
   */
  static async start(ports) {
    const capture = new PacketCapture(ports);
    const child = capture.#process;
    try {
      await until("tcpdump to listen", () => {
        if (capture.#output.includes("listening on lo")) return "listening";
        const ended = child.exitCode !== null || child.pid === undefined;
        return ended && "ended";
      });
      if (child.exitCode !== null || child.pid === undefined) {
        throw new Error(`tcpdump: ${capture.#output.trim()}`);
      }
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
    return capture;
  }

  /** Those that have been captured so far. */
  connections() {
    return tcpConnections(readPcap(Buffer.concat(this.#packets)), this.#ports);
  }

  /** Ends it. Packets that tcpdump has not read yet are lost: await the last one first. */
  async stop() {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGINT");
      await exit;
    }
    const dropped = /(\d+) packets dropped by kernel/.exec(this.#output)?.[1];
    if (dropped !== "0") throw new Error(`packets are missing: ${this.#output}`);
  }
}
