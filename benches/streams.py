#!/usr/bin/env python3
"""How fast jwtctl goes through files of tokens, as ratios in one run to the primitive alone
(benches/floor), to the fastest way that is known to check them (its `least`), to fast-jwt, golang-jwt
and PyJWT, and to itself; and how much memory it takes.

The sides of a row run in turn, A B A B …; the ratio is taken pair by pair. jwtctl is timed from its
start to its end, the others in the loop over tokens that they have in memory. What is compared on one
thread has one core. Prints a Markdown table. A timing never fails; a wrong verdict, exit code or number
of rows does. Needs openssl, and with the whole 10 million lines 5 GB of disk.

    benches/streams.py [--lines N] [--rounds N] [--smoke] [--jwtctl PATH] [--floor PATH]
                       [--before PATH] [--peers DIR] [--require-peers] [--only PART]... [--folder DIR]
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure.check import answers, check, refuses
from measure.data import Data, Keys, untimed
from measure.process import CORES, Beyond, Loop, Whole, built, copy, must
from measure.table import HEAD, NONE, Goal, Table, at_least, at_most

HERE = Path(__file__).resolve().parent
MIB = 1 << 20
# What part of the lines takes about as long as all of them do with HS256: to verify, to sign.
SHARES = {"ES256": (60, 30), "ES384": (300, 100), "RS256": (25, 600), "PS256": (25, 600),
          "EdDSA": (60, 30), "ML-DSA-65": (200, 500)}
# How much faster a token is that was seen before.
REPEATED = {"ES256": at_least(20), "RS256": at_least(8)}
# And of a peer's, with its command and the goal.
PEERS = {
    "fast-jwt": (5, ["node", "fast_jwt.mjs"], at_least(10)),
    "golang-jwt": (5, ["./golang_jwt"], at_least(10)),
    "PyJWT": (25, ["venv/bin/python", "pyjwt.py"], NONE),
}


@dataclass
class Jwtctl:
    """The command lines that are measured."""

    path: str

    def verify(self, tokens: Path, key: list[str], threads: int = 1) -> list[str]:
        return [self.path, "verify", "--batch", str(tokens), "--threads", str(threads), *key,
                "--aud", "api"]

    def decode(self, tokens: Path, threads: int = 1) -> list[str]:
        return [self.path, "decode", "--batch", str(tokens), "--threads", str(threads)]

    def decrypt(self, tokens: Path, key: Path) -> list[str]:
        return self.verify(tokens, ["--decrypt-key", str(key)])

    def refresh(self, tokens: Path, keys: Keys, threads: int = 1) -> list[str]:
        return [self.path, "refresh", "--batch", str(tokens), "--threads", str(threads),
                *keys.flags(keys.private), "--aud", "api", "--ttl", "1h"]

    def encode(self, claims: Path, keys: Keys, threads: int = 1) -> list[str]:
        return [self.path, "encode", "--batch", str(claims), "--threads", str(threads),
                *keys.flags(keys.private), "--alg", keys.alg, "--ttl", "1h"]


class Measurement:
    """The parts, by name, in the order in which they run."""

    def __init__(self, options, jwtctl: Jwtctl, data: Data, table: Table):
        self.options, self.jwtctl, self.data, self.table = options, jwtctl, data, table
        self.lines, self.floor, self.out = options.lines, data.floor, data.folder / "out"
        self.altered = data.folder / "altered.tokens"

    def verify(self, alg: str, lines: int, threads: int = 1, out: Path | None = None,
               one_core: bool = True) -> Whole:
        keys, tokens = self.data.keys(alg), self.data.tokens(alg, lines)
        return Whole(self.jwtctl.verify(tokens, keys.flags(keys.public), threads), lines, out, one_core)

    def sign(self, alg: str, lines: int, threads: int = 1, one_core: bool = True) -> Whole:
        keys, claims = self.data.keys(alg), self.data.claims(lines, untimed)
        return Whole(self.jwtctl.encode(claims, keys, threads), lines, None, one_core)

    def refresh(self, lines: int) -> Whole:
        keys, tokens = self.data.keys("HS256"), self.data.tokens("HS256", lines)
        return Whole(self.jwtctl.refresh(tokens, keys), lines)

    def decode(self, jwtctl: Jwtctl, lines: int) -> Whole:
        return Whole(jwtctl.decode(self.data.tokens("HS256", lines)), lines)

    def verify_floor(self, alg: str, lines: int) -> Loop:
        tokens = self.data.tokens(alg, lines)
        return Loop([self.floor, "verify", alg, str(self.data.keys(alg).public), str(tokens)], lines)

    def sign_floor(self, alg: str, lines: int) -> Loop:
        claims = self.data.claims(lines)
        return Loop([self.floor, "sign", alg, str(self.data.keys(alg).private), str(claims)], lines)

    def hs256_floor(self, what: str, lines: int) -> Loop:
        secret, tokens = self.data.keys("HS256").public, self.data.tokens("HS256", lines)
        return Loop([self.floor, what, str(secret), str(tokens)], lines)

    def signed(self, alg: str, lines: int, command: list[str] | None = None) -> None:
        """What jwtctl signs has to verify, line for line."""
        keys, claims = self.data.keys(alg), self.data.claims(lines, untimed)
        with self.out.open("w") as file:
            subprocess.run(command or self.jwtctl.encode(claims, keys), stdout=file,
                           stderr=subprocess.DEVNULL, check=True)
        Loop([self.floor, "verify", alg, str(keys.public), str(self.out)], lines).line()

    def hs256(self) -> None:
        floor, jwtctl = self.verify_floor("HS256", self.lines), self.verify("HS256", self.lines)
        for where, out, goal in [("/dev/null", None, 1.2), ("a file", self.out, 0.9)]:
            self.table.row(f"HS256 verify, one thread, to {where} / floor", at_least(goal),
                           self.verify("HS256", self.lines, out=out), floor)
        self.table.row("HS256 verify, one thread, to /dev/null / least", at_least(0.8), jwtctl,
                       self.hs256_floor("least", self.lines))
        self.signed("HS256", min(self.lines, 10_000))
        self.table.row("HS256 sign, one thread / floor", at_least(1.2), self.sign("HS256", self.lines),
                       self.sign_floor("HS256", self.lines))

    def others(self) -> None:
        """The other verbs: refresh against its floor, decode against an older jwtctl."""
        few = min(self.lines, 10_000)
        tokens = self.data.tokens("HS256", few)
        self.signed("HS256", few, self.jwtctl.refresh(tokens, self.data.keys("HS256")))
        self.table.row("HS256 refresh, one thread / floor", at_least(1), self.refresh(self.lines),
                       self.hs256_floor("refresh", self.lines))
        answers(self.jwtctl.decode(tokens), few, "decoded")
        what, goal = "decode, one thread / decode of --before", at_least(1.3)
        if self.options.before:
            before = self.decode(Jwtctl(self.options.before), self.lines)
            self.table.row(what, goal, self.decode(self.jwtctl, self.lines), before)
        else:
            self.table.print(what, goal.words, "not given", "", "")

    def threads(self) -> None:
        if len(CORES) < 2:
            return self.table.print("HS256 verify, two threads / one", "at least 1.90", "one core", "", "")
        for where, out in [("/dev/null", None), ("a file", self.out)]:
            two, one = (self.verify("HS256", self.lines, count, out, False) for count in (2, 1))
            self.table.row(f"HS256 verify, two threads, to {where} / one thread", at_least(1.9), two, one)

    def peers(self) -> None:
        """And the floor against them: what no goal can pass while the primitive stays what it is."""
        jwtctl, floor = self.verify("HS256", self.lines), self.verify_floor("HS256", self.lines)
        for name, (share, _, goal) in PEERS.items():
            lines, what = self.lines // share, f"HS256 verify, one thread / {name}"
            secret, tokens = self.data.keys("HS256").public, self.data.tokens("HS256", lines)
            if command := self.peer(name, what, goal):
                peer = Loop([*command, str(secret), str(tokens)], lines)
                self.table.row(what, goal, jwtctl, peer)
                self.table.row(f"floor / {name}", NONE, floor, peer)

    def peer(self, name: str, what: str, goal: Goal) -> list[str] | None:
        """The command of a peer; where it is not installed, the row says so."""
        _, (program, *script), _ = PEERS[name]
        where = Path(self.options.peers or "peers-not-installed").absolute()
        path = shutil.which(program) if program == "node" else str(where / program)
        scripts = [str(where / file) for file in script]
        if path and all(Path(file).exists() for file in [path, *scripts]):
            return [path, *scripts]
        if self.options.require_peers:
            sys.exit(f"{name} is not installed: benches/peers/install.sh DIR, then --peers DIR")
        self.table.print(what, goal.words, "not installed", "", "")
        return None

    def encrypted(self) -> None:
        """Tokens that are encrypted with a shared key and not signed."""
        key, jwk = self.data.shared_key()
        for alg in ("dir", "A256KW"):
            tokens = self.data.encrypted(alg, self.lines)
            argv = self.jwtctl.decrypt(tokens, jwk)
            refuses(self.jwtctl.decrypt(self.altered, jwk), tokens, self.altered)
            self.table.row(f"{alg}, A256GCM verify, one thread / floor", at_least(0.95), Whole(argv, self.lines),
                           Loop([self.floor, "decrypt", alg, str(key), str(tokens)], self.lines))

    def repeated(self) -> None:
        """Tokens that come again and again, against tokens that all differ, and against a peer that keeps
        as many of them as there are."""
        distinct = self.lines // 50
        for alg, goal in REPEATED.items():
            keys, once = self.data.keys(alg), self.verify(alg, max(self.lines // SHARES[alg][0], 20))
            tokens = self.data.drawn(self.data.tokens(alg, distinct), self.lines)
            refuses(self.jwtctl.verify(self.altered, keys.flags(keys.public)), tokens, self.altered)
            jwtctl = Whole(self.jwtctl.verify(tokens, keys.flags(keys.public)), self.lines)
            what = f"{alg} verify, {self.lines:,} lines of {distinct:,} tokens"
            self.table.row(f"{what} / all distinct", goal, jwtctl, once)
            what, goal = f"{what} / fast-jwt that caches them", at_least(2)
            if command := self.peer("fast-jwt", what, goal):
                flags = [str(keys.public), str(tokens), alg, str(distinct)]
                self.table.row(what, goal, jwtctl, Loop([*command, *flags], self.lines))

    def algorithms(self) -> None:
        for alg, (verify, sign) in SHARES.items():
            lines, keys, altered = max(self.lines // verify, 20), self.data.keys(alg), self.altered
            refuses(self.jwtctl.verify(altered, keys.flags(keys.public)),
                    self.data.tokens(alg, lines), altered)
            self.table.row(f"{alg} verify, one thread / floor", at_least(0.95),
                           self.verify(alg, lines), self.verify_floor(alg, lines))
            lines = max(self.lines // sign, 20)
            self.signed(alg, min(lines, 1000))
            self.table.row(f"{alg} sign, one thread / floor", at_least(0.95), self.sign(alg, lines),
                           self.sign_floor(alg, lines))

    def sets(self) -> None:
        """Whole calls, and a token of a call in which every key has been used before: what a large set
        costs once, to read and to load, is in the first of the two alone."""
        many = min(self.lines // 10, 10_000)
        for alg, share in [("ES256", 20), ("HS256", 2)]:
            whole, beyond = [], []
            for keys in (many, 10):
                jwks, tokens = self.data.set(alg, keys, max(self.lines // share, 2 * many))
                refuses(self.jwtctl.verify(self.altered, ["--jwks", str(jwks)]), tokens, self.altered)
                long, short = (
                    Whole(self.jwtctl.verify(file, ["--jwks", str(jwks)]), lines) for file, lines in
                    [(tokens, max(self.lines // share, 2 * many)), (self.data.first(tokens, many), many)])
                whole.append(long), beyond.append(Beyond(long, short))
            what = f"{alg} verify, a token's time with a set of {many:,} keys / of 10"
            self.table.row(f"{what}, whole calls", NONE, *whole, times=True)
            self.table.row(f"{what}, every key used before", at_most(1.05), *beyond, times=True)

    def growth(self) -> None:
        """Time a line beyond the first, against that of the usual number of lines."""
        one, base = self.verify("HS256", 1), self.verify("HS256", self.lines)
        for part in (1000, 100, 10):
            lines = max(self.lines // part, 2)
            self.table.row(f"HS256 verify, a line's time in {lines:,} lines / in {self.lines:,}", at_most(1.1),
                           Beyond(self.verify("HS256", lines), one), Beyond(base, one), times=True)
        long = Whole(self.jwtctl.verify(self.ten(base.argv[3]), base.argv[6:8]), 10 * self.lines)
        self.table.row(f"HS256 verify, a line's time in {10 * self.lines:,} lines / in {self.lines:,}",
                       at_most(1.1), Beyond(long, one), Beyond(base, one), times=True,
                       rounds=max(self.table.rounds // 3, 2))

    def memory(self) -> None:
        keys, threads = self.data.keys("HS256"), len(CORES)
        tokens = self.ten(self.data.tokens("HS256", self.lines))
        claims = self.ten(self.data.claims(self.lines, untimed))
        for count in sorted({1, threads}):
            what = f"{10 * self.lines:,} lines, {count} threads: peak resident memory"
            for verb, argv in [
                ("verify", self.jwtctl.verify(tokens, keys.flags(keys.public), count)),
                ("sign", self.jwtctl.encode(claims, keys, count)),
            ]:
                self.table.amount(f"HS256 {verb}, {what}", Goal("at most 32 MiB", most=32),
                                  Whole(argv, 10 * self.lines).peak() / MIB)

    def ten(self, file: str | Path) -> Path:
        return self.data.repeated(Path(file), 10)

    def start_up(self) -> None:
        smoke = ["--smoke"] if self.options.smoke else []
        print("\n" + must(sys.executable, HERE / "start-up.py", "--jwtctl", self.jwtctl.path, *smoke))


PARTS = [name for name, part in vars(Measurement).items()
         if name in ("hs256", "others", "threads", "peers", "algorithms", "encrypted", "repeated", "sets", "growth",
                     "memory", "start_up")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, metavar="N", help="of HS256 [1,000,000]")
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="pairs a row [15]")
    parser.add_argument("--smoke", action="store_true", help="1000 lines, 2 pairs, goals not judged")
    parser.add_argument("--jwtctl", metavar="PATH", help="[what `cargo build --release` makes]")
    parser.add_argument("--floor", metavar="PATH", help="[what `cargo bench --no-run` makes]")
    parser.add_argument("--before", metavar="PATH", help="an older jwtctl, whose decode is compared")
    parser.add_argument("--peers", metavar="DIR", help="where benches/peers/install.sh put them")
    parser.add_argument("--require-peers", action="store_true", help="all of them must be there")
    parser.add_argument("--only", action="append", choices=PARTS, help="these parts alone")
    parser.add_argument("--folder", metavar="DIR", help="for the data [the system's for such files]")
    options = parser.parse_args()
    if options.smoke:
        options.lines, options.rounds = 1000, 2
    if options.rounds < 2 or options.lines < 1000:
        parser.error("--rounds: at least 2; --lines: at least 1000")

    jwtctl = options.jwtctl or built("jwtctl", "build", "--release", "--bin", "jwtctl")
    floor = options.floor or built("floor", "bench", "--no-run", "--bench", "floor")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        jwtctl, floor = copy(jwtctl, folder, "jwtctl"), copy(floor, folder, "floor")
        measurement = Measurement(options, Jwtctl(jwtctl), Data(Path(folder), floor),
                                  Table(options.rounds, judged=not options.smoke))
        check(measurement.jwtctl, measurement.data, [1, 2])
        print(f"{must(jwtctl, '--version').strip()}; {options.lines:,} lines; {options.rounds} pairs a row; "
              f"{len(CORES)} cores\n\n{HEAD}", flush=True)
        for part in options.only or PARTS:
            getattr(measurement, part)()


if __name__ == "__main__":
    main()
