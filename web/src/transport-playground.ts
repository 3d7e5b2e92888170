/**
 * Defines `<transport-playground>`. This is the only module that knows where its files are: beside
 * itself, wherever it was loaded from. Use `coreLoader.location` to say otherwise, before the
 * first element starts.
 */
import { CoreLoader } from "./core-loader.js";
import { TransportPlayground } from "./element.js";
import { definePainterThread } from "./painter-thread.js";

export const coreLoader: CoreLoader = new CoreLoader({
  module: new URL("./playground_core.js", import.meta.url),
  wasm: new URL("./playground_core.wasm", import.meta.url),
  plain: new URL("./playground_core_plain.js", import.meta.url),
});

definePainterThread(new URL("./painter-worker.js", import.meta.url));
TransportPlayground.define(coreLoader);

export { TransportPlayground };
export type { CoreLocation } from "./core-loader.js";
export type {
  PlaygroundState,
  PlaygroundStateDetail,
  TransportPlaygroundEventMap,
} from "./element.js";
export type {
  BrowserFeature,
  Decision,
  EnvironmentInfo,
  Fault,
  LaneSnapshot,
  PickedMessage,
  RunState,
  Simulated,
  Snapshot,
  TransportId,
  WireAnswer,
  WireBlock,
  WireSpan,
} from "./core-module.js";
