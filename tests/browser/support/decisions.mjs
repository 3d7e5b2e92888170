/** @typedef {import("../../../web/src/contract/core-module.ts").Decision} Decision */
/** @typedef {import("../../../web/src/contract/core-module.ts").Reason} Reason */
/** @typedef {import("../../../web/src/contract/core-module.ts").TransportId} TransportId */

/**
 * What is looked for in a decision, as far as it matters: the rest are parameters of docs/reasons.md.
 * @typedef {{ reason?: Reason, lane?: TransportId | null, [parameter: string]: unknown }} Wanted
 */

/**
 * @param {Decision} decision
 * @param {Wanted} wanted
 */
export function decides({ reason, lane, parameters }, wanted) {
  return holds({ ...parameters, reason, lane }, wanted);
}

/**
 * @param {unknown} value
 * @param {unknown} wanted an object names some of the value's members
 * @returns {boolean}
 */
function holds(value, wanted) {
  if (typeof wanted !== "object" || wanted === null) return value === wanted;
  if (typeof value !== "object" || value === null) return false;
  const members = /** @type {Record<string, unknown>} */ (value);
  return Object.entries(wanted).every(([name, each]) => holds(members[name], each));
}
