"""Checks that the Scoop manifest and cargo-binstall's metadata name what the archives are: names.py OUT TARGET…"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import zipfile


def holds(archive):
    """The files of an archive."""
    if archive.suffix == ".zip":
        return zipfile.ZipFile(archive).namelist()
    return tarfile.open(archive).getnames()


def scoop(out):
    manifest = json.loads((out / "jwtctl.json").read_text())
    for platform in manifest["architecture"].values():
        archive = out / platform["url"].rpartition("/")[2]
        assert platform["hash"] == hashlib.sha256(archive.read_bytes()).hexdigest(), "hash of the Scoop manifest"
        assert f"{platform['extract_dir']}/{manifest['bin']}" in holds(archive), "extract_dir of the Scoop manifest"
        later = manifest["autoupdate"]["architecture"]["64bit"]["url"].replace("$version", manifest["version"])
        assert later == platform["url"], "autoupdate of the Scoop manifest"
    return manifest["version"]


def binstall(out, version, targets):
    command = ["cargo", "metadata", "--locked", "--no-deps", "--format-version=1"]
    package = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["packages"][0]
    metadata = package["metadata"]["binstall"]
    for target in targets:
        windows = "windows" in target
        form = {**metadata, **metadata["overrides"].get(target, {})}["pkg-fmt"]
        values = {
            "repo": package["repository"],
            "name": package["name"],
            "bin": package["name"],
            "version": version,
            "target": target,
            "archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[form],
            "binary-ext": ".exe" if windows else "",
        }
        url, program = metadata["pkg-url"], metadata["bin-dir"]
        for name, value in values.items():
            url, program = (text.replace(f"{{ {name} }}", value) for text in (url, program))
        base, _, name = url.rpartition("/")
        assert base == f"{package['repository']}/releases/download/v{version}", url
        assert program in holds(out / name), f"{program} is not in {name}"


out = pathlib.Path(sys.argv[1])
binstall(out, scoop(out), sys.argv[2:])
