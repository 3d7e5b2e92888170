import type { Snapshot } from "../contract/core-module.js";
import { make, makeButton, setText } from "../element/dom.js";
import type { TransportPlayground } from "../element/element.js";
import type { PageSettings } from "./page-settings.js";

/** The id of the story that is about them. */
export const TWO_SERVERS = "two-servers";

/** That story where the server at hand shares its channels with others. No page can stop those. */
export const LIVE: { readonly look: string; readonly settings: Partial<PageSettings> } = {
  look: "Several servers share one stream, behind a balancer, and after eight seconds every connection is cut: each lane reconnects, to whichever server the balancer chooses, and goes on where it was. A page cannot stop a server; whoever runs them can, and then the same is seen.",
  settings: {
    window: 20,
    // Lane ports lead past the balancer.
    origins: "one",
    faults: [{ kind: "cut", after_s: 8 }],
  },
};

/** How many servers share the channels of the one at an address; 0 where it shares none. */
export async function countServers(server: string): Promise<number> {
  try {
    const answer = await fetch(`${server}/api/config`, { cache: "no-store" });
    const { servers } = (await answer.json()) as { servers?: unknown };
    return typeof servers === "number" ? servers : 0;
  } catch {
    return 0;
  }
}

/** The servers of a run that has several: who is at which, and what can be done to them. */
export class ServersView {
  readonly #container: HTMLElement;
  readonly #list = make("div", "row");
  readonly #cut: HTMLButtonElement;
  readonly #lanes: TransportPlayground;
  /** By what they are called, in the order in which they were seen. */
  readonly #servers = new Map<string, ServerView>();

  constructor(container: HTMLElement, lanes: TransportPlayground) {
    this.#container = container;
    this.#lanes = lanes;
    this.#cut = makeButton(
      "button",
      () => void lanes.addFault({ kind: "cut" }),
      "Cut all connections",
    );
    container.append(this.#list, this.#cut);
  }

  /** Another run begins. */
  clear(): void {
    this.#servers.clear();
    this.#list.replaceChildren();
    this.#container.hidden = true;
  }

  show({ lanes, servers, simulated, state }: Snapshot): void {
    servers.forEach((_, index) => {
      this.#see(String(index + 1));
    });
    for (const { server } of lanes) if (server !== "") this.#see(server);
    for (const [name, view] of this.#servers) {
      const at = lanes.filter(({ server, open }) => open && server === name).length;
      view.show(at, servers[Number(name) - 1]);
    }
    this.#cut.hidden = simulated || state !== "running";
    this.#container.hidden = this.#servers.size < 2;
  }

  #see(name: string): void {
    if (this.#servers.has(name)) return;
    const view = new ServerView(name, (runs) => {
      this.#lanes.setServer(Number(name), runs);
    });
    this.#servers.set(name, view);
    this.#list.append(view.element);
  }
}

class ServerView {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #about = make("span", "quiet-words");
  readonly #toggle: HTMLButtonElement;
  #runs = true;

  constructor(name: string, set: (runs: boolean) => void) {
    this.#name = name;
    this.#toggle = makeButton("button", () => {
      set(!this.#runs);
    });
    const title = make("strong", "", `Server ${name}`);
    this.element = make("div", "one-server", title, this.#about, this.#toggle);
  }

  /** `runs` is known of simulated ones alone: nobody can stop another from a page. */
  show(lanes: number, runs?: boolean): void {
    this.#runs = runs ?? true;
    setText(this.#about, this.#runs ? `${lanes} ${lanes === 1 ? "lane" : "lanes"}` : "stopped");
    this.element.classList.toggle("stopped", !this.#runs);
    this.#toggle.hidden = runs === undefined;
    setText(this.#toggle, `${this.#runs ? "Stop" : "Start"} server ${this.#name}`);
  }
}
