"""The throughput of PyJWT: pyjwt.py SECRET-FILE TOKENS-FILE. Every token is in memory before the clock
starts, and no claims are written, though jwtctl writes them. Prints the number of tokens and the
nanoseconds of the loop."""

import sys
from pathlib import Path
from time import perf_counter_ns

import jwt

secret, tokens = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_text().splitlines()

verify = jwt.PyJWT({"require": ["exp"]}).decode
start = perf_counter_ns()
for token in tokens:
    verify(token, secret, algorithms=["HS256"], audience="api")
print(len(tokens), perf_counter_ns() - start)
