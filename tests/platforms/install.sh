#!/usr/bin/env bash
# Installs what run.sh needs, on Debian: install.sh FOLDER PART…, with the parts windows, musl, arm and darwin. What the
# folder has already stays. For the standard libraries of other targets, it takes Debian's rust-web, which has their
# source. That is unpacked and not installed, so it does not become anybody's Rust.
set -euo pipefail

: "${1:?must be the folder to install into}" "${2:?must be a part: windows, musl, arm, darwin}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../interop/install.sh"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift

needed=()
# needs PROGRAM PACKAGE…
needs() { command -v "$1" >/dev/null || needed+=("${@:2}"); }
zig=
for part; do
    case $part in
        windows)
            needs x86_64-w64-mingw32-g++ g++-mingw-w64-x86-64-win32 gcc-mingw-w64-x86-64-win32
            needs /usr/lib/wine/wine64 wine64
            needs nasm nasm
            needs cmake cmake
            ;;
        arm)
            needs aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
            needs qemu-aarch64 qemu-user
            ;;
        musl | darwin) zig=1 ;;
        *) echo "no such part: $part" >&2 && exit 2 ;;
    esac
done
[[ -z $zig ]] || mapfile -t -O "${#needed[@]}" needed < <(needed_for_python)
debian "${needed[@]}"

if [[ -n $zig ]]; then
    python_packages "$folder/zig" "$here/requirements.txt"
fi

if [[ ! -d $folder/rust ]]; then
    rm -rf "$folder"/rust-{debs,part}
    mkdir -p "$folder/rust-debs/partial"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends --download-only -o APT::Sandbox::User=root \
        -o Dir::Cache::archives="$folder/rust-debs" rustc-web cargo-web rust-web-clippy rust-web-src >/dev/null
    for package in "$folder"/rust-debs/*.deb; do
        dpkg -x "$package" "$folder/rust-part"
    done
    rm -r "$folder/rust-debs"
    mv "$folder/rust-part" "$folder/rust"
fi
