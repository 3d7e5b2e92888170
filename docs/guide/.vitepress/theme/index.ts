import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";

import Environments from "./Environments.vue";
import Hosts from "./Hosts.vue";
import HttpApi from "./HttpApi.vue";
import Options from "./Options.vue";
import RealProxies from "./RealProxies.vue";
import Support from "./Support.vue";
import "./style.css";

/** The folder that the page is served from, wherever that is: see ../config.ts. */
declare global {
  var guideBase: string;
}

export default {
  extends: DefaultTheme,
  enhanceApp({ app, siteData }) {
    if (!import.meta.env.SSR) {
      globalThis.guideBase = new URL(".", location.href).pathname;
      siteData.value = { ...siteData.value, base: globalThis.guideBase };
    }
    for (const [name, component] of Object.entries({
      Environments,
      Hosts,
      HttpApi,
      Options,
      RealProxies,
      Support,
    })) {
      app.component(name, component);
    }
  },
} satisfies Theme;
