#!/usr/bin/env bash
# Lays the distribution's essential packages, those that a Debian package needs, and it into a folder
# that is not there yet: a machine that has nothing else, but for the packages that are named.
#
#   tests/install/fresh_root.sh PACKAGE FOLDER [NAME,…]
set -euo pipefail

readonly package=$1 folder=$2 more=${3:-}
# shellcheck source=tools/apt-archive.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/apt-archive.sh"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
needed=$(dpkg-deb -f "$package" Depends | sed -E 's/ *\([^)]*\)//g; s/ //g')

# The archive is reached, and believed, as by this machine's apt.
options=$(mktemp)
trap 'rm -f "$options"' EXIT
apt-config dump | grep -iE '^Acquire::(https?|Check-Valid-Until)\b' >"$options" || true
mmdebstrap --quiet --variant=essential --include="$needed${more:+,$more}" --dpkgopt=force-unsafe-io \
  --aptopt="$options" ${archive_keyring:+--keyring="$archive_keyring"} \
  "$suite" "$folder" "$archive_address"

cp "$package" "$folder/package.deb"
chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
  dpkg --install /package.deb
