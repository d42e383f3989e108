#!/usr/bin/env python3
"""How fast jwtctl tries the words of a list as the secret of a token, as a ratio to jwt-hack with the same words and token in
the same run. The secret is the last word, and both have to find it. The best of several runs of each counts, alternating.
What a word costs beyond its MAC is measured by `cargo bench --bench hot words`.

    benches/words.py [--smoke] [--jwtctl PATH] [--jwt-hack PATH] [--words N] [--runs N]
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from measure.process import CORES, ENVIRONMENT, built

SECRET = "the last word of the list"
SYLLABLES = [first + second for first in "bcdfghjklmnprstvwz" for second in "aeiou"]
# How many times as fast as jwt-hack jwtctl has to be.
LEAST = 1.0


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token() -> str:
    claims = {"iss": "https://issuer.example", "sub": "user-1", "iat": 1700000000, "exp": 1700001800}
    parts = [json.dumps(part, separators=(",", ":")) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    message = ".".join(base64url(part.encode()) for part in parts)
    return f"{message}.{base64url(hmac.digest(SECRET.encode(), message.encode(), hashlib.sha256))}"


def wordlist(path: Path, words: int) -> None:
    """Distinct words of 5 to 15 characters, and the secret."""
    chance = random.Random(1)
    with path.open("w") as out:
        for number in range(words - 1):
            word = "".join(chance.choices(SYLLABLES, k=2 + number % 4))
            out.write(f"{word}{number}\n")
        out.write(f"{SECRET}\n")


def seconds(argv: list[str], cores: list[int], code: int, shown: str) -> float:
    """How long a call takes that has to end with this code and to print this text."""
    os.sched_setaffinity(0, cores)
    began = perf_counter()
    done = subprocess.run(argv, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    took = perf_counter() - began
    if done.returncode != code or shown not in done.stdout:
        sys.exit(f"{argv[0]}: the secret was not found, or not where it is: {done.stdout}{done.stderr}")
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--smoke", action="store_true", help="a short list; ratios are not judged")
    options.add_argument("--jwtctl", type=Path, help="the program; without it, it is built")
    options.add_argument("--jwt-hack", default="jwt-hack", help="as `cargo install jwt-hack` makes it")
    options.add_argument("--words", type=int, default=3_000_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    jwtctl = str((given.jwtctl or Path(built("jwtctl", "build", "--release", "--bin", "jwtctl"))).resolve())
    runs, words = (1, 20_000) if given.smoke else (given.runs, given.words)
    missed = False
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        path = Path(folder, "words")
        wordlist(path, words)
        for cores in (CORES[-1:], CORES):
            threads = str(len(cores))
            calls = {"jwtctl": ([jwtctl, "audit", "--json", "--wordlist", str(path), token()], 6, str(words))}
            # A test without a peer still finds the secret.
            if not given.smoke:
                argv = [given.jwt_hack, "crack", "-w", str(path), "-c", threads, token()]
                calls["jwt-hack"] = (argv, 0, SECRET)
            best = {}
            for _ in range(runs):
                for name, (argv, code, shown) in calls.items():
                    best[name] = min(best.get(name, 1e9), seconds(argv, cores, code, shown))
            on = "one core" if len(cores) == 1 else f"{threads} cores"
            speed = words / best["jwtctl"] / 1e6
            print(f"{words} words on {on}: {speed:.2f} million words a second")
            if "jwt-hack" in best:
                ratio = best["jwt-hack"] / best["jwtctl"]
                print(f"  {ratio:.1f} times jwt-hack")
                missed |= ratio < LEAST
    if missed:
        sys.exit("a goal is missed")


main()
