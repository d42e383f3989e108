"""The commands of docs/providers.md, run as they are printed. Each token is checked by the provider's own library, or by
another one that knows nothing of jwtctl: it verifies the token, or makes one of its own with the same header and claims.
It must not mend a command: what a reader copies is what runs. Nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the libraries.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

import google.auth.jwt
import jwt
from appstoreserverlibrary.api_client import AppStoreServerAPIClient
from appstoreserverlibrary.models.Environment import Environment
from cryptography.hazmat.primitives import serialization
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VideoGrant

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

ROOT = Path(__file__).resolve().parents[3]
KEYS = ROOT / "tests" / "keys"
RSA, EC = (KEYS / f"{name}.pkcs8.private.pem" for name in ("rsa2048", "p256"))
MINUTE, HOUR, DAY = 60, 3600, 86400

VALUES = {
    "GITHUB_APP_ID": "Iv23liAbCdEfGhIjKlMn",
    "APPLE_KEY_ID": "2X9R4HXF34", "APPLE_TEAM_ID": "DEF123GHIJ", "APPLE_ISSUER_ID": "57246542-96fe-1a63-e053-0824d011072a",
    "CLIENT_EMAIL": "robot@project.iam.gserviceaccount.com",
    "SNOWFLAKE_ACCOUNT": "MYORG-MYACCOUNT", "SNOWFLAKE_USER": "ALICE",
    "LIVEKIT_API_KEY": "APIabcdefgh", "LIVEKIT_API_SECRET": "l" * 44,
    "ZOOM_CLIENT_ID": "zoomClient", "ZOOM_CLIENT_SECRET": "z" * 32, "ZOOM_MEETING": "85746065",
    "SUPABASE_JWT_SECRET": "super-secret-jwt-token-with-at-least-32-characters-long",
    "USER_ID": "7d9f1b5e-0c0b-4e3a-9d67-0f6ad1d1a5c3",
    "GHOST_ADMIN_API_KEY": "64f1b2c3d4e5f60718293a4b:" + "0123456789abcdef" * 4,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_API_KEY": "SK" + "1" * 32, "TWILIO_API_SECRET": "t" * 32,
}


def sections():
    """The shell blocks of each section."""
    _, *parts = re.split(r"^## (.+)\n", (ROOT / "docs" / "providers.md").read_text(), flags=re.M)
    return {title: re.findall(r"^```sh\n(.*?)\n```$", text, re.M | re.S) for title, text in zip(parts[::2], parts[1::2])}


BLOCKS = sections()


def setUpModule():
    global folder
    folder = Path(tempfile.mkdtemp(prefix="providers-"))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    (folder / "bin").mkdir()
    (folder / "bin" / "jwtctl").symlink_to(os.path.realpath(JWTCTL))
    for source, names in [(RSA, ("github-app.pem", "rsa_key.p8", "registry.pem")), (EC, ("AuthKey.p8", "dpop.pem"))]:
        for name in names:
            shutil.copy(source, folder / name)
    account = {"type": "service_account", "private_key_id": "a1b2", "private_key": RSA.read_text(),
               "client_email": VALUES["CLIENT_EMAIL"]}
    (folder / "service-account.json").write_text(json.dumps(account))


def shell(line, **variables):
    """What a line prints, which must print nothing else and end with 0."""
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=folder, env={"PATH": path} | VALUES | variables,
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), f"{line}\n{done.returncode}: {done.stderr}"
    return done.stdout.strip()


def node(call, **values):
    """The answer of a library for Node.js; None if it refuses."""
    program = os.path.join(os.environ["PROVIDERS_NODE"], "providers.mjs")
    done = subprocess.run(["node", program, call], input=json.dumps(values), capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def public(private):
    key = serialization.load_pem_private_key(private.read_bytes(), None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


class Case(unittest.TestCase):
    maxDiff = None

    def made(self, title, index=0, **variables):
        return shell(BLOCKS[title][index], **variables)

    def read(self, token, key, alg, **expected):
        """Header and claims, verified by PyJWT, and the lifetime in place of the times."""
        claims = jwt.decode(token, key, algorithms=[alg], leeway=5, **expected)
        iat, exp = claims.pop("iat"), claims.pop("exp", None)
        self.assertAlmostEqual(iat, time.time(), delta=90)
        header = jwt.get_unverified_header(token)
        self.assertEqual(header.pop("alg"), alg)
        return header, claims, exp and exp - iat

    def same_as(self, token, other, key, alg, **expected):
        """Whether another library makes a token of the same header and claims."""
        ours, theirs = (self.read(each, key, alg, **expected) for each in (token, other))
        for header, *_ in (ours, theirs):
            header.setdefault("typ", "JWT")
        self.assertEqual(ours[:2], theirs[:2])
        return ours[2], theirs[2]

    def test_every_section_has_a_test(self):
        tests = "".join(name for name in dir(self) if name.startswith("test_"))
        for title, blocks in BLOCKS.items():
            self.assertTrue(blocks, title)
            self.assertIn("_".join(title.lower().split()), tests)
        self.assertGreaterEqual(len(BLOCKS), 13)

    def test_github_app(self):
        token = self.made("GitHub App")
        other = node("github", id=VALUES["GITHUB_APP_ID"], privateKey=RSA.read_text())
        self.assertEqual(self.same_as(token, other, public(RSA), "RS256"), (10 * MINUTE, 10 * MINUTE))
        claims = jwt.decode(token, options={"verify_signature": False})
        self.assertAlmostEqual(claims["iat"], time.time() - MINUTE, delta=5)

    def test_app_store_connect(self):
        header = {"typ": "JWT", "kid": VALUES["APPLE_KEY_ID"]}
        claims = {"iss": VALUES["APPLE_ISSUER_ID"], "aud": "appstoreconnect-v1"}
        read = self.read(self.made("App Store Connect"), public(EC), "ES256", audience="appstoreconnect-v1")
        self.assertEqual(read, (header, claims, 15 * MINUTE))
        # Apple's library for the App Store Server API leaves out `iat`.
        token = self.made("App Store Connect", 1)
        client = AppStoreServerAPIClient(EC.read_bytes(), VALUES["APPLE_KEY_ID"], VALUES["APPLE_ISSUER_ID"],
                                         "com.example.app", Environment.SANDBOX)
        theirs = client._generate_token()
        read = self.read(token, public(EC), "ES256", audience="appstoreconnect-v1")
        self.assertEqual(read, (header, claims | {"bid": "com.example.app"}, 15 * MINUTE))
        theirs, header = jwt.decode(theirs, options={"verify_signature": False}), jwt.get_unverified_header(theirs)
        self.assertEqual(header, jwt.get_unverified_header(token))
        self.assertEqual({name: value for name, value in theirs.items() if name not in ("iat", "exp")}, read[1])

    def test_sign_in_with_apple(self):
        token = self.made("Sign in with Apple")
        other = node("apple", clientID="com.example.web", teamID=VALUES["APPLE_TEAM_ID"], expAfter=180 * DAY,
                     keyIdentifier=VALUES["APPLE_KEY_ID"], privateKey=EC.read_text())
        lifetimes = self.same_as(token, other, public(EC), "ES256", audience="https://appleid.apple.com")
        self.assertEqual(lifetimes, (180 * DAY, 180 * DAY))
        self.assertLess(180 * DAY, 15_777_000, "Apple's limit")

    def test_apple_push_notification_service(self):
        read = self.read(self.made("Apple Push Notification service"), public(EC), "ES256")
        self.assertEqual(read, ({"typ": "JWT", "kid": VALUES["APPLE_KEY_ID"]}, {"iss": VALUES["APPLE_TEAM_ID"]}, None))

    def test_google_service_account(self):
        email, certs = VALUES["CLIENT_EMAIL"], {"a1b2": public(RSA)}
        for index, expected in enumerate([
            {"iss": email, "sub": email, "aud": "https://pubsub.googleapis.com/"},
            {"iss": email, "aud": "https://oauth2.googleapis.com/token",
             "scope": "https://www.googleapis.com/auth/cloud-platform"},
        ]):
            token = self.made("Google service account", index)
            claims = google.auth.jwt.decode(token, certs=certs, audience=expected["aud"], clock_skew_in_seconds=5)
            self.assertEqual(claims["exp"] - claims["iat"], HOUR)
            self.assertEqual({name: value for name, value in claims.items() if name not in ("iat", "exp")}, expected)
            self.assertEqual(jwt.get_unverified_header(token), {"alg": "RS256", "typ": "JWT", "kid": "a1b2"})

    def test_snowflake(self):
        key = serialization.load_pem_public_key(public(RSA))
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()
        read = self.read(self.made("Snowflake"), public(RSA), "RS256")
        claims = {"iss": f"MYORG-MYACCOUNT.ALICE.{fingerprint}", "sub": "MYORG-MYACCOUNT.ALICE"}
        self.assertEqual(read, ({"typ": "JWT"}, claims, 59 * MINUTE))

    def test_livekit(self):
        key, secret = VALUES["LIVEKIT_API_KEY"], VALUES["LIVEKIT_API_SECRET"]
        token = self.made("LiveKit")
        grants = node("livekit", key=key, secret=secret, token=token)
        self.assertEqual(grants.pop("exp") - grants.pop("iat"), 6 * HOUR)
        video = {"roomJoin": True, "room": "standup"}
        self.assertEqual(grants, {"iss": key, "sub": "alice", "name": "Alice", "video": video})
        self.assertIsNone(node("livekit", key=key, secret="another", token=token))

    def test_zoom_meeting_sdk(self):
        token = self.made("Zoom Meeting SDK")
        _, claims, lifetime = self.read(token, VALUES["ZOOM_CLIENT_SECRET"], "HS256")
        self.assertAlmostEqual(claims.pop("tokenExp"), time.time() + 2 * HOUR, delta=5)
        self.assertEqual(claims, {"appKey": "zoomClient", "mn": "85746065", "role": 0})
        self.assertEqual(lifetime, 2 * HOUR)

    def test_supabase(self):
        secret = VALUES["SUPABASE_JWT_SECRET"]
        read = self.read(self.made("Supabase"), secret, "HS256")
        self.assertEqual(read, ({"typ": "JWT"}, {"iss": "supabase", "role": "anon"}, 3650 * DAY))
        read = self.read(self.made("Supabase", 1), secret, "HS256", audience="authenticated")
        claims = {"sub": VALUES["USER_ID"], "aud": "authenticated", "role": "authenticated"}
        self.assertEqual(read, ({"typ": "JWT"}, claims, HOUR))

    def test_ghost_admin_api(self):
        key = VALUES["GHOST_ADMIN_API_KEY"]
        secret = bytes.fromhex(key.split(":")[1])
        lifetimes = self.same_as(self.made("Ghost Admin API"), node("ghost", key=key), secret, "HS256", audience="/admin/")
        self.assertEqual(lifetimes, (5 * MINUTE, 5 * MINUTE))

    def test_twilio(self):
        account, sid, secret = (VALUES[f"TWILIO_{name}"] for name in ("ACCOUNT_SID", "API_KEY", "API_SECRET"))
        token = self.made("Twilio")
        other = AccessToken(account, sid, secret, identity="alice", ttl=HOUR, grants=[VideoGrant(room="standup")])
        ours, theirs = (AccessToken.from_jwt(each, secret) for each in (token, other.to_jwt()))
        self.assertEqual(ours.headers, theirs.headers)
        claims, expected = dict(ours.payload), dict(theirs.payload)
        self.assertEqual(claims.pop("exp") - claims.pop("iat"), HOUR)
        self.assertRegex(claims.pop("jti"), rf"^{sid}-\d{{10}}$")
        del expected["exp"], expected["jti"]
        self.assertEqual(claims, {name: value for name, value in expected.items() if value is not None and name != "nbf"})

    def test_docker_registry(self):
        """Debian's registry, which is Distribution 2, allows what the token says and nothing else."""
        shell("openssl req -x509 -key registry.pem -subj /CN=auth -days 1 -out registry.crt")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % free.getsockname()[1]
        trusted = {"realm": "https://auth.example", "issuer": "auth.example", "service": "registry.example",
                   "rootcertbundle": str(folder / "registry.crt")}
        config = {"version": "0.1", "storage": {"inmemory": {}}, "http": {"addr": address}, "auth": {"token": trusted}}
        (folder / "registry.yml").write_text(json.dumps(config))
        registry = subprocess.Popen(["docker-registry", "serve", folder / "registry.yml"], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
        self.addCleanup(registry.wait)
        self.addCleanup(registry.kill)

        def status(repository, token=None):
            request = urllib.request.Request(f"http://{address}/v2/{repository}/tags/list")
            if token:
                request.add_header("Authorization", f"Bearer {token}")
            try:
                return urllib.request.urlopen(request, timeout=10).status
            except urllib.error.HTTPError as refused:
                return refused.code
            except urllib.error.URLError:
                return None

        until = time.monotonic() + 30
        while status("alice/app") is None:
            self.assertLess(time.monotonic(), until, "the registry does not start")
            time.sleep(0.1)
        token, refused, unknown = self.made("Docker registry"), 401, 404
        self.assertEqual(status("alice/app"), refused)
        self.assertEqual(status("alice/app", token), unknown, "allowed, and the repository is empty")
        self.assertEqual(status("bob/app", token), refused)

    def test_dpop(self):
        """A resource server accepts a proof for its own request and token, and no other."""
        url, issuer, audience = "https://api.example/items", "https://as.example", "https://api.example"
        thumbprint = shell("jwtctl key thumbprint dpop.pem")
        grant = ("jwtctl encode --key registry.pem --kid r --typ at+jwt --iss {} --aud {} --sub alice --jti "
                 "-c client_id=c -c 'cnf:={{\"jkt\":\"{}\"}}'")
        token, stolen = (shell(grant.format(issuer, audience, jkt)) for jkt in (thumbprint, "A" * 43))
        jwks = json.loads(shell("jwtctl key convert --format jwk --kid r registry.pem | jwtctl key set /dev/stdin"))
        proof = self.made("DPoP", 1, ACCESS_TOKEN=token)

        def accepts(method="GET", url=f"{url}?page=2", token=token, proof=proof):
            given = {"issuer": issuer, "audience": audience, "jwks": jwks}
            return node("dpop", **given, method=method, url=url, token=token, proof=proof) is not None

        self.assertTrue(accepts())
        self.assertFalse(accepts(method="POST"))
        self.assertFalse(accepts(url="https://api.example/other"))
        self.assertFalse(accepts(token=stolen, proof=self.made("DPoP", 1, ACCESS_TOKEN=stolen)), "another key's token")
        self.assertFalse(accepts(token=stolen), "another token")
        # The proof for the token endpoint has no `ath`, and is verified with the key in it.
        self.assertFalse(accepts(proof=self.made("DPoP")))
        first = self.made("DPoP")
        key = jwt.PyJWK(jwt.get_unverified_header(first)["jwk"])
        header, claims, lifetime = self.read(first, key.key, "ES256")
        self.assertEqual((header["typ"], lifetime), ("dpop+jwt", None))
        self.assertEqual(set(claims), {"htm", "htu", "jti"})
        self.assertEqual((claims["htm"], claims["htu"]), ("POST", "https://as.example/token"))


if __name__ == "__main__":
    unittest.main()
