#!/usr/bin/env bash
# tools/apt-archive.sh with made-up configurations of apt.
# shellcheck source=tests/tools/support.sh
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# configured FILE: a configuration that holds that file alone, from standard input.
configured() {
  rm -rf "$sandbox/apt"
  mkdir -p "$sandbox/apt/sources.list.d"
  cat >"$sandbox/apt/$1"
}

found() {
  # shellcheck source=tools/apt-archive.sh
  (PLAYGROUND_APT_CONFIGURATION=$sandbox/apt source tools/apt-archive.sh &&
    printf '%s %s\n' "$archive_address" "$archive_keyring") >"$sandbox/output" 2>&1
}
found_address() { found && grep -q "^$1 " "$sandbox/output"; }
found_keyring() { found && grep -q " $1\$" "$sandbox/output"; }
left_out() { found && ! grep -qF "$1" "$sandbox/output"; }

: >"$sandbox/keyring"

configured sources.list.d/made-up.sources <<END
Types: deb
# URIs: http://snapshot.invalid/debian
URIs: http://archive.invalid/debian
Suites: stable
Signed-By: $sandbox/keyring
END
check "the archive of a .sources file is found, and no comment's" \
  found_address http://archive.invalid/debian
check "  with its keyring" found_keyring "$sandbox/keyring"

configured sources.list <<END
# deb http://comment.invalid/debian stable main
deb [arch=amd64 signed-by=$sandbox/keyring] http://archive.invalid/debian stable main
deb http://other.invalid/debian stable main
END
check "of a one-line list it is the first, whatever its options" \
  found_address http://archive.invalid/debian
check "  with its keyring" found_keyring "$sandbox/keyring"

configured sources.list <<END
deb [signed-by=$sandbox/none] http://archive.invalid/debian stable main
END
check "a keyring that is not there is not taken" left_out "$sandbox/none"

rm -rf "$sandbox/apt"
check "without a configuration there is no address" found_address ''

sum_up
