/** The playground page: controls, table and list around one `<transport-playground>`. */
import type { PlaygroundState } from "../element/events.js";
import { binarySize, rate, spoken } from "../text/figures.js";
import { PAYLOAD, RATE } from "../contract/ranges.js";
import { Charts } from "./charts.js";
import { copyTextButton } from "./copying.js";
import { CostTable } from "./cost-table.js";
import { Deciding } from "./deciding.js";
import { DecisionList } from "./decision-list.js";
import { embedSnippet } from "./embed-snippet.js";
import { EndpointChips } from "./endpoint-chips.js";
import { textOfEndpoints } from "./endpoint-choice.js";
import { EndpointsView } from "./endpoint-view.js";
import { Keeping } from "./keeping.js";
import { LaneChips } from "./lane-chips.js";
import { LogSlider, binaryStops, roundStops } from "./log-slider.js";
import { hasOwnServer } from "./own-server.js";
import {
  INITIAL_SETTINGS,
  hashFromSettings,
  settingsFromHash,
  type PageSettings,
} from "./page-settings.js";
import { part } from "./part.js";
import { showAddresses } from "./phone.js";
import { Playing } from "./playing.js";
import { RunHistory } from "./run-history.js";
import { RunLanes } from "./run-lanes.js";
import { ServerLine } from "./server-line.js";
import { Traffic } from "./traffic.js";
import { WireInspector } from "./wire-inspector.js";

await customElements.whenDefined("transport-playground");
const lanes = document.querySelector("transport-playground");
if (lanes === null) throw new Error("The page lacks its lanes.");

let settings = settingsFromHash(location.hash);
/** Whether the page has a playground server at its own address, as far as it is known. */
let own = true;

const toggle = part("toggle", HTMLButtonElement);
const embedCode = part("embed-code", HTMLPreElement);
const runLanes = new RunLanes(() => settings.endpoints);
const table = new CostTable(
  part("cost", HTMLElement),
  part("cost-since", HTMLElement),
  runLanes,
  () => settings.payload,
);
const decisions = new DecisionList(part("why", HTMLElement));

const wire = new WireInspector(part("wire", HTMLElement), part("wire-about", HTMLElement), lanes);

const seconds = new RunHistory();
const charts = new Charts(part("over-time", HTMLElement), seconds);
const keeping = new Keeping(part("keep", HTMLElement), lanes, runLanes, seconds);
const deciding = new Deciding(part("which", HTMLElement), (lane, column) => {
  table.point(lane, column);
});

const rateSlider = new LogSlider({
  input: part("rate", HTMLInputElement),
  output: part("rate-value", HTMLOutputElement),
  stops: roundStops(RATE.minimum, RATE.maximum),
  text: (value) => `${rate(value)} msg/s`,
  changed: (value) => {
    change({ rate: value, story: "" });
  },
});

const payloadSlider = new LogSlider({
  input: part("payload", HTMLInputElement),
  output: part("payload-value", HTMLOutputElement),
  stops: binaryStops(PAYLOAD.minimum, PAYLOAD.maximum),
  text: (value) => spoken(binarySize(value)),
  changed: (value) => {
    change({ payload: value, story: "" });
  },
});

const chips = new LaneChips(part("chips", HTMLElement), (chosen) => {
  change({ lanes: chosen, story: "" });
});

const endpointChips = new EndpointChips(part("endpoint-chips", HTMLElement), (endpoints) => {
  // A simulated run knows no other servers; without a server of ours there are theirs alone.
  const lanes = !own && settings.server === "" ? [] : settings.lanes;
  change({
    endpoints,
    lanes: endpoints.length > 0 ? lanes : lanes.length > 0 ? lanes : INITIAL_SETTINGS.lanes,
    story: "",
    ...(endpoints.length > 0 && { simulated: null, speed: INITIAL_SETTINGS.speed }),
  });
});
const endpoints = new EndpointsView(
  part("endpoints", HTMLElement),
  part("endpoint-list", HTMLElement),
  async (endpoint, text) => lanes.send(endpoint, text),
);

const traffic = new Traffic({
  pattern: (pattern) => {
    change({ pattern, story: "" });
  },
  back: (back) => {
    change({ back, story: "" });
  },
  origins: (origins) => {
    change({ origins, story: "" });
  },
  headers: (headers) => {
    change({ headers, story: "" });
  },
});

const serverLine = new ServerLine((server) => {
  change({ server, simulated: null, speed: INITIAL_SETTINGS.speed, story: "" }, true);
});

const playing = new Playing(lanes, {
  settings: () => settings,
  change,
  live: () => {
    if (own || settings.server !== "" || isAlone(settings)) return true;
    serverLine.ask();
    return false;
  },
});

function change(changed: Partial<PageSettings>, anew = false): void {
  settings = { ...settings, ...changed };
  history.replaceState(null, "", hashFromSettings(settings));
  show(settings);
  if (anew) void lanes?.start();
}

/** Whether there are endpoints of other servers, and none of the playground's own lanes. */
function isAlone({ lanes: own, endpoints: others }: PageSettings): boolean {
  return own.length === 0 && others.length > 0;
}

/** Gives the settings to every control and to the lanes, which start anew where they differ. */
function show(chosen: PageSettings): void {
  // Without a server there is nothing but simulated runs. The link need not say so.
  const alone = isAlone(chosen);
  const noServer = !own && chosen.server === "" && !alone;
  const now = noServer ? { ...chosen, simulated: chosen.simulated ?? { seed: 1 } } : chosen;
  rateSlider.value = now.rate;
  payloadSlider.value = now.payload;
  traffic.show(now);
  const others = now.simulated === null ? now.endpoints : [];
  chips.optional = others.length > 0;
  chips.chosen = now.lanes;
  endpointChips.show(now.endpoints);
  playing.show(now);
  embedCode.textContent = embedSnippet(now, location.href);
  // Endpoints alone need none.
  serverLine.show(now.server, own || (alone && now.simulated === null));
  deciding.take(now.check);
  const way = now.server === "" ? "" : `&server=${encodeURIComponent(now.server)}`;
  part("to-check", HTMLAnchorElement).href = `check/?start${way}`;
  if (lanes === null) return;
  lanes.server = now.server === "" ? "." : now.server;
  lanes.rate = now.rate;
  lanes.payload = now.payload;
  lanes.pattern = now.pattern;
  lanes.back = now.back;
  lanes.transports = others.length > 0 || now.lanes.length > 0 ? now.lanes : null;
  lanes.endpoint = textOfEndpoints(others.map(({ settings: each }) => each));
  lanes.environment = now.environment;
  lanes.faults = now.faults;
  lanes.simulated = now.simulated;
  lanes.speed = now.speed;
  lanes.window = now.window;
  lanes.ladder = now.ladder;
  lanes.origins = now.origins;
  lanes.headers = now.headers;
}

function showState(state: PlaygroundState): void {
  const live = state === "connecting" || state === "running" || state === "loading";
  toggle.textContent = live ? "Stop" : "Start";
}

toggle.addEventListener("click", () => {
  if (toggle.textContent === "Stop") lanes.stop();
  else void lanes.start();
});
addEventListener("hashchange", ({ newURL }) => {
  // The address may be another already: the page writes it anew when its settings change.
  const { hash } = new URL(newURL);
  // The link at the top names a place, not settings.
  if (document.getElementById(hash.slice(1)) !== null) {
    history.replaceState(null, "", hashFromSettings(settings));
    return;
  }
  settings = settingsFromHash(hash);
  show(settings);
  void playing.arrive().then(async () => lanes.start());
});
lanes.addEventListener("playground-state", ({ detail }) => {
  showState(detail.state);
  const [, why] = /^endpoints: (.*)/s.exec(detail.message) ?? [];
  if (detail.state === "failed" && why !== undefined) endpointChips.refused(why);
});
lanes.addEventListener("playground-start", ({ detail }) => {
  // What only the playground's own lanes have is out of the way.
  document.body.classList.toggle("endpoints-alone", detail.lanes.length === 0);
  const all = runLanes.expect(detail.lanes, detail.endpoints ?? []);
  table.expect(all);
  decisions.clear();
  endpoints.clear();
  wire.expect(detail.lanes);
  seconds.clear(all);
  keeping.clear();
});
lanes.addEventListener("playground-snapshot", ({ detail }) => {
  const all = runLanes.of(detail);
  table.show(detail, all);
  endpoints.show(detail);
  wire.follow(detail);
  seconds.add(detail.elapsedMs, all);
  charts.show(detail, all);
  keeping.show(detail, all);
  deciding.show(detail);
});
lanes.addEventListener("playground-pick", ({ detail }) => {
  // Of other people's servers nobody knows the bytes.
  const own = (lanes.snapshot?.lanes.length ?? 0) > detail.index;
  if (own) void wire.inspect(detail.index, detail.seq);
});
lanes.addEventListener("playground-decision", ({ detail }) => {
  decisions.add(detail);
  // What was decided of an endpoint says whose it is.
  if (detail.endpoint === null) keeping.decided(detail);
});
// The lanes come first, and what is set once is put away.
const more = part("settings", HTMLButtonElement);
more.addEventListener("click", () => {
  const open = document.body.classList.toggle("with-settings");
  more.ariaExpanded = String(open);
  part("more-settings", HTMLElement).hidden = !open;
});
copyTextButton(
  part("copy-link", HTMLButtonElement),
  () => location.href,
  () => "It is in the address bar",
);
copyTextButton(
  part("embed-copy", HTMLButtonElement),
  () => embedCode.textContent,
  () => {
    getSelection()?.selectAllChildren(embedCode);
    return "Press Ctrl+C";
  },
);

/** The core loads meanwhile: `Playing` asks it for the environments. */
async function findServer(): Promise<void> {
  own = await hasOwnServer();
  for (const link of document.querySelectorAll<HTMLElement>(".of-server")) link.hidden = !own;
  show(settings);
  if (own) void showAddresses(part("phone", HTMLElement));
}

show(settings);
table.expect(runLanes.expect(settings.lanes, []));
showState(lanes.state);
const found = findServer();
// Only a live run at the page's own address has to wait.
if (settings.simulated === null && settings.server === "") await found;
await playing.arrive();
void lanes.start();
// From a check: to where its answers have been taken over.
if (new URLSearchParams(location.search).has("which")) {
  // What stands above has its height with the first figures.
  const lead = (): void => {
    part("which", HTMLElement).closest("section")?.scrollIntoView();
  };
  lanes.addEventListener("playground-snapshot", lead, { once: true });
  lead();
}
