import { DrawRole, TRANSPORTS } from "../contract/tables.js";
import { canvasFonts, type Palette } from "../picture/painter.js";
import { make } from "./dom.js";

const PROPERTY_OF_ROLE = ((): readonly string[] => {
  const properties: string[] = [];
  for (const face of TRANSPORTS) properties[face.role] = face.colour;
  properties[DrawRole.ink] = "--tp-ink";
  properties[DrawRole.muted] = "--tp-muted";
  properties[DrawRole.trouble] = "--tp-trouble";
  properties[DrawRole.grid] = "--tp-grid";
  return properties;
})();

/**
 * Asks the style sheet for its colours. A custom property answers with its source text
 * (`light-dark(…)`), so each is given to an element that shows nothing, and read from its `color`.
 */
export class PaletteProbe {
  readonly element: HTMLElement = make("div");
  readonly #swatches: readonly HTMLElement[];
  readonly #halo: HTMLElement;

  constructor() {
    this.element.hidden = true;
    this.#swatches = PROPERTY_OF_ROLE.map((property) => this.#swatch(property));
    this.#halo = this.#swatch("--tp-panel");
  }

  read(): Palette {
    return {
      colours: this.#swatches.map((swatch) => getComputedStyle(swatch).color),
      halo: getComputedStyle(this.#halo).color,
      ...canvasFonts(getComputedStyle(this.element).fontFamily),
    };
  }

  #swatch(property: string): HTMLElement {
    const swatch = make("i");
    swatch.style.setProperty("color", `var(${property})`);
    this.element.append(swatch);
    return swatch;
  }
}
