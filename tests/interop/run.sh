#!/usr/bin/env bash
# Proves jwtctl against the real PyJWT and against the Flask application in examples/.
# JWTCTL_BIN is the path of the jwtctl to test; without it the release build is made and tested.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tests=$root/tests/interop/pyjwt
example=$root/examples/flask-session
venv=$root/target/interop-venv

if [[ -z ${JWTCTL_BIN:-} ]]; then
    # Where the binary is depends on the configuration, so cargo has to say.
    built=$(cd "$root" && cargo build --release --locked --bin jwtctl --message-format=json-render-diagnostics)
    JWTCTL_BIN=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<<"$built")
fi
export JWTCTL_BIN

python3 -m venv "$venv"
PATH=$venv/bin:$PATH
python3 -m pip install --quiet --disable-pip-version-check -r "$tests/requirements.txt" -r "$example/requirements.txt"

python3 -B "$tests/test_pyjwt.py"
"$example/drive.sh"
# Its translation has the same blocks (tests/readme).
bash "$root/tests/interop/page.sh" "$example/README.md"
