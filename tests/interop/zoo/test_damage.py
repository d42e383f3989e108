"""Keys that were cut, flipped, nested or made costly: jwtctl ends soon, and never with a crash.
It must not say why a sound file is refused: that is in test_refusals.py."""

import base64
import itertools
import json
import random
import unittest

import der
import keys
import tools
from test_refusals import TOKEN, refused
from tools import INVALID, KEY, OK, PASSWORD, Suite, jwtctl

# How many bits are flipped, one at a time. A failure shows the file, for the next run has other keys.
FLIPS = 100

# One of each structure, for each kind of key that has it.
STRUCTURES = [
    "PKCS#8 DER",
    "PKCS#8 aes-256-cbc hmacWithSHA256 DER",
    "PKCS#8 scrypt DER",
    "PKCS#1 DER",
    "PKCS#1 public DER",
    "SEC1 DER",
    "SPKI DER",
    "SPKI with a compressed point DER",
    "certificate, self-signed DER",
]
# Text is damaged as text; what PEM holds of OpenSSH is damaged inside of it, too.
TEXTS = ["PKCS#8 PEM", "JWK, private", "JWK, public", "OpenSSH line without a comment"]
OPENSSH = ["OpenSSH", "OpenSSH aes256-ctr", "OpenSSH aes256-gcm@openssh.com"]
SAMPLE = ["RSA 2048", "P-256", "P-384", "P-521", "secp256k1", "Ed25519"]


def has(key, name):
    return any(spelling.name == f"{key.name}: {name}" for spelling in key.spellings)


def specimens(*lists):
    """(name, spelling, its bytes, what makes a file of such bytes)"""

    def pem(data):
        return der.pem("OPENSSH PRIVATE KEY", data)

    for key in map(keys.key, SAMPLE):
        for name in itertools.chain(*lists):
            if has(key, name):
                spelling = key.spelled(name)
                inside = (der.body(spelling.data), pem) if name in OPENSSH else (spelling.data, bytes)
                yield spelling.name, spelling, *inside


class Damage(Suite):
    """Files that were whole once."""

    def test_cut_at_every_16th_byte(self):
        def check(spelling, data, frame):
            is_text = any(spelling.name.endswith(f": {name}") for name in TEXTS)
            for end in range(0, len(data.rstrip() if is_text else data), 16):
                again = frame(data[:end])
                ran = jwtctl("verify", TOKEN, "-k", "-", stdin=again, password=spelling.password)
                assert ran.code == KEY, f"cut at {end} of {len(data)}: exit code {ran.code}: {base64.b64encode(again)}"

        self.all_hold(check, specimens(STRUCTURES, OPENSSH, TEXTS))

    def test_bits_flipped(self):
        """A key that still signs after that has to sign what it verifies itself."""

        def check(spelling, data, frame):
            for _ in range(FLIPS):
                changed = bytearray(data)
                at = random.randrange(len(data) * 8)
                changed[at // 8] ^= 1 << at % 8
                self.holds_its_ground(f"bit {at}", frame(bytes(changed)), spelling)

        self.all_hold(check, specimens(STRUCTURES, OPENSSH, TEXTS))

    def holds_its_ground(self, what, data, spelling):
        what = f"{what}: {base64.b64encode(data).decode()}"
        path = tools.file(data)
        try:
            how = {"password": spelling.password}
            if not spelling.private:
                ran = jwtctl("verify", TOKEN, "-k", path, **how)
                assert ran.code in (INVALID, KEY), f"exit code {ran.code}: {ran.err}"
                return
            ran = jwtctl("encode", "--no-iat", "--user", 1, "-k", path, **how)
            assert ran.code in (OK, KEY), f"exit code {ran.code}: {ran.err}"
            if ran.code == OK:
                again = jwtctl("verify", ran.out.decode().strip(), "-k", path, **how)
                assert again.code == OK, f"it signs what it does not verify: exit code {again.code}: {again.err}"
        except AssertionError as failure:
            raise AssertionError(f"{what}: {failure}") from None
        finally:
            path.unlink()

    def test_bytes_put_in_and_taken_out(self):
        def check(spelling, data, frame):
            for _ in range(20):
                at = random.randrange(len(data))
                more = data[:at] + random.randbytes(random.randrange(1, 9)) + data[at:]
                less = data[:at] + data[at + random.randrange(1, 9) :]
                for changed in (more, less):
                    self.holds_its_ground(f"at {at}", frame(changed), spelling)

        self.all_hold(check, specimens(STRUCTURES, OPENSSH))

    def test_bytes_after_the_end(self):
        def check(spelling, data, frame):
            for more in (b"\0", data):
                refused(jwtctl("verify", TOKEN, "-k", tools.file(frame(data + more)), password=spelling.password), "")

        self.all_hold(check, specimens(STRUCTURES, OPENSSH))


def nested(tag, size):
    """A node in a node in a node, each with the right length."""
    heads, length = [], 0
    while length < size:
        heads.append(der.head(tag, length))
        length += len(heads[-1])
    return b"".join(reversed(heads))


class Bombs(Suite):
    """Small files that ask for much."""

    SIZE = 300_000

    def test_deep_nesting(self):
        bombs = {
            "endless lengths": b"\x30\x80" * (self.SIZE // 2),
            "SEQUENCEs": nested(0x30, self.SIZE),
            "SETs": nested(0x31, self.SIZE),
            "OCTET STRINGs": nested(0x24, self.SIZE),
            "tagged [0]": nested(0xA0, self.SIZE),
        }
        bombs["SEQUENCEs in a SEQUENCE"] = der.wrap(0x30, der.write([der.integer(0)]) + bombs["SEQUENCEs"])
        labels = [f"{kind}PRIVATE KEY" for kind in ("", "ENCRYPTED ", "EC ", "RSA ", "OPENSSH ")]
        labels += ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "EC PARAMETERS"]
        cases = []
        for name, data in bombs.items():
            cases += [(f"{name}, DER", data), (f"{name}, base64", base64.b64encode(data))]
            cases += [(f"{name}, {label}", der.pem(label, data)) for label in labels]
        for name, text in (
            ("arrays", "[" * self.SIZE),
            ("closed arrays", '{"keys":' + "[" * self.SIZE + "]" * self.SIZE + "}"),
            ("objects", '{"a":' * (self.SIZE // 5)),
            ("keys in keys", '{"keys":[' * (self.SIZE // 9)),
        ):
            cases.append((f"JSON, {name}", text.encode()))
        self.all_hold(self.refused_soon, cases)

    def test_many_of_something(self):
        key = keys.key("P-256")
        pem, line = key.public.read_bytes(), key.ssh_line
        size = tools.LARGEST_KEY - 1000
        jwk = json.dumps(key.jwk)
        cases = [
            ("opening dashes", b"-----BEGIN " * (size // 11)),
            ("opening lines", b"-----BEGIN PRIVATE KEY-----\n" * (size // 28)),
            ("opening lines of many kinds", b"".join(b"-----BEGIN K%d-----\n" % at for at in range(size // 22))),
            ("closing lines", b"-----END PRIVATE KEY-----\n" * (size // 26)),
            ("dashes", b"-" * size),
            ("openings on one line", b"-----BEGIN K-----" * (size // 17)),
            ("closings on one line", b"-----END K-----" * (size // 15)),
            ("blocks on one line", b"-----BEGIN K-----AAAA-----END K-----" * (size // 36)),
            ("blocks", pem * (size // len(pem))),
            ("lines of OpenSSH", line * (size // len(line))),
            ("brackets", b"{" * size),
            ("quotes", b'{"' * (size // 2)),
            ("spaces", b" " * size + b"x"),
            ("base64", b"MIII" * (size // 4)),
            ("a long number", b'{"kty":"RSA","n":"' + b"w" * size + b'","e":"AQAB"}'),
            ("a huge exponent", json.dumps({**keys.key("RSA 2048").jwk, "e": "w" * 342}).encode()),
            ("one key again and again", ('{"keys":[' + ",".join([jwk] * (size // (len(jwk) + 1))) + "]}").encode()),
        ]
        self.all_hold(lambda data: self.soon(jwtctl("verify", TOKEN, "-k", tools.file(data))), cases)

    def soon(self, ran):
        assert ran.code in (INVALID, KEY), f"exit code {ran.code}: {ran.err}"
        assert len(ran.err) < 5000, f"a reason of {len(ran.err)} characters"

    def refused_soon(self, data):
        for call in (["verify", TOKEN], ["encode", "{}"]):
            ran = jwtctl(*call, "-k", tools.file(data))
            refused(ran, "")
            self.soon(ran)
        # Of a set, show also says what cannot be used.
        assert jwtctl("key", "show", tools.file(data)).code in (OK, KEY)


def changed_pkcs8(name, change):
    """An encrypted PKCS#8 with other parameters of its KDF."""
    nodes = der.read(keys.key("Ed25519").spelled(name).data)
    scheme = nodes[0][1][0][1][1][1]
    change(scheme[0][1][1][1], scheme[1][1])
    return der.write(nodes)


def costly_pbkdf2(number):
    def change(kdf, cipher):
        kdf[1] = der.integer(number)

    return changed_pkcs8("PKCS#8 aes-256-cbc hmacWithSHA256 DER", change)


def costly_scrypt(n, r=8, p=1, length=None):
    def change(kdf, cipher):
        kdf[1:] = [der.integer(number) for number in (n, r, p, length) if number is not None]

    return changed_pkcs8("PKCS#8 scrypt DER", change)


def costly_bcrypt(rounds, salt=None):
    whole = der.body(keys.key("Ed25519").spelled("OpenSSH aes256-ctr").data)
    cipher, kdf, options, public, private = der.openssh(whole)
    salt = der.strings(options)[0] if salt is None else salt
    options = der.string(salt) + rounds.to_bytes(4, "big")
    return der.pem("OPENSSH PRIVATE KEY", der.write_openssh([cipher, kdf, options, public, private]))


class Costs(Suite):
    """Encrypted keys whose password would take years to try: refused at once, with a password and without."""

    def refused_with_and_without(self, data, word="cost|iteration|round|scrypt|memory|mib"):
        path = tools.file(data)
        for call in (["verify", TOKEN], ["encode", "{}"], ["key", "show"]):
            refused(jwtctl(*call, "-k", path, most_memory=1024), "")
            refused(jwtctl(*call, "-k", path, password=PASSWORD, most_memory=1024), word)

    def test_costs_beyond_reason(self):
        costs = {
            "PBKDF2": (costly_pbkdf2, [(2**30,), (2**31 - 1,), (2**31,), (2**32 - 1,)]),
            "scrypt": (
                costly_scrypt,
                [(2**26,), (2**31,), (2**20, 8, 1000), (2**14, 8, 2**15), (2**14, 2**15), (2, 2**15, 2**15)],
            ),
            "bcrypt": (costly_bcrypt, [(2**20,), (2**24,), (2**31,), (2**32 - 1,)]),
        }
        cases = [(f"{name} {numbers}", make(*numbers)) for name, (make, costs) in costs.items() for numbers in costs]
        self.all_hold(self.refused_with_and_without, cases)

    def test_costs_that_make_no_sense(self):
        cases = [(f"PBKDF2 {number}", costly_pbkdf2(number)) for number in (0, -1, 2**32, 2**63, 2**64, 2**400)]
        scrypt = [(n,) for n in (0, 1, 3, -2, 2**63, 2**64, 2**400)]
        scrypt += [(2**14, r) for r in (0, -8, 2**20)]
        scrypt += [(2**14, r, p) for r, p in ((8, 0), (8, 2**20), (2**63, 2**63))]
        cases += [(f"scrypt {numbers}", costly_scrypt(*numbers)) for numbers in scrypt]
        for length in (0, 1, 2**31, 2**63, -1):
            cases.append((f"scrypt, a key of {length} bytes", costly_scrypt(1024, 8, 1, length)))
        cases.append(("bcrypt, 0 rounds", costly_bcrypt(0)))
        cases += [(f"bcrypt, a salt of {size} bytes", costly_bcrypt(1, bytes(size))) for size in (0, 1, 200_000)]
        self.all_hold(lambda data: self.refused_with_and_without(data, ""), cases)

    def test_costs_at_the_edge_end_in_time(self):
        """Whatever the bound is: what is let through ends within the time that any call has."""
        cases = [(f"PBKDF2 {number}", costly_pbkdf2(number)) for number in (10**7, 3 * 10**7, 10**8)]
        scrypt = [(2**19,), (2**14, 8, 32), (2, 2**15 - 1, 60)]
        cases += [(f"scrypt {numbers}", costly_scrypt(*numbers)) for numbers in scrypt]
        cases += [(f"bcrypt {rounds}", costly_bcrypt(rounds)) for rounds in (100, 2000, 20_000)]
        self.all_hold(lambda data: refused(jwtctl("encode", "{}", "-k", tools.file(data), password="wrong"), ""), cases)

    def test_other_parameters_that_make_no_sense(self):
        def put(where, at, node):
            def change(kdf, cipher):
                {"kdf": kdf, "cipher": cipher}[where][at] = node

            return changed_pkcs8("PKCS#8 aes-256-cbc hmacWithSHA256 DER", change)

        cases = [
            ("no salt", put("kdf", 0, [der.OCTETS, b""])),
            ("a salt of 200,000 bytes", put("kdf", 0, [der.OCTETS, bytes(200_000)])),
            ("an unknown PRF", put("kdf", 2, [der.SEQUENCE, [[der.OID, b"\x2a\x03\x04"], [5, b""]]])),
            ("an unknown cipher", put("cipher", 0, [der.OID, b"\x2a\x03\x04"])),
            ("an IV of 15 bytes", put("cipher", 1, [der.OCTETS, bytes(15)])),
            ("an IV of no bytes", put("cipher", 1, [der.OCTETS, b""])),
        ]
        parts = der.openssh(der.body(keys.key("Ed25519").spelled("OpenSSH aes256-ctr").data))
        for name, at, part in (
            ("an unknown cipher of OpenSSH", 0, b"rot13"),
            ("a cipher without a KDF", 1, b"none"),
            ("a KDF without a cipher", 0, b"none"),
            ("an unknown KDF", 1, b"md5"),
            ("no KDF options", 2, b""),
            ("no private keys", 4, b""),
            ("private keys of 15 bytes", 4, bytes(15)),
        ):
            changed = [*parts[:at], part, *parts[at + 1 :]]
            cases.append((name, der.pem("OPENSSH PRIVATE KEY", der.write_openssh(changed))))
        whole = der.body(keys.key("Ed25519").spelled("OpenSSH").data)
        for count in (0, 2, 2**31, 2**32 - 1):
            again = whole.replace(b"\0\0\0\1", count.to_bytes(4, "big"), 1)
            cases.append((f"a file of {count} keys", der.pem("OPENSSH PRIVATE KEY", again)))
        self.all_hold(lambda data: self.refused_with_and_without(data, ""), cases)


if __name__ == "__main__":
    unittest.main()
