// The reader of packet captures, on captures made here.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { exchangesOf } from "./support/http_bytes.mjs";
import { readPcap } from "./support/pcap.mjs";
import { tcpConnections } from "./support/tcp_connections.mjs";

const CLIENT = 50_000;
const SERVER = 8088;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;

/**
 * @typedef {{ from: number, to: number, sequence: number, flags?: number, text?: string }} Packet
 * @param {Packet} packet
 * @param {number} version
 */
function ethernet({ from, to, sequence, flags = 0, text = "" }, version) {
  const options = 12; // as Linux sends them: timestamps
  const tcp = Buffer.alloc(20 + options + text.length);
  tcp.writeUInt16BE(from, 0);
  tcp.writeUInt16BE(to, 2);
  tcp.writeUInt32BE(sequence >>> 0, 4);
  tcp.writeUInt8(((20 + options) / 4) << 4, 12);
  tcp.writeUInt8(flags, 13);
  tcp.write(text, 20 + options);
  const ip = version === 4 ? Buffer.alloc(20) : Buffer.alloc(40);
  const link = Buffer.alloc(14);
  if (version === 4) {
    ip.writeUInt8(0x45, 0);
    ip.writeUInt16BE(ip.length + tcp.length, 2);
    ip.writeUInt8(6, 9);
    link.writeUInt16BE(0x0800, 12);
  } else {
    ip.writeUInt8(0x60, 0);
    ip.writeUInt16BE(tcp.length, 4);
    ip.writeUInt8(6, 6);
    link.writeUInt16BE(0x86dd, 12);
  }
  return Buffer.concat([link, ip, tcp, Buffer.alloc(6)]); // padded, as short frames are
}

/** @param {Packet[]} packets @param {{ version?: number, big?: boolean }} [options] */
function pcap(packets, { version = 4, big = false } = {}) {
  const numbers = (/** @type {number[]} */ ...all) => {
    const buffer = Buffer.alloc(all.length * 4);
    all.forEach((each, index) => {
      if (big) buffer.writeUInt32BE(each, index * 4);
      else buffer.writeUInt32LE(each, index * 4);
    });
    return buffer;
  };
  const parts = [numbers(0xa1b2c3d4, 0, 0, 0, 262_144, 1)];
  for (const packet of packets) {
    const frame = ethernet(packet, version);
    parts.push(numbers(1, 2, frame.length, frame.length), frame);
  }
  return Buffer.concat(parts);
}

/** @param {number} sequence @param {string} [text] @param {number} [flags] @returns {Packet} */
const inwards = (sequence, text, flags) => ({ from: CLIENT, to: SERVER, sequence, text, flags });
/** @param {number} sequence @param {string} [text] @param {number} [flags] @returns {Packet} */
const outwards = (sequence, text, flags) => ({ from: SERVER, to: CLIENT, sequence, text, flags });

/** @param {Buffer} file */
function read(file) {
  return tcpConnections(readPcap(file), [SERVER]).map((connection) => ({
    in: connection.in?.bytes().toString(),
    out: connection.out?.bytes().toString(),
    over: connection.over,
  }));
}

describe("the reader of packet captures", () => {
  it("reads both ways of a connection, over IPv4 and IPv6, of either byte order", () => {
    const packets = [
      inwards(100, "", SYN),
      outwards(900, "", SYN),
      inwards(101, "question"),
      outwards(901, "answer"),
      inwards(109, "", FIN),
      outwards(907, "", FIN),
    ];
    for (const version of [4, 6]) {
      for (const big of [false, true]) {
        assert.deepEqual(read(pcap(packets, { version, big })), [
          { in: "question", out: "answer", over: true },
        ]);
      }
    }
  });

  it("counts what is sent again, in whole or in part, once, and puts it in order", () => {
    const packets = [
      inwards(0xfffffffa, "", SYN), // numbers wrap in the middle
      inwards(0xfffffffa, "", SYN),
      inwards(0xfffffffb + 6, "ghi"),
      inwards(0xfffffffb, "abcdef"),
      inwards(0xfffffffb, "abcdef"),
      inwards(0xfffffffb + 3, "defghij"),
      inwards(0xfffffffa, "?"), // a keep-alive
    ];
    assert.deepEqual(read(pcap(packets)), [{ in: "abcdefghij", out: undefined, over: false }]);
  });

  it("tells connections that use the same ports one after the other apart", () => {
    const packets = [
      inwards(1, "", SYN),
      inwards(2, "one"),
      outwards(1, "", RST),
      inwards(5000, "", SYN),
      inwards(5001, "two"),
    ];
    assert.deepEqual(
      read(pcap(packets)).map((each) => each.in),
      ["one", "two"],
    );
  });

  it("says where bytes are missing, and leaves out what began before it", () => {
    assert.deepEqual(read(pcap([inwards(7, "late")])), []);
    const hole = pcap([inwards(1, "", SYN), inwards(2, "a"), inwards(4, "c")]);
    assert.throws(() => read(hole), /bytes 1 to 2 of a connection were not captured/);
  });

  it("takes a file that is still growing as far as it goes, and nothing else for one", () => {
    const whole = pcap([inwards(1, "", SYN), inwards(2, "a")]);
    for (let size = 0; size <= whole.length; size += 1) {
      const [found] = read(whole.subarray(0, size));
      assert.equal(found?.in === "a", size === whole.length);
    }
    assert.throws(() => readPcap(Buffer.alloc(64)), /not a packet capture/);
  });

  it("gives every byte of a connection to one request", () => {
    const requests = [
      "GET /a HTTP/1.1\r\n\r\n",
      "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
      "GET /c HTTP/1.1\r\n\r\n",
      "GET /d HTTP/1.1\r\n\r\nframes",
    ];
    const responses = [
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nyes",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\nmore frames",
    ];
    assert.deepEqual(
      exchangesOf(Buffer.from(requests.join("")), Buffer.from(responses.join(""))),
      ["/a", "/b", "/c", "/d"].map((target, index) => ({
        target,
        bytesIn: requests[index]?.length,
        bytesOut: responses[index]?.length,
      })),
    );
    const cut = responses[0]?.slice(0, -5) ?? "";
    assert.deepEqual(exchangesOf(Buffer.from(requests[0] ?? ""), Buffer.from(cut)), [
      { target: "/a", bytesIn: requests[0]?.length, bytesOut: cut.length },
    ]);
  });
});
