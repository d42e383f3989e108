#!/usr/bin/env bash
# Installs the provider and the drivers' packages on a Debian machine and runs the suite against the jwtctl that
# JWTCTL_BIN names. It must not build jwtctl, and must not end with 0 where a part is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
target=$(cd "$here/../../.." && pwd)/target/interop-issuer
export ISSUER_NODE=$target/node

needed=()
command -v node >/dev/null || needed+=(nodejs)
command -v npm >/dev/null || needed+=(npm)
debian "${needed[@]}" $(needed_for_python)

python_packages "$target/venv" "$here/requirements.txt"
node_packages "$ISSUER_NODE" "$here"/{package.json,package-lock.json,provider.mjs}

cd "$here"
exec "$target/venv/bin/python" -B -m unittest test_issuer test_hostile
