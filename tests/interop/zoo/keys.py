"""Makes each key of the zoo once, with openssl and ssh-keygen, and spells it in every form there is.
It must not call jwtctl: what is right is known without it."""

import base64
import functools
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import curve
import der
import tools
from tools import FOLDER, PASSWORD, openssl, ssh_keygen

RSA_ALGS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]

# name: the curve for openssl, the name in a JWK, the algorithm, the bytes of a coordinate
CURVES = {
    "P-256": ("prime256v1", "P-256", "ES256", 32),
    "P-384": ("secp384r1", "P-384", "ES384", 48),
    "P-521": ("secp521r1", "P-521", "ES512", 66),
    "secp256k1": ("secp256k1", "secp256k1", "ES256K", 32),
}

# The same with numbers that are shorter than they may be.
CURVES |= {f"{name}, short numbers": facts for name, facts in CURVES.items()}
SHORT = [name for name in CURVES if name.endswith("short numbers")]

# name: bits and exponent
RSA = {"RSA 2048": (2048, 65537), "RSA 2048, exponent 3": (2048, 3), "RSA 3072": (3072, 65537)}

NAMES = [*RSA, *CURVES, "Ed25519"]

# Each certificate authority signs keys of another kind than its own.
AUTHORITY = {"RSA": "Ed25519", "EC": "RSA 2048", "OKP": "P-384"}

# The layouts are the same code for every kind: a long and a short key stand for all.
LAID_OUT = ["RSA 2048", "Ed25519"]

ENCRYPTIONS = [
    (f"{cipher} {prf}", ["-v2", cipher, "-v2prf", prf])
    for cipher in ("aes-128-cbc", "aes-256-cbc")
    for prf in ("hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA512")
]
SCRYPT = ["-scrypt", "-scrypt_N", "1024", "-scrypt_r", "8", "-scrypt_p", "1"]

SSH_CIPHERS = ["aes256-ctr", "aes256-cbc", "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com"]

ED25519_PRIVATE = bytes.fromhex("302e020100300506032b657004220420")


@dataclass(frozen=True)
class Spelling:
    """One way to write a key, and the way it reaches jwtctl: as a file, on stdin or in a variable.
    A layout is another spelling of the same key with other white space, encoding or surroundings."""

    name: str
    data: bytes = field(repr=False)
    private: bool
    password: str | None = None
    via: str = "file"
    layout: bool = False

    @functools.cached_property
    def path(self):
        return tools.file(self.data)

    def call(self, verb, *args, as_file=False):
        """Calls jwtctl with this key; as_file says the key is the verb's FILE instead of a flag's."""
        options = {"password": self.password}
        if self.via == "env":
            options["ZOO_KEY"] = self.data.decode()
            source = ["--key-env", "ZOO_KEY"]
        else:
            path = "-" if self.via == "stdin" else self.path
            options["stdin"] = self.data if self.via == "stdin" else None
            source = [path] if as_file else ["-k", path]
        return tools.jwtctl(*verb.split(), *source, *args, **options)

    def answer(self, verb, *args, **how):
        ran = self.call(verb, *args, **how)
        assert ran.code == 0, f"{self.name}: {ran.call}: exit code {ran.code}: {ran.err}"
        return ran.out


@dataclass
class Key:
    name: str
    kind: str
    algs: list
    private: Path
    public: Path
    jwk: dict
    secret: dict
    ssh_line: bytes | None
    spellings: list = field(default_factory=list)

    @property
    def thumbprint(self):
        """RFC 7638, of what openssl says of the key."""
        text = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return der.base64url(hashlib.sha256(text.encode()).digest())

    def add(self, name, data, private, **how):
        self.spellings.append(Spelling(f"{self.name}: {name}", data, private, **how))

    def add_both(self, name, label, *command, **how):
        """A spelling that openssl writes in PEM, under this label, and in DER."""
        pem = openssl(*command)
        assert pem.count(b"-----BEGIN ") == 1 and pem.startswith(f"-----BEGIN {label}-----\n".encode()), pem[:40]
        self.add(f"{name} PEM", pem, "PRIVATE" in label, **how)
        self.add(f"{name} DER", der.body(pem), "PRIVATE" in label, **how)

    def spelled(self, name):
        (found,) = [spelling for spelling in self.spellings if spelling.name == f"{self.name}: {name}"]
        return found


def generate(algorithm, *options):
    options = [word for option in options for word in ("-pkeyopt", option)]
    return openssl("genpkey", "-quiet", "-algorithm", algorithm, *options)


def make(name):
    """A new key: its private half as PKCS#8, its public half as SPKI, and what a JWK of it has to say."""
    private, public = FOLDER / f"{name}.pem", FOLDER / f"{name}.public.pem"
    origin = None
    if name in RSA:
        bits, exponent = RSA[name]
        pem = generate("RSA", f"rsa_keygen_bits:{bits}", f"rsa_keygen_pubexp:{exponent}")
    elif name in CURVES:
        openssl_name, _, _, size = CURVES[name]
        origin = openssl("ecparam", "-name", openssl_name, "-genkey")
        if name in SHORT:
            origin = openssl("ecparam", "-name", openssl_name) + curve.sec1_with_zeros(openssl_name, size)
        pem = openssl("pkey", stdin=origin)
    else:
        # Only ssh-keygen 9.6 and later can read an Ed25519 key of openssl: here openssl reads the one of ssh-keygen.
        path = FOLDER / "ed25519"
        ssh_keygen("-q", "-t", "ed25519", "-N", "", "-C", "zoo keeper", "-f", path)
        origin = path.read_bytes()
        seed = der.strings(der.openssh(der.body(origin))[4][8:])[2][:32]
        pem = openssl("pkey", "-inform", "DER", stdin=ED25519_PRIVATE + seed)
    private.write_bytes(pem)
    private.chmod(0o600)
    public.write_bytes(openssl("pkey", "-in", private, "-pubout"))

    (_, (_, bits)), = [node[1] for node in der.read(der.body(public.read_bytes()))]
    if name in RSA:
        jwk, secret = rsa_members(der.integers(openssl("rsa", "-in", private, "-traditional", "-outform", "DER")))
        assert jwk == rsa_members([0, *der.integers(bits[1:])])[0]
        key = Key(name, "RSA", RSA_ALGS, private, public, jwk, secret, None)
    elif name in CURVES:
        _, crv, alg, size = CURVES[name]
        x, y = bits[2 : 2 + size], bits[2 + size :]
        d = der.read(openssl("ec", "-in", private, "-outform", "DER"))[0][1][1][1]
        jwk = {"kty": "EC", "crv": crv, "x": der.base64url(x), "y": der.base64url(y)}
        key = Key(name, "EC", [alg], private, public, jwk, {"d": der.base64url(d)}, None)
    else:
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": der.base64url(bits[1:])}
        key = Key(name, "OKP", ["EdDSA", "Ed25519"], private, public, jwk, {"d": der.base64url(seed)}, None)
    if not name.startswith("secp256k1"):
        key.ssh_line = (FOLDER / "ed25519.pub").read_bytes() if name == "Ed25519" else ssh_keygen("-y", "-f", private)
    spell(key, origin)
    return key


def rsa_members(numbers):
    """The members of an RSA JWK, public and private, from the numbers of a PKCS#1 key."""
    names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
    texts = [der.base64url(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in numbers[1:]]
    members = dict(zip(names, texts))
    return {"kty": "RSA", **{name: members.pop(name) for name in ("n", "e")}}, members


def spell(key, origin):
    private = key.private
    key.add_both("PKCS#8", "PRIVATE KEY", "pkcs8", "-topk8", "-nocrypt", "-in", private)
    key.add_both("SPKI", "PUBLIC KEY", "pkey", "-in", private, "-pubout")
    for name, options in [*(ENCRYPTIONS if key.name not in SHORT else []), ("scrypt", SCRYPT)]:
        key.add_both(f"PKCS#8 {name}", "ENCRYPTED PRIVATE KEY", *encrypt(private, options), password=PASSWORD)
    if key.kind == "RSA":
        key.add_both("PKCS#1", "RSA PRIVATE KEY", "rsa", "-in", private, "-traditional")
        key.add_both("PKCS#1 public", "RSA PUBLIC KEY", "rsa", "-in", private, "-RSAPublicKey_out")
    if key.kind == "EC":
        spell_ec(key, origin)
    if key.ssh_line:
        spell_ssh(key, origin)
    if key.name not in SHORT:
        spell_certificates(key)
    spell_jwk(key)
    if key.name in LAID_OUT:
        lay_out(key)


def encrypt(private, options):
    return ["pkcs8", "-topk8", "-in", private, "-passout", f"pass:{PASSWORD}", *options]


def scrypt(key, n):
    """A key under scrypt of a cost that openssl does not write by itself."""
    salt, iv = os.urandom(16), os.urandom(16)
    derived = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=n, r=8, p=1, maxmem=1 << 30, dklen=32)
    locked = openssl("enc", "-aes-256-cbc", "-K", derived.hex(), "-iv", iv.hex(), stdin=key.spelled("PKCS#8 DER").data)
    nodes = der.read(key.spelled("PKCS#8 scrypt DER").data)
    (_, kdf), (_, cipher) = nodes[0][1][0][1][1][1]
    kdf[1][1][:] = [[der.OCTETS, salt], *map(der.integer, (n, 8, 1))]
    cipher[1][1] = iv
    nodes[0][1][1][1] = locked
    return der.write(nodes)


def spell_ec(key, origin):
    private, sec1, pkcs8 = key.private, "EC PRIVATE KEY", ["pkcs8", "-topk8", "-nocrypt", "-in"]
    key.add("SEC1 PEM with EC PARAMETERS", origin, True)
    key.add_both("SEC1", sec1, "ec", "-in", private)
    key.add_both("SEC1 without the public point", sec1, "ec", "-in", private, "-no_public")
    key.add_both("SEC1 with a compressed point", sec1, "ec", "-in", private, "-conv_form", "compressed")
    for name in ("without the public point", "with a compressed point"):
        key.add_both(f"PKCS#8 {name}", "PRIVATE KEY", *pkcs8, key.spelled(f"SEC1 {name} PEM").path)
        assert len(key.spelled(f"PKCS#8 {name} DER").data) < len(key.spelled("PKCS#8 DER").data)
    compressed = ["ec", "-in", private, "-pubout", "-conv_form", "compressed"]
    key.add_both("SPKI with a compressed point", "PUBLIC KEY", *compressed)
    assert len(key.spelled("SPKI with a compressed point DER").data) < len(key.spelled("SPKI DER").data)


def spell_ssh(key, origin):
    if key.name == "Ed25519":
        private = tools.file(origin)
    else:
        private = tools.file(key.private.read_bytes())
        rewrite(private, "-N", "")
    key.add("OpenSSH", private.read_bytes(), True)
    for cipher in SSH_CIPHERS:
        copy = tools.file(private.read_bytes())
        rewrite(copy, "-N", PASSWORD, "-a", "1", "-Z", cipher)
        key.add(f"OpenSSH {cipher}", copy.read_bytes(), True, password=PASSWORD)
    copy = tools.file(private.read_bytes())
    rewrite(copy, "-N", PASSWORD)
    key.add("OpenSSH encrypted as ssh-keygen does it unasked", copy.read_bytes(), True, password=PASSWORD)

    line = b" ".join(key.ssh_line.split()[:2])
    key.add("OpenSSH line", key.ssh_line, False)
    key.add("OpenSSH line without a comment", line, False)
    key.add("OpenSSH line with a long comment", line + b" zoo keeper <zoo@example.org> on a tablet\n", False)
    if key.name == "Ed25519":
        return
    for form, label in (("PEM", {"RSA": b"RSA", "EC": b"EC"}[key.kind] + b" PRIVATE"), ("PKCS8", b"PRIVATE")):
        copy = tools.file(private.read_bytes())
        rewrite(copy, "-N", "", "-m", form)
        assert copy.read_bytes().startswith(b"-----BEGIN " + label)
        key.add(f"ssh-keygen -m {form}", copy.read_bytes(), True)
    rewrite(copy, "-N", PASSWORD, "-m", "PKCS8")
    key.add("ssh-keygen -m PKCS8 encrypted", copy.read_bytes(), True, password=PASSWORD)
    for form in ("PKCS8", "PEM") if key.kind == "RSA" else ("PKCS8",):
        key.add(f"ssh-keygen -e -m {form}", ssh_keygen("-e", "-m", form, "-f", private), False)


def rewrite(path, *options):
    ssh_keygen("-q", "-p", "-f", path, *options)


@functools.cache
def authority(name):
    """A certificate authority of its own, (key, certificate): the keys of the zoo sign no certificates."""
    key, certificate = FOLDER / f"{name}.ca.pem", FOLDER / f"{name}.ca.crt"
    options = {"RSA 2048": ["RSA", "rsa_keygen_bits:2048"], "P-384": ["EC", "ec_paramgen_curve:P-384"]}
    key.write_bytes(generate(*options.get(name, [name])))
    openssl("req", "-x509", "-new", "-key", key, "-subj", f"/CN={name} authority", "-days", 9, "-out", certificate)
    return key, certificate


def spell_certificates(key):
    ca_key, ca_certificate = authority(AUTHORITY[key.kind])
    own, signed = FOLDER / f"{key.name}.own.crt", FOLDER / f"{key.name}.signed.crt"
    subject = ["-key", key.private, "-subj", f"/O=the zoo/CN={key.name}", "-addext", "subjectAltName=DNS:zoo.example"]
    openssl("req", "-x509", "-new", *subject, "-days", 9, "-out", own)
    request = openssl("req", "-new", *subject)
    signing = ["-CA", ca_certificate, "-CAkey", ca_key, "-set_serial", 2**100, "-days", 9]
    openssl("x509", "-req", *signing, "-copy_extensions", "copy", "-out", signed, stdin=request)
    key.add_both("certificate, self-signed", "CERTIFICATE", "x509", "-in", own)
    key.add_both(f"certificate of an {AUTHORITY[key.kind]} authority", "CERTIFICATE", "x509", "-in", signed)
    key.add("certificate with its text", openssl("x509", "-in", signed, "-text"), False)

    chain = signed.read_bytes() + ca_certificate.read_bytes()
    key.add("private key, then its chain", key.private.read_bytes() + chain, True)
    key.add("chain, then its private key", chain + key.private.read_bytes(), True)
    key.add("private key with its text", openssl("pkey", "-in", key.private, "-text"), True)
    key.add("public key with its text", openssl("pkey", "-in", key.private, "-pubout", "-text"), False)

    pack = FOLDER / f"{key.name}.p12"
    export = ["-inkey", key.private, "-in", signed, "-certfile", ca_certificate, "-name", key.name]
    openssl("pkcs12", "-export", *export, "-passout", "pass:", "-iter", 1, "-out", pack)
    unpack = ["pkcs12", "-in", pack, "-passin", "pass:"]
    for name, options, private in (
        ("all of a PKCS#12", ["-nodes"], True),
        ("key of a PKCS#12", ["-nodes", "-nocerts"], True),
        ("certificate of a PKCS#12", ["-nokeys", "-clcerts"], False),
    ):
        text = openssl(*unpack, *options)
        assert text.startswith(b"Bag Attributes")
        key.add(name, text, private)
    locked = openssl(*unpack, "-nocerts", "-aes256", "-passout", f"pass:{PASSWORD}")
    key.add("encrypted key of a PKCS#12", locked, True, password=PASSWORD)


def spell_jwk(key):
    for private, members in ((False, key.jwk), (True, {**key.jwk, **key.secret})):
        half = "private" if private else "public"
        key.add(f"JWK, {half}", json.dumps(members).encode(), private)
        key.add(f"JWK, {half}, indented", json.dumps(members, indent=4).encode() + b"\n", private)
    named = {**key.jwk, "kid": "zoo", "use": "sig", "x5c": ["AAAA"], "note": None}
    key.add("JWK with more members", json.dumps(named).encode(), False)
    key.add("JWK Set of one", json.dumps({"keys": [key.jwk]}).encode(), False)


# What editors, terminals, YAML files, PowerShell and shells make of a text.
FILE_LAYOUTS = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "indented": lambda text: "".join(f"    {line}\n" for line in text.splitlines()).encode(),
    "indented by tabs, CRLF": lambda text: "".join(f"\t{line}\r\n" for line in text.splitlines()).encode(),
    "blanks at the ends of its lines": lambda text: text.replace("\n", " \t\n").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "empty lines around it": lambda text: f"\n\n{text}\n\n".encode(),
    "UTF-8 with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16LE with a byte order mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16LE of PowerShell": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "UTF-16BE with a byte order mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}
PEM_LAYOUTS = {
    "text before it": lambda text: f"Subject: the zoo\n  - a list, 日本語\n{text}".encode(),
    "text after it": lambda text: f"{text}# and that was the key\n".encode(),
}
VARIABLE_LAYOUTS = {
    "a variable": lambda text: text,
    "a variable without the last line break": lambda text: text.rstrip("\n"),
    "a variable with CRLF": lambda text: text.replace("\n", "\r\n"),
    r"a variable with \n": lambda text: text.replace("\n", r"\n"),
    r"a variable with \r\n": lambda text: text.replace("\n", r"\r\n"),
    "a variable in quotes": lambda text: f'"{text}"',
    "a variable in single quotes": lambda text: f"'{text}'",
    r"a variable in quotes with \n": lambda text: '"' + text.replace("\n", r"\n") + '"',
}

PEM_VARIABLE_LAYOUTS = {
    "a variable with blanks for line breaks": lambda text: text.replace("\n", " "),
    "a variable with blanks, in quotes": lambda text: '"' + text.replace("\n", " ") + '"',
}


def lay_out(key):
    texts = ["PKCS#8 PEM", "SPKI PEM", "certificate, self-signed PEM", "PKCS#8 aes-256-cbc hmacWithSHA256 PEM"]
    texts += ["OpenSSH", "JWK, public", "OpenSSH line"]
    for name in texts:
        spelling = key.spelled(name)
        text = spelling.data.decode()
        how = {"private": spelling.private, "password": spelling.password, "layout": True}
        for layout, change in FILE_LAYOUTS.items():
            key.add(f"{name}, {layout}", change(text), **how)
        is_pem, is_json = text.startswith("-----BEGIN "), text.startswith("{")
        if is_pem:
            for layout, change in PEM_LAYOUTS.items():
                key.add(f"{name}, {layout}", change(text), **how)
        for layout, change in (VARIABLE_LAYOUTS | (PEM_VARIABLE_LAYOUTS if is_pem else {})).items():
            if is_json and "in quotes" in layout:
                continue  # Its own quotes would need a backslash.
            key.add(f"{name}, {layout}", change(text).encode(), via="env", **how)
        key.add(f"{name}, on stdin", spelling.data, via="stdin", **how)

    for name in ("PKCS#8 DER", "SPKI DER", "certificate, self-signed DER", "PKCS#8 scrypt DER"):
        spelling = key.spelled(name)
        text = base64.b64encode(spelling.data)
        how = {"private": spelling.private, "password": spelling.password, "layout": True}
        key.add(f"{name} on stdin", spelling.data, via="stdin", **how)
        key.add(f"{name} in base64", text, **how)
        key.add(f"{name} in base64 with a newline", text + b"\n", **how)
        key.add(f"{name} in base64, on stdin", text + b"\n", via="stdin", **how)
        key.add(f"{name} in base64, in a variable", text, via="env", **how)


@functools.cache
def zoo():
    """All keys, each made once in a run."""
    for name in AUTHORITY.values():
        authority(name)
    return tools.on_all_cores(make, NAMES)


def key(name):
    (found,) = [key for key in zoo() if key.name == name]
    return found
