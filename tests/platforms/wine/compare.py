#!/usr/bin/env python3
"""Compares a log of the process tests under wine with the list of those that are expected to fail.

compare.py EXPECTED LOG [NAME…]: ends non-zero if another test failed, if a listed one passed or is no more, or if fewer
than 150 passed. The names are those of the tests that were run; without one, they were all.
"""

import re
import sys

LEAST = 150


def main(expected: str, log: str, *names: str) -> int:
    lines = open(expected, encoding="utf-8").read().splitlines()
    listed = {line.removeprefix("~ ") for line in lines if line and not line.startswith("#")}
    varying = {line.removeprefix("~ ") for line in lines if line.startswith("~ ")}
    if names:
        listed &= set(names)
    text = open(log, encoding="utf-8").read()
    results = dict(re.findall(r"^test (\S+) \.\.\. (ok|FAILED)$", text, re.MULTILINE))
    failed = {name for name, result in results.items() if result == "FAILED"}
    passed = len(results) - len(failed)
    if failed - listed:
        print(text[text.index("\nfailures:\n"):])
    for name in sorted(failed - listed):
        print(f"failed: {name}")
    untrue = {name for name in listed - failed if name not in varying or name not in results}
    for name in sorted(untrue):
        print(f"listed in {expected}, but {'passed' if name in results else 'not run'}: {name}")
    if passed < LEAST:
        print(f"fewer than {LEAST} tests passed")
    print(f"under wine: {passed} tests passed, {len(failed & listed)} failed as expected")
    return int(bool(failed - listed or untrue) or passed < LEAST)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
