#!/usr/bin/env bash
# Makes one container image, as an OCI archive, of the Linux archives that build.sh has made: each
# becomes the image of its architecture. Needs no daemon. The same archives make the same image.
#
#   packaging/image/build.sh OUT IMAGE.tar
#
# Debian packages: buildah ca-certificates jq
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "${1:?}" && pwd)
image=$(realpath "${2:?}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUILDAH_ISOLATION=chroot
buildah() { command buildah --storage-driver vfs --root "$scratch/storage" --runroot "$scratch/run" "$@"; }

facts=$(cargo metadata --locked --no-deps --format-version=1 --manifest-path "$here/../../Cargo.toml")
fact() { jq -er ".packages[0].$1" <<<"$facts"; }
version=$(fact version)

buildah manifest create jwtctl >/dev/null
for archive in "$out"/jwtctl-*-linux-*.tar.gz; do
  name=$(basename "$archive" .tar.gz)
  case $name in
    *-x86_64-*) arch=amd64 ;;
    *-aarch64-*) arch=arm64 ;;
    *) echo "no architecture is known for $archive" >&2; exit 2 ;;
  esac
  tar --extract --gzip --file "$archive" --directory "$scratch"
  mkdir -m 700 "$scratch/$name/home"
  # Debian's own file would hold what was added on this machine as well.
  cat /usr/share/ca-certificates/mozilla/*.crt >"$scratch/$name/ca-certificates.crt"
  buildah bud --quiet --timestamp 0 --arch "$arch" --manifest jwtctl --file "$here/Containerfile" \
    --label org.opencontainers.image.source="$(fact repository)" \
    --label org.opencontainers.image.version="$version" \
    --label org.opencontainers.image.licenses="$(fact license)" "$scratch/$name" >/dev/null
done
buildah manifest push --quiet --all jwtctl "oci:$scratch/image:$version" >/dev/null
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --file "$image" \
  --directory "$scratch/image" blobs index.json oci-layout
