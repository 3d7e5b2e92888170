#!/usr/bin/env bash
# web/sizes.mjs on a small page: its table, and what it does not let pass.
# shellcheck source=tests/tools/support.sh
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# measure FILE-BUDGET GROUP-BUDGET README: of a page whose one script takes 1000 bytes or a few more.
mkdir "$sandbox/dist"
head -c 1000 /dev/urandom >"$sandbox/dist/script.js"
measure() {
  printf '[{"name":"a widget","budget":%s,"files":{"script.js":%s}}]\n' "$2" "$1" \
    >"$sandbox/sizes.json"
  printf '%s\n' "$3" >"$sandbox/README.md"
  status=0
  node web/sizes.mjs "$sandbox/dist" "$sandbox/sizes.json" "$sandbox/README.md" \
    >"$sandbox/output" 2>&1 || status=$?
}
passes() { [ "$status" -eq 0 ]; }
fails() { [ "$status" -ne 0 ] && grep -qF "$1" "$sandbox/output"; }
says() { grep -qE "$1" "$sandbox/output"; }

measure 1500 2000 'It takes at most 2 KB.'
check "within the budgets, it passes" passes
check "a file's size, budget and distance are in the table" says '^  script\.js +1\.0 +1\.5 +-0\.5$'
check "so are a group's" says '^a widget +1\.0 +2\.0 +-1\.0$'
measure 900 2000 'It takes at most 2 KB.'
check "a file over its budget fails" fails "script.js is"
measure 1500 900 'It takes at most 0.9 KB.'
check "a group over its budget fails" fails "a widget:"
measure 1500 2000 'It takes at most 3 KB.'
check "a README that names another size fails" fails "README.md does not say 2 KB"
sum_up
