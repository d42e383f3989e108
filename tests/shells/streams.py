"""A stream among real processes: pipes that are slow, stuck or gone, full disks, signals.

The environment variable JWTCTL_BIN is the path of the jwtctl to test. Linux, and nothing but Python.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import threading
import time
import unittest

from processes import (
    ENVIRONMENT,
    EXPIRED,
    EXPIRED_TOKEN,
    FAILURE,
    Folder,
    INVALID,
    JUNK,
    MANY,
    MOST,
    OK,
    PATIENCE,
    ROWS,
    STUCK,
    Stream,
    TOKENS,
    VALID,
    catches,
    command,
    kilobytes,
    row,
    token,
    until,
    valid,
)


class FullDisk(Folder):
    def test_a_device_that_takes_nothing(self):
        self.write("lines", [VALID, JUNK])
        for threads in ["1", "4"]:
            with self.subTest(threads), open("/dev/full", "wb") as full:
                run = subprocess.run(
                    command("--batch", "lines", "--threads", threads),
                    env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE,
                )
                said = "error: cannot write the rows: No space left on device\nsummary: 0 lines\n"
                self.assertEqual((run.returncode, run.stderr.decode()), (FAILURE, said))

    def test_standard_output_was_closed(self):
        self.write("lines", [VALID])
        script = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command("--batch", "lines")]
        run = subprocess.run(script, env=ENVIRONMENT, stderr=subprocess.PIPE, timeout=PATIENCE)
        said = "error: cannot write the rows: it is closed\nsummary: 0 lines\n"
        self.assertEqual((run.returncode, run.stderr.decode()), (FAILURE, said))

    def cut(self, path, reason, before=b"", **options):
        """Writes rows to a file that has no room for all of them, behind what is there."""
        for threads in ["1", "4"]:
            with self.subTest(threads):
                with open(path, "wb") as out:
                    out.write(before)
                with open(path, "ab" if before else "wb") as out:
                    run = subprocess.run(
                        command("--batch", "lines", "--threads", threads),
                        env=ENVIRONMENT, stdout=out, stderr=subprocess.PIPE, timeout=PATIENCE, **options,
                    )
                    # Who writes next must not leave a hole where a row was taken back.
                    self.assertEqual(os.lseek(out.fileno(), 0, os.SEEK_CUR), os.path.getsize(path))
                with open(path, "rb") as written:
                    text = written.read()
                self.assertEqual(text[: len(before)], before)
                rows = text[len(before) :].splitlines(keepends=True)
                self.assertEqual(rows, ROWS[: len(rows)])
                self.assertGreater(len(rows), 100)
                self.assertLess(len(rows), MANY)
                count = f"summary: {len(rows)} lines: {len(rows)} valid\n"
                said = f"error: cannot write the rows: {reason}\n{count}"
                self.assertEqual((run.returncode, run.stderr.decode()), (FAILURE, said))

    def test_a_file_that_may_not_grow_ends_in_a_whole_row(self):
        self.write("lines", TOKENS)
        for room in [100_000, 100_001, 131_072]:

            def limited(room=room):
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

            with self.subTest(room):
                self.cut("rows", "File too large", preexec_fn=limited)
                self.cut("rows", "File too large", before=b"what was there, cut", preexec_fn=limited)

    def test_a_full_disk_ends_in_a_whole_row(self):
        self.write("lines", TOKENS)
        os.mkdir("disk")
        mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", "disk"]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            self.skipTest("only root may mount")
        self.addCleanup(subprocess.run, ["umount", "disk"], check=True)
        self.cut("disk/rows", "No space left on device")


class Interrupted(Folder):
    def test_a_signal_ends_the_wait_for_a_silent_pipe(self):
        for sent in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            for threads in ["1", "4"]:
                with self.subTest((sent, threads)), Stream("--batch", "--threads", threads) as stream:
                    # The last line is not whole: it may never be treated as if it were.
                    stream.send(b"".join(TOKENS[:3]) + TOKENS[3].rstrip())
                    self.assertEqual(stream.rows(3), b"".join(ROWS[:3]))
                    began = time.monotonic()
                    stream.process.send_signal(sent)
                    self.assertEqual(
                        stream.end(), (-sent, b"", "summary: interrupted after 3 lines: 3 valid\n")
                    )
                    self.assertLess(time.monotonic() - began, 0.8)

    def test_a_signal_before_the_first_line(self):
        for verb in ["encode", "decode", "verify", "refresh"]:
            with self.subTest(verb), Stream("--batch", verb=verb) as stream:
                # It hears of signals as soon as it has replaced what they would do.
                until(lambda: catches(stream.process, signal.SIGINT), "the handler")
                stream.process.send_signal(signal.SIGINT)
                self.assertEqual(
                    stream.end(), (-signal.SIGINT, b"", "summary: interrupted after 0 lines\n")
                )

    def test_a_signal_in_the_middle_of_the_work(self):
        self.write("lines", TOKENS * 5)
        for threads in ["1", "4"]:
            with self.subTest(threads), Stream("--batch", "lines", "--threads", threads) as stream:
                seen = stream.rows(100)
                stream.process.send_signal(signal.SIGTERM)
                seen += stream.process.stdout.read()
                code, _, said = stream.end()
                rows = seen.splitlines(keepends=True)
                self.assertLess(len(rows), 5 * MANY)
                self.assertEqual(rows[:MANY], ROWS[: len(rows)])
                self.assertTrue(rows[-1].endswith(b"\n"))
                count = f"{len(rows)} lines: {len(rows)} valid"
                self.assertEqual((code, said), (-signal.SIGTERM, f"summary: interrupted after {count}\n"))

    def test_a_reader_that_is_stuck_does_not_hold_an_interrupt_up(self):
        self.write("lines", TOKENS)
        for threads in ["1", "4"]:
            with self.subTest(threads), Stream("--batch", "lines", "--threads", threads) as stream:
                until(stream.is_stuck, "a full pipe")
                stream.process.send_signal(signal.SIGINT)
                self.assertEqual(stream.process.wait(STUCK), -signal.SIGINT)
                rows = stream.process.stdout.read().splitlines(keepends=True)
                self.assertEqual(rows, ROWS[: len(rows)])

    def test_a_reader_that_is_stuck_finds_whole_rows_up_to_what_a_pipe_takes_at_once(self):
        # Beyond 4096 bytes the system itself promises nothing.
        long = [valid(n) | {"s": "x" * 3_900} for n in range(1, 401)]
        self.write("lines", [token(claims) + b"\n" for claims in long])
        with Stream("--batch", "lines") as stream:
            until(stream.is_stuck, "a full pipe")
            stream.process.send_signal(signal.SIGINT)
            self.assertEqual(stream.process.wait(STUCK), -signal.SIGINT)
            rows = stream.process.stdout.read().splitlines(keepends=True)
            self.assertEqual(rows, [row(n, claims) for n, claims in enumerate(long[: len(rows)], 1)])

    def test_what_the_process_was_told_to_ignore_it_ignores(self):
        for sent in [signal.SIGHUP, signal.SIGINT]:

            def told(sent=sent):
                signal.signal(sent, signal.SIG_IGN)

            with self.subTest(sent), Stream("--batch", preexec_fn=told) as stream:
                stream.send(TOKENS[0])
                self.assertEqual(stream.rows(1), ROWS[0])
                stream.process.send_signal(sent)
                stream.send(TOKENS[1])
                self.assertEqual(stream.rows(1), ROWS[1])
                stream.process.stdin.close()
                self.assertEqual(stream.end(), (OK, b"", "summary: 2 lines: 2 valid\n"))


class ReaderGone(Folder):
    LEFT = b"error: the reader of the output exited before the end of the input\n"

    def test_a_verb_that_judges_nothing_ends_quietly_with_the_code_of_the_rows_that_were_read(self):
        for first, code in [(VALID, OK), (JUNK, INVALID)]:
            for threads in ["1", "4"]:
                flags = ["--batch", "--threads", threads]
                with self.subTest((first, threads)), Stream(*flags, verb="decode") as stream:
                    stream.send(first)
                    stream.rows(1)
                    stream.process.stdout.close()
                    # It learns of it by one more row, whatever that would say; the input stays open, and silent.
                    stream.send({OK: JUNK, INVALID: VALID}[code])
                    self.assertEqual(stream.process.wait(PATIENCE), code)
                    self.assertEqual(stream.process.stderr.read(), b"")

    def test_a_gate_whose_reader_leaves_before_the_end_has_failed(self):
        for verb, first in [("verify", VALID), ("verify", EXPIRED_TOKEN), ("verify", JUNK), ("refresh", VALID)]:
            for threads in ["1", "4"]:
                flags = ["--batch", "--threads", threads]
                with self.subTest((verb, first, threads)), Stream(*flags, verb=verb) as stream:
                    stream.send(first)
                    stream.rows(1)
                    stream.process.stdout.close()
                    stream.send(VALID)
                    self.assertEqual(stream.process.wait(PATIENCE), FAILURE)
                    self.assertEqual(stream.process.stderr.read(), self.LEFT)

    def test_head_takes_one_row(self):
        self.write("lines", [EXPIRED_TOKEN, *TOKENS])
        script = 'set -o pipefail; "$@" | head -n 1'
        for threads in ["1", "4"]:
            with self.subTest(threads):
                run = subprocess.run(
                    ["bash", "-c", script, "bash", *command("--batch", "lines", "--threads", threads)],
                    env=ENVIRONMENT | {"PATH": os.environ["PATH"]}, capture_output=True, timeout=PATIENCE,
                )
                self.assertEqual(json.loads(run.stdout)["line"], 1)
                self.assertEqual((run.returncode, run.stdout.count(b"\n"), run.stderr), (FAILURE, 1, self.LEFT))

    def test_nobody_hears_what_is_said(self):
        with Stream("--batch", verb="encode") as stream:
            stream.process.stderr.close()
            stream.send(b"junk\n{}\n")
            rows = stream.rows(2)
            stream.process.stdin.close()
            code = stream.process.wait(PATIENCE)
        self.assertEqual((code, rows[:4]), (2, b"\neyJ"))


class Pace(Folder):
    def test_a_row_comes_as_soon_as_its_line_does(self):
        for threads in ["1", "4"]:
            with self.subTest(threads), Stream("--batch", "--threads", threads) as stream:
                for line, expected in zip(TOKENS[:50], ROWS, strict=False):
                    stream.send(line)
                    self.assertEqual(stream.rows(1), expected)

    def test_a_row_does_not_wait_for_the_rest_of_the_next_line(self):
        with Stream("--batch") as stream:
            for i in range(20):
                cut = len(TOKENS[i + 1]) // 2
                stream.send((TOKENS[i] if i == 0 else TOKENS[i][len(TOKENS[i]) // 2 :]) + TOKENS[i + 1][:cut])
                self.assertEqual(stream.rows(1), ROWS[i])

    def test_pipes_that_do_not_block_are_waited_for(self):
        # Whoever shares them may have made them so; the rest of the rows was given up.
        self.write("lines", [JUNK] * MANY)
        for verb, end in [("verify", "stdout"), ("refresh", "stderr")]:
            read, write = os.pipe()
            os.set_blocking(write, False)
            with self.subTest(verb), Stream("--batch", "lines", verb=verb, stdin=None, **{end: write}) as stream:
                os.close(write)
                time.sleep(0.5)
                with os.fdopen(read, "rb") as pipe:
                    if verb == "refresh":
                        drained = threading.Thread(target=stream.process.stdout.read)
                        drained.start()
                    said = pipe.read()
                lines = said.splitlines()
                if verb == "verify":
                    self.assertEqual(len(lines), MANY)
                    self.assertEqual(json.loads(lines[-1])["line"], MANY)
                else:
                    drained.join()
                    self.assertEqual(said.count(b"error: line "), MANY)
                    self.assertIn(f"summary: {MANY} lines".encode(), lines[-1])
                self.assertEqual(stream.process.wait(STUCK), INVALID)

    def test_a_slow_reader_slows_the_writer_and_takes_no_memory(self):
        lines = b"".join(TOKENS)
        with Stream("--batch", stderr=subprocess.DEVNULL) as stream:

            def push():
                pushed = 0
                while pushed < 50_000_000:
                    stream.send(lines)
                    pushed += len(lines)
                stream.process.stdin.close()

            writer = threading.Thread(target=push)
            writer.start()
            until(stream.is_stuck, "a full pipe")
            first, most, seen = kilobytes(stream.process, "VmRSS"), 0, 0
            while read := os.read(stream.process.stdout.fileno(), 1 << 16):
                seen += read.count(b"\n")
                if len(read) % 64 == 0:
                    # Slower than it could write, and looked at now and then.
                    time.sleep(0.001)
                with contextlib.suppress(ProcessLookupError, FileNotFoundError, TypeError):
                    most = max(most, kilobytes(stream.process, "VmRSS"))
            writer.join()
            self.assertEqual(stream.process.wait(PATIENCE), OK)
        self.assertGreater(seen, 300_000)
        self.assertLess(most, first + 8 * 1024)
        self.assertLess(most, MOST)

    def peak(self, pieces, lines, *flags, verb="verify"):
        """The most memory that a stream has had when all its rows are there, in kB, and its code."""
        with Stream("--batch", *flags, verb=verb, stderr=subprocess.DEVNULL) as stream:

            def push():
                for piece in pieces:
                    stream.send(piece)

            writer = threading.Thread(target=push)
            writer.start()
            seen = 0
            while seen < lines:
                seen += stream.rows(1).count(b"\n")
            writer.join()
            peak = kilobytes(stream.process, "VmHWM")
            stream.process.stdin.close()
            code, left = stream.process.wait(PATIENCE), stream.process.stdout.read()
        self.assertEqual((seen, left), (lines, b""))
        return peak, code

    def test_two_million_short_lines(self):
        for flags in [[], ["--threads", "8"]]:
            with self.subTest(flags):
                peak, code = self.peak([b"ab\n" * 20_000] * 100, 2_000_000, *flags)
                self.assertEqual(code, INVALID)
                self.assertLess(peak, MOST)

    def test_one_line_of_40_megabytes(self):
        line = [b"a" * 1_000_000] * 40 + [b"\n"]
        for verb, code, last in [
            ("verify", INVALID, VALID), ("decode", INVALID, VALID), ("refresh", INVALID, VALID), ("encode", 2, b"{}\n"),
        ]:
            with self.subTest(verb):
                peak, ended = self.peak([*line, last], 2, "--threads", "4", verb=verb)
                self.assertEqual(ended, code)
                self.assertLess(peak, MOST)


if __name__ == "__main__":
    unittest.main()
