// `WireExplainer` of web/src/contract/core-module.ts, after texts.js.
Module["explainWire"] = (status, body, lane, seq) => {
  give(body + lane);
  return answered("wire_explain", status, lane.length, seq);
};
