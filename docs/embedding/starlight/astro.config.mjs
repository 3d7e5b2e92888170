import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";

export default defineConfig({
  base: "/x/",
  integrations: [
    starlight({
      title: "Three transports",
      sidebar: [
        { label: "Three transports", link: "/" },
        { label: "Another page", link: "/other/" },
      ],
      pagefind: false,
    }),
  ],
  // For the development server.
  vite: { optimizeDeps: { exclude: ["transport-playground"] } },
});
