"""jwtctl against the reference implementation of SD-JWT (RFC 9901): SD-JWTs and presentations of either side, judged by
the other. It must not bend to jwtctl: what one of them refuses is a failure, and nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the reference implementation.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

OK, INVALID, REJECTED = 0, 4, 6
ISSUER, HOLDER, OTHER = (JWK.generate(kty="EC", crv="P-256") for _ in range(3))
AUDIENCE, NONCE = "https://shop.example", "n-0S6_WzA2Mj"
BINDING = ["--key-binding-aud", AUDIENCE, "--key-binding-nonce", NONCE]

# Every kind of value, and names that a careless tool trips over.
CLAIMS = {
    "iss": "https://issuer.example", "exp": 4102444800, "name": "Žofie 日本語 🦀", "a/b~c": [1, None, True, 1.5],
    "address": {"street": "Schulstr. 12", "country": "DE", "geo": {"lat": 1, "lon": 2}},
    "nationalities": ["DE", "FR", {"since": 1990}], "": "nameless", "empty": {}, "none": [],
}
PATHS = ["name", "/a~1b~0c", "/a~1b~0c/1", "/address", "/address/street", "/address/geo", "/address/geo/lat",
         "/nationalities/0", "/nationalities/2", "/nationalities/2/since", "/", "empty", "none"]


def jwtctl(*args, token=None, code=OK):
    environment = {"PATH": os.environ["PATH"]} | ({"TOKEN": token} if token else {})
    words = [*args, "--token-env", "TOKEN"] if token else args
    done = subprocess.run([JWTCTL, *map(str, words)], env=environment, capture_output=True, text=True)
    assert done.returncode == code, f"{args} ended with {done.returncode}, not {code}: {done.stderr}"
    return done.stdout.strip()


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.private, cls.public, cls.holder = (cls.folder / name for name in ("issuer.jwk", "public.jwk", "holder.jwk"))
        cls.private.write_text(ISSUER.export_private())
        cls.public.write_text(ISSUER.export_public())
        cls.holder.write_text(HOLDER.export_private())

    def verified(self, token, *flags, code=OK):
        shown = jwtctl("verify", "--key", self.public, *flags, token=token, code=code)
        return json.loads(shown) if shown else None

    def theirs(self, token, *expected):
        return SDJWTVerifier(token, lambda issuer, header: ISSUER, *expected).get_verified_payload()

    def ours(self, claims=None):
        """An SD-JWT that jwtctl issues."""
        flags = [word for path in PATHS for word in ("--disclosable", path)]
        claims = json.dumps(claims or CLAIMS | {"cnf": {"jwk": HOLDER.export_public(as_dict=True)}})
        return jwtctl("encode", claims, "--no-iat", "--key", self.private, "--typ", "example+sd-jwt", *flags)

    def test_what_jwtctl_issues_is_read_by_the_reference(self):
        token = self.ours(CLAIMS)
        self.assertEqual(self.theirs(token), CLAIMS)
        self.assertEqual(self.verified(token), CLAIMS)
        # Nothing disclosed, and each disclosure whose parents are disclosed, too.
        issued, *disclosures, last = token.split("~")
        self.assertEqual((len(disclosures), last), (len(PATHS), ""))
        for few in ([], disclosures[-1:], disclosures[-3:], disclosures[2:]):
            part = "~".join([issued, *few, ""])
            try:
                expected = self.theirs(part)
            except ValueError:
                self.verified(part, code=INVALID)
            else:
                self.assertEqual(self.verified(part), expected)

    def test_what_the_reference_issues_is_read_by_jwtctl(self):
        claims = {
            "iss": "https://issuer.example", "exp": 4102444800, SDObj("name"): CLAIMS["name"],
            SDObj("address"): {SDObj("street"): "Schulstr. 12", "country": "DE", SDObj("geo"): {SDObj("lat"): 1}},
            "nationalities": [SDObj("DE"), "FR", SDObj({SDObj("since"): 1990})], "a/b~c": [SDObj(None), SDObj([1])],
        }
        plain = {
            "iss": "https://issuer.example", "exp": 4102444800, "name": CLAIMS["name"],
            "address": {"street": "Schulstr. 12", "country": "DE", "geo": {"lat": 1}},
            "nationalities": ["DE", "FR", {"since": 1990}], "a/b~c": [None, [1]],
        }
        for decoys in (False, True):
            issued = SDJWTIssuer(claims, ISSUER, add_decoy_claims=decoys).sd_jwt_issuance
            self.assertEqual(self.verified(issued), plain)
            self.assertEqual(json.loads(jwtctl("decode", token=issued)), plain)
            for chosen in ({}, {"name": True}, {"address": {"geo": {"lat": True}}},
                           {"nationalities": [True, False, {"since": True}]}, {"nationalities": [False, False, True]}):
                holder = SDJWTHolder(issued)
                holder.create_presentation(chosen)
                token = holder.sd_jwt_presentation
                self.assertEqual(self.verified(token), self.theirs(token))
            fresh = jwtctl("refresh", "--key", self.private, "--ttl", "1h", token=issued)
            self.assertEqual({**self.theirs(fresh), "exp": 0}, {**plain, "exp": 0})

    def test_presentations_of_the_reference_are_bound_to_their_holder(self):
        for issued in (self.ours(), SDJWTIssuer({SDObj("name"): "x", "exp": 4102444800}, ISSUER, HOLDER).sd_jwt_issuance):
            holder = SDJWTHolder(issued)
            holder.create_presentation({"name": True}, NONCE, AUDIENCE, HOLDER)
            token = holder.sd_jwt_presentation
            self.assertEqual(self.verified(token, *BINDING), self.theirs(token, AUDIENCE, NONCE))
            self.verified(token, "--key-binding-aud", "other", "--key-binding-nonce", NONCE, code=REJECTED)
            self.verified(token, "--key-binding-aud", AUDIENCE, "--key-binding-nonce", "other", code=REJECTED)
            self.verified(token, *BINDING, "--at", "+10m", code=REJECTED)
            # Another holder's, and other disclosures than those that were signed for.
            holder = SDJWTHolder(issued)
            holder.create_presentation({"name": True}, NONCE, AUDIENCE, OTHER)
            self.verified(holder.sd_jwt_presentation, *BINDING, code=INVALID)
            binding = token.split("~")[-1]
            self.verified(f"{issued.split('~')[0]}~{binding}", *BINDING, code=INVALID)
            self.verified(issued, *BINDING, code=REJECTED)


if __name__ == "__main__":
    unittest.main()
