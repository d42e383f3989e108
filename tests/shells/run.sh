#!/usr/bin/env bash
# Loads the committed completions in the real shells and asks them for words, has groff and mandoc read the
# manual pages, types a password on a terminal, makes files while calls of the system fail, and runs streams
# among processes. A shell that is not there is a failure. JWTCTL_BIN names the binary.
# Debian packages: bash zsh fish elvish groff-base mandoc python3 strace
set -euo pipefail
cd "$(dirname "$0")/../.."

: "${JWTCTL_BIN:?the path of the jwtctl binary}"
export LC_ALL=C.UTF-8
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source=tests/interop/install.sh
source tests/interop/install.sh
command -v npm >/dev/null || debian npm
node_packages "$scratch/node" tests/shells/package.json tests/shells/package-lock.json
export HOME=$scratch XDG_CONFIG_HOME=$scratch XDG_DATA_HOME=$scratch XDG_CACHE_HOME=$scratch
# The completions call the program by its name.
mkdir "$scratch/bin"
ln -s "$(realpath "$JWTCTL_BIN")" "$scratch/bin/jwtctl"
ln -s "$scratch"/node/node_modules/@nushell/*/bin/nu "$scratch/bin/nu"
PATH=$scratch/bin:$PATH
printf '[profile.ci]\naud = "x"\n[profile.dev]\n' >"$scratch/config.toml"
chmod 600 "$scratch/config.toml"
export JWTCTL_CONFIG=$scratch/config.toml
failures=0

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  failures=$((failures + 1))
}

# words SHELL LINE: what the shell offers for a line, one a line, into $scratch/words.
words() {
  case $1 in
    bash) command=(bash --noprofile --norc tests/shells/words.bash) ;;
    zsh) command=(zsh -f tests/shells/words.zsh) ;;
    fish) command=(fish --no-config tests/shells/words.fish) ;;
    elvish)
      : >"$scratch/words"
      LINE=$2 WORDS=$scratch/words timeout 60 \
        script -qec 'elvish -rc tests/shells/words.elv' /dev/null </dev/null >"$scratch/screen" ||
        fail "elvish: '$2': exit code $?"
      return
      ;;
    nu) command=(nu --no-config-file tests/shells/words.nu) ;;
  esac
  timeout 60 "${command[@]}" "$2" </dev/null >"$scratch/words" 2>"$scratch/stderr" ||
    fail "$1: '$2': exit code $?"
  test ! -s "$scratch/stderr" || fail "$1: '$2': on stderr: $(cat "$scratch/stderr")"
}

# offers SHELL LINE WORD…
offers() {
  local shell=$1 line=$2 word
  shift 2
  words "$shell" "$line"
  for word; do
    grep -qxF -e "$word" "$scratch/words" ||
      fail "$shell: '$line' does not offer $word, but: $(tr '\n' ' ' <"$scratch/words")"
  done
}

# withholds SHELL LINE WORD: so that a shell that offers everything everywhere is found out.
withholds() {
  words "$1" "$2"
  ! grep -qxF -e "$3" "$scratch/words" || fail "$1: '$2' offers $3"
}

for shell in bash zsh fish elvish nu; do
  if ! command -v "$shell" >/dev/null; then
    fail "$shell is not installed"
    continue
  fi
  offers "$shell" 'jwtctl ver' verify
  offers "$shell" 'jwtctl ' encode decode verify refresh completions man help
  offers "$shell" 'jwtctl verify --min' --min-ttl
  offers "$shell" 'jwtctl sign --no-' --no-exp --no-iat --no-typ
  offers "$shell" 'jwtctl completions ' bash zsh fish powershell elvish nushell
  offers "$shell" 'jwtctl encode --alg ' HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 \
    ES256 ES384 ES512 ES256K EdDSA Ed25519
  offers "$shell" 'jwtctl encode --alg ES' ES256 ES384 ES512 ES256K
  offers "$shell" 'jwtctl verify --secret-format ' text raw base64 hex
  offers "$shell" 'jwtctl decode --color ' auto always never
  offers "$shell" 'jwtctl help ' verify exit-codes
  offers "$shell" 'jwtctl encode --alg es' ES256 ES384 ES512 ES256K
  offers "$shell" 'jwtctl key new --format ' pem jwk der openssh text
  offers "$shell" 'jwtctl verify --secret-env ba' base64:
  offers "$shell" 'jwtctl verify --profile ' ci dev
  offers "$shell" 'jwtctl verify --get ' iss sub aud exp nbf iat jti
  offers "$shell" 'jwtctl verify --require n' nbf
  offers "$shell" 'jwtctl encode --claim ' iss= sub= exp:=
  offers "$shell" 'jwtctl refresh --unset ' iss nbf jti
  withholds "$shell" 'jwtctl refresh --unset ' exp
  withholds "$shell" 'jwtctl encode --disclosable ' iss
  withholds "$shell" 'jwtctl verify --json --g' --get
  withholds "$shell" 'jwtctl -j completions --j' --json
  # Zsh is asked for the part of the word behind the @.
  at=@
  if [ "$shell" = zsh ]; then at=; fi
  offers "$shell" 'jwtctl decode @Cargo.to' "${at}Cargo.toml"
  offers "$shell" 'jwtctl encode @Cargo.to' "${at}Cargo.toml"
  offers "$shell" 'jwtctl verify --key Cargo.to' Cargo.toml
  offers "$shell" 'jwtctl verify --batch Cargo.to' Cargo.toml
  withholds "$shell" 'jwtctl verify Cargo.to' Cargo.toml
  withholds "$shell" 'jwtctl verify --m' --secret
  withholds "$shell" 'jwtctl decode --min' --min-ttl
  withholds "$shell" 'jwtctl encode --alg ' none
  printf '%s: asked\n' "$shell"
done

# The pages render without a warning, and say what they are of.
mkdir "$scratch/man"
"$JWTCTL_BIN" man --dir "$scratch/man"
"$JWTCTL_BIN" man | cmp - "$scratch/man/jwtctl.1" || fail "jwtctl man is not its page in --dir"
for verb in '' -encode -decode -verify -refresh -redact -key -key-new -completions -man -help; do
  test -s "$scratch/man/jwtctl$verb.1" || fail "there is no page jwtctl$verb.1"
done
for page in "$scratch"/man/*.1; do
  name=${page##*/}
  groff -man -Tutf8 -ww -P-cbou "$page" >"$scratch/rendered" 2>"$scratch/stderr" ||
    fail "groff: $name: exit code $?"
  test ! -s "$scratch/stderr" || fail "groff: $name: $(cat "$scratch/stderr")"
  mandoc -T lint "$page" >"$scratch/stderr" 2>&1 || fail "mandoc: $name: $(cat "$scratch/stderr")"
  for heading in NAME SYNOPSIS 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
    grep -q "^$heading" "$scratch/rendered" || fail "$name has no $heading"
  done
done
printf 'man pages: read\n'

# Help in the place of a verdict is no success, and on a terminal it is on stdout.
code=0
script -qec "'$JWTCTL_BIN' verify -h 2>/dev/null" /dev/null >"$scratch/help" </dev/null || code=$?
test "$code" -eq 2 || fail "verify -h on a terminal: exit code $code"
grep -q 'Usage:.*jwtctl verify' "$scratch/help" || fail 'verify -h does not print its help on a terminal'

# Long help is paged on a terminal, with a pager that may leave early, and never in a pipe.
on_terminal() { env -u CI TERM=xterm PAGER="$1" script -qec "'$JWTCTL_BIN' $2" /dev/null </dev/null | tr -d '\r'; }
seen=$(on_terminal 'head -n 1' 'help encode')
test "$seen" = 'Create and sign a token' || fail "help in a pager: $seen"
seen=$(on_terminal 'no-such-pager' 'help encode')
[[ $seen == *--ttl*Examples:* ]] || fail "help without a pager: $seen"
seen=$(PAGER='head -n 1' "$JWTCTL_BIN" help encode | wc -l)
test "$seen" -gt 50 || fail "help in a pipe: $seen lines"

python3 -B tests/shells/prompt.py || fail 'the prompt on a terminal'
python3 -B tests/shells/files.py || fail 'files while calls of the system fail'
python3 -B tests/shells/streams.py || fail 'streams among processes'
python3 -B tests/shells/bar.py || fail 'the bar of a stream'

test "$failures" -eq 0
