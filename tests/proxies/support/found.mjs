/**
 * What a check's report says, in the terms of truth.mjs.
 *
 * @param {any} report
 * @returns {import("./truth.mjs").Truth}
 */
export function found(report) {
  const of = (/** @type {string} */ code, /** @type {string} */ transport = "") =>
    report.findings.find(
      (/** @type {any} */ each) =>
        each.code === code && (transport === "" || each.transport === transport),
    );
  const held = of("held", "sse");
  const delayed = of("delayed", "sse") !== undefined;
  const passes = of("as-written", "sse") !== undefined;
  const cut = (/** @type {string} */ transport) => {
    const codes = ["silence-cut", "silence-dropped", "cut-anyway"];
    const each = codes.map((code) => of(code, transport)).find((finding) => finding !== undefined);
    return each === undefined ? null : each.duration_ms / 1000;
  };
  return {
    asked: delayed
      ? "delayed"
      : passes || held?.plain_only === true
        ? "as written"
        : held
          ? "held"
          : "nothing",
    plain: delayed ? "delayed" : passes ? "as written" : held ? "held" : "nothing",
    large: of("does-not-fit", "sse") === undefined,
    upgrade: of("works", "websocket") !== undefined,
    cut: { stream: cut("sse"), websocket: cut("websocket"), poll: cut("long-poll") },
    version: of("version-lowered") ? "1.0" : "1.1",
    host: of("host-changed") === undefined,
    added: (of("fields-added")?.names ?? [])
      .map((/** @type {string} */ name) => name.toLowerCase())
      .sort(),
    compressed: of("compressed") !== undefined,
    cookie: of("cookie-passes") !== undefined,
    cached: of("cached") !== undefined,
  };
}
