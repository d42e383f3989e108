"""What the adapters share: running a command, the refusals that the tests tell apart, a key's file.
It must not know jwtctl, nor prefer one peer."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
HMAC = ["HS256", "HS384", "HS512"]
# The curve of each algorithm that fixes one, by its name in a JWK.
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}
# One algorithm for each kind of key pair.
PAIRS = ["RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA"]
PASSWORD = "pass word Ω"

# The length of the key of each content encryption, in bytes.
CONTENT = {
    "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64, "A128GCM": 16, "A192GCM": 24, "A256GCM": 32,
}
# The length of the shared key of each algorithm that wraps with one.
WRAPPING = {f"A{bits}{kind}": bits // 8 for kind in ("KW", "GCMKW") for bits in (128, 192, 256)}
PASSWORDS = ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"]
AGREEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
OAEP = ["RSA-OAEP", "RSA-OAEP-256"]
KEY_MANAGEMENT = ["dir", *WRAPPING, *PASSWORDS, *AGREEMENT, *OAEP]


class BadSignature(Exception):
    """The peer refuses a token for its signature, and for nothing else."""


class Unsupported(Exception):
    """The peer does not know the algorithm."""


@dataclass
class KeyFile:
    """A file that a peer has made: a private key (or a secret), or a public key."""

    form: str
    path: Path
    private: bool
    password: str | None = None


def run(*argv, stdin=b"", refusals=()):
    """What a command prints. A failure whose message has one of these texts raises what goes with it."""
    # No variable may change what a command does or says.
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    ran = subprocess.run([*map(str, argv)], env=env, input=stdin, capture_output=True, timeout=60)
    if ran.returncode == 0:
        return ran.stdout
    said = ran.stderr.decode(errors="replace").strip()
    for text, refusal in refusals:
        if text in said:
            raise refusal(said.splitlines()[0])
    raise AssertionError(f"{' '.join(map(str, argv))}: exit code {ran.returncode}: {said}")


def written(path, data):
    """Writes a file that only its owner can read, as ssh-keygen demands."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    path.chmod(0o600)
    return path
