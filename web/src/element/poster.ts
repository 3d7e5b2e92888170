import type { TransportFace } from "../contract/core-module.js";
import { TRANSPORTS } from "../contract/tables.js";
import { sketchedMessages } from "../picture/sketch.js";
import { make, makeButton } from "./dom.js";
import { emptyNotice } from "./empty-notice.js";
import type { PlaygroundState } from "./events.js";
import type { Notice } from "./notice-view.js";
import type { Options } from "./options.js";
import css from "./poster.css";
import { sheetOf } from "./sheet.js";

let sheet: CSSStyleSheet | undefined;

/** What an element shows until its files are there: its lanes as a sketch, and a button. */
export class Poster {
  readonly #root: ShadowRoot;
  readonly #start: () => void;

  constructor(root: ShadowRoot, start: () => void) {
    this.#root = root;
    this.#start = start;
    root.adoptedStyleSheets = [(sheet ??= sheetOf(css))];
  }

  show(options: Options, state: PlaygroundState, message: string): void {
    const { transports, story, controls, height } = options;
    const lanes = transports.flatMap((id) => TRANSPORTS.filter((face) => face.id === id)).map(lane);
    const stage = make("div", "stage", make("div", "", ...lanes));
    if (controls !== "none" || state === "failed") {
      const { title, text, action } = noticeOf(transports.length, state, message);
      const notice = make("div", "notice", make("p", "notice-title", title));
      notice.append(...text.map((each) => make("p", "", each)));
      if (action !== undefined) notice.append(makeButton("button", this.#start, action));
      stage.append(notice);
    }
    const words = make("slot");
    words.name = "invitation";
    const card = make("div", "card", make("div", "head"), stage, make("div", "bar", words));
    // Room for what there is to look for.
    if (story !== "") card.prepend(make("p", "caption"));
    if (height > 0) {
      card.style.height = `${height}px`;
      card.style.setProperty("--height", `${(height - 100) / transports.length}px`);
    }
    this.#root.replaceChildren(card);
  }
}

function noticeOf(lanes: number, state: PlaygroundState, message: string): Notice {
  if (state === "loading") return { title: "Getting the client ready…", text: [] };
  if (state !== "failed") return emptyNotice(lanes);
  return { title: "The client could not be loaded", text: [message], action: "Reload the page" };
}

function lane(face: TransportFace): HTMLElement {
  const element = make("div", "lane", make("div", "name", face.title), picture(face));
  element.style.setProperty("--lane", `var(${face.colour})`);
  return element;
}

/** In a box that is stretched to the lane's; lines and dots keep their widths. */
function picture(face: TransportFace): SVGElement {
  const svg = svgElement("svg", {
    class: "sketch",
    viewBox: "0 0 1000 84",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  let lines = "";
  let dots = "";
  for (const [from, to] of sketchedMessages(face)) {
    lines += `M${from * 1000} 20L${to * 1000} 71`;
    dots += `M${to * 1000} 71h0`;
  }
  svg.append(
    svgElement("path", { d: lines, "stroke-width": "1.1" }),
    svgElement("path", { d: dots, "stroke-width": "8" }),
  );
  return svg;
}

function svgElement(name: "svg" | "path", attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
