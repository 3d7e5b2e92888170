#!/usr/bin/env bash
# Builds the fuzz targets (tests/fuzz/) and runs them, JOBS at a time.
#
#   tools/fuzz.sh --seconds S [TARGET…]   each for S seconds; what it learns is kept for the next
#                                         time, under build/fuzz/corpus/
#   tools/fuzz.sh --runs N [TARGET…]      each for N inputs, always the same ones as long as the
#                                         code is the same
#
# Without a TARGET (event_stream, http…) it runs all of them. The input of a finding is kept under
# build/fuzz/findings/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly build=build/fuzz

say() { printf 'fuzz: %s\n' "$*"; }

# run_target TARGET
run_target() {
  local target=$1 learnt=$build/corpus/$1 log=$build/$1.log
  if [ "$mode" = --runs ]; then learnt=$(mktemp -d "$build/corpus/XXXXXX"); fi
  mkdir -p "$learnt"
  local same=() options=(-timeout=10 "-artifact_prefix=$build/findings/$target-")
  case $mode in
    --seconds) options+=("-max_total_time=$amount") ;;
    --runs)
      options+=("-runs=$amount" -seed=1 -reload=0)
      # It would read again what it has written itself, whenever a second is over; and it tries what
      # the code has compared, addresses too: they stay the same where a process may ask for that.
      if setarch -R true 2>/dev/null; then same=(setarch -R); fi
      ;;
  esac
  local status=0
  "${same[@]}" "$build/tests/fuzz/${target}_fuzz" "${options[@]}" \
    "-dict=tests/fuzz/$target.dict" "$learnt" "tests/fuzz/corpus/$target" >"$log" 2>&1 || status=$?
  if [ "$mode" = --runs ]; then rm -rf "$learnt"; fi
  if [ "$status" -eq 0 ]; then
    say "$target: $(grep '^Done' "$log"), no finding"
  else
    tail -n 60 "$log" >&2
    say "$target: a finding; play it again with $build/tests/fuzz/${target}_fuzz FILE" >&2
    return 1
  fi
}

if [ "${1:-}" = --one ]; then
  mode=$2 amount=$3
  run_target "$4"
  exit
fi

mode=${1:-} amount=${2:-}
if [[ ! "$mode $amount" =~ ^--(seconds|runs)\ [0-9]+$ ]]; then
  say "say --seconds S or --runs N" >&2
  exit 2
fi
shift 2
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  # From the end of the alphabet: `wire` takes longest, so it comes first.
  for dictionary in tests/fuzz/*.dict; do
    targets=("$(basename "$dictionary" .dict)" "${targets[@]}")
  done
fi

tools/cmake-build.sh fuzz "${targets[@]/%/_fuzz}"
mkdir -p "$build/corpus" "$build/findings"
printf '%s\0' "${targets[@]}" |
  xargs -0 -P "${JOBS:-$(nproc)}" -n 1 tools/fuzz.sh --one "$mode" "$amount"
