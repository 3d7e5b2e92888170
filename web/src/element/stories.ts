import type { Options } from "./options.js";

/** A situation that readers know, as settings, and what to look for in it. */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** Two sentences. */
  readonly look: string;
  readonly settings: Partial<
    Pick<
      Options,
      | "rate"
      | "payload"
      | "pattern"
      | "back"
      | "window"
      | "environment"
      | "faults"
      | "simulated"
      | "speed"
    >
  >;
}

export const STORIES: readonly Story[] = [
  {
    id: "notifications",
    title: "Notifications",
    look: "A message every five seconds: short polling asks again and again for nothing, and pays for each empty answer in bytes a message. The connections that wait cost nothing until there is something to say.",
    settings: { rate: 0.2, payload: 128, window: 30 },
  },
  {
    id: "dashboard",
    title: "Dashboard",
    look: "One figure a second, and short polling asks once a second: compare its delay, up to a whole second, with that of the streams. Then compare bytes a message: most of a poll’s are HTTP headers.",
    settings: { rate: 1, payload: 256, window: 20 },
  },
  {
    id: "chat",
    title: "Chat",
    look: "Every two seconds each lane says something, a dashed line up, and it comes down on all of them: compare the round trips. Only WebSocket carries it up on the connection that is already open; every other lane needs a request for it, so look at requests and bytes.",
    settings: { rate: 0.5, payload: 64, back: 0.5, window: 20 },
  },
  {
    id: "tokens",
    title: "Token stream",
    look: "Fifty small pieces within a second, then four seconds of thought, as a language model writes: the streams let them flow, and a poll collects them in fans. Long polling asks again after each answer, so look at its requests.",
    settings: { rate: 10, payload: 16, pattern: "bursty", window: 12 },
  },
  {
    id: "market",
    title: "Market data",
    look: "Five hundred messages a second, at random moments: lines merge into a shade, and long polling fetches many with each request. Compare bytes a message: a frame’s head of a few bytes against a batch’s and an event’s.",
    settings: { rate: 500, payload: 64, pattern: "poisson", window: 5 },
  },
  {
    id: "proxy",
    title: "Corporate proxy",
    look: "A proxy holds every stream back: it opens without any error, and stays silent. Watch SSE conclude what is wrong from two seconds of silence, change to long polling, and lose nothing.",
    settings: { window: 20, environment: "buffering-proxy" },
  },
  {
    id: "tunnel",
    title: "Train tunnel",
    look: "After five seconds nothing passes for ten, and no connection says so: each lane has to find out by itself. At the other end of the tunnel they fetch what they missed: look at missing and repeated.",
    settings: { window: 30, faults: [{ kind: "stall", after_s: 5, for_s: 10 }] },
  },
  {
    id: "deploy",
    title: "Deploy",
    look: "After five seconds every connection drops at once, and for four seconds every request gets a 503. Watch when each lane asks again: not all at the same moment, and later each time.",
    settings: {
      window: 20,
      faults: [
        { kind: "status", after_s: 5, for_s: 4 },
        { kind: "cut", after_s: 5 },
      ],
    },
  },
  {
    id: "two-servers",
    title: "Two servers",
    look: "Two servers share one stream, and each dies once, for five seconds: first the second one, then the first, which also plays the scenario. Each lane goes on at the other server, where it was; at the second death all lanes wait until that one plays it, for three seconds at most, and nothing is missing or comes twice.",
    settings: {
      window: 30,
      simulated: {
        seed: 1,
        servers: 2,
        happenings: [
          { kind: "stop-2", afterS: 6, forS: 5 },
          { kind: "stop-1", afterS: 16, forS: 5 },
        ],
      },
    },
  },
  {
    id: "tabs",
    title: "Seven tabs",
    look: "Six other tabs of the site each hold an event stream, and over HTTP/1.1 a browser opens no seventh connection: four lanes wait for a slot, without an error. WebSockets are counted separately, and go on.",
    settings: { environment: "six-connections", simulated: { seed: 1 } },
  },
  {
    id: "phone",
    title: "Phone in pocket",
    look: "After twenty seconds nobody looks at the page, and its timers slow down: at once to one a second, after five minutes to one a minute, and short polling lives by them. Ten seconds pass in one of yours; streams need no timer and go on.",
    settings: {
      rate: 1,
      speed: 10,
      window: 60,
      simulated: { seed: 1, happenings: [{ kind: "hidden", afterS: 20, forS: 600 }] },
    },
  },
  {
    id: "wake",
    title: "Laptop wakes",
    look: "After five seconds the machine sleeps for fifteen: nothing runs and nothing arrives. Awake, each lane checks its connection before it trusts it, and fetches what was sent meanwhile.",
    settings: {
      window: 30,
      simulated: { seed: 1, happenings: [{ kind: "asleep", afterS: 5, forS: 15 }] },
    },
  },
];
