"""The adapter to npm's jose: one Node.js process that answers one JSON line with another.
It must not judge: it hands on what jose says."""

import base64
import json

from . import CONTENT, HMAC, KEY_MANAGEMENT, PAIRS, RSA, BadSignature, KeyFile, Unsupported, written
from .node import Node

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
LACKS = ["ES256K"]
EXACT_NUMBERS = False  # JavaScript has 64-bit floating point numbers alone
READS = {"jwk": [alg for alg in [*PAIRS, *HMAC] if alg in ALGORITHMS], "pem": [alg for alg in PAIRS if alg in ALGORITHMS]}
MAKES = READS["jwk"]

# It decrypts with PBES2 up to 10,000 iterations.
ENCRYPTS = [(alg, enc) for alg in KEY_MANAGEMENT for enc in CONTENT]
AGREES_ON = ["P-256", "P-384", "P-521", "X25519"]
TAKES_AAD = [*CONTENT]

node = Node("npm_jose.mjs")
start, stop = node.start, node.stop


def ask(call, **given):
    refusals = {"ERR_JWS_SIGNATURE_VERIFICATION_FAILED": BadSignature, "ERR_JOSE_NOT_SUPPORTED": Unsupported}
    return node.ask(call, refusals, **given)


def sign_json(signers, payload, general):
    """A JWS in a JSON serialization. Each signer is a JWK, the protected and the unprotected header."""
    signers = [{"jwk": jwk, "alg": protected["alg"], "shared": protected, "header": header} for jwk, protected, header in signers]
    return json.dumps(ask("signJson", signers=signers, payload=base64.b64encode(payload).decode(), general=general))


def verify_json(alg, jwk, token, payload=None):
    """The payload; where it is sent separately, it is put into the token first."""
    token = json.loads(token)
    if payload is not None:
        token["payload"] = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    return base64.b64decode(ask("verifyJson", alg=alg, jwk=jwk, token=token))


def sign_unencoded(alg, jwk, payload):
    """A detached compact token, whose payload is signed as it is."""
    return ask("signUnencoded", alg=alg, jwk=jwk, payload=base64.b64encode(payload).decode())


def verify_unencoded(alg, jwk, token, payload):
    payload = base64.b64encode(payload).decode()
    return base64.b64decode(ask("verifyUnencoded", alg=alg, jwk=jwk, token=token, payload=payload))


def encrypt(jwk, header, text, apu=None, apv=None):
    return ask("encrypt", jwk=jwk, header=header, text=text, apu=apu, apv=apv)


def encrypt_json(protected, unprotected, aad, recipients, text):
    """The general serialization for recipients, each a JWK and a header; with one of them also the flattened one."""
    recipients = [{"jwk": jwk, "header": header} for jwk, header in recipients]
    return ask("encryptJson", protected=protected, unprotected=unprotected, aad=aad, recipients=recipients, text=text)


def compressed(jwk, header, text):
    """By jose 4, as jose 6 cannot."""
    return ask("encrypt4", jwk=jwk, header={**header, "zip": "DEF"}, text=text)


def decrypt(jwk, alg, token):
    return ask("decrypt", jwk=jwk, alg=alg, token=token)


def sign_bytes(alg, key, payload):
    return ask("signBytes", alg=alg, jwk=key.jwk, payload=base64.b64encode(payload).decode())


def verify_bytes(alg, key, token):
    return base64.b64decode(ask("verifyBytes", alg=alg, jwk=key.public_jwk, token=token))


def sign_claims(alg, key, text):
    return ask("signClaims", alg=alg, jwk=key.jwk, text=text)


def verify_claims(alg, key, token):
    return ask("verifyClaims", alg=alg, jwk=key.public_jwk, token=token)


def verify_by_set(jwks, alg, token):
    """jose takes the key by the token's kid."""
    return base64.b64decode(ask("verifyBySet", alg=alg, jwks=jwks, token=token))


def read(alg, form, path, private):
    key = path.read_text()
    if form == "jwk":
        key = json.loads(key)
        if private and "d" in key:
            # Web Crypto wants no private key that verifies too, as latchset says of those it makes.
            key.pop("key_ops", None)
    return ask("read", alg=alg, form=form, key=key, private=private)


def make(alg, folder):
    made = ask("make", alg=alg)
    files = []
    for form, private, text in made["files"]:
        path = written(folder / f"npm.{len(files)}", text)
        files.append(KeyFile(form, path, private))
    return made["thumbprint"], files
