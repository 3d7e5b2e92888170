/**
 * Defines `<transport-playground>` for whoever says where its files are: no address in here leads
 * a bundler to them.
 */
import { TransportPlayground } from "./element.js";
import type { PlaygroundFiles } from "./files.js";

export interface PlaygroundPlace {
  /** Address of the package's folder `dist`, served as it is; relative to the page. */
  readonly base: URL | string;
}

/** On a server it does nothing. */
export function definePlayground({ base }: PlaygroundPlace): void {
  const folder = String(base).replace(/\/*$/, "/");
  TransportPlayground.define({
    widget: () =>
      import(
        /* webpackIgnore: true */ /* @vite-ignore */ new URL(`${folder}widget.js`, document.baseURI)
          .href
      ) as ReturnType<PlaygroundFiles["widget"]>,
    place: folder,
    core: () => null,
  });
}

export { TransportPlayground };
export type * from "./types.js";
