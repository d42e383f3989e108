"""The ssh-keygen command: makes OpenSSH keys, and reads them.
It must not sign or verify a token."""

from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from . import PASSWORD, RSA, KeyFile, run
from .cryptography import SSH, thumbprint

READS = {"openssh": SSH}  # it has no secp256k1
MAKES = SSH

ROUNDS = 2  # of the password's hash: it is slow by design
ECDSA = {"ES256": 256, "ES384": 384, "ES512": 521}


def read(alg, form, path, private):
    """Both its verdicts: the fingerprint, and the public key of a private one."""
    fingerprint = run("ssh-keygen", "-l", "-f", path).split()[1]
    line = run("ssh-keygen", "-y", "-P", "", "-f", path) if private else path.read_bytes()
    again = run("ssh-keygen", "-l", "-f", "-", stdin=line).split()[1]
    assert fingerprint == again, (fingerprint, again)
    return thumbprint(load_ssh_public_key(line))


def make(alg, folder):
    kind = "rsa" if alg in RSA else "ecdsa" if alg in ECDSA else "ed25519"
    bits = ECDSA.get(alg, 2048)  # of no account for Ed25519
    path = folder / "ssh"
    run("ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", "a comment Ω", "-f", path)
    public = folder / "ssh.pub"
    files = [KeyFile("OpenSSH private", path, True), KeyFile("OpenSSH public", public, False)]

    def again(form, *argv, password=None):
        copy = folder / f"ssh.{len(files)}"
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o600)
        run("ssh-keygen", "-q", "-p", "-P", "", "-N", password or "", "-a", ROUNDS, *argv, "-f", copy)
        files.append(KeyFile(form, copy, True, password))

    for cipher in ("aes256-ctr", "aes256-cbc", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"):
        again(f"OpenSSH private, {cipher}", "-Z", cipher, password=PASSWORD)
    if alg != "EdDSA":
        again("PEM", "-m", "PEM")
        again("PKCS#8", "-m", "PKCS8")
        again("PKCS#8, encrypted", "-m", "PKCS8", password=PASSWORD)
        exported = folder / "ssh.pkcs8.pub"
        exported.write_bytes(run("ssh-keygen", "-e", "-m", "PKCS8", "-f", path))
        files.append(KeyFile("SPKI", exported, False))
    if alg in RSA:
        exported = folder / "ssh.pkcs1.pub"
        exported.write_bytes(run("ssh-keygen", "-e", "-m", "PEM", "-f", path))
        files.append(KeyFile("PKCS#1 public", exported, False))
    return read(alg, "openssh", public, False), files
