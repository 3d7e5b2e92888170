import type { Decision, Snapshot } from "../contract/core-module.js";
import type { TransportPlayground } from "../element/element.js";
import { make, makeButton, setText } from "../element/dom.js";
import { saveFile } from "./copying.js";
import { lanesPicture } from "./lanes-picture.js";
import type { RunHistory } from "./run-history.js";
import { comparison } from "./run-comparison.js";
import {
  RunFileError,
  factsOfFile,
  lanesOfFile,
  readRunFile,
  runFile,
  type RunFile,
} from "./run-file.js";
import type { RunLane, RunLanes } from "./run-lanes.js";
import { csvOf } from "./table-text.js";

/** "Keep and compare": the run as a file, and a saved run beside the present one. */
export class Keeping {
  readonly #lanes: TransportPlayground;
  readonly #history: RunHistory;
  readonly #runLanes: RunLanes;
  readonly #words = make("p", "keep-words quiet-words");
  readonly #compared = make("div");
  readonly #close: HTMLButtonElement;
  #decisions: Decision[] = [];
  #snapshot: Snapshot | null = null;
  #all: readonly RunLane[] = [];
  #saved: RunFile | null = null;
  #shownAt = 0;

  constructor(
    container: HTMLElement,
    lanes: TransportPlayground,
    runLanes: RunLanes,
    history: RunHistory,
  ) {
    this.#lanes = lanes;
    this.#runLanes = runLanes;
    this.#history = history;
    this.#words.setAttribute("role", "status");
    const file = make("input");
    file.type = "file";
    file.id = "import-run";
    file.accept = "application/json,.json";
    file.addEventListener("change", () => {
      const chosen = file.files?.[0];
      file.value = "";
      if (chosen !== undefined) void this.#open(chosen);
    });
    const open = make("label", "button as-button", "Open a saved run", file);
    const beside = this.#button("compare-now", "Compare from here", () => {
      const now = this.#file();
      if (now !== null) this.#compareWith(now);
    });
    this.#close = this.#button("compare-close", "Close the comparison", () => {
      this.#saved = null;
      this.#compared.replaceChildren();
      this.#close.hidden = true;
      setText(this.#words, "");
    });
    this.#close.hidden = true;
    container.replaceChildren(
      make(
        "div",
        "line keep-tools",
        this.#button("export-json", "Save as JSON", () => {
          this.#save("json", "application/json", (run) => `${JSON.stringify(run, null, 1)}\n`);
        }),
        this.#button("export-csv", "Save as CSV", () => {
          this.#save("csv", "text/csv", (run) => csvOf(lanesOfFile(run), factsOfFile(run)));
        }),
        this.#button("export-png", "Save the picture", () => {
          void this.#savePicture();
        }),
        open,
        beside,
        this.#close,
      ),
      this.#words,
      this.#compared,
    );
  }

  /** A new run. What it is compared with stays. */
  clear(): void {
    this.#decisions = [];
    this.#snapshot = null;
    this.#all = [];
    this.#shownAt = 0;
  }

  decided(decision: Decision): void {
    this.#decisions.push(decision);
    if (this.#decisions.length > 5000) this.#decisions.shift();
  }

  show(snapshot: Snapshot, lanes: readonly RunLane[]): void {
    this.#snapshot = snapshot;
    this.#all = lanes;
    if (snapshot.elapsedMs - this.#shownAt >= 1000 || snapshot.state === "stopped") this.#compare();
  }

  #button(id: string, text: string, act: () => void): HTMLButtonElement {
    const button = makeButton("button", act, text);
    button.id = id;
    return button;
  }

  #file(): RunFile | null {
    const snapshot = this.#snapshot;
    if (snapshot === null || this.#all.length === 0) {
      setText(this.#words, "There is no run to keep yet: press Start.");
      return null;
    }
    const settings = {
      server: this.#lanes.server,
      lanes: this.#lanes.transports,
      rate: this.#lanes.rate,
      payload: this.#lanes.payload,
      without: this.#lanes.without,
    };
    const lanes = this.#runLanes.shared(this.#all);
    return runFile(snapshot, lanes, this.#decisions, settings, this.#history, environment());
  }

  #save(extension: string, type: string, content: (run: RunFile) => string): void {
    const run = this.#file();
    if (run === null) return;
    saveFile(`${fileName(run)}.${extension}`, new Blob([content(run)], { type }));
  }

  async #savePicture(): Promise<void> {
    const run = this.#file();
    if (run === null) return;
    const drawings = await this.#lanes.drawings();
    lanesPicture(drawings, lanesOfFile(run), factsOfFile(run)).toBlob((png) => {
      if (png !== null) saveFile(`${fileName(run)}.png`, png);
      else setText(this.#words, "This browser could not make a picture of the lanes.");
    }, "image/png");
  }

  async #open(file: File): Promise<void> {
    const text = await file.text();
    try {
      this.#compareWith(readRunFile(text));
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      setText(this.#words, error.message);
    }
  }

  #compareWith(saved: RunFile): void {
    this.#saved = saved;
    this.#close.hidden = false;
    setText(this.#words, "");
    this.#compare();
  }

  #compare(): void {
    if (this.#saved === null || this.#snapshot === null) return;
    const now = this.#file();
    if (now === null) return;
    this.#shownAt = this.#snapshot.elapsedMs;
    this.#compared.replaceChildren(comparison(this.#saved, now));
  }
}

function fileName(run: RunFile): string {
  return `transport-playground-${run.savedAt.slice(0, 19).replaceAll(/[:T]/g, "-")}`;
}

function environment(): Record<string, string | number> {
  return {
    userAgent: navigator.userAgent,
    language: navigator.language,
    cores: navigator.hardwareConcurrency,
    page: location.href,
    screen: `${innerWidth}x${innerHeight} at ${devicePixelRatio}`,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
