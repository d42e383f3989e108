"""jwtctl against servers that are slow, broken, misled or malicious: a table with one row for each.
It must not bend to jwtctl, and nothing is skipped. Every row but for its one fault is an issuer that is sound.
"""

import gzip
import itertools
import json
import os
import signal
import ssl
import subprocess
import time
import unittest
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, NamedTuple

from fixture import AUTHORITY, INVALID, JWTCTL, KEY, LIMIT, NETWORK, OK, REJECTED, USAGE, Case, Signer
from hostile import Issuer, Proxy, Raw, Server, answer, endless, redirect, silent, slowly

DISCOVERY, JWKS = Issuer.DISCOVERY, Issuer.JWKS

# How long jwtctl is given, and how much longer a call may take, which includes starting it on a busy machine.
TIMEOUT, MORE = 2, 1.5

# How much address space it may take, in MiB, whatever is sent.
MEMORY = 512

PIECE = b"x" * (1 << 16)
BOMB = gzip.compress(b" " * (100 << 20), 1)
ESCAPES = "\x1b]0;evil\x07\x1b[31m\x9b31m\u202e\r"

COUNT = itertools.count()

# For a server that has no keys.
TOKEN = Signer("any").sign({"aud": "api"})


class Row(NamedTuple):
    name: str
    change: Callable  # makes the fault, in the routes of an issuer that was sound
    codes: tuple  # one of them is the exit code
    names: tuple = ()  # words that stderr must have


def route(path, reply):
    return lambda issuer: issuer.routes.update({path: reply})


def document(*without, **members):
    """The discovery document with other members, or without some; {origin} stands for the issuer's own."""

    def change(issuer):
        said = {name: member for name, member in {**issuer.document, **members}.items() if name not in without}
        issuer.routes[DISCOVERY] = answer(json.loads(json.dumps(said).replace("{origin}", issuer.origin)))

    return change


def keys(change):
    """A set that is made of the one key there is."""
    return lambda issuer: issuer.routes.update({JWKS: answer(change(issuer.signer.jwk))})


def doubled(path, name):
    """The member of that name twice in the JSON at this path."""

    def change(issuer):
        head, _, body = issuer.routes[path].partition(b"\r\n\r\n")
        member = json.dumps({name: json.loads(body)[name]}).encode()
        issuer.routes[path] = answer(body[:-1] + b"," + member[1:])

    return change


def hops(path, count, end):
    """So many redirects before what is at path; the last leads to end."""

    def change(issuer):
        issuer.routes["/end"] = issuer.routes[path]
        places = [path, *(f"/hop{number}" for number in range(1, count)), end]
        for place, following in zip(places, places[1:]):
            issuer.routes[place] = redirect(f"{issuer.origin}{following}" if following.startswith("/") else following)

    return change


def in_a_header(text):
    """UTF-8, in what answer takes for a header."""
    return text.encode().decode("latin-1")


def chunked(*chunks):
    head = answer(b"", Content_Length=None, Transfer_Encoding="chunked")
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


HEAD = answer(b"", Content_Length=None)
UNENDED = HEAD.removesuffix(b"\r\n")

# What either of the two addresses may answer.
ANSWERS = [
    ("headers a byte a second", slowly(answer({})), (NETWORK,)),
    ("body a byte a second", slowly(b"{" * 60, head=HEAD), (NETWORK,)),
    ("no answer", silent, (NETWORK,)),
    ("endless body", endless(HEAD, PIECE), (NETWORK, KEY)),
    ("endless chunks", endless(chunked(), b"10000\r\n" + PIECE + b"\r\n"), (NETWORK, KEY)),
    ("endless headers", endless(UNENDED, b"X-More: " + PIECE[:1000] + b"\r\n"), (NETWORK,)),
    ("endless header", endless(UNENDED + b"X-Long: ", PIECE), (NETWORK,)),
    ("endless interim answers", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (NETWORK,)),
    ("100 MB", answer(b" " * (100 << 20)), (NETWORK, KEY)),
    ("gzip bomb", answer(BOMB, Content_Encoding="gzip"), (NETWORK, KEY)),
    ("not JSON", answer(b"{"), (KEY,)),
    ("JSON array", answer([]), (KEY,)),
    ("JSON null", answer(None), (KEY,)),
    ("empty body", answer(b""), (KEY,)),
    ("HTML", answer(b"<!doctype html><title>Log in</title>", Content_Type="text/html"), (KEY,)),
    ("bytes", answer(os.urandom(64) + b"\xff"), (KEY,)),
    ("deep", answer(b"[" * 100_000), (KEY,)),
    ("204", answer(b"", "204 No Content"), (NETWORK, KEY)),
    ("401", answer(b"{}", "401 Unauthorized"), (NETWORK,)),
    ("404", answer(b"{}", "404 Not Found"), (NETWORK,)),
    ("500", answer(b"{}", "500 Internal Server Error"), (NETWORK,)),
    ("503", answer(b"{}", "503 Service Unavailable", Retry_After="3600"), (NETWORK,)),
    ("304 that was not asked for", answer(b"", "304 Not Modified"), (NETWORK,)),
    ("not HTTP", b"220 mail.example ESMTP\r\n\r\n", (NETWORK,)),
    ("status 99999", answer(b"{}", "99999 OK"), (NETWORK,)),
    ("closed at once", b"", (NETWORK,)),
    ("closed in the headers", UNENDED[:-10], (NETWORK,)),
    ("shorter than said", answer(b'{"keys":[]}', Content_Length=1000), (NETWORK,)),
    ("length that is no number", answer(b"{}", Content_Length="-1"), (NETWORK,)),
    ("two lengths", answer(b"{}", Content_length="1"), (NETWORK,)),
    ("chunks without an end", chunked(b'{"keys":', b"[]}"), (NETWORK,)),
    ("chunk cut", chunked() + b"ff\r\n{", (NETWORK,)),
    ("chunk of no size", chunked() + b"zz\r\n{}\r\n0\r\n\r\n", (NETWORK,)),
    ("largest chunk", chunked() + b"ffffffffffffffff\r\n{}", (NETWORK,)),
    ("escapes in an error", answer(ESCAPES.encode(), "500 Internal Server Error"), (NETWORK,)),
    ("escapes in a status", answer(b"{}", f"500 {in_a_header(ESCAPES)}"), (NETWORK,)),
    ("escapes in a header", answer(b"{}", "500 Internal Server Error", X=in_a_header(ESCAPES)), (NETWORK,)),
    ("escapes in JSON", answer(b'{"\x1b[31m":"' + ESCAPES.encode() + b'"'), (KEY,)),
    ("redirect to escapes", redirect(in_a_header(f"https://{ESCAPES}")), (NETWORK,)),
    ("redirect to what steers a terminal", redirect(in_a_header("https://\u202e\x9b31m")), (NETWORK,)),
    ("redirect to itself", redirect(""), (NETWORK,)),
    ("redirect without a place", answer(b"", "302 Found"), (NETWORK,)),
    ("redirect to garbage", redirect("https://[::1:x/%%%"), (NETWORK,)),
    ("redirect to a port there is not", redirect("https://127.0.0.1:99999/"), (NETWORK,)),
    ("redirect to ftp", redirect("ftp://127.0.0.1/keys"), (NETWORK,)),
    ("redirect to a file", redirect("file:///etc/passwd"), (NETWORK,)),
    ("redirect to a script", redirect("javascript:alert(1)"), (NETWORK,)),
    ("redirect to data", redirect('data:application/json,{"keys":[]}'), (NETWORK,)),
]

ROWS = [
    Row("nothing", lambda issuer: None, (OK,)),
    *(
        Row(f"{name} in place of {what}", route(path, reply), codes)
        for what, path in (("the document", DISCOVERY), ("the set", JWKS))
        for name, reply, codes in ANSWERS
    ),
    *(
        row
        for what, path in (("the document", DISCOVERY), ("the set", JWKS))
        for row in (
            Row(f"three redirects to {what}", hops(path, 3, "/end"), (OK,)),
            Row(f"four redirects to {what}", hops(path, 4, "/end"), (NETWORK,)),
            Row(f"a loop of redirects to {what}", hops(path, 2, path), (NETWORK,)),
        )
    ),
    Row("a redirect without a host", hops(JWKS, 1, "end"), (OK,)),
    Row("issuer of another host", document(issuer="https://other.example"), (KEY,), ("https://other.example",)),
    Row("issuer with a slash", document(issuer="{origin}/"), (KEY,)),
    Row("issuer in other letters", lambda issuer: document(issuer=issuer.origin.replace("https", "HTTPS"))(issuer), (KEY,)),
    Row("issuer with another port", document(issuer="{origin}0"), (KEY,)),
    Row("issuer of escapes", document(issuer=ESCAPES), (KEY,)),
    Row("no issuer", document("issuer"), (KEY,), ("issuer",)),
    Row("issuer that is a number", document(issuer=1), (KEY,)),
    Row("issuer in an array", document(issuer=["{origin}"]), (KEY,)),
    Row("no jwks_uri", document("jwks_uri"), (KEY,), ("jwks_uri",)),
    Row("jwks_uri over http", document(jwks_uri="http://example.com"), (KEY,), ("http://example.com",)),
    Row("jwks_uri of a file", document(jwks_uri="file:///etc/passwd"), (KEY,)),
    Row("jwks_uri without a host", document(jwks_uri="/jwks"), (KEY,)),
    Row("jwks_uri that is a number", document(jwks_uri=1), (KEY,)),
    Row("empty jwks_uri", document(jwks_uri=""), (KEY,)),
    Row("jwks_uri of escapes", document(jwks_uri="https://" + ESCAPES), (KEY,)),
    Row("two issuers", doubled(DISCOVERY, "issuer"), (KEY,)),
    Row("two jwks_uris", doubled(DISCOVERY, "jwks_uri"), (KEY,)),
    Row("two arrays of keys", doubled(JWKS, "keys"), (KEY,)),
    Row("set of no keys", keys(lambda jwk: {"keys": []}), (KEY,)),
    Row("set of keys for encryption", keys(lambda jwk: {"keys": [{**jwk, "use": "enc"}]}), (KEY,)),
    Row("set without a member of that name", keys(lambda jwk: {}), (KEY,)),
    Row("keys that are no array", keys(lambda jwk: {"keys": {"0": jwk}}), (KEY,)),
    Row("kid of escapes", keys(lambda jwk: {"keys": [{**jwk, "kid": ESCAPES}]}), (INVALID,), ("the-key", "evil")),
]


class HostileCase(Case):
    """Calls of jwtctl with a time limit, each with a cold cache."""

    @classmethod
    def setUpClass(cls):
        cls.context = AUTHORITY.server("hostile")

    def verify(self, origin, token, cache="cache", **variables):
        """Verifies the token by the keys of this origin, with its own cache of that name."""
        flags = ["--oidc", origin, "--ca-file", AUTHORITY.file, "--timeout", f"{TIMEOUT}s", "--aud", "api"]
        return self.run_jwtctl(
            *["verify", *flags, token],
            before=["prlimit", f"--as={MEMORY << 20}"],
            **{"XDG_CACHE_HOME": str(self.home / cache), **variables},
        )

    def assert_outcome(self, ran, codes, names=()):
        self.assertIn(ran.code, codes, ran.err)
        if ran.code == OK:
            self.assertEqual(ran.err, "")
            self.assertIn('"a-user"', ran.out)
        else:
            self.assertRegex(ran.err, r"\Aerror: .+\n(  .+\n)*hint: .+\n\Z")
            self.assertEqual(ran.out, "")
        for name in names:
            self.assertIn(name, ran.err)
        self.assertLess(ran.seconds, TIMEOUT + MORE)


class Table(HostileCase):
    def outcomes(self, row):
        """What comes of a row, and what when its fault is gone."""
        with Issuer(self.context) as issuer:
            sound = dict(issuer.routes)
            row.change(issuer)
            token = issuer.token()
            ran = self.verify(issuer.origin, token, cache=row.name)
            issuer.routes = sound
            return ran, self.verify(issuer.origin, token, cache=row.name)

    def test_rows(self):
        with ThreadPoolExecutor(4) as pool:
            for row, (ran, after) in zip(ROWS, pool.map(self.outcomes, ROWS)):
                with self.subTest(row.name):
                    self.assert_outcome(ran, row.codes, row.names)
                with self.subTest(row.name, after=True):
                    # A set that could be used is kept; one that could not is not.
                    self.assert_outcome(after, (OK, INVALID) if INVALID in row.codes else (OK,))


class Trouble(HostileCase):
    """An issuer that was sound when it was asked first."""

    def setUp(self):
        super().setUp()
        self.issuer = Issuer(self.context)
        self.addCleanup(self.issuer.close)

    def stranger(self):
        return Signer(f"strange-{next(COUNT)}").sign({"iss": self.issuer.origin, "aud": "api"})

    def test_what_has_expired_is_used_with_a_warning(self):
        whole = self.issuer.routes[JWKS].replace(b"Connection", b"Cache-Control: max-age=1\r\nConnection")
        self.issuer.routes[JWKS] = whole
        for name, reply in {"500": answer(b"{}", "500 Internal Server Error"), "silent": silent}.items():
            self.issuer.routes[JWKS] = whole
            self.assert_outcome(self.verify(self.issuer.origin, self.issuer.token(), cache=name), (OK,))
            self.issuer.routes[JWKS] = reply
            time.sleep(2.1)
            with self.subTest(name):
                ran = self.verify(self.issuer.origin, self.issuer.token(), cache=name)
                self.assertEqual(ran.code, OK, ran.err)
                self.assertRegex(ran.err, r"\Awarning: .+\nhint: .+\n\Z")
                self.assertLess(ran.seconds, TIMEOUT + MORE)

    def test_unknown_kids_cost_one_request_that_fails(self):
        error = answer(b"{}", "500 Internal Server Error")
        for name, reply in {"500": error, "silent": silent, "HTML": answer(b"<html>")}.items():
            with self.subTest(name), Issuer(self.context) as self.issuer:
                self.assert_outcome(self.verify(self.issuer.origin, self.issuer.token(), cache=name), (OK,))
                self.issuer.routes[JWKS] = reply
                for _ in range(4):
                    ran = self.verify(self.issuer.origin, self.stranger(), cache=name)
                    self.assertIn(ran.code, (NETWORK, INVALID, KEY), ran.err)
                    self.assertLess(ran.seconds, TIMEOUT + MORE)
                self.assert_outcome(self.verify(self.issuer.origin, self.issuer.token(), cache=name), (OK,))
                self.assertEqual(self.issuer.paths, [DISCOVERY, JWKS, JWKS])

    def test_a_crowd_before_a_silent_server(self):
        self.issuer.routes[JWKS] = silent
        with ThreadPoolExecutor(20) as pool:
            for ran in pool.map(lambda _: self.verify(self.issuer.origin, self.issuer.token()), range(20)):
                self.assert_outcome(ran, (NETWORK,))

    def test_an_interrupt(self):
        self.issuer.routes[JWKS] = silent
        flags = ["--oidc", self.issuer.origin, "--ca-file", str(AUTHORITY.file), "--aud", "api"]
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                call = [JWTCTL, "verify", *flags, "--timeout", f"{LIMIT}s", self.issuer.token()]
                process = subprocess.Popen(call, env=self.environment({}), stderr=subprocess.DEVNULL)
                self.addCleanup(process.kill)
                asked = len(self.issuer.paths)
                while JWKS not in self.issuer.paths[asked:]:
                    self.assertIsNone(process.poll())
                    time.sleep(0.01)
                process.send_signal(number)
                self.assertEqual(process.wait(MORE), -number)


class Transport(HostileCase):
    """What goes wrong before there is an answer."""

    def test_certificates(self):
        for name, properties in {
            "sound": {},
            "ended yesterday": {"days": -1},
            "begins tomorrow": {"days": 4},
            "of other names": {"names": ["localhost", "other.example", "::1", "127.0.0.2"]},
            "signed by itself": {"self_signed": True},
        }.items():
            with self.subTest(name), Issuer(AUTHORITY.server(name.replace(" ", "-"), **properties)) as issuer:
                ran = self.verify(issuer.origin, issuer.token(), cache=name)
                self.assert_outcome(ran, (NETWORK,) if properties else (OK,))
                self.assertEqual(issuer.paths, [] if properties else [DISCOVERY, JWKS])

    def test_an_old_version_of_tls(self):
        context = AUTHORITY.server("old")
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with Issuer(context) as issuer:
            self.assert_outcome(self.verify(issuer.origin, issuer.token()), (NETWORK,))
            self.assertEqual(issuer.paths, [])

    def test_no_tls(self):
        for name, function in {
            "closed at once": lambda connection: None,
            "closed in the handshake": lambda connection: connection.recv(100),
            "silent": silent,
            "plain HTTP": lambda connection: connection.sendall(answer({})),
            "garbage": endless(b"", PIECE),
            "a byte a second": slowly(b"\x16\x03\x03\x40\x00" + bytes(60)),
            "endless alerts": endless(b"", b"\x15\x03\x03\x00\x02\x01\x00"),
        }.items():
            with self.subTest(name), Raw(function) as server:
                self.assert_outcome(self.verify(server.origin, TOKEN), (NETWORK,))

    def test_nobody_listens(self):
        with Raw(silent) as server:
            origin = server.origin
        self.assert_outcome(self.verify(origin, TOKEN), (NETWORK,))

    def test_nothing_goes_out_in_the_clear(self):
        with Server() as plain:
            for name, change in {
                "redirect to the document": route(DISCOVERY, redirect(plain.origin + DISCOVERY)),
                "redirect to the set": route(JWKS, redirect(plain.origin + JWKS)),
                "jwks_uri": document(jwks_uri=plain.origin + JWKS),
            }.items():
                with self.subTest(name), Issuer(self.context) as issuer:
                    change(issuer)
                    ran = self.verify(issuer.origin, issuer.token())
                    self.assert_outcome(ran, (KEY,) if name == "jwks_uri" else (NETWORK,))
            self.assertEqual(plain.connections, 0)


class Places(HostileCase):
    """Where the document and the keys may be."""

    def issuer_at(self, path, place):
        """An issuer whose name ends with this path and whose document is in that place."""
        issuer = Issuer(self.context)
        self.addCleanup(issuer.close)
        issuer.routes = {place: answer({**issuer.document, "issuer": issuer.origin + path}), JWKS: issuer.routes[JWKS]}
        return issuer

    def test_document(self):
        fallback = "/.well-known/oauth-authorization-server"
        for path, place, asked in (
            ("", DISCOVERY, [DISCOVERY, JWKS]),
            ("/", DISCOVERY, [DISCOVERY, JWKS]),
            ("/a/tenant", f"/a/tenant{DISCOVERY}", [f"/a/tenant{DISCOVERY}", JWKS]),
            ("", fallback, [DISCOVERY, fallback, JWKS]),
            ("/tenant", f"{fallback}/tenant", [f"/tenant{DISCOVERY}", f"{fallback}/tenant", JWKS]),
        ):
            with self.subTest(path=path, place=place):
                issuer = self.issuer_at(path, place)
                name = issuer.origin + path
                self.assert_outcome(self.verify(name, issuer.token(iss=name)), (OK,))
                self.assertEqual(issuer.paths, asked)

    def test_a_fallback_of_another_issuer(self):
        issuer = self.issuer_at("/tenant", "/.well-known/oauth-authorization-server")
        self.assert_outcome(self.verify(issuer.origin, issuer.token()), (KEY,))

    def test_keys_of_another_server(self):
        with Issuer(self.context) as issuer, Issuer(self.context) as other:
            document(jwks_uri=other.document["jwks_uri"])(issuer)
            token = other.token(iss=issuer.origin)
            self.assert_outcome(self.verify(issuer.origin, token), (OK,))
            self.assertEqual((issuer.paths, other.paths), ([DISCOVERY], [JWKS]))

    def test_plain_http_on_this_machine(self):
        with Issuer() as issuer:
            self.assert_outcome(self.verify(issuer.origin, issuer.token(), HTTP_PROXY="http://127.0.0.1:1"), (OK,))
            self.assertEqual(issuer.paths, [DISCOVERY, JWKS])

    def test_a_token_of_another_issuer(self):
        with Issuer(self.context) as issuer:
            token = issuer.token(iss="https://other.example")
            ran = self.verify(issuer.origin, token)
            self.assertEqual((ran.code, ran.out), (REJECTED, ""))
            self.assertRegex(ran.err, r"\Aerror: .*https://other\.example")

    def test_new_keys_half_a_minute_later(self):
        with Issuer(self.context) as issuer:
            self.assert_outcome(self.verify(issuer.origin, issuer.token()), (OK,))
            for pause in (0, 31):
                time.sleep(pause)
                issuer.signer = Signer(f"the-key-after-{pause}")
                issuer.routes[JWKS] = answer({"keys": [issuer.signer.jwk]})
                self.assert_outcome(self.verify(issuer.origin, issuer.token()), (OK,))
            self.assertEqual(issuer.paths, [DISCOVERY, JWKS, JWKS, JWKS])


class Hosts(Case):
    """The name in a URL of plain http resolves as the machine's hosts file says."""

    def verify(self, issuer, name, hosts):
        """Verifies a token by the keys at this name, on a machine whose hosts file holds these lines."""
        file = self.home / "hosts"
        file.write_text(hosts)
        script = 'mount --bind "$0" /etc/hosts && exec "$@"'
        return self.run_jwtctl(
            *["verify", "--jwks", f"http://{name}:{issuer.port}{JWKS}", "--aud", "api", issuer.token()],
            before=["unshare", "-rm", "sh", "-c", script, str(file)],
        )

    def test_localhost_that_is_another_machine_is_not_asked(self):
        with Issuer() as issuer:
            for hosts, address in (
                ("192.0.2.7 localhost\n", "192.0.2.7"),
                ("127.0.0.1 localhost\n192.0.2.7 localhost\n", "192.0.2.7"),
                ("2001:db8::7 localhost\n", "2001:db8::7"),
            ):
                with self.subTest(hosts):
                    ran = self.verify(issuer, "localhost", hosts)
                    self.assertEqual((ran.code, ran.out), (USAGE, ""))
                    self.assertIn(f"http is not secure, and the name resolves to {address}, not to this machine", ran.err)
            self.assertEqual(issuer.connections, 0)

    def test_another_name_may_be_this_machine(self):
        with Issuer() as issuer:
            ran = self.verify(issuer, "keys.invalid", "127.9.9.9 keys.invalid\n127.0.0.1 keys.invalid\n")
            self.assertEqual((ran.code, ran.err), (OK, ""))
            self.assertEqual(issuer.paths, [JWKS])


class Proxies(HostileCase):
    """The variables that name a proxy. Only the proxy knows where issuer.test is."""

    def setUp(self):
        super().setUp()
        self.issuer, self.proxy = Issuer(self.context, host="issuer.test"), Proxy()
        self.addCleanup(self.issuer.close)
        self.addCleanup(self.proxy.close)
        self.tunnel = f"CONNECT issuer.test:{self.issuer.port}"

    def verify(self, origin=None, **variables):
        issuer = self.issuer
        return super().verify(origin or issuer.origin, issuer.token(iss=origin or issuer.origin), **variables)

    def test_it_is_used(self):
        for number, variables in enumerate([
            {"HTTPS_PROXY": self.proxy.url},
            {"https_proxy": self.proxy.url},
            {"HTTPS_PROXY": self.proxy.url, "NO_PROXY": "other.example,127.0.0.2"},
            {"HTTPS_PROXY": self.proxy.url, "no_proxy": "test.issuer"},
        ]):
            with self.subTest(variables):
                self.proxy.asked.clear()
                self.assert_outcome(self.verify(cache=f"{number}", **variables), (OK,))
                self.assertEqual(set(self.proxy.asked), {self.tunnel})

    def test_it_is_not_used(self):
        direct = f"https://127.0.0.1:{self.issuer.port}"
        self.issuer.document.update(issuer=direct, jwks_uri=direct + JWKS)
        document()(self.issuer)
        for number, variables in enumerate([
            {"HTTPS_PROXY": self.proxy.url, "NO_PROXY": "127.0.0.1"},
            {"https_proxy": self.proxy.url, "no_proxy": "other.example, 127.0.0.1"},
            {"HTTPS_PROXY": self.proxy.url, "NO_PROXY": "*"},
            {"HTTP_PROXY": self.proxy.url, "http_proxy": self.proxy.url},
            {"HTTPS_PROXY": "", "https_proxy": ""},
        ]):
            with self.subTest(variables):
                self.assert_outcome(self.verify(direct, cache=f"{number}", **variables), (OK,))
        self.assertEqual(self.proxy.connections, 0)

    def test_a_proxy_that_does_not_serve(self):
        for name, function in {
            "silent": silent,
            "closed": lambda connection: None,
            "asks for a password": lambda connection: connection.sendall(answer(b"", "407 Proxy Authentication Required")),
            "escapes": lambda connection: connection.sendall(answer(b"", "502 \x1b[31m", X="\x1b[31m")),
            "endless headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"),
        }.items():
            with self.subTest(name), Raw(function) as proxy:
                ran = self.verify(HTTPS_PROXY=f"http://user:a-password@127.0.0.1:{proxy.port}")
                self.assert_outcome(ran, (NETWORK,))
                self.assertNotIn("a-password", ran.err)
        self.assertEqual(self.issuer.connections, 0)


if __name__ == "__main__":
    unittest.main()
