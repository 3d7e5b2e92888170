import type { Decision, Settings, Snapshot } from "../contract/core-module.js";
import {
  CoreError,
  StageLink,
  type CoreAddresses,
  type CoreKind,
  type Held,
  type Report,
} from "../stage/stage-link.js";
import type { PlaygroundState } from "./events.js";
import type { Options } from "./options.js";
import { settingsOf } from "./settings.js";

const RESTART_AFTER_MS = 300;
const LAST_LOOK_MS = 600;

/** What a run asks of its element, and tells it. */
export interface RunHost {
  readonly options: () => Options;
  /** Opens the stage again after a crash; false where the element is on no page. */
  readonly open: () => boolean;
  /** The stage is closed after a crash. */
  readonly closed: () => void;
  /** The core refuses a setting. Answers whether the option it comes from has its default now. */
  readonly refused: (setting: string, why: string) => boolean;
  readonly addresses: () => CoreAddresses;
  /** It is about to begin: what is seen of the one before has to go. */
  readonly begins: (options: Options) => void;
  readonly begun: (settings: Settings) => void;
  /** The state, or what can be said of it; `changed` is whether state or message differ. */
  readonly entered: (changed: boolean) => void;
  readonly reported: (snapshot: Snapshot, held: Held | null) => void;
  readonly decided: (decision: Decision) => void;
}

/** An element's run, from loading the core to the end, and the state it is in. */
export class ElementRun {
  readonly stage: StageLink;
  readonly #host: RunHost;
  // To be read by others, and set here.
  state: PlaygroundState = "empty";
  /** A sentence about what is wrong; "" where all is well. */
  message = "";
  /** The newest run on the stage; 0 is none. */
  number = 0;
  snapshot: Snapshot | null = null;
  /** Whether the core has ended by itself, and there is none until the next start. */
  crashed = false;
  /** On the stage. */
  readonly #loaded = new Set<CoreKind>();
  #lastDecision = 0;
  readonly #pageLeft = (): void => {
    this.#endChannel();
  };
  /** Counts starts and stops: what began under another number is stale. */
  #generation = 0;
  #restart = 0;

  constructor(host: RunHost) {
    this.#host = host;
    this.stage = new StageLink(
      (report) => {
        this.#take(report);
      },
      (why) => {
        this.#leave();
        this.crashed = true;
        this.#host.closed();
        this.enter("failed", why);
      },
    );
  }

  get live(): boolean {
    return this.state === "connecting" || this.state === "running";
  }

  /** Whether a stop would stop something. */
  get stoppable(): boolean {
    return this.live || this.state === "loading";
  }

  async start(): Promise<void> {
    if (!this.stage.isOpen && !(this.crashed && this.#host.open())) return;
    this.crashed = false;
    const generation = this.#next();
    try {
      await this.#begin(generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      if (!(error instanceof CoreError)) throw error;
      const unsupported = error.trouble === "no-webassembly";
      this.enter(unsupported ? "unsupported" : "failed", error.message);
    }
  }

  /** Loads the core that a run needs. Rejects with a `CoreError`. */
  async load(kind: CoreKind = kindOf(this.#host.options())): Promise<void> {
    await this.stage.ask("load", kind, this.#host.addresses());
  }

  stop(): void {
    const generation = this.#next();
    this.stage.tell("stop");
    if (this.state === "loading") {
      this.enter(this.number === 0 ? "empty" : "stopped");
    } else if (this.live) {
      this.enter("stopped");
      // The server's last count of bytes comes a moment after the end.
      setTimeout(() => {
        if (generation === this.#generation && this.state === "stopped") this.stage.tell("look");
      }, LAST_LOOK_MS);
    } else {
      // A start may be under way.
      this.enter(this.state, this.message);
    }
  }

  /** The options have changed, and may go on changing. */
  restartSoon(): void {
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => void this.start(), RESTART_AFTER_MS);
  }

  /** The element has left its page, and its stage with it. */
  leave(): void {
    this.#leave();
    this.crashed = false;
    this.enter("empty");
  }

  enter(state: PlaygroundState, message = ""): void {
    const changed = state !== this.state || message !== this.message;
    this.state = state;
    this.message = message;
    this.stage.watch(this.stoppable);
    if (this.live) addEventListener("pagehide", this.#pageLeft);
    else removeEventListener("pagehide", this.#pageLeft);
    this.#host.entered(changed);
  }

  /** Nobody waits for a connection at a thousandth of the speed. */
  pace(): void {
    const { speed } = this.#host.options();
    this.stage.tell("speed", this.state === "running" ? speed : Math.max(1, speed));
  }

  #take({ run, snapshot: json, held }: Report): void {
    if (run !== this.number || !(this.live || this.state === "stopped")) return;
    const snapshot = JSON.parse(json) as Snapshot;
    this.snapshot = snapshot;
    this.#host.reported(snapshot, held);
    this.#hand(snapshot.decisions);
    // A listener may have stopped or started the run.
    if (this.live && snapshot === this.snapshot) this.#follow(snapshot);
    else if (this.state === "stopped") this.enter("stopped", this.message);
  }

  /**
   * The core is not asked any more when its page is left, and a proxy may keep its streams: the
   * channel would live on. A page that comes back finds it lost, and begins another.
   */
  #endChannel(): void {
    const { server, simulated } = this.#host.options();
    const channel = this.snapshot?.channel ?? "";
    if (simulated !== null || channel === "") return;
    navigator.sendBeacon(`${server}/api/channels/${channel}/end`);
  }

  #next(): number {
    clearTimeout(this.#restart);
    return (this.#generation += 1);
  }

  #leave(): void {
    this.#next();
    this.stage.close();
    this.snapshot = null;
    this.number = 0;
    this.#loaded.clear();
  }

  async #begin(generation: number): Promise<void> {
    const options = this.#host.options();
    const kind = kindOf(options);
    if (!this.#loaded.has(kind)) {
      // The run before, which another core plays, is over.
      this.stage.tell("stop");
      this.enter("loading");
      await this.load(kind);
      if (generation !== this.#generation) return;
      this.#loaded.add(kind);
    }
    this.#host.begins(options);
    this.number += 1;
    const settings = readSettings(options);
    const begun =
      typeof settings === "string"
        ? settings
        : await this.stage.ask("start", this.number, kind, JSON.stringify(settings));
    // A stop has stopped it as well, and a start has put another in its place.
    if (generation !== this.#generation || begun === null) return;
    if (typeof begun === "string" || typeof settings === "string") {
      const said = typeof begun === "string" ? begun : "";
      const [setting = "", why = ""] = said.split(/: (.*)/s);
      if (this.#host.refused(setting, why)) await this.#begin(generation);
      else this.enter("failed", said);
      return;
    }
    this.snapshot = null;
    this.#lastDecision = 0;
    this.#host.begun(settings);
    this.enter("connecting");
    this.pace();
    this.#take(begun);
  }

  /** Hands on what is new. */
  #hand(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.number <= this.#lastDecision) continue;
      this.#lastDecision = decision.number;
      this.#host.decided(decision);
    }
  }

  #follow({ state, error }: Snapshot): void {
    const began = state === "running" && this.state !== "running";
    // While it is connecting, the notice tells whether the server answers.
    this.enter(state === "idle" ? "connecting" : state, state === "failed" ? error : "");
    if (began) this.pace();
  }
}

function kindOf({ simulated }: Options): CoreKind {
  if (simulated === null) return "live";
  return simulated.servers === undefined ? "simulated" : "two";
}

/** Or what is wrong with them, as the core says it. */
function readSettings(options: Options): Settings | string {
  try {
    return settingsOf(options);
  } catch (error) {
    if (error instanceof RangeError) return `endpoints: ${error.message}`;
    throw error;
  }
}
