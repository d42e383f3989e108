#!/usr/bin/env bash
# Installs the reference implementation of SD-JWT on a Debian machine, and runs the suite against the jwtctl that
# JWTCTL_BIN names. It must not build jwtctl.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
venv=$(cd "$here/../../.." && pwd)/target/interop-sd-jwt

debian $(needed_for_python)
python_packages "$venv" "$here/requirements.txt"

exec "$venv/bin/python" -B "$here/test_sd_jwt.py"
