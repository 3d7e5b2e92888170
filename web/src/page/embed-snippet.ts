import { textOfFaults } from "../text/fault-text.js";
import { textOfSimulated } from "../text/simulated-text.js";
import { INITIAL_SETTINGS, areDefaultLanes, type PageSettings } from "./page-settings.js";

/** The two lines that put these lanes into another page. */
export function embedSnippet(settings: PageSettings, base: string): string {
  const directory = new URL(".", base);
  const attributes = [`server="${directory.origin}"`];
  if (!areDefaultLanes(settings.lanes)) {
    attributes.push(`transports="${settings.lanes.join(" ")}"`);
  }
  if (settings.rate !== INITIAL_SETTINGS.rate) attributes.push(`rate="${settings.rate}"`);
  if (settings.payload !== INITIAL_SETTINGS.payload) {
    attributes.push(`payload="${settings.payload}"`);
  }
  if (settings.pattern !== "steady") attributes.push(`pattern="${settings.pattern}"`);
  if (settings.back > 0) attributes.push(`back="${settings.back}"`);
  const { environment, faults, simulated, speed, window, ladder } = settings;
  if (environment !== "") attributes.push(`environment="${environment}"`);
  if (faults.length > 0) attributes.push(`faults="${textOfFaults(faults)}"`);
  if (simulated !== null) attributes.push(`simulated="${textOfSimulated(simulated)}"`);
  if (speed !== INITIAL_SETTINGS.speed) attributes.push(`speed="${speed}"`);
  if (window !== INITIAL_SETTINGS.window) attributes.push(`window="${window}"`);
  if (ladder !== "") attributes.push(`ladder="${ladder}"`);
  attributes.push("autoplay");
  const source = new URL("transport-playground.js", directory).href;
  return [
    `<script type="module" src="${source}"></script>`,
    `<transport-playground ${attributes.join(" ")}></transport-playground>`,
  ].join("\n");
}
