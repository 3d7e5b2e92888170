import type {
  EnvironmentInfo,
  Fault,
  PickedMessage,
  Snapshot,
  WireAnswer,
} from "../contract/core-module.js";
import {
  CoreError,
  addressesOf,
  defineCoreThread,
  troubleWith,
  type CoreAddresses,
  type CoreLocation,
} from "../stage/stage-link.js";
import { ALLOWED } from "./allowed.js";
import { ElementView } from "./element-view.js";
import { dispatch, type PlaygroundState } from "./events.js";
import type { PlaygroundFiles } from "./files.js";
import { laneLabels } from "./lane-labels.js";
import { noticeOf, sentence, wordsOf } from "./notice.js";
import type { Change, OptionName, Options, PlaygroundProperties } from "./options.js";
import { Picking } from "./picking.js";
import { ReportPace } from "./report-pace.js";
import { ElementRun } from "./run.js";
import { optionOf } from "./settings.js";
import { STORIES } from "./stories.js";
import { Theme } from "./theme.js";
import { TimeLine } from "./time-line.js";

const BESIDE_THIS: CoreLocation = {
  module: new URL("./playground_core.js", import.meta.url),
  wasm: new URL("./playground_core.wasm", import.meta.url),
  live: new URL("./playground_live.js", import.meta.url),
  liveWasm: new URL("./playground_live.wasm", import.meta.url),
  two: new URL("./playground_two.js", import.meta.url),
  twoWasm: new URL("./playground_two.wasm", import.meta.url),
  plain: new URL("./playground_core_plain.js", import.meta.url),
  wire: new URL("./playground_wire.js", import.meta.url),
  wireWasm: new URL("./playground_wire.wasm", import.meta.url),
  environments: new URL("./environments.json", import.meta.url),
};
defineCoreThread(new URL("./core-worker.js", import.meta.url));

/** A page's style sheet may change its theme, and nothing tells: so many reports apart it is looked at. */
const LOOK_EVERY = 4;

/** What the widget knows of the element that it shows. */
export interface WidgetHost {
  readonly element: HTMLElement & PlaygroundProperties & { readonly snapshot: Snapshot | null };
  /** The element's shadow tree, in which nothing is but its poster's style sheet. */
  readonly root: ShadowRoot;
  readonly files: PlaygroundFiles;
  readonly options: () => Options;
  /** Looks whether the page has another theme by now, and calls `look` back. */
  readonly look: () => void;
  /** What the options without an attribute are from now on. */
  readonly give: (given: Partial<Options>) => void;
  /** An option cannot be what its attribute says; answers whether that is news. */
  readonly refuse: (name: OptionName) => boolean;
}

/**
 * What an element is once somebody has shown an interest in it: it runs, draws and is steered.
 *
 * Its parts know the stage, and not each other: `ElementRun` runs, `TimeLine`, `Theme` and
 * `ReportPace` say what is drawn and when, `Picking` chooses messages; `ElementView` shows.
 */
export class Widget {
  readonly #host: WidgetHost;
  readonly #run: ElementRun;
  readonly #view: ElementView;
  readonly #time: TimeLine;
  readonly #theme: Theme;
  readonly #pace: ReportPace;
  #reports = 0;

  constructor(host: WidgetHost) {
    this.#host = host;
    const { element } = host;
    this.#run = new ElementRun({
      options: host.options,
      open: () => {
        if (element.isConnected) this.connect();
        return element.isConnected;
      },
      closed: () => {
        this.#close();
      },
      refused: (setting, why) => this.#refused(optionOf(setting), why),
      addresses: this.#addresses,
      begins: (options) => {
        this.#view.clear(laneLabels(options));
        this.#time.follow();
      },
      begun: (settings) => {
        const simulated = settings.simulated !== undefined;
        this.#view.setKind(simulated ? "simulated" : "live", simulated ? "Simulated" : "Live");
        dispatch(element, "playground-start", settings);
      },
      entered: (changed) => {
        this.#entered(changed);
      },
      reported: (snapshot, held) => {
        this.#reports += 1;
        if (this.#reports % LOOK_EVERY === 0) host.look();
        this.#view.showSnapshot(snapshot);
        this.#time.report(held);
        dispatch(element, "playground-snapshot", snapshot);
      },
      decided: (decision) => {
        dispatch(element, "playground-decision", decision);
      },
    });
    const { stage } = this.#run;
    this.#time = new TimeLine(element, stage, (held) => {
      this.#view.showTime({
        windowS: element.window,
        edgeMs: held?.edgeMs ?? null,
        agoMs: held?.agoMs ?? 0,
      });
    });
    this.#view = new ElementView(host.root, {
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
    this.#pace = new ReportPace(element, stage, () => this.#run.live);
    const active = (): boolean => this.#run.number !== 0;
    const clockErrorMs = (): number => this.snapshot?.clock.errorMs ?? 0;
    new Picking(host.root, stage, active, clockErrorMs, (pick) => {
      dispatch(element, "playground-pick", pick);
    });
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

  /**
   * Says a text to an endpoint, by its place in the snapshot's `endpoints`: over a WebSocket, or as
   * a POST to its `sendTo`. Resolves with "" or a sentence that says why not.
   */
  async send(endpoint: number, text: string): Promise<string> {
    return (await this.#run.stage.ask("sendText", endpoint, text)) ?? "There is no run.";
  }

  /** Stops one of a simulated run's two servers, 1 or 2, or starts it again. */
  setServer(number: number, runs: boolean): void {
    this.#run.stage.tell("setServer", number, runs);
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

  /** The environments there are. Rejects with what is in the way of fetching them. */
  async environments(): Promise<readonly EnvironmentInfo[]> {
    const { environments } = this.#addresses();
    try {
      const response = await fetch(environments);
      return (await response.json()) as EnvironmentInfo[];
    } catch (error) {
      throw new CoreError("not-loaded", await troubleWith(environments, (error as Error).message));
    }
  }

  // Life

  /** It is on a page, or again after a crash. */
  connect(): void {
    this.#run.stage.open();
    this.#tell();
    this.#view.look(this.#host.options());
    this.#theme.connect();
    this.#pace.connect();
    this.#applyOptions();
  }

  disconnect(): void {
    this.#close();
    this.#run.leave();
  }

  /** The theme may have changed. */
  look(): void {
    this.#theme.look();
  }

  /** Of an attribute that cannot be used, whose option has its default. */
  warn(name: OptionName, text: string, why: string): void {
    const allowed = ALLOWED[name];
    // eslint-disable-next-line no-console -- It is for whoever wrote the attribute.
    console.warn(
      `<${this.#host.element.localName}>: ${name}="${text}" cannot be used, and the default is.` +
        (allowed === undefined ? "" : ` It can be ${allowed}.`) +
        (why === "" ? "" : ` ${sentence(why)}`),
    );
  }

  /** Loads the core, before it is needed. */
  warmUp(): void {
    // A failure shows when the reader presses Start.
    this.#run.load().catch(() => undefined);
  }

  /** The focus was on the poster's button. */
  focus(): void {
    this.#view.focus();
  }

  /** An option has changed. */
  changed(name: OptionName, change: Change): void {
    // With a server of its own a story runs live.
    if (name === "story" || name === "server") this.#tell();
    if (!this.#run.stage.isOpen) return;
    if (change === "look") this.#view.look(this.#host.options());
    else if (change === "window") {
      this.#run.stage.tell("window", this.#host.element.window * 1000);
      this.#time.show();
    } else if (change === "speed") {
      this.#run.pace();
    } else if (change === "new run" || change === "lanes") {
      if (this.#run.stoppable || this.state === "failed") this.#run.restartSoon();
      else if (change === "lanes") this.#applyOptions();
    }
  }

  // The rest is private.

  /** The story, where there is one. */
  #tell(): void {
    const { element, give } = this.#host;
    const { story: id } = this.#host.options();
    const story = STORIES.find((each) => each.id === id);
    if (story === undefined && id !== "") this.#refused("story", "");
    const simulated = element.hasAttribute("server") ? null : { seed: 1 };
    give(story === undefined ? {} : { simulated, ...story.settings });
    this.#view.tell(story ?? null);
  }

  readonly #addresses = (): CoreAddresses => addressesOf(this.#host.files.core() ?? BESIDE_THIS);

  /** By the core. Answers whether the option has its default now. */
  #refused(name: OptionName | null, why: string): boolean {
    const text = name === null ? null : this.#host.element.getAttribute(name);
    if (name === null || text === null || !this.#host.refuse(name)) return false;
    this.warn(name, text, why);
    return true;
  }

  #close(): void {
    this.#pace.disconnect();
    this.#view.close();
  }

  /** Shows the options of an element that does not run. */
  #applyOptions(): void {
    const { window } = this.#host.element;
    this.#run.stage.tell("window", window * 1000);
    this.resume();
    this.#view.clear(laneLabels(this.#host.options()));
    this.#run.enter("empty");
  }

  #entered(changed: boolean): void {
    const { element } = this.#host;
    const { state, message, live, stoppable, stage } = this.#run;
    this.#view.setState(state, stoppable, noticeOf(element, this.#run));
    this.#view.setWords(...wordsOf(this.#run));
    this.#pace.arrange();
    if (!live && state !== "stopped")
      stage.tell(
        "sketch",
        laneLabels(this.#host.options()).map(({ id }) => id),
      );
    if (changed) dispatch(element, "playground-state", { state, message });
  }
}
