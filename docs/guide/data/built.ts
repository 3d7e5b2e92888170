import { fileURLToPath } from "node:url";

/** What tools/web-build.sh has made for the guide: from here, or from the folder of a bundle. */
export const repositoryFile = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const builtFile = (name: string): string => repositoryFile(`build/guide/${name}`);
