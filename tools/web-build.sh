#!/usr/bin/env bash
# Node.js packages and the page, made again only when what they are made from has changed.
#
#   tools/web-build.sh packages FOLDER    FOLDER/node_modules from its package-lock.json
#   tools/web-build.sh page               web/dist from web/ and the WebAssembly client
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

page() {
  local stamp=build/page.made-from made_from
  # Contents, not times: a checkout or a link step that changed nothing makes nothing again.
  made_from=$(find web docs/api.md build/wasm/playground_core.js build/wasm/playground_core.wasm \
    \( -path web/node_modules -o -path web/dist \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum)
  if [ ! -f web/dist/index.html ] || [ ! -f web/dist/playground_core.wasm ] ||
    [ "$(cat "$stamp" 2>/dev/null)" != "$made_from" ]; then
    packages web
    say "building the page"
    rm -f "$stamp"
    (cd web && npm run --silent build </dev/null)
    printf '%s\n' "$made_from" >"$stamp"
  fi
}

case ${1:-} in
  packages) packages "$2" ;;
  page) page ;;
  *)
    say "name what to make: packages FOLDER, or page" >&2
    exit 2
    ;;
esac
