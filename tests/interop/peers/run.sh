#!/usr/bin/env bash
# Installs the peers on a Debian machine and runs the suites against the jwtctl that JWTCTL_BIN names.
# It must not build jwtctl, and must not end with 0 where a peer is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
target=$(cd "$here/../../.." && pwd)/target/interop-peers
export PEERS_NODE=$target/node

needed=()
command -v openssl >/dev/null || needed+=(openssl)
command -v ssh-keygen >/dev/null || needed+=(openssh-client)
command -v jose >/dev/null || needed+=(jose)
[[ -x /usr/bin/jwt ]] || needed+=(jwt) # by its path: other programs are called jwt too
debian "${needed[@]}" $(needed_for_python)

python_packages "$target/venv" "$here/requirements.txt"
node_packages "$PEERS_NODE" "$here"/{.npmrc,package.json,package-lock.json,adapters/*.mjs}

for suite in test_peers test_encryption test_shapes test_ml_dsa test_chains; do
    "$target/venv/bin/python" -B "$here/$suite.py"
done
