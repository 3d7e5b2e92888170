// The environments as the core has them, and which lanes show best what is in the way there.
import environments from "../../../web/src/contract/environments.json";
import type { Fault } from "../../../web/src/contract/core-module";
import { textOfFaults } from "../../../web/src/text/fault-text";

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
  load(): readonly Environment[] {
    return environments.map((each) => ({
      ...each,
      faults: textOfFaults(each.faults as Fault[]),
      transports: each.id === "hidden-tab" ? "short-poll sse websocket" : "long-poll sse websocket",
    }));
  },
};
