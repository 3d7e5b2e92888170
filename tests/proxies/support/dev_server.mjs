// The dev server of a front-end tool, as a proxy: node dev_server.mjs TOOL PORT SERVER COMPRESSES
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const [tool, port, server, compresses] = process.argv.slice(2);
const target = `http://${server}`;
const root = mkdtempSync(path.join(os.tmpdir(), "dev-"));

if (tool === "vite") {
  const { createServer } = await import("vite");
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    server: {
      host: "127.0.0.1",
      port: Number(port),
      strictPort: true,
      hmr: false,
      proxy: { "/": { target, ws: true } },
    },
  });
  await vite.listen();
} else {
  const { default: webpack } = await import("webpack");
  const { default: WebpackDevServer } = await import("webpack-dev-server");
  const compiler = webpack({
    mode: "development",
    context: root,
    entry: "data:text/javascript,0",
    output: { path: root },
    infrastructureLogging: { level: "error" },
  });
  const dev = new WebpackDevServer(
    {
      host: "127.0.0.1",
      port: Number(port),
      hot: false,
      liveReload: false,
      webSocketServer: false,
      static: false,
      allowedHosts: "all",
      compress: compresses === "true",
      proxy: [{ context: ["/"], target, ws: true }],
    },
    compiler,
  );
  await dev.start();
}
