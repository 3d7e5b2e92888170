/** @typedef {import("./pcap.mjs").Segment} Segment */

/** What one end of a connection sent, each byte once, however often and in whatever order. */
class Sent {
  #first = 0;
  #segments = /** @type {{ at: number, payload: Buffer }[]} */ ([]);
  fin = false;

  /** @param {number} sequence of the SYN, which takes a number itself */
  constructor(sequence) {
    this.#first = (sequence + 1) >>> 0;
  }

  /** @param {Segment} segment */
  add({ sequence, payload, fin }) {
    if (fin) this.fin = true;
    if (payload.length === 0) return;
    // Sequence numbers wrap at 2^32; one from before the first is a keep-alive's (RFC 9293 3.8.4).
    const offset = (sequence - this.#first) >>> 0;
    const at = offset >= 2 ** 31 ? offset - 2 ** 32 : offset;
    this.#segments.push({ at, payload });
  }

  bytes() {
    const parts = /** @type {Buffer[]} */ ([]);
    let end = 0;
    for (const { at, payload } of [...this.#segments].sort((a, b) => a.at - b.at)) {
      if (at > end) throw new Error(`bytes ${end} to ${at} of a connection were not captured`);
      if (at + payload.length <= end) continue;
      parts.push(payload.subarray(end - at));
      end = at + payload.length;
    }
    return Buffer.concat(parts);
  }
}

/** One TCP connection to a server. */
export class TcpConnection {
  /** @param {string} client @param {string} server both "address port" */
  constructor(client, server) {
    this.client = client;
    this.server = server;
  }
  /** Either way's beginning is not known before its SYN has been seen. */
  in = /** @type {Sent | null} */ (null);
  out = /** @type {Sent | null} */ (null);
  reset = false;

  get clientPort() {
    return Number(this.client.split(" ")[1]);
  }

  /** Whether either end, or both in order, has ended it. */
  get over() {
    return this.reset || Boolean(this.in?.fin && this.out?.fin);
  }
}

/**
 * The connections to some ports, in the order in which they began. What belongs to a connection
 * that was there before the capture is left out.
 *
 * @param {Segment[]} segments
 * @param {number[]} ports of the server
 * @returns {TcpConnection[]}
 */
export function tcpConnections(segments, ports) {
  const all = /** @type {TcpConnection[]} */ ([]);
  const current = /** @type {Map<string, TcpConnection>} */ (new Map());
  for (const segment of segments) {
    const inwards = ports.includes(Number(segment.to.split(" ")[1]));
    const [client, server] = inwards ? [segment.from, segment.to] : [segment.to, segment.from];
    const key = `${client} ${server}`;
    let connection = current.get(key);
    // The same two ports may meet again; a SYN that is sent again begins nothing.
    if (inwards && segment.syn && (!connection || connection.over)) {
      connection = new TcpConnection(client, server);
      current.set(key, connection);
      all.push(connection);
    }
    if (!connection) continue;
    if (segment.rst) connection.reset = true;
    const way = inwards ? "in" : "out";
    if (segment.syn) connection[way] ??= new Sent(segment.sequence);
    connection[way]?.add(segment);
  }
  return all;
}
