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
  TransportPlayground.define({
    widget: () => {
      const folder = new URL(String(base).replace(/\/*$/, "/"), document.baseURI);
      return import(
        /* webpackIgnore: true */ /* @vite-ignore */ new URL("widget.js", folder).href
      ) as ReturnType<PlaygroundFiles["widget"]>;
    },
    core: () => null,
  });
}

export { TransportPlayground };
export type * from "./types.js";
