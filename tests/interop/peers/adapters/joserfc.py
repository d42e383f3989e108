"""The adapter to joserfc, which has all fifteen algorithms.
It must not judge: it hands on what joserfc says."""

import json

from joserfc import jwk, jws, jwt
from joserfc.errors import BadSignatureError

from . import CURVES, HMAC, PAIRS, RSA, BadSignature, KeyFile, written

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"]
LACKS = []
EXACT_NUMBERS = True
READS = {"jwk": [*PAIRS, *HMAC]}
MAKES = [*PAIRS, *HMAC]

jwk.register_secp256k1()


def sign_bytes(alg, key, payload):
    return jws.serialize_compact({"alg": alg, "typ": "JWT"}, payload, jwk.import_key(key.jwk), algorithms=[alg])


def verify_bytes(alg, key, token):
    return checked(jws.deserialize_compact, alg, jwk.import_key(key.public_jwk), token).payload


def sign_claims(alg, key, text):
    return jwt.encode({"alg": alg}, json.loads(text), jwk.import_key(key.jwk), algorithms=[alg])


def verify_claims(alg, key, token):
    return json.dumps(checked(jwt.decode, alg, jwk.import_key(key.public_jwk), token).claims)


def checked(read, alg, key, token):
    try:
        return read(token, key, algorithms=[alg])
    except BadSignatureError as error:
        raise BadSignature(error) from error


def verify_by_set(jwks, alg, token):
    """joserfc takes the key by the token's kid."""
    return checked(jws.deserialize_compact, alg, jwk.KeySet.import_key_set(jwks), token).payload


def make_set(algs):
    """A set of new keys, private and public, each with its thumbprint as kid."""
    keys = jwk.KeySet([generated(alg, auto_kid=True) for alg in algs])
    return keys.as_dict(private=True), keys.as_dict(private=False)


def sign_by_set(jwks, alg, kid, payload):
    return jws.serialize_compact({"alg": alg, "kid": kid}, payload, jwk.KeySet.import_key_set(jwks), algorithms=[alg])


def jwk_of_pem(alg, path):
    key = jwk.import_key(path.read_text(), kty(alg))
    return key.as_dict(private=key.is_private)


def read(alg, form, path, private):
    key = jwk.import_key(json.loads(path.read_text()))
    assert key.is_private == private, path
    return key.thumbprint()


def kty(alg):
    return "oct" if alg in HMAC else "RSA" if alg in RSA else "OKP" if CURVES[alg] == "Ed25519" else "EC"


def generated(alg, **options):
    size = 8 * 64 if alg in HMAC else 2048 if alg in RSA else CURVES[alg]
    return jwk.generate_key(kty(alg), size, **options)


def make(alg, folder):
    key = generated(alg)
    files = [KeyFile("jwk", written(folder / "joserfc.jwk", json.dumps(key.as_dict(private=True))), True)]
    if alg not in HMAC:
        public = written(folder / "joserfc.public.jwk", json.dumps(key.as_dict(private=False)))
        files.append(KeyFile("jwk", public, False))
    return key.thumbprint(), files
