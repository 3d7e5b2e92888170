#!/usr/bin/env bash
# Configures a CMake preset if needed, then builds it.
#
#   tools/cmake-build.sh PRESET [TARGET…]
#
# With UNITY=1 a build folder that is configured now compiles the sources of a folder as one, which
# is faster from scratch, and slower after a change.
#
# A build folder that no longer works (half configured, moved, made by another Emscripten or from
# other presets) is made anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly preset=$1 directory=build/$1
shift
targets=()
for target in "$@"; do targets+=(--target "$target"); done

say() { printf 'build: %s\n' "$*"; }

cached() { sed -n "s/^$1:[^=]*=//p" "$directory/CMakeCache.txt" 2>/dev/null | head -n 1; }

# What the folder was configured for: this place, these presets, and (for WebAssembly) this
# Emscripten.
configured_for=$PWD$'\n'$(cksum <CMakePresets.json)
if [ "$preset" = wasm ]; then
  configured_for+=$'\n'$(grep '^export' .deps/emscripten.env)
fi
readonly configured_for stamp=$directory/.configured-for

usable() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$configured_for" ] &&
    { [ -f "$directory/build.ninja" ] || [ -f "$directory/Makefile" ]; }
}

# A folder configured by hand with `cmake --preset` is as good.
adopt() {
  [ ! -e "$stamp" ] && [ "$preset" != wasm ] &&
    { [ -f "$directory/build.ninja" ] || [ -f "$directory/Makefile" ]; } &&
    [ "$(cached CMAKE_HOME_DIRECTORY)" = "$PWD" ] && printf '%s\n' "$configured_for" >"$stamp"
}

configure() { cmake --preset "$preset" ${UNITY:+-DPLAYGROUND_UNITY=ON} >"$log" 2>&1; }

if ! usable && ! adopt; then
  say "configuring $preset"
  if [ -d "$directory" ]; then rm -rf "$directory"; fi
  mkdir -p build
  if command -v ninja >/dev/null; then export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}; fi
  log=build/configure-$preset.log
  if ! configure; then
    # The libraries' download may have gone out of reach since it was last tried.
    tools/fetch-dependencies.sh --again
    rm -rf "$directory"
    configure || {
      tail -n 40 "$log" >&2
      say "CMake could not configure $preset; $log has everything it said" >&2
      exit 1
    }
  fi
  printf '%s\n' "$configured_for" >"$stamp"
fi

exec cmake --build "$directory" --parallel "${JOBS:-$(nproc)}" ${targets[@]+"${targets[@]}"}
