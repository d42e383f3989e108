#!/usr/bin/env bash
# Installs what benches/streams.py measures jwtctl against, on a Debian machine with Node and Python, into
# a folder: install.sh FOLDER. It ends non-zero where a peer is missing.
set -euo pipefail

: "${1:?must be the folder to install into}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../tests/interop/install.sh"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
library=/usr/share/gocode/src/github.com/golang-jwt/jwt

needed=()
[[ -d $library ]] || needed+=(golang-github-golang-jwt-jwt-dev)
debian "${needed[@]}" $(needed_for_python)

python_packages "$folder/venv" "$here/requirements.txt"
node_packages "$folder" "$here"/{package.json,package-lock.json,fast_jwt.mjs,pyjwt.py}

# The library is Debian's; the compiler a current one, since those before Go 1.21 (Debian 12 has 1.19) do
# not use the processor's instructions for SHA-256.
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$folder/go-cache GOTOOLCHAIN=local CGO_ENABLED=0 \
    "$folder/venv/bin/go" build -o "$folder/golang_jwt" "$here/golang_jwt.go"
