// Which browser has what since when: the file that the page shows as well.
import { readFileSync } from "node:fs";

import type { BrowserSupport } from "../../../web/src/page/browser-support";
import { repositoryFile } from "./built";

declare const data: BrowserSupport;
export { data };

const file = repositoryFile("web/dist/browser-support.json");

export default {
  watch: [file],
  load: (): BrowserSupport => JSON.parse(readFileSync(file, "utf8")) as BrowserSupport,
};
