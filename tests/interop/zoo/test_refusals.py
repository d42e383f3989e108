"""Files that are no key, or none that jwtctl may use: exit code 7 and a reason that names them.
It must not hold damaged keys, which are in test_damage.py, nor keys that work."""

import itertools
import json
import os
import re
import unittest

import der
import keys
import strangers
import tools
from tools import FOLDER, KEY, LARGEST_KEY, LARGEST_SECRET, PASSWORD, Suite, jwtctl, openssl, ssh_keygen

TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30." + "A" * 86


def refused(ran, word):
    """The call ends with exit code 7, and its reason has this word; paths do not count."""
    assert ran.code == KEY, f"{ran.call}: exit code {ran.code}: {ran.err}"
    reason = ran.err.replace(str(FOLDER), "")
    is_named = reason.startswith("error: ") and re.search(word, reason, re.IGNORECASE)
    assert is_named, f"{ran.call}: no {word!r} in: {reason}"


def refused_where_it_signs_and_verifies(path, word, password=None):
    for call in (["verify", TOKEN], ["encode", "{}"], ["refresh", TOKEN]):
        refused(jwtctl(*call, "-k", path, password=password), word)


def refused_by_every_verb(data, word, password=None):
    path = data if isinstance(data, os.PathLike) else tools.file(data)
    refused_where_it_signs_and_verifies(path, word, password)
    for verb in ("show", "public", "thumbprint", "convert --format jwk", "set"):
        refused(jwtctl("key", *verb.split(), path, password=password), word)


class Refused(Suite):
    """Each of these by every verb."""

    def test_keys_of_other_kinds(self):
        cases = []
        for name, (pem, word) in strangers.foreign().items():
            public = openssl("pkey", "-pubout", stdin=pem)
            locked = openssl("pkcs8", "-topk8", "-passout", f"pass:{PASSWORD}", stdin=pem)
            cases += [
                (f"{name}, private, PEM", pem, word),
                (f"{name}, private, DER", der.body(pem), word),
                (f"{name}, public, PEM", public, word),
                (f"{name}, public, DER", der.body(public), word),
                (f"{name}, encrypted", locked, word, PASSWORD),
            ]
            if name != "X448":
                certificate = openssl("req", "-x509", "-new", "-key", tools.file(pem), "-subj", "/CN=zoo")
                cases += [(f"{name}, certificate", certificate, word)]
            if name in (*strangers.EC_KINDS, "DSA"):
                own = openssl("dsa" if name == "DSA" else "ec", stdin=pem)
                cases += [(f"{name}, its own PEM", own, word), (f"{name}, its own DER", der.body(own), word)]
        self.all_hold(refused_by_every_verb, cases)

    def test_a_key_for_key_agreement_only_encrypts(self):
        pem = keys.generate("X25519")
        public = openssl("pkey", "-pubout", stdin=pem)
        cases = [("private", tools.file(pem), "x25519"), ("public", tools.file(public), "x25519")]
        self.all_hold(refused_where_it_signs_and_verifies, cases)
        for data in (pem, public):
            self.assertEqual(jwtctl("key", "show", tools.file(data)).code, 0)

    def test_what_is_around_keys(self):
        key = keys.key("P-256")
        request = openssl("req", "-new", "-key", key.private, "-subj", "/CN=zoo")
        certificate = key.spelled("certificate, self-signed PEM")
        parameters = "parameters|diffie|dh"
        cases = [
            ("a request", request, "request"),
            ("a request in DER", der.body(request), "request"),
            ("Diffie-Hellman parameters", strangers.dh_parameters(), parameters),
            ("Diffie-Hellman parameters in DER", der.body(strangers.dh_parameters()), parameters),
            ("DSA parameters", strangers.dsa_parameters(), parameters),
            ("EC parameters", openssl("ecparam", "-name", "prime256v1"), "parameters"),
            ("PKCS#12", strangers.pkcs12(""), "pkcs#?12"),
            ("PKCS#12 and its password", strangers.pkcs12(PASSWORD), "pkcs#?12", PASSWORD),
            ("a Java keystore", strangers.JKS, "java"),
            ("a Java keystore, JCEKS", strangers.JCEKS, "java"),
            ("a CRL", strangers.revocations(), "crl|revo"),
            ("PKCS#7", openssl("crl2pkcs7", "-nocrl", "-certfile", certificate.path), "pkcs#?7"),
            ("a PGP key", der.pem("PGP PRIVATE KEY BLOCK", bytes(64)), "pgp"),
        ]
        self.all_hold(refused_by_every_verb, cases)

    def test_what_ssh_has_besides(self):
        key = keys.key("Ed25519")
        fido = "fido|security (key|token)|sk-"
        lines = strangers.fido_lines()
        curves = strangers.ssh_line(b"ecdsa-sha2-nistp256", b"nistp384", strangers.p256_point())
        cases = [
            ("RFC 4716", ssh_keygen("-e", "-m", "RFC4716", "-f", key.spelled("OpenSSH").path), "rfc ?4716|ssh2"),
            ("a PuTTY key", strangers.PUTTY, "putty"),
            ("a certificate", strangers.ssh_certificate(), "certificate|cert-v01"),
            ("a FIDO line, Ed25519", next(lines), fido),
            ("a FIDO line, ECDSA", next(lines), fido),
            ("a FIDO private key", strangers.fido_private(), fido),
            ("a DSA line", strangers.dss_line(), "dsa|dss"),
            ("a line of two curves", curves, "curve|nistp|damaged"),
            ("a line with another name", key.ssh_line.replace(b"ssh-ed25519 ", b"ssh-rsa "), "ssh-|damaged"),
        ]
        self.all_hold(refused_by_every_verb, cases)

    def test_halves_that_do_not_belong_together(self):
        def check(data):
            path = tools.file(data)
            refused_where_it_signs_and_verifies(path, "")
            for verb in ("thumbprint", "public", "convert --format pem"):
                refused(jwtctl("key", *verb.split(), path), "")

        self.all_hold(check, list(strangers.crossed_halves()))

    def test_keys_too_weak_to_use(self):
        cases = []
        for bits in (512, 1024, 2040):
            private = tools.file(strangers.weak(bits))
            public = tools.file(openssl("pkey", "-pubout", "-in", private))
            line = tools.file(ssh_keygen("-y", "-f", private)) if bits > 1000 else public
            for half, path in (("private", private), ("public", public), ("line", line)):
                cases.append((f"RSA {bits}, {half}", path, str(bits)))
        for bits, secret in ((256, 31), (384, 47), (512, 63)):
            jwk = {"kty": "oct", "k": der.base64url(os.urandom(secret)), "alg": f"HS{bits}"}
            jwk = tools.file(json.dumps(jwk).encode())
            cases.append((f"oct for HS{bits}", jwk, f"{secret} bytes|{secret * 8} bits"))
        self.all_hold(refused_where_it_signs_and_verifies, cases)

    def test_content_that_is_nothing(self):
        utf16 = b"\xff\xfe" + keys.key("P-256").public.read_text().encode("utf-16-le")
        cases = [
            ("empty", b"", "empty"),
            ("white space", b" \n\t\r\n", "empty"),
            ("a byte order mark", b"\xef\xbb\xbf", "empty|no key"),
            ("zeros", bytes(1000), ""),
            ("text", b"Dear Sir or Madam,\n", "no key|not a key"),
            ("a token", TOKEN.encode(), ""),
            ("HTML", b"<!DOCTYPE html>\n<title>404</title>\n", ""),
            ("half a pair of PEM lines", b"-----BEGIN PRIVATE KEY-----\nMIGH\n", ""),
            ("PEM of nothing", der.pem("PRIVATE KEY", b""), ""),
            ("an odd number of UTF-16 bytes", utf16 + b"a", ""),
            ("JSON", b'{"a": 1}', "json|jwk"),
            ("an array", b'[{"kty": "oct", "k": "AAAA"}]', ""),
            *((f"random bytes, {size}", os.urandom(size), "") for size in (1, 2, 16, 100, 1000, 100_000)),
        ]
        self.all_hold(refused_by_every_verb, cases)
        refused_where_it_signs_and_verifies(tools.file(b'{"keys": []}'), "no key")


class Passwords(Suite):
    """Encrypted keys without their password."""

    LOCKED = ["PKCS#8 aes-256-cbc hmacWithSHA256 PEM", "PKCS#8 aes-128-cbc hmacWithSHA1 DER"]
    LOCKED += ["PKCS#8 scrypt PEM", "PKCS#8 scrypt DER", *(f"OpenSSH {cipher}" for cipher in keys.SSH_CIPHERS)]

    def locked(self):
        for name, spelling in itertools.product(["RSA 2048", "P-521", "Ed25519"], self.LOCKED):
            yield f"{name}: {spelling}", keys.key(name).spelled(spelling)

    def test_none_or_a_wrong_one(self):
        cases = []
        for name, spelling in self.locked():
            cases.append((f"{name}, no password", spelling.path, "encrypted|password"))
            cases.append((f"{name}, another password", spelling.path, "password", PASSWORD + "."))
        self.all_hold(refused_by_every_verb, cases)

    def test_the_file_of_the_password(self):
        key = keys.key("P-256").spelled("OpenSSH aes256-ctr").path
        cases = [
            ("a wrong password", tools.file(b"wrong\n"), "password"),
            ("empty", tools.file(b""), "empty"),
            ("only a line break", tools.file(b"\n"), "empty|password"),
            ("two line breaks", tools.file(PASSWORD.encode() + b"\n\n"), "password"),
            ("missing", FOLDER / "no such password", "read|no such"),
            ("a folder", FOLDER, "read|directory|folder"),
            ("not UTF-8", tools.file(b"\xff\xfe\xfd"), ""),
        ]

        def check(file, word):
            for call in (["encode", "{}", "-k", key], ["verify", TOKEN, "-k", key], ["key", "show", key]):
                refused(jwtctl(*call, "--key-password-file", file), word)

        self.all_hold(check, cases)

    def test_many_wrong_passwords(self):
        """One in 256 leaves padding that looks right."""
        path = keys.key("Ed25519").spelled("PKCS#8 aes-128-cbc hmacWithSHA256 DER").path

        def check(passwords):
            for at in passwords:
                refused(jwtctl("encode", "{}", "-k", path, password=f"wrong {at}"), "password")

        self.all_hold(check, [(f"from {start} on", range(start, start + 100)) for start in range(0, 600, 100)])

    def test_ciphers_that_are_not_read(self):
        key = keys.key("P-256")

        def locked(*options):
            return openssl("pkcs8", "-topk8", "-in", key.private, "-passout", f"pass:{PASSWORD}", *options)

        old = "old|encrypted|traditional|proc-type"
        cases = [
            ("Proc-Type, EC", strangers.traditional(key), old, PASSWORD),
            ("Proc-Type, RSA", strangers.traditional(keys.key("RSA 2048")), old, PASSWORD),
            ("Proc-Type, without a password", strangers.traditional(key), old),
            ("PBES1", locked("-v1", "PBE-SHA1-3DES"), "encryption", PASSWORD),
        ]
        self.all_hold(refused_by_every_verb, cases)


class Paths(Suite):
    """Files that cannot be read, or never end."""

    def test_files_that_cannot_be_read(self):
        dangling = FOLDER / "dangling"
        dangling.symlink_to(FOLDER / "nowhere")
        around = FOLDER / "around"
        around.symlink_to(around)
        cases = [
            ("missing", FOLDER / "no such key.pem", "no such"),
            ("a folder", FOLDER, "folder|directory"),
            ("a link to nowhere", dangling, "no such"),
            ("a link to itself", around, "link|symbolic|cannot read"),
            ("a name of 300 bytes", FOLDER / ("k" * 300), "name|cannot read|no file|path"),
            ("below a file", keys.key("P-256").private / "key.pem", "directory|cannot read"),
        ]
        if os.geteuid() != 0:
            unreadable = tools.file(keys.key("P-256").private.read_bytes())
            unreadable.chmod(0)
            cases.append(("no permission", unreadable, "permission"))
        self.all_hold(refused_by_every_verb, cases)

    def test_files_that_are_too_large(self):
        """The bound itself is read, one byte more is not."""
        key = keys.key("P-256")
        pem = key.public.read_bytes()

        def filled(size):
            return tools.file(b"x" * (size - len(pem) - 1) + b"\n" + pem)

        whole = filled(LARGEST_KEY)
        self.assertEqual(tools.answer("key", "thumbprint", whole), key.thumbprint)
        refused_by_every_verb(filled(LARGEST_KEY + 1), "large")
        for size in (LARGEST_KEY, LARGEST_KEY + 1):
            os.truncate(whole, size + 1)
            with self.subTest("key, then zeros", size=size):
                refused(jwtctl("key", "thumbprint", whole), "large")
        os.truncate(whole, 1 << 34)
        refused_by_every_verb(whole, "large")
        refused(jwtctl("encode", "{}", "--secret-file", tools.file(b"x" * (LARGEST_SECRET + 1))), "large")
        tools.answer("encode", "{}", "--secret-file", tools.file(b"x" * LARGEST_SECRET))

    def test_streams_that_never_end(self):
        def check(first, *call):
            with tools.fifo(first, bytes(1 << 16)) as path:
                refused(jwtctl(*call, path, most_memory=64), "large")

        pem = keys.key("P-256").public.read_bytes()
        calls = {
            "verify": ["verify", TOKEN, "-k"],
            "verify by a set": ["verify", TOKEN, "--jwks"],
            "encode": ["encode", "{}", "-k"],
            "encode with a secret": ["encode", "{}", "--secret-file"],
            "key show": ["key", "show"],
        }
        starts = {"zeros": b"", "a key, then zeros": pem}
        self.all_hold(check, [(f"{verb}, {start}", starts[start], *calls[verb]) for verb in calls for start in starts])
        for call in calls.values():
            with self.subTest(call):
                refused(jwtctl(*call, "/dev/zero", most_memory=64), "large")


class Misuse(Suite):
    """Good keys in the wrong place."""

    def test_an_algorithm_that_the_key_does_not_serve(self):
        cases = []
        for key in keys.zoo():
            for alg in {*keys.RSA_ALGS, "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "HS256"} - {*key.algs}:
                for name in ("PKCS#8 PEM", "JWK, private"):
                    cases.append((f"{key.name}, {name}, {alg}", key.spelled(name).path, alg))

        def check(path, alg):
            refused(jwtctl("encode", "{}", "-k", path, "-A", alg), rf"serve {alg}\b|{alg}")
            refused(jwtctl("verify", TOKEN, "-k", path, "-A", alg), rf"serve {alg}\b|{alg}")

        self.all_hold(check, cases)

    def test_key_material_is_no_hmac_secret(self):
        """Whoever has the public half could sign."""
        cases = []
        for key in keys.zoo():
            for spelling in key.spellings:
                if spelling.via == "file" and spelling.name.count(",") <= 1:
                    cases.append((spelling.name, spelling.path, spelling.data))
        request = openssl("req", "-new", "-key", keys.key("P-256").private, "-subj", "/CN=zoo")
        cases += [("a request", tools.file(request), request), ("PuTTY", tools.file(strangers.PUTTY), strangers.PUTTY)]

        def check(path, data):
            for call in (["encode", "{}"], ["verify", TOKEN], ["refresh", TOKEN]):
                refused(jwtctl(*call, "--secret-file", path), "secret")
            if b"\0" not in data and data.isascii():
                refused(jwtctl("encode", "{}", JWTCTL_SECRET=data.decode()), "secret")
                refused(jwtctl("encode", "{}", "--secret-env", "ZOO_SECRET", ZOO_SECRET=data.decode()), "secret")
                refused(jwtctl("encode", "{}", f"--secret={data.decode()}"), "secret")

        self.all_hold(check, cases)


if __name__ == "__main__":
    unittest.main()
