#!/usr/bin/env bash
# emsdk-setup.sh with made-up machines: a PATH that holds only the plain tools, a node, and an emcc
# of the case's choosing.
# shellcheck source=tests/tools/support.sh
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# A new machine without Emscripten.
machine() {
  rm -rf "${sandbox:?}"/{bin,deps,root,modules}
  mkdir -p "$sandbox/bin" "$sandbox/deps" "$sandbox/modules" \
    "$sandbox/root/cmake/Modules/Platform"
  touch "$sandbox/root/cmake/Modules/Platform/Emscripten.cmake"
  local tool
  for tool in bash cat chmod cp dirname env git grep head id mkdir mktemp mv readlink rm sed sort stat \
    tail timeout touch; do
    ln -s "$(command -v "$tool")" "$sandbox/bin/$tool"
  done
  # It runs whatever was linked, and agrees.
  printf '#!/bin/sh\nexit 0\n' >"$sandbox/bin/node"
  # No package can be had either.
  printf '#!/bin/sh\necho "asked for $*" >>%s/asked\nexit 1\n' "$sandbox" >"$sandbox/no-packages"
  chmod +x "$sandbox/bin/node" "$sandbox/no-packages"
  : >"$sandbox/asked"
}

# emcc VERSION [LINK-CONDITION]: puts an emcc there that links when the shell condition holds.
emcc() {
  cat >"$sandbox/bin/emcc" <<FAKE
#!/bin/sh
case "\$*" in
  --version) echo "emcc (Emscripten gcc/clang-like replacement) $1 ()" ;;
  *)
    echo called >>"$sandbox/links"
    if ${2:-true}; then exit 0; fi
    echo "Error: Cannot find module 'acorn'" >&2
    exit 1 ;;
esac
FAKE
  cat >"$sandbox/bin/em-config" <<FAKE
#!/bin/sh
case "\$1" in
  EMSCRIPTEN_ROOT) echo "$sandbox/root" ;;
  CACHE) echo "$sandbox/cache" ;;
esac
FAKE
  chmod +x "$sandbox/bin/emcc" "$sandbox/bin/em-config"
}

# run [NAME=VALUE…]: the script on that machine; status and output are kept.
run() {
  status=0
  env -u NODE_PATH -u EM_CACHE -u EMSCRIPTEN_ROOT PATH="$sandbox/bin" \
    PLAYGROUND_DEPS="$sandbox/deps" EMSDK_URL="$sandbox/no-such-repository" \
    PLAYGROUND_INSTALL_PACKAGES="$sandbox/no-packages" \
    PLAYGROUND_SYSTEM_NODE_MODULES="$sandbox/modules" "$@" \
    bash ./emsdk-setup.sh >"$sandbox/output" 2>&1 || status=$?
}

succeeded() { [ "$status" -eq 0 ]; }
failed_with() { [ "$status" -ne 0 ] && grep -qF "$1" "$sandbox/output"; }
printed() { grep -qF "$1" "$sandbox/output"; }
decided() { grep -qF "$1" "$sandbox/deps/emscripten.env"; }
undecided() { [ ! -e "$sandbox/deps/emscripten.env" ]; }

machine
emcc 3.1.6
run
check "an emcc of 3.1.6 on PATH is used" succeeded
check "  and the decision names its root" decided "EMSCRIPTEN_ROOT=$sandbox/root"
check "  and says so" printed "emcc 3.1.6 on PATH is used"
: >"$sandbox/links"
run
check "a decision that holds is kept without linking again" test ! -s "$sandbox/links"
check "  and is still printed" printed "as decided before"
emcc 3.1.5
run
check "a decision is taken again when the emcc on PATH changes" \
  failed_with "emcc 3.1.5 on PATH is too old"
check "  and the old one is withdrawn" undecided

machine
emcc 4.0.23
run
check "3.1.6 is compared as a version, not as text: 4.0.23 is newer" succeeded
emcc 3.1.10
run
check "  and so is 3.1.10" succeeded

machine
emcc 3.1.6 "[ \"\$NODE_PATH\" = \"$sandbox/modules\" ]"
mkdir -p "$sandbox/modules/acorn"
run
check "a link that fails on acorn is tried again with NODE_PATH" succeeded
check "  which goes into the decision" decided "NODE_PATH=$sandbox/modules"

machine
emcc 3.1.6 false
run
check "an emcc that cannot link is not used" failed_with "cannot link a program"
check "  and the reason is the compiler's own" printed "Cannot find module 'acorn'"

machine
emcc 3.1.6
run EM_CACHE="$sandbox/own-cache"
check "a cache of the caller's choosing goes into the decision" decided "EM_CACHE=$sandbox/own-cache"

machine
run
check "with nothing possible it fails and says what to install" \
  failed_with "install Emscripten 3.1.6 or newer"
check "  after asking for the distribution's package" grep -qF "asked for emscripten" "$sandbox/asked"
check "  and writes no decision" undecided

# The distribution's package appears when it is asked for.
machine
cat >"$sandbox/packages" <<FAKE
#!/bin/sh
cp "$sandbox/spare-emcc" "$sandbox/bin/emcc"
cp "$sandbox/spare-em-config" "$sandbox/bin/em-config"
FAKE
chmod +x "$sandbox/packages"
emcc 3.1.6
mv "$sandbox/bin/emcc" "$sandbox/spare-emcc"
mv "$sandbox/bin/em-config" "$sandbox/spare-em-config"
run PLAYGROUND_INSTALL_PACKAGES="$sandbox/packages"
check "where emsdk cannot be downloaded the distribution's package is installed and used" succeeded
check "  and both are said" printed "the official emsdk cannot be downloaded here"

# An emsdk repository of our own stands for the official one.
machine
upstream="$sandbox/emsdk-upstream"
mkdir -p "$upstream/upstream/emscripten/cmake/Modules/Platform"
touch "$upstream/upstream/emscripten/cmake/Modules/Platform/Emscripten.cmake"
emcc 9.8.7
mv "$sandbox/bin/emcc" "$upstream/upstream/emscripten/emcc"
rm "$sandbox/bin/em-config"
printf '#!/bin/sh\necho "$*" >>%s/emsdk-calls\n' "$sandbox" >"$upstream/emsdk"
chmod +x "$upstream/emsdk"
git -C "$upstream" init -q
git -C "$upstream" add -A
git -C "$upstream" -c user.name=test -c user.email=test@localhost commit -q -m "emsdk"
git -C "$upstream" tag 9.8.7
run EMSDK_URL="$upstream" EMSDK_VERSION=9.8.7 PLAYGROUND_INSTALL_PACKAGES=true
check "without an emcc on PATH the official emsdk is downloaded" succeeded
check "  installed and activated in the pinned version" \
  diff <(printf 'install 9.8.7\nactivate 9.8.7\n') "$sandbox/emsdk-calls"
check "  and decided on" decided "EMSCRIPTEN_ROOT=$sandbox/deps/emsdk/upstream/emscripten"
rm "$sandbox/deps/emscripten.env"
run EMSDK_URL="$sandbox/no-such-repository" EMSDK_VERSION=9.8.7
check "an emsdk that is there already needs no network" succeeded

sum_up
