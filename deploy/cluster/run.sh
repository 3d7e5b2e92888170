#!/usr/bin/env bash
# Two playground servers that share their channels in Redis, behind HAProxy, on this machine alone:
#
#   deploy/cluster/run.sh            until Ctrl-C; a server that ends is started again after a pause
#   deploy/cluster/run.sh --show     follows a channel through the front, ends the server that plays
#                                    it, and shows the reader go on at the other one
#
# PORT (8088) is the front's, PORT_ONE and PORT_TWO (the next two) are the servers'. PAUSE (5) is how
# many seconds an ended server stays away. SERVER is the server (build/native/playground_server),
# CLIENT the command line (build/native/playground), WEB the page (web/dist).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly port=${PORT:-8088} pause=${PAUSE:-5}
readonly server=${SERVER:-build/native/playground_server} web=${WEB:-web/dist}
readonly client=${CLIENT:-build/native/playground}

PATH=$PATH:/usr/sbin
say() { printf 'cluster: %s\n' "$*"; }
fail() {
  printf 'cluster: %s\n' "$*" >&2
  exit 1
}

[ -x "$server" ] || fail "$server is not built: run make build"
for program in redis-server haproxy; do
  command -v "$program" >/dev/null || fail "$program is not installed"
done

folder=$(mktemp -d)
pids=()
cleanup() {
  trap - EXIT
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 0' INT TERM

redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" \
  >"$folder/redis.log" 2>&1 &
pids+=($!)

# serve NAME: a server at a port of its own, again and again.
serve() {
  local name=$1 options=(--name "$1" --port "${ports[$1]}" --lane-ports 0)
  options+=(--redis "unix://$folder/redis.sock")
  [ ! -d "$web" ] || options+=(--web "$web")
  while true; do
    "$server" "${options[@]}" >"$folder/$name.log" 2>&1 &
    local child=$!
    trap 'kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; exit 0' TERM
    printf '%s\n' "$child" >"$folder/$name.pid"
    say "server $name: http://127.0.0.1:${ports[$name]}/, process $child"
    wait "$child" 2>/dev/null || true
    say "server $name has ended; it is away for $pause s"
    sleep "$pause" &
    wait $! || true
  done
}

# answers URL: waits until it does, and has its Redis.
answers() {
  for _ in $(seq 200); do
    if [ "$(curl -sf "$1")" = ok ]; then return 0; fi
    sleep 0.05
  done
  tail -n 20 "$folder"/*.log >&2
  fail "$1 does not answer"
}

declare -A ports=([one]=${PORT_ONE:-$((port + 1))} [two]=${PORT_TWO:-$((port + 2))})
for name in one two; do
  serve "$name" &
  pids+=($!)
  answers "http://127.0.0.1:${ports[$name]}/healthz"
done

CLUSTER_BIND="127.0.0.1:$port" CLUSTER_ONE="127.0.0.1:${ports[one]}" \
  CLUSTER_TWO="127.0.0.1:${ports[two]}" \
  haproxy -db -f deploy/cluster/haproxy.cfg >"$folder/haproxy.log" 2>&1 &
pids+=($!)
answers "http://127.0.0.1:$port/healthz"
say "the page, at whichever of them: http://localhost:$port/"

if [ "${1:-}" != --show ]; then
  say "kill -KILL one of the two processes and look: readers go on at the other one"
  wait
  exit
fi

[ -x "$client" ] || fail "$client is not built: run make build"
curl -sf -o "$folder/answer" -X PUT -d '{"rate":5}' "http://127.0.0.1:$port/api/channels/show"
say "a reader follows a channel of five messages a second; in three seconds its server is ended"
touch "$folder/reader.log"
"$client" watch -v --for 10 "http://127.0.0.1:$port/api/channels/show/sse" >"$folder/reader.log" &
pids+=($!)
readonly reader=$!
tail -n +1 -f --pid "$reader" "$folder/reader.log" &
readonly shown=$!
pids+=("$shown")
sleep 3
name=$(sed -n 's/.*Playground-Server: //Ip' "$folder/reader.log" | tr -d '\r' | tail -n 1)
kill -KILL "$(cat "$folder/$name.pid")"
wait "$reader" "$shown" || true
# Every number once, in order.
grep -oE '"seq":[0-9]+' "$folder/reader.log" | cut -d : -f 2 | awk '
  NR > 1 && $1 != before + 1 { printf "cluster: %d came after %d\n", $1, before; bad = 1 }
  { before = $1 }
  END { printf "cluster: %d messages, %s\n", NR, bad ? "not each once" : "each of them once, in order" }
  END { exit bad || NR < 40 }'
