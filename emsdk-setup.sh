#!/usr/bin/env bash
# Decides which Emscripten builds the client, provides one where there is none, and prints what it
# decided. Run it as often as you like: a decision that still holds costs milliseconds.
#
#   1. an emcc on PATH, of version 3.1.6 or newer, that can link an optimised program;
#   2. the official emsdk, version 4.0.10, under .deps/emsdk;
#   3. the distribution's package `emscripten`.
#
# The decision is written to .deps/emscripten.env (shell syntax), which cmake/emscripten.cmake
# reads; load it with `. .deps/emscripten.env` to call emcc by hand.
#
# EMSDK_URL names another copy of the emsdk repository, EMSDK_VERSION another version, and
# PLAYGROUND_DEPS a folder other than .deps.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly minimum=3.1.6
readonly emsdk_version=${EMSDK_VERSION:-4.0.10}
readonly emsdk_url=${EMSDK_URL:-https://github.com/emscripten-core/emsdk}
mkdir -p "${PLAYGROUND_DEPS:-.deps}"
deps=$(cd "${PLAYGROUND_DEPS:-.deps}" && pwd)
readonly deps env_file="$deps/emscripten.env"
# Replaced in tests/tools/emsdk_setup_test.sh.
readonly install_packages=${PLAYGROUND_INSTALL_PACKAGES:-tools/install-packages.sh}
readonly system_node_modules=${PLAYGROUND_SYSTEM_NODE_MODULES:-/usr/share/nodejs}

say() { printf 'emscripten: %s\n' "$*"; }
complain() { printf 'emscripten: %s\n' "$*" >&2; }

# at_least WANTED FOUND
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# What a decision depends on; it is taken again when any of this changes.
key() {
  local emcc node
  emcc=$(command -v emcc || echo none)
  node=$(command -v node || echo none)
  stat -L -c '%n %s %y' emsdk-setup.sh "$emcc" "$node" 2>/dev/null || true
  printf '%s\n' "$emsdk_version"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# links EMCC: builds an optimised program with that emcc and runs it. The first time on a machine
# this also builds Emscripten's own libraries, which takes a minute.
links() {
  cat >"$work/probe.cc" <<'CODE'
#include <emscripten/bind.h>
#include <string>
std::string answer() { return "42"; }
EMSCRIPTEN_BINDINGS(probe) { emscripten::function("answer", &answer); }
int main() { return answer() == "42" ? 0 : 1; }
CODE
  # Compiled synchronously, because the glue of 3.1.6 would fetch() the file, which Node.js refuses.
  "$1" -std=c++20 -O2 -lembind -sWASM_ASYNC_COMPILATION=0 "$work/probe.cc" -o "$work/probe.js" >"$work/log" 2>&1 &&
    node "$work/probe.js" >>"$work/log" 2>&1
}

# The line of the log that says the most.
reason() { grep -m 1 -iE 'error' "$work/log" || grep -m 1 . "$work/log" || echo 'no message'; }

readonly callers_cache=${EM_CACHE:-}

# works EMCC: whether it links; `settings` then holds what it needs in its environment.
settings=()
works() {
  local emcc=$1 cache
  settings=()
  if [ -n "$callers_cache" ]; then export EM_CACHE=$callers_cache; else unset EM_CACHE; fi
  cache=$("$(dirname "$emcc")/em-config" CACHE 2>/dev/null || true)
  if [ -n "$cache" ] && ! { mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ]; }; then
    export EM_CACHE="$deps/emscripten-cache"
    mkdir -p "$EM_CACHE"
    say "its cache ($cache) cannot be written: .deps/emscripten-cache is used"
  fi
  [ -z "${EM_CACHE:-}" ] || settings+=("EM_CACHE=$EM_CACHE")
  if links "$emcc"; then
    [ -z "${NODE_PATH:-}" ] || settings+=("NODE_PATH=$NODE_PATH")
    return 0
  fi
  # The distribution's Emscripten looks for `acorn` where only the distribution's Node.js looks.
  if [ -d "$system_node_modules/acorn" ] && [ "${NODE_PATH:-}" != "$system_node_modules" ]; then
    if NODE_PATH=$system_node_modules links "$emcc"; then
      settings+=("NODE_PATH=$system_node_modules")
      say "this Node.js does not find the distribution's acorn: NODE_PATH is set for it"
      return 0
    fi
  fi
  return 1
}

# root_of EMCC: the folder that holds cmake/Modules/Platform/Emscripten.cmake.
root_of() {
  local root
  root=$("$(dirname "$1")/em-config" EMSCRIPTEN_ROOT 2>/dev/null || true)
  [ -n "$root" ] || root=$(dirname "$(readlink -f "$1")")
  printf '%s\n' "$root"
}

version_of() { "$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# decide EMCC: writes the decision down.
decide() {
  local emcc=$1 setting root
  root=$(root_of "$emcc")
  {
    printf '# Written by emsdk-setup.sh; delete it to have the decision taken again.\n'
    printf '%s\n' "$decision_key" | sed 's/^/# key: /'
    printf 'export EMSCRIPTEN_ROOT=%q\n' "$root"
    for setting in ${settings[@]+"${settings[@]}"}; do
      printf 'export %s=%q\n' "${setting%%=*}" "${setting#*=}"
    done
  } >"$env_file.new"
  mv "$env_file.new" "$env_file"
}

try_path() {
  local emcc version
  if ! emcc=$(command -v emcc); then
    say "no emcc on PATH"
    return 1
  fi
  version=$(version_of "$emcc" || true)
  if [ -z "$version" ] || ! at_least "$minimum" "$version"; then
    say "emcc ${version:-of unknown version} on PATH is too old: $minimum or newer is needed"
    return 1
  fi
  if ! works "$emcc"; then
    say "emcc $version on PATH cannot link a program: $(reason)"
    return 1
  fi
  say "emcc $version on PATH is used"
  decide "$emcc"
}

try_emsdk() {
  local emcc="$deps/emsdk/upstream/emscripten/emcc"
  if [ "$(version_of "$emcc" || true)" != "$emsdk_version" ]; then
    if ! GIT_TERMINAL_PROMPT=0 timeout 20 \
      git ls-remote --exit-code "$emsdk_url" "refs/tags/$emsdk_version" >/dev/null 2>&1; then
      say "the official emsdk cannot be downloaded here"
      return 1
    fi
    if ! "$install_packages" emsdk; then return 1; fi
    say "the official emsdk $emsdk_version is downloaded to .deps/emsdk (some minutes)"
    rm -rf "$deps/emsdk"
    if ! { git clone -q --depth 1 --branch "$emsdk_version" "$emsdk_url" "$deps/emsdk" &&
      "$deps/emsdk/emsdk" install "$emsdk_version" &&
      "$deps/emsdk/emsdk" activate "$emsdk_version"; } >"$work/log" 2>&1; then
      say "the official emsdk could not be installed: $(tail -n 1 "$work/log")"
      return 1
    fi
  fi
  if ! works "$emcc"; then
    say "the official emsdk cannot link a program: $(reason)"
    return 1
  fi
  say "the official emsdk $emsdk_version in .deps/emsdk is used"
  decide "$emcc"
}

try_distribution() {
  # An emcc on PATH has been looked at already: the package would bring no other.
  if command -v emcc >/dev/null; then return 1; fi
  "$install_packages" emscripten || return 1
  hash -r
  decision_key=$(key)
  try_path
}

decision_key=$(key)
if [ -f "$env_file" ]; then
  # shellcheck source=/dev/null
  recorded=$(. "$env_file" && printf '%s' "$EMSCRIPTEN_ROOT") || recorded=
  if [ "$(sed -n 's/^# key: //p' "$env_file")" = "$decision_key" ] &&
    [ -f "$recorded/cmake/Modules/Platform/Emscripten.cmake" ]; then
    say "$recorded is used, as decided before"
    exit 0
  fi
fi
rm -f "$env_file"

if try_path || try_emsdk || try_distribution; then exit 0; fi
complain "install Emscripten $minimum or newer so that emcc is on PATH" \
  "(https://emscripten.org/docs/getting_started/downloads.html), then try again"
exit 1
