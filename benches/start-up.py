#!/usr/bin/env python3
"""How long a whole jwtctl process takes, as ratios to other processes on the same machine.

The two commands of a row run in turn, A B A B …, so that what slows the machine slows both; the
ratio is taken pair by pair. Prints a Markdown table. A timing never fails; a command that ends with
an unexpected code, or prints nothing where it should, does.

All programs are timed as copies, which is how `cargo install` leaves one. On some file systems a
file straight from the linker starts much slower than a copy of it: written through a memory map, it
lies in the page cache in single pages.

    benches/start-up.py [--runs N] [--smoke] [--jwtctl PATH] [--before PATH] [--jwt-cli PATH] [--require-peers]
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter_ns

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a secret for measuring, longer than its hash"
NOT_INSTALLED = "not installed: cargo install jwt-cli"
WARM_UP = 20


def environment(variables: dict[str, str]) -> dict[str, str]:
    """Ours, with these variables for jwtctl and no others."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("JWTCTL_")}
    return inherited | variables


@dataclass
class Side:
    """A command, run whole: from the spawn until it has been waited for."""

    argv: list[str]
    variables: dict[str, str] = field(default_factory=dict)
    prints: bool = True

    def __post_init__(self):
        self.environment = environment(self.variables)

    def time(self, pipe: tuple[int, int]) -> int:
        """Nanoseconds of one run. The pipe holds what it prints: there is no reader to wait for."""
        reader, writer = pipe
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writer, 1),
        ]
        start = perf_counter_ns()
        pid = os.posix_spawn(self.argv[0], self.argv, self.environment, file_actions=actions,
                             setsigdef=[signal.SIGPIPE])
        _, status, _ = os.wait4(pid, 0)
        took = perf_counter_ns() - start
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"exit code {code}, not 0: {self.argv[:2]}")
        try:
            printed = bool(os.read(reader, 1 << 16))
        except BlockingIOError:
            printed = False
        if printed != self.prints:
            sys.exit(f"{'something' if printed else 'nothing'} on stdout: {self.argv[:2]}")
        return took


def compare(a: Side, b: Side, runs: int) -> tuple[list[int], list[int]]:
    pipe = os.pipe()
    os.set_blocking(pipe[0], False)
    for _ in range(min(WARM_UP, runs)):
        a.time(pipe), b.time(pipe)
    pairs = [(a.time(pipe), b.time(pipe)) for _ in range(runs)]
    for end in pipe:
        os.close(end)
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def row(what: str, times: tuple[list[int], list[int]], goal: str, met) -> str:
    ratios = [a / b for a, b in zip(*times)]
    deciles = statistics.quantiles(ratios, n=10, method="inclusive")
    middle = statistics.median(ratios)
    a, b = (statistics.median(side) / 1000 for side in times)
    if met:
        goal += ": met" if met(middle) else ": missed"
    return (f"| {what} | **{middle:.2f}** | {deciles[0]:.2f} | {deciles[-1]:.2f} "
            f"| {a:.0f} | {b:.0f} | {goal} |")


def program(name: str) -> str:
    return shutil.which(name) or sys.exit(f"no such program: {name}")


def copy(original: str, folder: str) -> str:
    """A copy under the same name, written as any file is."""
    path = os.path.join(tempfile.mkdtemp(dir=folder), os.path.basename(original))
    Path(path).write_bytes(Path(original).read_bytes())
    os.chmod(path, 0o755)
    return path


def output(*argv: str, **variables: str) -> str:
    done = subprocess.run(argv, env=environment(variables), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"exit code {done.returncode} or nothing on stdout: {argv[:3]}")
    return done.stdout.strip()


def built() -> str:
    """The jwtctl that `cargo build --release` makes, wherever it puts it."""
    messages = subprocess.run(["cargo", "build", "--release", "--bin", "jwtctl",
                               "--message-format=json"],
                              cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    for message in map(json.loads, messages.splitlines()):
        if message.get("executable") and message["target"]["name"] == "jwtctl":
            return message["executable"]
    sys.exit("cargo names no executable")


def find_jwt_cli(named: str | None) -> tuple[str, str] | None:
    """The `jwt` of the crate jwt-cli, and its version; other programs are called jwt too."""
    path = shutil.which(named or "jwt")
    said = path and subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    if path and said.startswith("jwt "):
        return path, said.strip().removeprefix("jwt ")
    if named:
        sys.exit(f"--jwt-cli: {named} is not the jwt of the crate jwt-cli")
    return None


def es256_key(folder: str) -> str:
    if not shutil.which("openssl"):
        return str(ROOT / "benches" / "es256.pem")
    path = os.path.join(folder, "es256.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-out", path], check=True)
    return path


def kept_sets(jwtctl: str, folder: str) -> tuple[Side, Side, Side]:
    """A token of a public key: checked with a set in a file, with one by URL and with one of an issuer that were
    fetched before, when there was a server."""
    private, path = os.path.join(folder, "private.jwk"), os.path.join(folder, "set.json")
    Path(private).write_text(output(jwtctl, "key", "new", "--alg", "ES256", "--format", "jwk"))
    Path(path).write_text(output(jwtctl, "key", "set", private))
    documents = {"/set": Path(path).read_bytes()}

    class Issuer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Cache-Control", "max-age=86400")
            self.end_headers()
            self.wfile.write(documents[self.path])

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Issuer)
    issuer = f"http://127.0.0.1:{server.server_port}"
    discovery = json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/set"}).encode()
    documents["/.well-known/openid-configuration"] = discovery
    Thread(target=server.serve_forever, daemon=True).start()
    token = output(jwtctl, "encode", "-k", private, "--iss", issuer, "--ttl", "1d")
    cache = {"XDG_CACHE_HOME": folder, "XDG_STATE_HOME": os.path.join(folder, "state")}
    output(jwtctl, "verify", "--oidc", issuer, token, **cache)
    server.shutdown()
    server.server_close()
    return tuple(Side([jwtctl, "verify", *keys, token], cache)
                 for keys in (["--jwks", path], ["--jwks", f"{issuer}/set"], ["--oidc", issuer]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500, metavar="N", help="pairs a row [500]")
    parser.add_argument("--smoke", action="store_true", help="10 pairs, goals not judged")
    parser.add_argument("--jwtctl", metavar="PATH", help="[what `cargo build --release` makes]")
    parser.add_argument("--before", metavar="PATH", help="an older jwtctl, to see what a change has cost")
    parser.add_argument("--jwt-cli", metavar="PATH", help="the `jwt` of the crate jwt-cli [PATH's]")
    parser.add_argument("--require-peers", action="store_true", help="jwt-cli must be there")
    options = parser.parse_args()
    if options.runs < 2:
        parser.error("--runs: at least 2")

    runs = 10 if options.smoke else options.runs
    jwtctl = program(options.jwtctl or built())
    jwt_cli = find_jwt_cli(options.jwt_cli)
    if options.require_peers and not jwt_cli:
        sys.exit(f"jwt-cli is {NOT_INSTALLED}")

    with tempfile.TemporaryDirectory() as folder:
        jwtctl, true = copy(jwtctl, folder), copy(program("true"), folder)
        secret = {"JWTCTL_SECRET": SECRET}
        token = output(jwtctl, "encode", "--user", "123", "--ttl", "1d", **secret)
        verify = Side([jwtctl, "verify", token], secret)
        hs256 = Side([jwtctl, "encode", "--user", "123"], secret)
        es256 = Side([jwtctl, "encode", "--user", "123", "-k", es256_key(folder)])
        nothing = Side([true], prints=False)
        in_file, by_url, of_issuer = kept_sets(jwtctl, folder)
        older = options.before and copy(program(options.before), folder)
        before = [older and Side([older, *side.argv[1:]], side.variables) for side in (verify, es256)]
        decode, peer = None, NOT_INSTALLED
        if jwt_cli:
            path, peer = jwt_cli
            decode = Side([copy(path, folder), "decode", "--secret", SECRET, token])
        print(f"{output(jwtctl, '--version')}; jwt-cli: {peer}; {runs} pairs a row\n")
        print("| A / B | median ratio | 10th | 90th percentile | A, µs | B, µs | goal |")
        print("|---|---|---|---|---|---|---|")
        for what, a, b, goal, met in [
            ("`jwtctl verify` / `jwt decode`, HS256", verify, decode,
             "at most 0.80", lambda ratio: ratio <= 0.8),
            ("`jwtctl encode`, ES256 / `true`", es256, nothing,
             "under 1.50", lambda ratio: ratio < 1.5),
            ("`jwtctl verify`, HS256 / `true`", verify, nothing, "none", None),
            ("`jwtctl encode`, HS256 / `true`", hs256, nothing, "none", None),
            ("`jwtctl verify`, kept set by URL / set in a file", by_url, in_file,
             "at most 1.10", lambda ratio: ratio <= 1.1),
            ("`jwtctl verify`, kept set of an issuer / set in a file", of_issuer, in_file,
             "at most 1.10", lambda ratio: ratio <= 1.1),
            ("`jwtctl verify`, HS256 / before", verify, before[0],
             "at most 1.02", lambda ratio: ratio <= 1.02),
            ("`jwtctl encode`, ES256 / before", es256, before[1],
             "at most 1.02", lambda ratio: ratio <= 1.02),
        ]:
            if b is None and "before" in what:
                continue
            if b is None:
                print(f"| {what} | {NOT_INSTALLED} | | | | | {goal} |")
            else:
                met = None if options.smoke else met
                print(row(what, compare(a, b, runs), goal, met), flush=True)


if __name__ == "__main__":
    main()
