#!/usr/bin/env bash
# Rules of the tree that no compiler checks. Prints every breach with its file and line.
set -euo pipefail
shopt -s lastpipe  # `… | breach` counts in this shell
cd "$(dirname "${BASH_SOURCE[0]}")/.."

breaches=0
# breach RULE: whatever is on standard input breaks it.
breach() {
  local found
  found=$(cat)
  if [ -n "$found" ]; then
    printf '%s\n%s\n' "$1:" "$found" | sed '2,$s/^/  /' >&2
    breaches=$((breaches + 1))
  fi
}

tracked() { git ls-files --cached --others --exclude-standard -z -- "$@"; }
search() { # search PATTERN PATHSPEC…: file:line:text of every match in tracked files
  local pattern=$1
  shift
  tracked "$@" | xargs -0 -r grep -HnIE -e "$pattern" -- 2>/dev/null || true
}
search_fixed() { # search_fixed TEXT: the same for plain text, in every file
  tracked . | xargs -0 -r grep -HnIF -e "$1" -- 2>/dev/null || true
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'

# core/ is told everything it knows: no I/O, thread, clock, stream or platform header.
search "$include<(iostream|istream|ostream|fstream|sstream|iosfwd|iomanip|ios|streambuf|syncstream|spanstream|print|cstdio|stdio\.h|filesystem|thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|ctime|time\.h|csignal|signal\.h|unistd\.h|fcntl\.h|poll\.h|sys/|netinet/|arpa/|netdb\.h|pthread\.h|uv\.h|httplib\.h|emscripten)" \
  core | breach "core/ holds no I/O, thread, clock or platform header"
search '(std::random_device|std::chrono::[a-z_]*clock|std::thread|\bprintf\(|\b(std::)?getenv\()' 'core/*.cc' 'core/*.h' |
  breach "core/ is told the time and the randomness it uses"

# Arrows point one way: core knows nobody; native_server, native_client and wasm know core, and not
# each other. Only what owns a handle of libuv is the native ones' in common.
search "$include\"(native_server|native_client|wasm|web|tests)/" core | breach "core/ knows nobody"
search "$include\"(native_client|wasm|web|tests)/" native_server |
  breach "native_server/ knows core/ only"
search "$include\"(native_server|wasm|web|tests)/" native_client |
  grep -v '"native_server/event_loop/handle\.h"' |
  breach "native_client/ knows core/ and native_server/event_loop/handle.h only" || true
search "$include\"(native_server|native_client|web|tests)/" wasm | breach "wasm/ knows core/ only"

# Inside core/ as well: each folder, and those it may include. All of them know what lies in core/
# itself, and that knows no folder.
arrows='
check: client event_stream lines measure
client: event_stream lines measure poll view websocket
event_stream:
http: server
lines:
measure:
poll:
server: event_stream lines poll websocket
simulation: check client event_stream http server websocket
view: measure
websocket:
wire: websocket
'
search "$include\"core/[^\"]*/" ':(glob)core/*' | breach "what lies in core/ itself knows no folder of it"
tracked core | tr '\0' '\n' | sed -nE 's#^core/([^/]+)/.*#\1#p' | sort -u | while read -r folder; do
  row=$(grep -E "^$folder:" <<<"$arrows" || true)
  [ -n "$row" ] || printf 'core/%s: it has no row among the arrows\n' "$folder"
  known=$(sed -E "s/[:]? /|/g; s/:\$//" <<<"$row")
  search "$include\"core/[^\"]*/" "core/$folder" | grep -vE "\"core/($known)/" || true
done | breach "arrows inside core/ point one way"
# A lane decides; it does not measure, draw or speak.
search "$include\"core/(measure|view)/|$include\"core/[^\"]*(words|observed_lane|run|session)\.h" \
  'core/client/lane*' 'core/client/ladder*' 'core/client/decision.*' 'core/client/attempt*' |
  breach "a lane is policy alone"

# Inside web/src the folders say what runs where; each has a pattern of the paths it knows.
web_arrows=(
  'contract:'
  'text:contract/.*'
  'picture:contract/.*'
  'stage:(contract|picture)/.*'
  'element:(contract|picture|text)/.*|stage/stage-link\.js'
  'page:(contract|text|element)/.*'
  'check:(contract|text)/.*|element/(dom\.js|basics\.css)|stage/(module-loader|surroundings)\.js|page/((copying|own-server|page-settings|part)\.js|places\.css)'
  'event-source:'
)
for arrow in "${web_arrows[@]}"; do
  folder=${arrow%%:*} known=${arrow#*:}
  search '(from|import|import\() *"\.\.?/' "web/src/$folder" |
    grep -vE "\"(\./[^/]*|\.\./(${known:-none}))\"" |
    breach "web/src/$folder/ knows ${known:-nobody}" || true
done
tracked web/src | tr '\0' '\n' |
  grep -vE "^web/src/($(printf '%s\n' "${web_arrows[@]%%:*}" | paste -sd '|'))/[^/]*$" |
  breach "what lies in web/src lies in a folder whose arrows are declared" || true

# core/ and wasm/ report errors as values.
search '^[^/]*\b(throw|dynamic_cast|typeid)\b' 'core/*.cc' 'core/*.h' 'wasm/*.cc' 'wasm/*.h' |
  grep -vE ':[0-9]+:[[:space:]]*(//|\*)' | breach "no exceptions and no RTTI in core/ and wasm/" || true

# What an algorithm returns is an iterator, of arrays and strings too: in some standard libraries it is
# a pointer, in others (libc++ as of Emscripten 6) not. A statement may go on in the next line.
# shellcheck disable=SC2016  # the dollars are awk's
tracked '*.cc' '*.h' | xargs -0 -r awk '
  FNR == 1 { begun = "" }
  { statement = begun $0; begun = "" }
  statement ~ /auto ?\*( const)? [a-z_]+ =/ {
    if (statement ~ /std::(ranges::)?[a-z_]*(find|bound|element|search|partition|remove|unique|mismatch)[a-z_]*\(|[.]c?r?(begin|end)\(/) {
      print FILENAME ":" FNR ":" $0
    } else if (statement == $0 && $0 !~ /;/) {
      begun = $0
    }
  }' /dev/null | breach "an iterator is not taken for a pointer (const auto, not const auto*)"

# No address of a package host: the ones this machine is configured with stand for all.
{
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -vE '^[[:space:]]*#' | grep -oE 'https?://[^/ ]+' || true
  npm config get registry 2>/dev/null | grep -oE 'https?://[^/ ]+' || true
} | sed -E 's#^https?://([^@]*@)?##' | sort -u | while read -r host; do
  search_fixed "$host"
done | breach "no package host is named in the tree"
search '"resolved"[[:space:]]*:[[:space:]]*"https?:' '*package-lock.json' |
  breach "a lock file names no package host (omit-lockfile-registry-resolved=true in .npmrc)"

# No path of this machine.
{
  printf '%s/\n' "$PWD"
  dirname "$PWD" | sed 's#$#/#'
  printf '%s/\n' "${HOME:-/}"
} | sort -u | while read -r path; do
  case $path in / | // | /tmp/ | /home/ | /usr/ | /opt/ | /srv/ | /var/) continue ;; esac
  # A path that begins here, rather than going on from a name or a variable.
  search "(^|[^A-Za-z0-9_}.-])$(printf '%s' "$path" | sed 's#[][\\.*^$+?(){}|]#\\&#g')" .
done | breach "no path of this machine is named in the tree"

# Third-party code is fetched, never committed.
tracked . | tr '\0' '\n' | grep -E '(^|/)(httplib\.h|catch_amalgamated\.|json\.hpp|uv\.h)' |
  breach "no third-party source is committed" || true

if [ "$breaches" -gt 0 ]; then
  printf 'sources: %s rules are broken\n' "$breaches" >&2
  exit 1
fi
printf 'sources: every rule of the tree holds\n'
