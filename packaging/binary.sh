#!/usr/bin/env bash
# Builds the program that a release holds: OUT/TARGET/jwtctl (or jwtctl.exe).
#
#   packaging/binary.sh TARGET OUT
#
# Debian packages: musl-tools for musl
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/interop/install.sh

target=${1:?the target}
out=${2:?the folder}/$target
options=(--release --locked --bin jwtctl)
if [[ $(rustc -vV) != *$'\n'"host: $target"$'\n'* ]]; then
  rustup target add "$target"
  options+=(--target "$target")
fi
# Neither needs a library that is not on every machine.
case $target in *-linux-musl | *-windows-msvc) export RUSTFLAGS="-C target-feature=+crt-static" ;; esac
if [[ $target == *-linux-musl ]]; then
  command -v musl-gcc >/dev/null || debian musl-tools
  export "CC_$(tr - _ <<<"$target")=musl-gcc"
fi
built=$(cargo build "${options[@]}" --message-format=json-render-diagnostics)
program=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<<"$built" | sed 's|\\\\|/|g')
mkdir -p "$out"
cp "$program" "$out"
