# shellcheck shell=bash
# Sourced by the tests of the scripts: they run from the tree's root, and each says what it checked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
passed=0
failed=0

# check NAME CONDITION…: one sentence of behaviour and the command that proves it.
check() {
  local name=$1
  shift
  if "$@"; then
    printf 'ok - %s\n' "$name"
    passed=$((passed + 1))
  else
    printf 'not ok - %s\n' "$name"
    sed 's/^/    /' "$sandbox/output"
    failed=$((failed + 1))
  fi
}

# The last thing a test says, and its exit status.
sum_up() {
  printf '%s: %s passed, %s failed\n' "$0" "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
