import type { Settings } from "../contract/core-module.js";
import { endpointsFromText } from "../text/endpoint-text.js";
import type { OptionName, Options } from "./options.js";

/** The option that a setting of the core comes from, where only the core knows what it can be. */
export function optionOf(setting: string): OptionName | null {
  if (setting === "scenario") return "faults";
  return setting === "environment" || setting === "simulated" ? setting : null;
}

/** Throws a `RangeError` where the endpoints cannot be read. */
export function settingsOf(options: Options): Settings {
  const endpoints = endpointsFromText(options.endpoint);
  const { environment, simulated, ladder, pattern, back, origins, headers } = options;
  return {
    server: options.server,
    lanes: [...options.transports],
    ...(endpoints.length > 0 && { endpoints }),
    scenario: {
      rate: options.rate,
      payload_bytes: options.payload,
      ...(pattern !== "steady" && { pattern }),
      ...(options.faults.length > 0 && { faults: [...options.faults] }),
    },
    without: [...options.without],
    ...(back > 0 && { backRate: back }),
    ...(environment !== "" && { environment }),
    ...(simulated !== null && { simulated }),
    ...(ladder !== null && { ladder: [...ladder] }),
    ...(origins === "one" && { lanePorts: false }),
    ...(headers === "plain" && { plainHeaders: true }),
  };
}
