"""Checks an apk as apk-tools does, which Debian does not have: apk.py FILE. Prints the version.

An apk is two gzip members, each a tar: the description, and the files. The description has the SHA-256
of the second member; each file has its SHA-1 in a pax header.
"""

import hashlib
import io
import sys
import tarfile
import zlib


def members(data):
    """Each gzip member: its bytes, and what they unpack to."""
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        content = unpacker.decompress(data) + unpacker.flush()
        assert unpacker.eof, "a member is cut short"
        yield data[: len(data) - len(unpacker.unused_data)], content
        data = unpacker.unused_data


def main(path):
    with open(path, "rb") as file:
        (_, control), (packed, files) = members(file.read())
    with tarfile.open(fileobj=io.BytesIO(control)) as tar:
        lines = tar.extractfile(".PKGINFO").read().decode().splitlines()
    described = dict(line.split(" = ", 1) for line in lines if " = " in line)
    assert described["datahash"] == hashlib.sha256(packed).hexdigest(), "datahash"
    with tarfile.open(fileobj=io.BytesIO(files)) as tar:
        for one in filter(tarfile.TarInfo.isreg, tar):
            checksum = one.pax_headers["APK-TOOLS.checksum.SHA1"]
            assert checksum == hashlib.sha1(tar.extractfile(one).read()).hexdigest(), one.name
    print(described["pkgver"])


main(*sys.argv[1:])
