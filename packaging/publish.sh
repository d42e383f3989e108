#!/usr/bin/env bash
# Publishes a release on GitHub, and its image in a registry:
#
#   packaging/publish.sh TAG OUT IMAGE.tar
#
# GH_TOKEN, GITHUB_…   as in a workflow, where the image's name and digest become outputs
# REGISTRY             another registry than GitHub's
# Programs: gh, skopeo
set -euo pipefail
cd "$(dirname "$0")/.."

tag=${1:?the tag}
version=${tag#v}
registry=${REGISTRY:-ghcr.io}
image=$registry/${GITHUB_REPOSITORY,,}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
packaging/notes.sh "$tag" >"$scratch/notes"

skopeo login --username "$GITHUB_ACTOR" --password-stdin "$registry" <<<"$GH_TOKEN"
skopeo copy --all --digestfile "$scratch/digest" "oci-archive:$3" "docker://$image:$version"
gh release create "$tag" --verify-tag --title "jwtctl $version" --notes-file "$scratch/notes" "$2"/*
printf 'image=%s\ndigest=%s\n' "$image" "$(<"$scratch/digest")" >>"$GITHUB_OUTPUT"
