"""Lines for the engines: tokens of every verdict, made by jwtctl and by PyJWT, and what is no token, mixed.
It must make the same kinds each time, and words that do not change while a test runs."""

import json
import random
import secrets
import subprocess
import time

import jwt

# Another for each run, since all command lines of the machine are watched for it.
SECRET = secrets.token_hex(24)
OTHER = "another-secret-that-is-as-long-and-signs-forgeries"

# Half a unit away from where "3 days ago" or "in 3 days" becomes another.
FAR = 84 * 3600 + 1800

JUNK = [
    b"junk", b"null", b"\xff\xfe not UTF-8 \x80", b"e30.e30.", b"a.b.c.d", b"one\rtwo", b"nul\0inside", b"\x0b",
    '{"status":"valid","line":7}'.encode(), "Žofie 日本語 🦀".encode(), b"'\"$(exit 7)`exit 7`\\", b"--at 0", b"x" * 70_000,
]  # fmt: skip
BLANK = [b"", b"", b" ", b"\t", b"\r", b" \f "]


def claims(count, now, choice):
    """Claims for so many tokens, as JSON: seven in ten to be valid, the others with a fault."""
    texts = []
    for number in range(count):
        made = {"user_id": number, "name": "Ωmega " + "n" * choice.randrange(200), "iat": now - 2 * FAR, "exp": now + FAR}
        fault = choice.randrange(10)
        if fault == 0:
            made["exp"] = now - FAR
        elif fault == 1:
            made["nbf"] = now + FAR - 60
        elif fault == 2:
            made["aud"] = "somebody-else"
        # A number that a careless engine would spell otherwise.
        texts.append(json.dumps(made)[:-1] + f', "price": {number}.10, "large": {number + 1}{10**30 + 1}' + "}")
    return texts


def make_lines(jwtctl, count, key=None):
    """So many lines, with carriage returns here and there, and no line end after the last."""
    choice, now = random.Random(7519), int(time.time())
    texts = claims(count * 9 // 10, now, choice)
    with_jwtctl = texts if key else texts[::2]
    flags, env = (["--key", str(key)], {}) if key else ([], {"JWTCTL_SECRET": SECRET})
    call = [jwtctl, "encode", "--batch", *flags]
    done = subprocess.run(call, input="\n".join(with_jwtctl).encode(), capture_output=True, env=env, check=True)
    tokens = done.stdout.splitlines()
    assert len(tokens) == len(with_jwtctl), done.stderr
    if not key:
        tokens += [jwt.encode(json.loads(text), SECRET, "HS256").encode() for text in texts[1::2]]

    lines = []
    for token in tokens:
        how = choice.randrange(20)
        if how == 0:
            head, _, tail = token.rpartition(b".")
            token = head + b"." + tail[::-1]
        elif how == 1:
            token += b"\r"
        lines.append(token)
    forged = count // 40
    lines += [jwt.encode({"user_id": n, "exp": now + FAR}, OTHER, "HS256").encode() for n in range(forged)]
    rest = count - len(lines)
    lines += [choice.choice(BLANK if n % 3 == 0 else JUNK[:-1]) for n in range(rest - 5)]
    lines += [JUNK[-1]] * 5
    choice.shuffle(lines)
    return b"\n".join([*lines, tokens[0]])
