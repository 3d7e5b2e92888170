#!/usr/bin/env bash
# Node.js packages and the page, made again only when what they are made from has changed.
#
#   tools/web-build.sh packages FOLDER    FOLDER/node_modules from its package-lock.json
#   tools/web-build.sh page               web/dist from web/ and the WebAssembly client; PLAYGROUND_SITE,
#                                         the address where it will be, is for oembed.json
#   tools/web-build.sh guide              web/dist/guide from docs/guide/, with the figures that its tests
#                                         write; the page and the target guide_figures are there already
#   tools/web-build.sh site FOLDER        FOLDER with all of web/dist, for any static host
#   tools/web-build.sh declarations       as much of web/dist as needs no client, for the linter,
#                                         which reads the package's declarations
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'web: %s\n' "$*"; }

packages() {
  local folder=$1 stamp=$1/node_modules/.made-from wanted
  wanted=$(sha256sum "$folder/package.json" "$folder/package-lock.json"; node --version)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "installing the packages of $folder"
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error </dev/null)
    printf '%s\n' "$wanted" >"$stamp"
  fi
}

# Contents, not times: after a checkout or a link that changed nothing, nothing is made again.
fingerprint() {
  find "$@" \( -name node_modules -o -path web/dist \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum
}

readonly declarations_stamp=build/declarations.made-from page_stamp=build/page.made-from
readonly guide_stamp=build/guide/made-from

page() {
  local made_from
  made_from=$(printf '%s\n' "${PLAYGROUND_SITE:-}"; fingerprint web docs/api.md docs/recipes deploy/nginx build/wasm/playground_core.js \
    build/wasm/playground_core.wasm build/wasm/playground_live.js build/wasm/playground_live.wasm \
    build/wasm/playground_two.js build/wasm/playground_two.wasm build/wasm/playground_core_plain.js build/wasm/event_stream.wasm \
    build/wasm/playground_tables.js build/wasm/playground_wire.js build/wasm/playground_wire.wasm \
    build/wasm/playground_check.js build/wasm/playground_check.wasm)
  if [ ! -f web/dist/index.html ] || [ ! -f web/dist/playground_core.wasm ] ||
    [ ! -f web/dist/playground_live.wasm ] || [ ! -f web/dist/playground_two.wasm ] ||
    [ ! -f web/dist/playground_core_plain.js ] ||
    [ ! -f web/dist/event_stream.wasm ] || [ ! -f web/dist/playground_wire.wasm ] ||
    [ "$(cat "$page_stamp" 2>/dev/null)" != "$made_from" ]; then
    node web/tables.mjs --check
    packages web
    say "building the page"
    rm -f "$page_stamp"
    (cd web && npm run --silent build </dev/null)
    printf '%s\n' "$made_from" >"$page_stamp"
    fingerprint web >"$declarations_stamp"
  fi
  node web/sizes.mjs
}

site() {
  local folder=$1
  page
  mkdir -p "$folder"
  cp -R web/dist/. "$folder/"
  say "$folder is ready for any static host"
}

# Its figures are measured anew each time, and it is built anew when they or what it says have changed.
guide() {
  local made_from
  mkdir -p build/guide/public
  GUIDE_FIGURES=build/guide/figures.json build/native/tests/core/guide_figures --reporter compact
  cp web/src/page/logo.svg docs/openapi.json build/guide/public/
  packages docs/guide
  made_from=$(fingerprint docs build/guide/figures.json web/src web/dist/browser-support.json)
  # The page's build leaves an index.html that says that there is no guide.
  if [ ! -f web/dist/guide/decision.html ] ||
    [ "$(cat "$guide_stamp" 2>/dev/null)" != "$made_from" ]; then
    say "building the guide"
    rm -f "$guide_stamp"
    (cd docs/guide && npm run --silent build </dev/null)
    printf '%s\n' "$made_from" >"$guide_stamp"
  fi
}

declarations() {
  if [ ! -f web/dist/transport-playground.d.ts ] ||
    ! fingerprint web | cmp -s - "$declarations_stamp"; then
    packages web
    say "building the package's declarations"
    mkdir -p build
    rm -f "$declarations_stamp" "$page_stamp"
    (cd web && npm run --silent build -- --allow-missing-core </dev/null)
    fingerprint web >"$declarations_stamp"
  fi
}

case ${1:-} in
  packages) packages "$2" ;;
  page) page ;;
  guide) guide ;;
  site) site "$2" ;;
  declarations) declarations ;;
  *)
    say "name what to make: packages FOLDER, page, guide, site FOLDER or declarations" >&2
    exit 2
    ;;
esac
