import type { CoreLocation } from "../stage/stage-link.js";
import type { Widget, WidgetHost } from "./widget.js";

/** What an element fetches when it is needed. */
export interface PlaygroundFiles {
  readonly widget: () => Promise<{ readonly Widget: new (host: WidgetHost) => Widget }>;
  /** What it lies beside. */
  readonly place: string;
  /** Where the core is; null is beside the widget. */
  readonly core: () => CoreLocation | null;
}
