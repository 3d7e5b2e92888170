import { defineConfig } from "vitepress";

export default defineConfig({
  title: "Three transports",
  base: "/x/",
  themeConfig: {
    sidebar: [
      { text: "Three transports", link: "/" },
      { text: "Another page", link: "/other" },
    ],
  },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag === "transport-playground" } },
  },
  // For the development server.
  vite: { optimizeDeps: { exclude: ["transport-playground"] } },
});
