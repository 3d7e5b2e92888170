import assert from "node:assert/strict";

import { until } from "./wait.mjs";

/** @typedef {import("./visit.mjs").Visit} Visit */

/**
 * By keyboard, so that nothing that moves on the page can come between.
 * @param {Visit} visit
 * @param {string} selector
 */
export async function press(visit, selector) {
  await visit.page.focus(selector);
  await visit.page.keyboard.press("Enter");
}

/**
 * Starts every story of the page, one after the other; `see` is called once a run of it has begun.
 * @param {Visit} visit
 * @param {(id: string) => Promise<void>} see
 */
export async function everyStory(visit, see) {
  const ids = await visit.page.$$eval("[data-story]", (found) =>
    found.map((chip) => chip.getAttribute("data-story") ?? ""),
  );
  assert.ok(ids.length >= 10, ids.join());
  for (const id of ids) {
    const runs = await visit.runs();
    await press(visit, `[data-story="${id}"]`);
    await until(`a run of ${id}`, async () => (await visit.runs()) > runs);
    await see(id);
  }
}
