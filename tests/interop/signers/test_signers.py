"""Keys that never leave the SSH agent, an HSM or a key management service sign tokens, which PyJWT then verifies.

The environment variable JWTCTL_BIN is the path of the jwtctl to test.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

JWTCTL = os.path.realpath(os.environ["JWTCTL_BIN"])
HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[2] / "docs/signing.md"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "4711"


class Signers(unittest.TestCase):
    """A folder with an agent, an HSM and stand-ins, all made for one test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        bin = self.folder / "bin"
        bin.mkdir()
        (bin / "jwtctl").symlink_to(JWTCTL)
        (self.folder / "tokens").mkdir()
        (self.folder / "softhsm2.conf").write_text(f"directories.tokendir = {self.folder}/tokens\n")
        self.script("bin/ask", f"#!/bin/sh\necho {PIN}\n")
        self.env = {
            "PATH": f"{bin}:{os.environ['PATH']}",
            "HOME": folder.name,
            "SOFTHSM2_CONF": f"{self.folder}/softhsm2.conf",
            "SSH_ASKPASS": f"{bin}/ask",
            "SSH_ASKPASS_REQUIRE": "force",
            "PIN": PIN,
        }

    def script(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def run_it(self, *words, stdin=None, code=0):
        """Runs a program in the folder, which must end with this code, and gives its output."""
        ran = subprocess.run(
            words, cwd=self.folder, env=self.env, input=stdin, capture_output=True, encoding="utf-8", timeout=120
        )
        self.assertEqual(ran.returncode, code, f"{words}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def agent(self):
        socket = self.folder / "agent"
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], env=self.env, stdout=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.terminate)
        self.env["SSH_AUTH_SOCK"] = str(socket)
        while not socket.exists():
            time.sleep(0.01)

    def ssh_key(self, name, *kind):
        self.run_it("ssh-keygen", "-q", "-N", "", "-C", name, "-f", name, "-t", *kind)
        self.run_it("ssh-add", "-q", name)
        (self.folder / name).unlink()
        self.public(name, f"{name}.pub")

    def public(self, name, file):
        """Writes the public key of a file for PyJWT."""
        (self.folder / f"{name}.pem").write_text(self.run_it("jwtctl", "key", "public", file))

    def hsm(self):
        self.run_it("softhsm2-util", "--init-token", "--free", "--label", "jwt", "--so-pin", PIN, "--pin", PIN)
        for kind, label, number in [("EC:prime256v1", "signer", "01"), ("rsa:2048", "rsa", "02")]:
            pkcs11 = ["pkcs11-tool", "--module", MODULE, "--token-label", "jwt", "--label", label]
            self.run_it(*pkcs11, "--login", "--pin", PIN, "--keypairgen", "--key-type", kind, "--id", number)
            file = self.folder / f"{label}.der"
            self.run_it(*pkcs11, "--read-object", "--type", "pubkey", "--output-file", str(file))
            self.public(label, str(file))

    def verified(self, token, name, alg):
        """The claims of a token that PyJWT accepts with this key and algorithm alone."""
        key = load_pem_public_key((self.folder / f"{name}.pem").read_bytes())
        self.assertEqual(jwt.get_unverified_header(token)["alg"], alg)
        return jwt.decode(token, key, algorithms=[alg])

    def test_openssh_agent(self):
        self.agent()
        kinds = [
            ("ed", ["ed25519"], ["EdDSA"]),
            ("p256", ["ecdsa", "-b", "256"], ["ES256"]),
            ("p384", ["ecdsa", "-b", "384"], ["ES384"]),
            ("p521", ["ecdsa", "-b", "521"], ["ES512"]),
            ("rsa", ["rsa", "-b", "2048"], ["RS256", "RS512"]),
        ]
        for name, kind, algs in kinds:
            self.ssh_key(name, *kind)
            line = next(line for line in self.run_it("ssh-add", "-l").splitlines() if f" {name} " in line)
            for alg in algs:
                for which in [name, line.split()[1]]:
                    token = self.run_it("jwtctl", "encode", "--user", "1", "--agent", which, "--alg", alg).strip()
                    self.assertEqual(self.verified(token, name, alg)["user_id"], 1)
                    self.run_it("jwtctl", "verify", "--agent", which, token)
                    new = self.run_it("jwtctl", "refresh", "--agent", which, token, "--ttl", "2h").strip()
                    self.assertEqual(self.verified(new, name, alg)["user_id"], 1)
        listed = self.run_it("jwtctl", "encode", "--user", "1", "--agent", "any", code=7)
        self.assertEqual(listed, "")

    def test_a_stream_signed_by_the_agent(self):
        self.agent()
        self.ssh_key("ed", "ed25519")
        lines = "".join(f'{{"n":{n}}}\n' for n in range(500))
        rows = self.run_it("jwtctl", "encode", "--batch", "-", "--threads", "4", "--agent", "any", stdin=lines).splitlines()
        self.assertEqual([self.verified(row, "ed", "EdDSA")["n"] for row in rows], list(range(500)))

    def test_a_locked_agent_and_a_certificate(self):
        self.agent()
        self.ssh_key("ed", "ed25519")
        self.run_it("ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", "ca")
        self.run_it("ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", "user")
        self.run_it("ssh-keygen", "-q", "-s", "ca", "-I", "someone", "-n", "someone", "user.pub")
        self.run_it("ssh-add", "-D")
        # This adds the key and its certificate, which have one fingerprint.
        self.run_it("ssh-add", "-q", "user")
        self.assertEqual(len(self.run_it("ssh-add", "-l").splitlines()), 2)
        self.public("user", "user.pub")
        fingerprint = self.run_it("ssh-add", "-l").split()[1]
        for which in ["any", fingerprint]:
            token = self.run_it("jwtctl", "encode", "--user", "1", "--agent", which).strip()
            self.verified(token, "user", "EdDSA")
        self.run_it("ssh-add", "-x")
        self.run_it("jwtctl", "encode", "--user", "1", "--agent", "any", code=7)

    def test_an_hsm_through_the_agent(self):
        self.agent()
        self.hsm()
        self.run_it("ssh-add", "-s", MODULE)
        for label, alg in [("signer", "ES256"), ("rsa", "RS256"), ("rsa", "RS512")]:
            token = self.run_it("jwtctl", "encode", "--user", "1", "--agent", label, "--alg", alg).strip()
            self.assertEqual(self.verified(token, label, alg)["user_id"], 1)

    def test_openssl_as_signer(self):
        kinds = [
            ("rsa", ["-algorithm", "rsa"], "RS256", "sha256"),
            ("rsa", [], "RS512", "sha512"),
            ("p256", ["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ES256", "sha256"),
            ("p384", ["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "ES384", "sha384"),
        ]
        for name, make, alg, digest in kinds:
            if make:
                self.run_it("openssl", "genpkey", *make, "-out", f"{name}.private")
                self.public(name, f"{name}.private")
            signer = ["--key", f"{name}.pem", "--signer", f"openssl dgst -{digest} -sign {name}.private"]
            token = self.run_it("jwtctl", "encode", "--user", "1", "--alg", alg, *signer).strip()
            self.assertEqual(self.verified(token, name, alg)["user_id"], 1)
            new = self.run_it("jwtctl", "refresh", *signer, token, "--ttl", "2h").strip()
            self.verified(new, name, alg)
        # PSS needs two options more.
        pss = "openssl dgst -sha256 -sign rsa.private -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"
        token = self.run_it("jwtctl", "encode", "--user", "1", "--alg", "PS256", "--key", "rsa.pem", "--signer", pss).strip()
        self.verified(token, "rsa", "PS256")

    def test_openssl_as_signer_with_ed25519(self):
        self.run_it("openssl", "genpkey", "-algorithm", "ed25519", "-out", "ed.private")
        self.public("ed", "ed.private")
        # OpenSSL 3.0 must know the size of what it signs, so a pipe does not do.
        self.script("sign", '#!/bin/sh\ncat > message && openssl pkeyutl -sign -rawin -inkey ed.private -in message\n')
        token = self.run_it("jwtctl", "encode", "--user", "1", "--key", "ed.pem", "--signer", "./sign").strip()
        self.assertEqual(self.verified(token, "ed", "EdDSA")["user_id"], 1)

    def test_the_recipes_of_the_documentation(self):
        self.agent()
        self.hsm()
        (self.folder / ".ssh").mkdir()
        self.run_it("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", ".ssh/id_ed25519")
        self.run_it("openssl", "genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem")
        (self.folder / "key.pub").write_text(self.run_it("jwtctl", "key", "public", "key.pem"))
        self.env["STAND_IN_KEY"] = str(self.folder / "key.pem")
        for client in ["aws", "gcloud", "az", "vault"]:
            self.script(f"bin/{client}", f"#!{sys.executable} -B\n{(HERE / 'stand_in.py').read_text()}")
        public = {
            "agent me": self.run_it("jwtctl", "key", "public", ".ssh/id_ed25519"),
            "HSM": (self.folder / "signer.pem").read_text(),
            "HSM, RSA": (self.folder / "rsa.pem").read_text(),
            "key.pub": (self.folder / "key.pub").read_text(),
        }
        blocks = re.findall(r"^```sh\n(.*?)^```$", DOCS.read_text(), re.DOTALL | re.MULTILINE)
        self.assertGreaterEqual(len(blocks), 10)
        signed = 0
        for block in blocks:
            for token in re.findall(r"^eyJ\S+$", self.run_it("bash", "-euo", "pipefail", "-c", block), re.MULTILINE):
                matching = [name for name, pem in public.items() if self.matches(token, pem)]
                self.assertEqual(len(matching), 1, block)
                signed += 1
        self.assertGreaterEqual(signed, 10)

    def matches(self, token, pem):
        try:
            jwt.decode(token, load_pem_public_key(pem.encode()), algorithms=["ES256", "EdDSA", "RS256"])
            return True
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError, TypeError):
            return False


if __name__ == "__main__":
    for program in ["ssh-agent", "ssh-add", "softhsm2-util", "pkcs11-tool", "openssl"]:
        if not shutil.which(program):
            sys.exit(f"{program} is missing")
    unittest.main()
