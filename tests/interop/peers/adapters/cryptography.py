"""Python's cryptography: makes and reads key files, and says which key (RFC 7638) one is for peers that know no JWK.
It must not sign or verify a token."""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from . import CURVES, HMAC, PAIRS, PASSWORD, RSA, KeyFile, written

SSH = [alg for alg in PAIRS if alg != "ES256K"]
READS = {"pem": PAIRS, "der": PAIRS, "openssh": SSH}
MAKES = PAIRS

EC = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1(), "ES256K": ec.SECP256K1()}
NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(key):
    """RFC 7638 of a public key or of a secret, from its numbers."""
    if isinstance(key, bytes):
        members = {"k": base64url(key), "kty": "oct"}
    elif isinstance(key, rsa.RSAPublicKey):
        n, e = (base64url(m.to_bytes((m.bit_length() + 7) // 8)) for m in (key.public_numbers().n, key.public_numbers().e))
        members = {"e": e, "kty": "RSA", "n": n}
    elif isinstance(key, ec.EllipticCurvePublicKey):
        size = (key.curve.key_size + 7) // 8
        x, y = (base64url(m.to_bytes(size)) for m in (key.public_numbers().x, key.public_numbers().y))
        members = {"crv": NAMES[key.curve.name], "kty": "EC", "x": x, "y": y}
    else:
        members = {"crv": "Ed25519", "kty": "OKP", "x": base64url(key.public_bytes_raw())}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def new_key(alg):
    if alg in HMAC:
        return os.urandom(64)
    if alg in RSA:
        return rsa.generate_private_key(65537, 2048)
    if CURVES[alg] == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(EC[alg])


def short_key(alg, bits):
    """A key whose private number has so many zero bits in front, and whose x a zero byte."""
    curve = EC[alg]
    number = 1 << (curve.key_size - bits - 1)
    while True:
        key = ec.derive_private_key(number, curve)
        if key.public_key().public_numbers().x >> ((curve.key_size - 1) // 8 * 8) == 0:
            return key
        number += 1


def private_bytes(key, encoding=form.Encoding.PEM, kind=form.PrivateFormat.PKCS8, password=None):
    if password is None:
        sealed = form.NoEncryption()
    elif kind is form.PrivateFormat.OpenSSH:
        # The password's hash is slow by design; two rounds of it will do here.
        sealed = kind.encryption_builder().kdf_rounds(2).build(password.encode())
    else:
        sealed = form.BestAvailableEncryption(password.encode())
    return key.private_bytes(encoding, kind, sealed)


def public_bytes(key, encoding=form.Encoding.PEM, kind=form.PublicFormat.SubjectPublicKeyInfo):
    return key.public_key().public_bytes(encoding, kind)


def read(alg, kind, path, private):
    data = path.read_bytes()
    if private:
        load = {"pem": form.load_pem_private_key, "der": form.load_der_private_key, "openssh": form.load_ssh_private_key}
        return thumbprint(load[kind](data, None).public_key())
    load = {"pem": form.load_pem_public_key, "der": form.load_der_public_key, "openssh": form.load_ssh_public_key}
    return thumbprint(load[kind](data))


def make(alg, folder, key=None):
    key = key or new_key(alg)
    pem, der = form.Encoding.PEM, form.Encoding.DER
    traditional, openssh = form.PrivateFormat.TraditionalOpenSSL, form.PrivateFormat.OpenSSH
    files = []

    def add(label, private, data, password=None):
        path = written(folder / f"cryptography.{len(files)}", data)
        files.append(KeyFile(label, path, private, password))

    add("PKCS#8 PEM", True, private_bytes(key))
    add("PKCS#8 DER", True, private_bytes(key, der))
    add("PKCS#8 PEM, encrypted", True, private_bytes(key, password=PASSWORD), PASSWORD)
    add("PKCS#8 DER, encrypted", True, private_bytes(key, der, password=PASSWORD), PASSWORD)
    add("PKCS#8, bare base64", True, base64.b64encode(private_bytes(key, der)))
    add("SPKI PEM", False, public_bytes(key))
    add("SPKI DER", False, public_bytes(key, der))
    add("SPKI, bare base64", False, base64.b64encode(public_bytes(key, der)))
    if alg != "EdDSA":
        add("PKCS#1 or SEC1 PEM", True, private_bytes(key, pem, traditional))
        add("PKCS#1 or SEC1 DER", True, private_bytes(key, der, traditional))
    if alg in RSA:
        add("PKCS#1 public PEM", False, public_bytes(key, pem, form.PublicFormat.PKCS1))
        add("PKCS#1 public DER", False, public_bytes(key, der, form.PublicFormat.PKCS1))
    if alg in SSH:
        add("OpenSSH private", True, private_bytes(key, pem, openssh))
        add("OpenSSH private, encrypted", True, private_bytes(key, pem, openssh, PASSWORD), PASSWORD)
        add("OpenSSH public", False, public_bytes(key, form.Encoding.OpenSSH, form.PublicFormat.OpenSSH))
    return thumbprint(key.public_key()), files
