/**
 * The page for an `<iframe>`: one element whose attributes are the address's parameters, such as
 * `embed.html?story=proxy&controls=play`. It tells its parent how high it is, so that the frame can
 * be as high: `{ type: "transport-playground-height", height }`, in CSS pixels.
 */
import type { TransportPlayground } from "../element/element.js";

const element: TransportPlayground | null = document.querySelector("transport-playground");
if (element === null) throw new Error("The page lacks its element.");

const parameters: URLSearchParams = new URLSearchParams(location.search);
for (const name of (element.constructor as typeof TransportPlayground).observedAttributes) {
  const text = parameters.get(name);
  if (text !== null) element.setAttribute(name, text);
}
// It is there for those who have no server; `server` asks for a live run, and a story knows its own.
const knows = parameters.has("server") || parameters.has("story");
if (knows && !parameters.has("simulated")) element.removeAttribute("simulated");

// Whoever embeds the page may know: the height says nothing about the reader.
if (parent !== self) {
  new ResizeObserver(([entry]) => {
    const height = Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? 0);
    parent.postMessage({ type: "transport-playground-height", height }, "*");
  }).observe(document.documentElement);
}
