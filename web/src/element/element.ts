import type {
  EnvironmentInfo,
  Fault,
  PickedMessage,
  Snapshot,
  WireAnswer,
} from "../contract/core-module.js";
import { dispatch, type PlaygroundState, type TransportPlaygroundEventMap } from "./events.js";
import type { PlaygroundFiles } from "./files.js";
import { Intent } from "./intent.js";
import {
  OPTION_NAMES,
  PROPERTIES,
  attributeOf,
  readOptions,
  type OptionName,
  type Options,
  type PlaygroundProperties,
} from "./options.js";
import { Poster } from "./poster.js";
import { Scheme } from "./scheme.js";
import type { Widget, WidgetHost } from "./widget.js";

/** Milliseconds. */
const COMES_WITHIN_MS = 30_000;

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

/**
 * Its properties are rows of a table (options.ts), which the accessors are made from. On a server
 * there are no elements: there it can be imported, and no more.
 */
const PlaygroundElement = (
  "HTMLElement" in globalThis ? HTMLElement : Object
) as new () => PlaygroundElement;

/**
 * `<transport-playground>`: the lanes of a comparison, live or simulated. Every option is an
 * attribute and a property; a change during a run starts the run anew, but for `window`, `speed`
 * and `faults`. A live run needs a `playground_server`.
 *
 * This is all of it that a page loads at first: options and a poster. What runs and draws (`Widget`)
 * is fetched when the reader shows an interest (intent.ts), or a script calls `start`.
 */
export class TransportPlayground extends PlaygroundElement {
  static readonly observedAttributes: readonly string[] = OPTION_NAMES;
  static #files: PlaygroundFiles;

  readonly #root: ShadowRoot;
  readonly #poster: Poster;
  readonly #scheme: Scheme;
  readonly #intent: Intent;
  /** Texts of attributes that cannot be used, and were warned of. */
  readonly #refused = new Map<OptionName, string>();
  /** What a story gives the options that have no attribute. */
  #given: Partial<Options> = {};
  #options: Options;
  #widget: Widget | null = null;
  #fetching: Promise<Widget> | null = null;
  /** Until there is a widget. */
  #state: PlaygroundState = "empty";
  #message = "";

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
    this.#root = this.attachShadow({ mode: "open" });
    this.#poster = new Poster(this.#root, () => {
      // A browser remembers of a script that it could not load it.
      if (this.#state === "failed") location.reload();
      else void this.start();
    });
    const options = (): Options => this.#options;
    this.#scheme = new Scheme(this, this.#root, options, () => this.#widget?.look());
    const warmUp = (): void => {
      // A failure shows when the reader presses Start.
      this.#fetch().then(
        (widget) => {
          widget.warmUp();
        },
        () => undefined,
      );
    };
    this.#intent = new Intent(this, warmUp, () => {
      if (this.autoplay && this.state === "empty") void this.start();
      else warmUp();
    });
  }

  /** Called once, by the module that knows where the files are. */
  static define(files: PlaygroundFiles): void {
    const name = "transport-playground";
    TransportPlayground.#files = files;
    if (!("customElements" in globalThis)) return;
    // Another copy of this module may have been here first.
    if (customElements.get(name) === undefined) customElements.define(name, this);
  }

  // The run

  get state(): PlaygroundState {
    return this.#widget?.state ?? this.#state;
  }

  /** The newest snapshot of the run, a moment behind what is done to it; null before the first run. */
  get snapshot(): Snapshot | null {
    return this.#widget?.snapshot ?? null;
  }

  /** Starts a run, or starts it anew. Resolves when the core has taken it on, or has not. */
  async start(): Promise<void> {
    if (!this.isConnected) return;
    if (this.#widget === null) {
      this.#enter("loading");
      setTimeout(() => {
        if (this.#widget === null && this.#state === "loading") this.#fail("No answer");
      }, COMES_WITHIN_MS);
      await this.#fetch().catch(() => null);
      // It may have been stopped since, or have left its page.
      if (this.#state !== "loading") return;
    }
    await this.#widget?.start();
  }

  /** Ends the run; the picture and the figures stay. Its last snapshots come after this. */
  stop(): void {
    if (this.#widget !== null) this.#widget.stop();
    else if (this.#state === "loading") this.#enter("empty");
  }

  /**
   * Something goes wrong from now on (docs/api.md, Faults). Resolves with "" or a sentence about
   * what is wrong with the fault; without a run nothing happens.
   */
  async addFault(fault: Fault): Promise<string> {
    return (await this.#widget?.addFault(fault)) ?? "";
  }

  /**
   * Ends one fault of the run, before it begins or while it lasts: `number` is its number among
   * the snapshot's `plannedFaults`. Resolves with whether there was one.
   */
  async liftFault(number: number): Promise<boolean> {
    return (await this.#widget?.liftFault(number)) ?? false;
  }

  /**
   * Says a text to an endpoint, by its place in the snapshot's `endpoints`: over a WebSocket, or as
   * a POST to its `sendTo`. Resolves with "" or a sentence that says why not; without a run nothing
   * happens.
   */
  async send(endpoint: number, text: string): Promise<string> {
    return (await this.#widget?.send(endpoint, text)) ?? "";
  }

  /** Ends every fault of the run. */
  liftFaults(): void {
    this.#widget?.liftFaults();
  }

  /** Stops one of a simulated run's two servers, 1 or 2, or starts it again. */
  setServer(number: number, runs: boolean): void {
    this.#widget?.setServer(number, runs);
  }

  /** Simulated runs: on to the next thing that happens, while the speed is 0. */
  step(): void {
    this.#widget?.step();
  }

  // The picture

  /** Whether the picture stands; the stream goes on. */
  get paused(): boolean {
    return this.#widget?.paused ?? false;
  }

  pause(): void {
    this.#widget?.pause();
  }

  /** The picture follows the stream again. */
  resume(): void {
    this.#widget?.resume();
  }

  /** A picture of each lane as it is now, in sight or not, on a canvas of its own. */
  async drawings(): Promise<HTMLCanvasElement[]> {
    return (await this.#widget?.drawings()) ?? [];
  }

  // Messages

  /** The newest message that has arrived on a lane; null before the first. */
  async newest(lane: number): Promise<PickedMessage | null> {
    return (await this.#widget?.newest(lane)) ?? null;
  }

  /** Draws a ring around a message of a lane; 0 is none. */
  choose(lane: number, seq: number): void {
    this.#widget?.choose(lane, seq);
  }

  /**
   * The bytes in which a message of a lane crossed the wire, explained; 0 is about the lane's
   * newest connection. Null without a run, and where another question has taken this one's place.
   */
  async inspect(lane: number, seq: number): Promise<WireAnswer | null> {
    return (await this.#widget?.inspect(lane, seq)) ?? null;
  }

  /** The environments there are. Rejects with what is in the way of fetching them. */
  async environments(): Promise<readonly EnvironmentInfo[]> {
    return (await this.#fetch()).environments();
  }

  // Life

  connectedCallback(): void {
    const moved = this.#intent.connected;
    if (moved) this.#scheme.disconnect();
    this.#scheme.connect();
    if (moved) return;
    if (this.#widget === null) this.#showPoster();
    else this.#widget.connect();
    this.#intent.connect(this.#options);
  }

  disconnectedCallback(): void {
    // What is only moved goes on.
    queueMicrotask(() => {
      if (!this.isConnected && this.#intent.connected) this.#leave();
    });
  }

  attributeChangedCallback(name: OptionName, before: string | null, after: string | null): void {
    if (this.#refused.get(name) !== after) this.#refused.delete(name);
    this.#options = this.#read();
    // An upgrade calls this first, on an element that is on its page already.
    if (before === after || !this.#intent.connected) return;
    const [, , change] = PROPERTIES[name];
    this.#scheme.look();
    if (change === "intent") this.#intent.connect(this.#options);
    else if (this.#widget === null) this.#showPoster();
    else this.#widget.changed(name, change);
  }

  // The rest is private.

  #leave(): void {
    this.#intent.disconnect();
    this.#scheme.disconnect();
    if (this.#widget !== null) this.#widget.disconnect();
    else this.#enter("empty");
  }

  #fetch(): Promise<Widget> {
    this.#fetching ??= this.#fetchWidget().catch((error: unknown) => {
      this.#fetching = null;
      this.#fail(String(error));
      throw error;
    });
    return this.#fetching;
  }

  async #fetchWidget(): Promise<Widget> {
    const files = TransportPlayground.#files;
    const { Widget } = await files.widget();
    // A button that is being pressed stays until it has been.
    while (this.matches(":active")) await new Promise(requestAnimationFrame);
    const host: WidgetHost = {
      element: this,
      root: this.#root,
      files,
      options: () => this.#options,
      look: this.#scheme.look,
      give: (given) => {
        this.#given = given;
        this.#options = this.#read();
      },
      refuse: (name) => {
        const text = this.getAttribute(name);
        if (text === null || this.#refused.get(name) === text) return false;
        this.#refused.set(name, text);
        this.#options = this.#read();
        return true;
      },
    };
    const focused = this.#root.activeElement !== null;
    const widget = new Widget(host);
    this.#widget = widget;
    if (this.isConnected) widget.connect();
    if (focused) widget.focus();
    return widget;
  }

  /** A browser does not say why a script could not be loaded. */
  #fail(said: string): void {
    this.#enter(
      "failed",
      `${said}. It belongs beside ${TransportPlayground.#files.place}: is it there, ` +
        "JavaScript, allowed by the page's policy? Are you online?",
    );
  }

  #showPoster(): void {
    this.#poster.show(this.#options, this.#state, this.#message);
  }

  #enter(state: PlaygroundState, message = ""): void {
    if (state === this.#state && message === this.#message) return;
    this.#state = state;
    this.#message = message;
    this.#showPoster();
    dispatch(this, "playground-state", { state, message });
  }

  /** Properties that were set before the element was defined: they hide the accessors. */
  #adoptProperties(): void {
    const own: Partial<Record<OptionName, unknown>> = Object.assign({}, this);
    for (const name of OPTION_NAMES) {
      if (!(name in own)) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, own[name]);
    }
  }

  #read(): Options {
    return readOptions(
      (name) => {
        const text = this.getAttribute(name);
        return text === this.#refused.get(name) ? null : text;
      },
      this.#given,
      (name, why) => {
        const text = this.getAttribute(name) ?? "";
        this.#refused.set(name, text);
        // The words are with the widget: it is fetched for whoever wrote the attribute.
        this.#fetch().then(
          (widget) => {
            widget.warn(name, text, why);
          },
          () => undefined,
        );
      },
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "transport-playground": TransportPlayground;
  }
}
