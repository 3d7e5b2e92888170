/**
 * Whose bytes they are on a connection of HTTP/1.1, from the bytes alone (RFC 9112).
 *
 * @typedef {object} Exchanged a request and what was answered
 * @property {string} target of the request
 * @property {number} bytesIn
 * @property {number} bytesOut
 */

/**
 * A connection's bytes, each of which belongs to one exchange; what follows a 101, and all of a
 * response that the connection's end cuts off, to the last one.
 *
 * @param {Buffer} requests
 * @param {Buffer} responses
 * @returns {Exchanged[]}
 */
export function exchangesOf(requests, responses) {
  const exchanges = /** @type {Exchanged[]} */ ([]);
  while (requests.length > 0) {
    const head = headOf(requests);
    if (!head) throw new Error(`a request without its end: ${requests.toString("latin1")}`);
    const [method = "", target = ""] = (head.lines[0] ?? "").split(" ");
    const request = head.size + Number(head.fields.get("content-length") ?? 0);
    const response = responseSize(responses, method);
    const upgraded = response === "upgraded";
    const bytesIn = upgraded ? requests.length : Math.min(request, requests.length);
    const bytesOut = typeof response === "number" ? response : responses.length;
    exchanges.push({ target, bytesIn, bytesOut });
    requests = requests.subarray(bytesIn);
    responses = responses.subarray(bytesOut);
  }
  if (responses.length > 0) throw new Error(`${responses.length} bytes that nobody asked for`);
  return exchanges;
}

/**
 * How many bytes the response takes; "unended" where the connection ends before it does.
 * @param {Buffer} bytes
 * @param {string} method
 * @returns {number | "upgraded" | "unended"}
 */
function responseSize(bytes, method) {
  const head = headOf(bytes);
  if (!head) return "unended";
  const status = Number((head.lines[0] ?? "").split(" ")[1]);
  if (status === 101) return "upgraded";
  if (status < 200) {
    const rest = responseSize(bytes.subarray(head.size), method);
    return typeof rest === "number" ? head.size + rest : rest;
  }
  if (method === "HEAD" || status === 204 || status === 304) return head.size;
  if (head.fields.get("transfer-encoding") === "chunked") return chunkedSize(bytes, head.size);
  const length = head.fields.get("content-length");
  if (length === undefined) return "unended";
  const size = head.size + Number(length);
  return size <= bytes.length ? size : "unended";
}

/** @param {Buffer} bytes @param {number} at @returns {number | "unended"} */
function chunkedSize(bytes, at) {
  for (;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return "unended";
    const digits = bytes.toString("latin1", at, line);
    if (!/^[0-9a-f]+$/i.test(digits)) throw new Error(`a chunk of size '${digits}'`);
    const size = Number.parseInt(digits, 16);
    at = line + 2 + size + 2;
    if (at > bytes.length) return "unended";
    if (size === 0) return at;
  }
}

/** @param {Buffer} bytes */
function headOf(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const lines = bytes.toString("latin1", 0, end).split("\r\n");
  const fields = new Map(
    lines.slice(1).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { lines, fields, size: end + 4 };
}
