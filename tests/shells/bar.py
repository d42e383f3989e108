"""The bar of a stream on a terminal: what it shows, where there is none, and what it leaves behind.

The environment variable JWTCTL_BIN is the path of the jwtctl to test. Linux, and nothing but Python.
"""

import contextlib
import fcntl
import gzip
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
import unittest

from processes import (
    ENVIRONMENT,
    Folder,
    JUNK,
    MANY,
    OK,
    PATIENCE,
    ROWS,
    TOKENS,
    command,
)


KEYS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "keys")


class Screen:
    """What a terminal of so many columns shows, as far as a bar goes."""

    CONTROL = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])|\r|\n|[^\x00-\x1f\x7f]")

    def __init__(self, columns):
        self.columns, self.rows, self.x, self.y = columns, [[]], 0, 0
        # What stood there each time when something was to be drawn in its place.
        self.shown = []

    def feed(self, text):
        at = 0
        while at < len(text):
            found = self.CONTROL.match(text, at)
            if not found:
                raise AssertionError(f"a terminal would have to understand {text[at : at + 10]!r}")
            at = found.end()
            self.act(found)

    def act(self, found):
        private, number, letter = found.groups()
        count = int(number or "1") if letter in ("A", "B", "C", "D") else 0
        if found[0] == "\r":
            self.shown.append(self.rows_as_written())
            self.x = 0
        elif found[0] == "\n":
            self.y += 1
        elif letter is None:
            if self.x == self.columns:
                self.x, self.y = 0, self.y + 1
            self.put(found[0])
        elif private or letter == "m":
            pass
        elif letter in "AB":
            self.y = max(self.y + (count if letter == "B" else -count), 0)
        elif letter == "K":
            self.erase(number)
        elif letter == "J" and number in ("", "0"):
            self.erase("")
            del self.rows[self.y + 1 :]
        else:
            raise AssertionError(f"a terminal would have to understand {found[0]!r}")

    def row(self):
        while len(self.rows) <= self.y:
            self.rows.append([])
        return self.rows[self.y]

    def put(self, character):
        row = self.row()
        row.extend(" " * (self.x + 1 - len(row)))
        row[self.x] = character
        self.x += 1

    def erase(self, number):
        row = self.row()
        if number == "2":
            row.clear()
        else:
            del row[self.x :]

    def rows_as_written(self):
        return ["".join(row) for row in self.rows]

    def lines(self):
        return [line for line in map(str.rstrip, self.rows_as_written()) if line]


class Bar(Folder):
    def watch(self, *flags, columns=80, term="xterm", verb="verify", out=subprocess.DEVNULL, portions=()):
        """Runs a stream with stderr on a terminal; gives the code, all that went there, and the screen."""
        keyboard, line = pty.openpty()
        self.addCleanup(os.close, keyboard)
        fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        environment = ENVIRONMENT | {"NO_COLOR": "1", "TERM": term}
        process = subprocess.Popen(
            command(*flags, verb=verb),
            env=environment, bufsize=0,
            stdin=subprocess.PIPE, stdout=line if out == "terminal" else out, stderr=line,
        )
        os.close(line)
        self.addCleanup(process.kill)

        def push():
            for portion in portions:
                process.stdin.write(portion)
                time.sleep(0.1)
            process.stdin.close()

        writer = threading.Thread(target=push)
        writer.start()
        text = b""
        # A terminal that nobody holds any more is an error to whoever reads it.
        with contextlib.suppress(OSError):
            while read := os.read(keyboard, 4096):
                text += read
        writer.join()
        code = process.wait(PATIENCE)
        screen = Screen(columns)
        screen.feed(text.decode())
        return code, text.decode(), screen

    PACE = r" \(\d+\.\d s, \d+ (lines|tokens)/s\)"

    # What begins the other lines of a summary that is wrapped between words.
    HANG = " " * len("summary: ")

    def cleared(self, screen, summary):
        """In the end there is the summary, and nothing else."""
        rows = screen.rows_as_written()
        if not self.wrapped_between_words(screen.columns):
            text = "".join(rows)
        else:
            first, *others = rows
            for row in others:
                self.assertRegex(row, f"^{self.HANG}[^ ]|^$")
            text = first + "".join(" " + row.removeprefix(self.HANG) for row in others if row)
        self.assertRegex(text, f"^{summary}{self.PACE}$")

    @staticmethod
    def wrapped_between_words(columns):
        return columns >= 20

    def seen(self, screen, pattern):
        shown = [line.rstrip() for lines in screen.shown for line in lines]
        self.assertTrue(any(re.search(pattern, line) for line in shown), shown[:20])

    def test_a_pipe_of_unknown_length(self):
        with open("rows", "wb") as out:
            code, _, screen = self.watch("--batch", out=out, portions=TOKENS[:10])
        self.assertEqual(code, OK)
        self.seen(screen, r"^[|/\\-] \d lines, \d+/s$")
        self.cleared(screen, "summary: 10 lines: 10 valid")
        with open("rows", "rb") as rows:
            self.assertEqual(rows.read(), b"".join(ROWS[:10]))

    def test_a_file_whose_length_is_known(self):
        # What is done in half a second has no bar.
        self.write("lines", TOKENS * 80)
        with open("rows", "wb") as out:
            code, _, screen = self.watch("--threads", "1", "--batch", "lines", out=out)
        self.assertEqual(code, OK)
        # A fast machine is done before it is known how much time is left.
        self.seen(screen, r"^[#>.]+ +\d+%  \d+ lines, \d+/s(, \S+ left)?$")
        self.cleared(screen, f"summary: {80 * MANY} lines: {80 * MANY} valid")

    LEFT = re.compile(r" +(\d+)%  \d+ (?:lines|tokens), \d+/s, (\d+)([smh]) left$")

    def estimates(self, screen):
        """Per cent and seconds left, as they were shown one after the other."""
        lines = [line.rstrip() for lines in screen.shown for line in lines]
        found = [match for match in map(self.LEFT.search, lines) if match]
        return [(int(m[1]), int(m[2]) * {"s": 1, "m": 60, "h": 3600}[m[3]]) for m in found]

    def test_the_time_left_is_honest_from_the_first_second(self):
        key = os.path.join(KEYS, "rsa2048.pkcs8.private.pem")
        # Long lines, so that a block is soon done.
        claims = b'{"text":"' + b"x" * 8000 + b'"}\n'
        start = time.monotonic()
        self.write("claims", [claims] * 400)
        code, _, screen = self.watch("--batch", "claims", "--threads", "1", "--key", key, verb="encode")
        first = time.monotonic() - start
        self.write("claims", [claims] * int(400 * 6 / first))
        start = time.monotonic()
        code, _, screen = self.watch("--batch", "claims", "--threads", "1", "--key", key, verb="encode")
        took = time.monotonic() - start
        self.assertEqual(code, OK)
        estimates = self.estimates(screen)
        self.assertGreater(len(estimates), 5)
        # In the first half of the work, at least a quarter of the time is left; never more than three times.
        for percent, left in estimates:
            self.assertLess(left, 3 * took + 2, estimates)
            if percent < 50:
                self.assertGreater(left, took / 4 - 1, estimates)

    def test_an_archive_counts_with_its_own_bytes(self):
        with gzip.open("first.gz", "wb", 1) as archive:
            for _ in range(40):
                archive.writelines(TOKENS)
        self.write("last", TOKENS * 40)
        with open("rows", "wb") as out:
            code, _, screen = self.watch("--threads", "1", "--find", "first.gz", "last", out=out)
        self.assertEqual(code, OK)
        # The time left is not shown at once, but how much is done is.
        lines = [line for lines in screen.shown for line in lines]
        shown = [int(match[1]) for match in map(re.compile(r" (\d+)%").search, lines) if match]
        self.assertEqual(shown, sorted(shown))
        # Half of the work is a smaller part of the bytes.
        self.assertLess(shown[0], 40, shown)
        self.cleared(screen, f"summary: {80 * MANY} tokens: {80 * MANY} valid")

    def test_what_is_done_soon_has_no_bar(self):
        self.write("lines", TOKENS[:10])
        code, _, screen = self.watch("--batch", "lines")
        self.assertEqual(code, OK)
        self.assertFalse([line for lines in screen.shown for line in lines if "%" in line])

    def test_a_narrow_terminal_is_left_clean(self):
        self.write("lines", TOKENS * 10)
        for columns in [30, 12]:
            for flags, portions, count in [(["lines"], [], 10 * MANY), ([], TOKENS[:10], 10)]:
                with self.subTest((columns, flags)):
                    code, _, screen = self.watch("--batch", *flags, columns=columns, portions=portions)
                    self.assertEqual(code, OK)
                    self.seen(screen, r"\d")
                    self.cleared(screen, f"summary: {count} lines: {count} valid")
                    # A bar that wraps is taken away whole before the next is drawn.
                    for shown in screen.shown:
                        self.assertLessEqual("".join(shown).count("/s"), 1, shown)

    def test_what_is_said_of_a_line_is_not_run_through_by_the_bar(self):
        portions = [b"{}\n", JUNK, b"{}\n", JUNK]
        code, _, screen = self.watch("--batch", verb="encode", portions=portions)
        said = [
            "error: line 2: CLAIMS is not JSON: expected value at line 1 column 1",
            """hint: CLAIMS is a JSON object: jwtctl encode '{"user_id":123}'""",
        ]
        # The hint is the same, and given once.
        wanted = said + [said[0].replace("line 2", "line 4")]
        lines = screen.lines()
        self.assertEqual((code, lines[:-1]), (2, wanted))
        self.assertRegex(lines[-1], f"^summary: 4 lines: 2 ok, 2 usage \\(2 bad-claims\\){self.PACE}$")

    def test_an_interrupt_takes_the_bar_away(self):
        keyboard, line = pty.openpty()
        self.addCleanup(os.close, keyboard)
        fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        environment = ENVIRONMENT | {"NO_COLOR": "1", "TERM": "xterm"}
        process = subprocess.Popen(
            command("--batch"), env=environment, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=line,
        )
        os.close(line)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        process.stdin.write(TOKENS[0])
        self.assertEqual(process.stdout.readline(), ROWS[0])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)
        text = b""
        with contextlib.suppress(OSError):
            while read := os.read(keyboard, 4096):
                text += read
        screen = Screen(80)
        screen.feed(text.decode())
        self.cleared(screen, "summary: interrupted after 1 line: 1 valid")

    def test_there_is_none_on_a_terminal_that_cannot_move(self):
        code, text, _ = self.watch("--batch", term="dumb", portions=TOKENS[:4])
        self.assertEqual(code, OK)
        self.assertRegex(text, rf"\Asummary: 4 lines: 4 valid({self.PACE})?\r\n\Z")

    def test_there_is_none_where_it_is_to_be_quiet(self):
        for verb in ["decode", "verify", "refresh"]:
            with self.subTest(verb):
                code, text, _ = self.watch("--batch", "-q", verb=verb, portions=TOKENS[:4])
                self.assertEqual((code, text), (OK, ""))

    def test_there_is_none_where_rows_go_to_the_terminal(self):
        code, text, _ = self.watch("--batch", out="terminal", portions=TOKENS[:4])
        rows = b"".join(ROWS[:4]).decode().replace("\n", "\r\n")
        self.assertEqual((code, text), (OK, rows + "summary: 4 lines: 4 valid\r\n"))

    def test_there_is_none_in_a_pipe(self):
        run = subprocess.run(
            command("--batch"), env=ENVIRONMENT | {"TERM": "xterm"},
            input=b"".join(TOKENS[:4]), capture_output=True, timeout=PATIENCE,
        )
        self.assertEqual(run.stderr, b"summary: 4 lines: 4 valid\n")


if __name__ == "__main__":
    unittest.main()
