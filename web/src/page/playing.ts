import type { Fault } from "../contract/core-module.js";
import { faceOf, streams } from "../contract/transports.js";
import type { TransportPlayground } from "../element/element.js";
import { STORIES, type Story } from "../element/stories.js";
import { EnvironmentMenu } from "./environment-menu.js";
import { FaultControls } from "./fault-controls.js";
import { isMoment } from "./fault-table.js";
import { Invitation } from "./invitation.js";
import { INITIAL_SETTINGS, type PageSettings } from "./page-settings.js";
import { part } from "./part.js";
import { RunMode } from "./run-mode.js";
import { Say } from "./say.js";
import { LIVE, ServersView, TWO_SERVERS, countServers } from "./servers.js";
import { StoryChips } from "./story-chips.js";

export interface PlayingEvents {
  readonly settings: () => PageSettings;
  /** Takes these settings; `anew` starts the run again even where nothing else would. */
  readonly change: (changed: Partial<PageSettings>, anew?: boolean) => void;
  /** Whether a run can be live; where not, the reader is asked for a server. */
  readonly live: () => boolean;
}

/** What a reader plays with beside rate, payload and lanes: stories, faults, places, time. */
export class Playing {
  readonly #lanes: TransportPlayground;
  readonly #events: PlayingEvents;
  readonly #stories: StoryChips;
  readonly #environments: EnvironmentMenu;
  readonly #mode: RunMode;
  readonly #faults: FaultControls;
  readonly #invitation: Invitation;
  readonly #say: Say;

  constructor(lanes: TransportPlayground, events: PlayingEvents) {
    this.#lanes = lanes;
    this.#events = events;
    this.#stories = new StoryChips(
      part("stories", HTMLElement),
      part("look", HTMLElement),
      (told) => void this.#tell(told),
    );
    this.#environments = new EnvironmentMenu(
      part("environment", HTMLSelectElement),
      part("environment-note", HTMLElement),
      (environment) => {
        events.change({ environment, story: "" });
      },
    );
    const places = [part("pace", HTMLElement), part("simulated", HTMLElement)] as const;
    this.#mode = new RunMode(part("mode", HTMLElement), ...places, {
      changed: (simulated) => {
        const { speed } = simulated === null ? INITIAL_SETTINGS : events.settings();
        if (simulated !== null || events.live()) events.change({ simulated, speed, story: "" });
        else events.change({});
      },
      speed: (speed) => {
        events.change({ speed, ...this.#windowFor(speed) });
      },
      step: () => {
        events.change({ speed: 0 });
        lanes.step();
      },
    });
    this.#faults = new FaultControls(part("faults", HTMLElement), part("fault-list", HTMLElement), {
      add: (faults) => {
        this.#add(faults);
      },
      lift: (kind) => {
        this.#lift(kind);
      },
      liftAll: () => {
        events.change({ faults: [] });
        lanes.liftFaults();
      },
    });
    this.#invitation = new Invitation(part("invitation", HTMLElement), () => {
      this.#faults.press("buffer");
    });
    this.#say = new Say(
      part("say", HTMLFormElement),
      part("say-text", HTMLInputElement),
      () => lanes.server,
    );
    const servers = new ServersView(part("servers", HTMLElement), lanes);
    lanes.addEventListener("playground-start", () => {
      servers.clear();
    });
    lanes.addEventListener("playground-snapshot", ({ detail }) => {
      servers.show(detail);
      this.#faults.show(detail.faults);
      this.#say.follow(detail);
      this.#invite();
    });
    lanes.addEventListener("playground-zoom", ({ detail }) => {
      events.change({ window: detail });
    });
    void this.#learn();
  }

  /**
   * The story of a link, as it can be told here: live only where there are several servers. Calls
   * for other settings, if that makes a difference.
   */
  async arrive(): Promise<void> {
    const { story, simulated } = this.#events.settings();
    if (story !== TWO_SERVERS || simulated !== null) return;
    if ((await countServers(this.#lanes.server)) > 1) return;
    const told = STORIES.find(({ id }) => id === TWO_SERVERS);
    this.#events.change({ ...told?.settings, faults: [], origins: INITIAL_SETTINGS.origins });
  }

  show(now: PageSettings): void {
    const live = now.story === TWO_SERVERS && now.simulated === null;
    this.#stories.show(now.story, live ? LIVE.look : undefined);
    // A story says what there is to see in its place.
    this.#environments.show(now.environment, now.simulated === null, now.story === "");
    this.#mode.show(now.simulated, now.speed);
    this.#faults.expect(now.lanes);
    this.#say.shown = now.story === "chat" && now.simulated === null;
    this.#invite();
  }

  async #tell({ id, settings }: Story): Promise<void> {
    // Where there are several servers they need not be simulated.
    const live = id === TWO_SERVERS && (await countServers(this.#lanes.server)) > 1;
    const { server } = this.#events.settings();
    const told = live ? LIVE.settings : settings;
    this.#events.change({ ...INITIAL_SETTINGS, ...told, server, story: id }, true);
  }

  /** Without the core the lanes themselves say what is wrong. */
  async #learn(): Promise<void> {
    const environments = await this.#lanes.environments().catch(() => []);
    this.#environments.know(environments);
  }

  /** What lasts until it is lifted is chosen as the sliders are: the link has it. */
  #add(added: readonly Fault[]): void {
    const lasting = added.filter((fault) => !isMoment(fault));
    if (lasting.length > 0) {
      // A link's faults begin so long after its run does.
      const elapsedS = Math.round((this.#lanes.snapshot?.elapsedMs ?? 0) / 100) / 10;
      const chosen = lasting.map(({ after_s, ...fault }) =>
        after_s === undefined ? fault : { ...fault, after_s: elapsedS + after_s },
      );
      this.#events.change({ faults: [...this.#events.settings().faults, ...chosen] });
    }
    for (const fault of added) void this.#lanes.addFault(fault);
  }

  /** Those of one kind, in force or to come; the others go on. */
  #lift(lifted: string): void {
    const faults = this.#events.settings().faults.filter(({ kind }) => kind !== lifted);
    this.#events.change({ faults });
    for (const { number, fault } of this.#lanes.snapshot?.plannedFaults ?? []) {
      if (fault.kind === lifted) void this.#lanes.liftFault(number);
    }
  }

  #invite(): void {
    const faults = this.#lanes.snapshot?.faults ?? [];
    this.#invitation.show({
      buffering: faults.some(({ kind }) => kind === "buffer"),
      stream: this.#events.settings().lanes.map(faceOf).find(streams)?.title ?? null,
    });
  }

  /** A flight of milliseconds is seen in a window of some. */
  #windowFor(speed: number): Partial<PageSettings> {
    const { window } = this.#events.settings();
    if (speed > 0 && speed <= 0.01)
      return window > 0.5 ? { window: speed < 0.005 ? 0.2 : 0.5 } : {};
    return window < 1 && speed >= 0.1 ? { window: INITIAL_SETTINGS.window } : {};
  }
}
