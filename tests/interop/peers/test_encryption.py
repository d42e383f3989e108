"""jwtctl against its peers: encrypted tokens of either side, decrypted by the other, for each pair of algorithms that both
have. It must not bend to jwtctl: what one of them refuses is a failure, and nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the peers.
"""

import json
import os
import tempfile
import unittest
import warnings
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from adapters import AGREEMENT, CONTENT, OAEP, PASSWORDS, WRAPPING, run, written
from adapters import auth_js, cryptography, joserfc, latchset_jose, npm_jose
from adapters.cryptography import base64url
from test_peers import CLAIMS, INVALID, Case, from_base64url, header

PEERS = [joserfc, npm_jose, latchset_jose]
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
SECRET = "the secret of a web application"
# What peers read themselves loses nothing of these, whatever their numbers are.
SIMPLE = {"sub": "alice", "name": "Žofie 🦀", "roles": ["admin", None, {"scope": []}], "number": 123}


def setUpModule():
    for peer in (npm_jose, auth_js):
        peer.start()
        unittest.addModuleCleanup(peer.stop)
    warnings.simplefilter("ignore")


class Pair:
    """A key pair as each program wants it: as JWKs, which name no algorithm, and in files."""

    def __init__(self, key, folder, name):
        kty = "RSA" if name == "RSA" else "OKP" if name == "X25519" else "EC"
        self.key = key
        self.file = written(folder / f"{name}.private", cryptography.private_bytes(key))
        self.public_file = written(folder / f"{name}.public", cryptography.public_bytes(key))
        self.jwk, self.public_jwk = (joserfc.imported_pem(path, kty) for path in (self.file, self.public_file))
        self.jwk_file = written(folder / f"{name}.jwk", json.dumps(self.jwk))


class Shared:
    """A secret of so many bytes, in a JWK."""

    def __init__(self, length, folder):
        self.jwk = self.public_jwk = {"kty": "oct", "k": base64url(os.urandom(length))}
        self.jwk_file = self.file = self.public_file = written(folder / f"secret.{length}", json.dumps(self.jwk))


def changed(token):
    """The token with one bit of its ciphertext changed."""
    *parts, ciphertext, tag = token.split(".")
    content = bytearray(from_base64url(ciphertext))
    content[-1] ^= 1
    return ".".join([*parts, base64url(content), tag])


class EncryptionCase(Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        path = Path(folder.name)
        cls.pairs = {name: Pair(ec.generate_private_key(curve), path, name) for name, curve in CURVES.items()}
        cls.pairs["X25519"] = Pair(x25519.X25519PrivateKey.generate(), path, "X25519")
        cls.pairs["RSA"] = Pair(rsa.generate_private_key(65537, 2048), path, "RSA")
        cls.secrets = {length: Shared(length, path) for length in {*CONTENT.values(), 20}}

    def keys(self, peer, alg, enc):
        """The keys for two algorithms, of each type that the peer has for them."""
        if alg in OAEP:
            return [self.pairs["RSA"]]
        if alg in AGREEMENT:
            return [self.pairs[curve] for curve in peer.AGREES_ON]
        return [self.secrets[CONTENT[enc] if alg == "dir" else 20 if alg in PASSWORDS else WRAPPING[alg]]]

    def decrypted(self, token, *flags, code=0, env={}):
        return self.jwtctl("decode", "--compact", *flags, token, code=code, env=env).decode().removesuffix("\n")

    def encrypted(self, to, alg, enc, *flags):
        iterations = ["--p2c", "1000"] if alg in PASSWORDS else []
        flags = ["--no-iat", "--encrypt-to", to, "--key-alg", alg, "--enc", enc, *iterations, *flags]
        return self.jwtctl("encode", *flags, CLAIMS).decode().strip()


class Tokens(EncryptionCase):
    """Every pair of algorithms of every peer, with every type of key."""

    def every_algorithm(self, peer, count):
        tried = 0
        for alg, enc in peer.ENCRYPTS:
            for key in self.keys(peer, alg, enc):
                with self.subTest(alg, enc=enc, key=key.file.name):
                    self.both_ways(peer, alg, enc, key)
                    tried += 1
        self.assertEqual(tried, count)

    def both_ways(self, peer, alg, enc, key):
        theirs = peer.encrypt(key.public_jwk, {"alg": alg, "enc": enc}, CLAIMS)
        self.assertEqual(self.decrypted(theirs, "--decrypt-key", key.file), CLAIMS)
        self.decrypted(changed(theirs), "--decrypt-key", key.file, code=INVALID)
        ours = self.encrypted(key.public_file, alg, enc, "--no-sign")
        self.assertEqual({name: header(ours)[name] for name in ("alg", "enc")}, {"alg": alg, "enc": enc})
        self.assertEqual(peer.decrypt(key.jwk, alg, ours), CLAIMS)

    def test_joserfc(self):
        self.every_algorithm(joserfc, 168)

    def test_npm_jose(self):
        self.every_algorithm(npm_jose, 168)

    def test_latchset_jose(self):
        self.every_algorithm(latchset_jose, 132)

    def test_both_parties_are_named(self):
        """`apu` and `apv` go into the key (RFC 7518 section 4.6.2)."""
        named = ["--header", f"apu={base64url(b'Alice')}", "--header", f"apv={base64url('Žofie'.encode())}"]
        for peer in PEERS:
            for curve in peer.AGREES_ON:
                for alg in AGREEMENT:
                    with self.subTest(peer.__name__, curve=curve, alg=alg):
                        key = self.pairs[curve]
                        theirs = peer.encrypt(key.public_jwk, {"alg": alg, "enc": "A256GCM"}, CLAIMS, "Alice", "Žofie")
                        self.assertEqual(from_base64url(header(theirs)["apv"]).decode(), "Žofie")
                        self.assertEqual(self.decrypted(theirs, "--decrypt-key", key.file), CLAIMS)
                        ours = self.encrypted(key.public_file, alg, "A256GCM", "--no-sign", *named)
                        self.assertEqual(peer.decrypt(key.jwk, alg, ours), CLAIMS)

    def test_compressed(self):
        """latchset's jose writes `zip` as well, but does not compress."""
        for peer in (joserfc, npm_jose):
            for alg, enc in [("dir", "A256GCM"), ("A128KW", "A128CBC-HS256"), ("ECDH-ES", "A256GCM")]:
                with self.subTest(peer.__name__, alg=alg):
                    [key, *_] = self.keys(peer, alg, enc)
                    token = peer.compressed(key.public_jwk, {"alg": alg, "enc": enc}, CLAIMS)
                    self.assertEqual(header(token)["zip"], "DEF")
                    self.assertEqual(self.decrypted(token, "--decrypt-key", key.file), CLAIMS)


class Json(EncryptionCase):
    """The JSON serializations of peers: shared and own headers, additional data, several recipients."""

    def opened_by_each(self, tokens, keys):
        for token in tokens:
            for key in keys:
                with self.subTest(members=[*token], key=key.file.name):
                    self.assertEqual(self.decrypted(json.dumps(token), "--decrypt-key", key.file), CLAIMS)
                    if "aad" in token:
                        other = json.dumps({**token, "aad": base64url(b"other")})
                        self.decrypted(other, "--decrypt-key", key.file, code=INVALID)

    def test_one_recipient(self):
        for peer in PEERS:
            for enc in CONTENT:
                for aad in [None, "additional data"] if enc in peer.TAKES_AAD else [None]:
                    secret = self.secrets[24]
                    one = [(secret.jwk, {"alg": "A192KW", "kid": "7"})]
                    tokens = peer.encrypt_json({"enc": enc}, {"cty": "text"}, aad, one, CLAIMS)
                    with self.subTest(peer.__name__, enc=enc, aad=aad):
                        self.opened_by_each(tokens, [secret])

    def test_several_recipients(self):
        enc = "A128CBC-HS256"
        for peer in PEERS:
            named = {"A256KW": self.secrets[32], "A128GCMKW": self.secrets[16]}
            named |= {"ECDH-ES+A256KW": self.pairs["P-256"], "ECDH-ES+A128KW": self.pairs[peer.AGREES_ON[-1]]}
            if ("RSA-OAEP", enc) in peer.ENCRYPTS:
                named["RSA-OAEP"] = self.pairs["RSA"]
            recipients = [(key.public_jwk, {"alg": alg}) for alg, key in named.items()]
            with self.subTest(peer.__name__):
                [token] = peer.encrypt_json({"enc": enc}, {"cty": "text"}, "additional data", recipients, CLAIMS)
                self.assertEqual(len(token["recipients"]), len(named))
                self.opened_by_each([token], named.values())


class Forms(EncryptionCase):
    """Keys in every form, and secrets as variables."""

    def test_every_form_of_a_key(self):
        for name, pair in self.pairs.items():
            alg = "RSA-OAEP-256" if name == "RSA" else "ECDH-ES+A256KW"
            private, public = [pair.file, pair.jwk_file], [pair.public_file]
            private.append(written(self.folder / "der", cryptography.private_bytes(pair.key, Encoding.DER)))
            public.append(written(self.folder / "public.der", cryptography.public_bytes(pair.key, Encoding.DER)))
            public.append(written(self.folder / "public.jwk", json.dumps(pair.public_jwk)))
            if name != "X25519":
                traditional = cryptography.private_bytes(pair.key, kind=PrivateFormat.TraditionalOpenSSL)
                private.append(written(self.folder / "traditional", traditional))
                certificate = ["-x509", "-new", "-key", pair.file, "-subj", "/CN=peers", "-days", "1"]
                public.append(written(self.folder / "certificate", run("openssl", "req", *certificate)))
            theirs = joserfc.encrypt(pair.public_jwk, {"alg": alg, "enc": "A256GCM"}, CLAIMS)
            for path in private:
                with self.subTest(name, form=path.name):
                    self.assertEqual(self.decrypted(theirs, "--decrypt-key", path), CLAIMS)
            for path in public:
                with self.subTest(name, form=path.name):
                    ours = self.encrypted(path, alg, "A256GCM", "--no-sign")
                    self.assertEqual(joserfc.decrypt(pair.jwk, alg, ours), CLAIMS)

    def test_a_secret_in_a_variable(self):
        for enc, length in CONTENT.items():
            secret = from_base64url(self.secrets[length].jwk["k"])
            theirs = npm_jose.encrypt(self.secrets[length].jwk, {"alg": "dir", "enc": enc}, CLAIMS)
            for form, text in {"hex": secret.hex(), "base64": base64url(secret)}.items():
                with self.subTest(enc, form=form):
                    self.assertEqual(self.decrypted(theirs, "--decrypt-secret-env", f"{form}:KEY", env={"KEY": text}), CLAIMS)
                    flags = ["--no-iat", "--no-sign", "--encrypt-secret-env", f"{form}:KEY", "--enc", enc]
                    ours = self.jwtctl("encode", *flags, CLAIMS, env={"KEY": text}).decode().strip()
                    self.assertEqual(header(ours)["alg"], "dir")
                    self.assertEqual(npm_jose.decrypt(self.secrets[length].jwk, "dir", ours), CLAIMS)

    def test_a_password_in_a_variable(self):
        password, env = "pass word Ω", {"KEY": "pass word Ω"}
        jwk = {"kty": "oct", "k": base64url(password.encode())}
        for peer in PEERS:
            for alg in PASSWORDS:
                with self.subTest(peer.__name__, alg=alg):
                    theirs = peer.encrypt(jwk, {"alg": alg, "enc": "A128GCM"}, CLAIMS)
                    self.assertEqual(self.decrypted(theirs, "--decrypt-secret-env", "KEY", env=env), CLAIMS)
                    flags = ["--no-iat", "--no-sign", "--encrypt-secret-env", "KEY", "--key-alg", alg, "--p2c", "1000"]
                    ours = self.jwtctl("encode", *flags, CLAIMS, env=env).decode().strip()
                    self.assertEqual(peer.decrypt(jwk, alg, ours), CLAIMS)


class NewKeys(EncryptionCase):
    """A key of `jwtctl key new`, whose JWK names its algorithm, serves each peer."""

    def new(self, alg, *flags):
        path, public = self.folder / "new.jwk", self.folder / "new.public.jwk"
        self.jwtctl("key", "new", "--alg", alg, *flags, "--format", "jwk", "--force", "--out", path)
        if json.loads(path.read_text())["kty"] == "oct":
            return path, path
        self.jwtctl("key", "public", path, "--force", "--out", public)
        return path, public

    def both_ways(self, peer, alg, enc, path, public):
        jwk, public_jwk = (json.loads(file.read_text()) for file in (path, public))
        ours = self.jwtctl("encode", "--no-iat", "--no-sign", "--encrypt-to", public, CLAIMS).decode().strip()
        self.assertEqual((header(ours)["alg"], header(ours)["enc"]), (alg, enc))
        self.assertEqual(peer.decrypt(jwk, alg, ours), CLAIMS)
        theirs = peer.encrypt(public_jwk, {"alg": alg, "enc": enc}, CLAIMS)
        self.assertEqual(self.decrypted(theirs, "--decrypt-key", path), CLAIMS)

    def test_of_every_algorithm(self):
        for peer in PEERS:
            for alg in {alg for alg, _ in peer.ENCRYPTS} - {"dir", *PASSWORDS}:
                curves = peer.AGREES_ON if alg in AGREEMENT else [None]
                for curve in curves:
                    with self.subTest(peer.__name__, alg=alg, curve=curve):
                        self.both_ways(peer, alg, "A256GCM", *self.new(alg, *(["--curve", curve] if curve else [])))

    def test_of_every_content_encryption(self):
        for peer in PEERS:
            for enc in CONTENT:
                with self.subTest(peer.__name__, enc=enc):
                    self.both_ways(peer, "dir", enc, *self.new(enc))


class Nested(EncryptionCase):
    """Tokens that are signed and then encrypted; a refreshed one is in both layers what it was."""

    def both_ways(self, peer, alg, key, signer, signing):
        both = ["--decrypt-key", key.file, "--key", signing]
        signed = peer.sign_bytes("ES256", signer, CLAIMS.encode())
        theirs = peer.encrypt(key.public_jwk, {"alg": alg, "enc": "A256GCM", "cty": "JWT"}, signed)
        ours = self.encrypted(key.public_file, alg, "A256GCM", "--key", signing)
        self.assertEqual(header(ours)["cty"], "JWT")
        self.assertEqual(peer.verify_bytes("ES256", signer, peer.decrypt(key.jwk, alg, ours)).decode(), CLAIMS)
        for token in (theirs, ours):
            self.assertEqual(self.verified(token, *both), CLAIMS)
            self.verified(changed(token), *both, code=INVALID)
            new = self.jwtctl("refresh", *both, token).decode().strip()
            kept = ("alg", "enc", "cty")
            self.assertEqual([header(new)[name] for name in kept], [header(token)[name] for name in kept])
            claims = json.loads(peer.verify_bytes("ES256", signer, peer.decrypt(key.jwk, alg, new)))
            self.assertEqual(claims["name"], json.loads(CLAIMS)["name"])

    def test_every_peer(self):
        signer = Pair(ec.generate_private_key(ec.SECP256R1()), self.folder, "signer")
        for peer in PEERS:
            for alg in ("dir", "A128GCMKW", "ECDH-ES", "ECDH-ES+A192KW", "RSA-OAEP", "RSA-OAEP-256"):
                if (alg, "A256GCM") in peer.ENCRYPTS:
                    for key in self.keys(peer, alg, "A256GCM"):
                        with self.subTest(peer.__name__, alg=alg, key=key.file.name):
                            self.both_ways(peer, alg, key, signer, signer.file)


class Sessions(EncryptionCase):
    """The session cookies of Auth.js 5 and NextAuth 4: what jwtctl shows is what their own functions put in, and these
    read the refreshed cookie."""

    def test_cookies(self):
        env = {"AUTH_SECRET": SECRET}
        flags = ["--decrypt-secret-env", "authjs:AUTH_SECRET"]
        for cookie in [None, *auth_js.COOKIES]:
            with self.subTest(cookie=cookie):
                token = auth_js.encode(SIMPLE, SECRET, cookie)
                self.assertEqual(header(token)["enc"], "A256CBC-HS512" if cookie else "A256GCM")
                expected = auth_js.decode(token, SECRET, cookie)
                self.assertEqual({name: expected[name] for name in SIMPLE}, SIMPLE)
                for verb in ("decode", "verify"):
                    self.assertEqual(json.loads(self.jwtctl(verb, *flags, token, env=env)), expected)
                    self.jwtctl(verb, *flags, token, env={"AUTH_SECRET": SECRET.upper()}, code=INVALID)
                new = self.jwtctl("refresh", "--ttl", "1h", *flags, token, env=env).decode().strip()
                refreshed = auth_js.decode(new, SECRET, cookie)
                self.assertEqual({name: refreshed[name] for name in SIMPLE}, SIMPLE)
                self.assertEqual(refreshed["exp"] - refreshed["iat"], 3600)

    def test_a_cookie_with_another_name_does_not_open(self):
        token = auth_js.encode(SIMPLE, SECRET, "other")
        flags = ["--decrypt-secret-env", "authjs:AUTH_SECRET"]
        self.decrypted(token, *flags, env={"AUTH_SECRET": SECRET}, code=INVALID)


if __name__ == "__main__":
    unittest.main()
