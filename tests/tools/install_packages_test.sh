#!/usr/bin/env bash
# tools/install-packages.sh with made-up machines: a PATH that holds only what the case puts there,
# and an apt-get that writes down what it was asked for.
# shellcheck source=tests/tools/support.sh
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# has NAME [ANSWER]: a program that answers that to everything.
has() {
  printf '#!/bin/sh\necho "%s"\n' "${2:-}" >"$sandbox/bin/$1"
  chmod +x "$sandbox/bin/$1"
}

# A machine of an administrator, with everything that is needed.
machine() {
  rm -rf "${sandbox:?}/bin"
  mkdir -p "$sandbox/bin"
  local tool
  for tool in bash cat dirname env grep head mktemp rm sort tail tr; do
    ln -s "$(command -v "$tool")" "$sandbox/bin/$tool"
  done
  has id 0
  has c++ 12
  has cmake "cmake version 3.25.1"
  has ninja 1.11
  has node v18.20.4
  has npm 9.2.0
  has xz
  has clang-format
  has shellcheck
  has chromium
  has firefox-esr
  has WebKitWebDriver
  has Xvfb
  has tcpdump
  local program
  for program in nginx haproxy apache2 caddy varnishd squid; do has "$program"; done
  has redis-server
  has openssl
  has dpkg-shlibdeps
  has file
  has mmdebstrap
  has systemd-analyze
  has systemd-nspawn
  has clang++
  mkdir -p "$sandbox/sbin" "$sandbox/modules" "$sandbox/lib/any/webkit2gtk-4.1" \
    "$sandbox/include/openssl"
  : >"$sandbox/include/openssl/ssl.h"
  : >"$sandbox/include/zlib.h"
  : >"$sandbox/lib/any/webkit2gtk-4.1/MiniBrowser"
  rm -f "$sandbox/sbin/nginx" "$sandbox/sbin/tcpdump"
  : >"$sandbox/modules/ngx_nchan_module.so"
  cat >"$sandbox/bin/apt-get" <<FAKE
#!/bin/sh
echo "\$*" >>"$sandbox/asked"
FAKE
  chmod +x "$sandbox/bin/apt-get"
  : >"$sandbox/asked"
  echo certificate >"$sandbox/certificates"
  echo 'ID=debian' >"$sandbox/os-release"
}

lacks() { rm "$sandbox/bin/$1"; }

# When it is installed, a program appears.
brings() {
  cat >>"$sandbox/bin/apt-get" <<FAKE
printf '#!/bin/sh\necho "%s"\n' "${2:-}" >"$sandbox/bin/$1"
chmod +x "$sandbox/bin/$1"
FAKE
  ln -sf "$(command -v chmod)" "$sandbox/bin/chmod"
}

run() {
  status=0
  env -u CXX -u CHROMIUM -u FIREFOX -u MINIBROWSER -u OPENSSL_ROOT_DIR -u ZLIB_ROOT \
    PATH="$sandbox/bin" PLAYGROUND_OS_RELEASE="$sandbox/os-release" \
    PLAYGROUND_CERTIFICATES="$sandbox/certificates" PLAYGROUND_SBIN="$sandbox/sbin" \
    PLAYGROUND_NGINX_MODULES="$sandbox/modules" PLAYGROUND_LIBRARIES="$sandbox/lib" \
    PLAYGROUND_INCLUDES="$sandbox/include" \
    PLAYGROUND_MKDOCS_THEMES="$sandbox/themes" \
    bash tools/install-packages.sh "$@" >"$sandbox/output" 2>&1 </dev/null || status=$?
}

succeeded() { [ "$status" -eq 0 ]; }
failed_with() { [ "$status" -ne 0 ] && grep -qF "$1" "$sandbox/output"; }
printed() { grep -qF "$1" "$sandbox/output"; }
asked() { grep -qE "$1" "$sandbox/asked"; }
asked_nothing() { [ ! -s "$sandbox/asked" ]; }

machine
run build test bench fuzz lint
check "a machine with everything is left alone" succeeded
check "  and apt is not called" asked_nothing

machine
rm "$sandbox/include/openssl/ssl.h"
run build
check "OpenSSL's headers are installed" asked 'install .* libssl-dev$'

machine
rm "$sandbox/include/zlib.h"
run build
check "zlib's headers are installed" asked 'install .* zlib1g-dev$'

machine
lacks ninja
brings ninja 1.11
run build
check "what is missing is installed" succeeded
check "  after its reason is said" printed "no Ninja: ninja-build will be installed"
check "  with fresh lists" asked '(^| )update$'
check "  and without what is only recommended" asked 'install --no-install-recommends ninja-build$'

machine
has cmake "cmake version 3.22.1"
brings cmake "cmake version 3.25.1"
run build
check "a CMake that is too old is replaced" succeeded
check "  by the distribution's" asked 'install .* cmake$'

machine
has node v12.22.9
run build
check "a distribution whose Node.js is too old is told apart from a failure of apt" \
  failed_with "install Node.js 18 or newer"

machine
lacks xz
has id 1000
run build
check "neither root nor sudo: one line names what an administrator must install" \
  failed_with "neither root nor sudo: have an administrator install xz-utils"
check "  and apt is not called" asked_nothing

machine
lacks xz
brings xz
has id 1000
cat >"$sandbox/bin/sudo" <<'FAKE'
#!/bin/sh
[ "$1" != -n ] || exit 0
exec "$@"
FAKE
chmod +x "$sandbox/bin/sudo"
run build
check "sudo is used where it is there" succeeded
check "  for apt" asked 'install .* xz-utils$'

machine
lacks chromium
has google-chrome-stable
run test
check "Chrome will do for Chromium" succeeded

machine
lacks firefox-esr
echo 'ID=ubuntu' >"$sandbox/os-release"
run test
check "on Ubuntu, where browsers are snaps, one line says what to do" failed_with "outside a snap"
check "  and apt is not called" asked_nothing

machine
lacks nginx
lacks openssl
brings nginx
run test
check "what the tests of deploy/nginx need is installed" succeeded
check "  in its small form" asked 'install .* nginx-light openssl$'

machine
mv "$sandbox/bin/nginx" "$sandbox/bin/tcpdump" "$sandbox/sbin/"
run test
check "nginx and tcpdump count where an ordinary user's PATH does not reach them" succeeded
check "  and apt is not called" asked_nothing

machine
for program in haproxy apache2 varnishd squid; do mv "$sandbox/bin/$program" "$sandbox/sbin/"; done
run test
check "so do the other proxies" succeeded
check "  and apt is not called" asked_nothing
rm "$sandbox"/sbin/{haproxy,apache2,varnishd,squid}

machine
for program in haproxy apache2 caddy varnishd squid redis-server; do
  lacks "$program"
  brings "$program"
done
run test
check "the other proxies and Redis are installed" succeeded
check "  by the names of their packages" \
  asked 'install .* haproxy apache2-bin caddy varnish squid redis-server$'

machine
for program in dpkg-shlibdeps file mmdebstrap systemd-analyze systemd-nspawn; do
  lacks "$program"
  brings "$program"
done
run test
check "what builds and checks a Debian package is installed" succeeded
check "  by the names of their packages" asked 'install .* dpkg-dev file mmdebstrap systemd systemd-container$'
run package
check "  and building one takes only the first two" printed "everything for package is here"

machine
lacks tcpdump
brings tcpdump
run test
check "so is what captures packets" succeeded
check "  by its name" asked 'install .* tcpdump$'

machine
rm "$sandbox/lib/any/webkit2gtk-4.1/MiniBrowser"
lacks Xvfb
brings Xvfb
run test
check "a WebKitGTK that cannot be driven, or has no screen, is completed" succeeded
check "  by its driver" asked 'install .* webkit2gtk-driver xvfb$'

machine
rm "$sandbox/modules/ngx_nchan_module.so"
run build
check "the build does not need Nchan" asked_nothing
for group in test bench; do
  run "$group"
  check "$group does, and finds it by its module" asked 'install .* libnginx-mod-nchan$'
done

machine
printf '#!/bin/sh\nexit 1\n' >"$sandbox/bin/clang++"
brings clang++
run fuzz
check "a Clang without libFuzzer is told by linking, and completed" succeeded
check "  with its runtimes, which are only recommended" asked 'install .* clang libclang-rt-dev$'

machine
brings debootstrap
run toolchains
check "what lays another suite into a folder is installed" succeeded
check "  by its name" asked 'install .* debootstrap$'

machine
has node v20.20.2
for generator in sphinx-build hugo jekyll; do brings "$generator"; done
run docs
check "the generators of sites are installed" succeeded
check "  with the themes of MkDocs and Sphinx" asked \
  'install .* mkdocs-material python3-sphinx furo python3-myst-parser hugo jekyll$'

machine
run docs
check "a Node.js that is too old for them is told at once" failed_with "Node.js 20.19"

machine
run everything
check "a group that does not exist is refused by name" failed_with "'everything'"

sum_up
