/**
 * Defines `<transport-playground>`. The files that it fetches when they are needed lie beside this
 * one; `coreLoader.location` says so if the core is elsewhere, before the first element starts.
 */
import type { CoreLocation } from "../stage/stage-link.js";
import { TransportPlayground } from "./element.js";

export const coreLoader: { location: CoreLocation | null } = { location: null };

TransportPlayground.define({
  widget: () => import("./widget.js"),
  place: import.meta.url,
  core: () => coreLoader.location,
});

export { TransportPlayground };
export type { CoreLocation } from "../stage/stage-link.js";
export type * from "./types.js";
