#!/usr/bin/env python3
"""Makes chains.json: roots in PEM, and chains as they are in "x5c", for the tests of certificate chains.

The keys of the leaves are those of tests/keys; the keys of the CAs are made anew and not kept. Needs `cryptography`.
"""

import base64
import datetime
import json
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = pathlib.Path(__file__).parent
KEYS = FOLDER.parent / "keys"
# The tests' clock is at 2023-11-14 22:13:20 UTC.
FROM, UNTIL = datetime.datetime(2020, 1, 1), datetime.datetime(2120, 1, 1)
PAST, FUTURE = datetime.datetime(2021, 1, 1), datetime.datetime(2024, 1, 1)
# Those of Apple's certificates for StoreKit.
LEAF_OID, ISSUER_OID = "1.2.840.113635.100.6.11.1", "1.2.840.113635.100.6.2.1"


def read(name):
    return serialization.load_pem_private_key((KEYS / name).read_bytes(), None)


def name_of(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Party:
    """A key, and the certificate that was issued for it."""

    def __init__(self, name, key, issuer=None, ca=None, length=None, usage=(), valid=(FROM, UNTIL), more=(), pss=False, issuer_name=None):
        self.name, self.key = name_of(name), key
        issuer = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(name_of(issuer_name) if issuer_name else issuer.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, length), critical=True)
        if usage:
            builder = builder.add_extension(key_usage(usage), critical=True)
        for extension, critical in more:
            builder = builder.add_extension(extension, critical=critical)
        is_ed25519 = isinstance(issuer.key, ed25519.Ed25519PrivateKey)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else None
        self.certificate = builder.sign(issuer.key, None if is_ed25519 else hashes.SHA256(), rsa_padding=pss)

    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


class Bytes(Party):
    """The party of another one's certificate in other bytes."""

    def __init__(self, party, der):
        self.name, self.key, self.certificate, self.bytes = party.name, party.key, party.certificate, der

    def der(self):
        return self.bytes


def tlv(tag, content):
    length = len(content)
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (digits if length < 128 else bytes([128 + len(digits)]) + digits) + content


def items(content):
    """The elements in the content of a sequence."""
    found = []
    while content:
        size, start = content[1], 2
        if size >= 128:
            start = 2 + (size & 127)
            size = int.from_bytes(content[2:start], "big")
        found.append(content[: start + size])
        content = content[start + size :]
    return found


def version_1(party, issuer):
    """The same certificate as X.509 version 1, which has neither a version number nor extensions."""
    tbs = party.certificate.tbs_certificate_bytes
    content = tbs[2 + (tbs[1] & 127 if tbs[1] >= 128 else 0) :]
    tbs = tlv(0x30, b"".join(item for item in items(content) if item[0] not in (0xA0, 0xA3)))
    signature = issuer.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    whole = party.der()
    algorithm = items(whole[2 + (whole[1] & 127) :])[1]
    return Bytes(party, tlv(0x30, tbs + algorithm + tlv(0x03, b"\0" + signature)))


def key_usage(names):
    all_names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: name in names for name in all_names.split()})


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def x5c(*parties):
    return [base64.b64encode(party.der()).decode() for party in parties]


CA = {"ca": True, "usage": ("key_cert_sign", "crl_sign")}
SIGNS = {"ca": False, "usage": ("digital_signature",)}
NAMES = x509.SubjectAlternativeName(
    [
        x509.DNSName("signer.example"),
        x509.DNSName("*.wild.example"),
        x509.UniformResourceIdentifier("spiffe://example/signer"),
        x509.RFC822Name("signer@example.com"),
    ]
)
POLICY = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), None)])
EXTENDED = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def custom(oid):
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x05\x00")


def main():
    key = read("p256.pkcs8.private.pem")
    root = Party("Root", p256(), **CA)
    other = Party("Other Root", p256(), **CA)
    # Another root of the same name.
    twin = Party("Root", p256(), **CA)
    middle = Party("Intermediate", p256(), root, length=0, more=[(custom(ISSUER_OID), False)], **CA)
    more = [(NAMES, False), (POLICY, False), (EXTENDED, False), (custom(LEAF_OID), False)]

    def leaf(issuer=middle, key=key, **options):
        return Party("Leaf", key, issuer, **{"more": more, **SIGNS, **options})

    good = leaf()
    roots = {"root": root, "other": other, "twin": twin, "leaf": leaf(root, valid=(FROM, UNTIL)), "middle": middle}
    chains = {"good": x5c(good, middle), "whole": x5c(good, middle, root), "direct": x5c(leaf(root))}
    chains["surplus"] = x5c(good, other, middle, middle, twin, root)
    chains["pinned"] = x5c(roots["leaf"])
    roots["expired"] = Party("Expired Root", p256(), valid=(FROM, PAST), **CA)
    chains["expired root"] = x5c(leaf(roots["expired"]))
    roots["no ca"] = Party("No CA", p256(), ca=False)
    chains["root without ca"] = x5c(leaf(roots["no ca"]))
    roots["short"] = Party("Short Root", p256(), length=0, **CA)
    short = Party("Below Short", p256(), roots["short"], **CA)
    chains["root path length"] = x5c(leaf(short), short)
    roots["signs no certificates"] = Party("Data Root", p256(), ca=True, usage=("digital_signature",))
    chains["root usage"] = x5c(leaf(roots["signs no certificates"]))
    chains["expired leaf"] = x5c(leaf(valid=(FROM, PAST)), middle)
    chains["future leaf"] = x5c(leaf(valid=(FUTURE, UNTIL)), middle)
    old = Party("Old", p256(), root, valid=(FROM, PAST), **CA)
    chains["expired intermediate"] = x5c(leaf(old), old)
    young = Party("Young", p256(), root, valid=(FUTURE, UNTIL), **CA)
    chains["future intermediate"] = x5c(leaf(young), young)
    chains["ca leaf"] = x5c(Party("CA Leaf", key, middle, **CA), middle)
    for name, options in {"flag": {"ca": False}, "extension": {}}.items():
        not_a_ca = Party("No CA", p256(), root, **options)
        chains[f"intermediate without ca {name}"] = x5c(leaf(not_a_ca), not_a_ca)
    below = Party("Below", p256(), middle, **CA)
    chains["path length"] = x5c(leaf(below), below, middle)
    chains["leaf usage"] = x5c(leaf(usage=("key_encipherment",)), middle)
    chains["leaf non-repudiation"] = x5c(leaf(usage=("content_commitment",)), middle)
    chains["leaf without usage"] = x5c(leaf(usage=()), middle)
    no_sign = Party("No Sign", p256(), root, ca=True, usage=("crl_sign",))
    chains["intermediate usage"] = x5c(leaf(no_sign), no_sign)
    chains["wrong leaf signature"] = x5c(leaf(other, issuer_name="Intermediate"), middle)
    forged = Party("Intermediate", p256(), other, issuer_name="Root", **CA)
    chains["wrong intermediate signature"] = x5c(leaf(forged), forged)
    chains["other root"] = x5c(leaf(other))
    chains["missing intermediate"] = x5c(good)
    chains["critical extension"] = x5c(leaf(more=[(custom("1.3.6.1.4.1.99999.2"), True)]), middle)
    narrow = Party("Narrow", p256(), root, more=[(x509.NameConstraints([x509.DNSName("other.example")], None), True)], **CA)
    chains["name constraint"] = x5c(leaf(narrow), narrow)
    bare = Party("Bare", p256(), root, **CA)
    chains["bare"] = x5c(leaf(bare, more=[]), bare)
    chains["weak"] = x5c(leaf(key=read("rsa1024.pkcs8.private.pem")), middle)
    chains["rsa"] = x5c(leaf(key=read("rsa2048.pkcs8.private.pem")), middle)
    chains["ed25519"] = x5c(leaf(key=read("ed25519.pkcs8.private.pem")), middle)
    signers = {
        "rsa root": rsa.generate_private_key(65537, 2048),
        "p384 root": ec.generate_private_key(ec.SECP384R1()),
        "p521 root": ec.generate_private_key(ec.SECP521R1()),
        "ed25519 root": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, signer in signers.items():
        roots[name] = Party(name, signer, **CA)
        chains[name] = x5c(leaf(roots[name]))
    roots["pss root"] = roots["rsa root"]
    chains["pss root"] = x5c(leaf(roots["rsa root"], pss=True))
    # Certificates of one CA with the same name and key.
    renewed = Party("Renewed Root", p256(), **CA)
    roots["renewed"] = renewed
    roots["renewed before"] = Party("Renewed Root", renewed.key, valid=(FROM, PAST), **CA)
    roots["renewed narrow"] = Party("Renewed Root", renewed.key, length=0, valid=(FROM, FUTURE), **CA)
    below = Party("Below Renewed", p256(), renewed, **CA)
    chains["renewed"] = x5c(leaf(below), below)
    roots["issued leaf"] = good
    chains["version 1 leaf"] = x5c(version_1(good, middle), middle)
    old = Party("Version 1", p256(), root)
    chains["version 1 intermediate"] = x5c(leaf(old), version_1(old, root))
    # The shapes of StoreKit 2 (Apple) and of the metadata of FIDO.
    apple = Party("Apple Root CA - G3 stand-in", ec.generate_private_key(ec.SECP384R1()), **CA)
    wwdr = Party("Apple Worldwide Developer Relations stand-in", ec.generate_private_key(ec.SECP384R1()), apple, length=0, more=[(custom(ISSUER_OID), False)], **CA)
    storekit = Party("Prod ECC Mac App Store and iTunes Store Receipt Signing", key, wwdr, more=[(custom(LEAF_OID), False)], **SIGNS)
    roots["apple"], chains["storekit"] = apple, x5c(storekit, wwdr, apple)
    sign = Party("GlobalSign Root CA - R3 stand-in", rsa.generate_private_key(65537, 2048), **CA)
    ov = Party("GlobalSign Extended Validation CA stand-in", rsa.generate_private_key(65537, 2048), sign, length=0, **CA)
    fido_names = x509.SubjectAlternativeName([x509.DNSName("mds.fidoalliance.org")])
    fido = Party("mds.fidoalliance.org", read("rsa2048.pkcs8.private.pem"), ov, more=[(fido_names, False), (EXTENDED, False)], ca=False, usage=("digital_signature", "key_encipherment"))
    roots["globalsign"], chains["fido"] = sign, x5c(fido, ov)
    out = {"roots": {name: party.pem() for name, party in roots.items()}, "chains": chains}
    (FOLDER / "chains.json").write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
