"""Certificates for hostile chains (`x5c`), which OpenSSL makes. All have one name, so each may be the issuer of each."""

import base64
import json
import os
import subprocess
from pathlib import Path

from .shapes import base64url, jws, signature

NAME = "A"
CA = {"basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,digitalSignature"}
LEAF = {"keyUsage": "critical,digitalSignature"}


def certificate(folder: Path, extensions: dict[str, str], lists: dict[str, list[str]] | None = None,
                curve: str = "P-256") -> bytes:
    """A certificate in DER that the key inside has signed. `lists` has extensions of many values, by section."""
    lines = ["[req]", "distinguished_name=dn", "prompt=no", "x509_extensions=v3", "[dn]", f"CN={NAME}", "[v3]"]
    lines += [f"{name}={value}" for name, value in extensions.items()]
    for section, items in (lists or {}).items():
        lines += [f"[{section}]", *items]
    config = folder / "certificate.cnf"
    config.write_text("\n".join(lines) + "\n")
    argv = ["openssl", "req", "-x509", "-config", config, "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}",
            "-nodes", "-keyout", os.devnull, "-days", "36500", "-outform", "DER"]
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def chains(folder: Path) -> dict[str, list[bytes]]:
    """Chains of ten certificates at most, each of 64 KiB at most, by name."""
    names = [f"DNS.{i}=n{i}" for i in range(6_500)]
    constraints = [f"permitted;DNS.{i}=m{i}" for i in range(5_000)]
    unknown = {f"1.2.3.{i}": "DER:0500" for i in range(4_000)}
    constrained = CA | {"nameConstraints": "@names"}
    leaf = certificate(folder, LEAF)
    return {
        "CAs of one name": [leaf, *(certificate(folder, CA, curve="P-384") for _ in range(9))],
        "CAs of one name on P-521": [leaf, *(certificate(folder, CA, curve="P-521") for _ in range(9))],
        "names and constraints": [
            certificate(folder, LEAF | {"subjectAltName": "@names"}, {"names": names}),
            *[certificate(folder, constrained, {"names": constraints})] * 9],
        "unknown extensions": [certificate(folder, LEAF | unknown), *[certificate(folder, CA | unknown)] * 9],
        "one leaf of names": [certificate(folder, LEAF | {"subjectAltName": "@names"}, {"names": names})],
        "the leaf ten times": [leaf] * 10,
        "bytes": [b"\x30\x84\0\0\xff\xf0" + b"\2\1\1" * 21_840] * 10,
    }


def header(chain: list[bytes]) -> bytes:
    x5c = [base64.b64encode(der).decode() for der in chain]
    return json.dumps({"alg": "ES256", "x5c": x5c}, separators=(",", ":")).encode()


def one_token(chain: list[bytes]):
    """A token with a chain, and spaces for the rest of its size."""
    def make(size: int) -> bytes:
        encoded = base64url(header(chain))
        room = (size - len(encoded) - 100) * 3 // 4
        return b".".join([encoded, base64url(b"{}" + b" " * max(room, 0)), base64url(b"\1" * 64)])
    return make


def many_signatures(chain: list[bytes]):
    """A JWS of as many signatures as are read, each with as much of a chain as it has room for."""
    def make(size: int) -> bytes:
        room, kept = size // 100 - 300, list(chain)
        while len(header(kept)) * 4 // 3 > room and len(kept) > 1:
            kept.pop()
        count = min(100, size // (len(header(kept)) * 4 // 3 + 300))
        return jws([signature(header(kept), 64)] * max(count, 1))
    return make


def shapes(folder: Path) -> dict:
    made = chains(folder)
    return ({name: one_token(chain) for name, chain in made.items()}
            | {f"many signatures, {name}": many_signatures(chain) for name, chain in made.items()})
