import type {
  EnvironmentInfo,
  Fault,
  PickedMessage,
  Snapshot,
  WireAnswer,
} from "../contract/core-module.js";
import {
  StageLink,
  addressesOf,
  type CoreAddresses,
  type CoreLocation,
} from "../stage/stage-link.js";
import { ElementView } from "./element-view.js";
import { dispatch, type PlaygroundState, type TransportPlaygroundEventMap } from "./events.js";
import { noticeOf, wordsOf } from "./notice.js";
import {
  OPTION_NAMES,
  PROPERTIES,
  attributeOf,
  optionOf,
  readOptions,
  type Change,
  type OptionName,
  type Options,
  type PlaygroundProperties,
} from "./options.js";
import { Picking } from "./picking.js";
import { ReportPace } from "./report-pace.js";
import { ElementRun } from "./run.js";
import { Theme } from "./theme.js";
import { TimeLine } from "./time-line.js";

interface PlaygroundElement extends HTMLElement, PlaygroundProperties {
  addEventListener<K extends keyof TransportPlaygroundEventMap>(
    type: K,
    listener: (this: TransportPlayground, event: TransportPlaygroundEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Its properties are rows of a table (options.ts), which the accessors are made from. */
const PlaygroundElement = HTMLElement as new () => PlaygroundElement;

/**
 * `<transport-playground>`: the lanes of a comparison, live or simulated. Every option is an
 * attribute and a property; a change during a run starts the run anew, but for `window`, `speed`
 * and `faults`. A live run needs a `playground_server`.
 *
 * Its parts know the stage, and not each other: `ElementRun` runs, `TimeLine`, `Theme` and
 * `ReportPace` say what is drawn and when, `Picking` chooses messages; `ElementView` shows.
 */
export class TransportPlayground extends PlaygroundElement {
  static readonly observedAttributes: readonly string[] = OPTION_NAMES;
  static #core: (() => CoreLocation) | null = null;

  readonly #run: ElementRun;
  readonly #view: ElementView;
  readonly #time: TimeLine;
  readonly #theme: Theme;
  readonly #pace: ReportPace;
  /** Texts of attributes that cannot be used, and were warned of. */
  readonly #refused = new Map<OptionName, string>();
  #options: Options;

  static {
    for (const name of OPTION_NAMES) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: TransportPlayground): unknown {
          return this.#options[name];
        },
        set(this: TransportPlayground, value: unknown) {
          const written = attributeOf(name, value);
          if (typeof written === "string") this.setAttribute(name, written);
          else this.toggleAttribute(name, written);
        },
      });
    }
  }

  constructor() {
    super();
    this.#adoptProperties();
    this.#options = this.#read();
    this.#run = new ElementRun({
      options: () => this.#options,
      open: () => {
        if (this.isConnected) this.#open();
        return this.isConnected;
      },
      closed: () => {
        this.#close();
      },
      refused: (setting, why) => this.#takeDefault(optionOf(setting), why),
      addresses: TransportPlayground.#addresses,
      begins: ({ transports }) => {
        this.#view.clear(transports);
        this.#time.follow();
      },
      begun: (settings) => {
        const simulated = settings.simulated !== undefined;
        this.#view.setKind(simulated ? "simulated" : "live", simulated ? "Simulated" : "Live");
        dispatch(this, "playground-start", settings);
      },
      entered: (changed) => {
        this.#entered(changed);
      },
      reported: (snapshot, held) => {
        this.#theme.lookNowAndThen();
        this.#view.showSnapshot(snapshot);
        this.#time.report(held);
        dispatch(this, "playground-snapshot", snapshot);
      },
      decided: (decision) => {
        dispatch(this, "playground-decision", decision);
      },
    });
    const { stage } = this.#run;
    this.#time = new TimeLine(this, stage, (held) => {
      this.#view.showTime({
        windowS: this.window,
        edgeMs: held?.edgeMs ?? null,
        agoMs: held?.agoMs ?? 0,
      });
    });
    this.#view = new ElementView(this, {
      toggle: () => {
        if (this.#run.stoppable) this.stop();
        else void this.start();
      },
      act: () => {
        void this.start();
      },
      canvases: (canvases) => {
        stage.take(canvases);
      },
      resized: (sizes) => {
        stage.tell("resize", sizes);
      },
      time: this.#time,
    });
    this.#theme = new Theme(stage, () => this.#view.palette());
    this.#pace = new ReportPace(this, stage, () => this.#run.live);
    const active = (): boolean => this.#run.number !== 0;
    const clockErrorMs = (): number => this.snapshot?.clock.errorMs ?? 0;
    new Picking(this.#view.root, stage, active, clockErrorMs, (pick) => {
      dispatch(this, "playground-pick", pick);
    });
    for (const sign of ["pointerenter", "focusin"]) {
      this.addEventListener(sign, this.#warmUp, { once: true, passive: true });
    }
  }

  /** Called once, by the module that knows where the core is. */
  static define(core: () => CoreLocation, name = "transport-playground"): void {
    TransportPlayground.#core = core;
    if (customElements.get(name) === undefined) customElements.define(name, this);
  }

  // The run

  get state(): PlaygroundState {
    return this.#run.state;
  }

  /** The newest snapshot of the run, a moment behind what is done to it; null before the first run. */
  get snapshot(): Snapshot | null {
    return this.#run.snapshot;
  }

  /** Starts a run, or starts it anew. Resolves when the core has taken it on, or has not. */
  async start(): Promise<void> {
    await this.#run.start();
  }

  /** Ends the run; the picture and the figures stay. Its last snapshots come after this. */
  stop(): void {
    this.#run.stop();
  }

  /**
   * Something goes wrong from now on (docs/api.md, Faults). Resolves with "" or a sentence about
   * what is wrong with the fault; without a run nothing happens.
   */
  async addFault(fault: Fault): Promise<string> {
    if (!this.#run.live) return "";
    return (await this.#run.stage.ask("addFault", JSON.stringify(fault))) ?? "";
  }

  /**
   * Ends one fault of the run, before it begins or while it lasts: `number` is its number among
   * the snapshot's `plannedFaults`. Resolves with whether there was one.
   */
  async liftFault(number: number): Promise<boolean> {
    return this.#run.live && ((await this.#run.stage.ask("liftFault", number)) ?? false);
  }

  /** Ends every fault of the run. */
  liftFaults(): void {
    if (this.#run.live) this.#run.stage.tell("liftFaults");
  }

  /** Simulated runs: on to the next thing that happens, while the speed is 0. */
  step(): void {
    this.#run.stage.tell("step");
  }

  // The picture

  /** Whether the picture stands; the stream goes on. */
  get paused(): boolean {
    return this.#time.paused;
  }

  pause(): void {
    if (!this.paused) this.#time.pause();
  }

  /** The picture follows the stream again. */
  resume(): void {
    this.#time.now();
  }

  /** A picture of each lane as it is now, in sight or not, on a canvas of its own. */
  async drawings(): Promise<HTMLCanvasElement[]> {
    if (this.#run.number === 0) return [];
    const picture = await this.#run.stage.ask("picture");
    return picture === null ? [] : this.#view.picture(picture);
  }

  // Messages

  /** The newest message that has arrived on a lane; null before the first. */
  async newest(lane: number): Promise<PickedMessage | null> {
    return this.#run.stage.ask("neighbour", lane, 0, 0);
  }

  /** Draws a ring around a message of a lane; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#run.stage.tell("choose", lane, seq);
  }

  /**
   * The bytes in which a message of a lane crossed the wire, explained; 0 is about the lane's
   * newest connection. Null without a run, and where another question has taken this one's place.
   */
  async inspect(lane: number, seq: number): Promise<WireAnswer | null> {
    return this.#run.stage.ask("inspect", lane, seq);
  }

  /** The environments there are. Loads the core; rejects with what is in the way of that. */
  async environments(): Promise<readonly EnvironmentInfo[]> {
    const stage = new StageLink(() => undefined);
    stage.open();
    try {
      return (await stage.ask("environments", TransportPlayground.#addresses())) ?? [];
    } finally {
      stage.close();
    }
  }

  // Life

  connectedCallback(): void {
    this.#open();
    if (this.autoplay) void this.start();
  }

  disconnectedCallback(): void {
    this.#close();
    this.#run.leave();
  }

  attributeChangedCallback(name: OptionName, before: string | null, after: string | null): void {
    if (this.#refused.get(name) !== after) this.#refused.delete(name);
    this.#options = this.#read();
    // An upgrade calls this first, on an element that is on its page already.
    if (before === after || !this.#run.stage.isOpen) return;
    const [, , change] = PROPERTIES[name];
    if (change === "theme") this.#theme.look();
    else if (change === "autoplay") {
      if (after !== null && this.state === "empty") void this.start();
    } else if (change !== "none") this.#optionChanged(change);
  }

  // The rest is private.

  static readonly #addresses = (): CoreAddresses => {
    if (TransportPlayground.#core === null) throw new Error("Nobody has said where the core is.");
    return addressesOf(TransportPlayground.#core());
  };

  /** Properties that were set before the element was defined: they hide the accessors. */
  #adoptProperties(): void {
    for (const name of OPTION_NAMES) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  #read(): Options {
    return readOptions(
      (name) => {
        const text = this.getAttribute(name);
        return text === this.#refused.get(name) ? null : text;
      },
      (name, text, allowed) => {
        this.#refuse(name, text, `It can be ${allowed}.`);
      },
    );
  }

  #refuse(name: OptionName, text: string, why: string): void {
    this.#refused.set(name, text);
    // eslint-disable-next-line no-console -- It is for whoever wrote the attribute.
    console.warn(
      `<${this.localName}>: ${name}="${text}" cannot be used, and the default is. ${why}`,
    );
  }

  /** Of an option that the core refuses; false where the attribute is not what it refuses. */
  #takeDefault(name: OptionName | null, why: string): boolean {
    const text = name === null ? null : this.getAttribute(name);
    if (name === null || text === null || this.#refused.get(name) === text) return false;
    this.#refuse(name, text, `${why}.`);
    this.#options = this.#read();
    return true;
  }

  /** Before it is on a page, and again after a crash. */
  #open(): void {
    this.#run.stage.open();
    this.#theme.connect();
    this.#pace.connect();
    this.#applyOptions();
  }

  #close(): void {
    this.#theme.disconnect();
    this.#pace.disconnect();
    this.#view.close();
  }

  #optionChanged(change: Change): void {
    if (change === "window") {
      this.#run.stage.tell("window", this.window * 1000);
      this.#time.show();
    } else if (change === "speed") {
      this.#run.pace();
    } else if (change === "next run") {
      // Nothing to do before that.
    } else if (this.#run.stoppable || this.state === "failed") {
      this.#run.restartSoon();
    } else if (change === "lanes") {
      this.#applyOptions();
    }
  }

  /** Shows the options of an element that does not run. */
  #applyOptions(): void {
    this.#run.stage.tell("window", this.window * 1000);
    this.resume();
    this.#view.clear(this.transports);
    this.#run.enter("empty");
  }

  readonly #warmUp = (): void => {
    // A failure shows when the reader presses Start.
    this.#run.load().catch(() => undefined);
  };

  #entered(changed: boolean): void {
    const { state, message, live, stoppable, stage } = this.#run;
    this.#view.setState(state, stoppable, noticeOf(this, this.#run));
    this.#view.setWords(...wordsOf(this.#run));
    this.#pace.arrange();
    if (!live && state !== "stopped") stage.tell("sketch", this.transports);
    if (changed) dispatch(this, "playground-state", { state, message });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "transport-playground": TransportPlayground;
  }
}
