# shellcheck shell=bash
# Sourced: the first Debian archive in apt's configuration, so that no file names one.
#
# Sets archive_address and archive_keyring, empty where there is none. The configuration is this
# machine's, or the folder PLAYGROUND_APT_CONFIGURATION.
# shellcheck disable=SC2034 # who sources this reads them
archive_address='' archive_keyring=''
apt_lists=()
for list in "${PLAYGROUND_APT_CONFIGURATION:-/etc/apt}"/sources.list{.d/*.sources,,.d/*.list}; do
  [ ! -r "$list" ] || apt_lists+=("$list")
done
if [ ${#apt_lists[@]} -gt 0 ]; then
  archive_address=$(awk '
    /^[[:space:]]*#/ { next }
    FILENAME ~ /\.sources$/ { if ($1 == "URIs:") { print $2; exit } next }
    $1 == "deb" {
      sub(/\[[^]]*\]/, "")  # [signed-by=…] may stand between
      print $2
      exit
    }' "${apt_lists[@]}")
  archive_keyring=$(awk '
    FILENAME ~ /\.sources$/ && $1 == "Signed-By:" && $2 ~ /^\// { print $2; exit }
    match($0, /signed-by=\/[^] ,]*/) { print substr($0, RSTART + 10, RLENGTH - 10); exit }' "${apt_lists[@]}")
fi
for candidate in "$archive_keyring" /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
  archive_keyring=''
  if [ -n "$candidate" ] && [ -r "$candidate" ]; then
    archive_keyring=$candidate
    break
  fi
done
unset apt_lists list candidate
