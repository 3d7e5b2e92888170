// The environments as the core has them, and which lanes show best what is in the way there.
import { readFileSync } from "node:fs";

import type { Fault } from "../../../web/src/contract/core-module";
import { textOfFaults } from "../../../web/src/text/fault-text";
import { builtFile } from "./built";

interface Environment {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly without: readonly string[];
  readonly faults: string;
  readonly simulatedOnly: string;
  readonly transports: string;
}

declare const data: readonly Environment[];
export { data };

export default {
  watch: [builtFile("figures.json")],
  load(): readonly Environment[] {
    const { environments } = JSON.parse(readFileSync(builtFile("figures.json"), "utf8")) as {
      environments: (Omit<Environment, "faults" | "transports"> & { faults: Fault[] })[];
    };
    return environments.map((each) => ({
      ...each,
      faults: textOfFaults(each.faults),
      transports: each.id === "hidden-tab" ? "short-poll sse websocket" : "long-poll sse websocket",
    }));
  },
};
