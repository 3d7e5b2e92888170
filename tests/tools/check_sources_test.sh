#!/usr/bin/env bash
# tools/check-sources.sh on small trees: each keeps every rule, but for the breach of its case.
# shellcheck source=tests/tools/support.sh
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# tree [PATH TEXT]…: a tree with these files in it.
tree() {
  rm -rf "$sandbox/tree"
  mkdir -p "$sandbox/tree/tools"
  cp tools/check-sources.sh "$sandbox/tree/tools/"
  git -C "$sandbox/tree" init -q
  while [ $# -gt 0 ]; do
    mkdir -p "$sandbox/tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$sandbox/tree/$1"
    shift 2
  done
  status=0
  "$sandbox/tree/tools/check-sources.sh" >"$sandbox/output" 2>&1 || status=$?
}

kept() { [ "$status" -eq 0 ]; }
broken() { [ "$status" -ne 0 ] && grep -qF "$1" "$sandbox/output"; }

tree web/src/element/element.ts 'import { StageLink } from "../stage/stage-link.js";
import { make } from "./dom.js";' \
  web/src/page/main.ts 'import { make } from "../element/dom.js";
import "uplot";' \
  web/src/page/page.css '@import "../element/palette.css";'
check "arrows that are declared may be drawn" kept
tree web/src/element/element.ts 'import type { Stage } from "../stage/stage.js";'
check "of the stage, the element knows the way to it" broken web/src/element/element.ts:1:
tree web/src/page/main.ts 'import { StageLink } from "../stage/stage-link.js";'
check "the page does not know the stage" broken web/src/page/main.ts:1:
tree web/src/stage/stage.ts 'const view = await import("../element/dom.js");'
check "the stage does not know the element, not even when it runs" broken web/src/stage/stage.ts:1:
tree web/src/event-source/reader.ts 'import {
  make,
} from "../contract/ranges.js";'
check "event-source knows nobody" broken web/src/event-source/reader.ts:3:
tree web/src/contract/ranges.ts 'export { far } from "../../far.js";'
check "nobody leaves web/src" broken web/src/contract/ranges.ts:1:
tree web/src/elsewhere/file.ts ''
check "a new folder has to declare whom it knows" broken web/src/elsewhere/file.ts
tree web/src/file.ts ''
check "no file of web/src lies outside a folder" broken web/src/file.ts

tree native_client/a.cc '#include "core/a.h"
#include "native_server/event_loop/handle.h"'
check "the command line knows the core, and what owns a handle of libuv" kept
tree native_client/a.cc '#include "native_server/net/address.h"'
check "  but not the server" broken native_client/a.cc:1:

tree core/a.cc 'const auto* const at =
    std::find_if(kRows.begin(), kRows.end(), wanted);'
check "an iterator of an array is not taken for a pointer" broken core/a.cc:2:
tree tests/a.cc 'auto* at = std::ranges::lower_bound(rows, wanted);'
check "  by any algorithm, nor anywhere" broken tests/a.cc:1:
tree core/a.cc 'const auto at = std::ranges::find(kRows, wanted);
if (const auto* row = std::get_if<Row>(&*at)) use(*row);
const auto* own =
    find_row(wanted);'
check "  but a pointer is" kept

sum_up
