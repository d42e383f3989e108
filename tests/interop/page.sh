#!/usr/bin/env bash
# Pastes the blocks of examples/flask-session/README.md into one interactive shell, as a newcomer does, and checks what
# they print: page.sh README. JWTCTL_BIN is the path of the jwtctl to test. Port 8000 must be free.
set -euo pipefail

page=$(realpath "$1")
: "${JWTCTL_BIN:?the path of the jwtctl binary}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$(dirname "$page")"/{app.py,requirements.txt} "$folder"
mkdir "$folder/bin"
ln -s "$(realpath "$JWTCTL_BIN")" "$folder/bin/jwtctl"

# A newcomer does not paste the second block before the application runs.
wait='for i in $(seq 100); do curl -s --noproxy "*" localhost:8000 >/dev/null && break; sleep 0.1; done'
awk -v wait="$wait" '/^```sh$/ { inside = 1; next } /^```$/ && inside { inside = 0; if (++n == 1) print wait; next } inside' \
  "$page" >"$folder/typed"

cd "$folder"
env -u JWTCTL_KEY -u JWTCTL_SECRET_FORMAT PATH="$folder/bin:$PATH" no_proxy=localhost PIP_DISABLE_PIP_VERSION_CHECK=1 \
  bash --noprofile --norc -i <typed >printed 2>said
diff <(grep -E '^(\{"(user_id|error)":.*|exit code .*)$' printed) - <<'END' || { cat said >&2; exit 1; }
{"user_id":123}
{"user_id":123}
{"user_id":123}
exit code 3
{"error":"expired"}
exit code 4
{"error":"invalid"}
END
printf 'ok  %s\n' "$(basename "$page"): what it says to type works"
