#!/usr/bin/env bash
# Formatters and linters for every language in the tree. All of them run; any finding is a failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

failures=()
step() { # step NAME COMMAND…
  local name=$1
  shift
  printf 'lint: %s\n' "$name"
  "$@" || failures+=("$name")
}

# Releases of clang-format disagree about details: 14, Debian 12's, decides.
clang_format=$(command -v clang-format-14 || command -v clang-format)
cpp_format() {
  git ls-files --cached --others --exclude-standard -z -- '*.cc' '*.h' | xargs -0 -r \
    "$clang_format" --dry-run -Werror --style=file
}
shell_lint() {
  { git ls-files --cached --others --exclude-standard -- '*.sh' && echo .ci/run; } |
    xargs shellcheck --external-sources
}

step "C++ format" cpp_format
step "shell scripts" shell_lint
step "rules of the tree" tools/check-sources.sh
step "web" npm run --silent --prefix web lint
step "tests in JavaScript" npm run --silent --prefix tests/browser lint

if [ ${#failures[@]} -gt 0 ]; then
  printf 'lint: findings in: %s\n' "$(IFS=,; echo "${failures[*]}")" >&2
  exit 1
fi
printf 'lint: no findings\n'
