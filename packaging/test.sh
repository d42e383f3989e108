#!/usr/bin/env bash
# Makes everything that a release holds and tries it: packages are installed, upgraded and removed in folders
# of their own, archives are unpacked and run, the image is run.
#
#   packaging/test.sh TARGET=BINARY…
#
# One of the binaries must be for this machine's Linux; its packages are the ones that are installed.
# Binaries for other machines are run by the programs that the variables QEMU and WINE name. macOS
# programs cannot run here: their archives are only looked into.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."
source tests/interop/install.sh

step() { printf '\n-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

native=
for pair; do
  case $pair in "$(uname -m)"-*-linux-*=*) native=${pair%%=*} JWTCTL_BIN=$(realpath "${pair#*=}") ;; esac
done
test -n "$native" || { sed -n 's/^#   packaging/packaging/p' "$0" >&2; exit 2; }
export JWTCTL_BIN

step "what the tests need"
needed=()
for program in buildah bsdtar:libarchive-tools groff:groff-base jq lintian man:man-db minisign openssl \
  pacman:pacman-package-manager rpm rpmlint ruby skopeo umoci unzip zip; do
  command -v "${program%:*}" >/dev/null || needed+=("${program#*:}")
done
[[ -d /usr/share/ca-certificates/mozilla ]] || needed+=(ca-certificates)
debian "${needed[@]}" $(needed_for_python)

scratch=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$scratch"' EXIT
version=$(cargo metadata --locked --no-deps --format-version=1 | jq -r '.packages[0].version')
export JWTCTL_SECRET="a secret of forty-eight bytes for these tests only"

# works COMMAND…: this jwtctl runs, verifies its token, and refuses one that was altered.
works() {
  local token code=0
  test "$("$@" --version)" = "jwtctl $version" || fail "$*: its version"
  token=$("$@" encode --user 123 --ttl 30m)
  test "$("$@" verify --get user_id "$token" | tr -d '\r')" = 123 || fail "$*: does not verify its token"
  "$@" verify "${token%???}AAA" 2>/dev/null || code=$?
  test "$code" -eq 4 || fail "$*: exit code $code for an altered token"
}

# has_manual FOLDER: man finds the pages in this folder.
has_manual() {
  local name page
  for name in jwtctl jwtctl-verify; do
    page=$(man --pager=cat --manpath="$1" "$name")
    [[ $page == *$'\nEXIT STATUS\n'* ]] || fail "man $name in $1"
  done
}

step "everything twice: the same input makes the same bytes"
out=$scratch/out
minisign -G -W -p "$scratch/minisign.pub" -s "$scratch/minisign.key" >/dev/null
MINISIGN_SECRET_KEY=$(<"$scratch/minisign.key")
export MINISIGN_SECRET_KEY
for again in "$out" "$scratch/again"; do
  packaging/build.sh "$again" "$@"
  packaging/image/build.sh "$again" "$again/image.tar"
done
diff --recursive "$out" "$scratch/again"
rm -r "$scratch/again"

step "checksums and their signature"
(cd "$out" && sha256sum --quiet --check SHA256SUMS)
minisign -V -q -p "$scratch/minisign.pub" -m "$out/SHA256SUMS"
unset MINISIGN_SECRET_KEY
sed 's/^./x/' "$out/SHA256SUMS" >"$scratch/altered"
! minisign -V -q -p "$scratch/minisign.pub" -x "$out/SHA256SUMS.minisig" -m "$scratch/altered" 2>/dev/null ||
  fail "the signature fits other checksums"

step "an older version, of which one binary stands for all released targets"
released=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-apple-darwin aarch64-apple-darwin
  x86_64-pc-windows-msvc)
JWTCTL_PACKAGE_VERSION=0.0.9 packaging/build.sh "$scratch/old" "${released[@]/%/=$JWTCTL_BIN}"

step "Homebrew formula, Scoop manifest, cargo-binstall's metadata"
ruby -c "$scratch/old/jwtctl.rb" >/dev/null
ruby packaging/tests/formula.rb "$scratch/old/jwtctl.rb" "$scratch/old"
python3 packaging/tests/names.py "$scratch/old" "${released[@]}"

step "archives"
for target in "${@%%=*}"; do
  name=jwtctl-$version-$target
  case $target in
    *-windows-*) unzip -q "$out/$name.zip" -d "$scratch" ;;
    *) tar -xzf "$out/$name.tar.gz" -C "$scratch" ;;
  esac
  folder=$scratch/$name
  cmp LICENSE-MIT "$folder/LICENSE-MIT"
  cmp LICENSE-APACHE "$folder/LICENSE-APACHE"
  diff --recursive completions "$folder/completions"
  grep -q '^aws-lc-sys ' "$folder/THIRD-PARTY.txt"
  case $target in
    *-windows-*) grep -q '^EXIT STATUS' "$folder/man/jwtctl-verify.txt" ;;
    *) has_manual "$folder/man" ;;
  esac
  case $target in
    "$native") works "$folder/jwtctl" ;;
    *-linux-*) works "${QEMU:-qemu-${target%%-*}}" "$folder/jwtctl" ;;
    *-windows-*) works "${WINE:-wine}" "$folder/jwtctl.exe" ;;
    *) echo "$target: not run" ;;
  esac
done

# What each package manager calls it; each works on the folder $root alone.
printf '[options]\nSigLevel = Never\n' >"$scratch/pacman.conf"
pacman() { command pacman --root "$root" --config "$scratch/pacman.conf" --noconfirm "$@"; }
rpm() { command rpm --root "$root" --dbpath /var/lib/rpm "$@" 2> >(grep -v 'use Alien\|you know what' >&2); }

deb_install() { dpkg --root="$root" --install "$1"; }
deb_version() { dpkg-query --root="$root" --show --showformat='${Version}' jwtctl; }
deb_remove() { dpkg --root="$root" --remove jwtctl 2> >(grep -v 'not empty so not removed' >&2); }

rpm_install() { rpm --upgrade "$1"; }
rpm_version() { rpm --query --queryformat '%{VERSION}-%{RELEASE}' jwtctl; }
rpm_remove() { rpm --erase jwtctl; }

arch_install() { pacman --upgrade "$1"; }
arch_version() { pacman --query jwtctl | cut -d' ' -f2; }
arch_remove() { pacman --remove jwtctl; }

# Debian has no apk: the package is checked and unpacked, and its files are removed one by one.
apk_install() {
  python3 packaging/tests/apk.py "$1" >"$root/var/lib/version"
  bsdtar -xf "$1" -C "$root" --exclude .PKGINFO
}
apk_version() { sed 's/-r/-/' "$root/var/lib/version"; }
apk_remove() { (cd "$root" && bsdtar -tf "$package" --exclude .PKGINFO | sort -r | xargs rm -d); }

# The files and folders of $root, without the notes of the package managers.
listing() { find "$root" -path "$root/var" -prune -o -printf '%P\n' | sort; }

for kind in deb rpm arch apk; do
  step "$kind: installed, upgraded, run and removed"
  root=$scratch/$kind zsh=site-functions
  case $kind in
    deb) files=jwtctl_VERSION-1_$(dpkg --print-architecture).deb zsh=vendor-completions ;;
    rpm) files=jwtctl-VERSION-1.$(uname -m).rpm ;;
    arch) files=jwtctl-VERSION-1-$(uname -m).pkg.tar.zst ;;
    apk) files=jwtctl_VERSION-r1_$(uname -m).apk ;;
  esac
  package=$out/${files/VERSION/$version}
  # The folders that a system has.
  mkdir -p "$root"/usr/{bin,share/{doc,licenses,man/man1,bash-completion/completions,fish/vendor_completions.d}} \
    "$root/usr/share/zsh/$zsh" "$root"/var/{log,cache/pacman/pkg,lib/{pacman,rpm,dpkg/{info,updates}}}
  touch "$root/var/lib/dpkg/status"
  listing >"$scratch/before"

  "${kind}_install" "$scratch/old/${files/VERSION/0.0.9}" >/dev/null
  test "$("${kind}_version")" = 0.0.9-1 || fail "$kind: the version of the older package"
  "${kind}_install" "$package" >/dev/null
  test "$("${kind}_version")" = "$version-1" || fail "$kind: the version after the upgrade"

  works chroot "$root" /usr/bin/jwtctl
  has_manual "$root/usr/share/man"
  cmp completions/jwtctl.bash "$root/usr/share/bash-completion/completions/jwtctl"
  cmp completions/jwtctl.fish "$root/usr/share/fish/vendor_completions.d/jwtctl.fish"
  cmp completions/_jwtctl "$root/usr/share/zsh/$zsh/_jwtctl"
  case $kind in
    deb) grep -q '^Files: \*' "$root/usr/share/doc/jwtctl/copyright" ;;
    *) cmp LICENSE-MIT "$root/usr/share/licenses/jwtctl/LICENSE-MIT" ;;
  esac

  "${kind}_remove" >/dev/null
  listing | comm -13 "$scratch/before" - >"$scratch/left"
  test ! -s "$scratch/left" || fail "$kind: left behind: $(cat "$scratch/left")"
done

step "lintian and rpmlint"
lintian --allow-root --fail-on error,warning "$out"/*.deb
rpmlint --config packaging/rpmlint.toml "$out"/*.rpm >"$scratch/rpmlint" || fail "$(cat "$scratch/rpmlint")"
grep ' 0 errors, 0 warnings' "$scratch/rpmlint" || fail "$(cat "$scratch/rpmlint")"

step "the image"
test "$(stat --format=%s "$out/image.tar")" -le $((12 << 20)) || fail "the image is larger than 12 MiB"
skopeo copy --quiet "oci-archive:$out/image.tar" "oci:$scratch/image:native"
umoci unpack --image "$scratch/image:native" "$scratch/bundle" 2>/dev/null
inside=$scratch/bundle/rootfs
# Of the image's configuration: as umoci hands it to a container runtime.
of_process() { jq -r ".process.$1" "$scratch/bundle/config.json"; }
mapfile -t environment < <(of_process 'env[]')
mapfile -t entry < <(of_process 'args[]')
# A container runtime wants cgroups, which not every machine with tests has.
in_image() {
  env -i "${environment[@]}" JWTCTL_SECRET="$JWTCTL_SECRET" \
    chroot --userspec="$(of_process user.uid):$(of_process user.gid)" "$inside" "${entry[@]}" "$@"
}
works in_image
[[ $(in_image man) == *'.SH "EXIT STATUS"'* ]] || fail "no manual page from the image"
in_image key new --alg ES256 --quiet --out /home/nobody/key.pem
test "$(stat --format=%u:%g "$inside/home/nobody/key.pem")" = 65534:65534 || fail "the image does not run as nobody"

step "the image and an issuer with https"
tls=$scratch/tls
mkdir -p "$tls/www"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2 -subj /CN=tests \
  -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
  -keyout "$tls/key.pem" -out "$tls/certificate.pem" \
  2>"$scratch/stderr" || fail "openssl: $(<"$scratch/stderr")"
"$JWTCTL_BIN" key new --alg ES256 --quiet --out "$tls/signer.pem"
"$JWTCTL_BIN" key set "$tls/signer.pem" >"$tls/www/jwks.json"
python3 packaging/tests/https.py "$tls/www" "$tls/certificate.pem" "$tls/key.pem" >"$tls/port" 2>/dev/null &
server=$!
while ! [[ -s $tls/port ]]; do sleep 0.1; kill -0 "$server"; done
url=https://localhost:$(<"$tls/port")/jwks.json
token=$("$JWTCTL_BIN" encode --key "$tls/signer.pem" --user 123 --ttl 30m)
# A container runtime would write this one.
cp /etc/hosts "$inside/etc"
# With the CAs of the image alone, then with one more.
code=0
in_image verify --jwks "$url" "$token" 2>"$scratch/stderr" || code=$?
test "$code" -eq 1 || fail "an unknown CA: exit code $code"
grep -q 'not signed by a trusted CA' "$scratch/stderr" || fail "an unknown CA: $(<"$scratch/stderr")"
authorities=$inside/etc/ssl/certs/ca-certificates.crt
test "$(grep -c BEGIN "$authorities")" -gt 100 || fail "the image has few CAs"
cat "$tls/certificate.pem" >>"$authorities"
test "$(in_image verify --get user_id --jwks "$url" "$token" 2>"$scratch/stderr")" = 123 || fail "$(<"$scratch/stderr")"
test ! -s "$scratch/stderr" || fail "a known CA: $(<"$scratch/stderr")"
test -n "$(ls "$inside/home/nobody/.cache/jwtctl")" || fail "the image does not cache the fetched keys"
kill "$server"
server=

step "what was made and tried"
(cd "$out" && stat --format='%s %n' -- *) | awk '{ printf "%9.2f MB  %s\n", $1 / 1e6, $2 }'
