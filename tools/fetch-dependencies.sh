#!/usr/bin/env bash
# Makes the pinned libraries of cmake/dependencies.cmake available.
#
# Normally CMake downloads them itself, and where it can, nothing is done here. Elsewhere they come
# from the distribution's source packages: the address and the keyring are those of the machine's own
# apt configuration, apt checks the signatures, and this script checks the archives' hashes. A
# package may be older than the download; the tests hold for both. The libraries go under
# .deps/sources/<name>, which cmake/dependencies.cmake uses in place of the download.
#
# With --again it checks anew whether the download is reachable.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly sources=.deps/sources declarations=cmake/dependencies.cmake
readonly reachable_stamp=.deps/downloads-reachable
readonly suites="trixie trixie-backports"

# FetchContent name, version that is downloaded, source package, its upstream version, and the SHA-256
# of its upstream archive.
readonly table="\
nlohmann_json 3.11.3 nlohmann-json3 3.11.3 0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406
httplib 0.53.1 cpp-httplib 0.41.0 7acb492bffdd95165677d22145c2c4890e6432c5ef53d0f781defe8dec48f567
libuv 1.52.1 libuv1 1.50.0 ec9de6ecf2a780fd2afb3b007947d2cd57c3bb17f3b9e721a66774980d35cd4d
hiredis 1.2.0 hiredis 1.2.0 82ad632d31ee05da13b537c124f819eb88e18851d9cb0c30ae0552084811588c
Catch2 3.7.1 catch2 3.7.1 c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c"

say() { printf 'dependencies: %s\n' "$*"; }
fail() {
  printf 'dependencies: %s\n' "$*" >&2
  exit 1
}

# url_of NAME: the address CMake would download it from.
url_of() {
  awk -v name="$1" '
    $0 ~ "playground_declare\\(" name "([ )]|$)" { inside = 1 }
    inside && $1 == "URL" { print $2; exit }' "$declarations"
}

# A library is here when its folder is, and the stamp with its version.
here() { [ -d "$sources/$1" ] && [ "$(cat "$sources/.$1.version" 2>/dev/null)" = "$2" ]; }

missing=()
while read -r name downloaded _ version _; do
  url=$(url_of "$name")
  case $url in
    */v"$downloaded".tar.gz) ;;
    *) fail "$declarations does not pin $name to $downloaded as this script does: correct one of them" ;;
  esac
  here "$name" "$version" || missing+=("$name")
done <<<"$table"

if [ ${#missing[@]} -eq 0 ]; then
  say "all libraries are in $sources"
  exit 0
fi

fingerprint=$(sha256sum "$declarations" | cut -d ' ' -f 1)
if [ "${1:-}" != --again ] && [ "$(cat "$reachable_stamp" 2>/dev/null)" = "$fingerprint" ]; then
  say "CMake downloads them"
  exit 0
fi
rm -f "$reachable_stamp"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$sources"

# reachable URL: CMake asks, because CMake would do the download (through the same proxy). A transfer
# that began and was cut by the time limit counts as reachable too.
cat >"$work/probe.cmake" <<'CODE'
file(DOWNLOAD "${url}" TIMEOUT 5 STATUS status LOG log)
list(GET status 0 code)
if(NOT code EQUAL 0 AND NOT log MATCHES "HTTP/[0-9.]+ 200")
  message(FATAL_ERROR "${status}")
endif()
CODE
reachable() { cmake "-Durl=$1" -P "$work/probe.cmake" >/dev/null 2>&1; }

all_reachable=yes
for name in "${missing[@]}"; do
  if ! reachable "$(url_of "$name")"; then
    all_reachable=no
    say "the download of $name is not reachable from here"
    break
  fi
done
if [ "$all_reachable" = yes ]; then
  printf '%s\n' "$fingerprint" >"$reachable_stamp"
  say "CMake downloads ${missing[*]}"
  exit 0
fi

command -v apt-get >/dev/null ||
  fail "neither their download nor apt-get is here: unpack ${missing[*]} under $sources by hand"

# shellcheck source=tools/apt-archive.sh
source tools/apt-archive.sh
if [ -z "$archive_address" ] || [ -z "$archive_keyring" ]; then
  fail "no archive or no keyring in apt's configuration: unpack ${missing[*]} under $sources by hand"
fi

cat >"$work/archive.sources" <<SOURCES
Types: deb-src
URIs: $archive_address
Suites: $suites
Components: main
Signed-By: $archive_keyring
SOURCES
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/archives"
apt() {
  "apt-$1" -q \
    -o Dir::Etc::SourceList="$work/archive.sources" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 "${@:2}" 2>>"$work/log"
}

apt get update --error-on=any >>"$work/log" || {
  tail -n 5 "$work/log" >&2
  fail "the archive of this machine's apt has no $suites: unpack ${missing[*]} under $sources by hand"
}
while read -r name downloaded package version hash; do
  if here "$name" "$version"; then continue; fi
  revision=$(apt cache showsrc "$package" | awk -v version="$version" '
    # 3.11.3-2, 0.41.0+ds-1~bpo13+1, …: the upstream version, then a character that is not a digit.
    $1 == "Version:" && index($2, version) == 1 && substr($2, length(version) + 1, 1) !~ /[0-9.]/ {
      print $2
      exit
    }') || true
  (cd "$work/archives" &&
    apt get source --download-only --tar-only "$package=${revision:-$version}" >>"$work/log") || {
    tail -n 5 "$work/log" >&2
    fail "no source package $package $version: unpack $name $version under $sources/$name by hand"
  }
  archive=$(find "$work/archives" -name "${package}_${version}*.orig.tar.*" ! -name '*.asc' | head -n 1)
  [ "$(sha256sum "$archive" | cut -d ' ' -f 1)" = "$hash" ] ||
    fail "$(basename "$archive") does not have the hash that is pinned for $name $version"
  rm -rf "${sources:?}/.$name.new" "${sources:?}/$name"
  mkdir "$sources/.$name.new"
  tar -x --strip-components=1 --no-same-owner -C "$sources/.$name.new" -f "$archive"
  mv "$sources/.$name.new" "$sources/$name"
  printf '%s\n' "$version" >"$sources/.$name.version"
  older=''
  if [ "$version" != "$downloaded" ]; then older=" (the download would be $downloaded)"; fi
  say "$name $version comes from the source package $package$older"
done <<<"$table"
