import { CoreError, addressesOf, type CoreAddresses, type CoreLocation } from "./core-loader.js";
import type {
  BrowserFeature,
  Decision,
  EnvironmentInfo,
  Fault,
  PickedMessage,
  Settings,
  Simulated,
  Snapshot,
  TransportId,
  WireAnswer,
} from "./core-module.js";
import { ElementView } from "./element-view.js";
import { textOfFaults } from "./fault-text.js";
import * as notices from "./notice.js";
import {
  OPTION_NAMES,
  OptionError,
  WINDOW,
  readOptions,
  settingsOf,
  words,
  type OptionName,
  type Options,
  type Pattern,
} from "./options.js";
import { Picking, type PlaygroundPick } from "./picking.js";
import { zoomed } from "./playhead.js";
import { elapsed } from "./figures.js";
import { textOfSimulated } from "./simulated-text.js";
import {
  StageLink,
  unlessClosed,
  type StageArguments,
  type StageMethod,
  type StageResult,
} from "./stage-link.js";
import type { Held, Report } from "./stage.js";
import { DEFAULT_LANES } from "./transports.js";

/**
 * What an element shows:
 * - `empty`: not started yet, a sketch and a Start button;
 * - `loading`: the core is on its way; `connecting`: the server is asked; `running`; `stopped`;
 * - `failed`: the server does not answer, or the core did not load;
 * - `unsupported`: no WebAssembly; `invalid`: an attribute's value cannot be used.
 */
export type PlaygroundState =
  "empty" | "loading" | "connecting" | "running" | "stopped" | "failed" | "unsupported" | "invalid";

export interface PlaygroundStateDetail {
  state: PlaygroundState;
  /** A sentence about what is wrong; "" where all is well. */
  message: string;
}

export interface TransportPlaygroundEventMap extends HTMLElementEventMap {
  /** A run begins, with these settings; snapshots and decisions from now on are its own. */
  "playground-start": CustomEvent<Settings>;
  /** Some times a second during a run, once a second while the element is out of sight. */
  "playground-snapshot": CustomEvent<Snapshot>;
  /** Once for each decision, in order. */
  "playground-decision": CustomEvent<Decision>;
  /** Whenever the state changes. */
  "playground-state": CustomEvent<PlaygroundStateDetail>;
  /** The reader zoomed: seconds from the left edge of a lane to the right one. */
  "playground-zoom": CustomEvent<number>;
  /** A message was chosen on a lane, by a click or with Enter. */
  "playground-pick": CustomEvent<PlaygroundPick>;
}

/** Figures that change more often cannot be read, and each time they are laid out anew. */
const SNAPSHOT_MS = 400;
const SNAPSHOT_UNSEEN_MS = 1000;
const THEME_EVERY = 4;
const RESTART_AFTER_MS = 300;
const LAST_LOOK_MS = 600;

/**
 * `<transport-playground>`: the lanes of a comparison, live or simulated. Every option is an
 * attribute and a property; a change during a run starts the run anew, but for `window`, `speed`
 * and `faults`. A live run needs a `playground_server`.
 */
export class TransportPlayground extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [
    ...OPTION_NAMES,
    "autoplay",
    "bare",
    "theme",
  ];
  static #core: (() => CoreLocation) | null = null;

  readonly #view: ElementView;
  readonly #sight: IntersectionObserver;
  readonly #darkness = matchMedia("(prefers-color-scheme: dark)");
  #options: Options | OptionError;
  #state: PlaygroundState = "empty";
  #message = "";
  /** There while the element is on a page. */
  #stage: StageLink | null = null;
  #loaded = false;
  /** The newest run on the stage, by its number; 0 is none. */
  #run = 0;
  #snapshot: Snapshot | null = null;
  #lastDecision: string | null = null;
  /** Counts starts and stops: what began under another number is stale. */
  #generation = 0;
  #inSight = false;
  #paused = false;
  /** Where the picture stands, once the stage has said so. */
  #held: Held | null = null;
  /** How often it was held or moved, and which of these the stage has answered last. */
  #moves = 0;
  #answered = 0;
  /** What the stage paints with, as text. */
  #palette = "";
  #reports = 0;
  /** Milliseconds between them; 0 is none. */
  #period = 0;
  #restart = 0;

  constructor() {
    super();
    this.#options = this.#read();
    this.#view = new ElementView(this, {
      toggle: () => {
        this.#toggle();
      },
      act: () => {
        void this.start();
      },
      canvases: (canvases) => {
        this.#stage?.take(canvases);
      },
      resized: (sizes) => {
        this.#stage?.tell("resize", sizes);
      },
      time: {
        pause: () => {
          if (this.paused) this.resume();
          else this.pause();
        },
        now: () => {
          this.resume();
        },
        seek: (agoMs) => {
          this.#hold((stage) => stage.ask("seek", agoMs));
        },
        move: (byMs) => {
          // The future is not there: whoever follows cannot go forward.
          if (byMs < 0 || this.paused) this.#hold((stage) => stage.ask("move", byMs));
        },
        zoom: (direction) => {
          this.#zoom(direction);
        },
      },
    });
    new Picking(this.#view.root, {
      stage: () => (this.#run === 0 ? null : this.#stage),
      picked: (pick) => {
        this.#dispatch("playground-pick", pick);
      },
    });
    this.#sight = new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? false;
      this.#arrange();
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

  // Options

  /** Origin of the playground server. Default: the page's own origin. */
  get server(): string {
    return this.#valid?.server ?? this.getAttribute("server") ?? "";
  }
  set server(value: string) {
    this.setAttribute("server", value);
  }

  /** The lanes, in their order. Default: all but `sse-native` and `sse-fetch`. */
  get transports(): readonly TransportId[] {
    return this.#valid?.transports ?? DEFAULT_LANES;
  }
  set transports(value: string | readonly TransportId[]) {
    this.setAttribute("transports", typeof value === "string" ? value : value.join(" "));
  }

  /** Messages a second, 0.1 to 5000. Default: 5. */
  get rate(): number {
    return this.#valid?.rate ?? Number.NaN;
  }
  set rate(value: number) {
    this.setAttribute("rate", String(value));
  }

  /** Bytes of payload in a message, 16 to 65536. Default: 64. */
  get payload(): number {
    return this.#valid?.payload ?? Number.NaN;
  }
  set payload(value: number) {
    this.setAttribute("payload", String(value));
  }

  /** "steady", "bursty" or "poisson". Default: "steady". */
  get pattern(): Pattern {
    return this.#valid?.pattern ?? "steady";
  }
  set pattern(value: Pattern) {
    this.setAttribute("pattern", value);
  }

  /**
   * Messages a second that the page says on each lane, 0.1 to 10: a frame of a WebSocket, a POST
   * elsewhere. They come down on every lane. Default: 0, one way only.
   */
  get back(): number {
    return this.#valid?.back ?? 0;
  }
  set back(value: number) {
    this.setAttribute("back", String(value));
  }

  /** Browser features to do without, as if the browser lacked them. Default: none. */
  get without(): readonly BrowserFeature[] {
    return this.#valid?.without ?? [];
  }
  set without(value: string | readonly BrowserFeature[]) {
    const text = typeof value === "string" ? value : value.join(" ");
    if (words(text).length === 0) this.removeAttribute("without");
    else this.setAttribute("without", text);
  }

  /** Seconds from the left edge of a lane to the right one, 0.05 to 60. Default: 10. */
  get window(): number {
    return this.#valid?.window ?? Number.NaN;
  }
  set window(value: number) {
    this.setAttribute("window", String(value));
  }

  /** Id of one of `environments()`. Default: "", the browser as it is. */
  get environment(): string {
    return this.#valid?.environment ?? "";
  }
  set environment(value: string) {
    this.#setText("environment", value);
  }

  /**
   * What goes wrong and when, from the next start on: `addFault` is for a run that goes on. As an
   * attribute "buffer transport=sse after=4 for=10; cut after=20". Default: none.
   */
  get faults(): readonly Fault[] {
    return this.#valid?.faults ?? [];
  }
  set faults(value: string | readonly Fault[]) {
    this.#setText("faults", typeof value === "string" ? value : textOfFaults(value));
  }

  /**
   * A run in virtual time with no server; null is a live one. As an attribute "seed=7
   * round-trip=80 loss=2", or with nothing in it. Default: null.
   */
  get simulated(): Simulated | null {
    return this.#valid?.simulated ?? null;
  }
  set simulated(value: Simulated | string | null) {
    if (value === null) this.removeAttribute("simulated");
    else this.setAttribute("simulated", typeof value === "string" ? value : textOfSimulated(value));
  }

  /** Seconds of a simulated run in one of ours, 0 (stands still, see `step`) to 1000. Default: 1. */
  get speed(): number {
    return this.#valid?.speed ?? Number.NaN;
  }
  set speed(value: number) {
    this.setAttribute("speed", String(value));
  }

  /** What lanes fall back to, best first; [] is nothing. Default: null, each transport's own. */
  get ladder(): readonly TransportId[] | null {
    return this.#valid?.ladder ?? null;
  }
  set ladder(value: string | readonly TransportId[] | null) {
    const none = value !== null && value.length === 0 && typeof value !== "string";
    const text = typeof value === "string" ? value : (value?.join(" ") ?? "");
    this.#setText("ladder", none ? "none" : text);
  }

  /** Starts by itself once it is on a page. Default: false. */
  get autoplay(): boolean {
    return this.hasAttribute("autoplay");
  }
  set autoplay(value: boolean) {
    this.toggleAttribute("autoplay", value);
  }

  /** Hides the element's own Start button, for a page that has one. Default: false. */
  get bare(): boolean {
    return this.hasAttribute("bare");
  }
  set bare(value: boolean) {
    this.toggleAttribute("bare", value);
  }

  /** "light" or "dark"; anything else follows `color-scheme`, or else the reader's choice. */
  get theme(): string {
    return this.getAttribute("theme") ?? "";
  }
  set theme(value: string) {
    if (value === "") this.removeAttribute("theme");
    else this.setAttribute("theme", value);
  }

  // The run

  get state(): PlaygroundState {
    return this.#state;
  }

  /** The newest snapshot of the run, a moment behind what is done to it; null before the first run. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Starts a run, or starts it anew. Resolves when the core has taken it on, or has not. */
  async start(): Promise<void> {
    const generation = (this.#generation += 1);
    clearTimeout(this.#restart);
    const stage = this.#stage;
    if (stage === null) return;
    if (this.#options instanceof OptionError) {
      this.#enter("invalid", this.#options.message);
      return;
    }
    try {
      if (!this.#loaded) {
        this.#enter("loading");
        await stage.ask("load", TransportPlayground.#addresses());
        if (generation !== this.#generation) return;
        this.#loaded = true;
      }
      await this.#begin(stage, this.#options);
    } catch (error) {
      if (generation === this.#generation) this.#lack(error);
    }
  }

  /** Ends the run; the picture and the figures stay. Its last snapshots come after this. */
  stop(): void {
    this.#generation += 1;
    clearTimeout(this.#restart);
    this.#stage?.tell("stop");
    if (this.#state === "loading") {
      this.#enter("empty");
    } else if (this.#live) {
      this.#enter("stopped");
      this.#lastLook(this.#generation);
    } else {
      // A start may be under way.
      this.#enter(this.#state, this.#message);
    }
  }

  /**
   * Something goes wrong from now on (docs/api.md, Faults). Resolves with "" or a sentence about
   * what is wrong with the fault; without a run nothing happens.
   */
  async addFault(fault: Fault): Promise<string> {
    if (!this.#live) return "";
    return (await this.#ask("addFault", JSON.stringify(fault))) ?? "";
  }

  /** Ends every fault of the run. */
  liftFaults(): void {
    if (this.#live) this.#stage?.tell("liftFaults");
  }

  /** Simulated runs: on to the next thing that happens, while the speed is 0. */
  step(): void {
    this.#stage?.tell("step");
  }

  /** Whether the picture stands; the stream goes on. */
  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    if (!this.paused) this.#hold((stage) => stage.ask("hold"));
  }

  /** The picture follows the stream again. */
  resume(): void {
    this.#stage?.tell("follow");
    this.#follows();
  }

  /** The environments there are. Loads the core; rejects with what is in the way of that. */
  async environments(): Promise<readonly EnvironmentInfo[]> {
    const stage = new StageLink(() => undefined);
    try {
      return await stage.ask("environments", TransportPlayground.#addresses());
    } finally {
      stage.close();
    }
  }

  /** A picture of each lane as it is now, in sight or not, on a canvas of its own. */
  async drawings(): Promise<HTMLCanvasElement[]> {
    if (this.#run === 0) return [];
    const picture = await this.#ask("picture");
    return picture === null ? [] : this.#view.picture(picture);
  }

  // Messages

  /** The newest message that has arrived on a lane; null before the first. */
  async newest(lane: number): Promise<PickedMessage | null> {
    return this.#ask("neighbour", lane, 0, 0);
  }

  /** Draws a ring around a message of a lane; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#stage?.tell("choose", lane, seq);
  }

  /**
   * The bytes in which a message of a lane crossed the wire, explained; 0 is about the lane's
   * newest connection. Null without a run, and where another question has taken this one's place.
   */
  async inspect(lane: number, seq: number): Promise<WireAnswer | null> {
    return this.#ask("inspect", lane, seq);
  }

  override addEventListener<K extends keyof TransportPlaygroundEventMap>(
    type: K,
    listener: (this: TransportPlayground, event: TransportPlaygroundEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  // Life

  connectedCallback(): void {
    this.#stage = new StageLink((report) => {
      this.#take(report);
    });
    this.#palette = "";
    this.#themeChanged();
    this.#sight.observe(this);
    document.addEventListener("visibilitychange", this.#arrange);
    this.#darkness.addEventListener("change", this.#themeChanged);
    this.#applyOptions();
    if (this.autoplay) void this.start();
  }

  disconnectedCallback(): void {
    this.#generation += 1;
    clearTimeout(this.#restart);
    this.#sight.disconnect();
    document.removeEventListener("visibilitychange", this.#arrange);
    this.#darkness.removeEventListener("change", this.#themeChanged);
    this.#inSight = false;
    this.#snapshot = null;
    this.#run = 0;
    this.#stage?.close();
    this.#stage = null;
    this.#loaded = false;
    this.#enter("empty");
    this.#view.close();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    // An upgrade calls this first, on an element that is on its page already.
    if (before === after || this.#stage === null) {
      if (isOption(name)) this.#options = this.#read();
      return;
    }
    if (name === "theme") {
      this.#themeChanged();
    } else if (name === "autoplay") {
      if (after !== null && this.#state === "empty") void this.start();
    } else if (isOption(name)) {
      this.#options = this.#read();
      this.#optionChanged(name);
    }
  }

  // The rest is private.

  get #valid(): Options | null {
    return this.#options instanceof OptionError ? null : this.#options;
  }

  get #live(): boolean {
    return this.#state === "connecting" || this.#state === "running";
  }

  static #addresses(): CoreAddresses {
    if (TransportPlayground.#core === null) throw new Error("Nobody has said where the core is.");
    return addressesOf(TransportPlayground.#core());
  }

  #read(): Options | OptionError {
    try {
      return readOptions((name) => this.getAttribute(name), location.origin);
    } catch (error) {
      if (error instanceof OptionError) return error;
      throw error;
    }
  }

  #optionChanged(name: OptionName): void {
    if (this.#options instanceof OptionError) {
      this.#generation += 1;
      clearTimeout(this.#restart);
      this.#stage?.tell("stop");
      this.#enter("invalid", this.#options.message);
    } else if (this.#state === "invalid") {
      this.#applyOptions();
      if (this.autoplay) void this.start();
    } else if (name === "window") {
      this.#stage?.tell("window", this.#options.window * 1000);
      this.#showTime();
    } else if (name === "speed") {
      this.#pace();
    } else if (name === "faults") {
      // They are for the next start.
    } else if (this.#live || this.#state === "loading" || this.#state === "failed") {
      clearTimeout(this.#restart);
      this.#restart = setTimeout(() => void this.start(), RESTART_AFTER_MS);
    } else if (name === "transports") {
      this.#applyOptions();
    }
  }

  /** Shows the options of an element that does not run. */
  #applyOptions(): void {
    if (this.#options instanceof OptionError) {
      this.#view.showTime({ windowS: WINDOW.initial, edgeMs: null, agoMs: 0 });
      this.#view.clear(DEFAULT_LANES);
      this.#enter("invalid", this.#options.message);
      return;
    }
    this.#stage?.tell("window", this.#options.window * 1000);
    this.resume();
    this.#view.clear(this.#options.transports);
    this.#enter("empty");
  }

  async #begin(stage: StageLink, options: Options): Promise<void> {
    const generation = this.#generation;
    this.#view.clear(options.transports);
    this.#follows();
    const settings = settingsOf(options);
    this.#run += 1;
    const begun = await stage.ask("start", this.#run, JSON.stringify(settings));
    // A stop has stopped it as well, and a start has put another in its place.
    if (generation !== this.#generation) return;
    if (typeof begun === "string") {
      this.#enter("invalid", begun);
      return;
    }
    this.#snapshot = null;
    this.#lastDecision = null;
    const kind = options.simulated === null ? "live" : "simulated";
    this.#view.setKind(kind, kind === "live" ? "Live" : "Simulated");
    this.#dispatch("playground-start", settings);
    this.#enter("connecting");
    this.#pace();
    this.#take(begun);
  }

  /** There is no core. */
  #lack(error: unknown): void {
    if (!(error instanceof CoreError)) throw error;
    const unsupported = error.trouble === "no-webassembly";
    this.#enter(unsupported ? "unsupported" : "failed", error.message);
  }

  /** null where the element is not on a page. */
  async #ask<M extends StageMethod>(
    method: M,
    ...args: StageArguments<M>
  ): Promise<StageResult<M> | null> {
    if (this.#stage === null) return null;
    try {
      return await this.#stage.ask(method, ...args);
    } catch (error) {
      unlessClosed(error);
      return null;
    }
  }

  /** The server's last count of bytes comes a moment after the end. */
  #lastLook(generation: number): void {
    setTimeout(() => {
      if (generation === this.#generation && this.#state === "stopped") this.#stage?.tell("look");
    }, LAST_LOOK_MS);
  }

  #toggle(): void {
    if (this.#live || this.#state === "loading") this.stop();
    else void this.start();
  }

  readonly #warmUp = (): void => {
    // A failure shows when the reader presses Start.
    this.#stage?.ask("load", TransportPlayground.#addresses()).catch(() => undefined);
  };

  #enter(state: PlaygroundState, message = ""): void {
    const changed = state !== this.#state || message !== this.#message;
    this.#state = state;
    this.#message = message;
    this.#view.setState(state, this.#live || state === "loading", this.#notice());
    this.#say();
    this.#arrange();
    if (!this.#live && state !== "stopped") this.#stage?.tell("sketch", this.transports);
    if (changed) {
      this.#dispatch("playground-state", { state, message });
    }
  }

  #notice(): notices.Notice | null {
    switch (this.#state) {
      case "empty":
        return notices.emptyNotice(this.transports.length);
      case "loading":
        return notices.loadingNotice;
      case "connecting":
        if (this.simulated !== null) return notices.simulatedNotice;
        return (this.#snapshot?.error ?? "") === ""
          ? notices.connectingNotice(this.server)
          : notices.serverGoneNotice(this.server);
      case "running":
      case "stopped":
        return null;
      case "failed":
        return this.#run === 0
          ? notices.notLoadedNotice(this.#message)
          : notices.runFailedNotice(this.#message);
      case "unsupported":
        return notices.noWebAssemblyNotice;
      case "invalid":
        return this.#options instanceof OptionError
          ? notices.wrongAttributeNotice(this.#message)
          : notices.refusedSettingsNotice(this.#message);
    }
  }

  /** The words in the bar: an invitation, unless something else has to be said first. */
  #say(): void {
    const lost = this.#state === "connecting" && (this.#snapshot?.error ?? "") !== "";
    if (lost || ["failed", "unsupported", "invalid"].includes(this.#state)) {
      this.#view.setWords("", false);
      return;
    }
    const error = this.#state === "running" ? (this.#snapshot?.error ?? "") : "";
    if (error !== "") this.#view.setWords(`${error} \`make run\` starts it.`, true);
    else if (this.#state === "stopped") {
      const after = elapsed(this.#snapshot?.elapsedMs ?? 0);
      this.#view.setWords(`Stopped after ${after}. Press Start to run again.`, false);
    } else this.#view.setWords(null, false);
  }

  /** Starts and stops what the stage does by itself: reports and frames. */
  readonly #arrange = (): void => {
    const awake = this.#live && !document.hidden;
    const period = awake ? (this.#inSight ? SNAPSHOT_MS : SNAPSHOT_UNSEEN_MS) : 0;
    if (period === this.#period) return;
    this.#period = period;
    this.#stage?.tell("report", period);
    this.#stage?.tell("play", period === SNAPSHOT_MS);
  };

  #take({ run, snapshot: json, held }: Report): void {
    if (run !== this.#run || !(this.#live || this.#state === "stopped")) return;
    const snapshot = JSON.parse(json) as Snapshot;
    this.#snapshot = snapshot;
    this.#reports += 1;
    // The page's own style sheet may have changed `color-scheme`: nothing reports that.
    if (this.#reports % THEME_EVERY === 0) this.#themeChanged();
    this.#view.showSnapshot(snapshot);
    if (held !== null && this.#answered === this.#moves) this.#holds(held);
    this.#dispatch("playground-snapshot", snapshot);
    this.#hand(snapshot.decisions);
    // A listener may have stopped or started the run.
    if (this.#live && snapshot === this.#snapshot) this.#follow(snapshot);
    else if (this.#state === "stopped") this.#say();
  }

  /** Hands on what is new. The core keeps so many decisions and forgets the oldest. */
  #hand(decisions: readonly Decision[]): void {
    const keys = decisions.map((decision) => JSON.stringify(decision));
    const from = this.#lastDecision === null ? 0 : keys.lastIndexOf(this.#lastDecision) + 1;
    this.#lastDecision = keys.at(-1) ?? this.#lastDecision;
    for (const decision of decisions.slice(from)) {
      this.#dispatch("playground-decision", decision);
    }
  }

  #follow(snapshot: Snapshot): void {
    switch (snapshot.state) {
      case "idle":
      case "connecting":
        // The notice tells whether the server answers.
        this.#enter("connecting");
        break;
      case "running":
        if (this.#state === "running") {
          this.#say();
        } else {
          this.#enter("running");
          this.#pace();
        }
        break;
      case "stopped":
        this.#enter("stopped");
        break;
      case "failed":
        this.#enter("failed", snapshot.error);
        break;
    }
  }

  // Time

  /** Nobody waits for a connection at a thousandth of the speed. */
  #pace(): void {
    const speed = this.#valid?.speed ?? 1;
    this.#stage?.tell("speed", this.#state === "running" ? speed : Math.max(1, speed));
  }

  /** Holds the picture, at the moment that the stage answers with. */
  #hold(ask: (stage: StageLink) => Promise<Held | null>): void {
    if (this.#stage === null || this.#snapshot === null) return;
    this.#paused = true;
    const move = (this.#moves += 1);
    ask(this.#stage)
      .then((held) => {
        // An older answer would pull the slider back under the reader's hand.
        if (move !== this.#moves) return;
        this.#answered = move;
        this.#holds(held);
      })
      .catch(unlessClosed);
  }

  #holds(held: Held | null): void {
    if (!this.#paused) return;
    this.#held = held;
    this.#showTime();
  }

  #follows(): void {
    this.#paused = false;
    this.#held = null;
    this.#showTime();
  }

  #zoom(direction: 1 | -1): void {
    const next = zoomed(this.window, direction);
    if (next === this.window) return;
    this.window = next;
    this.#dispatch("playground-zoom", next);
  }

  #showTime(): void {
    this.#view.showTime({
      windowS: this.#valid?.window ?? WINDOW.initial,
      edgeMs: this.#held?.edgeMs ?? null,
      agoMs: this.#held?.agoMs ?? 0,
    });
  }

  #setText(name: OptionName, text: string): void {
    if (text.trim() === "") this.removeAttribute(name);
    else this.setAttribute(name, text);
  }

  readonly #themeChanged = (): void => {
    const palette = this.#view.palette();
    const key = JSON.stringify(palette);
    if (key === this.#palette) return;
    this.#palette = key;
    this.#stage?.tell("paintWith", palette);
  };

  #dispatch<K extends keyof TransportPlaygroundEventMap>(
    type: K,
    detail: TransportPlaygroundEventMap[K] extends CustomEvent<infer Detail> ? Detail : never,
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function isOption(name: string): name is OptionName {
  return (OPTION_NAMES as readonly string[]).includes(name);
}

declare global {
  interface HTMLElementTagNameMap {
    "transport-playground": TransportPlayground;
  }
}
