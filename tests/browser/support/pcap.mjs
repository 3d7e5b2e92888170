/**
 * A packet capture file (draft-ietf-opsawg-pcap) as far as TCP over loopback needs it: Ethernet or
 * raw IP, IPv4 and IPv6 without extension headers.
 *
 * @typedef {object} Segment one TCP segment (RFC 9293 3.1)
 * @property {string} from "address port"
 * @property {string} to
 * @property {number} sequence of the first byte of the payload, or of SYN
 * @property {boolean} syn
 * @property {boolean} fin
 * @property {boolean} rst
 * @property {Buffer} payload
 */

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 1;
const RAW_IP = 101;
const TCP = 6;

/**
 * The segments of a capture, in its order. A record that is not whole ends it: the file may still
 * be growing.
 *
 * @param {Buffer} file
 * @returns {Segment[]}
 */
export function readPcap(file) {
  if (file.length < FILE_HEADER) return [];
  const magic = file.readUInt32LE(0);
  const little = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  if (!little && ![0xa1b2c3d4, 0xa1b23c4d].includes(file.readUInt32BE(0))) {
    throw new Error(`not a packet capture: it begins with ${file.toString("hex", 0, 4)}`);
  }
  const number = (/** @type {number} */ at) =>
    little ? file.readUInt32LE(at) : file.readUInt32BE(at);
  const link = number(20) & 0xffff;
  const segments = /** @type {Segment[]} */ ([]);
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length;) {
    const [captured, original] = [number(at + 8), number(at + 12)];
    at += RECORD_HEADER;
    if (at + captured > file.length) break;
    if (captured < original) throw new Error(`a packet of ${original} bytes was cut: -s 0`);
    const segment = readFrame(file.subarray(at, at + captured), link);
    if (segment) segments.push(segment);
    at += captured;
  }
  return segments;
}

/** @param {Buffer} frame @param {number} link */
function readFrame(frame, link) {
  if (link === RAW_IP) return readPacket(frame);
  if (link !== ETHERNET) throw new Error(`packets of link type ${link} cannot be read`);
  const type = frame.readUInt16BE(12);
  return type === 0x0800 || type === 0x86dd ? readPacket(frame.subarray(14)) : null;
}

/** @param {Buffer} packet @returns {Segment | null} */
function readPacket(packet) {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4) {
    // A frame may be padded: the packet ends where its header says (RFC 791 3.1).
    const header = ((packet[0] ?? 0) & 0x0f) * 4;
    if (packet[9] !== TCP) return null;
    if (packet.readUInt16BE(6) & 0x3fff) throw new Error("a fragment of an IPv4 packet");
    const tcp = packet.subarray(header, packet.readUInt16BE(2));
    return readSegment(tcp, packet.subarray(12, 16), packet.subarray(16, 20));
  }
  if (version === 6) {
    if (packet[6] !== TCP) return null;
    const tcp = packet.subarray(40, 40 + packet.readUInt16BE(4));
    return readSegment(tcp, packet.subarray(8, 24), packet.subarray(24, 40));
  }
  throw new Error(`a packet of IP version ${version}`);
}

/** @param {Buffer} tcp @param {Buffer} from @param {Buffer} to @returns {Segment} */
function readSegment(tcp, from, to) {
  const flags = tcp.readUInt8(13);
  return {
    from: `${from.toString("hex")} ${tcp.readUInt16BE(0)}`,
    to: `${to.toString("hex")} ${tcp.readUInt16BE(2)}`,
    sequence: tcp.readUInt32BE(4),
    fin: (flags & 0x01) !== 0,
    syn: (flags & 0x02) !== 0,
    rst: (flags & 0x04) !== 0,
    payload: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
  };
}
