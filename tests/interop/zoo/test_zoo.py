"""Every spelling of every key through every verb it can serve, with openssl and ssh-keygen as witnesses.
It must not hold a key that jwtctl is to refuse: those are in test_refusals.py and test_damage.py."""

import base64
import functools
import hashlib
import hmac
import itertools
import json
import stat
import subprocess
import unittest

import der
import keys
import strangers
import tools
from tools import FOLDER, INVALID, JWTCTL, KEY, PASSWORD, Suite, answer, jwtctl, openssl, ssh_keygen

CLAIMS = {"user_id": 123, "name": "Žofie 日本語", "exp": 4102444800}
PAYLOAD = json.dumps(CLAIMS)
RENEW = ["--at", CLAIMS["exp"] - 1, "--ttl", "10m"]
RENEWED = {**CLAIMS, "exp": CLAIMS["exp"] - 1 + 600}
HASH_BITS = {"RS256": 256, "RS384": 384, "RS512": 512, "PS256": 256, "PS384": 384, "PS512": 512}
HASH_BITS |= {"ES256": 256, "ES384": 384, "ES512": 512, "ES256K": 256}


def every_spelling(private=None):
    """(name, key, spelling) of the whole zoo, or of one half."""
    for key in keys.zoo():
        for spelling in key.spellings:
            if private is None or spelling.private == private:
                yield spelling.name, key, spelling


def algorithm(alg):
    """What openssl is to be told of an algorithm."""
    options = [f"-sha{HASH_BITS[alg]}"]
    if alg.startswith("PS"):
        padding = ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest", f"rsa_mgf1_md:sha{HASH_BITS[alg]}"]
        options += [word for option in padding for word in ("-sigopt", option)]
    return options


def openssl_token(key, alg, claims=PAYLOAD, options=None):
    """A token that openssl signed."""
    header = json.dumps({"alg": alg, "typ": "JWT"})
    text = f"{der.base64url(header.encode())}.{der.base64url(claims.encode())}"
    if key.kind == "OKP":
        signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", key.private, "-in", tools.file(text.encode()))
    else:
        signature = openssl("dgst", *(options or algorithm(alg)), "-sign", key.private, stdin=text.encode())
    if key.kind == "EC":
        size = keys.CURVES[key.name][3]
        signature = b"".join(number.to_bytes(size, "big") for number in der.integers(signature))
    return f"{text}.{der.base64url(signature)}"


def openssl_verifies(key, alg, token):
    text, _, signature = token.rpartition(".")
    signature = der.from_base64url(signature)
    if key.kind == "EC":
        size = keys.CURVES[key.name][3]
        assert len(signature) == 2 * size, f"a signature of {len(signature)} bytes"
        halves = [der.integer(int.from_bytes(half, "big")) for half in (signature[:size], signature[size:])]
        signature = der.write([[der.SEQUENCE, halves]])
    signed = tools.file(signature)
    if key.kind == "OKP":
        whole = tools.file(text.encode())
        openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key.public, "-sigfile", signed, "-in", whole)
    else:
        openssl("dgst", *algorithm(alg), "-verify", key.public, "-signature", signed, stdin=text.encode())
    return True


def header_of(token):
    return json.loads(der.from_base64url(token.split(".")[0]))


@functools.cache
def witness(name):
    """One token of openssl for each key of the zoo."""
    key = keys.key(name)
    return openssl_token(key, key.algs[0])


def same(seen, expected):
    assert seen == expected, f"{seen!r} instead of {expected!r}"


def accepted(spelling, token, *args):
    same(json.loads(spelling.answer("verify", token, *args)), CLAIMS)


@functools.cache
def canonical(private, data, form="PEM"):
    """What openssl makes of a key: one and the same text for all spellings of it."""
    return openssl("pkey", "-inform", form, *([] if private else ["-pubin", "-pubout"]), stdin=data)


class OneKey(Suite):
    """All spellings of a key are one key."""

    def test_every_spelling_has_the_same_thumbprint(self):
        def check(key, spelling):
            same(spelling.answer("key thumbprint", as_file=True).decode(), key.thumbprint + "\n")
            same(spelling.answer("key thumbprint").decode(), key.thumbprint + "\n")

        self.all_hold(check, every_spelling())

    def test_every_spelling_verifies_a_token_of_openssl(self):
        self.all_hold(lambda key, spelling: accepted(spelling, witness(key.name)), every_spelling())

    def test_no_spelling_verifies_the_token_of_another_key(self):
        following = dict(zip(keys.NAMES, keys.NAMES[1:] + keys.NAMES[:1]))

        def check(key, spelling):
            same(spelling.call("verify", witness(following[key.name])).code, INVALID)

        self.all_hold(check, every_spelling())

    def test_a_file_of_all_keys_verifies_the_token_of_each(self):
        public = tools.file(b"".join(key.public.read_bytes() for key in keys.zoo()))
        private = tools.file(b"".join(key.private.read_bytes() for key in keys.zoo()))

        def check(key, path):
            same(json.loads(answer("verify", witness(key.name), "-k", path)), CLAIMS)

        cases = [(f"{key.name}, {path}", key, path) for key in keys.zoo() for path in (public, private)]
        self.all_hold(check, cases)

    def test_what_one_private_spelling_signs_the_others_verify(self):
        """RSA and Ed25519 signatures are the same bytes from every spelling. EC ones never are twice, so there
        each spelling gets the tokens of six others."""
        signed = {key.name: [] for key in keys.zoo()}

        def sign(key, spelling):
            token = spelling.answer("encode", "--no-iat", PAYLOAD).decode().removesuffix("\n")
            signed[key.name].append((spelling, token))
            same(header_of(token), {"alg": key.algs[0], "typ": "JWT"})

        self.all_hold(sign, every_spelling(private=True))
        cases = []
        for key in keys.zoo():
            tokens = {token: signer for signer, token in signed[key.name]}
            self.assertEqual(len(tokens), len(signed[key.name]) if key.kind == "EC" else 1, key.name)
            for token, signer in tokens.items():
                cases.append((f"{signer.name} before openssl", openssl_verifies, key, key.algs[0], token))
            if key.kind == "EC":
                around = itertools.cycle(tokens.items())
                for spelling in key.spellings:
                    for token, signer in itertools.islice(around, 6):
                        cases.append((f"{signer.name} before {spelling.name}", accepted, spelling, token))
        self.all_hold(lambda check, *case: check(*case), cases)

    def test_every_private_spelling_refreshes(self):
        def check(key, spelling):
            token = witness(key.name)
            fresh = spelling.answer("refresh", token, *RENEW).decode().removesuffix("\n")
            same(header_of(fresh)["alg"], key.algs[0])
            claims = json.loads(der.from_base64url(fresh.split(".")[1]))
            same(claims, RENEWED)
            openssl_verifies(key, key.algs[0], fresh)

        self.all_hold(check, every_spelling(private=True))

    def test_a_public_spelling_cannot_sign(self):
        def check(key, spelling):
            for verb in (["encode", PAYLOAD], ["refresh", witness(key.name)]):
                ran = spelling.call(*verb)
                same(ran.code, KEY)
                assert "public" in ran.err or "certificate" in ran.err, ran.err

        self.all_hold(check, every_spelling(private=False))

    def test_a_fifo_is_a_file(self):
        def check(key, spelling):
            with tools.fifo(spelling.data) as path:
                same(answer("key", "thumbprint", path, password=spelling.password), key.thumbprint)

        self.all_hold(check, [(key.name, key, key.spelled("PKCS#8 scrypt DER")) for key in keys.zoo()])


    def test_a_piped_key_needs_no_name(self):
        def check(key, spelling):
            for source in ([], ["-"]):
                given = {"stdin": spelling.data, "password": spelling.password}
                same(answer("key", "thumbprint", *source, **given), key.thumbprint)
                assert key.thumbprint in answer("key", "show", *source, **given)

        names = ["PKCS#8 PEM", "PKCS#8 scrypt DER", "SPKI DER", "JWK, private"]
        self.all_hold(check, [(f"{key.name}: {name}", key, key.spelled(name)) for key in keys.zoo() for name in names])

    def test_refresh_moves_a_token_to_another_key(self):
        """Verified by the certificate of the old key, signed by the new one."""

        def check(key, new, name):
            signer = new.spelled(name)
            moved = jwtctl(
                *("refresh", witness(key.name), *RENEW, "-k", key.spelled("certificate, self-signed DER").path),
                *("--sign-key", signer.path),
                password=signer.password,
            )
            assert moved.code == 0, moved.err
            token = moved.out.decode().strip()
            openssl_verifies(new, new.algs[0], token)
            same(jwtctl("verify", token, "-k", key.public).code, INVALID)

        certified = [key for key in keys.zoo() if key.name not in keys.SHORT]
        pairs = zip(certified, certified[1:] + certified[:1])
        names = ["PKCS#8 DER", "PKCS#8 aes-256-cbc hmacWithSHA512 PEM", "JWK, private"]
        cases = itertools.product(pairs, names)
        self.all_hold(check, [(f"{old.name} to {new.name}, {name}", old, new, name) for (old, new), name in cases])


class Verbs(Suite):
    """jwtctl key: show, public, convert, set and new."""

    def test_show(self):
        def check(key, spelling):
            text = spelling.answer("key show", as_file=True).decode()
            report = spelling.answer("key show", "--json").decode()
            json.loads(report)
            for shown in (text, report):
                assert key.thumbprint in shown, shown
                for alg in key.algs:
                    assert alg in shown, f"no {alg}: {shown}"
                for member, secret in key.secret.items():
                    assert secret not in shown, f"{member} is shown: {shown}"

        self.all_hold(check, every_spelling())

    def test_public(self):
        def check(key, spelling):
            spki = der.body(key.public.read_bytes())
            if spelling.layout:
                same(spelling.answer("key public", "--format", "der"), spki)
                return
            unasked = spelling.answer("key public", as_file=True)
            if ": JWK" in spelling.name:
                self.is_jwk(key, unasked, False)
            else:
                same(unasked, key.public.read_bytes())
            same(spelling.answer("key public", "--format", "pem"), key.public.read_bytes())
            same(spelling.answer("key public", "--format", "der"), spki)
            self.is_jwk(key, spelling.answer("key public", "--format", "jwk"), False)
            self.is_ssh(key, spelling, "public")

        self.all_hold(check, every_spelling())

    def is_jwk(self, key, text, private):
        seen = json.loads(text)
        expected = {**key.jwk, **(key.secret if private else {})}
        same({name: seen.get(name) for name in expected}, expected)
        assert private or not set(seen) & set(key.secret), f"a public JWK with {set(seen) & set(key.secret)}"
        return seen

    def is_ssh(self, key, spelling, verb):
        ran = spelling.call(f"key {verb}", "--format", "openssh")
        if key.ssh_line is None:
            assert ran.code != 0 and "OpenSSH" in ran.err, f"exit code {ran.code}: {ran.err}"
            return None
        assert ran.code == 0, f"{ran.call}: exit code {ran.code}: {ran.err}"
        line = ran.out
        if verb == "convert" and spelling.private:
            line = ssh_keygen("-y", "-P", "", "-f", tools.file(ran.out))
        same(line.split()[:2], key.ssh_line.split()[:2])
        same(line.count(b"\n"), 1)
        return ran.out

    def test_convert_to_each_format_and_back(self):
        """Whatever the spelling was, the result is the same bytes; so the way back is gone once for each result.
        Layouts only change what is read: one format stands for all that is written."""
        results = {}

        def check(key, spelling):
            if spelling.layout:
                self.is_jwk(key, spelling.answer("key convert", "--format", "jwk"), spelling.private)
                return
            made = {form: spelling.answer("key convert", "--format", form) for form in ("pem", "der")}
            kid = "zoo" if spelling.name.endswith("JWK with more members") else key.thumbprint
            for options, expected in (([], kid), (["--kid", "ours"], "ours"), (["--no-kid"], None)):
                jwk = spelling.answer("key convert", "--format", "jwk", *options, as_file=True)
                same(self.is_jwk(key, jwk, spelling.private).get("kid"), expected)
                made[f"jwk {expected}"] = jwk
            made["openssh"] = self.is_ssh(key, spelling, "convert")
            expected = (key.private if spelling.private else key.public).read_bytes()
            for form, data in made.items():
                if form in ("pem", "der"):
                    same(canonical(spelling.private, data, form.upper()), expected)
                if data is not None and (form != "openssh" or not spelling.private):
                    results.setdefault((key.name, spelling.private, form), set()).add(data)
            if spelling.name.endswith("PKCS#8 PEM"):
                results[key.name, True, "openssh"] = {made["openssh"]} - {None}

        self.all_hold(check, every_spelling())
        self.all_hold(
            self.comes_back,
            [
                (f"{name}, {'private' if private else 'public'}: {form}", keys.key(name), private, data)
                for (name, private, form), texts in results.items()
                for data in texts
            ],
        )
        for (name, private, form), texts in results.items():
            with self.subTest(name, private=private, form=form):
                self.assertLessEqual(len(texts), 2 if form.startswith("jwk") else 1)

    def comes_back(self, key, private, data):
        again = keys.Spelling("what jwtctl wrote", data, private)
        same(again.answer("key thumbprint").decode(), key.thumbprint + "\n")
        pem = canonical(private, again.answer("key convert", "--format", "pem"))
        same(pem, (key.private if private else key.public).read_bytes())
        self.is_jwk(key, again.answer("key convert", "--format", "jwk"), private)
        self.is_ssh(key, again, "convert")
        accepted(again, witness(key.name))
        if private:
            token = again.answer("encode", "--no-iat", PAYLOAD).decode().removesuffix("\n")
            kid = json.loads(data).get("kid") if data.startswith(b"{") else None
            same(header_of(token), {"alg": key.algs[0], "typ": "JWT"} | ({"kid": kid} if kid else {}))
            accepted(again, token)

    def writes_files(self, call):
        """The call ends well and prints nothing."""
        ran = subprocess.run([JWTCTL, *call], env=tools.environment(), stdin=subprocess.DEVNULL, capture_output=True)
        assert (ran.returncode, ran.stdout) == (0, b""), f"exit code {ran.returncode}: {ran.stderr.decode()}"

    def test_convert_writes_a_private_file_once(self):
        key = keys.key("P-256")
        out = FOLDER / "converted.pem"
        source = key.spelled("SEC1 DER").path
        convert = ["key", "convert", "--format", "pem", source, "--out", out]
        self.writes_files(convert)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)
        self.assertEqual(canonical(True, out.read_bytes()), key.private.read_bytes())
        before = out.read_bytes()
        self.assertNotEqual(jwtctl(*convert).code, 0)
        self.assertEqual(out.read_bytes(), before)

    def test_the_password_from_a_file(self):
        def check(key, name, line_end):
            spelling = key.spelled(name)
            file = tools.file(PASSWORD.encode() + line_end, "password")
            for verb in (["key", "thumbprint", spelling.path], ["key", "thumbprint", "-k", spelling.path]):
                same(answer(*verb, "--key-password-file", file), key.thumbprint)
            token = answer("encode", "--no-iat", PAYLOAD, "-k", spelling.path, "--key-password-file", file)
            same(json.loads(answer("verify", token, "-k", spelling.path, "--key-password-file", file)), CLAIMS)

        names = ["PKCS#8 scrypt DER", "PKCS#8 aes-256-cbc hmacWithSHA256 PEM", "OpenSSH aes256-ctr"]
        cases = itertools.product([keys.key("P-256"), keys.key("Ed25519")], names, [b"", b"\n", b"\r\n"])
        self.all_hold(check, [(f"{key.name}, {name}, {end}", key, name, end) for key, name, end in cases])

    def test_a_password_that_no_key_needs_does_no_harm(self):
        key = keys.key("P-256")
        for name in ("PKCS#8 PEM", "SPKI DER", "OpenSSH", "JWK, private"):
            with self.subTest(name):
                path = key.spelled(name).path
                self.assertEqual(answer("key", "thumbprint", path, password=PASSWORD), key.thumbprint)

    def test_costs_that_are_usual(self):
        """600,000 rounds are OWASP's advice, N=2^17 is what careful tools take for scrypt."""
        key = keys.key("Ed25519")
        dear = [
            ("PBKDF2, 600,000 rounds", openssl(*keys.encrypt(key.private, ["-v2", "aes-256-cbc", "-iter", 600_000]))),
            ("scrypt, N of 2^14", openssl(*keys.encrypt(key.private, ["-scrypt"]))),
            ("scrypt, N of 2^17", keys.scrypt(key, 2**17)),
        ]
        self.all_hold(
            lambda data: same(answer("key", "thumbprint", tools.file(data), password=PASSWORD), key.thumbprint), dear
        )

    def test_a_set_of_all(self):
        """The keys' public halves in one JWK Set; each token finds its own by kid, and without one by its algorithm."""
        paths = [key.spelled("SPKI DER" if at % 2 else "PKCS#8 PEM").path for at, key in enumerate(keys.zoo())]
        text = answer("key", "set", *paths)
        self.assertEqual([entry["kid"] for entry in json.loads(text)["keys"]], [key.thumbprint for key in keys.zoo()])
        for key, entry in zip(keys.zoo(), json.loads(text)["keys"]):
            self.is_jwk(key, json.dumps(entry), False)
        jwks = tools.file(text.encode(), "jwks")

        def check(key):
            signer = key.spelled("PKCS#8 DER")
            token = signer.answer("encode", "--no-iat", f"--kid={key.thumbprint}", PAYLOAD).decode().strip()
            for given in (token, witness(key.name)):
                same(json.loads(answer("verify", given, "--jwks", jwks)), CLAIMS)
                same(json.loads(answer("verify", given, JWTCTL_JWKS=str(jwks))), CLAIMS)
                same(json.loads(answer("verify", given, "-k", jwks)), CLAIMS)
            other = signer.answer("encode", "--kid", "another", PAYLOAD).decode().strip()
            same(jwtctl("verify", other, "--jwks", jwks).code, INVALID)

        self.all_hold(check, [(key.name, key) for key in keys.zoo()])

    def test_a_kid_may_begin_with_a_hyphen(self):
        """As one thumbprint in 64 does."""
        path, kid = keys.key("P-256").private, "-53IgYo7XMvLSsB8FnuHeiGuvAzBSKcP174uYWEXd3g"
        self.assertEqual(header_of(answer("encode", "{}", "-k", path, "--kid", kid))["kid"], kid)
        self.assertEqual(json.loads(answer("key", "convert", path, "--format", "jwk", "--kid", kid))["kid"], kid)

    def test_new_keys_are_what_openssl_and_ssh_keygen_read(self):
        def check(alg, form):
            out, public = FOLDER / f"new-{alg}-{form}", FOLDER / f"new-{alg}-{form}.public"
            options = ["--alg", alg, "--format", form, "--out", out, "--public-out", public]
            self.writes_files(["key", "new", *options])
            same(stat.S_IMODE(out.stat().st_mode), 0o600)
            same(answer("key", "thumbprint", out), answer("key", "thumbprint", public))
            if form == "openssh":
                same(ssh_keygen("-y", "-P", "", "-f", out).split()[:2], public.read_bytes().split()[:2])
            elif form != "jwk":
                openssl("pkey", "-inform", form, "-in", out, "-check", "-noout")
                spki = openssl("pkey", "-inform", form, "-in", out, "-pubout").decode()
                same(answer("key", "public", public, "--format", "pem") + "\n", spki)
            token = answer("encode", "--no-iat", PAYLOAD, "-k", out, "-A", alg)
            same(json.loads(answer("verify", token, "-k", public)), CLAIMS)

        algs = ["ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"]
        cases = {*itertools.product(algs, ["pem", "der", "jwk", "openssh"])} - {("ES256K", "openssh")}
        cases |= {("RS256", "pem"), ("RS512", "openssh"), ("PS256", "der"), ("PS512", "jwk")}
        self.all_hold(check, [(f"{alg} {form}", alg, form) for alg, form in sorted(cases)])


class Signatures(Suite):
    """Every algorithm both ways, against openssl and against Python's hmac."""

    def test_every_asymmetric_algorithm(self):
        def check(key, alg):
            token = answer("encode", "--no-iat", PAYLOAD, "-k", key.private, "-A", alg)
            same(header_of(token), {"alg": alg, "typ": "JWT"})
            same(json.loads(der.from_base64url(token.split(".")[1])), CLAIMS)
            assert openssl_verifies(key, alg, token)
            theirs = openssl_token(key, alg)
            fresh = answer("refresh", theirs, "-k", key.private, *RENEW)
            assert openssl_verifies(key, alg, fresh)
            for given, claims in ((token, CLAIMS), (theirs, CLAIMS), (fresh, RENEWED)):
                for path in (key.public, key.private):
                    same(json.loads(answer("verify", given, "-k", path, "-A", alg)), claims)
                forged = given.split(".")
                forged[1] = der.base64url(b'{"user_id":1}')
                same(jwtctl("verify", ".".join(forged), "-k", key.public).code, INVALID)
                for other in {*key.algs} - {alg}:
                    same(jwtctl("verify", given, "-k", key.public, "-A", other).code, INVALID)

        self.all_hold(check, [(f"{key.name}, {alg}", key, alg) for key in keys.zoo() for alg in key.algs])

    def test_deterministic_signatures_are_those_of_openssl(self):
        for key in keys.zoo():
            for alg in key.algs:
                if alg.startswith(("RS", "Ed")):
                    with self.subTest(f"{key.name}, {alg}"):
                        header = der.base64url(json.dumps({"alg": alg, "typ": "JWT"}, separators=(",", ":")).encode())
                        ours = answer("encode", "--no-iat", PAYLOAD, "-k", key.private, "-A", alg).split(".")
                        self.assertEqual(ours[0], header)
                        text = ".".join(ours[:2]).encode()
                        if key.kind == "RSA":
                            theirs = openssl("dgst", *algorithm(alg), "-sign", key.private, stdin=text)
                        else:
                            whole = tools.file(text)
                            theirs = openssl("pkeyutl", "-sign", "-rawin", "-inkey", key.private, "-in", whole)
                        self.assertEqual(ours[2], der.base64url(theirs))

    def test_a_weak_key_that_is_allowed_still_verifies(self):
        private = tools.file(strangers.weak(1024))
        public = tools.file(openssl("pkey", "-in", private, "-pubout"))
        for alg in ("RS256", "RS512"):
            with self.subTest(alg):
                text = f"{der.base64url(json.dumps({'alg': alg}).encode())}.{der.base64url(PAYLOAD.encode())}"
                signature = openssl("dgst", *algorithm(alg), "-sign", private, stdin=text.encode())
                token = f"{text}.{der.base64url(signature)}"
                self.assertEqual(jwtctl("verify", token, "-k", public).code, KEY)
                self.assertEqual(json.loads(answer("verify", token, "-k", public, "--allow-weak-key")), CLAIMS)
                forged = f"{text}.{der.base64url(bytes(128))}"
                self.assertEqual(jwtctl("verify", forged, "-k", public, "--allow-weak-key").code, INVALID)
                ran = jwtctl("encode", PAYLOAD, "-A", alg, "-k", private, "--allow-weak-key")
                self.assertEqual(ran.code, KEY, ran.err)

    def test_a_pss_salt_has_the_length_of_the_hash(self):
        key = keys.key("RSA 2048")
        for alg in ("PS256", "PS384", "PS512"):
            for length in (0, HASH_BITS[alg] // 8 - 1, "max"):
                with self.subTest(alg, length=length):
                    options = [option.replace("saltlen:digest", f"saltlen:{length}") for option in algorithm(alg)]
                    token = openssl_token(key, alg, options=options)
                    self.assertEqual(jwtctl("verify", token, "-k", key.public).code, INVALID)

    def test_an_ecdsa_signature_in_der_is_invalid(self):
        for name in keys.CURVES:
            key = keys.key(name)
            with self.subTest(name):
                text = witness(name).rpartition(".")[0]
                signature = openssl("dgst", *algorithm(key.algs[0]), "-sign", key.private, stdin=text.encode())
                self.assertEqual(jwtctl("verify", f"{text}.{der.base64url(signature)}", "-k", key.public).code, INVALID)

    def test_hmac_is_that_of_python(self):
        def check(bits, secret, source, variables):
            alg = f"HS{bits}"
            header = der.base64url(json.dumps({"alg": alg, "typ": "JWT"}, separators=(",", ":")).encode())
            payload = der.base64url(json.dumps(CLAIMS, separators=(",", ":"), ensure_ascii=False).encode())
            text = f"{header}.{payload}"
            theirs = f"{text}.{der.base64url(hmac.digest(secret, text.encode(), f'sha{bits}'))}"
            ours = answer("encode", "--no-iat", PAYLOAD, "-A", alg, *source, **variables)
            signature = hmac.digest(secret, ours.rpartition(".")[0].encode(), f"sha{bits}")
            same(ours.rpartition(".")[2], der.base64url(signature))
            for token in (ours, theirs):
                same(json.loads(answer("verify", token, *source, **variables)), CLAIMS)
            fresh = answer("refresh", theirs, *RENEW, *source, **variables)
            signature = hmac.digest(secret, fresh.rpartition(".")[0].encode(), f"sha{bits}")
            same(fresh.rpartition(".")[2], der.base64url(signature))

        cases = []
        for bits in (256, 384, 512):
            for size in (64, 65, 128, 129, 300):
                secret = hashlib.shake_256(b"zoo %d" % size).digest(size)
                hexadecimal, encoded = secret.hex(), base64.b64encode(secret).decode()
                jwk = {"kty": "oct", "k": der.base64url(secret), "alg": f"HS{bits}"}
                for name, source, variables in (
                    ("raw", ["--secret-file", tools.file(secret, "secret"), "--secret-format", "raw"], {}),
                    ("hex", ["--secret-env", "ZOO_SECRET", "--secret-format", "hex"], {"ZOO_SECRET": hexadecimal}),
                    ("base64", [], {"JWTCTL_SECRET": encoded, "JWTCTL_SECRET_FORMAT": "base64"}),
                    ("JWK", ["-k", tools.file(json.dumps(jwk).encode())], {}),
                    ("JWK in a variable", ["--key-env", "ZOO_KEY"], {"ZOO_KEY": json.dumps(jwk)}),
                ):
                    cases.append((f"HS{bits}, {size} bytes, {name}", bits, secret, source, variables))
        self.all_hold(check, cases)

    def test_the_thumbprint_of_a_secret(self):
        secret = bytes(range(200, 256))
        member = der.base64url(secret)
        expected = der.base64url(hashlib.sha256(f'{{"k":"{member}","kty":"oct"}}'.encode()).digest())
        jwk = tools.file(json.dumps({"kty": "oct", "k": member}).encode())
        self.assertEqual(answer("key", "thumbprint", jwk), expected)


if __name__ == "__main__":
    unittest.main()
