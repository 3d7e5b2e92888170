import type { Snapshot } from "../contract/core-module.js";
import { keepKeys, make, richText, setText } from "./dom.js";
import css from "./element.css";
import { count, elapsed } from "../text/figures.js";
import type { LaneLabel } from "./lane-labels.js";
import { LaneView } from "./lane-view.js";
import { LanesPainter } from "../picture/lanes-painter.js";
import { NoticeView, type Notice } from "./notice-view.js";
import type { LaneSize, Palette } from "../picture/painter.js";
import type { Options } from "./options.js";
import { PaletteProbe } from "./palette-probe.js";
import type { Picture } from "../stage/stage-link.js";
import { sheetOf } from "./sheet.js";
import type { Story } from "./stories.js";
import { describeRun } from "./summary.js";
import { TimeAxis } from "./time-axis.js";
import { TimeControls, steerTime, type TimeEvents, type TimeShown } from "./time-controls.js";

/** The least time between two sentences to a screen reader. */
const SPEAK_EVERY_MS = 5000;

/** What stands below the lanes, unless the page says something there. */
const INVITATION =
  "Each line is a message: from the moment it was sent, above, to the moment it arrived, below.";

let sheet: CSSStyleSheet | undefined;

/** What an element's buttons and its size report. */
export interface ViewEvents {
  readonly toggle: () => void;
  readonly act: () => void;
  /** Canvases that nothing has been drawn on take the place of those before. */
  readonly canvases: (canvases: readonly HTMLCanvasElement[]) => void;
  readonly resized: (sizes: readonly LaneSize[]) => void;
  readonly time: TimeEvents;
}

/** The shadow tree: time axis, lanes, notice, bar. It shows; the element decides. */
export class ElementView {
  readonly #axis = new TimeAxis();
  readonly #probe = new PaletteProbe();
  readonly #card = make("div", "card");
  readonly #caption = make("p", "caption");
  readonly #stage = make("div", "stage");
  readonly #lanesBox = make("div", "lanes");
  readonly #notice: NoticeView;
  readonly #kind = make("span", "of-name", "Transport");
  readonly #time: TimeControls;
  readonly #toggle = make("button", "button toggle", "Start");
  readonly #words = make("span", "words");
  readonly #invitation = make("slot");
  readonly #tally = make("span", "tally");
  readonly #status = make("div", "unseen");
  readonly #resizes: ResizeObserver;
  readonly #canvases: ViewEvents["canvases"];
  #lanes: LaneView[] = [];
  #sizes: LaneSize[] = [];
  #lanesKey = "";
  #windowMs = 0;
  #spokenAt = -SPEAK_EVERY_MS;

  constructor(root: ShadowRoot, events: ViewEvents) {
    root.replaceChildren();
    root.adoptedStyleSheets[0] = sheet ??= sheetOf(css);
    this.#notice = new NoticeView(events.act);
    this.#time = new TimeControls(events.time);
    steerTime(this.#lanesBox, events.time, () => this.#windowMs);
    this.#toggle.type = "button";
    this.#toggle.addEventListener("click", events.toggle);
    this.#invitation.name = "invitation";
    this.#invitation.append(INVITATION);
    this.#words.append(this.#invitation);
    this.#status.setAttribute("role", "status");
    this.#stage.append(this.#lanesBox, this.#notice.element);
    this.#card.append(
      this.#caption,
      make(
        "div",
        "head",
        this.#kind,
        this.#axis.element,
        make("span", "of-figures", "Delay · bytes"),
      ),
      this.#stage,
      make(
        "div",
        "bar",
        this.#toggle,
        this.#words,
        this.#time.scrub,
        this.#time.buttons,
        this.#tally,
      ),
      this.#status,
      this.#probe.element,
    );
    root.append(this.#card);
    keepKeys(root);
    this.#resizes = new ResizeObserver((entries) => {
      this.#resize(entries);
      events.resized(this.#sizes);
    });
    this.#canvases = events.canvases;
  }

  showTime(shown: TimeShown): void {
    const { windowS, edgeMs } = shown;
    this.#windowMs = windowS * 1000;
    this.#axis.show(windowS, edgeMs === null ? null : edgeMs / 1000);
    this.#words.hidden = edgeMs !== null;
    this.#time.show(shown);
  }

  /** Whether what is seen is live or simulated, over the lanes; "" before there is a run. */
  setKind(kind: "" | "live" | "simulated", words: string): void {
    this.#kind.className = `of-name ${kind}`;
    setText(this.#kind, words);
  }

  /** Its height, and what there is to press. */
  look({ controls, height }: Options): void {
    this.#card.dataset["controls"] = controls;
    this.#card.classList.toggle("fixed", height > 0);
    this.#card.style.height = height > 0 ? `${height}px` : "";
  }

  /** What there is to look for. */
  tell(story: Story | null): void {
    this.#caption.hidden = story === null;
    if (story !== null) this.#caption.replaceChildren(make("strong", "", story.title), story.look);
  }

  /** Builds the lanes anew where they are others than before. */
  setLanes(labels: readonly LaneLabel[]): void {
    const key = labels.map(({ id }) => id).join(" ");
    if (key === this.#lanesKey) return;
    this.#lanesKey = key;
    this.#resizes.disconnect();
    this.#lanes = labels.map((label) => new LaneView(label));
    this.#sizes = labels.map(() => ({ width: 0, height: 0, scale: 1 }));
    this.#canvases(this.#lanes.map(({ canvas }) => canvas));
    this.#lanesBox.replaceChildren(...this.#lanes.map(({ element }) => element));
    for (const lane of this.#lanes) this.#resizes.observe(lane.canvas);
  }

  clear(labels: readonly LaneLabel[]): void {
    this.setLanes(labels);
    this.#lanes.forEach((lane, index) => {
      const label = labels[index];
      if (label !== undefined) lane.clear(label);
    });
    setText(this.#tally, "");
  }

  /** `state` is for the style sheet; `live` says what the button does next. */
  setState(state: string, live: boolean, notice: Notice | null): void {
    this.#stage.dataset["state"] = state;
    setText(this.#toggle, live ? "Stop" : "Start");
    this.#toggle.classList.toggle("primary", !live);
    // A notice has its own button, or there is nothing to start.
    this.#toggle.hidden = notice !== null && !live;
    this.#notice.show(notice);
  }

  /** What stands in the bar instead of the invitation (see `richText`); null brings that back. */
  setWords(words: string | null, trouble: boolean): void {
    this.#words.classList.toggle("trouble", trouble);
    if (words === null) {
      if (this.#invitation.parentNode !== this.#words) {
        this.#words.replaceChildren(this.#invitation);
      }
    } else {
      const children = richText(words);
      const plain = children.map((child) =>
        typeof child === "string" ? child : child.textContent,
      );
      if (this.#words.textContent !== plain.join("")) this.#words.replaceChildren(...children);
    }
  }

  showSnapshot(snapshot: Snapshot): void {
    // Lanes have nothing to say of themselves before the server has answered.
    if (snapshot.state === "connecting") for (const lane of this.#lanes) lane.wait();
    else {
      const { lanes, endpoints, clock } = snapshot;
      lanes.forEach((lane, index) => this.#lanes[index]?.show(lane, snapshot));
      // Of the playground's proxy and clock nothing follows for other people's servers.
      const elsewhere = { proxied: false, clock: { ...clock, errorMs: 0 } };
      endpoints.forEach((lane, index) => this.#lanes[lanes.length + index]?.show(lane, elsewhere));
    }
    const time = elapsed(snapshot.elapsedMs);
    setText(this.#tally, snapshot.sent > 0 ? `${count(snapshot.sent)} sent · ${time}` : time);
    const now = performance.now();
    if (now - this.#spokenAt >= SPEAK_EVERY_MS || snapshot.state === "failed") {
      const words = describeRun(snapshot);
      if (words !== this.#status.textContent) this.#spokenAt = now;
      setText(this.#status, words);
    }
  }

  /** The theme as it is now. */
  palette(): Palette {
    return this.#probe.read();
  }

  /** A picture of the lanes on canvases of their own, to keep. */
  picture({ list, texts }: Picture): HTMLCanvasElement[] {
    if (list.length === 0) return [];
    const canvases = this.#lanes.map(() => document.createElement("canvas"));
    const painter = new LanesPainter();
    painter.take(canvases);
    painter.sizes = this.#sizes;
    painter.palette = this.palette();
    painter.paint(list, () => texts);
    return canvases;
  }

  /** On the button that starts. */
  focus(): void {
    if (this.#toggle.hidden) this.#notice.focus();
    else this.#toggle.focus();
  }

  /** Off the page: what is on it the next time is built anew. */
  close(): void {
    this.#lanesKey = "";
  }

  #resize(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      const { width, height } = contentRect;
      const index = this.#lanes.findIndex(({ canvas }) => canvas === target);
      if (index >= 0) this.#sizes[index] = { width, height, scale: devicePixelRatio };
    }
  }
}
