"""What has to be right before anything is timed: nothing is to be fast by not checking. The tokens here are
made apart from the floor and from jwtctl."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path

from .data import SECRET, Data, claims, subject
from .process import ENVIRONMENT


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(payload: dict, alg: str = "HS256", secret: str = SECRET) -> str:
    parts = [base64url(json.dumps(part).encode()) for part in ({"alg": alg, "typ": "JWT"}, payload)]
    message = ".".join(parts)
    mac = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return f"{message}.{base64url(mac)}"


GOOD = json.loads(claims(0))
GENUINE = token(GOOD)
HEADER, PAYLOAD, SIGNATURE = GENUINE.split(".")
UNSECURED = base64url(b'{"alg":"none"}')
CASES = [
    ("valid", GENUINE),
    ("invalid", token(GOOD, secret="another secret, just as long as the first")),
    ("invalid", f"{HEADER}.{base64url(json.dumps(GOOD | {'sub': 'admin'}).encode())}.{SIGNATURE}"),
    ("invalid", f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-4]}"),
    ("invalid", f"{UNSECURED}.{PAYLOAD}."),
    ("invalid", "no token at all"),
    ("expired", token(GOOD | {"exp": 1_700_000_001})),
    ("not-yet-valid", token(GOOD | {"nbf": 4_000_000_000})),
    ("rejected", token(GOOD | {"aud": "another"})),
    ("rejected", token({k: v for k, v in GOOD.items() if k != "aud"})),
]


def rows(argv: list[str], code_is_zero: bool) -> list[dict]:
    done = subprocess.run(argv, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True)
    if (done.returncode == 0) != code_is_zero:
        sys.exit(f"exit code {done.returncode}: {' '.join(argv)}\n{done.stderr.decode()[-300:]}")
    return [json.loads(row) for row in done.stdout.splitlines()]


def verdicts(argv: list[str], tokens: Path) -> None:
    """Every fault among many good tokens, each at its own line: statuses, numbers, claims."""
    fillers = [("valid", token(GOOD | {"sub": subject(index)})) for index in range(50)]
    cases = [case for one in CASES for case in [*fillers, one]]
    tokens.write_text("".join(f"{text}\n" for _, text in cases))
    for number, ((expected, text), row) in enumerate(zip(cases, rows(argv, False), strict=True), 1):
        if (row["line"], row["status"]) != (number, expected):
            sys.exit(f"line {number} is {expected}, and jwtctl says: {row}")
        if expected == "valid":
            payload = text.split(".")[1]
            if row["claims"] != json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))):
                sys.exit(f"line {number} has other claims than its token: {row}")
        elif not row["problems"]:
            sys.exit(f"line {number} is {expected}, and no problem is named: {row}")


def answers(argv: list[str], lines: int, status: str = "valid") -> None:
    """Of good tokens, that each has its row, with its own claims, in order."""
    for index, row in enumerate(rows(argv, True)):
        if (row["line"], row["status"], row["claims"]["sub"]) != (index + 1, status, subject(index)):
            sys.exit(f"line {index + 1}: {row}")
    if index + 1 != lines:
        sys.exit(f"{index + 1} rows for {lines} tokens")


def refuses(argv: list[str], good: Path, altered: Path) -> None:
    """The first tokens of a file, each of them followed by itself with another signature's first bits."""
    with good.open() as file:
        tokens = [next(file).strip() for _ in range(10)]
    for at, text in reversed(list(enumerate(tokens))):
        message, signature = text.rsplit(".", 1)
        tokens.insert(at + 1, f"{message}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    altered.write_text("".join(f"{text}\n" for text in tokens))
    if [row["status"] for row in rows(argv, False)] != ["valid", "invalid"] * 10:
        sys.exit(f"altered signatures are not told from good ones: {' '.join(argv)}")


def check(jwtctl, data: Data, threads: list[int]) -> None:
    keys = data.keys("HS256")
    for count in threads:
        few = data.folder / "verdicts.tokens"
        verdicts(jwtctl.verify(few, keys.flags(keys.public), count), few)
        lines = 20_000
        answers(jwtctl.verify(data.tokens("HS256", lines), keys.flags(keys.public), count), lines)
