import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";

import { data as facts } from "../../data/facts.data";
import { data as figures } from "../../data/figures.data";
import Environments from "./Environments.vue";
import Hosts from "./Hosts.vue";
import HttpApi from "./HttpApi.vue";
import Options from "./Options.vue";
import Source from "./Source.vue";
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
    Object.assign(app.config.globalProperties, { figures, facts });
    for (const [name, component] of Object.entries({
      Environments,
      Hosts,
      HttpApi,
      Options,
      Source,
      Support,
    })) {
      app.component(name, component);
    }
  },
} satisfies Theme;
