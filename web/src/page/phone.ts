import { make } from "../element/dom.js";

/** Where others in the server's network open the page. */
interface Address {
  readonly url: string;
  /** Its QR code: rows of modules, `1` is dark. */
  readonly qr: readonly string[];
}

const SVG = "http://www.w3.org/2000/svg";
/** How many modules of light belong around the others. */
const MARGIN = 4;

/** Fills the section with what the server at `base` says, and shows it where that is anything. */
export async function showAddresses(section: HTMLElement, base = ""): Promise<void> {
  const answer = await fetch(`${base}api/addresses`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok !== true) return;
  const { addresses } = (await answer.json()) as { addresses: readonly Address[] };
  section.append(make("div", "line addresses", ...addresses.map(figure)));
  section.hidden = addresses.length === 0;
}

function figure({ url, qr }: Address): HTMLElement {
  const link = make("a", "", url);
  link.href = url;
  return make("figure", "address", picture(url, qr), make("figcaption", "", link));
}

function picture(url: string, rows: readonly string[]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const side = rows.length + 2 * MARGIN;
  svg.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${side} ${side}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.role = "img";
  svg.ariaLabel = `QR code of ${url}`;
  const path = document.createElementNS(SVG, "path");
  const dark = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(
      ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
    ),
  );
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}
