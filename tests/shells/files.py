"""Files that jwtctl makes, while each call of the system fails in turn, or a signal comes in its midst: there
is always the old state or the new one, and after SIGKILL one whole pair under whatever names.

The environment variable JWTCTL_BIN is the path of the jwtctl to test. Linux, Python and strace.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

JWTCTL = os.path.abspath(os.environ.get("JWTCTL_BIN", ""))
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

# The last one is that of the call and of all of its name that follow.
ERRORS = ["EIO", "EPERM", "ENOSPC", "EMLINK", "EIO+"]
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGALRM"]
# Of the calls of a run those that make files, from the first of these names on.
FIRST = "flock"
CALLS = {
    "openat", "open", "flock", "signalfd4", "rt_sigprocmask", "fchmod", "write", "fsync", "linkat", "link",
    "rename", "renameat2", "unlink", "poll", "close",
}  # fmt: skip
# How long anything may take.
PATIENCE = 60

NEW = ["key", "new", "--alg", "ES256", "--format", "jwk", "--no-kid"]
PAIR = [*NEW, "--out", "private", "--public-out", "public"]


def run(command, folder, **options):
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=PATIENCE, **options)


def state(folder):
    """The files of a folder: names and contents."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def point(text):
    """Which key pair a file belongs to, and whether it is the private half; nothing of half a file."""
    jwk = json.loads(text)
    return jwk["x"], "d" in jwk


def has_whole_pair(contents):
    halves = [point(content) for content in contents]
    return any((x, not private) in halves for x, private in halves)


def calls_of(command, folder):
    """The calls of a run that make files: names, and which of that name it is in the run, from 1."""
    log = f"{folder}.log"
    # The filter names the same calls, so that they are counted alike when they fail.
    run(["strace", "-qq", "-o", log, "-e", "trace=" + ",".join(sorted(CALLS)), *command], folder)
    names = re.findall(r"^(\w+)\(", Path(log).read_text(), re.MULTILINE)
    os.remove(log)
    counts, found = Counter(), []
    for name in names:
        counts[name] += 1
        if found or name == FIRST:
            found.append((name, counts[name]))
    return found


def injected(call, what, command):
    name, number = call
    what, number = what.removesuffix("+"), f"{number}+" if what.endswith("+") else number
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:{what}:when={number}",
            *command]  # fmt: skip


class Files(unittest.TestCase):
    def setUp(self):
        # Thousands of folders are made, which a disk takes minutes for.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = tempfile.TemporaryDirectory(dir=memory)
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def folder(self, content):
        folder = tempfile.mkdtemp(dir=self.root)
        for name, text in content.items():
            Path(folder, name).write_bytes(text)
        return folder

    def sweep(self, command, old, check, errors=tuple(ERRORS), signals=tuple(SIGNALS)):
        """Runs a command with every fault at every call. `check` gets what there is in the end."""
        calls = calls_of([JWTCTL, *command], self.folder(old))
        self.assertGreater(len(calls), 8, "the calls were not seen")
        faults = [f"error={error}" for error in errors]
        faults += [f"signal={name}" for name in [*signals, "SIGKILL"]]

        def one(call, fault):
            folder = self.folder(old)
            done = run(injected(call, fault, [JWTCTL, *command]), folder)
            found = state(folder)
            shutil.rmtree(folder)
            return call, fault, done, found

        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(one, call, fault) for call in calls for fault in faults]
            for done in runs:
                call, fault, process, found = done.result()
                with self.subTest(call=call, fault=fault, err=process.stderr.decode()):
                    check(fault, process, found)
        self.assertEqual(len(runs), len(calls) * len(faults))

    def ended(self, fault, process):
        """Whether the process did what it should; it ended by the signal, if one came."""
        if fault.startswith("signal="):
            number = signal.Signals[fault.removeprefix("signal=")]
            # The last of it comes when all is done.
            self.assertIn(process.returncode, [-number, 0])
            return None
        self.assertIn(process.returncode, [0, 1])
        return process.returncode == 0

    def check_pair(self, old, out=None):
        """The old pair or a new one, and nothing beside it that is not named."""

        def check(fault, process, found):
            succeeded = self.ended(fault, process)
            stdout = [process.stdout] if out and process.stdout else []
            if fault == "signal=SIGKILL":
                # Of a pair that was there the other half is elsewhere, if one goes to standard output.
                is_old = found == old or out and set(old.values()) <= set(found.values())
                is_nothing = not old and "public" not in found
                self.assertTrue(is_old or is_nothing or has_whole_pair([*found.values(), *stdout]), found)
                return
            kept = {name: text for name, text in found.items() if not name.startswith(".tmp")}
            for name in found.keys() - kept.keys():
                self.assertIn(name.encode(), process.stderr)
            is_old = kept == old
            is_complete = out or set(kept) == {"private", "public"}
            is_new = is_complete and kept != old and has_whole_pair([*kept.values(), *stdout])
            self.assertTrue(is_old or is_new, (kept, stdout))
            if succeeded is not None:
                self.assertEqual(succeeded, not is_old)

        return check

    def pair(self):
        folder = self.folder({})
        self.assertEqual(run([JWTCTL, *PAIR], folder).returncode, 0)
        return state(folder)

    def test_a_pair_takes_the_place_of_another(self):
        old = self.pair()
        self.sweep([*PAIR, "--force"], old, self.check_pair(old))

    def test_a_new_pair(self):
        self.sweep(PAIR, {}, self.check_pair({}))

    def test_a_pair_whose_private_half_goes_to_standard_output(self):
        old = {"public": self.pair()["public"]}
        self.sweep([*NEW, "--public-out", "public", "--force"], old, self.check_pair(old, out=True))

    def test_a_pair_whose_public_half_goes_to_standard_output(self):
        old = {"private": self.pair()["private"]}
        command = [*NEW, "--out", "private", "--public-out", "/dev/stdout", "--force"]
        self.sweep(command, old, self.check_pair(old, out=True))

    def test_manual_pages_are_the_old_ones_or_the_new_ones(self):
        folder = self.folder({})
        self.assertEqual(run([JWTCTL, "man", "--dir", "."], folder).returncode, 0)
        new = state(folder)
        old = {name: b"old" for name in list(new)[1:]}

        def check(fault, process, found):
            succeeded = self.ended(fault, process)
            if fault == "signal=SIGKILL":
                for name, page in new.items():
                    self.assertIn(found.get(name, b"old"), [b"old", page])
                return
            for name in [name for name in found if name.startswith(".tmp")]:
                self.assertIn(name.encode(), process.stderr)
                del found[name]
            self.assertIn(found, [old, new])
            if succeeded is not None:
                self.assertEqual(succeeded, found == new)

        self.sweep(["man", "--dir", "."], old, check, errors=["EIO", "EIO+"], signals=["SIGTERM"])

    def test_a_pair_is_made_in_a_root_without_proc(self):
        folder = self.folder({})
        shutil.copy(JWTCTL, Path(folder) / "jwtctl")
        call = run(["unshare", "--map-root-user", f"--root={folder}", "/jwtctl", *PAIR], folder)
        self.assertEqual((call.returncode, call.stderr), (0, b""))
        found = state(folder)
        self.assertEqual(set(found), {"jwtctl", "private", "public"})
        self.assertTrue(has_whole_pair([found["private"], found["public"]]))

    def test_pairs_that_are_made_at_the_same_time_belong_together(self):
        folder = self.folder({})
        for _ in range(10):
            calls = [subprocess.Popen([JWTCTL, *PAIR, "--force"], cwd=folder, env={}) for _ in range(8)]
            self.assertEqual({call.wait(PATIENCE) for call in calls}, {0})
            found = state(folder)
            self.assertEqual(set(found), {"private", "public"})
            self.assertTrue(has_whole_pair(found.values()))

    def test_a_signal_ends_the_wait_for_a_reader(self):
        old = {"public": self.pair()["public"]}
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            # Standard output is a pipe that is full, and that nobody reads.
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(writer, bytes(4096))
            os.set_blocking(writer, True)
            folder = self.folder(old)
            fifo = os.path.join(self.root, f"fifo{number}")
            os.mkfifo(fifo)
            for options in [[], ["--out", fifo]]:
                command = [JWTCTL, *NEW, "--public-out", "public", "--force", *options]
                with subprocess.Popen(command, cwd=folder, env={}, stdout=writer, stderr=subprocess.PIPE) as call:
                    end = time.monotonic() + PATIENCE
                    while state(folder).get("public") == old["public"]:
                        self.assertLess(time.monotonic(), end, "the public half is not there")
                        time.sleep(0.01)
                    call.send_signal(number)
                    self.assertEqual(call.wait(PATIENCE), -number)
                self.assertEqual(state(folder), old)
            os.close(reader)
            os.close(writer)


if __name__ == "__main__":
    if not shutil.which("strace"):
        sys.exit("strace is not installed")
    unittest.main()
