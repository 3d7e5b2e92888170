import type { TransportPlayground } from "../element/element.js";
import { Charts } from "./charts.js";
import type { CostTable } from "./cost-table.js";
import { Deciding } from "./deciding.js";
import { Keeping } from "./keeping.js";
import { RunHistory } from "./run-history.js";

/** Mounts what stands below the table and the decisions: charts, files, advice. */
export function mountSeeingAndDeciding(lanes: TransportPlayground, table: CostTable): void {
  const history = new RunHistory();
  const charts = new Charts(place("over-time"), history);
  const keeping = new Keeping(place("keep"), lanes, history);
  const deciding = new Deciding(
    place("which"),
    () => lanes.payload,
    (lane, column) => {
      table.point(lane, column);
    },
  );
  lanes.addEventListener("playground-start", ({ detail }) => {
    history.clear(detail.lanes);
    keeping.clear();
  });
  lanes.addEventListener("playground-snapshot", ({ detail }) => {
    history.add(detail);
    charts.show(detail);
    keeping.show(detail);
    deciding.show(detail);
  });
  lanes.addEventListener("playground-decision", ({ detail }) => {
    keeping.decided(detail);
  });
}

function place(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page lacks #${id}.`);
  return element;
}
