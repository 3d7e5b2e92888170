/**
 * Defines `<transport-playground>`. This is the only module that knows where its files are: beside
 * itself, wherever it was loaded from. Use `coreLoader.location` to say otherwise, before the
 * first element starts.
 */
import { defineCoreThread, type CoreLocation } from "../stage/stage-link.js";
import { TransportPlayground } from "./element.js";

export const coreLoader: { location: CoreLocation } = {
  location: {
    module: new URL("./playground_core.js", import.meta.url),
    wasm: new URL("./playground_core.wasm", import.meta.url),
    plain: new URL("./playground_core_plain.js", import.meta.url),
  },
};

defineCoreThread(new URL("./core-worker.js", import.meta.url));
TransportPlayground.define(() => coreLoader.location);

export { TransportPlayground };
export type { CoreLocation } from "../stage/stage-link.js";
export type {
  PlaygroundState,
  PlaygroundStateDetail,
  TransportPlaygroundEventMap,
} from "./events.js";
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
} from "../contract/core-module.js";
