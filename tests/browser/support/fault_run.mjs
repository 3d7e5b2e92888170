/** @typedef {import("../../../web/src/core-module.ts").CreateCore} CreateCore */
/** @typedef {import("../../../web/src/core-module.ts").Core} Core */
/** @typedef {import("../../../web/src/core-module.ts").Settings} Settings */
/** @typedef {import("../../../web/src/core-module.ts").Fault} Fault */
/** @typedef {import("../../../web/src/core-module.ts").Snapshot} Snapshot */

/**
 * To be called in a page that has the core beside it: a live run in which faults are asked for when
 * every lane delivers. It ends when every lane has all of the scenario's `count`, or its time is up.
 *
 * @param {{ settings: Settings, faults: Fault[], timeoutMs: number }} run
 * @returns {Promise<{ before: Snapshot, after: Snapshot }>} at the moment of the faults, and at the
 *   end
 */
export async function playRun({ settings, faults, timeoutMs }) {
  const address = "/playground_core.js";
  const shared = /** @type {{ core?: Promise<Core> }} */ (globalThis);
  shared.core ??= import(address).then((/** @type {{ default: CreateCore }} */ glue) =>
    glue.default(),
  );
  const playground = new (await shared.core).Playground();
  const deadline = performance.now() + timeoutMs;
  /** @param {(snapshot: Snapshot) => boolean} holds */
  const reaches = async (holds) => {
    for (;;) {
      const snapshot = /** @type {Snapshot} */ (JSON.parse(playground.snapshot()));
      if (snapshot.error !== "") throw new Error(snapshot.error);
      if (holds(snapshot) || performance.now() > deadline) return snapshot;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    const refusal = playground.start(JSON.stringify(settings));
    if (refusal !== "") throw new Error(refusal);
    const before = await reaches(
      ({ lanes }) => lanes.length > 0 && lanes.every(({ messages }) => messages >= 2),
    );
    for (const fault of faults) {
      const refused = playground.addFault(JSON.stringify(fault));
      if (refused !== "") throw new Error(refused);
    }
    const count = Number(settings.scenario?.["count"]);
    const after = await reaches(({ lanes }) =>
      lanes.every(({ messages, missing }) => messages + missing >= count),
    );
    return { before, after };
  } finally {
    playground.delete();
  }
}
