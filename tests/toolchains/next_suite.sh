#!/usr/bin/env bash
# Builds the server and the client with the tools of the distribution's next suite (g++, CMake,
# Node.js and Emscripten, all much newer than those we work with), and runs the core's tests on
# both. It is asked for by hand, as root: the first time it installs some 2 GB, and compiles for
# many minutes.
#
#   tests/toolchains/next_suite.sh [FOLDER]
#
# FOLDER gets the suite, or has it from the last time (build/toolchains/SUITE unless it is given).
# Beside it, FOLDER.log has what the installation said.
# SUITE names another suite than forky; JOBS is how many compilers run at once.
#
# The packages come from the archive that this machine's apt is configured with, and the suite must
# be signed with a key of this machine's. Nothing of it leaves the folder: to be rid of it, delete
# the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly suite=${SUITE:-forky} jobs=${JOBS:-$(nproc)}
folder=${1:-build/toolchains/$suite}

say() { printf 'next suite: %s\n' "$*"; }
fail() {
  printf 'next suite: %s\n' "$*" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "laying a suite into a folder takes root: run this as root"
tools/install-packages.sh toolchains
# shellcheck source=tools/apt-archive.sh
source tools/apt-archive.sh
if [ -z "$archive_address" ] || [ -z "$archive_keyring" ]; then
  fail "no archive or no keyring in apt's configuration"
fi

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
readonly folder log=$folder.log marker=$folder/.next-suite
[ -e "$marker" ] || [ -z "$(ls -A "$folder")" ] || fail "$folder has something else in it"

# inside COMMAND…: runs it in the suite. The mounts are in a name space of their own, and gone with it.
inside() {
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount --pid --fork sh -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    folder=$1
    shift
    exec chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
  ' sh "$folder" "$@"
}

if [ "$(cat "$marker" 2>/dev/null)" != laid ]; then
  find "$folder" -mindepth 1 -delete  # what was not finished the last time
  echo begun >"$marker"
  say "laying $suite into $folder (some minutes; $log has what is said)"
  # Its own scripts for a suite are all the same one; an older debootstrap has none for a newer suite.
  debootstrap --variant=minbase --keyring="$archive_keyring" \
    "$suite" "$folder" "$archive_address" /usr/share/debootstrap/scripts/sid >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "this machine's archive has no $suite that can be had"
  }
  # The archive is reached, and believed, as by this machine's apt.
  apt-config dump | grep -iE '^Acquire::(https?|Check-Valid-Until)\b' >"$folder/etc/apt/apt.conf.d/90machine" || true
  inside DEBIAN_FRONTEND=noninteractive sh -euc '
    apt-get -q update
    apt-get -q -y install --no-install-recommends \
      ca-certificates cmake emscripten g++ libssl-dev ninja-build nodejs xz-utils zlib1g-dev' >>"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "$suite does not install"
  }
  echo laid >"$marker"
fi

# The tree as it is, with the libraries where they could not be downloaded; what was built stays.
mkdir -p "$folder/tree"
find "$folder/tree" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
{
  git ls-files --cached --others --exclude-standard -z
  if [ -d .deps/sources ]; then printf '.deps/sources\0'; fi
} | tar -c --null --ignore-failed-read -T - | tar -x -C "$folder/tree"

# shellcheck disable=SC2016 # the inner shell's
inside JOBS="$jobs" EMCC_CORES="$jobs" UNITY=1 bash -euc '
  cd /tree
  for tool in g++ cmake node emcc; do
    printf "next suite: %s %s\n" $tool "$($tool --version 2>/dev/null | grep -oEm 1 "[0-9]+\.[0-9.]+[0-9]" | head -n 1)"
  done
  tools/fetch-dependencies.sh
  ./emsdk-setup.sh
  tools/cmake-build.sh native
  build/native/tests/core/core_tests
  tools/cmake-build.sh wasm
  ctest --preset wasm
  printf "next suite: the core as WebAssembly is %s bytes, %s with gzip\n" \
    "$(wc -c <build/wasm/playground_core.wasm)" "$(gzip -9c build/wasm/playground_core.wasm | wc -c)"
'
say "$suite builds the project, and the core's tests pass"
