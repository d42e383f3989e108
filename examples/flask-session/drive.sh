#!/usr/bin/env bash
# Starts the application on a free loopback port and drives it with curl and jwtctl.
# Prints a line for each step; the first that fails ends it. Needs python3 with requirements.txt.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jwtctl=${JWTCTL_BIN:-jwtctl}
unset JWTCTL_KEY JWTCTL_SECRET JWTCTL_SECRET_FORMAT

fail() {
    printf 'FAILED  %s\n' "$*" >&2
    exit 1
}

# expect STEP WANTED GOT
expect() {
    [[ $3 == "$2" ]] || fail "$1: expected $2, got $3"
    printf 'ok  %s\n' "$1"
}

# The exit code of a command.
code_of() {
    local code=0
    "$@" >/dev/null 2>&1 || code=$?
    echo "$code"
}

# call PATH [CURL'S ARGUMENTS]: the answer's body and status on one line.
call() {
    curl -sS --noproxy '*' --max-time 10 -w ' %{http_code}' "$url$1" "${@:2}" | tr -d '\n'
}

# me TOKEN: what the guarded route says to it.
me() {
    call /me -H "Authorization: Bearer $1"
}

# The token in an answer.
token_in() {
    sed -n 's/.*"token":"\([^"]*\)".* 200$/\1/p' <<<"$1"
}

# The claims of a token that jwtctl accepts, but for exp.
claims_of() {
    "$jwtctl" verify "$1" | python3 -c 'import json, sys; claims = json.load(sys.stdin); del claims["exp"]; print(claims)'
}

command -v "$jwtctl" >/dev/null || fail "no $jwtctl here: set JWTCTL_BIN to its path"
expect 'the application does not start without a secret' 1 \
    "$(cd "$here" && code_of python3 -B -c 'import app')"

JWTCTL_SECRET=$(python3 -c 'import secrets; print(secrets.token_urlsafe(48))')
export JWTCTL_SECRET
log=$(mktemp)
PORT=0 python3 "$here/app.py" 2>"$log" >&2 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -f "$log"' EXIT

# It says in its log which port the system gave it.
url=
for _ in {1..200}; do
    url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$log") && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
[[ $url ]] || fail "the application did not start: $(<"$log")"

export token
token=$(token_in "$(call /login -H 'Content-Type: application/json' -d '{"user_id": 123}')")
expect 'jwtctl verifies the token of a login' 123 "$("$jwtctl" verify --get user_id --token-env token)"
expect 'the application accepts it' '{"user_id":123} 200' "$(me "$token")"

token=$("$jwtctl" encode --user 123 --ttl 30m)
expect 'the application accepts a token of jwtctl encode' '{"user_id":123} 200' "$(me "$token")"

expired=$("$jwtctl" encode --user 123 --exp -5m)
expect 'an expired token: the application says 401 expired' '{"error":"expired"} 401' "$(me "$expired")"
expect 'an expired token: jwtctl exits with 3' 3 "$(code_of "$jwtctl" verify "$expired")"

forged=$("$jwtctl" encode --user 123 --ttl 30m -S 'the secret of a forger, who can only guess at it')
expect 'a forged token: the application says 401 invalid' '{"error":"invalid"} 401' "$(me "$forged")"
expect 'a forged token: jwtctl exits with 4' 4 "$(code_of "$jwtctl" verify "$forged")"

expect 'no token: the application says 401 invalid' '{"error":"invalid"} 401' "$(call /me)"

endless=$("$jwtctl" encode --user 123 --no-exp)
expect 'a token without exp: the application says 401 invalid' '{"error":"invalid"} 401' "$(me "$endless")"
expect 'a token without exp: jwtctl, told to require one, exits with 6' 6 \
    "$(code_of "$jwtctl" verify --require exp "$endless")"

token=$("$jwtctl" encode --user 123 --ttl 5m --claim name=Žofie --claim 'roles:=["admin",{"scope":null}]')
exp=$("$jwtctl" verify --get exp --token-env token)

renewed=$("$jwtctl" refresh --ttl 30m --token-env token)
expect 'the application accepts a token of jwtctl refresh' '{"user_id":123} 200' "$(me "$renewed")"

renewed=$(token_in "$(call /refresh -X POST -H "Authorization: Bearer $token")")
expect 'jwtctl verifies a refresh of the application: the claims are kept' "$(claims_of "$token")" "$(claims_of "$renewed")"
(($("$jwtctl" verify --get exp "$renewed") > exp)) || fail 'the refreshed token does not end later'
printf 'ok  and it ends later\n'

expect 'the application does not refresh an expired token' '{"error":"expired"} 401' \
    "$(call /refresh -X POST -H "Authorization: Bearer $expired")"
expect 'nor does jwtctl' 3 "$(code_of "$jwtctl" refresh "$expired")"
