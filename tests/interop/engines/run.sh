#!/usr/bin/env bash
# Installs GNU parallel, OpenSSH, a Java runtime and Spark on a Debian machine and runs the recipes of docs/streams.md
# with the jwtctl that JWTCTL_BIN names. It must not build jwtctl, and must not end with 0 where a part is missing.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
venv=$(cd "$here/../../.." && pwd)/target/interop-engines/venv

needed=()
# moreutils has another program called parallel.
[[ $(parallel --version 2>/dev/null) == "GNU parallel"* ]] || needed+=(parallel)
command -v jq >/dev/null || needed+=(jq)
command -v ssh >/dev/null || needed+=(openssh-client)
[[ -x /usr/sbin/sshd ]] || needed+=(openssh-server)
java -version 2>/dev/null || needed+=(default-jre-headless)
debian "${needed[@]}" $(needed_for_python)

# Spark is half a gigabyte: an environment that was made from the same requirements is kept.
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python_packages "$venv" "$here/requirements.txt" --no-deps
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi

exec "$venv/bin/python" -B "$here/test_engines.py"
