#!/usr/bin/env python3
"""How fast jwtctl finds tokens in logs, as a ratio to ripgrep on the same logs in the same run: a token in every line, and
one in every 50. Both print the tokens; those must be the same. The best of several runs of each counts, alternating. The
goals are for all cores; one core is for comparison.

    benches/find.py [--smoke] [--jwtctl PATH] [--megabytes N] [--runs N]
"""

import argparse
import base64
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from measure.process import CORES, built

# What ripgrep is asked for: three parts, of which the first begins as a JSON object does.
PATTERN = r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"
# Lines without a token between two with one, and the least ratio.
SHAPES = {"a token in every line": (0, 8.0), "a token in every 50th line": (49, 1.3)}


def encoded(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def log(path: Path, between: int, size: int) -> int:
    """Writes a log of about 435 bytes a line, and returns its tokens."""
    chance = random.Random(1)
    header, tokens, written = encoded({"alg": "HS256", "typ": "JWT"}), 0, 0
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 key=they.hey"
    with path.open("w") as out:
        while written < size:
            for place in range(between + 1):
                when = f"29/Nov/2026:10:{chance.randrange(60):02}:{chance.randrange(60):02} +0000"
                claims = {"sub": f"user-{chance.randrange(10**6)}", "exp": 1800000000, "aud": "api", "scope": "read"}
                token = f"{header}.{encoded(claims)}.{encoded(chance.randbytes(32))}"
                tokens += place == 0
                field = f"Bearer {token}" if place == 0 else "-" * len(token)
                line = f'10.0.{chance.randrange(256)}.{chance.randrange(256)} - - [{when}] "GET /v1/items?page=3 HTTP/1.1" 200 5316 "{field}" "{agent}"\n'
                written += len(line)
                out.write(line)
    return tokens


def seconds(argv: list[str], out: Path, cores: list[int]) -> float:
    os.sched_setaffinity(0, cores)
    began = perf_counter()
    with out.open("wb") as file:
        subprocess.run(argv, stdout=file, check=True)
    return perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--smoke", action="store_true", help="a small log; ratios are not judged")
    options.add_argument("--jwtctl", type=Path, help="the program; without it, it is built")
    options.add_argument("--megabytes", type=int, default=400)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    jwtctl = str((given.jwtctl or built()).resolve())
    runs, size = (1, 2) if given.smoke else (given.runs, given.megabytes)
    missed = False
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        text, ours, theirs = (Path(folder, name) for name in ("log", "ours", "theirs"))
        for shape, (between, least) in SHAPES.items():
            tokens = log(text, between, size * 1_000_000)
            calls = {
                "jwtctl": [jwtctl, "decode", "--quiet", "--tokens", "--find", str(text)],
                "ripgrep": ["rg", "-aoN", "--no-filename", PATTERN, str(text)],
            }
            for cores in (CORES[-1:], CORES):
                best = {}
                for _ in range(runs):
                    for (name, argv), out in zip(calls.items(), (ours, theirs)):
                        best[name] = min(best.get(name, 1e9), seconds(argv, out, cores))
                found = ours.read_bytes()
                if found != theirs.read_bytes() or found.count(b"\n") != tokens:
                    sys.exit(f"{shape}: not the same tokens")
                ratio = best["ripgrep"] / best["jwtctl"]
                speed = text.stat().st_size / best["jwtctl"] / 1e9
                on = "one core" if len(cores) == 1 else f"{len(cores)} cores"
                print(f"{shape}, on {on}: {ratio:.1f} times ripgrep, {speed:.2f} GB/s, {tokens} tokens")
            missed |= ratio < least
    if missed and not given.smoke:
        sys.exit("a goal is missed")


main()
