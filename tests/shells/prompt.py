"""jwtctl asks for a key's password on a real terminal: what it shows, what it reads, how it leaves it.

The environment variable JWTCTL_BIN is the path of the jwtctl to test. Linux, and nothing but Python.
"""

import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import tty
import unittest
from pathlib import Path

JWTCTL = os.path.abspath(os.environ.get("JWTCTL_BIN", ""))
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")

# The exit code of jwtctl for a key that does not open.
KEY = 7
# That of shells for SIGINT.
INTERRUPTED = 128 + signal.SIGINT

ENCRYPTED = Path(__file__).parents[1] / "keys/p256.encrypted.pkcs8.pem"
PASSWORD = b"correct horse"
THUMBPRINT = "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk"
QUESTION = 'Password of "key.pem": '
AGAIN = f"That is not the password. {QUESTION}"

# The keys of a terminal: erase a character, erase the line, interrupt, end of input, quote the next character.
ERASE, KILL, INTERRUPT, END, QUOTE = b"\x7f", b"\x15", b"\x03", b"\x04", b"\x16"
# Where termios.tcgetattr has the local modes and the special characters.
LOCAL, CHARACTERS = 3, 6

# How long anything may take.
PATIENCE = 20


class Terminal:
    """A terminal of its own, which this process leads as a shell would: were jwtctl the leader, its end
    would hang the terminal up, and that switches the echo on again."""

    def __init__(self):
        self.keyboard, self.line = pty.openpty()
        fcntl.ioctl(self.line, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        self.fresh = termios.tcgetattr(self.line)

    def modes(self):
        return termios.tcgetattr(self.line)

    def set(self, modes):
        termios.tcsetattr(self.line, termios.TCSAFLUSH, modes)

    def reset(self):
        self.set(self.fresh)
        self.shown()

    def shown(self, until="\0"):
        """What it shows, up to this text; without one, all that was written by now."""
        if until == "\0":
            os.write(self.line, b"\0")
        text, end = b"", time.monotonic() + PATIENCE
        while until.encode() not in text:
            wait = max(end - time.monotonic(), 0)
            if not select.select([self.keyboard], [], [], wait)[0]:
                raise AssertionError(f"{until!r} is not shown, but {text!r}")
            text += os.read(self.keyboard, 4096)
        return text.decode().removesuffix("\0")

    def type(self, keys):
        os.write(self.keyboard, keys)

    @contextlib.contextmanager
    def run(self, command, **streams):
        """A command in the foreground, whose streams are the terminal unless another one is named."""

        def foreground():
            os.setpgid(0, 0)
            os.tcsetpgrp(self.line, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)

        streams = {"stdin": self.line, "stdout": self.line, "stderr": self.line} | streams
        process = subprocess.Popen(command, env={"NO_COLOR": "1"}, preexec_fn=foreground, **streams)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for stream in [process.stdin, process.stdout, process.stderr]:
                if stream:
                    stream.close()


class Prompt(unittest.TestCase):
    def setUp(self):
        TERMINAL.reset()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        shutil.copy(ENCRYPTED, "key.pem")

    def ask(self, keys, question=QUESTION, key="key.pem", more=(), **streams):
        """Runs a call that asks, types these keys, and more of them each time that it asks again, and gives its exit
        code and all that was shown."""
        before = TERMINAL.modes()
        with TERMINAL.run([JWTCTL, "key", "thumbprint", key], **streams) as process:
            shown = TERMINAL.shown(question)
            asking = TERMINAL.modes()
            self.assertFalse(asking[LOCAL] & (termios.ECHO | termios.ECHONL))
            TERMINAL.type(keys)
            for keys in more:
                shown += TERMINAL.shown(AGAIN)
                TERMINAL.type(keys)
            code = process.wait(PATIENCE)
        self.assertEqual(TERMINAL.modes(), before, "the terminal is as it was")
        return code, shown + TERMINAL.shown()

    def test_a_password_opens_the_key_and_is_not_shown(self):
        self.assertEqual(self.ask(PASSWORD + b"\r"), (0, f"{QUESTION}\r\n{THUMBPRINT}\r\n"))

    def test_the_wrong_password(self):
        wrong = b"battery staple\n"
        code, shown = self.ask(wrong, more=[wrong, wrong])
        asked = f"{QUESTION}\r\n{AGAIN}\r\n{AGAIN}\r\n"
        self.assertEqual((code, shown), (KEY, f"{asked}error: key.pem cannot be opened with the password\r\n"))

    def test_the_right_password_after_wrong_ones(self):
        code, shown = self.ask(b"battery staple\n", more=[b"battery\n", PASSWORD + b"\n"])
        self.assertEqual((code, shown), (0, f"{QUESTION}\r\n{AGAIN}\r\n{AGAIN}\r\n{THUMBPRINT}\r\n"))

    def test_the_interrupt_left_the_terminal_without_echo(self):
        for typed in [b"", b"half a pass"]:
            with self.subTest(typed):
                self.assertEqual(self.ask(typed + INTERRUPT), (-signal.SIGINT, f"{QUESTION}\r\n"))

    def test_the_interrupt_is_the_terminals_own(self):
        modes = TERMINAL.modes()
        modes[CHARACTERS][termios.VINTR] = b"\x0b"
        TERMINAL.set(modes)
        self.assertEqual(self.ask(b"half\x0b"), (-signal.SIGINT, f"{QUESTION}\r\n"))
        self.assertEqual(self.ask(INTERRUPT + b"\n", more=[PASSWORD + b"\n"])[0], 0)

    def test_an_interrupt_ends_the_script_around_the_call(self):
        script = [shutil.which("bash"), "-c", '"$0" key thumbprint key.pem; echo went on', JWTCTL]
        with TERMINAL.run(script) as process:
            TERMINAL.shown(QUESTION)
            TERMINAL.type(INTERRUPT)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)
        self.assertNotIn("went on", TERMINAL.shown())

    def test_an_interrupt_that_does_not_end_the_process_was_an_error(self):
        # The first process of a container is not ended by it either.
        script = ["/bin/sh", "-c", "trap '' INT; exec \"$0\" key thumbprint key.pem", JWTCTL]
        for typed in [b"", b"half a pass"]:
            with self.subTest(typed):
                before = TERMINAL.modes()
                with TERMINAL.run(script) as process:
                    shown = TERMINAL.shown(QUESTION)
                    TERMINAL.type(typed + INTERRUPT)
                    code = process.wait(PATIENCE)
                self.assertEqual((code, shown + TERMINAL.shown()), (INTERRUPTED, f"{QUESTION}\r\n"))
                self.assertEqual(TERMINAL.modes(), before, "the terminal is as it was")

    def test_a_signal_ends_the_call_and_leaves_the_terminal_as_it_was(self):
        before = TERMINAL.modes()
        for name in ["HUP", "INT", "QUIT", "ABRT", "ALRM", "TERM", "USR1", "USR2", "XCPU", "VTALRM", "PROF", "IO"]:
            number = signal.Signals[f"SIG{name}"]
            with self.subTest(name), TERMINAL.run([JWTCTL, "key", "thumbprint", "key.pem"]) as process:
                shown = TERMINAL.shown(QUESTION)
                TERMINAL.type(b"half a pass")
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE), -number)
                self.assertEqual(shown + TERMINAL.shown(), f"{QUESTION}\r\n")
                self.assertEqual(TERMINAL.modes(), before)

    def test_a_signal_that_is_ignored_does_nothing(self):
        script = ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" key thumbprint key.pem", JWTCTL]
        with TERMINAL.run(script) as process:
            TERMINAL.shown(QUESTION)
            process.send_signal(signal.SIGHUP)
            TERMINAL.type(PASSWORD + b"\n")
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(TERMINAL.shown(), f"\r\n{THUMBPRINT}\r\n")

    def test_a_call_that_is_stopped_gives_the_terminal_back_and_asks_again(self):
        before = TERMINAL.modes()
        with TERMINAL.run([JWTCTL, "key", "thumbprint", "key.pem"]) as process:
            TERMINAL.shown(QUESTION)
            for number in [signal.SIGTSTP, signal.SIGSTOP]:
                process.send_signal(number)
                self.assertTrue(os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1]))
                if number == signal.SIGTSTP:
                    self.assertEqual(TERMINAL.modes(), before)
                # As a shell does that takes the terminal.
                TERMINAL.set(before)
                process.send_signal(signal.SIGCONT)
                TERMINAL.shown(QUESTION)
                self.assertFalse(TERMINAL.modes()[LOCAL] & (termios.ECHO | termios.ECHONL))
            TERMINAL.type(PASSWORD + b"\n")
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(TERMINAL.modes(), before)
        self.assertEqual(TERMINAL.shown(), f"\r\n{THUMBPRINT}\r\n")

    def test_the_line_can_be_edited(self):
        keys = b"battery staple" + KILL + PASSWORD + b"xy" + ERASE + ERASE + b"\n"
        self.assertEqual(self.ask(keys)[0], 0)
        # One end of input hands over what there is, two are the end of the line.
        self.assertEqual(self.ask(PASSWORD + END + END)[0], 0)
        self.assertEqual(self.ask(PASSWORD[:7] + END + PASSWORD[7:] + b"\n")[0], 0)

    def test_a_quoted_interrupt_is_a_character(self):
        code, shown = self.ask(QUOTE + INTERRUPT + PASSWORD + b"\n", more=[PASSWORD + b"\n"])
        self.assertEqual((code, shown), (0, f"{QUESTION}\r\n{AGAIN}\r\n{THUMBPRINT}\r\n"))

    def test_a_terminal_without_an_interrupt_reads_a_line(self):
        modes = TERMINAL.modes()
        modes[CHARACTERS][termios.VINTR] = b"\0"
        TERMINAL.set(modes)
        self.assertEqual(self.ask(PASSWORD + b"\n")[0], 0)

    def test_the_end_of_input_is_the_empty_answer(self):
        said = "error: the password (typed) is empty"
        for keys in [END, b"\n"]:
            with self.subTest(keys):
                self.assertEqual(self.ask(keys), (KEY, f"{QUESTION}\r\n{said}\r\n"))

    def test_what_a_terminal_cuts_is_no_password(self):
        said = "error: cannot read the terminal: it is too long to be typed"
        for length in [4095, 4096, 10000]:
            with self.subTest(length):
                self.assertEqual(self.ask(b"a" * length + b"\n"), (KEY, f"{QUESTION}\r\n{said}\r\n"))
        self.assertIn(AGAIN, self.ask(b"a" * 4094 + b"\n", more=[PASSWORD + b"\n"])[1])

    def test_what_is_not_text(self):
        said = "error: cannot read the terminal: it is not UTF-8 text"
        self.assertEqual(self.ask(b"\xff\n"), (KEY, f"{QUESTION}\r\n{said}\r\n"))

    def test_a_terminal_in_raw_mode_reads_a_line_and_is_raw_again(self):
        tty.setraw(TERMINAL.line)
        self.assertEqual(self.ask(b"battery" + KILL + PASSWORD + b"\r"), (0, f"{QUESTION}\n{THUMBPRINT}\n"))

    def test_what_was_typed_before_the_question_is_no_answer(self):
        TERMINAL.type(b"battery staple\n")
        TERMINAL.shown("battery staple\r\n")
        self.assertEqual(self.ask(PASSWORD + b"\n")[0], 0)

    def slow_key(self):
        """A key whose password takes long to check."""
        private = ENCRYPTED.with_name("p256.pkcs8.private.pem")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", private, "-out", "key.pem", "-passout",
                        b"pass:" + PASSWORD, "-iter", "1000000"], check=True)

    def test_what_is_typed_during_the_check_of_a_password_is_neither_shown_nor_used(self):
        self.slow_key()
        before = TERMINAL.modes()
        with TERMINAL.run([JWTCTL, "key", "thumbprint", "key.pem"]) as process:
            shown = TERMINAL.shown(QUESTION)
            for typed in [b"battery staple\n", b"battery\n"]:
                TERMINAL.type(typed)
                shown += TERMINAL.shown("\r\n")
                self.assertFalse(TERMINAL.modes()[LOCAL] & (termios.ECHO | termios.ECHONL))
                TERMINAL.type(b"typed ahead\nand not ended")
                shown += TERMINAL.shown(AGAIN)
            TERMINAL.type(PASSWORD + b"\n")
            shown += TERMINAL.shown("\r\n")
            TERMINAL.type(b"typed ahead\nand not ended")
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(TERMINAL.modes(), before, "the terminal is as it was")
        shown += TERMINAL.shown()
        self.assertEqual(shown, f"{QUESTION}\r\n{AGAIN}\r\n{AGAIN}\r\n{THUMBPRINT}\r\n")
        # The next program does not read it either.
        self.assertEqual(fcntl.ioctl(TERMINAL.line, termios.FIONREAD, b"\0\0\0\0"), b"\0\0\0\0")

    def test_an_interrupt_or_signal_during_the_check_of_a_password(self):
        self.slow_key()
        before = TERMINAL.modes()
        for password in [b"battery staple\n", PASSWORD + b"\n"]:
            for by_key in [True, False]:
                with self.subTest(password), TERMINAL.run([JWTCTL, "key", "thumbprint", "key.pem"]) as process:
                    shown = TERMINAL.shown(QUESTION)
                    TERMINAL.type(password)
                    shown += TERMINAL.shown("\r\n")
                    TERMINAL.type(b"half" + INTERRUPT) if by_key else process.send_signal(signal.SIGTERM)
                    code = process.wait(PATIENCE)
                self.assertEqual(code, -signal.SIGINT if by_key else -signal.SIGTERM)
                self.assertEqual(TERMINAL.modes(), before, "the terminal is as it was")
                shown += TERMINAL.shown()
                self.assertEqual(shown.removesuffix(AGAIN + "\r\n"), f"{QUESTION}\r\n")

    def test_nobody_was_asked_with_the_errors_in_a_file(self):
        for names in [["stderr"], ["stdin", "stdout"], ["stdin", "stderr"], ["stdout", "stderr"]]:
            with self.subTest(names), open("log", "wb+") as log:
                code, shown = self.ask(PASSWORD + b"\n", **dict.fromkeys(names, log))
                self.assertEqual((code, shown.replace(THUMBPRINT + "\r\n", "")), (0, f"{QUESTION}\r\n"))

    def test_a_script_does_not_wait_for_a_person(self):
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with TERMINAL.run([JWTCTL, "key", "thumbprint", "key.pem"], **streams) as process:
            out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((process.returncode, out, TERMINAL.shown()), (KEY, b"", ""))
        self.assertIn(b"key.pem is encrypted, and there is no password for it", err)

    def test_an_interrupt_ends_the_opening_of_a_key_that_takes_seconds(self):
        private = ENCRYPTED.with_name("p256.pkcs8.private.pem")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", private, "-out", "slow.pem", "-passout",
                        b"pass:" + PASSWORD, "-iter", "9900000"], check=True)
        Path("lines").write_text("a\n")
        for argv in (["key", "show", "slow.pem"], ["verify", "--key", "slow.pem", "--batch", "lines"]):
            password = {"JWTCTL_KEY_PASSWORD": PASSWORD.decode()}
            with self.subTest(argv), subprocess.Popen(
                    [JWTCTL, *argv], env=password, stdout=subprocess.DEVNULL) as process:
                at_work = lambda: int(Path(f"/proc/{process.pid}/stat").read_text().split()[13])
                while process.poll() is None and at_work() < os.sysconf("SC_CLK_TCK") // 4:
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)

    def test_a_files_name_steered_the_terminal(self):
        name = "\u202ek\x1b[31m\u200be\ny.pem"
        shutil.copy(ENCRYPTED, name)
        shown = '"\\u202ek\\u001b[31m\\u200be\\ny.pem"'
        self.assertEqual(self.ask(PASSWORD + b"\n", f"Password of {shown}: ", name)[0], 0)


if __name__ == "__main__":
    # The leader of a session has a terminal, and a session is led by a process that leads no group yet.
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os.setsid()
    TERMINAL = Terminal()
    unittest.main()
