"""Makes what is no key for jwtctl: keys of other kinds, files around keys, keys whose halves do not match.
It must not call jwtctl or judge it."""

import base64
import functools
import json
import struct

import der
import keys
import tools
from tools import PASSWORD, openssl, ssh_keygen

# name: how openssl makes it, and what a refusal has to say of it
KINDS = {
    "X448": (["X448"], "x448"),
    "Ed448": (["ED448"], "ed448"),
    "brainpool": (["EC", "ec_paramgen_curve:brainpoolP256r1"], r"brainpool|curve 1\.3\.36\.3\.3\.2\.8\.1\.1\.7"),
    "P-224": (["EC", "ec_paramgen_curve:P-224"], r"p-224|secp224r1|curve 1\.3\.132\.0\.33"),
    "explicit parameters": (["EC", "ec_paramgen_curve:P-256", "ec_param_enc:explicit"], "explicit|spelled out"),
    "RSA-PSS": (["RSA-PSS", "rsa_keygen_bits:2048"], "pss"),
}
EC_KINDS = ["brainpool", "P-224", "explicit parameters"]

PUTTY = b"""PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: zoo
Public-Lines: 2
AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc
HR4f
Private-Lines: 1
AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
Private-MAC: 0000000000000000000000000000000000000000000000000000000000000000
"""

JKS, JCEKS = (bytes.fromhex(magic) + b"\0\0\0\2" + bytes(100) for magic in ("feedfeed", "cececece"))

EC_PUBLIC_KEY, P256 = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d030107")
ECDSA_SHA384 = bytes.fromhex("2a8648ce3d040303")


@functools.cache
def foreign():
    """{name: (PKCS#8 in PEM, what a refusal has to say)}"""
    pems = tools.on_all_cores(lambda kind: keys.generate(*kind[0]), KINDS.values())
    found = {name: (pem, word) for (name, (_, word)), pem in zip(KINDS.items(), pems)}
    found["DSA"] = (openssl("genpkey", "-quiet", "-paramfile", tools.file(dsa_parameters())), "dsa")
    return found


@functools.cache
def weak(bits):
    return keys.generate("RSA", f"rsa_keygen_bits:{bits}")


@functools.cache
def dsa_parameters():
    return openssl("genpkey", "-quiet", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024")


def dh_parameters():
    return openssl("genpkey", "-quiet", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048")


def pkcs12(password):
    key = keys.key("P-256")
    certificate = key.spelled("certificate, self-signed PEM").path
    return openssl("pkcs12", "-export", "-inkey", key.private, "-in", certificate, "-passout", f"pass:{password}")


def revocations():
    """A CRL, put together by hand: openssl wants a folder of files for one."""
    key, certificate = keys.authority("P-384")
    issuer = der.read(der.body(certificate.read_bytes()))[0][1][0][1][3]
    algorithm = [der.SEQUENCE, [[der.OID, ECDSA_SHA384]]]
    signed = [der.SEQUENCE, [der.integer(1), algorithm, issuer, [der.UTC_TIME, b"260101000000Z"]]]
    signature = openssl("dgst", "-sha384", "-sign", key, stdin=der.write([signed]))
    text = der.pem("X509 CRL", der.write([[der.SEQUENCE, [signed, algorithm, [der.BITS, b"\0" + signature]]]]))
    openssl("crl", "-noout", stdin=text)
    return text


def ssh_line(kind, *parts):
    blob = b"".join(der.string(part) for part in (kind, *parts))
    return kind + b" " + base64.b64encode(blob) + b" zoo\n"


def ssh_certificate():
    public = tools.file(keys.key("Ed25519").ssh_line, "key.pub")
    ssh_keygen("-q", "-s", keys.key("Ed25519").spelled("OpenSSH").path, "-I", "zoo", public)
    return public.with_name(public.name.replace("key.pub", "key-cert.pub")).read_bytes()


def dss_line():
    _, p, q, g, y, _ = der.read(openssl("dsa", "-outform", "DER", stdin=foreign()["DSA"][0]))[0][1]
    return ssh_line(b"ssh-dss", *(number for _, number in (p, q, g, y)))


def p256_point():
    jwk = keys.key("P-256").jwk
    return b"\4" + der.from_base64url(jwk["x"]) + der.from_base64url(jwk["y"])


def fido_lines():
    ed25519 = der.from_base64url(keys.key("Ed25519").jwk["x"])
    yield ssh_line(b"sk-ssh-ed25519@openssh.com", ed25519, b"ssh:")
    yield ssh_line(b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", p256_point(), b"ssh:")


def fido_private():
    blob = base64.b64decode(next(fido_lines()).split()[1])
    private = struct.pack(">II", 7, 7) + blob + b"\1" + der.string(b"handle") + der.string(b"") + der.string(b"zoo")
    private += bytes(range(1, 1 + -len(private) % 8))
    return der.pem("OPENSSH PRIVATE KEY", der.write_openssh([b"none", b"none", b"", blob, private]))


def crossed_halves():
    """(name, key): numbers that do not belong together, and points that are on no curve."""
    ec, ed, rsa = keys.key("P-256"), keys.key("Ed25519"), keys.key("RSA 2048")
    other_sec1 = der.body(openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
    sec1, other = der.read(ec.spelled("SEC1 DER").data), der.read(other_sec1)
    sec1[0][1][3] = other[0][1][3]
    yield "SEC1", der.write(sec1)
    del sec1[0][1][2]
    algorithm = [der.SEQUENCE, [[der.OID, EC_PUBLIC_KEY], [der.OID, P256]]]
    yield "PKCS#8", der.write([[der.SEQUENCE, [der.integer(0), algorithm, [der.OCTETS, der.write(sec1)]]]])

    jwk = {**ec.jwk, **ec.secret}
    point = other[0][1][3][1][0][1]
    yield "JWK, EC", json.dumps({**jwk, "x": der.base64url(point[2:34]), "y": der.base64url(point[34:])}).encode()
    yield "JWK, EC, on no curve", json.dumps({**jwk, "y": jwk["x"]}).encode()
    yield "JWK, EC, public, on no curve", json.dumps({**ec.jwk, "y": jwk["x"]}).encode()
    spki = ec.spelled("SPKI DER").data
    yield "SPKI, on no curve", spki[:-32] + spki[-64:-32]

    stranger = der.base64url(bytes(range(32)))
    yield "JWK, Ed25519", json.dumps({**ed.jwk, **ed.secret, "x": stranger}).encode()

    def openssh(key, at, change):
        """An OpenSSH key with one string of its private part changed."""
        *parts, private = der.openssh(der.body(key.spelled("OpenSSH").data))
        old = der.strings(private[8:])[at]
        changed = private.replace(der.string(old), der.string(change(old)))
        return der.pem("OPENSSH PRIVATE KEY", der.write_openssh([*parts, changed]))

    def raised(number):
        return number[:-1] + bytes([(number[-1] + 2) % 256])

    yield "OpenSSH, Ed25519, another seed", openssh(ed, 2, lambda both: bytes(32) + both[32:])
    yield "OpenSSH, Ed25519, another public half", openssh(ed, 2, lambda both: both[:32] + bytes(32))
    yield "OpenSSH, EC, another point", openssh(ec, 2, lambda _: point[1:])
    yield "OpenSSH, EC, another number", openssh(ec, 3, raised)
    for at, name in ((1, "n"), (3, "d"), (5, "p"), (6, "q")):
        yield f"OpenSSH, RSA, another {name}", openssh(rsa, at, raised)

    members, other = {**rsa.jwk, **rsa.secret}, keys.key("RSA 2048, exponent 3")
    strange = {"n": other.jwk["n"], "e": "Aw", "d": members["dp"], "p": other.secret["p"]}
    strange |= {"dp": members["dq"], "dq": members["dp"], "qi": members["dp"]}
    for name, value in strange.items():
        yield f"JWK, RSA, another {name}", json.dumps({**members, name: value}).encode()
    numbers = der.read(rsa.spelled("PKCS#1 DER").data)
    numbers[0][1][6] = numbers[0][1][7]
    yield "PKCS#1, another dp", der.write(numbers)


def traditional(key):
    """A key as openssl encrypted it before PKCS#8."""
    program = {"RSA": ["rsa", "-traditional"], "EC": ["ec"]}[key.kind]
    text = openssl(*program, "-in", key.private, "-aes128", "-passout", f"pass:{PASSWORD}")
    assert b"Proc-Type: 4,ENCRYPTED" in text
    return text
