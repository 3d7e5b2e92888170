/** The playground page: controls, table and list around one `<transport-playground>`. */
import type { PlaygroundState } from "../element.js";
import { binarySize, rate, spoken } from "../figures.js";
import { PAYLOAD, RATE } from "../options.js";
import { CostTable } from "./cost-table.js";
import { DecisionList } from "./decision-list.js";
import { copyButton, embedSnippet } from "./embed-snippet.js";
import { Invitation } from "./invitation.js";
import { LaneChips } from "./lane-chips.js";
import { LogSlider, binaryStops, roundStops } from "./log-slider.js";
import { hashFromSettings, settingsFromHash, type PageSettings } from "./page-settings.js";
import { WireInspector } from "./wire-inspector.js";

function part<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page lacks #${id}.`);
  return element;
}

await customElements.whenDefined("transport-playground");
const lanes = document.querySelector("transport-playground");
if (lanes === null) throw new Error("The page lacks its lanes.");

let settings = settingsFromHash(location.hash);

const toggle = part("toggle", HTMLButtonElement);
const withoutEventSource = part("without-event-source", HTMLInputElement);
const embedCode = part("embed-code", HTMLPreElement);
const table = new CostTable(part("cost", HTMLElement), part("cost-since", HTMLElement));
const decisions = new DecisionList(part("why", HTMLElement));

const wire = new WireInspector(part("wire", HTMLElement), part("wire-about", HTMLElement), lanes);

const rateSlider = new LogSlider({
  input: part("rate", HTMLInputElement),
  output: part("rate-value", HTMLOutputElement),
  stops: roundStops(RATE.minimum, RATE.maximum),
  text: (value) => `${rate(value)} msg/s`,
  changed: (value) => {
    change({ rate: value });
  },
});

const payloadSlider = new LogSlider({
  input: part("payload", HTMLInputElement),
  output: part("payload-value", HTMLOutputElement),
  stops: binaryStops(PAYLOAD.minimum, PAYLOAD.maximum),
  text: (value) => spoken(binarySize(value)),
  changed: (value) => {
    change({ payload: value });
  },
});

const chips = new LaneChips(part("chips", HTMLElement), (chosen) => {
  change({ lanes: chosen });
});

const invitation = new Invitation(part("invitation", HTMLElement), () => {
  change({ withoutEventSource: !settings.withoutEventSource });
});

function change(changed: Partial<PageSettings>): void {
  settings = { ...settings, ...changed };
  history.replaceState(null, "", hashFromSettings(settings));
  show(settings);
}

/** Gives the settings to every control and to the lanes, which start anew where they differ. */
function show(now: PageSettings): void {
  rateSlider.value = now.rate;
  payloadSlider.value = now.payload;
  chips.chosen = now.lanes;
  withoutEventSource.checked = now.withoutEventSource;
  invitation.show(now.withoutEventSource, now.lanes.includes("sse"));
  embedCode.textContent = embedSnippet(now, location.href);
  if (lanes === null) return;
  lanes.rate = now.rate;
  lanes.payload = now.payload;
  lanes.transports = now.lanes;
  lanes.without = now.withoutEventSource ? ["EventSource"] : [];
}

function showState(state: PlaygroundState): void {
  const live = state === "connecting" || state === "running" || state === "loading";
  toggle.textContent = live ? "Stop" : "Start";
}

withoutEventSource.addEventListener("change", () => {
  change({ withoutEventSource: withoutEventSource.checked });
});
toggle.addEventListener("click", () => {
  if (toggle.textContent === "Stop") lanes.stop();
  else void lanes.start();
});
addEventListener("hashchange", () => {
  settings = settingsFromHash(location.hash);
  show(settings);
});
lanes.addEventListener("playground-state", ({ detail }) => {
  showState(detail.state);
});
lanes.addEventListener("playground-start", ({ detail }) => {
  table.expect(detail.lanes);
  decisions.clear();
  wire.expect(detail.lanes);
});
lanes.addEventListener("playground-snapshot", ({ detail }) => {
  table.show(detail);
  wire.follow(detail);
});
lanes.addEventListener("playground-pick", ({ detail }) => {
  void wire.inspect(detail.index, detail.seq);
});
lanes.addEventListener("playground-decision", ({ detail }) => {
  decisions.add(detail);
});
copyButton(part("embed-copy", HTMLButtonElement), embedCode);

show(settings);
table.expect(settings.lanes);
showState(lanes.state);
void lanes.start();
