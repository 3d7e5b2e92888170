import { INITIAL_SETTINGS, chosenFields, type PageSettings } from "./page-settings.js";

/** The two lines that put these lanes into another page; a simulated run needs no server. */
export function embedSnippet(settings: PageSettings, base: string): string {
  const { lanes, rate, payload, server, simulated } = settings;
  const directory = new URL(".", base);
  const attributes: string[] = [];
  if (simulated === null) {
    attributes.push(`server="${server === "" ? directory.href.replace(/\/$/, "") : server}"`);
  }
  const chosen = chosenFields(settings);
  // Endpoints alone, of which nothing may be told, are no reason for an element without lanes.
  const lane = chosen.find(([name]) => name === "lanes");
  if (lane !== undefined) attributes.push(`transports="${lanes.join(" ") || lane[1]}"`);
  if (rate !== INITIAL_SETTINGS.rate) attributes.push(`rate="${rate}"`);
  if (payload !== INITIAL_SETTINGS.payload) attributes.push(`payload="${payload}"`);
  for (const [name, value] of chosen) {
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
