export default {
  title: "Three transports",
  url: "http://localhost",
  baseUrl: "/x/",
  clientModules: ["./src/lanes.js"],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
  themeConfig: { navbar: { title: "Three transports" } },
};
