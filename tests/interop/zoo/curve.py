"""Finds EC keys whose numbers begin with zeros, which careless encodings drop or misread.
It must not sign or verify: the arithmetic is the plain one, and slow."""

import secrets

import der
from tools import openssl


def sec1_with_zeros(curve, size):
    """A new SEC 1 key on a curve of openssl: zeros begin its number and the x of its point."""
    parameters = der.read(openssl("ecparam", "-name", curve, "-param_enc", "explicit", "-outform", "DER"))[0][1]
    p = int.from_bytes(parameters[1][1][1][1], "big")
    a = int.from_bytes(parameters[2][1][0][1], "big")
    base = parameters[3][1]
    g = tuple(int.from_bytes(half, "big") for half in (base[1 : 1 + size], base[1 + size :]))

    def plus(one, other):
        if one is None:
            return other
        if one == other:
            slope = (3 * one[0] ** 2 + a) * pow(2 * one[1], -1, p)
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, p)
        x = (slope**2 - one[0] - other[0]) % p
        return x, (slope * (one[0] - x) - one[1]) % p

    zeros = 8 * (size - 2)
    number = secrets.randbits(zeros - 1) | 1
    point, power = None, g
    for bit in range(number.bit_length()):
        point = plus(point, power) if number >> bit & 1 else point
        power = plus(power, power)
    while point[0] >> (zeros + (8 if curve != "secp521r1" else 0)):
        number, point = number + 1, plus(point, g)
    x, y = (half.to_bytes(size, "big") for half in point)
    oid = der.read(openssl("ecparam", "-name", curve, "-outform", "DER"))
    parts = [der.integer(1), [der.OCTETS, number.to_bytes(size, "big")], [0xA0, oid]]
    text = der.pem("EC PRIVATE KEY", der.write([[der.SEQUENCE, [*parts, [0xA1, [[der.BITS, b"\0\4" + x + y]]]]]]))
    openssl("pkey", "-check", "-noout", stdin=text)
    return text
