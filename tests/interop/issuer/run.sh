#!/usr/bin/env bash
# Installs the provider and the drivers' packages on a Debian machine and runs the suite against the jwtctl that
# JWTCTL_BIN names. It must not build jwtctl, and must not end with 0 where a part is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$(cd "$here/../../.." && pwd)/target/interop-issuer
export ISSUER_NODE=$target/node

needed=()
command -v node >/dev/null || needed+=(nodejs)
command -v npm >/dev/null || needed+=(npm)
python3 -c 'import venv, ensurepip' 2>/dev/null || needed+=(python3-venv)
if ((${#needed[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
fi

python3 -m venv "$target/venv"
"$target/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

# Node looks for packages beside the program, so the program is copied to them.
mkdir -p "$ISSUER_NODE"
cp "$here"/{package.json,package-lock.json,provider.mjs} "$ISSUER_NODE"
(cd "$ISSUER_NODE" && npm ci --silent --no-audit --no-fund --ignore-scripts)

cd "$here"
exec "$target/venv/bin/python" -B -m unittest test_issuer test_hostile
