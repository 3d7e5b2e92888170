import { BACK, HEIGHT, PAYLOAD, RATE, SPEED, WINDOW } from "../contract/ranges.js";
import type { Range } from "../contract/core-module.js";
import { BROWSER_FEATURES, PATTERNS, TRANSPORTS } from "../contract/tables.js";
import type { OptionName } from "./options.js";
import { STORIES } from "./stories.js";

const number = ({ minimum, maximum }: Range): string => `a number from ${minimum} to ${maximum}`;
const some = (known: readonly string[]): string =>
  `any of ${known.join(", ")}, with spaces between them`;
const one = (...known: readonly string[]): string => `one of ${known.join(", ")}`;

const IDS = some(TRANSPORTS.map(({ id }) => id));

/** What attributes can be, for those that can be wrong; the core knows the rest. */
export const ALLOWED: Partial<Readonly<Record<OptionName, string>>> = {
  simulated:
    "words such as seed=7 round-trip=80 jitter=5 bandwidth=20000 loss=2 browser=firefox http=2 " +
    "tls hidden=5-45",
  server: "the address of a server, such as http://localhost:8088",
  transports: `${IDS}, or none`,
  rate: number(RATE),
  payload: number(PAYLOAD),
  pattern: one(...PATTERNS),
  back: `0, or ${number(BACK)}`,
  without: some(BROWSER_FEATURES),
  window: number(WINDOW),
  faults: 'faults such as "buffer transport=sse after=4 for=10; cut after=20"',
  speed: number(SPEED),
  ladder: `${IDS}, or none`,
  origins: one("own", "one"),
  headers: one("tuned", "plain"),
  story: one(...STORIES.map(({ id }) => id)),
  controls: one("full", "play", "none"),
  height: number(HEIGHT),
  loading: one("lazy", "eager"),
  theme: "light or dark",
};
