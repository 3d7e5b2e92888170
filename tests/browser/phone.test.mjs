// "Open it on your phone": what the page shows of a server that listens on all addresses, and the
// page there.
import assert from "node:assert/strict";
import os from "node:os";

import jsQR from "jsqr";

import { PlaygroundServer } from "./support/playground_server.mjs";
import { inEveryBrowser } from "./support/scene.mjs";
import { until } from "./support/wait.mjs";

const reachable = Object.values(os.networkInterfaces())
  .flatMap((each) => each ?? [])
  .some(({ internal, family }) => !internal && family === "IPv4");

/** @param {import("./support/scene.mjs").Stage} stage @param {string} host */
async function start(stage, host) {
  const server = await PlaygroundServer.start({ host, args: ["--lane-ports", "2"] });
  stage.finally(() => server.stop());
  return `http://localhost:${server.port}/#lanes=sse,websocket`;
}

inEveryBrowser("on a phone", (scene) => {
  scene(
    "the page has codes that lead to it, where its lanes have ports of their own",
    async (stage) => {
      if (!reachable) return; // nobody can open it
      const visit = await stage.open(await start(stage, "0.0.0.0"));
      const codes = await until("the codes", () =>
        visit.page.evaluate(async () => {
          const figures = [...document.querySelectorAll("#phone figure")];
          return (
            figures.length > 0 &&
            Promise.all(
              figures.map(async (figure) => {
                const svg = /** @type {SVGElement} */ (figure.querySelector("svg"));
                const image = new Image(300, 300);
                svg.setAttribute("width", "300");
                svg.setAttribute("height", "300");
                image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
                await image.decode();
                const canvas = Object.assign(document.createElement("canvas"), {
                  width: 300,
                  height: 300,
                });
                const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
                context.fillStyle = getComputedStyle(svg).backgroundColor;
                context.fillRect(0, 0, 300, 300);
                context.drawImage(image, 0, 0);
                return {
                  url: figure.querySelector("a")?.href ?? "",
                  pixels: [...context.getImageData(0, 0, 300, 300).data],
                };
              }),
            )
          );
        }),
      );
      assert.equal(await visit.page.$eval("#phone", (section) => section.checkVisibility()), true);
      for (const { url, pixels } of codes) {
        assert.equal(jsQR.default(new Uint8ClampedArray(pixels), 300, 300)?.data, url);
      }
      assert.deepEqual(visit.problems, []);

      const there = await stage.open(`${codes[0]?.url}#lanes=sse,websocket`);
      await there.element();
      const { lanes } = await there.snapshot(
        "messages on every lane",
        (snapshot) =>
          snapshot.lanes.length > 0 && snapshot.lanes.every((lane) => lane.messages >= 3),
      );
      assert.equal(lanes[0]?.ownPort, true);
      assert.deepEqual(there.problems, []);
    },
  );

  scene("a server of this machine alone has none to show", async (stage) => {
    const visit = await stage.open(await start(stage, "127.0.0.1"));
    await visit.snapshot("a message", (snapshot) =>
      snapshot.lanes.some((lane) => lane.messages > 0),
    );
    assert.equal(await visit.page.$eval("#phone", (section) => section.checkVisibility()), false);
  });
});
