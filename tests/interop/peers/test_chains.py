"""jwtctl against OpenSSL: certificate chains that `cryptography` makes anew, each with an algorithm for every certificate,
and each with one fault. It must not bend to jwtctl: where OpenSSL accepts a chain, jwtctl does, and the other way round.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the peers.
"""

import base64
import datetime
import itertools
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from test_peers import INVALID, JWTCTL

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
CLAIMS = '{"user_id":123}'
KEYS = {
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "PSS": lambda: rsa.generate_private_key(65537, 2048),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}
USAGES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
    "encipher_only decipher_only"
).split()
CA = {"ca": True, "usage": "key_cert_sign"}
LEAF = {"ca": False, "usage": "digital_signature"}


class Party:
    """A key, and the certificate that was issued for it."""

    def __init__(self, name, kind="P-256", issuer=None, ca=None, length=None, usage=None, start=NOW - DAY, end=NOW + DAY, signer=None):
        self.kind, self.key = kind, KEYS[kind]()
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = issuer or self
        signer = signer or issuer
        builder = x509.CertificateBuilder(issuer.name, self.name, self.key.public_key(), x509.random_serial_number(), start, end)
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, length), True)
        if usage is not None:
            builder = builder.add_extension(x509.KeyUsage(**{one: one == usage for one in USAGES}), True)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if signer.kind == "PSS" else None
        digest = None if signer.kind == "Ed25519" else hashes.SHA256()
        self.certificate = builder.sign(signer.key, digest, rsa_padding=pss)

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def private(self):
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, *form)


class Chains(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, *contents):
        path = self.folder / name
        path.write_bytes(b"".join(contents))
        return str(path)

    def openssl(self, root, chain):
        """Whether OpenSSL accepts the chain."""
        args = ["openssl", "verify", "-CAfile", self.write("root.pem", root.pem())]
        if chain[1:]:
            args += ["-untrusted", self.write("others.pem", *(party.pem() for party in chain[1:]))]
        run = subprocess.run([*args, self.write("leaf.pem", chain[0].pem())], capture_output=True)
        return run.returncode == 0

    def jwtctl(self, root, chain):
        """The exit code and the message of jwtctl for a token by the first key of the chain."""
        x5c = json.dumps([base64.b64encode(party.der()).decode() for party in chain])
        key = self.write("key.pem", chain[0].private())
        made = subprocess.run([JWTCTL, "encode", CLAIMS, "--key", key, "--header", f"x5c:={x5c}"], capture_output=True, check=True)
        flags = ["--x5c-root", self.write("root.pem", root.pem()), "--x5c-any-leaf"]
        run = subprocess.run([JWTCTL, "verify", "-", *flags], input=made.stdout, capture_output=True)
        return run.returncode, run.stderr.decode()

    def both_accept(self, root, chain):
        self.assertTrue(self.openssl(root, chain))
        self.assertEqual(self.jwtctl(root, chain), (0, ""))

    def both_refuse(self, root, chain, why):
        self.assertFalse(self.openssl(root, chain))
        code, said = self.jwtctl(root, chain)
        self.assertEqual(code, INVALID)
        self.assertIn(why, said)

    def test_every_algorithm_of_a_root_an_intermediate_and_a_leaf(self):
        for root_kind, middle_kind in itertools.product(KEYS, KEYS):
            root = Party("Root", root_kind, **CA)
            middle = Party("Intermediate", middle_kind, root, **CA)
            for kind in ["RSA", "P-256", "P-384", "P-521", "Ed25519"]:
                with self.subTest(root=root_kind, intermediate=middle_kind, leaf=kind):
                    self.both_accept(root, [Party("Leaf", kind, middle, **LEAF), middle])

    def test_long_chains(self):
        for count in range(6):
            chain = [Party("Root", **CA)]
            for depth in range(count):
                chain.insert(0, Party(f"CA {depth}", issuer=chain[0], **CA))
            chain.insert(0, Party("Leaf", issuer=chain[0], **LEAF))
            with self.subTest(intermediates=count):
                self.both_accept(chain[-1], chain[:-1])
                self.both_accept(chain[-1], chain)

    def test_each_fault(self):
        root = Party("Root", **CA)
        middle = Party("Intermediate", issuer=root, **CA)
        past, future = {"start": NOW - 2 * DAY, "end": NOW - DAY}, {"start": NOW + DAY, "end": NOW + 2 * DAY}
        for times, why in [(past, "expired"), (future, "is valid from")]:
            self.both_refuse(root, [Party("Leaf", issuer=middle, **LEAF, **times), middle], f"(CN=Leaf) {why}")
            late = Party("Intermediate", issuer=root, **CA, **times)
            self.both_refuse(root, [Party("Leaf", issuer=late, **LEAF), late], f"(CN=Intermediate) {why}")
            old = Party("Root", **CA, **times)
            self.both_refuse(old, [Party("Leaf", issuer=old, **LEAF)], f"(CN=Root) {why}")
        leaf = Party("Leaf", issuer=middle, **LEAF)
        self.both_refuse(Party("Root", **CA), [leaf, middle], "has a signature that is not its issuer's")
        self.both_refuse(Party("Other", **CA), [leaf, middle], "neither trusted nor in the chain")
        self.both_refuse(root, [leaf], "neither trusted nor in the chain")
        forged = Party("Leaf", issuer=middle, signer=root, **LEAF)
        self.both_refuse(root, [forged, middle], "(CN=Leaf) has a signature that is not its issuer's")
        no_ca = Party("No CA", issuer=root, **LEAF)
        self.both_refuse(root, [Party("Leaf", issuer=no_ca, **LEAF), no_ca], "does not belong to a CA")
        no_sign = Party("No Sign", issuer=root, ca=True, usage="crl_sign")
        self.both_refuse(root, [Party("Leaf", issuer=no_sign, **LEAF), no_sign], "must not sign certificates")
        short = Party("Short", issuer=root, length=0, **CA)
        below = Party("Below", issuer=short, **CA)
        self.both_refuse(root, [Party("Leaf", issuer=below, **LEAF), below, short], "(CN=Short) allows at most 0 CAs")


if __name__ == "__main__":
    unittest.main()
