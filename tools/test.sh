#!/usr/bin/env bash
# Builds everything and runs every test (`make test`). Before the browsers begin it says how long
# each part took: the browsers' own time is in the summary at their end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly jobs=${JOBS:-$(nproc)}
readonly beside_log=build/test-beside.log
times=()
beside=

part() { # part NAME COMMAND…
  local name=$1 began=$SECONDS
  shift
  printf 'test: %s\n' "$name"
  "$@"
  times+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}

# What is only computing goes on beside tests that mostly wait, and gives way to them: nothing that
# they measure has to wait for it.
begin_beside() { # begin_beside COMMAND…
  set -m # a process group of its own, so that all of it can be ended
  (
    renice -n 19 "$BASHPID" >/dev/null
    "$@"
  ) >"$beside_log" 2>&1 &
  beside=$!
  set +m
}

end_beside() {
  local status=0
  wait "$beside" || status=$?
  beside=
  cat "$beside_log"
  return "$status"
}

trap '[ -z "$beside" ] || kill -- "-$beside" 2>/dev/null' EXIT

scripts() { printf '%s\0' tests/tools/*_test.sh | xargs -0 -P "$jobs" -n 1 bash; }

page() {
  tools/web-build.sh page
  npm run --silent --prefix web typecheck
}

packages() {
  tools/web-build.sh packages web
  tools/web-build.sh packages tests/browser
}

webassembly_and_fuzz() {
  tools/cmake-build.sh wasm
  ctest --preset wasm --parallel "$jobs"
  tools/fuzz.sh --runs 20000
}

servers() {
  node --test --test-concurrency=$((jobs + 1)) --test-reporter=spec \
    tests/{native_client,deploy,cluster}/*.test.mjs
}

part "the scripts' tests" scripts
# UNITY is for a new clone; where there is a build folder already, it is built on as it is.
part "building the server, the command line and the C++ tests" env UNITY=1 tools/cmake-build.sh native
part "installing Node.js packages" packages
begin_beside webassembly_and_fuzz
# Many of them wait for a socket, so two run on each processor.
part "the C++ tests" ctest --preset native --parallel $((2 * jobs))
part "the command line, proxies in front, servers that share channels" servers
part "the core as WebAssembly and its tests, the fuzz targets: what is left of them" end_beside
part "building and type-checking the page" page
part "putting the page into the server" tools/cmake-build.sh native playground_server
part "the server with its page" node --test --test-reporter=spec tests/install/*.test.mjs

printf 'test: %s\n' "${times[@]}" "$(printf '%5d s  so far; the browsers come last' $SECONDS)"
npm test --silent --prefix tests/browser
