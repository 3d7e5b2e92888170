#!/usr/bin/env bash
# Installs what is missing, from the distribution's packages (Debian, Ubuntu), and nothing else.
#
#   tools/install-packages.sh build          compiler, CMake, Ninja, headers of OpenSSL and zlib,
#                                            Node.js with npm
#   tools/install-packages.sh test           Chromium, Firefox and WebKitGTK, tcpdump; OpenSSL, and
#                                            proxies: nginx with Nchan, HAProxy, Apache, Caddy,
#                                            Varnish, Squid; Redis; mmdebstrap, systemd and
#                                            systemd-nspawn, for the Debian package
#   tools/install-packages.sh package        what finds out which packages a Debian package needs
#   tools/install-packages.sh docs           generators of sites: MkDocs with Material, Sphinx with
#                                            furo and MyST, Hugo, Jekyll
#   tools/install-packages.sh bench          nginx with Nchan, one of the peers
#   tools/install-packages.sh fuzz           Clang with libFuzzer
#   tools/install-packages.sh lint           clang-format, shellcheck
#   tools/install-packages.sh toolchains     debootstrap (see tests/toolchains)
#   tools/install-packages.sh emsdk          what the official emsdk needs (see emsdk-setup.sh)
#   tools/install-packages.sh emscripten     the distribution's Emscripten (likewise)
#
# Groups can be combined. A tool that is on PATH and new enough is used as it is, wherever it came
# from, so that a machine with everything never calls apt. CHROMIUM, FIREFOX and MINIBROWSER
# (WebKitGTK's) can name browsers of your own.
set -euo pipefail

readonly minimum_cmake=3.25 minimum_node=18 minimum_gxx=11
readonly docs_minimum_node=20.19  # what bundlers and generators ask for

say() { printf 'packages: %s\n' "$*"; }
fail() {
  printf 'packages: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least WANTED FOUND
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

first_version() { grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1; }

missing=()  # packages to install
reasons=()  # why, one for each

want() {
  missing+=("$1")
  reasons+=("$2")
}

# tests/tools/install_packages_test.sh replaces all of these.
readonly os_release=${PLAYGROUND_OS_RELEASE:-/etc/os-release}
readonly certificates=${PLAYGROUND_CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
readonly sbin=${PLAYGROUND_SBIN:-/usr/sbin}  # not on everyone's PATH on Debian
readonly libraries=${PLAYGROUND_LIBRARIES:-/usr/lib}
readonly includes=${PLAYGROUND_INCLUDES:-/usr/include}
readonly nginx_modules=${PLAYGROUND_NGINX_MODULES:-/usr/lib/nginx/modules}
readonly mkdocs_themes=${PLAYGROUND_MKDOCS_THEMES:-/usr/share/mkdocs/themes}

is_ubuntu() { [ -r "$os_release" ] && grep -qE '^ID=("?)ubuntu\1$' "$os_release"; }

has_cxx() {
  local compiler=${CXX:-c++}
  have "$compiler" || return 1
  # Only g++ is asked for its version; another compiler is its owner's choice.
  [ -n "${CXX:-}" ] || at_least "$minimum_gxx" "$("$compiler" -dumpversion)"
}
has_cmake() { have cmake && at_least "$minimum_cmake" "$(cmake --version | first_version)"; }
has_node() { have node && at_least "$minimum_node" "$(node --version | first_version)"; }
# OPENSSL_ROOT_DIR, which CMake looks at as well, names one of your own.
has_openssl() { [ -n "${OPENSSL_ROOT_DIR:-}" ] || [ -e "$includes/openssl/ssl.h" ]; }
# ZLIB_ROOT likewise.
has_zlib() { [ -n "${ZLIB_ROOT:-}" ] || [ -e "$includes/zlib.h" ]; }
has_chromium() {
  [ -n "${CHROMIUM:-}" ] || have chromium || have google-chrome-stable || have google-chrome
}
has_firefox() { [ -n "${FIREFOX:-}" ] || have firefox-esr || have firefox; }
# Its small browser is in the library's package, at a path that names the machine's architecture.
has_webkit() {
  have WebKitWebDriver || return 1
  [ -n "${MINIBROWSER:-}" ] || compgen -G "$libraries/*/webkit2gtk-4*/MiniBrowser" >/dev/null
}
has_in_sbin() { have "$1" || [ -x "$sbin/$1" ]; }
has_nchan() { [ -e "$nginx_modules/ngx_nchan_module.so" ]; }
# The compiler can be there without the runtimes: what counts is that a target links.
has_libfuzzer() {
  # Not through a pipe: it would fail with a compiler that does not read its input.
  have clang++ && clang++ -fsanitize=fuzzer,address,undefined -x c++ - -o /dev/null \
    <<<'extern "C" int LLVMFuzzerTestOneInput(const char*, long) { return 0; }' >/dev/null 2>&1
}
# For the distribution's Python; another may come first on PATH.
has_python_module() { [ -d "$libraries/python3/dist-packages/$1" ]; }
has_certificates() { [ -s "$certificates" ]; }

need_build() {
  has_cxx || want g++ "no C++ compiler (g++ $minimum_gxx or newer)"
  has_cmake || want cmake "no CMake $minimum_cmake or newer"
  have ninja || want ninja-build "no Ninja"
  has_openssl || want libssl-dev "no headers of OpenSSL, which the command line and the server's client of Redis need"
  has_zlib || want zlib1g-dev "no headers of zlib, with which the command line reads what is compressed"
  has_node || want nodejs "no Node.js $minimum_node or newer"
  # NodeSource's Node.js brings npm along; the distribution's does not.
  have npm || want npm "no npm"
  have xz || want xz-utils "no xz, which unpacks source archives"
  has_certificates || want ca-certificates "no certificates for https"
}

need_test() {
  if is_ubuntu && ! { has_chromium && has_firefox; }; then
    fail "the browser tests need Chromium and Firefox outside a snap: install Chrome's and" \
      "Mozilla's .deb, or set CHROMIUM and FIREFOX to their programs"
  fi
  has_chromium || want chromium "no Chromium"
  has_firefox || want firefox-esr "no Firefox"
  has_webkit || want webkit2gtk-driver "no WebKitGTK that can be driven"
  have Xvfb || want xvfb "no Xvfb, a screen for WebKitGTK"
  has_in_sbin tcpdump || want tcpdump "no tcpdump"
  need_bench
  has_in_sbin haproxy || want haproxy "no HAProxy"
  has_in_sbin apache2 || want apache2-bin "no Apache"
  has_in_sbin caddy || want caddy "no Caddy"
  has_in_sbin varnishd || want varnish "no Varnish"
  has_in_sbin squid || want squid "no Squid"
  have redis-server || want redis-server "no Redis"
  have openssl || want openssl "no OpenSSL, which makes a certificate for nginx"
  need_package
  have mmdebstrap || want mmdebstrap "no mmdebstrap, which lays a system into a folder"
  have systemd-analyze || want systemd "no systemd-analyze, which checks the service's unit"
  have systemd-nspawn || want systemd-container "no systemd-nspawn, which starts a system in a folder"
}

need_package() {
  have dpkg-shlibdeps || want dpkg-dev "no dpkg-shlibdeps, which says what a package needs"
  have file || want file "no file, which finds the programs in a package"
}

need_docs() {
  if have node && ! at_least "$docs_minimum_node" "$(node --version | first_version)"; then
    fail "bundlers and generators need Node.js $docs_minimum_node or newer: install it"
  fi
  [ -d "$mkdocs_themes/material" ] || want mkdocs-material "no MkDocs with Material"
  have sphinx-build || want python3-sphinx "no Sphinx"
  has_python_module furo || want furo "no furo, a theme of Sphinx"
  has_python_module myst_parser || want python3-myst-parser "no MyST, which Sphinx reads Markdown with"
  have hugo || want hugo "no Hugo"
  have jekyll || want jekyll "no Jekyll"
}

need_bench() {
  has_in_sbin nginx || want nginx-light "no nginx"
  has_nchan || want libnginx-mod-nchan "no Nchan module of nginx"
}

need_fuzz() {
  if has_libfuzzer; then return; fi
  want clang "no clang++ that links with libFuzzer and the sanitizers"
  want libclang-rt-dev "libFuzzer and the sanitizers' runtimes"
}

need_lint() {
  have clang-format || want clang-format "no clang-format"
  have shellcheck || want shellcheck "no shellcheck"
}

need_toolchains() {
  has_in_sbin debootstrap || want debootstrap "no debootstrap, which lays a suite into a folder"
}

need_emsdk() {
  have python3 || want python3 "no Python, which emsdk is written in"
  have xz || want xz-utils "no xz, which unpacks emsdk's archives"
}

need_emscripten() {
  have emcc || want emscripten "no emcc"
}

[ $# -gt 0 ] || fail "name a group: build, test, package, docs, bench, fuzz, lint, toolchains, emsdk or emscripten"
for group in "$@"; do
  case $group in
    build | test | package | docs | bench | fuzz | lint | toolchains | emsdk | emscripten) "need_$group" ;;
    *)
      fail "no group is called '$group'; there are build, test, package, docs, bench, fuzz," \
        "lint, toolchains, emsdk, emscripten"
      ;;
  esac
done

if [ ${#missing[@]} -eq 0 ]; then
  say "everything for $* is here"
  exit 0
fi

for i in "${!missing[@]}"; do
  say "${reasons[i]}: ${missing[i]} will be installed"
done

have apt-get || fail "this machine has no apt-get: install ${missing[*]} by its own means"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  have sudo || fail "neither root nor sudo: have an administrator install ${missing[*]}"
  as_root=(sudo)
  if ! sudo -n true 2>/dev/null && [ ! -t 0 ]; then
    fail "sudo asks for a password and there is no terminal: install ${missing[*]}"
  fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null
}
apt update || say "apt-get update failed; going on with the lists that are here"
if ! apt install --no-install-recommends "${missing[@]}"; then
  tail -n 20 "$log" >&2
  fail "apt-get could not install ${missing[*]}: install them by hand, then try again"
fi
hash -r

# The distribution's version may be too old for us.
for package in "${missing[@]}"; do
  case $package in
    g++) has_cxx || fail "this distribution's g++ is too old: install g++ $minimum_gxx or newer" ;;
    cmake) has_cmake || fail "this distribution's cmake is too old: install CMake $minimum_cmake or newer" ;;
    nodejs) has_node || fail "this distribution's nodejs is too old: install Node.js $minimum_node or newer" ;;
    clang) has_libfuzzer || fail "this distribution's clang does not link with libFuzzer" ;;
  esac
done
say "installed ${missing[*]}"
