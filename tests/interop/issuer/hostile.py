"""Servers on loopback that do what no issuer should, a proxy that keeps a record, and an issuer that is sound.
They must not know what jwtctl makes of them; each keeps count of what reached it.
"""

import contextlib
import json
import socket
import threading
import time

from fixture import Signer

HEAD_LIMIT = 1 << 16


class Listener:
    """Accepts on a free port until it is closed; each connection has a thread of its own."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        self.open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                self.open.add(connection)
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection):
        # Whoever calls may go away at any time.
        with contextlib.suppress(OSError, ValueError), connection:
            self.serve(connection)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def head_of(connection):
    """The request's head, as text."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        octets = connection.recv(HEAD_LIMIT)
        if not octets or len(head) > HEAD_LIMIT:
            raise ValueError("no request")
        head += octets
    return head.decode("latin-1")


class Server(Listener):
    """Answers each path with the bytes of its route, or leaves the connection to a function.
    Speaks https where it has a context, else http."""

    def __init__(self, context=None, host="127.0.0.1"):
        self.context = context
        self.routes = {}
        self.paths = []
        super().__init__()
        self.origin = f"{'https' if context else 'http'}://{host}:{self.port}"

    def serve(self, connection):
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
            self.open.add(connection)
        with connection:
            path = head_of(connection).split(" ")[1]
            self.paths.append(path)
            route = self.routes.get(path, answer(b"nothing here", "404 Not Found"))
            if callable(route):
                route(connection)
            else:
                connection.sendall(route)


class Raw(Listener):
    """Leaves each connection, before TLS, to a function."""

    def __init__(self, function):
        self.serve = function
        super().__init__()
        self.origin = f"https://127.0.0.1:{self.port}"


class Proxy(Listener):
    """Tunnels every CONNECT to the loopback interface, whatever host it names, and notes that name."""

    def __init__(self):
        self.asked = []
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"

    def serve(self, connection):
        method, target, _ = head_of(connection).split(" ", 2)
        self.asked.append(f"{method} {target}")
        with socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2]))) as other:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=copy, args=[other, connection], daemon=True).start()
            copy(connection, other)


def copy(source, target):
    with contextlib.suppress(OSError):
        while octets := source.recv(HEAD_LIMIT):
            target.sendall(octets)
        target.shutdown(socket.SHUT_WR)


class Issuer(Server):
    """An issuer that is sound: a discovery document, a set of one key, and tokens of it. Tests replace its routes."""

    DISCOVERY, JWKS = "/.well-known/openid-configuration", "/jwks"

    def __init__(self, context=None, host="127.0.0.1"):
        super().__init__(context, host=host)
        self.signer = Signer("the-key")
        self.document = {"issuer": self.origin, "jwks_uri": self.origin + self.JWKS}
        self.routes = {self.DISCOVERY: answer(self.document), self.JWKS: answer({"keys": [self.signer.jwk]})}

    def token(self, **claims):
        now = int(time.time())
        return self.signer.sign({"iss": self.origin, "aud": "api", "sub": "a-user", "iat": now, "exp": now + 3600, **claims})


def answer(body, status="200 OK", **headers):
    """A whole answer; what is no bytes is sent as JSON, and a header that is None is left out."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content_Type": "application/json", "Content_Length": len(body), "Connection": "close", **headers}
    lines = (f"{name.replace('_', '-')}: {text}" for name, text in headers.items() if text is not None)
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def redirect(location):
    return answer(b"", "302 Found", Location=location)


def slowly(octets, head=b""):
    """Sends the head at once, and then a byte a second."""

    def send(connection):
        connection.sendall(head)
        for octet in octets:
            connection.sendall(bytes([octet]))
            time.sleep(1)

    return send


def endless(head, piece):
    def send(connection):
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


def silent(connection):
    """Says nothing, until the other side has gone."""
    while connection.recv(HEAD_LIMIT):
        pass
