export type {
  PlaygroundState,
  PlaygroundStateDetail,
  TransportPlaygroundEventMap,
} from "./events.js";
export type { PlaygroundAttributes } from "./options.js";
export type {
  BrowserFeature,
  Decision,
  EndpointEntry,
  EndpointSettings,
  EndpointSnapshot,
  EndpointTransport,
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
