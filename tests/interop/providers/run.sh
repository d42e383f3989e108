#!/usr/bin/env bash
# Installs the libraries of providers on a Debian machine, and runs the commands of docs/providers.md with the jwtctl that
# JWTCTL_BIN names. It must not build jwtctl, and must not end with 0 where a library is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
target=$(cd "$here/../../.." && pwd)/target/interop-providers
export PROVIDERS_NODE=$target/node

needed=()
command -v openssl >/dev/null || needed+=(openssl)
command -v docker-registry >/dev/null || needed+=(docker-registry)
debian "${needed[@]}" $(needed_for_python)

python_packages "$target/venv" "$here/requirements.txt"
node_packages "$PROVIDERS_NODE" "$here"/{package.json,package-lock.json,providers.mjs}

exec "$target/venv/bin/python" -B "$here/test_providers.py"
