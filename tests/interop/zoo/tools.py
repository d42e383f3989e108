"""Calls jwtctl, openssl and ssh-keygen, on all cores, and holds what every call of jwtctl must keep.
It must not make keys or know what a test expects of one."""

import atexit
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

# The exit codes of jwtctl.
OK, INVALID, KEY = 0, 4, 7

# The most bytes that jwtctl reads of a key and of a secret.
LARGEST_KEY, LARGEST_SECRET = 16 << 20, 1 << 20

# No call may take longer, whatever it is given.
LIMIT = 10

PASSWORD = "a pässword of the zoo"

_folder = tempfile.TemporaryDirectory(prefix="zoo-")
atexit.register(_folder.cleanup)
FOLDER = Path(_folder.name)

_count = iter(range(10**9)).__next__

POOL = ThreadPoolExecutor((os.cpu_count() or 1) + 1)


class Ran(NamedTuple):
    call: str
    code: int
    out: bytes
    err: str


def environment(**more):
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JWTCTL_")}
    return {**kept, **{name: text for name, text in more.items() if text is not None}}


def jwtctl(*args, stdin=None, password=None, most_memory=None, **variables):
    """Runs jwtctl on a closed stdin or on these bytes; ends in an AssertionError if it crashes or hangs.
    most_memory, in MiB, is how much address space it may take."""
    call = " ".join(["jwtctl", *(str(arg) if len(str(arg)) < 200 else f"{str(arg)[:40]}…" for arg in args)])
    given = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    bounds = ["prlimit", f"--as={most_memory << 20}"] if most_memory else []
    try:
        ran = subprocess.run(
            [*bounds, JWTCTL, *map(str, args)],
            env=environment(JWTCTL_KEY_PASSWORD=password, **variables),
            capture_output=True,
            timeout=LIMIT,
            **given,
        )
    except subprocess.TimeoutExpired:
        raise AssertionError(f"{call}: still running after {LIMIT} s") from None
    err = ran.stderr.decode()
    assert ran.returncode >= 0, f"{call}: ended by signal {-ran.returncode}: {err}"
    assert "panicked" not in err, f"{call}: {err}"
    assert password is None or password not in err, f"{call}: says the password: {err}"
    said = f"{call}: exit code {ran.returncode}, stdout {ran.stdout!r}, {err}"
    assert (ran.stdout == b"") == (ran.returncode != 0), said
    return Ran(call, ran.returncode, ran.stdout, err)


def answer(*args, **options):
    """What jwtctl prints, which has to end well, without its last line break."""
    ran = jwtctl(*args, **options)
    assert ran.code == OK, f"{ran.call}: exit code {ran.code}: {ran.err}"
    return ran.out.removesuffix(b"\n").decode()


@contextlib.contextmanager
def fifo(first, then=b""):
    """A fifo that gives these bytes, and then those again and again, until nobody reads it."""
    path = FOLDER / f"{_count()}-fifo"
    os.mkfifo(path)

    def feed():
        with contextlib.suppress(BrokenPipeError), open(path, "wb", buffering=0) as out:
            out.write(first)
            while then:
                out.write(then)

    writer = threading.Thread(target=feed, daemon=True)
    writer.start()
    try:
        yield path
    finally:
        while writer.is_alive():
            # It waits for a reader that never came.
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            writer.join(0.01)


def openssl(*args, stdin=b""):
    return peer("openssl", *args, stdin=stdin)


def ssh_keygen(*args, stdin=b""):
    return peer("ssh-keygen", *args, stdin=stdin)


def peer(*command, stdin=b""):
    ran = subprocess.run([*map(str, command)], input=stdin, capture_output=True, timeout=60)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {ran.stderr.decode(errors='replace')}")
    return ran.stdout


def file(data, name="key"):
    """A new file that only its owner can read: ssh-keygen wants it so."""
    path = FOLDER / f"{_count()}-{name}"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
    return path


def on_all_cores(make, cases):
    return list(POOL.map(make, cases))


class Suite(unittest.TestCase):
    maxDiff = None

    def all_hold(self, check, cases):
        """Runs check(*case) for each named case, on all cores; each that fails is a failure with its name."""
        waiting = [(name, POOL.submit(check, *case)) for name, *case in cases]
        self.assertTrue(waiting, "there is nothing to check")
        for name, done in waiting:
            with self.subTest(name):
                done.result()
