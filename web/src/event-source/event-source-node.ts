/** What Node.js gets instead of `event-source.js`: its fetch reads no files. */
import { readFileSync } from "node:fs";

import { eventStreamCore } from "./event-source.js";

eventStreamCore.source = readFileSync(new URL("./event_stream.wasm", import.meta.url));

export * from "./event-source.js";
