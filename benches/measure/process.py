"""Processes, run whole: how long one took, how it ended, how much memory it held at most. What ends with
another code than 0, or says another number of lines than it was given, ends the script."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns, sleep

HERE = Path(__file__).resolve().parent
CORES = sorted(os.sched_getaffinity(0))
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("JWTCTL_")}


def fail(argv: list[str], why: str) -> None:
    sys.exit(f"{why}: {' '.join(argv)}")


def start(argv: list[str], stdout: str, stderr: int, one_core: bool) -> int:
    """Starts a program, on the last of the cores alone if so asked: then a helper thread is no help."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, stderr, 2),
    ]
    os.sched_setaffinity(0, CORES[-1:] if one_core else CORES)
    try:
        return os.posix_spawn(argv[0], argv, ENVIRONMENT, file_actions=actions,
                              setsigdef=[signal.SIGPIPE])
    finally:
        os.sched_setaffinity(0, CORES)


def expect_success(argv: list[str], status: int, stderr) -> None:
    if code := os.waitstatus_to_exitcode(status):
        stderr.seek(0)
        fail(argv, f"exit code {code}, not 0 ({stderr.read().decode(errors='replace')[-300:].strip()})")


@dataclass
class Whole:
    """jwtctl over a file of lines, timed from its start to its end. Into a file every row is counted."""

    argv: list[str]
    lines: int
    out: Path | None = None
    one_core: bool = True

    def nanoseconds(self) -> int:
        if self.out:
            self.out.unlink(missing_ok=True)
        with tempfile.TemporaryFile() as stderr:
            began = perf_counter_ns()
            pid = start(self.argv, str(self.out or os.devnull), stderr.fileno(), self.one_core)
            _, status = os.waitpid(pid, 0)
            took = perf_counter_ns() - began
            expect_success(self.argv, status, stderr)
        if self.out:
            self.count()
        return took

    def count(self) -> None:
        with open(self.out, "rb") as rows:
            good = [b'"status":"valid"' in row for row in rows]
        if len(good) != self.lines or not all(good):
            fail(self.argv, f"{len(good)} rows, {sum(good)} of them valid, for {self.lines} tokens")

    def line(self) -> float:
        return self.nanoseconds() / self.lines

    def peak(self) -> int:
        """The most bytes that were resident, by what the kernel says of the process while it runs. (What it
        says afterwards counts in the memory of the process that it was started from.)"""
        with tempfile.TemporaryFile() as stderr:
            pid, most = start(self.argv, os.devnull, stderr.fileno(), False), 0
            while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0):
                for entry in Path(f"/proc/{pid}/status").read_text().splitlines():
                    if entry.startswith("VmHWM:"):
                        most = max(most, int(entry.split()[1]) * 1024)
                sleep(0.002)
            expect_success(self.argv, ended[1], stderr)
        return most


@dataclass
class Beyond:
    """A line of a long run beyond those of a short one: without what a call costs once. Not above 0
    where the runs are too short to be told apart."""

    long: Whole
    short: Whole

    def line(self) -> float:
        more = self.long.nanoseconds() - self.short.nanoseconds()
        return more / (self.long.lines - self.short.lines)


@dataclass
class Loop:
    """A program that times its own loop, and prints the number of tokens and the nanoseconds of it."""

    argv: list[str]
    lines: int

    def line(self) -> float:
        with tempfile.TemporaryFile() as stderr, tempfile.NamedTemporaryFile() as stdout:
            _, status = os.waitpid(start(self.argv, stdout.name, stderr.fileno(), True), 0)
            expect_success(self.argv, status, stderr)
            printed = Path(stdout.name).read_text().split()
        if len(printed) != 2 or int(printed[0]) != self.lines:
            fail(self.argv, f"{printed} for {self.lines} lines")
        return int(printed[1]) / self.lines


def must(*argv: str | Path, **options) -> str:
    """Standard output of a program that has to succeed."""
    done = subprocess.run([str(arg) for arg in argv], env=ENVIRONMENT, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options)
    if done.returncode != 0:
        fail([str(arg) for arg in argv], f"exit code {done.returncode}, not 0")
    return done.stdout


def built(kind: str, *cargo: str) -> str:
    """The program of that name that Cargo makes, wherever it puts it."""
    messages = subprocess.run(["cargo", *cargo, "--locked", "--message-format=json"], cwd=HERE,
                              stdout=subprocess.PIPE, text=True, check=True).stdout
    for message in map(json.loads, messages.splitlines()):
        if message.get("executable") and message["target"]["name"] == kind:
            return message["executable"]
    sys.exit("cargo names no executable")


def copy(program: str, folder: str, name: str) -> str:
    """As `cargo install` leaves a program; one straight from the linker can start slower."""
    path = Path(folder) / name
    path.write_bytes(Path(shutil.which(program) or sys.exit(f"no such program: {program}")).read_bytes())
    path.chmod(0o755)
    return str(path)
