#!/usr/bin/env bash
# What `cargo publish` would send: it holds what the program is built of and nothing else, and what `cargo install`
# builds from it, outside of this checkout, is static and signs without the wait for jitter entropy.
#
#   tests/crate/run.sh FOLDER      installs into this folder
#
# Debian packages: binutils valgrind
set -euo pipefail
mkdir -p "${1:?the folder to install into}"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
source tests/interop/install.sh

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

command -v valgrind >/dev/null || debian valgrind
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo publish --dry-run --no-verify --locked --allow-dirty --quiet
rm -f target/package/*.crate
cargo package --no-verify --locked --allow-dirty --quiet
archive=$(echo target/package/*.crate)
tar --extract --gzip --file "$archive" --directory "$scratch"
package=$scratch/$(basename "$archive" .crate)

{
  git ls-files --cached --others --exclude-standard build.rs completions src
  printf '%s\n' .cargo_vcs_info.json CHANGELOG.md Cargo.lock Cargo.toml Cargo.toml.orig LICENSE-APACHE LICENSE-MIT README.md
} | LC_ALL=C sort >"$scratch/expected"
(cd "$package" && find . -type f -printf '%P\n') | LC_ALL=C sort | diff "$scratch/expected" - ||
  fail "the package holds other files"
size=$(stat --format=%s "$archive")
((size < 650000)) || fail "the package has $size bytes"

# With what this checkout has built already of other packages.
target=$PWD/target
(cd "$scratch" && cargo install --locked --quiet --path "$package" --root "$folder" --target-dir "$target")
jwtctl=$folder/bin/jwtctl

! readelf --dynamic "$jwtctl" | grep NEEDED || fail "the program is not static"
# static_with LINKER: how build.rs has the program linked.
rustc --edition 2024 -o "$scratch/build" build.rs
static_with() {
  OUT_DIR=$scratch HOST=this TARGET=this CARGO_CFG_TARGET_OS=linux CARGO_CFG_TARGET_ENV=gnu RUSTC=rustc \
    RUSTC_LINKER=$1 "$scratch/build" | grep --quiet -- -static-pie
}
cat >"$scratch/cc" <<'END'
#!/bin/sh
case $1 in *=libc.a) echo libc.a ;; *) exec cc "$@" ;; esac
END
chmod +x "$scratch/cc"
static_with cc || fail "not static with cc"
for linker in "$scratch/cc" false "$scratch/missing"; do
  ! static_with "$linker" || fail "static although $linker finds no libc.a"
done

token=$("$jwtctl" encode --user 123 --key benches/es256.pem)
"$jwtctl" decode --get user_id "$token" | grep -qx 123
JWTCTL_SECRET=$(head -c 48 /dev/urandom | base64)
export JWTCTL_SECRET
"$jwtctl" encode --user 123 | "$jwtctl" verify --get user_id | grep -qx 123

# A million, of which the signature is most. Jitter entropy takes 400 million.
valgrind --tool=callgrind --callgrind-out-file="$scratch/callgrind" --log-file="$scratch/log" \
  "$jwtctl" encode --user 123 --key benches/es256.pem >/dev/null
instructions=$(sed -n 's/^summary: //p' "$scratch/callgrind")
((instructions < 10000000)) || fail "a signature with ES256 takes $instructions instructions"
printf '%s files, %s bytes; a signature with ES256 takes %s instructions\n' \
  "$(wc -l <"$scratch/expected")" "$size" "$instructions"
