"""The adapter to PyJWT, with keys as JWKs; the suite beside this one has it with PEM.
It must not judge: it hands on what PyJWT says."""

import json

import jwt
from jwt.algorithms import get_default_algorithms
from jwt.api_jws import PyJWS

from . import HMAC, PAIRS, RSA, BadSignature, KeyFile, Unsupported, cryptography, written

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "ES256K", "EdDSA"]
LACKS = ["Ed25519"]  # it has Ed25519 keys, but not the name of RFC 9864
EXACT_NUMBERS = True
READS = {"jwk": [*PAIRS, *HMAC]}
MAKES = [*PAIRS, *HMAC]


def sign_bytes(alg, key, payload):
    return PyJWS().encode(payload, imported(alg, key.jwk), alg)


def verify_bytes(alg, key, token):
    return checked(PyJWS().decode, alg, imported(alg, key.public_jwk), token)


def sign_claims(alg, key, text):
    return jwt.encode(json.loads(text), imported(alg, key.jwk), alg)


def verify_claims(alg, key, token):
    return json.dumps(checked(jwt.decode, alg, imported(alg, key.public_jwk), token))


def imported(alg, jwk):
    if alg not in get_default_algorithms():
        raise Unsupported(alg)
    return jwt.PyJWK.from_dict(jwk, alg).key


def checked(read, alg, key, token):
    try:
        return read(token, key, algorithms=[alg])
    except jwt.InvalidSignatureError as error:
        raise BadSignature(error) from error


def verify_by_set(jwks, alg, token):
    """PyJWT takes the key by the token's kid."""
    key = jwt.PyJWKSet.from_dict(jwks)[jwt.get_unverified_header(token)["kid"]]
    return checked(PyJWS().decode, alg, key, token)


def read(alg, form, path, private):
    key = jwt.PyJWK.from_json(path.read_text()).key
    if isinstance(key, bytes):
        return cryptography.thumbprint(key)
    assert hasattr(key, "private_bytes") == private, path
    return cryptography.thumbprint(key.public_key() if private else key)


def make(alg, folder):
    key = cryptography.new_key(alg)
    to_jwk = get_default_algorithms()[alg].to_jwk
    files = [KeyFile("jwk", written(folder / "pyjwt.jwk", to_jwk(key)), True)]
    if alg in HMAC:
        return cryptography.thumbprint(key), files
    files.append(KeyFile("jwk", written(folder / "pyjwt.public.jwk", to_jwk(key.public_key())), False))
    return cryptography.thumbprint(key.public_key()), files
