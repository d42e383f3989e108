"""Prints the licences of the crates that the binary for a target contains: third_party.py TARGET.

Each text is printed once, under the crates that it is from.
"""

import json
import pathlib
import re
import subprocess
import sys

NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice)", re.IGNORECASE)
INTRODUCTION = """\
jwtctl contains the Rust standard library (MIT OR Apache-2.0, Copyright The Rust Project Contributors){libc}
and the crates below, whose sources are at https://crates.io. Texts of the Apache License, Version 2.0,
are left out: LICENSE-APACHE is the same.
"""
# What is linked statically; elsewhere the C library is the system's.
LIBC = {
    "musl": ",\nthe C library musl (MIT, Copyright 2005-2020 Rich Felker, et al.)",
    "gnu": ",\nthe GNU C Library (LGPL-2.1-or-later, Copyright Free Software Foundation, Inc.)",
}


def linked(metadata):
    """The packages whose code is in the binary: neither build scripts nor procedural macros."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, todo = set(), [root]
    while todo:
        here = todo.pop()
        kinds = {kind for target in packages[here]["targets"] for kind in target["kind"]}
        if here in found or "proc-macro" in kinds:
            continue
        found.add(here)
        todo += [
            dependency["pkg"]
            for dependency in nodes[here]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        ]
    return sorted((packages[one] for one in found - {root}), key=lambda one: (one["name"], one["version"]))


def texts(package):
    """The licence files of a package, without copies of the Apache License."""
    for path in sorted(pathlib.Path(package["manifest_path"]).parent.iterdir()):
        if not (NAMES.match(path.name) and path.is_file()):
            continue
        text = path.read_text(encoding="utf-8").strip()
        # Longer files hold other licences as well.
        if not ("Apache License" in text[:200] and len(text) < 12_500):
            yield text


def main(target):
    command = ["cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={target}"]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    sources = {}
    libc = LIBC[target.rpartition("-")[2]] if "-linux-" in target else ""
    print(INTRODUCTION.format(libc=libc))
    for package in linked(metadata):
        name = f"{package['name']} {package['version']}"
        print(f"{name} ({package['license']})")
        for text in texts(package):
            sources.setdefault(" ".join(text.split()), (text, []))[1].append(name)
    for text, names in sources.values():
        print(f"\n{'-' * 80}\n{', '.join(names)}:\n\n{text}")


main(*sys.argv[1:])
