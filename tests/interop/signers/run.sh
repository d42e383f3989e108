#!/usr/bin/env bash
# Proves that keys which never leave the SSH agent, SoftHSM or a key management service sign: with OpenSSH's own agent,
# with OpenSSL and pkcs11-tool, and with stand-ins for the clients of the services. Installs what it needs on Debian.
# JWTCTL_BIN is the path of the jwtctl to test; this builds none.
set -euo pipefail

: "${JWTCTL_BIN:?must be the path of the jwtctl to test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../install.sh"
venv=$(cd "$here/../../.." && pwd)/target/interop-signers

needed=()
command -v openssl >/dev/null || needed+=(openssl)
command -v ssh-agent >/dev/null || needed+=(openssh-client)
command -v softhsm2-util >/dev/null || needed+=(softhsm2)
command -v pkcs11-tool >/dev/null || needed+=(opensc)
debian "${needed[@]}" $(needed_for_python)
python_packages "$venv" "$here/requirements.txt"

"$venv/bin/python" -B "$here/test_signers.py"
