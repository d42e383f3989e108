#!/usr/bin/env bash
# Installs what benches/streams.py measures jwtctl against, on a Debian machine with Node and Python, into
# a folder: install.sh FOLDER. It ends non-zero where a peer is missing.
set -euo pipefail

: "${1:?must be the folder to install into}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
library=/usr/share/gocode/src/github.com/golang-jwt/jwt

needed=()
[[ -d $library ]] || needed+=(golang-github-golang-jwt-jwt-dev)
python3 -c 'import venv, ensurepip' 2>/dev/null || needed+=(python3-venv)
if ((${#needed[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
fi

python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

# Node looks for packages beside the program, so the program is copied to them.
cp "$here"/{package.json,package-lock.json,fast_jwt.mjs,pyjwt.py} "$folder"
(cd "$folder" && npm ci --silent --no-audit --no-fund --ignore-scripts)

# The library is Debian's; the compiler a current one, since those before Go 1.21 (Debian 12 has 1.19) do
# not use the processor's instructions for SHA-256.
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$folder/go-cache GOTOOLCHAIN=local CGO_ENABLED=0 \
    "$folder/venv/bin/go" build -o "$folder/golang_jwt" "$here/golang_jwt.go"
