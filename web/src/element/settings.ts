import type { Settings } from "../contract/core-module.js";
import type { OptionName, Options } from "./options.js";

/** The option that a setting of the core comes from, where only the core knows what it can be. */
export function optionOf(setting: string): OptionName | null {
  if (setting === "scenario") return "faults";
  return setting === "environment" || setting === "simulated" ? setting : null;
}

export function settingsOf(options: Options): Settings {
  const { environment, simulated, ladder, pattern, back, origins, headers } = options;
  return {
    server: options.server,
    lanes: [...options.transports],
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
