#!/usr/bin/env bash
# Installs the peers on a Debian machine and runs the suite against the jwtctl that JWTCTL_BIN names.
# It must not build jwtctl, and must not end with 0 where a peer is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$(cd "$here/../../.." && pwd)/target/interop-peers
export PEERS_NODE=$target/node

needed=()
command -v openssl >/dev/null || needed+=(openssl)
command -v ssh-keygen >/dev/null || needed+=(openssh-client)
command -v jose >/dev/null || needed+=(jose)
[[ -x /usr/bin/jwt ]] || needed+=(jwt) # by its path: other programs are called jwt too
python3 -c 'import venv, ensurepip' 2>/dev/null || needed+=(python3-venv)
if ((${#needed[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
fi

python3 -m venv "$target/venv"
"$target/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

# Node looks for packages beside the program, so the program is copied to them.
mkdir -p "$PEERS_NODE"
cp "$here"/{package.json,package-lock.json,adapters/npm_jose.mjs} "$PEERS_NODE"
(cd "$PEERS_NODE" && npm ci --silent --no-audit --no-fund --ignore-scripts)

exec "$target/venv/bin/python" -B "$here/test_peers.py"
