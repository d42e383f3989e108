#!/usr/bin/env bash
# Makes the commit and the tag of a release; pushing them is left to you: ./release.sh VERSION
set -euo pipefail
cd "$(dirname "$0")"

fail() { printf 'release.sh: %s\n' "$*" >&2; exit 1; }

version=${1-}
[[ $version =~ ^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$ ]] || fail "usage: ./release.sh MAJOR.MINOR.PATCH"
current=$(sed -n 's/^version = "\(.*\)"$/\1/p;/^\[lib\]/q' Cargo.toml)
test "$(git branch --show-current)" = main || fail "not on main"
test -z "$(git status --porcelain)" || fail "there are changes that are not committed"
! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null || fail "there is a tag v$version"
printf '%s\n' "$current" "$version" | sort --check=quiet --version-sort || fail "$version is before $current"
! grep --quiet '^repository = .*/OWNER/' Cargo.toml || fail "Cargo.toml does not name the repository yet"
packaging/notes.sh Unreleased >/dev/null

sed -i "s/^## \[Unreleased\]$/&\n\n## [$version] - $(date --utc +%F)/" CHANGELOG.md
sed -i "0,/^version = .*/s//version = \"$version\"/" Cargo.toml
sed -i "/^name = \"jwtctl\"$/{n;s/\".*\"/\"$version\"/}" Cargo.lock fuzz/Cargo.lock
sed -i "s/^const DATE: .*/const DATE: \&str = \"$(date --utc +%F)\";/" src/cli/help/manual.rs
sed -i -E "s/([-_:v])${current//./\\.}\b/\1$version/g" README.md README.ko.md
UPDATE=1 cargo test --locked --test committed
git commit --all --message "Release $version"

.ci/run || fail "the checks failed; git reset --hard HEAD^ takes the commit back"
git tag --annotate "v$version" --message "jwtctl $version"
printf '\nTo release it: git push --atomic origin main v%s\n' "$version"
