import {
  INITIAL_SETTINGS,
  areDefaultLanes,
  chosenFields,
  type PageSettings,
} from "./page-settings.js";

/** The two lines that put these lanes into another page; a simulated run needs no server. */
export function embedSnippet(settings: PageSettings, base: string): string {
  const { lanes, rate, payload, server, simulated } = settings;
  const directory = new URL(".", base);
  const attributes: string[] = [];
  if (simulated === null) {
    attributes.push(`server="${server === "" ? directory.href.replace(/\/$/, "") : server}"`);
  }
  if (!areDefaultLanes(lanes)) attributes.push(`transports="${lanes.join(" ") || "none"}"`);
  if (rate !== INITIAL_SETTINGS.rate) attributes.push(`rate="${rate}"`);
  if (payload !== INITIAL_SETTINGS.payload) attributes.push(`payload="${payload}"`);
  for (const [name, value] of chosenFields(settings)) {
    if (name !== "lanes") attributes.push(`${name}="${inMarkup(String(value))}"`);
  }
  attributes.push("autoplay");
  const source = new URL("transport-playground.js", directory).href;
  return [
    `<script type="module" src="${source}"></script>`,
    `<transport-playground ${attributes.join(" ")}></transport-playground>`,
  ].join("\n");
}

/** As an attribute's value between double quotes. */
function inMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
