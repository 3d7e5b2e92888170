#!/usr/bin/env bash
# Builds everything and runs every test (`make test`). Before the browsers begin it says how long
# each part took: the browsers' own time is in the summary at their end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly jobs=${JOBS:-$(nproc)}
times=()

part() { # part NAME COMMAND…
  local name=$1 began=$SECONDS
  shift
  printf 'test: %s\n' "$name"
  "$@"
  times+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}

scripts() { printf '%s\0' tests/tools/*_test.sh | xargs -0 -P "$jobs" -n 1 bash; }

page() {
  tools/web-build.sh page
  npm run --silent --prefix web typecheck
}

packages() {
  tools/web-build.sh packages web
  tools/web-build.sh packages tests/browser
}

part "the scripts' tests" scripts
# UNITY is for a new clone; where there is a build folder already, it is built on as it is.
part "building the server, the command line and the C++ tests" env UNITY=1 tools/cmake-build.sh native
# Many of them wait for a socket, so two run on each processor.
part "the C++ tests" ctest --preset native --parallel $((2 * jobs))
part "installing Node.js packages" packages
part "the command line" node --test --test-reporter=spec tests/native_client/*.test.mjs
part "the tests behind proxies" node --test --test-reporter=spec tests/deploy/*.test.mjs
part "servers that share channels" node --test --test-reporter=spec tests/cluster/*.test.mjs
part "building and running the fuzz targets" tools/fuzz.sh --runs 20000
part "building the core as WebAssembly" tools/cmake-build.sh wasm
part "the core's tests as WebAssembly" ctest --preset wasm --parallel "$jobs"
part "building and type-checking the page" page
part "putting the page into the server" tools/cmake-build.sh native playground_server
part "the server with its page" node --test --test-reporter=spec tests/install/*.test.mjs

printf 'test: %s\n' "${times[@]}" "$(printf '%5d s  so far; the browsers come last' $SECONDS)"
npm test --silent --prefix tests/browser
