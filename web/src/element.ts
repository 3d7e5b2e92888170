import { CoreError, type CoreLoader } from "./core-loader.js";
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
import { CoreRun } from "./core-run.js";
import { ElementView } from "./element-view.js";
import { textOfFaults } from "./fault-text.js";
import { frameClock } from "./frame-clock.js";
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
import { Playhead, zoomed } from "./playhead.js";
import { poster } from "./poster.js";
import { elapsed } from "./figures.js";
import { textOfSimulated } from "./simulated-text.js";
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
  /** Four times a second during a run, once a second while the element is out of sight. */
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
  static #loader: CoreLoader | null = null;

  readonly #view: ElementView;
  readonly #sight: IntersectionObserver;
  readonly #darkness = matchMedia("(prefers-color-scheme: dark)");
  #options: Options | OptionError;
  #state: PlaygroundState = "empty";
  #message = "";
  #run: CoreRun | null = null;
  #snapshot: Snapshot | null = null;
  #lastDecision: string | null = null;
  /** Counts starts and stops: what began under another number is stale. */
  #generation = 0;
  #inSight = false;
  #stoppedAt = 0;
  readonly #playhead = new Playhead();
  /** When the run began, as its own clock counts. */
  #startedAt = 0;
  #timer = 0;
  #timerMs = 0;
  #polls = 0;
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
      resized: () => {
        this.#drawStill();
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
          this.#seek(this.#now() - agoMs);
        },
        move: (byMs) => {
          const now = this.#now();
          // The future is not there: whoever follows cannot go forward.
          if (byMs < 0 || this.paused) this.#seek(this.#playhead.edge(now) + byMs);
        },
        zoom: (direction) => {
          this.#zoom(direction);
        },
      },
    });
    new Picking(this.#view.root, {
      run: () => this.#run,
      picked: (pick) => {
        this.#dispatch("playground-pick", pick);
      },
      moved: () => {
        this.#drawStill();
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
  static define(loader: CoreLoader, name = "transport-playground"): void {
    TransportPlayground.#loader = loader;
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

  /** The newest snapshot of the run; null before the first run. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Starts a run, or starts it anew. Resolves when the core has taken it on, or has not. */
  async start(): Promise<void> {
    const generation = (this.#generation += 1);
    clearTimeout(this.#restart);
    const loader = TransportPlayground.#loader;
    if (!this.isConnected || loader === null) return;
    if (this.#options instanceof OptionError) {
      this.#enter("invalid", this.#options.message);
      return;
    }
    if (this.#run === null) {
      this.#enter("loading");
      try {
        const core = await loader.load();
        if (generation !== this.#generation) return;
        this.#run = new CoreRun(core);
      } catch (error) {
        if (generation === this.#generation) this.#lack(error);
        return;
      }
    }
    this.#begin(this.#run, this.#options);
  }

  /** Ends the run; the picture and the figures stay. */
  stop(): void {
    this.#generation += 1;
    clearTimeout(this.#restart);
    if (this.#state === "loading") {
      this.#enter("empty");
    } else if (this.#live && this.#run !== null) {
      this.#run.stop();
      this.#stoppedAt = this.#run.now();
      this.#poll();
      this.#enter("stopped");
      this.#lastLook(this.#generation);
    }
  }

  /**
   * Something goes wrong from now on (docs/api.md, Faults). Answers "" or a sentence about what is
   * wrong with the fault; without a run nothing happens.
   */
  addFault(fault: Fault): string {
    if (!this.#live || this.#run === null) return "";
    const refusal = this.#run.addFault(fault);
    this.#poll();
    return refusal;
  }

  /** Ends every fault of the run. */
  liftFaults(): void {
    if (!this.#live || this.#run === null) return;
    this.#run.liftFaults();
    this.#poll();
  }

  /** Simulated runs: on to the next thing that happens, while the speed is 0. */
  step(): void {
    this.#run?.step();
    this.#poll();
  }

  /** Whether the picture stands; the stream goes on. */
  get paused(): boolean {
    return this.#playhead.paused;
  }

  pause(): void {
    if (this.#run !== null && this.#snapshot !== null) this.#playhead.hold(this.#now());
    this.#timeChanged();
  }

  /** The picture follows the stream again. */
  resume(): void {
    this.#playhead.follow();
    this.#timeChanged();
  }

  /** The environments there are. Loads the core; rejects with what is in the way of that. */
  async environments(): Promise<readonly EnvironmentInfo[]> {
    if (TransportPlayground.#loader === null) return [];
    const core = await TransportPlayground.#loader.load();
    return JSON.parse(core.environments()) as EnvironmentInfo[];
  }

  /** A picture of each lane as it is now, in sight or not, on a canvas of its own. */
  drawings(): HTMLCanvasElement[] {
    const list = this.#list(this.#now());
    return list === null || this.#run === null ? [] : this.#view.picture(list, this.#run.texts);
  }

  // Messages

  /** The newest message that has arrived on a lane; null before the first. */
  newest(lane: number): PickedMessage | null {
    return this.#run?.neighbour(lane, 0, 0) ?? null;
  }

  /** Draws a ring around a message of a lane; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#run?.choose(lane, seq);
    this.#drawStill();
  }

  /**
   * The bytes in which a message of a lane crossed the wire, explained; 0 is about the lane's
   * newest connection. Null without a run, and where another question has taken this one's place.
   */
  async inspect(lane: number, seq: number): Promise<WireAnswer | null> {
    return (await this.#run?.askWire(lane, seq)) ?? null;
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
    this.#run?.delete();
    this.#run = null;
    this.#enter("empty");
    this.#view.close();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) {
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
      this.#run?.stop();
      this.#enter("invalid", this.#options.message);
    } else if (this.#state === "invalid") {
      this.#applyOptions();
      if (this.autoplay) void this.start();
    } else if (name === "window") {
      this.#timeChanged();
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
    this.#playhead.follow();
    this.#timeChanged();
    this.#view.clear(this.#options.transports);
    this.#enter("empty");
  }

  #begin(run: CoreRun, options: Options): void {
    this.#playhead.follow();
    this.#view.clear(options.transports);
    this.#lastDecision = null;
    const settings = settingsOf(options);
    const refusal = run.start(settings);
    if (refusal !== "") {
      this.#enter("invalid", refusal);
      return;
    }
    this.#snapshot = null;
    this.#pace();
    this.#timeChanged();
    const kind = options.simulated === null ? "live" : "simulated";
    this.#view.setKind(kind, kind === "live" ? "Live" : "Simulated");
    this.#dispatch("playground-start", settings);
    this.#enter("connecting");
    this.#poll();
  }

  /** There is no core. */
  #lack(error: unknown): void {
    if (!(error instanceof CoreError)) throw error;
    const unsupported = error.trouble === "no-webassembly";
    this.#enter(unsupported ? "unsupported" : "failed", error.message);
  }

  /** The server's last count of bytes comes a moment after the end. */
  #lastLook(generation: number): void {
    setTimeout(() => {
      if (generation === this.#generation && this.#state === "stopped") this.#poll();
    }, LAST_LOOK_MS);
  }

  #toggle(): void {
    if (this.#live || this.#state === "loading") this.stop();
    else void this.start();
  }

  readonly #warmUp = (): void => {
    // A failure shows when the reader presses Start.
    TransportPlayground.#loader?.load().catch(() => undefined);
  };

  #enter(state: PlaygroundState, message = ""): void {
    const changed = state !== this.#state || message !== this.#message;
    this.#state = state;
    this.#message = message;
    this.#view.setState(state, this.#live || state === "loading", this.#notice());
    this.#say();
    this.#arrange();
    if (!this.#live) this.#drawStill();
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
        return this.#run === null
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

  /** Starts and stops what runs by itself: the snapshots' timer and the frames. */
  readonly #arrange = (): void => {
    const awake = this.#live && !document.hidden;
    const period = awake ? (this.#inSight ? SNAPSHOT_MS : SNAPSHOT_UNSEEN_MS) : 0;
    if (period !== this.#timerMs) {
      clearInterval(this.#timer);
      this.#timerMs = period;
      if (period > 0) {
        this.#timer = setInterval(() => {
          this.#poll();
        }, period);
      }
    }
    if (awake && this.#inSight) frameClock().add(this);
    else frameClock().remove(this);
  };

  #poll(): void {
    if (this.#run === null) return;
    const snapshot = this.#run.snapshot();
    this.#snapshot = snapshot;
    if (this.#live) this.#startedAt = this.#run.now() - snapshot.elapsedMs;
    this.#polls += 1;
    // The page's own style sheet may have changed `color-scheme`: nothing reports that.
    if (this.#polls % THEME_EVERY === 0) this.#view.readTheme();
    this.#view.showSnapshot(snapshot);
    // What was held grows old, and is forgotten in the end.
    if (this.paused) this.#seek(this.#playhead.edge(this.#now()));
    this.#dispatch("playground-snapshot", snapshot);
    this.#report(snapshot.decisions);
    // A listener may have stopped or started the run.
    if (this.#live && snapshot === this.#snapshot) this.#follow(snapshot);
  }

  /** Hands on what is new. The core keeps so many decisions and forgets the oldest. */
  #report(decisions: readonly Decision[]): void {
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
        if (this.#state === "running") this.#say();
        else this.#enter("running");
        this.#pace();
        break;
      case "stopped":
        this.#stoppedAt = this.#run?.now() ?? 0;
        this.#enter("stopped");
        break;
      case "failed":
        this.#stoppedAt = this.#run?.now() ?? 0;
        this.#enter("failed", snapshot.error);
        break;
    }
  }

  /** One animation frame, from the clock that all elements share. */
  frame(nowMs: number): void {
    this.#draw(this.#snapshot?.simulated === true ? this.#now() : nowMs);
  }

  /** Draws what does not move by itself: the sketch, or a stopped run's picture. */
  #drawStill(): void {
    const { size } = this.#view;
    if (size === null) return;
    if (this.#live) this.#draw(this.#now());
    else if (this.#state === "stopped") this.#draw(this.#stoppedAt);
    else this.#view.paint(poster(this.transports, size.width, size.height), noTexts);
  }

  #draw(nowMs: number): void {
    const list = this.#list(nowMs);
    if (list !== null && this.#run !== null) this.#view.paint(list, this.#run.texts);
  }

  #list(nowMs: number): Float32Array | null {
    const { size } = this.#view;
    const options = this.#valid;
    if (this.#run === null || size === null || options === null) return null;
    const edge = this.#playhead.edge(nowMs);
    return this.#run.draw(edge, size.width, size.height, options.window * 1000);
  }

  // Time

  /** The run's clock: it ends with the run. */
  #now(): number {
    return this.#live && this.#run !== null ? this.#run.now() : this.#stoppedAt;
  }

  /** Nobody waits for a connection at a thousandth of the speed. */
  #pace(): void {
    if (this.#run === null) return;
    const speed = this.#valid?.speed ?? 1;
    this.#run.speed = this.#state === "running" ? speed : Math.max(1, speed);
  }

  #seek(moment: number): void {
    if (this.#snapshot === null) return;
    this.#playhead.seek(moment, this.#now(), this.#startedAt);
    this.#timeChanged();
  }

  #zoom(direction: 1 | -1): void {
    const next = zoomed(this.window, direction);
    if (next === this.window) return;
    this.window = next;
    this.#dispatch("playground-zoom", next);
  }

  #timeChanged(): void {
    const now = this.#now();
    const edge = this.#playhead.edge(now);
    this.#view.showTime({
      windowS: this.#valid?.window ?? WINDOW.initial,
      edgeMs: this.paused ? edge - this.#startedAt : null,
      agoMs: now - edge,
    });
    this.#drawStill();
  }

  #setText(name: OptionName, text: string): void {
    if (text.trim() === "") this.removeAttribute(name);
    else this.setAttribute(name, text);
  }

  readonly #themeChanged = (): void => {
    this.#view.readTheme();
    this.#drawStill();
  };

  #dispatch<K extends keyof TransportPlaygroundEventMap>(
    type: K,
    detail: TransportPlaygroundEventMap[K] extends CustomEvent<infer Detail> ? Detail : never,
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

const noTexts = (): readonly string[] => [];

function isOption(name: string): name is OptionName {
  return (OPTION_NAMES as readonly string[]).includes(name);
}

declare global {
  interface HTMLElementTagNameMap {
    "transport-playground": TransportPlayground;
  }
}
