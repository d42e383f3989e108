"""Reads and writes the little DER and OpenSSH framing that the zoo has to change or compare.
It must not judge a key, and it is no library: one byte per tag, definite lengths."""

import base64

SEQUENCE, INTEGER, BITS, OCTETS, OID, UTC_TIME = 0x30, 0x02, 0x03, 0x04, 0x06, 0x17


def read(data):
    """The nodes of some DER, each [tag, content]: a list of nodes if the tag says constructed, else bytes."""
    nodes = []
    while data:
        tag, length, start = data[0], data[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[2:start], "big")
        content = data[start : start + length]
        assert len(content) == length, "DER ends early"
        nodes.append([tag, read(content) if tag & 0x20 else content])
        data = data[start + length :]
    return nodes


def write(nodes):
    return b"".join(wrap(tag, write(content) if isinstance(content, list) else content) for tag, content in nodes)


def wrap(tag, content):
    return head(tag, len(content)) + content


def head(tag, size):
    if size < 0x80:
        return bytes([tag, size])
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length


def integer(number):
    return [INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)]


def integers(data):
    """The numbers of a SEQUENCE of INTEGERs."""
    return [int.from_bytes(content, "big", signed=True) for _, content in read(data)[0][1]]


def strings(data):
    """The length-prefixed strings of some SSH framing."""
    found = []
    while data:
        end = 4 + int.from_bytes(data[:4], "big")
        found.append(data[4:end])
        data = data[end:]
    return found


def string(data):
    return len(data).to_bytes(4, "big") + data


OPENSSH = b"openssh-key-v1\0"


def openssh(data):
    """The parts of an OpenSSH private key: cipher, KDF, its options, public key, private keys."""
    head = strings(data.removeprefix(OPENSSH))[:3]
    size = len(OPENSSH) + sum(4 + len(part) for part in head)
    assert data[size : size + 4] == b"\0\0\0\1", "not one key"
    return head + strings(data[size + 4 :])[:2]


def write_openssh(parts, tail=b""):
    cipher, kdf, options, public, private = map(string, parts)
    return OPENSSH + cipher + kdf + options + b"\0\0\0\1" + public + private + tail


def body(pem):
    """The bytes inside the first PEM block."""
    lines = pem.decode().split("-----")[2]
    return base64.b64decode(lines)


def pem(label, data):
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
