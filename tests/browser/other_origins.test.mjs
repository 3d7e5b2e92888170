// Pages of another origin: an article's demo, and our own example of embedding.
import assert from "node:assert/strict";

import { OtherOrigin, plainExample } from "./support/other_origin.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

/** The client of the classic demo, as an article has it. @param {string} server */
const classicPage = (server) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Server-Sent Events</title><link rel="icon" href="data:," /></head>
  <body>
    <ul id="messages"></ul>
    <script>
      const source = new EventSource("${server}/sse/");
      source.onmessage = (event) => {
        const item = document.createElement("li");
        item.textContent = JSON.parse(event.data).message;
        document.getElementById("messages").append(item);
      };
    </script>
  </body>
</html>`;

inEveryBrowser("other origins", (scene) => {
  scene("the classic demo's page gets the time every second", async (stage) => {
    const other = await OtherOrigin.start({
      pages: { "/index.html": classicPage(stage.server.origin) },
    });
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    const items = await until("three messages on the page", async () => {
      const texts = await visit.page.$$eval("li", (list) => list.map((item) => item.textContent));
      return texts.length >= 3 && texts;
    });
    for (const text of items) assert.match(text ?? "", /^Current time is \S+/);
    assert.deepEqual(visit.problems, []);
  });

  scene("the plain example moves on a page of another origin", async (stage) => {
    const other = await plainExample(stage.server);
    stage.finally(() => other.stop());
    const visit = await stage.open(`${other.origin}/`);
    await visit.element();
    const snapshot = await visit.snapshot(
      "ten messages on every lane",
      ({ lanes }) => lanes.length > 0 && lanes.every((lane) => lane.messages >= 10),
      30_000,
    );
    for (const lane of snapshot.lanes) assert.equal(lane.missing + lane.duplicate, 0, lane.asked);
    assert.deepEqual(visit.problems, []);
  });
});
