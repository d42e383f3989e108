"""The recipes of docs/streams.md, run as they are printed, against one `jwtctl verify --batch` at the same time.
It must not mend a recipe: what a reader copies is what runs. Nothing is skipped.

The environment variable JWTCTL_BIN is the path of the jwtctl to test; run.sh installs the engines.
"""

import collections
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lines import OTHER, SECRET, make_lines
from places import Host, Place, spelled

JWTCTL = os.environ.get("JWTCTL_BIN", "")
if not os.access(JWTCTL, os.X_OK) or not os.path.isfile(JWTCTL):
    sys.exit(f"JWTCTL_BIN must be the path of the jwtctl to test; it is {JWTCTL!r}")
JWTCTL = os.path.realpath(JWTCTL)
for program in ("parallel", "jq", "ssh", "ssh-keygen", "java", "gzip"):
    if not shutil.which(program):
        sys.exit(f"there is no {program}; run.sh installs it")
if not os.access("/usr/sbin/sshd", os.X_OK):
    sys.exit("there is no sshd; run.sh installs it")

PAGE = Path(__file__).resolve().parents[3] / "docs" / "streams.md"
LINES = 20_000
BLANK = b" \t\f\r"


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)


def block(mark):
    """The one shell block that has this text."""
    found = [text for text in blocks("sh") if mark in text]
    assert len(found) == 1, f"{len(found)} blocks have {mark!r}"
    return found[0]


BEGIN = block("set -euo pipefail")
FILE, PIPE, HOSTS = block("-a tokens.txt --block -4 -k --halt soon,fail=1 \"$VERIFY ||"), block("gzip -dc"), block("hosts.txt")
FIND = block("--find")
NUMBERS, GATE, SUBMIT = block("numbers.txt"), block("jq -n -e"), block("spark-submit")
(VERIFY_STREAM,) = blocks("python")


def setUpModule():
    global folder, text
    folder = Path(tempfile.mkdtemp(prefix="engines-"))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    text = make_lines(JWTCTL, LINES)


def without_key(recipe):
    """A recipe whose key file is not there."""
    changed = recipe.replace("verify --batch", "verify --batch --secret-file missing.key")
    assert changed != recipe
    return changed


def place(name, lines=None, **how):
    made = Place(folder / name, JWTCTL, **how)
    (made.path / "tokens.txt").write_bytes(text if lines is None else lines)
    return made


def finding(program):
    """The program for tokens in the lines of a log, as the page tells to change it."""
    program = program.replace("--batch", "--find")
    found, rest = re.split(r"^if found != expected:\n.*\n", program, flags=re.M)
    return found + rest


def spark(name, program, **how):
    made = place(f"spark-{name}", **how)
    (made.path / "verify_stream.py").write_text(program)
    more = {
        "SPARK_LOCAL_DIRS": str(made.path / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        # Half the time is the compiler's, for a minute's work.
        "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    return made, made.run(SUBMIT, JWTCTL_SECRET=SECRET, **more)


def log():
    """The lines as they stand in a log of requests, and some lines without a token."""
    lines = [b'10.0.0.1 - - "GET /?access_token=' + line + b' HTTP/1.1" 200 17' for line in text.split(b"\n")]
    return b"\n".join(lines) + b"\n"


def without_places(rows):
    return [re.sub(rb'"(line|byte)":\d+,', b"", row, count=2) for row in rows.splitlines()]


def assert_found(test, made, rows):
    """The rows of the tokens in the log are those of one call."""
    times = {call[call.index("--at") + 1] for call in made.calls()}
    call = [JWTCTL, "verify", "--find", "--at", times.pop()]
    done = subprocess.run(call, input=log(), capture_output=True, env={"JWTCTL_SECRET": SECRET})
    test.assertFalse(times)
    test.assertGreater(len(made.calls()), 1)
    test.assertGreater(done.stdout.count(b'"status":"valid"'), 100)
    test.assertEqual(without_places(rows), without_places(done.stdout))


def reference(made, *flags, lines=None, **variables):
    """What one call says of all lines at the time that the recipe took, which must be one time."""
    times = {call[call.index("--at") + 1] for call in made.calls()}
    assert len(times) == 1, times
    call = [JWTCTL, "verify", "--batch", "--at", times.pop(), *flags]
    given = text if lines is None else lines
    done = subprocess.run(call, input=given, capture_output=True, env=variables or {"JWTCTL_SECRET": SECRET})
    assert done.returncode in (0, 3, 4, 5, 6), done.stderr
    return done.stdout


def without_number(row):
    assert row.startswith(b'{"line":'), row
    return row.split(b",", 1)[1]


class Recipes(unittest.TestCase):
    def assertWell(self, ran):
        self.assertEqual(ran.code, 0, ran.said[-3000:])

    def assertFails(self, ran, *said):
        self.assertNotEqual(ran.code, 0)
        for words in said:
            # spark-submit hands on what Python says on stderr as printed.
            self.assertIn(words, ran.said + ran.printed)

    def assertBlocks(self, made, rows):
        """The work was cut up, and by no block a line number of the whole was known."""
        self.assertGreater(len(made.calls()), 1)
        numbers = [json.loads(row)["line"] for row in rows.splitlines()]
        self.assertTrue(any(after < before for before, after in zip(numbers, numbers[1:])))

    def assertSecretUnseen(self, made):
        self.assertGreater(len(made.calls()), 0)
        self.assertTrue(any("jwtctl" in line for line in made.command_lines), "nothing was watched")
        for line in made.command_lines:
            for form in spelled(SECRET):
                self.assertNotIn(form.lower(), line.lower())

    def assertSame(self, rows, expected):
        self.assertEqual(collections.Counter(rows), collections.Counter(expected))
        self.assertEqual(rows, expected)


class Page(Recipes):
    def test_every_block_is_run(self):
        run = {BEGIN, FILE, PIPE, FIND, HOSTS, NUMBERS, GATE, SUBMIT}
        self.assertEqual(set(blocks("sh")), run)
        self.assertEqual(PAGE.read_text().count("\n```\n"), len(run) + 1)

    def test_the_lines_are_of_all_kinds(self):
        rows = subprocess.run([JWTCTL, "verify", "--batch"], input=text, capture_output=True, env={"JWTCTL_SECRET": SECRET})
        counts = collections.Counter(json.loads(row)["status"] for row in rows.stdout.splitlines())
        self.assertEqual(set(counts), {"valid", "expired", "not-yet-valid", "invalid", "rejected"})
        self.assertGreater(min(counts.values()), 100)
        self.assertGreater(text.count(b"\n") + 1, sum(counts.values()) + 100)


class Parallel(Recipes):
    def test_a_file(self):
        made = place("file")
        ran = made.run(BEGIN + FILE, JWTCTL_SECRET=SECRET)
        self.assertWell(ran)
        rows, expected = (made.path / "rows.ndjson").read_bytes(), reference(made)
        self.assertBlocks(made, rows)
        self.assertSame([*map(without_number, rows.splitlines())], [*map(without_number, expected.splitlines())])
        self.assertSecretUnseen(made)

        self.assertWell(made.run(BEGIN + NUMBERS))
        self.assertEqual((made.path / "numbered.ndjson").read_bytes(), expected)

        gated = made.run(BEGIN + GATE)
        self.assertEqual(gated.code, 1)
        counts = collections.Counter(json.loads(row)["status"] for row in expected.splitlines())
        printed = {word: int(number) for number, word in (line.split() for line in gated.printed.splitlines())}
        self.assertEqual(printed, counts)

    def test_the_gate_opens(self):
        made = place("gate")
        rows = b'{"line":1,"status":"valid"}\n{"line":2,"status":"expired"}\n'
        (made.path / "rows.ndjson").write_bytes(rows)
        self.assertWell(made.run(BEGIN + GATE))

    def test_a_pipe(self):
        made = place("pipe")
        (made.path / "tokens.gz").write_bytes(gzip.compress(text))
        self.assertWell(made.run(BEGIN + PIPE, JWTCTL_SECRET=SECRET))
        self.assertGreater(len(made.calls()), 1)
        self.assertEqual((made.path / "valid.txt").read_bytes(), reference(made, "--tokens"))
        self.assertSecretUnseen(made)

    def test_tokens_in_a_log(self):
        made = place("find")
        (made.path / "access.log").write_bytes(log())
        self.assertWell(made.run(BEGIN + FIND, JWTCTL_SECRET=SECRET))
        assert_found(self, made, (made.path / "found.ndjson").read_bytes())

    def test_a_pipe_that_breaks(self):
        made = place("broken-pipe")
        (made.path / "tokens.gz").write_bytes(gzip.compress(text)[:-1000])
        self.assertFails(made.run(BEGIN + PIPE, JWTCTL_SECRET=SECRET), "unexpected end of file")
        self.assertFalse((made.path / "valid.txt").exists())

    def test_what_keeps_a_block_from_being_judged(self):
        cases = {
            "no-key-file": ({}, without_key(BEGIN), SECRET, "error: cannot read missing.key"),
            "empty-secret": ({}, BEGIN, "", "JWTCTL_SECRET is empty"),
            "wrong-call": ({}, BEGIN.replace("--batch", "--batch --nonsense"), SECRET, "there is no flag"),
            "no-jwtctl": ({"has_jwtctl": False}, BEGIN, SECRET, "not found"),
        }
        for name, (how, begin, secret, said) in cases.items():
            with self.subTest(name):
                made = place(name, **how)
                self.assertFails(made.run(begin + FILE, JWTCTL_SECRET=secret), said)
                self.assertFalse((made.path / "rows.ndjson").exists())

    def test_a_row_that_gets_lost(self):
        made = place("lost", loses=True)
        self.assertWell(made.run(BEGIN + FILE, JWTCTL_SECRET=SECRET))
        self.assertFails(made.run(BEGIN + NUMBERS), "rows are missing")
        self.assertFalse((made.path / "numbered.ndjson").exists())


class Hosts(Recipes):
    def test_a_public_key(self):
        made = place("hosts", lines=b"")
        key = ["key", "new", "--alg", "ES256", "--out", "private.pem", "--public-out", "public.pem"]
        subprocess.run([JWTCTL, *key], cwd=made.path, check=True)
        lines = make_lines(JWTCTL, LINES // 10, key=made.path / "private.pem")
        (made.path / "tokens.txt").write_bytes(lines)
        with Host(made) as host:
            self.assertWell(made.run(BEGIN + HOSTS))
            # Lines that two calls wrote into the log at once name none.
            self.assertLessEqual({"one", "two"}, {name for name, _ in host.calls()})
        rows = (made.path / "rows.ndjson").read_bytes()
        expected = reference(made, "--key-env", "PUBLIC_KEY", lines=lines, PUBLIC_KEY=(made.path / "public.pem").read_text())
        self.assertBlocks(made, rows)
        self.assertWell(made.run(BEGIN + NUMBERS))
        self.assertEqual((made.path / "numbered.ndjson").read_bytes(), expected)
        self.assertIn(b'"status":"valid"', expected)

    def test_a_secret_would_be_seen(self):
        made = place("hosts-secret")
        (made.path / "public.pem").write_text("none")
        with Host(made) as host:
            recipe = HOSTS.replace("--env PUBLIC_KEY", "--env JWTCTL_SECRET").replace(" --key-env PUBLIC_KEY", "")
            self.assertWell(made.run(BEGIN + recipe, JWTCTL_SECRET=OTHER))
            self.assertTrue(any(OTHER.encode().hex() in line for _, line in host.calls()))

    def test_a_host_that_has_no_jwtctl(self):
        made = place("hosts-without", has_jwtctl=False)
        (made.path / "public.pem").write_text("none")
        with Host(made):
            self.assertFails(made.run(BEGIN + HOSTS), "not found")
        self.assertFalse((made.path / "rows.ndjson").exists())


class Spark(Recipes):
    @classmethod
    def setUpClass(cls):
        more = '\nverdicts.where("claims IS NOT NULL").select("claims").write.text("claims")\n'
        runs = {
            "good": {"program": VERIFY_STREAM + more},
            "key": {"program": without_key(VERIFY_STREAM)},
            "lost": {"program": VERIFY_STREAM, "loses": True},
            "find": {"program": finding(VERIFY_STREAM), "lines": log()},
        }
        # Spark waits more than it works.
        with ThreadPoolExecutor() as pool:
            started = {name: pool.submit(spark, name, **how) for name, how in runs.items()}
            cls.seen = {name: run.result() for name, run in started.items()}

    def test_a_file(self):
        made, ran = self.seen["good"]
        self.assertWell(ran)
        self.assertTrue((made.path / "rows" / "_SUCCESS").exists())
        self.assertWell(made.run("cat rows/part-* > rows.ndjson\n" + BEGIN + NUMBERS))
        expected = reference(made)
        self.assertBlocks(made, (made.path / "rows.ndjson").read_bytes())
        self.assertSecretUnseen(made)

        # The one difference: what is not UTF-8 is refused for another reason.
        lines, odd = text.split(b"\n"), 0
        rows, expected = (made.path / "numbered.ndjson").read_bytes().splitlines(), expected.splitlines()
        self.assertEqual(len(rows), len(expected))
        for row, other in zip(rows, expected):
            if row == other:
                continue
            row, other = json.loads(row), json.loads(other)
            self.assertEqual((row["line"], row["status"]), (other["line"], other["status"]))
            with self.assertRaises(UnicodeDecodeError):
                lines[row["line"] - 1].decode()
            odd += 1
        self.assertGreater(odd, 0)

        counts = collections.Counter(json.loads(row)["status"] for row in expected)
        shown = {word: int(number) for word, number in re.findall(r"\|\s*([a-z-]+)\|\s*(\d+)\|", ran.printed)}
        self.assertEqual(shown, counts)

        claims = b"".join(part.read_bytes() for part in sorted((made.path / "claims").glob("part-*")))
        valid = [row for row in expected if b'"status":"valid"' in row[:40]]
        self.assertEqual(claims.splitlines(), [re.search(rb'"claims":(.*),"problems":\[\]}$', row)[1] for row in valid])

    def test_tokens_in_a_log(self):
        made, ran = self.seen["find"]
        self.assertWell(ran)
        self.assertWell(made.run("cat rows/part-* > rows.ndjson"))
        assert_found(self, made, (made.path / "rows.ndjson").read_bytes())

    def test_a_key_that_is_not_there(self):
        made, ran = self.seen["key"]
        self.assertFails(ran, "error: cannot read missing.key")
        self.assertFalse((made.path / "rows" / "_SUCCESS").exists())

    def test_a_row_that_gets_lost(self):
        _, ran = self.seen["lost"]
        lines = sum(1 for line in text.split(b"\n") if line.strip(BLANK))
        self.assertFails(ran, f"{lines} lines, but ")


if __name__ == "__main__":
    started = time.monotonic()
    done = unittest.main(verbosity=2, exit=False)
    print(f"{time.monotonic() - started:.0f} seconds")
    sys.exit(not done.result.wasSuccessful())
