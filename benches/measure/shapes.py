"""Hostile inputs: what is as large as an input may be, or smaller and dear for what it says. A shape's maker gives
the bytes of one for a size; nothing here is larger than the size by more than a few bytes."""

import base64
import hashlib
import hmac
import json
import random
import zlib

SECRET = b"a secret for measuring, longer than its hash"
HEADER = b'{"alg":"HS256"}'
TIMES = b'"iat":1700000000,"exp":4000000000'


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(header: bytes, payload: bytes, genuine: bool) -> bytes:
    message = b".".join((base64url(header), base64url(payload)))
    mac = hmac.new(SECRET if genuine else b"another", message, hashlib.sha256).digest()
    return b".".join((message, base64url(mac)))


# The length of the hints at the end of a signature; those that are out of order would end its check early.
HINTS = {"ML-DSA-44": 84, "ML-DSA-87": 83}


def signed_by(alg: str, length: int, more: bytes = b"", payload: bytes = b"{}") -> bytes:
    """A token whose signature has the length of a key's, and numbers in its range."""
    header = b'{"alg":"%s"%s}' % (alg.encode(), more)
    hints = bytes(HINTS.get(alg, 0))
    return b".".join(map(base64url, (header, payload, b"\1" * (length - len(hints)) + hints)))


def repeated(piece: bytes, size: int, between: bytes = b"") -> bytes:
    """So many pieces that they fill a size."""
    count = max((size + len(between)) // (len(piece) + len(between)), 1)
    return between.join([piece]) + (between + piece) * (count - 1)


def members(size: int, name: str, value: bytes = b"0") -> bytes:
    """Members of many names: `name` makes one of a number, as JSON spells it."""
    count = max(size // (len(name % 0) + len(str(size)) + len(value) + 3), 1)
    return b",".join(b'"%s":%s' % ((name % i).encode(), value) for i in range(count))


def within(before: bytes, middle, after: bytes):
    """A JSON text whose middle takes the room that a token of the size leaves it."""
    return lambda size: before + middle(size - len(before) - len(after)) + after


def list_of(item: bytes):
    return lambda size: b"[" + repeated(item, size - 2, b",") + b"]"


def string_of(piece: bytes):
    return lambda size: b'"' + repeated(piece, size - 2) + b'"'


def number(size: int) -> bytes:
    return b"1" + b"0" * (size - 2) + b"1"


def nested(size: int) -> bytes:
    return list_of(b"[" * 120 + b"]" * 120)(size)


def claim(name: bytes, value):
    return within(b"{" + TIMES + b',"%s":' % name, value, b"}")


def names(spelled: str, value: bytes = b"0"):
    return within(b"{" + TIMES + b",", lambda size: members(size, spelled, value), b"}")


def twice(size: int) -> bytes:
    return b'{"first":1,' + members(size - 30, "n%d") + b',"\\u0066irst":2}'


ESCAPED = "\\u0061%d"
# Claims sets, by name.
PAYLOADS = {
    "aud of strings": claim(b"aud", list_of(b'"a"')),
    "aud of empty strings": claim(b"aud", list_of(b'""')),
    "aud of escaped strings": claim(b"aud", list_of(b'"\\u0061"')),
    "aud of objects": claim(b"aud", list_of(b"{}")),
    "aud of one string": claim(b"aud", string_of(b"a")),
    "iss of escapes": claim(b"iss", string_of(b"\\u0041")),
    "sub of line feeds": claim(b"sub", string_of(b"\\n")),
    "string of surrogate pairs": claim(b"x", string_of(b"\\ud83d\\ude00")),
    "string of control characters": claim(b"x", string_of(b"\\u001b")),
    "string of wide characters": claim(b"x", string_of("世".encode())),
    "list of ones": claim(b"x", list_of(b"1")),
    "list of objects": claim(b"x", list_of(b"{}")),
    "list of members": claim(b"x", list_of(b'{"a":1}')),
    "list of exponents": claim(b"x", list_of(b"1e-999999999999")),
    "nested lists": claim(b"x", nested),
    "names": names("%d"),
    "long names": names("a name that is longer than a glance %d"),
    "escaped names": names(ESCAPED),
    "names of objects": names("%d", b'{"a":{}}'),
    "inner names": within(b"{" + TIMES + b',"x":{', lambda size: members(size, "%d"), b"}}"),
    "inner escaped names": within(b"{" + TIMES + b',"x":{', lambda size: members(size, ESCAPED), b"}}"),
    "lists of names that look alike": claim(b"x", list_of(
        b"{" + b",".join(b'"\\u0061bcdefgh%02d":0' % i for i in range(16)) + b"}")),
    "name twice, far apart": twice,
    "exp of digits": within(b'{"exp":', number, b"}"),
    "exp of zeros": within(b'{"exp":4000000000.', lambda size: b"0" * (size - 1) + b"1", b"}"),
    "exp with a long exponent": within(b'{"exp":1e', lambda size: b"9" * size, b"}"),
    "iat of digits": within(b'{"exp":4000000000,"iat":', number, b"}"),
    "x of digits": claim(b"x", number),
    "white space": within(b"{", lambda size: b" " * size, TIMES + b"}"),
    "white space between tokens": claim(b"x", list_of(b" 1\n")),
    "not JSON": lambda size: b"\xff" * size,
    "broken at its end": within(b'{"x":', list_of(b"1"), b",}"),
}
# Those of them that are no claims sets.
NO_CLAIMS = ["name twice, far apart", "nested lists", "not JSON", "broken at its end"]
# Headers, by name.
HEADERS = {
    "crit of names": within(b'{"alg":"HS256","crit":', list_of(b'"a"'), b"}"),
    "crit of escaped names": within(b'{"alg":"HS256","crit":', list_of(b'"\\u0061"'), b"}"),
    "crit of objects": within(b'{"alg":"HS256","crit":', list_of(b"{}"), b"}"),
    "crit of one name": within(b'{"alg":"HS256","crit":[', string_of(b"a"), b"]}"),
    "alg of escapes": within(b'{"alg":', string_of(b"\\u0041"), b"}"),
    "kid of escapes": within(b'{"alg":"HS256","kid":', string_of(b"\\u0041"), b"}"),
    "typ of a list": within(b'{"alg":"HS256","typ":', list_of(b"1"), b"}"),
    "b64 of a list": within(b'{"alg":"HS256","b64":', list_of(b"1"), b"}"),
    "x5c": within(b'{"alg":"HS256","x5c":', list_of(b'"AAAA"'), b"}"),
    "header names": within(b'{"alg":"HS256",', lambda size: members(size, "%d"), b"}"),
    "header's escaped names": within(b'{"alg":"HS256",', lambda size: members(size, ESCAPED), b"}"),
    "header's nested lists": within(b'{"alg":"HS256","x":', nested, b"}"),
    "header's white space": within(b'{"alg":"HS256"', lambda size: b"\n" * size, b"}"),
}
GENUINE = token(HEADER, b"{" + TIMES + b"}", True)


def sd_jwt(payload: bytes, disclosures=()) -> bytes:
    """An SD-JWT, genuine, that expires as the others do."""
    issued = token(HEADER, b"{" + TIMES + payload + b"}", True)
    return b"~".join([issued, *disclosures, b""])


def digest(disclosure: bytes) -> bytes:
    return base64url(hashlib.sha256(disclosure).digest())


def disclosed(count: int, more: bytes = b"0", name: bytes = b'"%d",') -> list[bytes]:
    return [base64url(b'["",' + (name % i if b"%" in name else name) + more + b"]") for i in range(count)]


def digests(disclosures: list[bytes]) -> bytes:
    return b'"_sd":[' + b",".join(b'"' + digest(one) + b'"' for one in disclosures) + b"]"


def all_disclosed(size: int, before: bytes = b",", after: bytes = b"") -> bytes:
    """As many disclosures as the payload has room for the digests of."""
    disclosures = disclosed((size - len(before) - len(after)) // 85)
    return sd_jwt(before + digests(disclosures) + after, disclosures)


def disclosed_inside(size: int) -> bytes:
    """Each disclosure inside the one before, beside a large value."""
    disclosures, more = [], b""
    for level in range(100):
        more = b"{" + more + b'"x":' + list_of(b"0")(size // 140) + b"}"
        disclosures.append(base64url(b'["","a",' + more + b"]"))
        more = digests(disclosures[-1:]) + b","
    return sd_jwt(b"," + digests(disclosures[-1:]), disclosures)


def one_disclosed(value):
    """A disclosure that takes all the room."""
    def maker(size: int) -> bytes:
        disclosures = [base64url(b'["","y",' + value(size * 3 // 4 - 400) + b"]")]
        return sd_jwt(b"," + digests(disclosures), disclosures)
    return maker


# SD-JWTs, by name.
SD_JWTS = {
    "disclosures": all_disclosed,
    "disclosures below a long name": lambda size: all_disclosed(
        size // 2, b',"' + b"n" * (size * 3 // 8 - 400) + b'":{', b"}"),
    "disclosures below an escaped name": lambda size: all_disclosed(
        size // 2, b',"' + b"\\u007e" * (size // 16 - 400) + b'":{', b"}"),
    "disclosures that nothing refers to": lambda size: sd_jwt(b"", disclosed(size // 24)),
    "few of them, each long": lambda size: sd_jwt(b"", disclosed(size // 100, b'"' + b"a" * 40 + b'"')),
    "the same disclosure": lambda size: sd_jwt(b"", disclosed(1) * (size // 20)),
    "digests of nothing": lambda size: sd_jwt(
        b',"_sd":[' + b",".join(b'"%043d"' % i for i in range(size * 3 // 4 // 47)) + b"]"),
    "short digests": lambda size: sd_jwt(
        b',"_sd":[' + b",".join(b'"%d"' % i for i in range(size // 16)) + b"]"),
    "hidden items": lambda size: sd_jwt(
        b',"x":[' + b",".join(b'{"...":"%d"}' % i for i in range(size // 28)) + b"]"),
    "objects without members": lambda size: sd_jwt(b',"x":' + list_of(b'{"_sd":[]}')(size * 3 // 4 - 400)),
    "disclosures inside disclosures": disclosed_inside,
    "a disclosed list": one_disclosed(list_of(b"[]")),
    "disclosed members": one_disclosed(within(b"{", lambda size: members(size, "%d"), b"}")),
    "a disclosed number": one_disclosed(number),
    "a disclosed string of escapes": one_disclosed(string_of(b"\\u0061")),
    "disclosed nested lists": one_disclosed(nested),
    "tildes": lambda size: GENUINE + b"~" * (size - len(GENUINE)),
    "tildes and dots": lambda size: GENUINE + repeated(b"~.", size - len(GENUINE)),
    "a large key binding JWT": lambda size: GENUINE + b"~" + token(
        HEADER, b'{"x":"' + b"a" * (size * 3 // 4 - 400) + b'"}', True),
}
# Texts that are no token, by name.
def jwe(header: dict, key: bytes = b"", iv: int = 12, ciphertext: bytes = b"x" * 64, tag: int = 16) -> bytes:
    """An encrypted token whose parts have the lengths that they must have, and which no key opens."""
    parts = (json.dumps(header).encode(), key, b"\1" * iv, ciphertext, b"\1" * tag)
    return b".".join(map(base64url, parts))


def jwe_json(recipients: list[dict], **more) -> bytes:
    parts = {name: base64url(b"\1" * length).decode() for name, length in [("iv", 12), ("ciphertext", 64), ("tag", 16)]}
    protected = base64url(b'{"enc":"A256GCM"}').decode()
    return json.dumps({"protected": protected, "recipients": recipients, **parts, **more}).encode()


def recipient(header: dict, key: int) -> dict:
    return {"header": header, "encrypted_key": base64url(b"\1" * key).decode()}


DIR = {"alg": "dir", "enc": "A256GCM"}
ITERATED = {"alg": "PBES2-HS512+A256KW", "p2s": "AAAAAAAAAAA", "p2c": 1_000_000}
OAEP = {"alg": "RSA-OAEP-256"}
# The generator of P-256.
POINT = {"kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
         "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}



def jws(signatures: list | None = None, payload: bytes = b"{}", **more) -> bytes:
    """A JWS in JSON: general with signatures, else flattened."""
    members = {"signatures": signatures} if signatures is not None else signature()
    members["payload"] = base64url(payload).decode()
    return json.dumps(members | more, separators=(",", ":")).encode()


def signature(header: bytes = HEADER, length: int = 32) -> dict:
    return {"protected": base64url(header).decode(), "signature": base64url(b"\1" * length).decode()}


def large(size: int) -> bytes:
    return b'{"a":"%s"}' % (b"a" * (size * 3 // 4 - 20_000))


JWSS = {
    "too many signatures": lambda size: jws([signature()] * (size // 100)),
    "a hundred HMACs over a long payload": lambda size: jws([signature()] * 100, large(size)),
    "a hundred signatures by ECDSA": lambda size: jws([signature(b'{"alg":"ES256"}', 64)] * 100, large(size)),
    "a hundred signatures with RSA": lambda size: jws([signature(b'{"alg":"RS256"}', 256)] * 100),
    "a hundred long headers": lambda size: jws(
        [signature() | {"header": {"kid": "x", "more": "a" * (size // 100 - 200)}}] * 100),
    "unprotected members": lambda size: jws(header={f"n{i}": 0 for i in range(size // 16)}),
    "unknown members": lambda size: jws(**{f"n{i}": 0 for i in range(size // 16)}),
    "unencoded payload": lambda size: json.dumps(
        signature(b'{"alg":"HS256","b64":false,"crit":["b64"]}') | {"payload": "x~. " * (size // 4 - 50)}).encode(),
    "escaped payload": lambda size: b'{"signature":"AAAA","protected":"%s","payload":"%s"}' % (
        base64url(HEADER), b"\\u0061" * (size // 6 - 20)),
}

JWES = {
    "long ciphertext": lambda size: jwe(DIR, ciphertext=b"x" * (size * 3 // 4 - 400)),
    "long ciphertext with HMAC": lambda size: jwe(
        DIR | {"enc": "A256CBC-HS512"}, iv=16, ciphertext=b"x" * ((size * 3 // 4 - 400) // 16 * 16), tag=32),
    "long header": lambda size: jwe(DIR | {"x": "a" * (size * 3 // 4 - 400)}),
    "many parameters": lambda size: jwe(DIR | {str(i): 0 for i in range(size // 20)}),
    "long encrypted key": lambda size: jwe(OAEP | {"enc": "A256GCM"}, key=b"x" * (size * 3 // 4 - 400)),
    "long apu": lambda size: jwe(
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": POINT, "apu": "A" * ((size * 3 // 4 - 800) // 4 * 4)}),
    "long epk": lambda size: jwe(
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": POINT | {"x": "A" * ((size * 3 // 4 - 800) // 4 * 4)}}),
    "a million iterations": lambda size: jwe(ITERATED | {"enc": "A256GCM"}, key=b"x" * 40),
    "a hundred recipients with RSA": lambda size: jwe_json([recipient(OAEP, 256)] * 100),
    "a hundred recipients with a million iterations": lambda size: jwe_json([recipient(ITERATED, 40)] * 100),
    "a hundred recipients with ECDH": lambda size: jwe_json(
        [recipient({"alg": "ECDH-ES+A256KW", "epk": POINT}, 40)] * 100),
    "a hundred long recipients": lambda size: jwe_json(
        [recipient(OAEP | {"x": "a" * (size // 100 - 600)}, 256)] * 100),
    "unprotected for a hundred recipients": lambda size: jwe_json(
        [recipient(OAEP, 256)] * 100, unprotected={str(i): 0 for i in range(size // 20)}),
    "too many recipients": lambda size: jwe_json([{}] * (size // 4)),
    "long aad": lambda size: jwe_json([recipient(OAEP, 256)], aad="A" * (size // 4 * 4 - 2000)),
}

TEXTS = {
    "eyJ": lambda size: repeated(b"eyJ", size),
    "eyJ with dots": lambda size: repeated(b"eyJa.b.", size),
    "headers and dots": lambda size: repeated(base64url(HEADER) + b".", size),
    "tokens, one a line": lambda size: repeated(GENUINE, size, b"\n"),
    "tokens and words": lambda size: repeated(GENUINE, size, b" and "),
    "tokens in quotes": lambda size: repeated(b'"' + GENUINE + b'"', size, b","),
    "tokens with commas": lambda size: repeated(GENUINE, size, b","),
    "dots": lambda size: b"." * size,
    "a and dots": lambda size: repeated(b"a.", size),
    "signature": lambda size: GENUINE + b"A" * (size - len(GENUINE)),
    "signature of five parts": lambda size: GENUINE + b".." + b"A" * (size - len(GENUINE) - 2),
    "disclosures": lambda size: GENUINE + repeated(b"~WyJhIiwiYiIsImMiXQ", size - len(GENUINE)),
    "padded": lambda size: GENUINE + b"=" * (size - len(GENUINE)),
    "base64": lambda size: b"QUJD" * (size // 4),
    "base64 of base64": lambda size: b"ZXlK" * (size // 4),
    "base64 of a JSON list": lambda size: base64.b64encode(list_of(b'"a"')(size * 3 // 4)),
    "JSON list of ones": list_of(b"1"),
    "JSON list of objects": list_of(b"{}"),
    "JSON list of tokens": list_of(b'"' + GENUINE + b'"'),
    "JSON of names": lambda size: b"{" + members(size - 2, "%d") + b"}",
    "JSON of escaped names": lambda size: b"{" + members(size - 2, ESCAPED) + b"}",
    "nested JSON": nested,
    "open brackets": lambda size: b"[" * size,
    "open braces": lambda size: b'{"a":' * (size // 5),
    "JSON that is cut": lambda size: b'{"access_token":"' + b"a" * size,
    "JSON objects, one a line": lambda size: repeated(b'{"alg":"HS256"}', size, b"\n"),
    "HTML": lambda size: b"<!doctype html>" + repeated(b"<p>&amp;</p>", size),
    "XML": lambda size: b'<?xml version="1.0"?>' + repeated(b"<a>", size),
    "PEM": lambda size: repeated(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", size),
    "BEGIN lines": lambda size: repeated(b"-----BEGIN ", size),
    "HTTP": lambda size: b"HTTP/1.1 200 OK\n" + repeated(b"Set-Cookie: a=b; Path=/\n", size),
    "header line": lambda size: b"X-Api-Key: " + b"a" * (size - 11),
    "Authorization": lambda size: repeated(b"Authorization: Bearer ", size),
    "cookies": lambda size: repeated(b"name=value; ", size),
    "cookies of tokens": lambda size: repeated(b"a=" + GENUINE + b"; ", size),
    "URL": lambda size: b"https://a.example/?" + repeated(b"token=eyJa.b.c&", size - 19),
    "percent-encoded": lambda size: repeated(b"%65%79%4A", size),
    "percent-encoded tokens": lambda size: repeated(GENUINE.replace(b".", b"%2E"), size),
    "percent signs": lambda size: repeated(b"%25", size),
    "spaces": lambda size: b" " * size,
    "line feeds": lambda size: b"\n" * size,
    "one-character lines": lambda size: b"a\n" * (size // 2),
    "spaces and a token": lambda size: b" " * (size - len(GENUINE)) + GENUINE,
    "token and spaces": lambda size: GENUINE + b" " * (size - len(GENUINE)),
    "folded token": lambda size: repeated(b"eyJhbGciOiJIUzI1NiJ9\n", size),
    "quoted token": lambda size: repeated(b"> eyJhbGciOiJIUzI1NiJ9.e30\n", size),
    "quotes": lambda size: b'"' * size,
    "backslashes": lambda size: b"eyJ" + b"\\n" * (size // 2),
    "colour codes": lambda size: b"eyJ" + b"\x1b[31m" * (size // 5),
    "UTF-16": lambda size: b"\xff\xfe" + repeated(GENUINE, size // 2).decode().encode("utf-16-le"),
    "UTF-16 without a mark": lambda size: repeated(GENUINE, size // 2).decode().encode("utf-16-le"),
    "zero bytes": lambda size: bytes(size),
    "bytes": lambda size: b"\xfe\x80" * (size // 2),
    "gzip": lambda size: b"\x1f\x8b" + b"a" * size,
    "zero-width characters": lambda size: GENUINE[:20] + repeated("\u200b".encode(), size - 20),
    "look-alikes": lambda size: b"eyJ" + repeated("\u0435".encode(), size - 3),
    "astral characters": lambda size: repeated("\U0001f980".encode(), size),
    "capitals": lambda size: repeated(GENUINE.upper(), size, b"."),
    "digits": lambda size: b"1" * size,
    "variable": lambda size: b"${" + b"A" * (size - 3) + b"}",
    "session": lambda size: b".eJ" + repeated(b"a", size - 7) + b".a.b",
    "values of one name": lambda size: b"eyJ" + b";a=" * (size // 3),
    "equals signs": lambda size: b"eyJ" + b"=" * (size - 3),
    "signs of quoting": lambda size: b"eyJ" + b"> " * (size // 2),
    "colons": lambda size: b"eyJ" + b":" * (size - 3),
    "base64 of beginnings": lambda size: repeated(b"ZXlKaa=", size),
    "larger than a token": lambda size: b"a" * (size + (1 << 20)),
}


def rsa(bits: int, exponent: bytes = b"\1\0\1", more: dict | None = None, seed: int = 1) -> dict:
    """An RSA key of a number that nobody has proven to be the product of two primes."""
    modulus = (1 << (bits - 1)) | (seed << 64) | 0x10001
    data = {"n": modulus.to_bytes(bits // 8, "big"), "e": exponent, **(more or {})}
    return {"kty": "RSA", **{name: base64url(value).decode() for name, value in data.items()}}


MERSENNE = (1 << 2203) - 1
# A prime in a modulus's place: each number that is tried for its factors finds none.
PRIMELESS = {"kty": "RSA", "n": base64url(MERSENNE.to_bytes(276, "big")).decode(), "e": "AQAB",
             "d": base64url(pow(65537, -1, MERSENNE - 1).to_bytes(276, "big")).decode()}
LONG_EXPONENT = b"\1\xff\xff\xff\xff"
P256 = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
P521 = {"kty": "EC", "crv": "P-521",
        "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
        "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}


def ml_dsa(alg: str, length: int, seed: int) -> dict:
    return {"kty": "AKP", "alg": alg, "pub": base64url(random.Random(seed).randbytes(length)).decode()}


# The seed of a private key, which must be computed before it is known not to match the public one.
SEED = base64url(bytes(32)).decode()


def keys(item, most: int | None = None):
    """A set of keys, of which `item` makes one of a number."""
    def make(size: int) -> bytes:
        count = max(size // (len(json.dumps(item(0))) + 8), 1)
        return json.dumps({"keys": [item(i) for i in range(min(count, most or count))]},
                          separators=(",", ":")).encode()

    return make


def spelled(item: bytes):
    return within(b'{"keys":', list_of(item), b"}")


def kid(key: dict):
    return lambda i: key | {"kid": str(i)}


# Key sets, by name; those of less keys than are refused, too.
SETS = {
    "set of ones": spelled(b"1"),
    "set of objects": spelled(b"{}"),
    "set of strings": spelled(b'""'),
    "set of nested lists": within(b'{"keys":', nested, b"}"),
    "set of one key of many names": lambda size: b'{"keys":[{' + members(size - 14, "%d") + b"}]}",
    "set of keys of escaped names": lambda size: b'{"keys":[{' + members(size - 14, ESCAPED) + b"}]}",
    "set beside many names": lambda size: b'{"keys":[],' + members(size - 14, "%d") + b"}",
    "set with keys twice": lambda size: b'{"keys":[],"keys":' + list_of(b"1")(size - 20) + b"}",
    "set of white space": lambda size: b'{"keys":[' + b" " * (size - 12) + b"]}",
    "P-256 keys": keys(kid(P256)),
    "10,000 P-256 keys": keys(kid(P256), 10_000),
    "10,000 P-256 keys without kid": keys(lambda _: P256, 10_000),
    "10,000 P-521 keys without kid": keys(lambda _: P521, 10_000),
    "ML-DSA-44 keys without kid": keys(lambda i: ml_dsa("ML-DSA-44", 1312, i), 10_000),
    "ML-DSA-87 keys without kid": keys(lambda i: ml_dsa("ML-DSA-87", 2592, i), 10_000),
    "ML-DSA-44 keys with kid": keys(lambda i: ml_dsa("ML-DSA-44", 1312, i) | {"kid": str(i)}, 10_000),
    "ML-DSA-44 private keys": keys(lambda i: ml_dsa("ML-DSA-44", 1312, i) | {"priv": SEED}, 10_000),
    "ML-DSA-87 private keys": keys(lambda i: ml_dsa("ML-DSA-87", 2592, i) | {"priv": SEED}, 10_000),
    "10,000 secrets without kid": keys(lambda i: {"kty": "oct", "k": base64url(b"%032d" % i).decode()}, 10_000),
    "10,000 short secrets": keys(lambda i: {"kty": "oct", "k": "AAAA", "kid": str(i)}, 10_000),
    "RSA-2048 keys": keys(lambda i: rsa(2048, seed=i), 10_000),
    "RSA-8192 keys, long exponents": keys(lambda i: rsa(8192, LONG_EXPONENT, seed=i), 10_000),
    "RSA-8192 keys with kid": keys(lambda i: rsa(8192, seed=i) | {"kid": "x"}, 10_000),
    "RSA-16384 keys": keys(lambda i: rsa(16384, seed=i), 10_000),
    "RSA keys of huge exponents": keys(lambda i: rsa(2048, b"\xff" * 1024, seed=i), 10_000),
    "RSA private keys without primes": keys(kid(PRIMELESS), 10_000),
    "RSA private keys of odd primes": keys(lambda i: rsa(8192, more={
        name: bytes([255]) * 512 for name in ("d", "p", "q")}, seed=i), 10_000),
    "x5c": within(b'{"keys":[{"kty":"EC","x5c":', list_of(b'"AAAA"'), b"}]}"),
    "key_ops": within(b'{"keys":[{"kty":"oct","k":"' + b"A" * 43 + b'","key_ops":', list_of(b'"a"'), b"}]}"),
    "key_ops of numbers": within(b'{"keys":[{"kty":"oct","key_ops":', list_of(b"1"), b"}]}"),
    "long kid": within(b'{"keys":[{"kty":"oct","k":"' + b"A" * 43 + b'","kid":', string_of(b"\\u0041"), b"}]}"),
    "long modulus": within(b'{"keys":[{"kty":"RSA","e":"AQAB","n":', string_of(b"A"), b"}]}"),
    "long secret": within(b'{"keys":[{"kty":"oct","k":', string_of(b"AbCd"), b"}]}"),
    "broken set": within(b'{"keys":', list_of(b"{}"), b","),
}
BLOCK = (b"-----BEGIN PUBLIC KEY-----\n"
         b"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n")


def sequence(size: int) -> bytes:
    """DER that is one sequence in another."""
    text = b""
    while len(text) < min(size, 1 << 16):
        text = b"\x30\x84" + len(text).to_bytes(4, "big") + text
    return text


def openssh(size: int) -> bytes:
    """OpenSSH's private format, which says that it holds as many keys as can be counted."""
    field = lambda data: len(data).to_bytes(4, "big") + data
    body = (b"openssh-key-v1\0" + field(b"none") + field(b"none") + field(b"") + b"\xff\xff\xff\xff"
            + field(b"a" * (size // 2)))
    return (b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64.encodebytes(body)
            + b"-----END OPENSSH PRIVATE KEY-----\n")


# Key files that are no sets, by name.
KEYS = {
    "PEM blocks": lambda size: repeated(BLOCK, size),
    "PEM blocks in one line": lambda size: repeated(BLOCK.replace(b"\n", b"\\n"), size),
    "one long PEM block": lambda size: BLOCK[:27] + b"AAAA\n" * (size // 5) + BLOCK[-25:],
    "BEGIN": lambda size: repeated(b"-----BEGIN ", size),
    "BEGIN lines": lambda size: repeated(b"-----BEGIN A-----\n", size),
    "dashes": lambda size: b"-----BEGIN " + b"-" * size,
    "colons": lambda size: BLOCK[:27] + b"a:\n" * (size // 3) + BLOCK[-25:],
    "DER sequences": sequence,
    "DER of ones": lambda size: b"\x30\x84" + (size // 3 * 3).to_bytes(4, "big") + b"\2\1\1" * (size // 3),
    "OpenSSH": openssh,
    "SSH lines": lambda size: repeated(b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGC me\n", size),
    "one SSH key": lambda size: b"ssh-rsa AAAAB3NzaC1yc2EA" + b"A" * size,
    "JWK of a long modulus": within(b'{"kty":"RSA","e":"AQAB","n":', string_of(b"A"), b"}"),
    "JWK of many names": lambda size: b'{"kty":"EC",' + members(size, "%d") + b"}",
    "JWK of key_ops": within(b'{"kty":"oct","k":"' + b"A" * 43 + b'","key_ops":', list_of(b'"a"'), b"}"),
    "JWK without primes": lambda _: json.dumps(PRIMELESS).encode(),
    "base64 of PEM": lambda size: base64.b64encode(repeated(BLOCK, size * 3 // 4)),
    "base64": lambda size: b"QUJD" * (size // 4),
    "list of ones": list_of(b"1"),
    "spaces": lambda size: b" " * size,
    "bytes": lambda size: b"\xfe\x80" * (size // 2),
    "UTF-16 of ones": lambda size: b"\xff\xfe" + list_of(b"1")(size // 2).decode().encode("utf-16-le"),
}
# Files of secrets, by name.
SECRETS = {
    "spaces": lambda size: b" " * size,
    "JSON list of ones": list_of(b"1"),
    "nested JSON": lambda size: b"[" * size,
    "base64": lambda size: b"QUJD" * (size // 4),
    "hex": lambda size: b"30" * (size // 2),
    "DER of ones": KEYS["DER of ones"],
    "dashes": lambda size: b"-" * size,
    "colons": lambda size: b"aa:" * (size // 3),
}


def gzipped(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()
