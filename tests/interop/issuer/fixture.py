"""What both test modules stand on: a test CA, keys and tokens made by hand, the provider, and calls of jwtctl.
It must not know what a test expects, and nothing here may leave the loopback interface.

The environment variable JWTCTL_BIN is the path of the jwtctl to test, ISSUER_NODE the folder of the provider's packages.
"""

import atexit
import base64
import hashlib
import http.cookiejar
import ipaddress
import json
import os
import secrets
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

# The exit codes of jwtctl.
OK, NETWORK, USAGE, EXPIRED, INVALID, REJECTED, KEY = 0, 1, 2, 3, 4, 6, 7

# No call may take longer, unless a test says so.
LIMIT = 20

_folder = tempfile.TemporaryDirectory(prefix="issuer-")
atexit.register(_folder.cleanup)
FOLDER = Path(_folder.name)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def payload(token):
    text = token.split(".")[1]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def altered(token):
    """The token under a signature that differs in its first character."""
    head, body, signature = token.split(".")
    return ".".join([head, body, ("A" if signature[0] != "A" else "B") + signature[1:]])


class Signer:
    """A P-256 key that signs whatever it is given."""

    def __init__(self, kid):
        self.key = ec.generate_private_key(ec.SECP256R1())
        numbers = self.key.public_key().public_numbers()
        x, y = (base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        self.jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256", "use": "sig"}

    def sign(self, claims, **header):
        header = {"alg": "ES256", "kid": self.jwk["kid"], **header}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        r, s = utils.decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def write(self, path):
        path.write_bytes(pem(self.key))
        return path


class Authority:
    """A CA of this run alone, and the certificates that it signs."""

    NAMES = ("localhost", "127.0.0.1", "::1", "issuer.test")

    def __init__(self):
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), named("jwtctl test CA")
        made = certificate(self.name, self.name, self.key.public_key(), days=2)
        self.file = FOLDER / "ca.pem"
        self.file.write_bytes(signed(made.add_extension(x509.BasicConstraints(ca=True, path_length=0), True), self.key))
        self.client = ssl.create_default_context(cafile=self.file)

    def issue(self, name, names=NAMES, days=2, self_signed=False):
        """The files of a server's certificate and of its key; it ends in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        by, signer = (named(name), key) if self_signed else (self.name, self.key)
        made = certificate(named(name), by, key.public_key(), days)
        made = made.add_extension(x509.SubjectAlternativeName([alternative(each) for each in names]), False)
        made = made.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False)
        files = FOLDER / f"{name}.crt", FOLDER / f"{name}.key"
        files[0].write_bytes(signed(made, signer))
        files[1].write_bytes(pem(key))
        return files

    def server(self, name, **properties):
        """What a server in Python needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(name, **properties))
        return context


def named(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def alternative(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def certificate(name, by, public_key, days):
    ends = datetime.now(timezone.utc) + timedelta(days=days)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(by).public_key(public_key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(ends - timedelta(days=3)).not_valid_after(ends)


def signed(made, key):
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def pem(key):
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form)


AUTHORITY = Authority()


class StopAtClient(urllib.request.HTTPRedirectHandler):
    """Follows redirects up to the client's own page, which is nowhere."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.startswith(Provider.CALLBACK):
            return super().redirect_request(req, fp, code, msg, headers, newurl)


class Provider:
    """The Node.js process of provider.mjs, and the grants that clients ask of it."""

    CALLBACK = "https://client.example/callback"
    DISCOVERY, JWKS = "/.well-known/openid-configuration", "/jwks"

    def __init__(self):
        program = os.path.join(os.environ["ISSUER_NODE"], "provider.mjs")
        call = ["node", program, *AUTHORITY.issue("provider")]
        self.node = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self.issuer = json.loads(self.node.stdout.readline())
        self.jwks = self.issuer + self.JWKS

    def close(self):
        self.node.stdin.close()
        self.node.stdout.close()
        assert self.node.wait(10) == 0, "node failed"

    def ask(self, command, **given):
        self.node.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self.node.stdin.flush()
        return json.loads(self.node.stdout.readline())

    def fetched(self):
        """How often discovery and keys were asked for since the last call of this."""
        counts = self.ask("counts")
        return counts.get(self.DISCOVERY, 0), counts.get(self.JWKS, 0)

    def rotate(self, keep=False):
        """New keys; the kids there are now."""
        return self.ask("rotate", keep=keep)

    def _post(self, **form):
        data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.issuer}/token", data, context=AUTHORITY.client) as answer:
            return json.load(answer)

    def access_token(self, alg="RS256"):
        """By the client credentials grant: a JWT for the audience api."""
        resource = f"https://api.example/{alg}"
        asked = {"grant_type": "client_credentials", "resource": resource, "scope": "read"}
        return self._post(client_id="machine", client_secret="s", **asked)["access_token"]

    def id_token(self, client):
        """By the authorization code grant with PKCE, through the provider's redirects and cookies."""
        verifier = secrets.token_urlsafe(32)
        asked = {"client_id": client, "redirect_uri": self.CALLBACK, "response_type": "code", "scope": "openid"}
        challenge = base64url(hashlib.sha256(verifier.encode()).digest())
        query = urllib.parse.urlencode({**asked, "code_challenge": challenge, "code_challenge_method": "S256"})
        browser = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=AUTHORITY.client),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            StopAtClient,
        )
        try:
            browser.open(f"{self.issuer}/auth?{query}")
        except urllib.error.HTTPError as stopped:
            code = urllib.parse.parse_qs(urllib.parse.urlsplit(stopped.headers["Location"]).query)["code"][0]
        grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return self._post(client_id=client, redirect_uri=self.CALLBACK, **grant)["id_token"]


class Ran(NamedTuple):
    code: int
    out: str
    err: str
    seconds: float


class Case(unittest.TestCase):
    """A home and a cache for one test, and the calls of jwtctl in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=FOLDER)
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.cache = self.home / "cache" / "jwtctl"

    def environment(self, variables):
        own = {"PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_CACHE_HOME": str(self.cache.parent)}
        return {**own, **variables}

    def run_jwtctl(self, *args, stdin="", limit=LIMIT, before=(), **variables):
        """Runs jwtctl; whatever happens, it does not panic and sends no control character to stderr."""
        began = time.monotonic()
        ran = subprocess.run(
            [*before, JWTCTL, *map(str, args)],
            env=self.environment(variables),
            input=stdin.encode(),
            capture_output=True,
            timeout=limit,
        )
        err = ran.stderr.decode()
        self.assertNotIn("panicked", err)
        self.assertEqual([sign for sign in err if not sign.isprintable() and sign != "\n"], [], err)
        return Ran(ran.returncode, ran.stdout.decode(), err, time.monotonic() - began)

    def jwtctl(self, *args, code=OK, **given):
        """Runs jwtctl and expects this exit code, and words on stderr where there is trouble alone."""
        ran = self.run_jwtctl(*args, **given)
        self.assertEqual(ran.code, code, f"{ran.err}\n{' '.join(map(str, args))}")
        if code:
            self.assertRegex(ran.err, r"\Aerror: ")
            self.assertEqual(ran.out, "")
        return ran

    def entries(self):
        """The files of the cache and what is in them."""
        return {path: path.read_bytes() for path in sorted(self.cache.rglob("*")) if path.is_file()}
