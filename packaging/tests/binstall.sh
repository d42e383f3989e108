#!/usr/bin/env bash
# Installs jwtctl with cargo-binstall, as Cargo.toml tells it to, from archives served on loopback. It is not part of
# test.sh because building cargo-binstall takes some five minutes.
#
#   packaging/tests/binstall.sh BINARY
#
# Debian packages: jq openssl
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:?}")
scratch=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$scratch"' EXIT
cd "$scratch"

# Built outside the checkout, whose configuration is for jwtctl. Later versions need a newer Rust.
CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --locked --root "$root/target/packaging/binstall" \
  --no-default-features --features rustls,fancy-no-backtrace cargo-binstall@1.20.0

version=$(cargo metadata --locked --no-deps --format-version=1 --manifest-path "$root/Cargo.toml" |
  jq -r '.packages[0].version')
# cargo-binstall asks for the machine's own target first, which is not released, and then for musl.
JWTCTL_BIN=$binary "$root/packaging/build.sh" "www/jwtctl/releases/download/v$version" \
  "$(uname -m)-unknown-linux-musl=$binary"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2 -subj /CN=tests \
  -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
  -keyout key.pem -out certificate.pem 2>/dev/null
python3 "$here/https.py" www certificate.pem key.pem >port 2>/dev/null &
server=$!
while ! [[ -s port ]]; do sleep 0.1; kill -0 "$server"; done

mkdir crate
cp -r "$root"/{src,benches,tests} crate
sed "s|^repository = .*|repository = \"https://localhost:$(<port)/jwtctl\"|" "$root/Cargo.toml" >crate/Cargo.toml
"$root/target/packaging/binstall/bin/cargo-binstall" binstall jwtctl --manifest-path crate/Cargo.toml \
  --root-certificates certificate.pem --root installed --settings settings.toml --no-confirm --disable-telemetry \
  --no-discover-github-token --disable-strategies compile
cmp "$binary" installed/bin/jwtctl
