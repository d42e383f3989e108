#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a release, by its tag, or of "Unreleased": packaging/notes.sh TAG. It is an error if
# nothing is said, or if Cargo.toml has another version.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1#v}
if [[ $1 != Unreleased ]] && ! grep --quiet --line-regexp "version = \"$version\"" Cargo.toml; then
  echo "$1 is not the version in Cargo.toml" >&2
  exit 1
fi
notes=$(awk -v heading="## [$version]" '/^## / { inside = index($0 " ", heading " ") == 1; next } inside' CHANGELOG.md)
[[ $notes == *[![:space:]]* ]] || { echo "CHANGELOG.md says nothing of $1" >&2; exit 1; }
printf '%s\n' "$notes"
