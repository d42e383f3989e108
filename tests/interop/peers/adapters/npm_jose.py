"""The adapter to npm's jose: one Node.js process that answers one JSON line with another.
It must not judge: it hands on what jose says."""

import base64
import json
import os
import subprocess

from . import HMAC, PAIRS, RSA, BadSignature, KeyFile, Unsupported, written

ALGORITHMS = [*HMAC, *RSA, "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
LACKS = ["ES256K"]
EXACT_NUMBERS = False  # JavaScript has 64-bit floating point numbers alone
READS = {"jwk": [alg for alg in [*PAIRS, *HMAC] if alg in ALGORITHMS], "pem": [alg for alg in PAIRS if alg in ALGORITHMS]}
MAKES = READS["jwk"]

node = None


def start():
    global node
    program = os.path.join(os.environ["PEERS_NODE"], "npm_jose.mjs")
    node = subprocess.Popen(["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def stop():
    node.stdin.close()
    node.stdout.close()
    assert node.wait(10) == 0, "node failed"


def ask(call, **given):
    node.stdin.write(json.dumps({"call": call, **given}) + "\n")
    node.stdin.flush()
    answer = json.loads(node.stdout.readline())
    if "error" not in answer:
        return answer["value"]
    refusals = {"ERR_JWS_SIGNATURE_VERIFICATION_FAILED": BadSignature, "ERR_JOSE_NOT_SUPPORTED": Unsupported}
    raise refusals.get(answer["code"], AssertionError)(answer["error"])


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
