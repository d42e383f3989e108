#!/usr/bin/env bash
# What the action does: downloads the archive for this runner, checks it, and puts jwtctl on the PATH of later steps.
# Without BASE_URL, the archive must also have an attestation of provenance, where there is a `gh` to check it.
# Fails closed. Works with the bash of macOS, 3.2.
set -euo pipefail

fail() {
  echo "::error title=Install jwtctl::$*"
  exit 1
}

# fact NAME: what Cargo.toml of this version of the action says.
fact() { sed -n "s|^$1 = \"\\(.*\\)\"|\\1|p" "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1; }

version=${VERSION:-$(fact version)}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "not a version: $version"
repository=$(fact repository)
base_url=${BASE_URL:-$repository/releases/download}
[[ $base_url == https://* ]] || fail "not an https URL: $base_url"

case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) archive=x86_64-unknown-linux-musl.tar.gz ;;
  Linux-ARM64) archive=aarch64-unknown-linux-musl.tar.gz ;;
  macOS-X64) archive=x86_64-apple-darwin.tar.gz ;;
  macOS-ARM64) archive=aarch64-apple-darwin.tar.gz ;;
  Windows-X64 | Windows-ARM64) archive=x86_64-pc-windows-msvc.zip ;;
  *) fail "there is no jwtctl for $RUNNER_OS on $RUNNER_ARCH" ;;
esac
archive=jwtctl-$version-$archive

folder=$(mktemp -d "$RUNNER_TEMP/jwtctl.XXXXXX")
cd "$folder"
for file in SHA256SUMS "$archive"; do
  curl --fail --silent --show-error --location --proto '=https' --retry 3 \
    --output "$file" "$base_url/v$version/$file" || fail "cannot download $base_url/v$version/$file"
done

# macOS has no sha256sum.
sum=$(if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi)
expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
test "${sum%% *}" = "$expected" || fail "$archive is not what SHA256SUMS names"
if test -z "${BASE_URL:-}" && command -v gh >/dev/null; then
  owner_and_name=${repository#https://github.com/}
  gh attestation verify "$archive" --repo "$owner_and_name" \
    --signer-workflow "$owner_and_name/.github/workflows/release.yml" || fail "$archive has no valid attestation"
fi

bin=$folder/${archive%.*}
if [[ $RUNNER_OS == Windows ]]; then
  unzip -q "$archive"
  "$bin/jwtctl.exe" --version
  bin=$(cygpath --windows "$bin")
else
  bin=${bin%.tar}
  tar -xzf "$archive"
  "$bin/jwtctl" --version
fi
echo "$bin" >>"$GITHUB_PATH"
