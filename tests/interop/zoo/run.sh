#!/usr/bin/env bash
# Proves jwtctl's reading of keys against the real openssl and ssh-keygen, and installs them on Debian where missing.
# JWTCTL_BIN is the path of the jwtctl to test; this builds none.
set -euo pipefail

zoo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$zoo/../install.sh"

if [[ ! -f ${JWTCTL_BIN:-} || ! -x $JWTCTL_BIN ]]; then
    echo "JWTCTL_BIN must be the path of the jwtctl to test; it is '${JWTCTL_BIN:-}'" >&2
    exit 1
fi
JWTCTL_BIN=$(realpath -- "$JWTCTL_BIN")
export JWTCTL_BIN

missing=()
for need in openssl:openssl ssh-keygen:openssh-client python3:python3 prlimit:util-linux; do
    command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
debian "${missing[@]}"

openssl version
ssh -V
python3 -B -m unittest discover -s "$zoo" -t "$zoo" -p 'test_*.py'
