import { INITIAL_SETTINGS, areDefaultLanes, type PageSettings } from "./page-settings.js";

/** The two lines that put these lanes into another page. */
export function embedSnippet(settings: PageSettings, base: string): string {
  const directory = new URL(".", base);
  const attributes = [`server="${directory.origin}"`];
  if (!areDefaultLanes(settings.lanes)) {
    attributes.push(`transports="${settings.lanes.join(" ")}"`);
  }
  if (settings.rate !== INITIAL_SETTINGS.rate) attributes.push(`rate="${settings.rate}"`);
  if (settings.payload !== INITIAL_SETTINGS.payload) {
    attributes.push(`payload="${settings.payload}"`);
  }
  if (settings.withoutEventSource) attributes.push('without="EventSource"');
  attributes.push("autoplay");
  const source = new URL("transport-playground.js", directory).href;
  return [
    `<script type="module" src="${source}"></script>`,
    `<transport-playground ${attributes.join(" ")}></transport-playground>`,
  ].join("\n");
}

/** A button that copies what `code` shows, and says how that went. */
export function copyButton(button: HTMLButtonElement, code: HTMLElement): void {
  const label = button.textContent;
  button.addEventListener("click", () => {
    void copy(code).then((copied) => {
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      setTimeout(() => {
        button.textContent = label;
      }, 2000);
    });
  });
}

/** The clipboard is there only on https and localhost; elsewhere the text is selected. */
async function copy(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}
