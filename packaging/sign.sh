#!/usr/bin/env bash
# Signs OUT/SHA256SUMS with the secret key whose text, without a password, is in MINISIGN_SECRET_KEY: packaging/sign.sh OUT
# Debian packages: minisign
set -euo pipefail
source "$(dirname "$0")/../tests/interop/install.sh"

: "${MINISIGN_SECRET_KEY:?the secret key}"
command -v minisign >/dev/null || debian minisign
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(umask 077 && printf '%s\n' "$MINISIGN_SECRET_KEY" >"$scratch/key")
minisign -S -W -s "$scratch/key" -t "jwtctl" -m "$1/SHA256SUMS" >/dev/null
