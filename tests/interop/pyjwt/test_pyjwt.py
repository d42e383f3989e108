"""jwtctl and the real PyJWT, each judging the tokens of the other: both must reach the same verdict.

The environment variable JWTCTL_BIN is the path of the jwtctl to test.
"""

import base64
import contextlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime, timezone
from pathlib import Path
from unittest import mock

import jwt
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

# The exit codes of jwtctl.
EXPIRED, INVALID, NOT_YET_VALID, REJECTED, KEY = 3, 4, 5, 6, 7

SECRET = "a secret of 64 bytes or more, as HS512 wants it (RFC 7518, 3.2): 0123456789"
MINUTES = 60
HMAC = ["HS256", "HS384", "HS512"]

# What a careless tool changes: Unicode, escapes, null, nesting, order, large integers.
RICH = {
    "user_id": 123,
    "name": "Žofie Ωmega 日本語 🦀 \u202e",
    "escapes": "\" \\ / \b\f\n\r\t \u0000\u001f\u007f\u2028",
    "ключ": "a name in Unicode",
    "nothing": None,
    "nested": {"roles": ["admin", None, {"scope": []}], "empty": {}, "": False},
    "large": 2**80,
    "price": 1.1,
}


class Both(unittest.TestCase):
    """The calls to either side."""

    def jwtctl(self, *args, secret=SECRET, code=0):
        """Runs jwtctl, expects this exit code, and gives what it prints on stdout."""
        env = {name: text for name, text in os.environ.items() if not name.startswith("JWTCTL_")}
        if secret is not None:
            env["JWTCTL_SECRET"] = secret
        ran = subprocess.run(
            [JWTCTL, *map(str, args)], env=env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60
        )
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertEqual(ran.stdout == "", code != 0, "an answer goes to stdout, a refusal does not")
        return ran.stdout.removesuffix("\n")

    def verified(self, token, *args, **options):
        """The claims of a token that jwtctl accepts."""
        return json.loads(self.jwtctl("verify", token, *args, **options))

    def accepted(self, token, claims):
        """Both accept the token and see these claims, in this order."""
        for seen in (self.verified(token), decode(token)):
            self.assertEqual(seen, claims)
            self.assertEqual(list(seen), list(claims))

    def refused(self, token, code, error):
        """jwtctl ends with this exit code where PyJWT raises this error."""
        self.jwtctl("verify", token, code=code)
        self.pyjwt_raises(error, token)

    def pyjwt_raises(self, error, token, *args):
        with self.assertRaises(error) as caught:
            decode(token, *args)
        self.assertIs(type(caught.exception), error)


def decode(token, key=SECRET, algorithms=("HS256",)):
    return jwt.decode(token, key, algorithms=list(algorithms))


def encode(claims, key=SECRET, algorithm="HS256"):
    return jwt.encode(claims, key, algorithm)


def now():
    return int(time.time())


@contextlib.contextmanager
def pyjwt_at(seconds):
    """PyJWT has no --at: this sets its clock."""
    with mock.patch("jwt.api_jwt.datetime", wraps=datetime) as clock:
        clock.now.return_value = datetime.fromtimestamp(seconds, timezone.utc)
        yield
        assert clock.now.called, "PyJWT asked another clock"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def with_payload(token, claims):
    """The token with other claims under the signature it had."""
    header, _, signature = token.split(".")
    return ".".join([header, base64url(json.dumps(claims).encode()), signature])


class SameBytes(Both):
    """The same ASCII claims give the same token, byte for byte."""

    def test_the_example_of_the_contract(self):
        token = (
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImV4cCI6MTYzMTkzNDEyNH0"
            ".-rEF98zsQyVxd7U4n7ix2d2qcOMRRy1TUQLOBJROJY8"
        )
        call = ["encode", "--user", 123, "--exp", 1631934124, "--no-iat", "-S", "my_secret_key"]
        self.assertEqual(self.jwtctl(*call, secret=None), token)
        with self.assertWarns(jwt.warnings.InsecureKeyLengthWarning):
            self.assertEqual(encode({"user_id": 123, "exp": 1631934124}, "my_secret_key"), token)

    def test_every_ascii_character_with_every_hash(self):
        claims = {"user_id": 123, "ascii": "".join(map(chr, range(128))), "a": [None, True, -1, 0.5, {}], "exp": 1}
        for alg in HMAC:
            with self.subTest(alg):
                ours = self.jwtctl("encode", "--no-iat", "-A", alg, json.dumps(claims))
                self.assertEqual(ours, encode(claims, SECRET, alg))


class Session(Both):
    """What a web application does: sign, verify on each request, tell expired from invalid, refresh."""

    def test_a_token_of_jwtctl_is_accepted(self):
        before = now()
        token = self.jwtctl("encode", "--user", 123, "--ttl", "30m")
        claims = decode(token)
        self.assertEqual(list(claims), ["user_id", "iat", "exp"])
        self.assertEqual(claims["user_id"], 123)
        self.assertTrue(before <= claims["iat"] <= now())
        self.assertEqual(claims["exp"], claims["iat"] + 30 * MINUTES)
        self.accepted(token, claims)

    def test_a_token_of_pyjwt_is_accepted(self):
        claims = {"user_id": 123, "exp": now() + 30 * MINUTES}
        self.accepted(encode(claims), claims)

    def test_expired(self):
        self.refused(self.jwtctl("encode", "--user", 123, "--exp", "-5m"), EXPIRED, jwt.ExpiredSignatureError)
        self.refused(encode({"user_id": 123, "exp": now() - 1}), EXPIRED, jwt.ExpiredSignatureError)

    def test_a_forgery_is_invalid_even_when_it_is_expired_too(self):
        for exp in (now() + 30 * MINUTES, now() - 5 * MINUTES):
            with self.subTest(exp):
                other = SECRET.upper()
                ours = self.jwtctl("encode", "--user", 123, "--exp", exp, secret=other)
                theirs = encode({"user_id": 123, "exp": exp}, other)
                changed = with_payload(encode({"user_id": 123, "exp": exp}), {"user_id": 1, "exp": exp})
                for token in (ours, theirs, changed):
                    self.refused(token, INVALID, jwt.InvalidSignatureError)

    def test_what_is_no_token_is_invalid(self):
        token = encode({"user_id": 123})
        for text in ("", "abc", "a.b.c", token.rpartition(".")[0], token[:-1] + "!"):
            with self.subTest(text):
                self.refused(text, INVALID, jwt.DecodeError)

    def test_the_moment_of_exp_is_expired_and_that_of_nbf_is_valid(self):
        exp = 1631934124
        nbf = exp - 30 * MINUTES
        claims = {"user_id": 123, "nbf": nbf, "exp": exp}
        ours = self.jwtctl("encode", "--user", 123, "--no-iat", "--nbf", nbf, "--exp", exp)
        self.assertEqual(ours, encode(claims))

        for at in (nbf, exp - 1):
            with self.subTest(at), pyjwt_at(at):
                self.assertEqual(self.verified(ours, "--at", at), claims)
                self.assertEqual(decode(ours), claims)
        too_early, too_late = jwt.ImmatureSignatureError, jwt.ExpiredSignatureError
        for at, code, error in ((nbf - 1, NOT_YET_VALID, too_early), (exp, EXPIRED, too_late), (exp + 1, EXPIRED, too_late)):
            with self.subTest(at), pyjwt_at(at):
                self.jwtctl("verify", ours, "--at", at, code=code)
                self.pyjwt_raises(error, ours)

    def test_an_audience_must_be_asked_for(self):
        self.refused(encode({"user_id": 123, "aud": "web"}), REJECTED, jwt.InvalidAudienceError)


class Refresh(Both):
    """A valid token is renewed: every claim stays, and there is always a new exp."""

    def test_it_is_the_refresh_of_a_careful_application(self):
        start = now()
        later = start + 10 * MINUTES
        claims = {"user_id": 123, "exp": start + 15 * MINUTES, "role": "admin", "theme": None}
        careful = encode({**claims, "exp": later + 30 * MINUTES})
        self.assertEqual(self.jwtctl("refresh", encode(claims), "--at", later), careful)

    def test_every_claim_is_kept_and_pyjwt_accepts_the_result(self):
        start = now() - 10 * MINUTES
        claims = {**RICH, "iat": start, "exp": start + 15 * MINUTES}
        before = now()
        fresh = self.jwtctl("refresh", encode(claims))
        seen = decode(fresh)
        self.assertTrue(before <= seen["iat"] <= now())
        self.accepted(fresh, {**claims, "iat": seen["iat"], "exp": seen["iat"] + 15 * MINUTES})

    def test_a_naive_refresh_never_expires_and_this_one_does(self):
        token = self.jwtctl("encode", "--user", 123, "--ttl", "30m")
        naive = encode({"user_id": decode(token)["user_id"]})
        fresh = self.jwtctl("refresh", token)

        in_ten_years = now() + 3650 * 24 * 60 * MINUTES
        with pyjwt_at(in_ten_years):
            self.assertEqual(decode(naive), {"user_id": 123})
            self.pyjwt_raises(jwt.ExpiredSignatureError, fresh)
        self.jwtctl("verify", fresh, "--at", in_ten_years, code=EXPIRED)

        healed = decode(self.jwtctl("refresh", naive))
        self.assertLess(healed["exp"], now() + 31 * MINUTES)

    def test_what_is_not_valid_is_not_renewed(self):
        expired = encode({"user_id": 123, "exp": now() - 5 * MINUTES})
        forged = encode({"user_id": 123, "exp": now() + 30 * MINUTES}, SECRET.upper())
        self.jwtctl("refresh", expired, code=EXPIRED)
        self.jwtctl("refresh", forged, code=INVALID)
        decode(self.jwtctl("refresh", expired, "--grace", "10m"))


class Claims(Both):
    """Claims of any kind come out on the other side as they went in."""

    def test_both_ways(self):
        claims = {**RICH, "exp": now() + 30 * MINUTES}
        self.accepted(encode(claims), claims)
        for ascii_only in (True, False):
            text = json.dumps(claims, ensure_ascii=ascii_only)
            self.accepted(self.jwtctl("encode", "--no-iat", text), claims)

    def test_nan_is_no_json(self):
        self.jwtctl("verify", encode({"user_id": float("nan")}), code=INVALID)


class Keys(Both):
    """Every algorithm that both have, with PEM keys as python's cryptography writes them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        rsa_key, other_rsa = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        cls.keys = {"RS256": (rsa_key, other_rsa), "PS256": (rsa_key, other_rsa)}
        curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1(), "ES256K": ec.SECP256K1()}
        for alg, curve in curves.items():
            cls.keys[alg] = (ec.generate_private_key(curve), ec.generate_private_key(curve))
        cls.keys["EdDSA"] = (ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate())

    def pem_pairs(self, key):
        """The files of a key, (private, public): PKCS#8 and SPKI, for RSA PKCS#1 too."""
        kinds = [(form.PrivateFormat.PKCS8, form.PublicFormat.SubjectPublicKeyInfo)]
        if isinstance(key, rsa.RSAPrivateKey):
            kinds.append((form.PrivateFormat.TraditionalOpenSSL, form.PublicFormat.PKCS1))
        for private_form, public_form in kinds:
            private, public = self.folder / "private.pem", self.folder / "public.pem"
            private.write_bytes(key.private_bytes(form.Encoding.PEM, private_form, form.NoEncryption()))
            public.write_bytes(key.public_key().public_bytes(form.Encoding.PEM, public_form))
            yield private, public

    def test_every_algorithm_both_ways(self):
        claims = {**RICH, "exp": now() + 30 * MINUTES}
        for alg, (key, other) in self.keys.items():
            for private, public in self.pem_pairs(key):
                with self.subTest(alg, form=public.read_text().splitlines()[0]):
                    self.session(alg, private, public, other, claims)

    def session(self, alg, private, public, other, claims):
        ours = self.jwtctl("encode", "--no-iat", "-k", private, "-A", alg, json.dumps(claims), secret=None)
        theirs = encode(claims, private.read_bytes(), alg)
        fresh = self.jwtctl("refresh", theirs, "-k", private, "-A", alg, "--ttl", "1h", secret=None)
        renewed = decode(fresh, public.read_bytes(), [alg])
        self.assertEqual(renewed, {**claims, "exp": renewed["exp"]})
        self.assertGreater(renewed["exp"], claims["exp"])

        for token, expected in ((ours, claims), (theirs, claims), (fresh, renewed)):
            self.assertEqual(jwt.get_unverified_header(token), {"alg": alg, "typ": "JWT"})
            self.assertEqual(decode(token, public.read_bytes(), [alg]), expected)
            self.assertEqual(self.verified(token, "-k", public, "-A", alg, secret=None), expected)

        expired = encode({"exp": now() - 1}, private.read_bytes(), alg)
        self.jwtctl("verify", expired, "-k", public, secret=None, code=EXPIRED)
        forged = (with_payload(ours, {"user_id": 1}), with_payload(theirs, {"user_id": 1}), encode(claims, other, alg))
        for token in forged:
            self.jwtctl("verify", token, "-k", public, secret=None, code=INVALID)
            self.pyjwt_raises(jwt.InvalidSignatureError, token, public.read_bytes(), [alg])

    def test_every_hash_both_ways(self):
        claims = {**RICH, "exp": now() + 30 * MINUTES}
        for alg in HMAC:
            with self.subTest(alg):
                ours = self.jwtctl("encode", "--no-iat", "-A", alg, json.dumps(claims))
                fresh = self.jwtctl("refresh", encode(claims, SECRET, alg))
                self.assertEqual(decode(ours, SECRET, [alg]), claims)
                self.assertEqual(self.verified(encode(claims, SECRET, alg), "-A", alg), claims)
                self.assertEqual(jwt.get_unverified_header(fresh)["alg"], alg)
                for narrower in {*HMAC} - {alg}:
                    self.jwtctl("verify", ours, "-A", narrower, code=INVALID)
                    self.pyjwt_raises(jwt.InvalidAlgorithmError, ours, SECRET, [narrower])

    def test_a_deterministic_signature_has_the_same_bytes(self):
        claims = {"user_id": 123, "exp": now() + 30 * MINUTES}
        for alg in ("RS256", "EdDSA"):
            for private, _ in self.pem_pairs(self.keys[alg][0]):
                with self.subTest(alg, form=private.read_text().splitlines()[0]):
                    ours = self.jwtctl("encode", "--no-iat", "-k", private, json.dumps(claims), secret=None)
                    self.assertEqual(ours, encode(claims, private.read_bytes(), alg))

    def test_none_is_refused_by_every_key(self):
        token = encode({"user_id": 123, "exp": now() + 30 * MINUTES}, None, "none")
        self.refused(token, INVALID, jwt.InvalidAlgorithmError)
        for alg, (key, _) in self.keys.items():
            for _, public in self.pem_pairs(key):
                with self.subTest(alg):
                    self.jwtctl("verify", token, "-k", public, secret=None, code=INVALID)

    def test_a_public_key_is_never_an_hmac_secret(self):
        """PyJWT will not sign with it, so the attack is written out here."""
        for alg, (key, _) in self.keys.items():
            for _, public in self.pem_pairs(key):
                with self.subTest(alg):
                    pem = public.read_bytes()
                    signed = encode({"user_id": 1, "exp": now() + 30 * MINUTES}).rpartition(".")[0]
                    signature = hmac.digest(pem, signed.encode(), "sha256")
                    token = f"{signed}.{base64url(signature)}"

                    self.jwtctl("verify", token, "-k", public, secret=None, code=INVALID)
                    self.pyjwt_raises(jwt.InvalidAlgorithmError, token, pem, [alg])

                    self.jwtctl("verify", token, secret=pem.decode(), code=KEY)
                    self.jwtctl("verify", token, "--secret", pem.decode(), secret=None, code=KEY)
                    self.jwtctl("verify", token, "--secret-file", public, secret=None, code=KEY)
                    self.pyjwt_raises(jwt.InvalidKeyError, token, pem)


if __name__ == "__main__":
    unittest.main()
