#!/usr/bin/env bash
# Makes everything that a release holds from what binary.sh has built for each target:
#
#   packaging/all.sh BIN OUT IMAGE.tar
#
# Debian packages: those of build.sh and image/build.sh
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/interop/install.sh

needed=()
for program in buildah git groff:groff-base jq zip; do
  command -v "${program%:*}" >/dev/null || needed+=("${program#*:}")
done
[[ -d /usr/share/ca-certificates/mozilla ]] || needed+=(ca-certificates)
debian "${needed[@]}" $(needed_for_python)

binaries=()
for program in "$1"/*/jwtctl*; do
  chmod +x "$program"
  binaries+=("$(basename "$(dirname "$program")")=$program")
done
packaging/build.sh "$2" "${binaries[@]}"
packaging/image/build.sh "$2" "$3"
