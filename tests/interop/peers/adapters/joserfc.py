"""The adapter to joserfc, which has all fifteen algorithms.
It must not judge: it hands on what joserfc says."""

import json

from joserfc import jwe, jwk, jws, jwt
from joserfc.errors import BadSignatureError

from . import CONTENT, CURVES, HMAC, KEY_MANAGEMENT, PAIRS, RSA, BadSignature, KeyFile, written
from .cryptography import base64url

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"]
LACKS = []
EXACT_NUMBERS = True
READS = {"jwk": [*PAIRS, *HMAC]}
MAKES = [*PAIRS, *HMAC]
ENCRYPTS = [(alg, enc) for alg in KEY_MANAGEMENT for enc in CONTENT]
AGREES_ON = ["P-256", "P-384", "P-521", "X25519"]
TAKES_AAD = [*CONTENT]

jwk.register_secp256k1()


def sign_bytes(alg, key, payload):
    return jws.serialize_compact({"alg": alg, "typ": "JWT"}, payload, jwk.import_key(key.jwk), algorithms=[alg])


def verify_bytes(alg, key, token):
    return checked(jws.deserialize_compact, alg, jwk.import_key(key.public_jwk), token).payload


def sign_claims(alg, key, text):
    return jwt.encode({"alg": alg}, json.loads(text), jwk.import_key(key.jwk), algorithms=[alg])


def verify_claims(alg, key, token):
    return json.dumps(checked(jwt.decode, alg, jwk.import_key(key.public_jwk), token).claims)


def sign_json(signers, payload, general):
    """A JWS in a JSON serialization. Each signer is a JWK, the protected and the unprotected header."""
    keys = {json.dumps(protected): jwk.import_key(key) for key, protected, _ in signers}
    members = [{"protected": protected, "header": header} for _, protected, header in signers]
    made = jws.serialize_json(
        members if general else members[0], payload, lambda member: keys[json.dumps(member.protected)], algorithms=ALGORITHMS
    )
    return json.dumps(made)


def verify_json(alg, key, token, payload=None):
    """The payload; where it is sent separately, it is put into the token first."""
    token = json.loads(token)
    if payload is not None:
        token["payload"] = base64url(payload)
    return checked(jws.deserialize_json, alg, jwk.import_key(key), token).payload


def sign_unencoded(alg, key, payload):
    """A detached compact token, whose payload is signed as it is."""
    protected = {"alg": alg, "b64": False, "crit": ["b64"]}
    token = jws.serialize_compact(protected, payload, jwk.import_key(key), algorithms=[alg])
    return token if ".." in token else jws.detach_content(token)


def verify_unencoded(alg, key, token, payload):
    def read(token, key, algorithms):
        return jws.deserialize_compact(token, key, payload=payload, algorithms=algorithms)

    return checked(read, alg, jwk.import_key(key), token).payload


def encrypt(key, header, text, apu=None, apv=None):
    if apu:
        header = {**header, "apu": base64url(apu.encode()), "apv": base64url(apv.encode())}
    return jwe.encrypt_compact(header, text, jwk.import_key(key), algorithms=[*header.values()])


def encrypt_json(protected, unprotected, aad, recipients, text):
    """The general serialization for recipients, each a JWK and a header; with one of them also the flattened one."""
    kinds = [jwe.GeneralJSONEncryption]
    if len(recipients) == 1:
        kinds.append(jwe.FlattenedJSONEncryption)
    made = []
    for kind in kinds:
        token = kind(protected, text.encode(), unprotected, aad and aad.encode())
        for key, header in recipients:
            token.add_recipient({**header}, jwk.import_key(key))
        algorithms = [protected["enc"], *(header["alg"] for _, header in recipients)]
        made.append(jwe.encrypt_json(token, None, algorithms=algorithms))
    return made


def compressed(key, header, text):
    return encrypt(key, {**header, "zip": "DEF"}, text)


def decrypt(key, alg, token):
    return jwe.decrypt_compact(token, jwk.import_key(key), algorithms=[alg, *CONTENT]).plaintext.decode()


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
    return imported_pem(path, kty(alg))


def imported_pem(path, kty):
    key = jwk.import_key(path.read_text(), kty)
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
