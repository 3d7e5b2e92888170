import "transport-playground";

export { default } from "vitepress/theme";
