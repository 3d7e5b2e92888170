import type { BrowserFeature, CoreSurroundings } from "../contract/core-module.js";
import { BROWSER_FEATURES } from "../contract/tables.js";

/** What only a page's own thread knows; it can be sent to a worker. */
export interface PageState {
  readonly visible: boolean;
  readonly online: boolean;
  readonly reducedMotion: boolean;
  /** As it is sent; "null" for a file or a sandboxed frame. */
  readonly origin: string;
  readonly localNetworkDenied: boolean;
  /** Features that the page has not, whatever a worker has. */
  readonly lacks: readonly BrowserFeature[];
}

/** The page around a core, wherever that runs. */
export class Surroundings implements CoreSurroundings {
  #state: PageState;
  readonly #listeners = new Set<() => void>();

  constructor(state: PageState) {
    this.#state = state;
  }

  get visible(): boolean {
    return this.#state.visible;
  }

  get online(): boolean {
    return this.#state.online;
  }

  get origin(): string {
    return this.#state.origin;
  }

  get localNetworkDenied(): boolean {
    return this.#state.localNetworkDenied;
  }

  get reducedMotion(): boolean {
    return this.#state.reducedMotion;
  }

  has(feature: BrowserFeature): boolean {
    return isHere(feature) && !this.#state.lacks.includes(feature);
  }

  add(listener: () => void): void {
    this.#listeners.add(listener);
  }

  remove(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Listeners are told even where nothing differs: the page may have been away. */
  tell(state: PageState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Local Network Access, 3.1; null before it is known, and where the browser has no such thing. */
let localNetwork: PermissionStatus | null = null;

const REDUCED_MOTION = "(prefers-reduced-motion: reduce)";

export function pageState(): PageState {
  return {
    visible: document.visibilityState !== "hidden",
    online: navigator.onLine,
    reducedMotion: matchMedia(REDUCED_MOTION).matches,
    origin: globalThis.origin,
    localNetworkDenied: localNetwork?.state === "denied",
    lacks: BROWSER_FEATURES.filter((feature) => !isHere(feature)),
  };
}

/** Calls `told` whenever the page has news of its state, until `signal` ends it. */
export function followPage(told: (state: PageState) => void, signal: AbortSignal): void {
  const tell = (): void => {
    told(pageState());
  };
  // `pageshow` and `resume`: back from the browser's cache, or from being frozen.
  for (const event of ["online", "offline", "pageshow"]) addEventListener(event, tell, { signal });
  for (const event of ["visibilitychange", "resume"]) {
    document.addEventListener(event, tell, { signal });
  }
  matchMedia(REDUCED_MOTION).addEventListener("change", tell, { signal });
  void followLocalNetwork(tell, signal);
}

function isHere(feature: BrowserFeature): boolean {
  const found: unknown = Reflect.get(globalThis, feature);
  return found !== undefined && found !== null;
}

async function followLocalNetwork(tell: () => void, signal: AbortSignal): Promise<void> {
  try {
    const name = "local-network-access" as PermissionName;
    localNetwork = await navigator.permissions.query({ name });
    localNetwork.addEventListener("change", tell, { signal });
    tell();
  } catch {
    // A browser that does not know it asks nobody.
  }
}
