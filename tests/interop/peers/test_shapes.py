"""jwtctl against its peers: JSON serializations, payloads that are sent separately, and payloads that are not encoded, of
either side, verified by the other. It must not bend to jwtctl: what one of them refuses is a failure, and nothing is
skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the peers.
"""

import json
import tempfile
import unittest
import warnings
from pathlib import Path

from adapters import BadSignature, written
from adapters import joserfc, npm_jose
from adapters.cryptography import base64url
from test_peers import CLAIMS, FORGED, INVALID, Case, key_of_cryptography

PEERS = [joserfc, npm_jose]
ALGORITHMS = ["HS256", "HS512", "RS256", "PS384", "ES256", "ES512", "EdDSA"]
PAYLOAD = bytes(range(256)) * 9
# joserfc does not make a compact token of bytes that are no text.
TEXT = "$.02 ~ Žofie, 🦀\n".encode()


def setUpModule():
    npm_jose.start()
    unittest.addModuleCleanup(npm_jose.stop)
    warnings.simplefilter("ignore")


def with_each(test):
    """Runs a test with each algorithm and peer, and a key."""

    def run(self):
        for alg in ALGORITHMS:
            for peer in PEERS:
                with self.subTest(alg, peer=peer.__name__):
                    test(self, alg, peer, self.keys[alg])

    return run


class Shapes(Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.keys = {alg: key_of_cryptography(alg, Path(folder.name)) for alg in ALGORITHMS}

    @with_each
    def test_their_json_serializations(self, alg, peer, key):
        for general in (False, True):
            for unprotected in (None, {"kid": "x"}):
                token = peer.sign_json([(key.jwk, {"alg": alg}, unprotected)], CLAIMS.encode(), general)
                self.assertEqual(self.verified(token, *key.public_flags), CLAIMS)
                changed = {**json.loads(token), "payload": base64url(FORGED.encode())}
                self.verified(json.dumps(changed), *key.public_flags, code=INVALID)

    @with_each
    def test_our_json_serialization(self, alg, peer, key):
        token = self.encoded("--serialization", "json", *key.flags, "--alg", alg)
        parts = json.loads(token)
        general = {"payload": parts.pop("payload"), "signatures": [parts]}
        for text in (token, json.dumps(general)):
            self.assertEqual(peer.verify_json(alg, key.public_jwk, text).decode(), CLAIMS)
            changed = {**json.loads(text), "payload": base64url(FORGED.encode())}
            with self.assertRaises(BadSignature):
                peer.verify_json(alg, key.public_jwk, json.dumps(changed))

    def test_several_signers(self):
        for peer in PEERS:
            signers = [(self.keys[alg].jwk, {"alg": alg}, None) for alg in ALGORITHMS]
            token = peer.sign_json(signers, CLAIMS.encode(), True)
            for index, alg in enumerate(ALGORITHMS):
                key = self.keys[alg]
                with self.subTest(alg, peer=peer.__name__):
                    report = json.loads(self.jwtctl("verify", "--json", *key.public_flags, "--alg", alg, token))
                    self.assertEqual(report["signature_index"], index)
                    self.verified(token, "--all-signatures", *key.public_flags, code=INVALID)
            jwks = written(self.folder / "set.json", json.dumps({"keys": [self.keys[alg].public_jwk for alg in ALGORITHMS]}))
            self.assertEqual(self.verified(token, "--all-signatures", "--jwks", jwks), CLAIMS)

    @with_each
    def test_payloads_that_are_sent_separately(self, alg, peer, key):
        path, other = written(self.folder / "payload", PAYLOAD), written(self.folder / "other", PAYLOAD[1:])
        for json_form in ([], ["--serialization", "json"]):
            ours = self.jwtctl("encode", "--detached", path, *json_form, *key.flags, "--alg", alg).decode().strip()
            if not json_form:
                head, _, signature = ours.split(".")
                ours = json.dumps({"protected": head, "signature": signature})
            self.assertEqual(peer.verify_json(alg, key.public_jwk, ours, PAYLOAD), PAYLOAD)
        theirs = json.loads(peer.sign_json([(key.jwk, {"alg": alg}, None)], PAYLOAD, False))
        compact = f"{theirs['protected']}..{theirs['signature']}"
        del theirs["payload"]
        for token in (compact, json.dumps(theirs)):
            verify = ["verify", "--raw", *key.public_flags, token, "--detached"]
            self.assertEqual(self.jwtctl(*verify, path), b"")
            self.jwtctl(*verify, other, code=INVALID)

    @with_each
    def test_payloads_that_are_not_encoded(self, alg, peer, key):
        path, other = written(self.folder / "payload", TEXT), written(self.folder / "other", TEXT[1:])
        ours = self.jwtctl("encode", "--detached", path, "--unencoded", *key.flags, "--alg", alg).decode().strip()
        self.assertEqual(peer.verify_unencoded(alg, key.public_jwk, ours, TEXT), TEXT)
        with self.assertRaises(BadSignature):
            peer.verify_unencoded(alg, key.public_jwk, ours, TEXT[1:])
        theirs = peer.sign_unencoded(alg, key.jwk, TEXT)
        verify = ["verify", "--raw", *key.public_flags, theirs, "--detached"]
        self.assertEqual(self.jwtctl(*verify, path), b"")
        self.jwtctl(*verify, other, code=INVALID)


if __name__ == "__main__":
    unittest.main()
