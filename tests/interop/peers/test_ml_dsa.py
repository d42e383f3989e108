"""jwtctl against its peers: keys and signatures of ML-DSA (RFC 9964, RFC 9881), with Python's cryptography, which uses
OpenSSL, and with dilithium-py, which shares no code with either. It must not bend to jwtctl: what one of them refuses is a
failure, and nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the peers.
"""

import base64
import json
import unittest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import mldsa
from dilithium_py.ml_dsa import ML_DSA_44, ML_DSA_65, ML_DSA_87

from adapters import written
from adapters.cryptography import base64url
from test_peers import CLAIMS, INVALID, Case, forged

SETS = {
    "ML-DSA-44": (mldsa.MLDSA44PrivateKey, ML_DSA_44),
    "ML-DSA-65": (mldsa.MLDSA65PrivateKey, ML_DSA_65),
    "ML-DSA-87": (mldsa.MLDSA87PrivateKey, ML_DSA_87),
}


def parts(token):
    """What is signed, and the signature."""
    message, signature = token.rsplit(".", 1)
    return message.encode(), base64.urlsafe_b64decode(signature + "==")


def token_of(alg, sign):
    message = f'{base64url(json.dumps({"alg": alg}).encode())}.{base64url(CLAIMS.encode())}'
    return f"{message}.{base64url(sign(message.encode()))}"


def with_each(test):
    """Runs a test with each parameter set."""

    def run(self):
        for alg, (theirs, pure) in SETS.items():
            with self.subTest(alg):
                test(self, alg, theirs, pure)

    return run


class MlDsa(Case):
    def file(self, name, data):
        return written(self.folder / name, data)

    def judged(self, public, pure, token):
        """Both peers verify a token of jwtctl, and refuse it with another signature."""
        message, signature = parts(token)
        public.verify(signature, message)
        self.assertTrue(pure.verify(public.public_bytes_raw(), message, signature))
        changed = signature[:-1] + bytes([signature[-1] ^ 1])
        with self.assertRaises(InvalidSignature):
            public.verify(changed, message)
        self.assertFalse(pure.verify(public.public_bytes_raw(), message, changed))

    @with_each
    def test_a_new_key_in_every_form(self, alg, theirs, pure):
        pem, public = self.folder / f"{alg}.pem", self.folder / f"{alg}.pub"
        self.jwtctl("key", "new", "--alg", alg, "--out", pem, "--public-out", public)
        key = form.load_pem_private_key(pem.read_bytes(), None)
        self.assertIsInstance(key, theirs)
        seed, raw = key.private_bytes_raw(), key.public_key().public_bytes_raw()
        self.assertEqual(pure.key_derive(seed)[0], raw)
        self.assertEqual(form.load_pem_public_key(public.read_bytes()).public_bytes_raw(), raw)
        pkcs8 = key.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
        self.assertEqual(self.jwtctl("key", "convert", "--format", "der", pem), pkcs8)
        spki = key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
        self.assertEqual(self.jwtctl("key", "public", "--format", "der", pem), spki)
        jwk = json.loads(self.jwtctl("key", "convert", "--format", "jwk", "--no-kid", pem))
        self.assertEqual(jwk, {"kty": "AKP", "alg": alg, "pub": base64url(raw), "priv": base64url(seed)})

    @with_each
    def test_their_tokens(self, alg, theirs, pure):
        key = theirs.generate()
        seed, public = key.private_bytes_raw(), key.public_key()
        expanded = pure.key_derive(seed)[1]
        pem = public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
        jwk = json.dumps({"kty": "AKP", "alg": alg, "pub": base64url(public.public_bytes_raw())})
        files = [self.file(f"{alg}.pub", pem), self.file(f"{alg}.jwk", jwk)]
        for sign in (key.sign, lambda message: pure.sign(expanded, message)):
            token = token_of(alg, sign)
            for file in files:
                self.assertEqual(self.verified(token, "-k", file), CLAIMS)
                self.verified(forged(token), "-k", file, code=INVALID)

    @with_each
    def test_our_tokens(self, alg, theirs, pure):
        key = theirs.generate()
        seed, public = key.private_bytes_raw(), key.public_key()
        pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        members = {"kty": "AKP", "alg": alg, "pub": base64url(public.public_bytes_raw()), "priv": base64url(seed)}
        files = [self.file(f"{alg}.pem", pem), self.file(f"{alg}.jwk", json.dumps(members))]
        for file in files:
            self.judged(public, pure, self.encoded("-k", file))

    @with_each
    def test_a_token_with_a_context_string_is_refused(self, alg, theirs, pure):
        """RFC 9964 section 2: the context string is empty."""
        key = theirs.generate()
        pem = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
        file = self.file(f"{alg}.pub", pem)
        token = token_of(alg, lambda message: key.sign(message, b"context"))
        self.verified(token, "-k", file, code=INVALID)

    @with_each
    def test_an_encrypted_key(self, alg, theirs, pure):
        key = theirs.generate()
        lock = form.BestAvailableEncryption(b"correct horse")
        pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock)
        file, password = self.file(f"{alg}.pem", pem), self.file("password", "correct horse")
        jwk = self.jwtctl("key", "convert", "--format", "jwk", "--key-password-file", password, file)
        self.assertEqual(json.loads(jwk)["priv"], base64url(key.private_bytes_raw()))


if __name__ == "__main__":
    unittest.main()
