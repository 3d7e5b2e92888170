import { fileURLToPath } from "node:url";

import { defineConfig } from "vitepress";

import { captions, figures, footnotes } from "./markdown";

/**
 * The address that the site is built for. Pages lie side by side in one folder, so everything in
 * them is made relative to it, and the folder works wherever it is served: what VitePress writes
 * into HTML here, what it asks of a page that is open in theme/index.ts.
 */
const base = "/guide/";

const chapters = [
  ["When to use which", "index"],
  ["What each is", "what-each-is"],
  ["On the wire", "on-the-wire"],
  ["Browsers", "browsers"],
  ["Proxies and gateways", "proxies"],
  ["What real proxies do", "real-proxies"],
  ["Check your path", "check"],
  ["Reconnection and resume", "reconnection"],
  ["Connection limits", "connection-limits"],
  ["HTTP/2", "http2"],
  ["Hidden tabs and sleep", "hidden-tabs"],
  ["Cost at scale", "cost"],
  ["Back-pressure", "back-pressure"],
  ["Security", "security"],
  ["The decision", "decision"],
  ["Your own endpoint", "your-endpoint"],
  ["Twenty-five things you have read", "things-you-have-read"],
] as const;

const reference = [
  ["The element", "element"],
  ["HTTP API", "http-api"],
  ["Faults", "faults"],
  ["Environments", "environments"],
  ["Reasons", "reasons"],
] as const;

const entries = (pages: readonly (readonly [string, string])[]) =>
  pages.map(([text, page]) => ({ text, link: page === "index" ? "/" : `/${page}` }));

const repositoryFile = (path: string) =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export default defineConfig({
  title: "Transport Playground",
  titleTemplate: ":title · the guide",
  description:
    "When to poll, when to use Server-Sent Events, when WebSocket, with every claim played",
  base,
  outDir: repositoryFile("web/dist/guide"),
  cacheDir: repositoryFile("build/guide/cache"),
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: "../logo.svg" }],
    ["script", { type: "module", src: "../transport-playground.js" }],
  ],
  themeConfig: {
    logo: { src: "/logo.svg", alt: "" },
    nav: [
      { text: "Playground", link: "../", target: "_self" },
      { text: "Check", link: "../check/", target: "_self" },
      { text: "Guide", link: "/", activeMatch: "." },
    ],
    sidebar: [
      { text: "The guide", items: entries(chapters) },
      { text: "Reference", items: entries(reference) },
    ],
    outline: { level: [2, 3] },
    docFooter: { prev: "Before this", next: "Next" },
  },
  markdown: { config: (md) => md.use(figures).use(footnotes).use(captions) },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("transport-") } },
  },
  vite: {
    publicDir: repositoryFile("build/guide/public"),
    define: { "import.meta.env.BASE_URL": "globalThis.guideBase" },
    experimental: { renderBuiltUrl: () => ({ relative: true }) },
    server: { fs: { allow: [repositoryFile(".")] } },
  },
  transformHtml: (html) => html.replaceAll(`"${base}`, '"./'),
});
