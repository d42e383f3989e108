"""jwtctl against its peers: tokens and key files of either side, judged by the other, for each algorithm that both have.
It must not bend to jwtctl: what one of them refuses is a failure, and nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the peers.
"""

import base64
import hashlib
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form_of

from adapters import HMAC, PAIRS, PASSWORD, RSA, BadSignature, Unsupported, run, written
from adapters import cryptography, golang_jwt, joserfc, latchset_jose, npm_jose, openssl, pyjwt, ssh_keygen

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

INVALID, KEY = 4, 7

ALL = [*HMAC, *RSA, "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"]
SIGNERS = [joserfc, pyjwt, npm_jose, latchset_jose, golang_jwt]
READERS = [openssl, ssh_keygen, cryptography, joserfc, pyjwt, npm_jose, latchset_jose]

# What a careless tool changes: Unicode, escapes, null, nesting, order, the spelling of numbers. It expires in 2100.
CLAIMS = (
    r'{"user_id":123,"name":"Žofie Ωmega 日本語 🦀","ключ":"a name in Unicode","escaped":"\u00e9 \ud83e\udd80 \/ \" \\ \u0000",'
    r'"nothing":null,"nested":{"roles":["admin",null,{"scope":[]}],"empty":{},"":false},'
    r'"large":1234567890123456789012345678901234567890,"price":1.10,"tiny":1E-7,"exp":4102444800}'
)
FORGED = CLAIMS.replace("123,", "124,", 1)

# The forms that jwtctl writes and that say which key they hold. OpenSSH has no secp256k1.
FORMS = {alg: ["pem", "der", "jwk", "openssh"] for alg in PAIRS}
FORMS |= {"ES256K": ["pem", "der", "jwk"], **dict.fromkeys(HMAC, ["jwk"])}
PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "k"}


@dataclass
class Key:
    """One key as each program wants it: a JWK, a file, and jwtctl's flags."""

    jwk: dict
    public_jwk: dict
    file: Path
    public_file: Path
    flags: list = field(default_factory=list)
    public_flags: list = field(default_factory=list)


def setUpModule():
    npm_jose.start()
    unittest.addModuleCleanup(npm_jose.stop)
    # joserfc and PyJWT advise against some algorithms; they are tested all the same.
    warnings.simplefilter("ignore")


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def payload(token):
    return from_base64url(token.split(".")[1]).decode()


def header(token):
    return json.loads(from_base64url(token.split(".")[0]))


def forged(token):
    """The token with another payload under the signature it had."""
    head, _, signature = token.split(".")
    return ".".join([head, cryptography.base64url(FORGED.encode()), signature])


def signed_by(peer, alg, key):
    """Some peers sign bytes, some claims, and some both."""
    if hasattr(peer, "sign_bytes"):
        return peer.sign_bytes(alg, key, CLAIMS.encode())
    return peer.sign_claims(alg, key, CLAIMS)


def as_floats(text):
    return json.loads(text, parse_int=float)


class Case(unittest.TestCase):
    """A folder for the files of one test, and the calls of jwtctl."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def jwtctl(self, *args, code=0, stdin=b"", env={}):
        """Runs jwtctl, expects this exit code, and gives what it prints on stdout."""
        clean = {name: text for name, text in os.environ.items() if not name.startswith("JWTCTL_")}
        ran = subprocess.run([JWTCTL, *map(str, args)], env={**clean, **env}, input=stdin, capture_output=True, timeout=60)
        self.assertEqual(ran.returncode, code, f"jwtctl {' '.join(map(str, args))}: {ran.stderr.decode()}")
        return ran.stdout

    def verified(self, token, *flags, code=0):
        return self.jwtctl("verify", "--compact", *flags, token, code=code).decode().removesuffix("\n")

    def encoded(self, *flags, env={}):
        return self.jwtctl("encode", "--no-iat", *flags, CLAIMS, env=env).decode().strip()

    def thumbprint(self, path, *flags):
        return self.jwtctl("key", "thumbprint", path, *flags).decode().strip()

    def read_by_all(self, alg, form, path, private, expected):
        self.assertEqual(self.thumbprint(path), expected)
        if private:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        for reader in READERS:
            if alg in reader.READS.get(form, []):
                with self.subTest(alg, form=form, private=private, reader=reader.__name__):
                    self.assertEqual(reader.read(alg, form, path, private), expected)

    def both_ways(self, peer, alg, key):
        """Tokens of either side are accepted with the same claims, and forgeries are refused, by the other."""
        flags, public_flags = [*key.flags, "-A", alg], [*key.public_flags, "-A", alg]
        ours = self.encoded(*flags)
        self.assertEqual(payload(ours), CLAIMS)
        tokens = [ours]
        verify = getattr(peer, "verify_bytes", None) or peer.verify_claims

        if hasattr(peer, "sign_bytes"):
            self.assertEqual(peer.verify_bytes(alg, key, ours).decode(), CLAIMS)
            theirs = peer.sign_bytes(alg, key, CLAIMS.encode())
            self.assertEqual(self.verified(theirs, *public_flags), CLAIMS)
            tokens.append(theirs)
        if hasattr(peer, "sign_claims"):
            # The peer reads and writes JSON itself. Where its numbers are inexact, the bytes of the payload decide.
            read = json.loads if peer.EXACT_NUMBERS else as_floats
            self.assertEqual(read(peer.verify_claims(alg, key, ours)), read(CLAIMS))
            theirs = peer.sign_claims(alg, key, CLAIMS)
            seen = self.verified(theirs, *public_flags)
            self.assertEqual(seen, payload(theirs))
            self.assertEqual(read(seen), read(CLAIMS))
            tokens.append(theirs)

        for token in tokens:
            self.assertEqual(header(token)["alg"], alg)
            self.verified(forged(token), *public_flags, code=INVALID)
            with self.assertRaises(BadSignature):
                verify(alg, key, forged(token))


class Tokens(Case):
    """Every algorithm of every peer, with keys that jwtctl has not made."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.keys = {alg: key_of_cryptography(alg, Path(folder.name)) for alg in ALL}

    def every_algorithm(self, peer):
        self.assertEqual(sorted(peer.ALGORITHMS + peer.LACKS), sorted(ALL))
        for alg in peer.ALGORITHMS:
            with self.subTest(alg):
                self.both_ways(peer, alg, self.keys[alg])
        for alg in peer.LACKS:
            with self.subTest(alg, lacks=True), self.assertRaises(Unsupported):
                signed_by(peer, alg, self.keys[alg])

    def test_joserfc(self):
        self.every_algorithm(joserfc)

    def test_pyjwt(self):
        self.every_algorithm(pyjwt)

    def test_npm_jose(self):
        self.every_algorithm(npm_jose)

    def test_latchset_jose(self):
        self.every_algorithm(latchset_jose)

    def test_golang_jwt(self):
        self.every_algorithm(golang_jwt)


def key_of_cryptography(alg, folder):
    """A key made by Python's cryptography, its JWK by joserfc."""
    key = cryptography.new_key(alg)
    file, public_file = folder / f"{alg}.private", folder / f"{alg}.public"
    if alg in HMAC:
        file.write_bytes(key)
        jwk = {"kty": "oct", "k": cryptography.base64url(key)}
        flags = ["--secret-file", file, "--secret-format", "raw"]
        return Key(jwk, jwk, file, file, flags, flags)
    file.write_bytes(cryptography.private_bytes(key))
    public_file.write_bytes(cryptography.public_bytes(key))
    jwk, public_jwk = (joserfc.jwk_of_pem(alg, path) for path in (file, public_file))
    return Key(jwk, public_jwk, file, public_file, ["-k", file], ["-k", public_file])


class NewKeys(Case):
    """A key of `jwtctl key new`, as a JWK, serves each peer that has its algorithm."""

    def new(self, alg):
        paths = {name: self.folder / f"{alg}.{name}" for name in ("jwk", "public.jwk", "file", "public.file")}
        self.jwtctl("key", "new", "--alg", alg, "--format", "jwk", "--out", paths["jwk"])
        if alg in HMAC:
            paths["file"].write_bytes(from_base64url(json.loads(paths["jwk"].read_text())["k"]))
            paths["public.jwk"], paths["public.file"] = paths["jwk"], paths["file"]
        else:
            self.jwtctl("key", "public", paths["jwk"], "--out", paths["public.jwk"])
            self.jwtctl("key", "convert", "--format", "pem", paths["jwk"], "--out", paths["file"])
            self.jwtctl("key", "public", paths["file"], "--out", paths["public.file"])
        jwk, public_jwk = (json.loads(paths[name].read_text()) for name in ("jwk", "public.jwk"))
        return Key(jwk, public_jwk, paths["file"], paths["public.file"], ["-k", paths["jwk"]], ["-k", paths["public.jwk"]])

    def test_every_algorithm_with_every_peer(self):
        for alg in ALL:
            key = self.new(alg)
            with self.subTest(alg):
                thumbprint = self.thumbprint(key.flags[1])
                # That of a secret is random: its thumbprint would let it be guessed.
                kid = key.jwk["kid"] if alg in HMAC else thumbprint
                self.assertEqual(kid == thumbprint, alg not in HMAC)
                for jwk in (key.jwk, key.public_jwk):
                    said = {name: jwk.get(name) for name in ("kid", "alg", "use")}
                    self.assertEqual(said, {"kid": kid, "alg": alg, "use": "sig"})
                if alg not in HMAC:
                    self.assertEqual(PRIVATE_MEMBERS & key.public_jwk.keys(), set())
                self.assertEqual(header(self.encoded(*key.flags)), {"alg": alg, "typ": "JWT", "kid": kid})
            for peer in SIGNERS:
                if alg in peer.ALGORITHMS:
                    with self.subTest(alg, peer=peer.__name__):
                        self.both_ways(peer, alg, key)


class Written(Case):
    """Every key file that jwtctl writes is read by whoever knows its form, and is the same key."""

    def test_each_form_has_its_readers(self):
        """So that no reader is lost in silence."""
        forms = {
            "pem": [openssl, cryptography, npm_jose],
            "der": [openssl, cryptography],
            "jwk": [joserfc, pyjwt, npm_jose, latchset_jose],
            "openssh": [ssh_keygen, cryptography],
        }
        for form, readers in forms.items():
            self.assertEqual([reader for reader in READERS if form in reader.READS], readers)

    def test_key_new(self):
        for alg in [*PAIRS, *HMAC]:
            for form in FORMS[alg]:
                path, public = self.folder / f"{alg}.{form}", self.folder / f"{alg}.{form}.pub"
                public_out = [] if alg in HMAC else ["--public-out", public]
                with self.subTest(alg, form=form):
                    self.jwtctl("key", "new", "--alg", alg, "--format", form, "--out", path, *public_out)
                    thumbprint = self.thumbprint(path)
                    self.read_by_all(alg, form, path, True, thumbprint)
                    if public_out:
                        self.assertEqual(self.thumbprint(public), thumbprint)

    def test_key_convert_and_key_public(self):
        """From each form to each other and back to DER: the thumbprint and the DER stay."""
        for alg in PAIRS:
            first = self.folder / f"{alg}.first.der"
            self.jwtctl("key", "new", "--alg", alg, "--format", "der", "--out", first)
            thumbprint, der = self.thumbprint(first), first.read_bytes()
            spki = self.jwtctl("key", "public", "--format", "der", first)
            for form in FORMS[alg]:
                path, public = self.folder / f"{alg}.{form}", self.folder / f"{alg}.{form}.pub"
                self.jwtctl("key", "convert", "--format", form, first, "--out", path)
                self.jwtctl("key", "public", "--format", form, first, "--out", public)
                self.read_by_all(alg, form, path, True, thumbprint)
                self.read_by_all(alg, form, public, False, thumbprint)
                for other in FORMS[alg]:
                    with self.subTest(alg, convert=form, to=other):
                        again = self.jwtctl("key", "convert", "--format", other, path)
                        self.assertEqual(self.jwtctl("key", "convert", "--format", "der", "-", stdin=again), der)
                        again = self.jwtctl("key", "public", "--format", other, path)
                        self.assertEqual(self.jwtctl("key", "public", "--format", other, public), again)
                        self.assertEqual(self.jwtctl("key", "public", "--format", "der", "-", stdin=again), spki)

    def test_an_encrypted_key(self):
        password = written(self.folder / "password", PASSWORD)
        for alg in PAIRS:
            for form in ("pem", "der"):
                with self.subTest(alg, form=form):
                    path = self.folder / f"{alg}.{form}"
                    flags = ["--alg", alg, "--format", form, "--encrypt", "--key-password-file", password]
                    self.jwtctl("key", "new", *flags, "--out", path)
                    spki = self.jwtctl("key", "public", "--format", "der", path, "--key-password-file", password)
                    load = {"pem": form_of.load_pem_private_key, "der": form_of.load_der_private_key}[form]
                    key = load(path.read_bytes(), PASSWORD.encode())
                    der = (form_of.Encoding.DER, form_of.PublicFormat.SubjectPublicKeyInfo)
                    self.assertEqual(key.public_key().public_bytes(*der), spki)
                    inform = ["-inform", "DER"] if form == "der" else []
                    public = ["-pubout", "-outform", "DER", "-passin", f"file:{password}"]
                    self.assertEqual(run("openssl", "pkey", *inform, "-in", path, *public), spki)

    def test_a_secret_as_jwk_and_text(self):
        for alg in HMAC:
            with self.subTest(alg):
                text, jwk = self.folder / f"{alg}.text", self.folder / f"{alg}.jwk"
                self.jwtctl("key", "new", "--alg", alg, "--out", text)
                self.jwtctl("key", "convert", "--format", "jwk", "--secret-file", text, "--out", jwk)
                secret = text.read_bytes()
                self.assertNotIn("kid", json.loads(jwk.read_text()))
                self.read_by_all(alg, "jwk", jwk, True, cryptography.thumbprint(secret.removesuffix(b"\n")))
                self.assertEqual(self.jwtctl("key", "convert", "--format", "text", jwk), secret)


class Made(Case):
    """Every key file that another program makes is read by jwtctl, is the same key, signs or verifies, and stays that key."""

    def every_file(self, maker):
        for alg in maker.MAKES:
            with self.subTest(alg):
                self.files_of(alg, maker.make)

    def files_of(self, alg, make):
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        thumbprint, files = make(alg, folder)
        self.assertTrue(files[0].private)
        signed = self.encoded("-k", files[0].path, "-A", alg)
        for file in files:
            with self.subTest(alg, form=file.form, private=file.private):
                self.one_file(alg, file, thumbprint, signed)
        # Once through jwtctl to every form, and to whoever reads that.
        for private in (True, False):
            for file in [file for file in files if file.private == private][:1]:
                self.round_trip(alg, file, thumbprint, folder)

    def one_file(self, alg, file, thumbprint, signed):
        flags, env = [], {}
        if file.password:
            self.jwtctl("key", "thumbprint", file.path, code=KEY)
            wrong = {"JWTCTL_KEY_PASSWORD": PASSWORD.upper()}
            self.jwtctl("key", "thumbprint", file.path, env=wrong, code=KEY)
            password = written(self.folder / "password", file.password)
            flags, env = ["--key-password-file", password], {"JWTCTL_KEY_PASSWORD": file.password}
        self.assertEqual(self.thumbprint(file.path, *flags), thumbprint)
        if only_signs(file):
            self.verified(signed, "-k", file.path, *flags, code=KEY)
        else:
            self.assertEqual(self.verified(signed, "-k", file.path, *flags), CLAIMS)

        # The public half, which joserfc says is that of the key, judges what the private one signs.
        verb = "convert" if alg in HMAC else "public"
        public = written(self.folder / "public", self.jwtctl("key", verb, "--format", "jwk", file.path, *flags))
        self.assertEqual(joserfc.read(alg, "jwk", public, alg in HMAC), thumbprint)
        token = self.encoded("-k", file.path, "-A", alg, env=env) if file.private else signed
        jwk = json.loads(public.read_text())
        self.assertEqual(joserfc.verify_bytes(alg, Key(jwk, jwk, None, None), token).decode(), CLAIMS)

    def round_trip(self, alg, file, thumbprint, folder):
        for form in FORMS[alg]:
            path = folder / f"{file.private}.{form}"
            verb = "convert" if file.private else "public"
            self.jwtctl("key", verb, "--format", form, file.path, "--out", path)
            self.read_by_all(alg, form, path, file.private, thumbprint)

    def test_openssl(self):
        self.every_file(openssl)

    def test_ssh_keygen(self):
        self.every_file(ssh_keygen)

    def test_cryptography(self):
        self.every_file(cryptography)

    def test_numbers_that_begin_with_zeros(self):
        for alg in cryptography.EC:
            for bits in (1, 20):
                with self.subTest(alg, zeros=bits):
                    self.files_of(alg, lambda alg, folder: cryptography.make(alg, folder, cryptography.short_key(alg, bits)))

    def test_joserfc(self):
        self.every_file(joserfc)

    def test_pyjwt(self):
        self.every_file(pyjwt)

    def test_npm_jose(self):
        self.every_file(npm_jose)

    def test_latchset_jose(self):
        self.every_file(latchset_jose)


def only_signs(file):
    """Whether a JWK says so."""
    return file.form == "jwk" and "verify" not in json.loads(file.path.read_text()).get("key_ops", ["verify"])


class Sets(Case):
    """JWK Sets of either side, with keys found by their kid or tried in turn."""

    def test_key_set(self):
        files = {alg: self.folder / f"{alg}.jwk" for alg in PAIRS}
        for alg, file in files.items():
            self.jwtctl("key", "new", "--alg", alg, "--format", "jwk", "--out", file)
        path = self.folder / "set.json"
        self.jwtctl("key", "set", *files.values(), "--out", path)
        jwks = json.loads(path.read_text())
        self.assertEqual([key["kid"] for key in jwks["keys"]], [self.thumbprint(file) for file in files.values()])
        for key in jwks["keys"]:
            self.assertEqual(PRIVATE_MEMBERS & key.keys(), set())

        for alg, file in files.items():
            token = self.encoded("-k", file)
            self.assertEqual(self.verified(token, "--jwks", path), CLAIMS)
            for peer in (joserfc, pyjwt, npm_jose, latchset_jose):
                if alg in peer.ALGORITHMS:
                    with self.subTest(alg, peer=peer.__name__):
                        self.assertEqual(peer.verify_by_set(jwks, alg, token).decode(), CLAIMS)
                        with self.assertRaises(BadSignature):
                            peer.verify_by_set(jwks, alg, forged(token))

    def test_a_set_of_joserfc(self):
        private, public = joserfc.make_set(PAIRS)
        private_path = written(self.folder / "private.json", json.dumps(private))
        public_path = written(self.folder / "public.json", json.dumps(public))
        kids = [key["kid"] for key in private["keys"]]
        for alg, kid in zip(PAIRS, kids, strict=True):
            with self.subTest(alg):
                ours = self.encoded("-k", private_path, f"--kid={kid}", "-A", alg)
                self.assertEqual(joserfc.verify_by_set(public, alg, ours).decode(), CLAIMS)
                theirs = joserfc.sign_by_set(private, alg, kid, CLAIMS.encode())
                self.assertEqual(header(theirs)["kid"], kid)
                for token in (ours, theirs):
                    self.assertEqual(self.verified(token, "--jwks", public_path), CLAIMS)
                    self.verified(forged(token), "--jwks", public_path, code=INVALID)

    def test_a_set_of_latchset_has_no_kid(self):
        algs = latchset_jose.MAKES[:4]
        self.assertEqual(algs, ["RS256", "ES256", "ES384", "ES512"])
        private, public = latchset_jose.make_set(algs)
        path = written(self.folder / "public.json", json.dumps(public))
        for alg, key in zip(algs, private["keys"], strict=True):
            with self.subTest(alg):
                theirs = latchset_jose.sign_bytes(alg, Key(key, key, None, None), CLAIMS.encode())
                ours = self.encoded("-k", written(self.folder / "key.jwk", json.dumps(key)))
                self.assertEqual(latchset_jose.verify_by_set(public, alg, ours).decode(), CLAIMS)
                for token in (ours, theirs):
                    self.assertEqual(self.verified(token, "--jwks", path), CLAIMS)
                    self.verified(forged(token), "--jwks", path, code=INVALID)


class Fingerprints(Case):
    """Those that other programs print of a key of jwtctl, and of a certificate."""

    def new(self, alg):
        private, public = self.folder / f"{alg}.pem", self.folder / f"{alg}.pub"
        self.jwtctl("key", "new", "--alg", alg, "--out", private, "--public-out", public)
        return private, public

    def printed(self, flag, path):
        return self.jwtctl("key", "thumbprint", flag, path).decode().removesuffix("\n")

    def test_spki_and_libtrust(self):
        for alg in PAIRS:
            with self.subTest(alg):
                der = run("openssl", "pkey", "-in", self.new(alg)[0], "-pubout", "-outform", "DER")
                digest = hashlib.sha256(der).digest()
                digits = base64.b32encode(digest[:30]).decode()
                for path in self.folder.glob(f"{alg}.*"):
                    self.assertEqual(self.printed("--spki", path), f"SHA256:{base64.b64encode(digest).decode()}")
                    libtrust = ":".join(digits[at:at + 4] for at in range(0, len(digits), 4))
                    self.assertEqual(self.printed("--libtrust", path), libtrust)

    def test_ssh(self):
        for alg in cryptography.SSH:
            with self.subTest(alg):
                private, _ = self.new(alg)
                line = self.jwtctl("key", "public", "--format", "openssh", private)
                listed = run("ssh-keygen", "-l", "-f", written(self.folder / "line.pub", line)).decode()
                self.assertEqual(self.printed("--ssh", private), listed.split()[1])

    def test_x5t(self):
        private, _ = self.new("ES256")
        certificate = self.folder / "certificate.pem"
        run("openssl", "req", "-x509", "-new", "-key", private, "-subj", "/CN=test", "-out", certificate)
        digests = []
        for name in ("sha1", "sha256"):
            printed = run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", f"-{name}").decode()
            digests.append(cryptography.base64url(bytes.fromhex(printed.strip().split("=")[1].replace(":", ""))))
        lines = [line.split() for line in self.printed("--x5t", certificate).splitlines()]
        self.assertEqual(lines, [["x5t", digests[0]], ["x5t#S256", digests[1]]])


if __name__ == "__main__":
    unittest.main()
