#!/usr/bin/env bash
# Makes what a release holds from binaries that are built already: an archive for each, packages for
# those for Linux, a Homebrew formula, a Scoop manifest, SHA256SUMS. The same input makes the same bytes.
#
#   packaging/build.sh OUT TARGET=BINARY…
#
# JWTCTL_BIN               a jwtctl that runs here, which writes the manual pages; otherwise the one that
#                          is given for this machine's Linux
# MINISIGN_SECRET_KEY      the text of a secret key without a password: SHA256SUMS is signed with it
# JWTCTL_PACKAGE_VERSION   a version other than that of Cargo.toml, for tests of upgrades
# Debian packages: git groff-base jq python3-venv zip, and minisign to sign
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
source "$root/tests/interop/install.sh"

(($# >= 2)) || { sed -n 's/^#   packaging/packaging/p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
test -z "$(ls -A "$out")" || { echo "$out is not empty" >&2; exit 2; }

declare -A binaries=()
for pair; do
  [[ $pair == *=* && -f ${pair#*=} ]] || { echo "not TARGET=BINARY with a file: $pair" >&2; exit 2; }
  binaries[${pair%%=*}]=$(realpath "${pair#*=}")
  case ${pair%%=*} in "$(uname -m)"-*-linux-*) native=${binaries[${pair%%=*}]} ;; esac
done
JWTCTL_BIN=$(realpath "${JWTCTL_BIN:-${native:?no binary for this machine, and no JWTCTL_BIN}}")
cd "$root"

facts=$(cargo metadata --locked --no-deps --format-version=1)
fact() { jq -er ".packages[0].$1" <<<"$facts"; }
version=${JWTCTL_PACKAGE_VERSION:-$(fact version)}
repository=$(fact repository)
downloads=$repository/releases/download/v$version
owner=$(basename "$(dirname "$repository")")
export PACKAGE_VERSION=$version PACKAGE_HOMEPAGE=$repository
export PACKAGE_MAINTAINER="jwtctl developers <$owner@users.noreply.github.com>"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

venv=$root/target/packaging/venv
cmp --silent "$here/requirements.txt" "$venv/requirements.txt" || {
  python_packages "$venv" "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fill TEMPLATE: on stdout, with what stands between two @ replaced.
fill() {
  local sums=() sum archive target
  while read -r sum archive; do
    target=${archive#"jwtctl-$version-"} target=${target%.tar.gz} target=${target%.zip}
    sums+=(-e "s|@ARCHIVE $target@|$downloads/$archive|;s|@SHA256 $target@|$sum|")
  done < <(cd "$out" && find . -name '*.tar.gz' -printf '%P\n' -o -name '*.zip' -printf '%P\n' | xargs -r sha256sum)
  sed -e "s|@VERSION@|$version|g;s|@REPOSITORY@|$repository|g" "${sums[@]}" "$1"
}

# What all targets share.
shared=$scratch/shared
mkdir -p "$shared/man/man1"
"$JWTCTL_BIN" man --dir "$shared/man/man1"
cp -r README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE completions "$shared"

# archive TARGET: the archive for a target. Its folder stays in $scratch for the packages.
archive() {
  local name=jwtctl-$version-$1 folder page
  folder=$scratch/$name
  cp -r "$shared" "$folder"
  python3 "$here/third_party.py" "$1" >"$folder/THIRD-PARTY.txt"
  case $1 in
    *-windows-*)
      install -m 755 "${binaries[$1]}" "$folder/jwtctl.exe"
      # Windows has nothing that shows a manual page.
      for page in "$folder"/man/man1/*.1; do
        groff -man -Tutf8 -P-cbou "$page" >"$folder/man/$(basename "$page" .1).txt"
      done
      rm -r "$folder/man/man1"
      ;;
    *) install -m 755 "${binaries[$1]}" "$folder/jwtctl" ;;
  esac
  chmod -R u=rwX,go=rX "$folder"
  find "$folder" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  cd "$scratch"
  case $1 in
    *-windows-*) find "$name" -type f | sort | zip -9 -X -q -@ "$out/$name.zip" ;;
    *)
      tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner "$name" |
        gzip -9n >"$out/$name.tar.gz"
      ;;
  esac
  cd "$root"
}

# packages TARGET: deb, rpm, apk and Arch from the folder of its archive.
packages() {
  local folder=$scratch/packages-$1 format page
  cp -r "$scratch/jwtctl-$version-$1" "$folder"
  cp "$here/lintian-overrides" "$folder"
  mkdir "$folder/compressed"
  cp -r "$folder/man/man1" "$folder/THIRD-PARTY.txt" "$folder/compressed"
  cp "$folder/CHANGELOG.md" "$folder/compressed/changelog"
  gzip -9nr "$folder/compressed"
  # The licence's text, as DEP-5 wants it: indented, with a dot for an empty line.
  sed '1,2d;s/^$/./;s/^/ /' LICENSE-MIT >"$scratch/mit"
  fill "$here/copyright" | sed -e "/@MIT@/{r $scratch/mit" -e 'd}' >"$folder/copyright"
  cat >"$folder/changelog.yaml" <<END
- semver: $version-1
  deb: { distributions: [unstable], urgency: medium }
  date: $(date --utc --date="@$SOURCE_DATE_EPOCH" +%FT%TZ)
  packager: $PACKAGE_MAINTAINER
  changes:
    - note: "Version $version; CHANGELOG.md says what changed."
END
  cp "$here/nfpm.yaml" "$folder/rpm.yaml"
  for page in "$folder"/compressed/man1/*; do
    page=man1/${page##*/}
    echo "  - { src: compressed/$page, dst: /usr/share/man/$page, type: doc }" >>"$folder/rpm.yaml"
  done
  sed 's/, type: \(doc\|license\)//' "$folder/rpm.yaml" | tee "$folder"/{deb,apk,archlinux}.yaml >/dev/null
  find "$folder" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
  case $1 in
    x86_64-*) export PACKAGE_ARCH=amd64 ;;
    aarch64-*) export PACKAGE_ARCH=arm64 ;;
    *) echo "no packages are known for $1" >&2; exit 2 ;;
  esac
  for format in deb rpm apk archlinux; do
    (cd "$folder" && "$venv/bin/nfpm" package --config "$format.yaml" --packager "$format" --target "$out/") >/dev/null
  done
}

for target in "${!binaries[@]}"; do
  archive "$target"
  case $target in *-linux-*) packages "$target" ;; esac
done

# They name the archives of all released targets, so they are left out where one is missing.
for template in homebrew.rb scoop.json; do
  filled=$out/jwtctl.${template##*.}
  fill "$here/$template" >"$filled"
  if grep -q '@ARCHIVE' "$filled"; then
    printf 'no %s: no binary for%s\n' "$template" "$(sed -n 's/.*@ARCHIVE\( [^@]*\)@.*/\1/p' "$filled" | tr -d '\n')"
    rm "$filled"
  fi
done

(cd "$out" && sha256sum -- * >"$scratch/SHA256SUMS" && mv "$scratch/SHA256SUMS" .)
test -z "${MINISIGN_SECRET_KEY:-}" || "$here/sign.sh" "$out"
