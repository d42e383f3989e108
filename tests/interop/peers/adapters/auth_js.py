"""The adapter to the session cookies of @auth/core (Auth.js 5) and of next-auth 4.
It must not judge: it hands on what they say."""

from .node import Node

COOKIES = [f"{secure}{brand}.session-token" for brand in ("authjs", "next-auth") for secure in ("", "__Secure-")]

node = Node("auth_js.mjs")
start, stop = node.start, node.stop


def encode(claims, secret, cookie=None):
    """The cookie of next-auth 4, or that of Auth.js 5 with this name."""
    if cookie is None:
        return node.ask("encode4", claims=claims, secret=secret)
    return node.ask("encode5", claims=claims, secret=secret, cookie=cookie)


def decode(token, secret, cookie=None):
    if cookie is None:
        return node.ask("decode4", token=token, secret=secret)
    return node.ask("decode5", token=token, secret=secret, cookie=cookie)
