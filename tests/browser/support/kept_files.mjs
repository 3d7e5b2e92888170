import { until } from "./wait.mjs";

/** @typedef {import("./visit.mjs").Visit} Visit */

/** Keeps the files that the page hands out, as text or as a data URL. @param {Visit} visit */
export async function keptFiles(visit) {
  await visit.page.evaluate(() => {
    const kept = /** @type {{ name: string, type: string, size: number, text: string }[]} */ ([]);
    Object.assign(globalThis, { kept });
    const blobs = /** @type {Map<string, Blob>} */ (new Map());
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      const address = make(blob);
      blobs.set(address, /** @type {Blob} */ (blob));
      return address;
    };
    HTMLAnchorElement.prototype.click = function () {
      const blob = blobs.get(this.href);
      if (!blob) return;
      void blob.text().then((text) => {
        kept.push({ name: this.download, type: blob.type, size: blob.size, text });
        Object.assign(globalThis, { newest: blob });
      });
    };
  });
  return (/** @type {string} */ ending) =>
    until(`a file *.${ending}`, async () => {
      const kept = await visit.page.evaluate(() => /** @type {any} */ (globalThis).kept);
      return kept.find((/** @type {{ name: string }} */ { name }) => name.endsWith(`.${ending}`));
    });
}
