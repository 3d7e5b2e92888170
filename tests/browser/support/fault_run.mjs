/** @typedef {import("../../../web/src/contract/core-module.ts").CreateCore} CreateCore */
/** @typedef {import("../../../web/src/contract/core-module.ts").Core} Core */
/** @typedef {import("../../../web/src/contract/core-module.ts").Settings} Settings */
/** @typedef {import("../../../web/src/contract/core-module.ts").Fault} Fault */
/** @typedef {import("../../../web/src/contract/core-module.ts").Snapshot} Snapshot */

/**
 * To be called in a page that has the core beside it: a live run in which faults are asked for when
 * every lane delivers and has caught up. It ends when every lane has all of the scenario's `count`, or its time is up.
 *
 * @param {{ settings: Settings, faults: Fault[], timeoutMs: number }} run
 * @returns {Promise<{ before: Snapshot, after: Snapshot }>} at the moment of the faults, and at the
 *   end
 */
export async function playRun({ settings, faults, timeoutMs }) {
  const address = "/playground_live.js";
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
      if (snapshot.state === "failed") throw new Error(snapshot.error);
      if (holds(snapshot)) return snapshot;
      if (performance.now() > deadline) throw new Error(`in vain: ${JSON.stringify(snapshot)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    const rate = Number(settings.scenario?.["rate"]);
    const begin = async () => {
      const refusal = playground.start(JSON.stringify(settings));
      if (refusal !== "") throw new Error(refusal);
      return reaches(
        ({ lanes, sent }) =>
          lanes.length > 0 && lanes.every(({ messages }) => messages >= Math.max(2, sent - rate)),
      );
    };
    // A machine that is slow enough makes a lane fall back before anything goes wrong.
    let before = await begin();
    while (before.lanes.some(({ asked, running }) => running !== asked)) before = await begin();
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
