#!/usr/bin/env python3
"""What hostile input costs jwtctl: a table of shapes of input, as large as an input may be, with the seconds and the
memory that each call takes. Ends non-zero where a bound breaks: 2 seconds and 200 MB for an input that a stranger
writes (a token, a set that is fetched, any text), a line in a stream likewise for each thread.

Seconds are the processor's, as far as a call does not wait for a server: what else runs on the machine does not
change them. Memory is the most that was resident. Each shape of benches/measure/shapes.py is written to a file by
a process of its own, for the kernel counts the memory of whoever starts a process as that process's.

    benches/hostile.py [--smoke] [--jwtctl PATH] [--only WORD]... [--all] [--folder DIR]
"""

import argparse
import http.server
import multiprocessing
import os
import pty
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from measure import certificates, shapes
from measure.process import ENVIRONMENT, built, copy

MIB = 1 << 20
MB = 1_000_000
SECONDS, MEMORY = 2.0, 200 * MB
# After so long a call is ended.
PATIENCE = 120


@dataclass
class Call:
    """A call, and what it may cost."""

    what: str
    argv: list[str]
    stdin: Path | None = None
    terminal: bool = False
    # Whether it may wait for others, so that the seconds are those of a clock on the wall.
    waits: bool = False
    codes: tuple[int, ...] = (0, 3, 4, 5, 6, 7)
    seconds: float = SECONDS
    memory: int = MEMORY
    more: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[float, int, int]:
        """Seconds, bytes, exit code."""
        began = perf_counter()
        pid, terminal = self.start()
        alarm = threading.Timer(PATIENCE, os.kill, (pid, signal.SIGKILL))
        alarm.start()
        while terminal is not None:
            try:
                if not os.read(terminal, 1 << 16):
                    break
            except OSError:
                break
        _, status, usage = os.wait4(pid, 0)
        alarm.cancel()
        if terminal is not None:
            os.close(terminal)
        took = perf_counter() - began if self.waits else usage.ru_utime + usage.ru_stime
        return took, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status)

    def start(self) -> tuple[int, int | None]:
        terminal = end = None
        if self.terminal:
            terminal, end = pty.openpty()
        actions = [(os.POSIX_SPAWN_OPEN, 0, str(self.stdin or os.devnull), os.O_RDONLY, 0)]
        for stream in (1, 2):
            actions.append((os.POSIX_SPAWN_DUP2, end, stream) if end is not None else
                           (os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0))
        pid = os.posix_spawn(self.argv[0], self.argv, ENVIRONMENT | self.more, file_actions=actions,
                             setsigdef=[signal.SIGPIPE])
        if end is not None:
            os.close(end)
        return pid, terminal


class Server(http.server.ThreadingHTTPServer):
    """Says what it is told to, on this machine."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.path, self.headers = Path(os.devnull), []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path: str = "/keys") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        size = self.server.path.stat().st_size
        try:
            self.send_response(200)
            for name, value in self.server.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            with self.server.path.open("rb") as body:
                self.connection.sendfile(body)
        except OSError:
            pass

    def log_message(self, *_) -> None:
        pass


class Measurement:
    """The parts, by name, in the order in which they run."""

    def __init__(self, options, jwtctl: str, folder: Path):
        self.options, self.jwtctl, self.folder = options, jwtctl, folder
        self.size, self.document = (MIB, MIB // 8) if options.smoke else (16 * MIB, MIB)
        self.secret = self.file("secret", lambda: shapes.SECRET)
        self.genuine = self.file("genuine", lambda: shapes.GENUINE)
        self.public = self.public_key()
        self.broken, self.count, self.worst = [], 0, (0.0, 0)

    def file(self, name: str, make) -> Path:
        """A file of what is made, by a process of its own."""
        path = self.folder / name
        maker = multiprocessing.get_context("fork").Process(target=lambda: path.write_bytes(make()))
        maker.start()
        maker.join()
        return path

    def public_key(self) -> Path:
        private, public = self.folder / "rsa.pem", self.folder / "rsa.pub.pem"
        subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-out", private], check=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
        return public

    def measure(self, part: str, shape: str, call: Call) -> None:
        what = f"{part}: {shape}"
        if self.options.only and not any(word in f"{what} {call.what}" for word in self.options.only):
            return
        seconds, memory, code = call.run()
        self.count += 1
        over = [name for name, is_over in [
            ("time", seconds > call.seconds), ("memory", memory > call.memory), ("code", code not in call.codes)
        ] if is_over]
        self.worst = max(self.worst[0], seconds / call.seconds), max(self.worst[1], memory / call.memory)
        if over:
            self.broken.append(what)
        is_near = seconds > call.seconds / 4 or memory > call.memory / 2
        if over or is_near or self.options.all:
            verdict = f"**{', '.join(over)}**" if over else "holds"
            print(f"| {what} | {call.what} | {seconds:.2f} | {memory / MB:.0f} | {code} | {verdict} |", flush=True)

    def each(self, part: str, makers: dict, calls, size: int | None = None) -> None:
        """Each shape with each call that is made for its file."""
        wanted = self.options.only or [""]
        for number, (shape, maker) in enumerate(makers.items()):
            if not any(word in f"{part}: {shape}" or word not in f"{part}: {'|'.join(makers)}" for word in wanted):
                continue
            path = self.file("input", lambda: maker(size or self.size))
            # In a smoke run each shape has a quarter of the calls, and each call a quarter of the shapes.
            step = 4 if self.options.smoke else 1
            for call in calls(path)[number % step::step]:
                self.measure(part, shape, call)

    def call(self, what: str, *argv, **options) -> Call:
        return Call(what, [self.jwtctl, *map(str, argv)], **options)

    # What is asked of a token.
    def reading(self, path: Path) -> list[Call]:
        key = ("--secret-file", self.secret)
        piped = {"stdin": path}
        return [
            self.call("decode", "decode", "-", **piped),
            self.call("decode --json", "decode", "-", "--json", **piped),
            self.call("decode --compact", "decode", "-", "--compact", **piped),
            self.call("decode --header", "decode", "-", "--header", **piped),
            self.call("decode --get x", "decode", "-", "--get", "x", **piped),
            self.call("decode --get /x/1/a", "decode", "-", "--get", "/x/1/a", **piped),
            self.call("decode --header --get q", "decode", "-", "--header", "--get", "q", **piped),
            self.call("decode, on a terminal", "decode", f"@{path}", terminal=True),
            self.call("audit", "audit", "-", **piped),
            self.call("audit --json, with a key", "audit", "-", "--json", *key, **piped),
            self.call("audit --sarif, a public key", "audit", "-", "--sarif", "--key", self.public, **piped),
            self.call("verify", "verify", "-", *key, **piped),
            self.call("verify --json", "verify", "-", "--json", *key, **piped),
            self.call("verify --any-aud --json", "verify", "-", "--any-aud", "--json", *key, **piped),
            self.call("verify --any-aud", "verify", "-", "--any-aud", *key, **piped),
            self.call("verify --any-aud, on a terminal", "verify", "-", "--any-aud", *key, terminal=True, **piped),
            self.call("verify with expectations", "verify", "-", *key, "--aud", "b", "--iss", "b", "--sub", "b",
                      "--typ", "b", "--require", "zz", "--claim", "x=b", "--max-age", "1h", "--json", **piped),
            self.call("verify --claim x:=[]", "verify", "-", *key, "--any-aud", "--claim", "x:=[{}]", **piped),
            self.call("verify --claim n", "verify", "-", *key, "--any-aud", "--claim", "x:=1", "--claim", "9:=1",
                      **piped),
            self.call("verify --get", "verify", "-", *key, "--any-aud", "--get", "nothing", **piped),
            self.call("verify --raw", "verify", "-", *key, "--raw", **piped),
            self.call("verify, a public key", "verify", "-", "--key", self.public, "--json", **piped),
            self.call("refresh", "refresh", "-", *key, "--any-aud", **piped),
            self.call("refresh --json", "refresh", "-", *key, "--any-aud", "--set", "zz=1", "--set", "x=1", "--unset",
                      "5", "--max-session", "90000d", "--json", **piped),
        ]

    def text_calls(self, path: Path) -> list[Call]:
        key, claims = ("--secret-file", self.secret), (0, 2)
        return [
            self.call("decode", "decode", "-", stdin=path),
            self.call("decode --json", "decode", "-", "--json", stdin=path),
            self.call("verify", "verify", "-", *key, stdin=path),
            self.call("verify --json", "verify", "-", "--json", *key, stdin=path),
            self.call("verify, on a terminal", "verify", "-", *key, stdin=path, terminal=True),
            self.call("refresh", "refresh", "-", *key, stdin=path),
            self.call("encode @FILE", "encode", *key, f"@{path}", codes=claims),
            self.call("encode --json", "encode", "-", *key, "--claim", "zz=1", "--json", stdin=path, codes=claims),
            # Here a text may be millions of lines.
            self.call("decode --batch", "decode", "--batch", path, "--threads", "1", seconds=60),
            self.call("verify --batch --explain", "verify", *key, "--explain", "--batch", path, "--threads", "1",
                      seconds=60),
        ]

    def tokens(self) -> None:
        def of(genuine: bool, payload=None, header=None):
            room = lambda size: size * 3 // 4 - 400
            return lambda size: shapes.token(
                header(room(size)) if header else shapes.HEADER,
                payload(room(size)) if payload else b"{" + shapes.TIMES + b"}", genuine)

        for genuine, part in [(True, "genuine token"), (False, "forged token")]:
            claims = {name: of(genuine, payload=maker) for name, maker in shapes.PAYLOADS.items()}
            headers = {name: of(genuine, header=maker) for name, maker in shapes.HEADERS.items()}
            self.each(part, claims | headers, self.reading)

    def sd_jwts(self) -> None:
        def calls(path: Path) -> list[Call]:
            key = ("--secret-file", self.secret)
            binding = ("--key-binding-aud", "a", "--key-binding-nonce", "b")
            return [*self.reading(path), self.call("verify, bound", "verify", "-", *key, *binding, stdin=path)]

        self.each("SD-JWT", shapes.SD_JWTS, calls)

    def jwss(self) -> None:
        self.each("JWS in JSON", shapes.JWSS, self.reading)

    def jwes(self) -> None:
        ec = self.folder / "ec.pem"
        curve = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", ec)
        subprocess.run(["openssl", "genpkey", "-quiet", *curve], check=True)
        secrets = {"K32": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "K64": "QUJD" * 21 + "QQ=="}
        keys = ["--decrypt-key", self.folder / "rsa.pem", "--decrypt-key", ec]
        keys += [word for name in secrets for word in ("--decrypt-secret-env", f"base64:{name}")]

        def calls(path: Path) -> list[Call]:
            piped = {"stdin": path, "more": secrets, "codes": (0, 3, 4, 5, 6)}
            signed = ("--secret-file", self.secret)
            return [
                self.call("decode", "decode", "-", *keys, **piped),
                self.call("decode --json", "decode", "-", "--json", *keys, **piped),
                self.call("decode --raw, on a terminal", "decode", "-", "--raw", *keys, terminal=True, **piped),
                self.call("verify", "verify", "-", *keys, **piped),
                self.call("verify --json", "verify", "-", "--json", *keys, *signed, **piped),
                self.call("refresh", "refresh", "-", *keys, **piped),
                self.call("verify without a key", "verify", "-", "--json", *signed, **piped),
            ]

        self.each("JWE", shapes.JWES, calls)

        def genuine(maker):
            def make(size: int) -> bytes:
                claims = self.folder / "claims"
                claims.write_bytes(maker(size * 3 // 4 - 800))
                argv = [self.jwtctl, "encode", f"@{claims}", "--no-sign", "--encrypt-secret-env", "base64:K32"]
                made = subprocess.run(argv, env=ENVIRONMENT | secrets, check=True, stdout=subprocess.PIPE)
                return made.stdout
            return make

        # What is no claims set is not encrypted.
        payloads = [(name, maker) for name, maker in shapes.PAYLOADS.items() if name not in shapes.NO_CLAIMS]
        self.each("genuine JWE", {name: genuine(maker) for name, maker in payloads}, calls)

    def texts(self) -> None:
        self.each("text", shapes.TEXTS, self.text_calls)

    def claims(self) -> None:
        """What encode is given."""
        def calls(path: Path) -> list[Call]:
            key = ("--secret-file", self.secret)
            return [self.call("encode", "encode", "-", *key, "--user", "1", "--claim", "zz=1", stdin=path,
                              codes=(0, 2)),
                    self.call("encode --json", "encode", "-", *key, "--exp", "+1h", "--json", stdin=path,
                              codes=(0, 2))]

        self.each("claims", {name: lambda size, maker=maker: maker(size - 100)
                             for name, maker in shapes.PAYLOADS.items()}, calls)

    def streams(self) -> None:
        """Four lines and two threads: what one line may cost, for each of four, and the memory of two."""
        def calls(path: Path) -> list[Call]:
            key, bounds = ("--secret-file", self.secret), {"seconds": 4 * SECONDS, "memory": 2 * MEMORY}
            flags = ("--batch", path, "--threads", "2")
            return [
                self.call("decode --batch", "decode", *flags, **bounds),
                self.call("verify --batch", "verify", *key, "--any-aud", *flags, **bounds),
                self.call("verify --batch --explain", "verify", *key, "--any-aud", "--explain", *flags, **bounds),
                self.call("verify --batch --json", "verify", *key, "--any-aud", "--json", *flags, **bounds),
                self.call("refresh --batch", "refresh", *key, "--any-aud", *flags, **bounds),
            ]

        def four(maker):
            return lambda size: (maker(size).replace(b"\n", b"") + b"\n") * 4

        wide = ("aud of strings", "list of ones", "list of objects", "names", "escaped names",
                "string of control characters")
        room = lambda size: size * 3 // 4 - 400
        made = {f"claims, {name}": lambda size, name=name: shapes.token(
            shapes.HEADER, shapes.PAYLOADS[name](room(size)), True) for name in wide}
        made |= {f"header, {name}": lambda size, name=name: shapes.token(
            shapes.HEADERS[name](room(size)), b"{}", True) for name in ("crit of names", "header's escaped names")}
        made |= {name: shapes.TEXTS[name] for name in (
            "eyJ", "eyJ with dots", "dots", "signature", "JSON list of ones", "percent-encoded", "look-alikes",
            "cookies", "tokens and words", "spaces and a token", "larger than a token")}
        self.each("four lines", {name: four(maker) for name, maker in made.items()}, calls)

    def sets(self) -> None:
        token = self.file("RS256", lambda: shapes.signed_by("RS256", 256))
        kid = self.file("kid", lambda: shapes.signed_by("RS256", 1024, b',"kid":"x"'))
        payload = b"{}" + b" " * (self.size * 3 // 4 - 2000)
        others = {f"{alg}, {length} bytes": self.file(f"{alg}-{length}", lambda: shapes.signed_by(alg, length))
                  for alg, length in [("RS256", 1024), ("PS512", 1024), ("ES256", 64), ("ES512", 132),
                                         ("ML-DSA-44", 2420), ("ML-DSA-87", 4627)]}
        others["HS256, padded, 16 MiB"] = self.file("padded", lambda: shapes.signed_by(
            "HS256", 32, b"", payload[:-1]) + b"=")
        others |= {f"{alg}, 16 MiB": self.file(f"{alg}-long", lambda: shapes.signed_by(alg, length, b"", payload))
                   for alg, length in [("HS256", 32), ("RS256", 256), ("ES512", 132), ("ML-DSA-44", 2420)]}

        def calls(path: Path) -> list[Call]:
            jwks = ("--jwks", path, "--allow-weak-key")
            return [self.call(f"verify --jwks, {name}", "verify", "-", *jwks, "--json", stdin=other)
                    for name, other in others.items()] + [
                self.call("key show", "key", "show", path),
                self.call("key show --json", "key", "show", "--json", path),
                self.call("key set", "key", "set", path),
                self.call("key public", "key", "public", path),
                self.call("verify --jwks, RS256", "verify", "-", "--jwks", path, "--json", stdin=token),
                self.call("verify --jwks, kid", "verify", "-", "--jwks", path, stdin=kid),
                self.call("verify --jwks, HS256", "verify", "-", *jwks, stdin=self.genuine),
                self.call("encode --key", "encode", "--user", "1", "--key", path),
                self.call("refresh --key", "refresh", "-", "--key", path, stdin=token),
                self.call("verify --key, a stream", "verify", "--key", path, "--batch", others["RS256, 1024 bytes"],
                          "--explain"),
                self.call("as a secret", "verify", "-", "--secret-file", path, stdin=self.genuine),
            ]

        self.each("set", shapes.SETS, calls)

    def chains(self) -> None:
        """Certificates in the header, and one of their name that is trusted."""
        folder = self.folder / "certificates"
        folder.mkdir()
        root = self.file("root", lambda: certificates.certificate(folder, certificates.CA))
        trusted = ("--x5c-root", root)

        def calls(path: Path) -> list[Call]:
            piped = {"stdin": path}
            return [
                self.call("verify --x5c-any-leaf", "verify", "-", *trusted, "--x5c-any-leaf", "--json", **piped),
                self.call("verify --x5c-name", "verify", "-", *trusted, "--x5c-name", "z.example", **piped),
                self.call("verify --x5c-oid", "verify", "-", *trusted, "--x5c-oid", "1.2.4", "--x5c-oid",
                          "issuer:1.2.4", **piped),
                self.call("refresh", "refresh", "-", *trusted, "--x5c-any-leaf", "--sign-key", self.folder / "rsa.pem",
                          **piped),
                self.call("decode --json", "decode", "-", "--json", **piped),
            ]

        self.each("chain", certificates.shapes(folder), calls)

    def key_files(self) -> None:
        def calls(path: Path) -> list[Call]:
            return [
                self.call("key show", "key", "show", path),
                self.call("key convert", "key", "convert", "--format", "jwk", path),
                self.call("key show, piped", "key", "show", stdin=path),
                self.call("verify --key", "verify", "-", "--key", path, "--json", stdin=self.genuine),
                self.call("encode --key", "encode", "--user", "1", "--key", path),
            ]

        self.each("key file", shapes.KEYS, calls)

    def secrets(self) -> None:
        """A secret is of 1 MiB at most."""
        def calls(path: Path) -> list[Call]:
            flags = ("--secret-file", path)
            return [self.call(f"verify, {format}", "verify", "-", *flags, "--secret-format", format,
                              stdin=self.genuine) for format in ("text", "raw", "base64", "hex")]

        self.each("secret", shapes.SECRETS, calls, self.document)

    def fetched(self) -> None:
        """Sets and other documents of a server, of 1 MiB at most."""
        server = Server()
        token = self.file("RS256", lambda: shapes.signed_by("RS256", 1024))
        codes = {"codes": (0, 1, 4, 7)}
        headers = {
            "many headers": [(f"X-{i}", "a") for i in range(10_000)],
            "a long header": [("X", "a" * MIB)],
            "cookies": [("Set-Cookie", "a=b")] * 10_000,
            "a long Cache-Control": [("Cache-Control", "max-age=1, " * 90_000)],
            "a long ETag": [("ETag", '"' + "a" * 60_000 + '"')],
            "a long Location": [("Location", "/" + "a" * 60_000)],
        }

        def calls(path: Path) -> list[Call]:
            server.path = path
            url, piped = server.url(), {"stdin": token, **codes}
            cache = {"more": {"XDG_CACHE_HOME": str(self.folder / "cache"), "HOME": str(self.folder)}}
            return [
                self.call("verify --jwks URL", "verify", "-", "--jwks", url, "--no-cache", **piped),
                self.call("verify --jwks URL --json", "verify", "-", "--jwks", url, "--json", **piped, **cache),
                self.call("verify --jwks URL --timeout 1", "verify", "-", "--jwks", url, "--timeout", "1",
                          "--no-cache", waits=True, **piped),
                self.call("key show --jwks URL", "key", "show", "--jwks", url, "--no-cache", codes=(0, 1, 7)),
                self.call("verify --oidc ISSUER", "verify", "-", "--oidc", server.url(""), "--no-cache", **piped),
            ]

        self.each("fetched", shapes.SETS, calls, self.document)
        names = ("HTML", "JSON list of ones", "JSON of escaped names", "nested JSON", "open braces", "spaces", "bytes",
                 "larger than a token")
        texts = {name: shapes.TEXTS[name] for name in names}
        self.each("fetched", texts, calls, self.document)
        bomb = {"gzip of zeros": lambda size: shapes.gzipped(bytes(16 * size))}
        server.headers = [("Content-Encoding", "gzip")]
        self.each("fetched", bomb, calls, self.document)
        for name, server.headers in headers.items():
            self.each("fetched", {f"with {name}": lambda _: b'{"keys":[]}'}, calls, self.document)


PARTS = ["tokens", "jwss", "sd_jwts", "jwes", "texts", "claims", "streams", "sets", "chains", "key_files", "secrets", "fetched"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="inputs of 1 MiB, documents of 128 KiB, a quarter of the calls")
    parser.add_argument("--jwtctl", metavar="PATH", help="[what `cargo build --release` makes]")
    parser.add_argument("--part", action="append", choices=PARTS, help="these parts alone")
    parser.add_argument("--only", action="append", metavar="WORD", help="what has this in its name alone")
    parser.add_argument("--all", action="store_true", help="every row, not only those near a bound or beyond it")
    parser.add_argument("--folder", metavar="DIR", help="for the data [the system's for such files]")
    options = parser.parse_args()
    jwtctl = options.jwtctl or built("jwtctl", "build", "--release", "--bin", "jwtctl")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measurement = Measurement(options, copy(jwtctl, folder, "jwtctl"), Path(folder))
        print("| input | call | seconds | MB | exit code | bounds |\n|---|---|---|---|---|---|", flush=True)
        for part in options.part or PARTS:
            getattr(measurement, part)()
    time, memory = measurement.worst
    print(f"\n{measurement.count} calls; {len(measurement.broken)} of them break a bound; the worst took "
          f"{100 * time:.0f}% of its time and {100 * memory:.0f}% of its memory")
    if measurement.broken or not measurement.count:
        sys.exit(1)


if __name__ == "__main__":
    main()
