#!/usr/bin/env bash
# Builds and tests jwtctl for other platforms: run.sh PART…
#   windows       builds it for Windows, and runs at least 150 process tests under wine; part of .ci/run
#   darwin        checks library and program for macOS; part of .ci/run
#   windows-all   runs all process tests under wine
#   darwin-tests  checks the tests for macOS as well
#   musl          builds program and tests with musl, and runs them all
#   arm           builds program and tests for 64-bit ARM, and runs them all under qemu
# Without a part it does the last four, as before a release. Installs what it needs on Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/tests/platforms
folder=$PWD/target/platforms

# The modules of tests/cli whose tests .ci/run runs under wine: verbs, exit codes, keys, secrets, files, an issuer.
chosen='encode|decode|verify|refresh|exit_codes|keys|key_new|key_forms|secrets|output|times|usage|streams|issuer_verbs'

step() { printf '\n== %s\n' "$*"; }

# cross SUBCOMMAND TARGET FLAG…: the cargo that install.sh unpacked, with a standard library made for the target.
cross() {
  local std=std,panic_abort
  [[ $* != *--tests* ]] || std=std,panic_abort,panic_unwind,test
  env LD_LIBRARY_PATH="$folder/rust/usr/lib/x86_64-linux-gnu" PATH="$folder/rust/usr/bin:$folder/zig/bin:/usr/bin:/bin" \
    RUSTC_BOOTSTRAP=1 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$folder/build" \
    "${cargo:-cargo}" "$1" --locked -Zbuild-std=$std -Zwarnings --config 'build.warnings="deny"' --target "$2" "${@:3}"
}

# windows [MODULES]
windows() (
  step "Windows: build"
  "$here/install.sh" "$folder" windows
  local target=x86_64-pc-windows-gnu wine=$folder/wine compile=(x86_64-w64-mingw32-gcc -O2 -Wall -Wextra -Werror)
  cross build $target --bin jwtctl
  mkdir -p "$wine"
  ln -f "$folder/build/$target/debug/jwtctl.exe" "$wine"
  "${compile[@]}" -o "$wine/launcher.exe" "$here/wine/launcher.c"
  "${compile[@]}" -shared -o "$wine/bcryptprimitives.dll" "$here/wine/random.c" -ladvapi32

  step "Windows: process tests under wine"
  export WINEPREFIX=$wine/prefix WINEDEBUG=-all
  # A server that stays spares each call its start. It may be there already. The services that wineboot starts would
  # otherwise be started by the first test, and keep its pipes open.
  mkdir -p "$WINEPREFIX"
  /usr/lib/wine/wineserver -p || true
  trap '/usr/lib/wine/wineserver -k' EXIT
  /usr/lib/wine/wine64 wineboot -i </dev/null &>/dev/null
  cat >"$wine/jwtctl" <<EOF
#!/bin/sh
export WINEPREFIX='$WINEPREFIX' WINEDEBUG=-all LC_ALL=C.UTF-8
exec /usr/lib/wine/wine64 '$wine/launcher.exe' "\$@"
EOF
  chmod +x "$wine/jwtctl"
  # Without modules there are no names, which means all tests.
  local names tests=(cargo test --locked --no-fail-fast --test cli --test readme -- --exact)
  mapfile -t names < <("${tests[@]}" --list | grep -oP "^(${1:-})::\S+(?=: test$)")
  # A service of wine that keeps a pipe open would otherwise hang this for ever.
  export JWTCTL_TEST_PROGRAM=$wine/jwtctl
  timeout 45m "${tests[@]}" "${names[@]}" >"$wine/log" || true
  # One start of wine in some thousand ends with 1 and says nothing. So what failed without being listed runs once more.
  local again compare=(python3 -B "$here/wine/compare.py" "$here/wine/expected.txt")
  mapfile -t again < <("${compare[@]}" "$wine/log" "${names[@]}" | sed -n 's/^failed: //p')
  if ((${#again[@]})); then
    printf 'runs once more: %s\n' "${again[@]}"
    timeout 15m "${tests[@]}" "${again[@]}" >>"$wine/log" || true
  fi
  "${compare[@]}" "$wine/log" "${names[@]}"
)

darwin() {
  step "macOS: check of $*"
  "$here/install.sh" "$folder" darwin
  cargo=cargo-zigbuild cross check aarch64-apple-darwin "$@"
}

musl() (
  step "musl: all tests"
  "$here/install.sh" "$folder" musl
  export CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS='-C link-self-contained=no'
  cargo=cargo-zigbuild cross test x86_64-unknown-linux-musl --tests --no-fail-fast
)

arm() (
  step "ARM: all tests under qemu"
  "$here/install.sh" "$folder" arm
  local target=aarch64-unknown-linux-gnu arm=$folder/arm
  # The tests run under qemu, but the processes that they start would not.
  mkdir -p "$arm"
  printf '#!/bin/sh\nexec qemu-aarch64 "%s" "$@"\n' "$folder/build/$target/debug/jwtctl" >"$arm/jwtctl"
  chmod +x "$arm/jwtctl"
  export JWTCTL_TEST_PROGRAM=$arm/jwtctl
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=qemu-aarch64
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS='-C target-feature=+crt-static'
  cross test $target --tests --no-fail-fast
)

(($#)) || set -- windows-all darwin-tests musl arm
for part; do
  case $part in
    windows) windows "$chosen" ;;
    windows-all) windows ;;
    darwin) darwin --lib --bins ;;
    darwin-tests) darwin --lib --bins --tests ;;
    musl | arm) "$part" ;;
    *) echo "no such part: $part" >&2 && exit 2 ;;
  esac
done
