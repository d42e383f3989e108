"""A stream as a process whose pipes are in our hands, and tokens for it.

The environment variable JWTCTL_BIN is the path of the jwtctl to test. Linux, and nothing but Python.
"""

import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

JWTCTL = os.path.abspath(os.environ.get("JWTCTL_BIN", ""))
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

OK, FAILURE, EXPIRED, INVALID = 0, 1, 3, 4
SECRET = "0123456789abcdef0123456789abcdef"
ENVIRONMENT = {"JWTCTL_SECRET": SECRET}
NOW = 1_700_000_000

# How long anything may take; and how long an interrupt may where nobody reads.
PATIENCE = 60
STUCK = 2
# What a stream may take of the memory, in kB.
MOST = 64 * 1024


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(claims):
    body = json.dumps(claims, separators=(",", ":")).encode()
    signed = base64url(b'{"alg":"HS256"}') + b"." + base64url(body)
    return signed + b"." + base64url(hmac.digest(SECRET.encode(), signed, hashlib.sha256))


def valid(n):
    return {"n": n, "exp": NOW + 60}


def row(line, claims):
    claims = json.dumps(claims, separators=(",", ":"))
    return f'{{"line":{line},"status":"valid","claims":{claims},"problems":[]}}\n'.encode()


# A token that is valid, one that is not any more, and what is none.
VALID, EXPIRED_TOKEN, JUNK = token(valid(0)) + b"\n", token({"exp": 1}) + b"\n", b"junk\n"
# More than a pipe and all blocks hold, as lines and as rows.
MANY = 20_000
TOKENS = [token(valid(n)) + b"\n" for n in range(1, MANY + 1)]
ROWS = [row(n, valid(n)) for n in range(1, MANY + 1)]


def command(*flags, verb="verify"):
    return [JWTCTL, verb, "--at", str(NOW), *flags]


def until(holds, what):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: waited in vain")
        time.sleep(0.01)


def kilobytes(process, name):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(rf"^{name}:\s+(\d+) kB$", status.read(), re.MULTILINE)[1])


class Stream:
    """A stream whose three pipes are in our hands."""

    def __init__(self, *flags, verb="verify", **options):
        pipes = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.PIPE)
        self.process = subprocess.Popen(
            command(*flags, verb=verb), env=ENVIRONMENT, bufsize=0, **(pipes | options)
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in [self.process.stdin, self.process.stdout, self.process.stderr]:
            if stream:
                # What could not be delivered to a process that is gone is no matter.
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def send(self, data):
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view) :]

    def rows(self, count):
        """The next rows, as soon as they are there."""
        seen, end = b"", time.monotonic() + PATIENCE
        while seen.count(b"\n") < count:
            ready, _, _ = select.select([self.process.stdout], [], [], max(end - time.monotonic(), 0))
            read = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not read:
                raise AssertionError(f"{count} rows are wanted, and there are {seen!r}")
            seen += read
        return seen

    def is_stuck(self):
        """Whether nobody takes what it writes any more."""
        def waiting():
            return struct.unpack("i", fcntl.ioctl(self.process.stdout, termios.FIONREAD, bytes(4)))[0]

        before = waiting()
        time.sleep(0.3)
        return 0 < before == waiting()

    def end(self):
        """The code, and what is left on both streams."""
        code = self.process.wait(PATIENCE)
        return code, self.process.stdout.read(), self.process.stderr.read().decode()


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def write(self, name, lines):
        with open(name, "wb") as file:
            file.writelines(lines)


def catches(process, number):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        caught = int(re.search(r"^SigCgt:\s+(\w+)$", status.read(), re.MULTILINE)[1], 16)
    return caught >> (number - 1) & 1 == 1
