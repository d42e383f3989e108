"""The adapter to the jwt command of golang-jwt, with keys as PEM files and claims as JSON that it reads and writes itself.
It must not judge: it hands on what jwt says."""

from . import HMAC, RSA, BadSignature, Unsupported, run

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "EdDSA"]
LACKS = ["ES256K", "Ed25519"]
EXACT_NUMBERS = False  # its JSON has 64-bit floating point numbers alone
# By its path, since other programs are called jwt too.
JWT = "/usr/bin/jwt"

REFUSALS = [
    ("couldn't find signing method", Unsupported),
    ("signature is invalid", BadSignature),
    ("verification error", BadSignature),
]


def sign_claims(alg, key, text):
    return run(JWT, "-alg", alg, "-key", key.file, "-sign", "-", stdin=text.encode(), refusals=REFUSALS).decode().strip()


def verify_claims(alg, key, token):
    argv = [JWT, "-alg", alg, "-key", key.public_file, "-compact", "-verify", "-"]
    return run(*argv, stdin=token.encode(), refusals=REFUSALS).decode()
