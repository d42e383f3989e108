"""The adapter to the jose command of latchset, which knows keys as JWKs alone.
It must not judge: it hands on what jose says."""

import json
import tempfile
from pathlib import Path

from . import CONTENT, HMAC, KEY_MANAGEMENT, OAEP, PAIRS, RSA, BadSignature, KeyFile, Unsupported, run, written
from .cryptography import base64url

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512"]
LACKS = ["ES256K", "EdDSA", "Ed25519"]
# It takes thumbprints on secp256k1 too, though it cannot sign there. An OKP key it does not know (and does not say so).
READS = {"jwk": [alg for alg in [*PAIRS, *HMAC] if alg != "EdDSA"]}
MAKES = [alg for alg in [*PAIRS, *HMAC] if alg in ALGORITHMS]
# Debian's lost RSA-OAEP when it was built with OpenSSL 3.
ENCRYPTS = [(alg, enc) for alg in KEY_MANAGEMENT if alg not in OAEP for enc in CONTENT]
AGREES_ON = ["P-256", "P-384", "P-521"]
# With AES GCM it takes only so many characters of `aad` as the protected header has.
TAKES_AAD = [enc for enc in CONTENT if "CBC" in enc]

REFUSALS = [("Signature validation failed!", BadSignature), ("is not supported", Unsupported)]


def with_jwk(jwk, *argv, stdin):
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(jwk, file)
        file.flush()
        return run("jose", "jws", *argv, "-k", file.name, stdin=stdin, refusals=REFUSALS)


def sign_bytes(alg, key, payload):
    template = json.dumps({"protected": {"alg": alg, "typ": "JWT"}})
    return with_jwk(key.jwk, "sig", "-c", "-I", "-", "-s", template, stdin=payload).decode().strip()


def verify_bytes(alg, key, token):
    return verify_by_set(key.public_jwk, alg, token)


def verify_by_set(jwks, alg, token):
    """jose tries each key, and passes over those it does not know."""
    return with_jwk(jwks, "ver", "-i", "-", "-O", "-", stdin=token.encode())


def with_keys(keys, *argv, stdin):
    with tempfile.TemporaryDirectory() as folder:
        flags = []
        for index, key in enumerate(keys):
            path = written(Path(folder) / str(index), json.dumps(key["jwk"]))
            flags += ["-k", path]
            if "header" in key:
                flags += ["-r", json.dumps({"header": key["header"]})]
        return run("jose", "jwe", *argv, *flags, stdin=stdin).decode()


def encrypt(key, header, text, apu=None, apv=None):
    if apu:
        header = {**header, "apu": base64url(apu.encode()), "apv": base64url(apv.encode())}
    template = json.dumps({"protected": header})
    return with_keys([{"jwk": key}], "enc", "-c", "-i", template, "-I", "-", stdin=text.encode()).strip()


def encrypt_json(protected, unprotected, aad, recipients, text):
    """One serialization for recipients, each a JWK and a header: general, or flattened if there is only one."""
    template = {"protected": protected, "unprotected": unprotected}
    if aad:
        template["aad"] = base64url(aad.encode())
    keys = [{"jwk": jwk, "header": header} for jwk, header in recipients]
    return [json.loads(with_keys(keys, "enc", "-i", json.dumps(template), "-I", "-", stdin=text.encode()))]


def decrypt(key, alg, token):
    return with_keys([{"jwk": key}], "dec", "-i", "-", "-O", "-", stdin=token.encode())


def read(alg, form, path, private):
    members = json.loads(path.read_text())
    assert any(name in members for name in ("d", "k")) == private, path
    # It fails where the members of the key forbid this use.
    run("jose", "jwk", "use", "-i", path, "-u", "sign" if private else "verify")
    return run("jose", "jwk", "thp", "-i", path).decode().strip()


def make(alg, folder):
    path = folder / "latchset.jwk"
    run("jose", "jwk", "gen", "-i", json.dumps({"alg": alg}), "-o", path)
    files = [KeyFile("jwk", path, True)]
    if alg not in HMAC:
        public = written(folder / "latchset.public.jwk", run("jose", "jwk", "pub", "-i", path))
        files.append(KeyFile("jwk", public, False))
    return read(alg, "jwk", path, True), files


def make_set(algs):
    """A set of new keys, private and public, none of which has a kid."""
    private = run("jose", "jwk", "gen", "-s", "-i", json.dumps({"keys": [{"alg": alg} for alg in algs]}))
    return json.loads(private), json.loads(run("jose", "jwk", "pub", "-s", "-i", "-", stdin=private))
