"""jwtctl against a certified OpenID provider: real grants, rotation, the cache, streams, and tokens that point elsewhere.
It must not bend to jwtctl, and nothing is skipped; what a hostile server does is test_hostile's.
"""

import json
import stat
import subprocess
import time
import unittest

import jwt

from fixture import AUTHORITY, EXPIRED, INVALID, JWTCTL, LIMIT, NETWORK, OK, REJECTED, USAGE
from fixture import Case, Provider, Signer, altered, payload
from hostile import Server

AUD = ["--aud", "api"]
CROWD = 200


def setUpModule():
    global provider
    provider = Provider()
    unittest.addModuleCleanup(provider.close)


class ProviderCase(Case):
    """Calls of jwtctl with the provider as the issuer, each test with a cold cache."""

    def setUp(self):
        super().setUp()
        self.ca = ["--ca-file", AUTHORITY.file]
        self.oidc = ["--oidc", provider.issuer, *self.ca]
        provider.fetched()

    def verify(self, token, *flags, **given):
        return self.jwtctl("verify", "--compact", *self.oidc, *AUD, *flags, token, **given)

    def assert_fetched(self, discovery, jwks):
        self.assertEqual(provider.fetched(), (discovery, jwks), "requests for discovery and for the keys")

    def headers(self, **headers):
        """What the answer with the keys says beside them."""
        provider.ask("headers", set={name.replace("_", "-"): text for name, text in headers.items()})
        self.addCleanup(provider.ask, "headers", set={})

    def stopped(self):
        provider.ask("stop")
        self.addCleanup(provider.ask, "start")


class Grants(ProviderCase):
    """Tokens of real grants, and every way to say where their keys are."""

    def tokens(self):
        for alg in ("RS256", "ES256"):
            yield alg, "api", provider.access_token(alg)
        for alg, client in (("RS256", "web-rs"), ("ES256", "web-es")):
            yield alg, client, provider.id_token(client)

    def test_the_provider_itself_by_pyjwt(self):
        keys = jwt.PyJWKClient(provider.jwks, ssl_context=AUTHORITY.client)
        for alg, audience, token in self.tokens():
            self.assertEqual(jwt.get_unverified_header(token)["alg"], alg)
            key = keys.get_signing_key_from_jwt(token).key
            claims = jwt.decode(token, key, algorithms=[alg], audience=audience, issuer=provider.issuer)
            self.assertEqual(claims, json.loads(payload(token)))

    def test_access_tokens_and_id_tokens(self):
        for alg, audience, token in self.tokens():
            with self.subTest(alg, audience=audience):
                ran = self.jwtctl("verify", "--compact", *self.oidc, "--aud", audience, token)
                self.assertEqual((ran.out, ran.err), (payload(token) + "\n", ""))
                self.verify(altered(token), code=INVALID)

    def test_every_way_to_name_the_issuer(self):
        token = provider.access_token()
        trusted = {"SSL_CERT_FILE": str(AUTHORITY.file)}
        ways = {
            "--oidc": (self.oidc, {}),
            "JWTCTL_OIDC": (self.ca, {"JWTCTL_OIDC": provider.issuer}),
            "SSL_CERT_FILE": (self.oidc[:2], trusted),
            "--jwks": (["--jwks", provider.jwks, *self.ca], {}),
            "JWTCTL_JWKS": ([], {"JWTCTL_JWKS": provider.jwks, **trusted}),
        }
        for way, (flags, variables) in ways.items():
            with self.subTest(way):
                ran = self.jwtctl("verify", "--compact", "--no-cache", *flags, *AUD, token, **variables)
                self.assertEqual((ran.out, ran.err), (payload(token) + "\n", ""))
                self.assert_fetched(0 if "JWKS" in way.upper() else 1, 1)

    def test_an_unknown_ca(self):
        token = provider.access_token()
        said = (
            f"error: cannot fetch {provider.issuer}{provider.DISCOVERY}: "
            "the server's certificate is not accepted: it is not signed by a trusted CA\n"
            "hint: for a CA of your own: --ca-file CA.pem, or SSL_CERT_FILE\n"
        )
        self.assertEqual(self.jwtctl("verify", *self.oidc[:2], *AUD, token, code=NETWORK).err, said)
        self.assert_fetched(0, 0)
        # What came over a connection that is trusted here is nothing to a call that does not trust it.
        self.verify(token)
        self.assertEqual(self.jwtctl("verify", *self.oidc[:2], *AUD, token, code=NETWORK).err, said)

    def test_several_keys(self):
        token = provider.access_token()
        for flags in (["--jwks", provider.jwks], ["--key", AUTHORITY.file]):
            with self.subTest(flags=flags):
                self.jwtctl("verify", *self.oidc, *flags, *AUD, token)

    def test_usage(self):
        token = provider.access_token()
        for flags in (
            ["--oidc", "localhost"],
            ["--oidc", "ftp://localhost"],
            ["--oidc", "https://a-user:a-password@localhost"],
            ["--oidc", "https://"],
            ["--oidc", "http://issuer.example"],
            ["--jwks", "http://issuer.example/jwks"],
            ["--jwks", "ftp://localhost/jwks"],
            [*self.oidc, "--oidc", "https://issuer.example", "--iss", "https://issuer.example"],
            [*self.oidc, "--no-cache", "--offline"],
            [*self.oidc, "--timeout", "soon"],
        ):
            with self.subTest(flags=flags):
                self.assertNotIn("a-password", self.jwtctl("verify", *flags, *AUD, token, code=USAGE).err)
        self.assert_fetched(0, 0)

    def test_verdicts(self):
        token = provider.access_token("ES256")
        kid = jwt.get_unverified_header(token)["kid"]
        mismatch = f'the signature does not match: checked as ES256 with key "{kid}" of {provider.jwks}'
        for flags, given, code, said in (
            ([*AUD, "--at", "+2h"], token, EXPIRED, "the token expired 1 hour ago"),
            (AUD, altered(token), INVALID, mismatch),
            (["--aud", "another"], token, REJECTED, '"aud" is "api"; expected "another"\n'),
            ([], token, REJECTED, 'the token is meant for "api", and no audience was expected\n'),
        ):
            with self.subTest(flags=flags, code=code):
                ran = self.jwtctl("verify", *self.oidc, *flags, given, code=code)
                self.assertEqual(ran.err[: len(said) + 7], f"error: {said}")
        jwks = ["--jwks", provider.jwks, *self.ca, *AUD]
        ran = self.jwtctl("verify", *jwks, "--iss", "https://other.example", token, code=REJECTED)
        self.assertEqual(ran.err, f'error: "iss" is "{provider.issuer}"; expected "https://other.example"\n')
        self.jwtctl("verify", *jwks, token)

    def test_an_unknown_kid_is_asked_for_once_and_named_with_those_there_are(self):
        kids = provider.rotate()
        self.verify(provider.access_token())
        self.assert_fetched(1, 1)
        ran = self.verify(Signer("strange").sign({"iss": provider.issuer, "aud": "api"}), code=INVALID)
        error = f'error: the token\'s "kid" is "strange", and {provider.jwks} has no such key\n'
        error += "  it was just fetched again, and does not have it either\n"
        self.assertEqual(ran.err, error + "hint: it has {}\n".format(", ".join(f'"{kid}"' for kid in kids)))
        self.assert_fetched(0, 1)

    def test_a_wrong_signature_is_no_reason_to_ask_again(self):
        token = provider.access_token()
        self.verify(token)
        self.assert_fetched(1, 1)
        for _ in range(3):
            self.verify(altered(token), code=INVALID)
        self.assert_fetched(0, 0)

    def test_refresh(self):
        signer = Signer("successor")
        token = provider.access_token()
        ran = self.jwtctl("refresh", *self.oidc, *AUD, "--sign-key", signer.write(self.home / "new.pem"), token)
        key = signer.key.public_key()
        claims = jwt.decode(ran.out.strip(), key, algorithms=["ES256"], audience="api", issuer=provider.issuer)
        times = {"iat", "exp", "jti"}
        kept = json.loads(payload(token))
        self.assertEqual(*({name: claim for name, claim in each.items() if name not in times} for each in (claims, kept)))

    def test_key_show(self):
        kids = provider.rotate(keep=True)
        for flags in (self.oidc, ["--jwks", provider.jwks, *self.ca]):
            ran = self.jwtctl("key", "show", "--no-cache", *flags)
            for word in (*kids, "RS256", "ES256"):
                self.assertIn(word, ran.out)


class Elsewhere(ProviderCase):
    """A token's own words on where its key is are no reason to go there."""

    def test_no_request_is_made(self):
        attacker = Signer("attacker")
        ours = json.loads(payload(provider.access_token()))
        kid = provider.rotate()[1]
        with Server() as plain, Server(AUTHORITY.server("elsewhere")) as tls:
            tokens = {"kid alone": attacker.sign(ours), "kid of the issuer": attacker.sign(ours, kid=kid)}
            for server in (plain, tls):
                tokens |= {
                    f"{server.origin} jku": attacker.sign(ours, jku=f"{server.origin}/jwks"),
                    f"{server.origin} x5u": attacker.sign(ours, x5u=f"{server.origin}/chain.pem"),
                    f"{server.origin} kid": attacker.sign(ours, kid=f"{server.origin}/jwks"),
                    f"{server.origin} iss": attacker.sign({**ours, "iss": server.origin}),
                    f"{server.origin} all": attacker.sign(
                        {**ours, "iss": server.origin}, kid=kid, jwk=attacker.jwk, jku=f"{server.origin}/jwks"
                    ),
                }
            tokens["jwk"] = attacker.sign(ours, jwk=attacker.jwk)
            tokens["HS256"] = attacker.sign(ours, kid=kid, alg="HS256")
            tokens["none"] = attacker.sign(ours, kid=kid, alg="none").rpartition(".")[0] + "."
            for name, token in tokens.items():
                with self.subTest(name):
                    self.verify(token, code=INVALID)
            self.assertEqual((plain.connections, tls.connections), (0, 0))


class Cache(ProviderCase):
    """What is kept between calls, for how long, and what is never kept."""

    def test_a_second_call_makes_no_request(self):
        token = provider.access_token()
        self.verify(token)
        self.assert_fetched(1, 1)
        self.verify(token)
        self.verify(provider.access_token("ES256"))
        self.assert_fetched(0, 0)

    def test_who_may_read_it(self):
        self.verify(provider.access_token())
        self.assertNotEqual(self.entries(), {})
        self.assertEqual(stat.S_IMODE(self.cache.stat().st_mode), 0o700)
        for path in self.cache.rglob("*"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700 if path.is_dir() else 0o600, path)

    def test_rotation(self):
        for keep in (True, False):
            with self.subTest(keep=keep):
                self.clear()
                old = provider.access_token()
                self.verify(old)
                provider.fetched()
                provider.rotate(keep=keep)
                self.verify(provider.access_token("ES256"))
                self.assert_fetched(0, 1)
                self.verify(old, code=OK if keep else INVALID)

    def clear(self):
        for path in self.entries():
            path.unlink()

    def test_unknown_kids_share_one_more_request(self):
        self.verify(provider.access_token())
        provider.rotate()
        self.verify(provider.access_token())
        provider.fetched()
        claims = {"iss": provider.issuer, "aud": "api"}
        tokens = [Signer(f"strange-{number}").sign(claims) for number in range(10)]
        for token in tokens:
            self.verify(token, code=INVALID)
        crowd = [self.start("verify", *self.oidc, *AUD, token) for token in tokens]
        self.assertEqual({self.end(process) for process in crowd}, {INVALID})
        discovery, jwks = provider.fetched()
        self.assertEqual(discovery, 0)
        self.assertLessEqual(jwks, 1)

    def start(self, *args):
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen([JWTCTL, *map(str, args)], env=self.environment({}), **pipes)

    def end(self, process):
        _, err = process.communicate(timeout=LIMIT)
        self.assertNotIn(b"panicked", err)
        return process.returncode

    def test_no_cache(self):
        token = provider.access_token()
        for _ in range(2):
            self.verify(token, "--no-cache")
            self.assert_fetched(1, 1)
        self.assertFalse(self.cache.exists())
        self.verify(token)
        kept = self.entries()
        provider.fetched()
        self.verify(token, "--no-cache")
        self.assert_fetched(1, 1)
        self.assertEqual(self.entries(), kept)

    def test_offline(self):
        token = provider.access_token()
        said = (
            f"error: cannot fetch {provider.issuer}{provider.DISCOVERY}: it is not cached, and --offline makes no requests\n"
            "hint: run it once without --offline, or name a file: --jwks PATH\n"
        )
        self.assertEqual(self.verify(token, "--offline", code=NETWORK).err, said)
        self.assert_fetched(0, 0)
        self.verify(token)
        provider.fetched()
        self.assertEqual(self.verify(token, "--offline").out, payload(token) + "\n")
        provider.rotate()
        self.verify(provider.access_token(), "--offline", code=INVALID)
        self.assert_fetched(0, 0)

    def test_an_expired_entry(self):
        self.headers(cache_control="max-age=1", etag='"of-the-keys"')
        token = provider.access_token()
        self.verify(token)
        self.assert_fetched(1, 1)
        time.sleep(2.1)
        self.assertEqual(self.verify(token).err, "")
        self.assert_fetched(0, 1)

        time.sleep(2.1)
        self.stopped()
        ran = self.verify(token)
        self.assertEqual(ran.out, payload(token) + "\n")
        self.assertRegex(ran.err, r"\Awarning: ")
        self.assertEqual(self.verify(token, "--offline").out, payload(token) + "\n")

    def test_a_provider_that_is_stopped(self):
        token = provider.access_token()
        self.stopped()
        for flags in ([], ["--no-cache"]):
            self.assertRegex(self.verify(token, *flags, code=NETWORK).err, "\nhint: ")

    def test_damaged_entries(self):
        token = provider.access_token()
        self.verify(token)
        whole = {path: octets for path, octets in self.entries().items() if octets}
        self.assertNotEqual(whole, {})
        for path, octets in whole.items():
            places = range(0, len(octets), max(1, len(octets) // 20))
            flips = (octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :] for at in places)
            lost = [octets[: len(octets) // 2], octets[:-1], b"", bytes(len(octets)), b"\xff\xfe{[garbage", octets * 2]
            for number, damaged in enumerate([*lost, *flips]):
                with self.subTest(path.name, damage=number):
                    path.write_bytes(damaged)
                    provider.fetched()
                    ran = self.verify(token)
                    self.assertEqual(ran.out, payload(token) + "\n")
                    self.assertGreater(sum(provider.fetched()), 0, "a damaged entry was trusted")
                    self.verify(token)
                    self.assert_fetched(0, 0)

    def test_what_is_no_file_in_the_place_of_an_entry(self):
        token, target = provider.access_token(), self.home / "target"
        self.verify(token)
        for path in self.entries():
            for name, place in {
                "a link": lambda path: path.symlink_to(target),
                "a link to nothing": lambda path: path.symlink_to(self.home / "nothing"),
                "a folder": lambda path: path.mkdir(),
            }.items():
                with self.subTest(path.name, place=name):
                    target.write_text("not to be touched")
                    path.unlink(missing_ok=True)
                    place(path)
                    self.assertEqual(self.verify(token).out, payload(token) + "\n")
                    self.assertEqual(target.read_text(), "not to be touched")
                    self.assertFalse((self.home / "nothing").exists())

    def test_no_place_for_a_cache(self):
        token = provider.access_token()
        for variables in ({"XDG_CACHE_HOME": "/dev/null"}, {"XDG_CACHE_HOME": "", "HOME": "/dev/null"}):
            with self.subTest(variables):
                self.assertEqual(self.verify(token, **variables).out, payload(token) + "\n")

    def test_without_xdg_it_is_under_home(self):
        self.verify(provider.access_token(), XDG_CACHE_HOME="")
        self.assertTrue((self.home / ".cache" / "jwtctl").is_dir())
        self.assertFalse(self.cache.exists())

    def test_a_crowd_on_a_cold_cache(self):
        token = provider.access_token()
        crowd = [self.start("verify", *self.oidc, *AUD, token) for _ in range(CROWD)]
        codes = [self.end(process) for process in crowd]
        discovery, jwks = provider.fetched()
        print(f"\n{CROWD} processes at once on a cold cache: {discovery} requests for discovery, {jwks} for the keys")
        self.assertEqual(codes, [OK] * CROWD)
        self.assertLess(max(discovery, jwks), CROWD // 4)
        crowded = self.entries().keys()
        self.assertEqual(self.verify(token, "--offline").out, payload(token) + "\n")
        self.clear()
        self.verify(token)
        self.assertEqual(self.entries().keys(), crowded)

    def test_nothing_of_a_token_is_kept(self):
        known, strange = provider.id_token("web-es"), Signer("a-strange-kid").sign({"sub": "a-strange-user"})
        self.jwtctl("verify", *self.oidc, "--aud", "web-es", known)
        self.verify(strange, code=INVALID)
        self.verify(altered(known), code=INVALID)
        kept = b"".join(str(path).encode() + octets for path, octets in self.entries().items())
        for part in (*known.split("."), *strange.split("."), "a-user", "a-strange-kid", "a-strange-user"):
            self.assertNotIn(part.encode(), kept)


class Streams(ProviderCase):
    """One discovery and one set for any number of lines."""

    def batch(self):
        return ["verify", "--batch", *self.oidc, *AUD]

    def test_a_thousand_tokens(self):
        tokens = [provider.access_token(alg) for alg in ("RS256", "ES256") for _ in range(500)]
        provider.fetched()
        ran = self.jwtctl(*self.batch(), stdin="\n".join(tokens))
        rows = [json.loads(line) for line in ran.out.splitlines()]
        self.assertEqual([row["claims"] for row in rows], [json.loads(payload(token)) for token in tokens])
        self.assertEqual({row["status"] for row in rows}, {"valid"})
        self.assert_fetched(1, 1)

    def test_rotation_in_the_middle(self):
        for keep in (True, False):
            with self.subTest(keep=keep):
                self.rotated_in_the_middle(keep, "--no-cache")
        self.rotated_in_the_middle(False)

    def rotated_in_the_middle(self, keep, *flags):
        call = [JWTCTL, *map(str, self.batch()), *flags]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(call, env=self.environment({}), encoding="utf-8", **pipes) as process:
            statuses = []
            for part in range(2):
                for token in [provider.access_token(alg) for alg in ("RS256", "ES256") * 10]:
                    process.stdin.write(f"{token}\n")
                process.stdin.flush()
                statuses += [json.loads(process.stdout.readline())["status"] for _ in range(20)]
                self.assert_fetched(1 - part, 1)
                provider.rotate(keep=keep)
            out, err = process.communicate(timeout=LIMIT)
        self.assertEqual((statuses, out, process.returncode), (["valid"] * 40, "", OK), err)

    def test_strangers_among_the_lines(self):
        token = provider.access_token()
        strangers = [Signer(f"strange-{number}").sign({"iss": provider.issuer, "aud": "api"}) for number in range(50)]
        lines = [line for stranger in strangers for line in (token, stranger)]
        ran = self.run_jwtctl(*self.batch(), stdin="\n".join(lines))
        self.assertEqual(ran.code, INVALID)
        self.assertEqual([json.loads(row)["status"] for row in ran.out.splitlines()], ["valid", "invalid"] * 50)
        discovery, jwks = provider.fetched()
        self.assertEqual(discovery, 1)
        self.assertLessEqual(jwks, 2)


if __name__ == "__main__":
    unittest.main()
