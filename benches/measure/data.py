"""The data: claims, keys, tokens and key sets. Tokens are signed by the floor, never by jwtctl. Claims and
secrets are the same in each run; the private keys are new ones."""

import base64
import random
import shutil
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path

from .process import must

SECRET = "a secret for measuring, longer than its hash"
TOKEN_BYTES = 241
KEYS = {
    "RS256": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "PS256": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "ES384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "EdDSA": ["ED25519"],
}


def subject(index: int) -> str:
    return f"user-{index:028}"


def claims(index: int) -> str:
    """A `sub` and times of its own for each; the `exp` is in 2096."""
    issued = 1_700_000_000 + index % 10_000_000
    return (f'{{"iss":"https://issuer.example","sub":"{subject(index)}","aud":"api",'
            f'"iat":{issued},"exp":{issued + 2_300_000_000}}}')


def untimed(index: int) -> str:
    """The same without the times, which `encode --ttl` adds."""
    return f'{{"iss":"https://issuer.example","sub":"{subject(index)}","aud":"api"}}'


@dataclass
class Keys:
    """The files of a key, for the floor (`private` of which signs), and jwtctl's flags for them."""

    alg: str
    private: Path
    public: Path

    def flags(self, path: Path) -> list[str]:
        return ["--secret-file" if self.alg == "HS256" else "--key", str(path)]


class Data:
    """Files in a folder, each made when it is first asked for."""

    def __init__(self, folder: Path, floor: str):
        self.folder, self.floor = folder, floor

    def file(self, name: str, make) -> Path:
        path = self.folder / name
        if not path.exists():
            make(path)
        return path

    def claims(self, lines: int, text=claims) -> Path:
        def make(path: Path) -> None:
            with path.open("w") as file:
                file.writelines(f"{text(index)}\n" for index in range(lines))

        return self.file(f"{text.__name__}-{lines}.jsonl", make)

    def keys(self, alg: str) -> Keys:
        if alg == "HS256":
            secret = self.file("secret", lambda path: path.write_text(SECRET))
            return Keys(alg, secret, secret)

        def generate(path: Path) -> None:
            if alg.startswith("ML-DSA"):
                must(self.floor, "key", alg, path, path.with_suffix(".pub"))
                return
            pem = path.with_suffix(".pem")
            must("openssl", "genpkey", "-quiet", "-algorithm", *KEYS[alg], "-out", pem)
            must("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", pem, "-outform", "DER", "-out", path)
            must("openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER",
                 "-out", path.with_suffix(".pub"))

        private = self.file(f"{alg}.der", generate)
        return Keys(alg, private, private.with_suffix(".pub"))

    def tokens(self, alg: str, lines: int) -> Path:
        def make(path: Path) -> None:
            must(self.floor, "sign", alg, self.keys(alg).private, self.claims(lines), path)
            with path.open() as tokens:
                if alg == "HS256" and len(next(tokens).strip()) != TOKEN_BYTES:
                    raise AssertionError(f"a token is not of {TOKEN_BYTES} bytes")

        return self.file(f"{alg}-{lines}.tokens", make)

    def shared_key(self) -> tuple[Path, Path]:
        """The 32 bytes of a key that encrypts, for the floor, and the same as a JWK."""
        raw = self.file("shared", lambda path: path.write_bytes(SECRET[:32].encode()))
        k = base64.urlsafe_b64encode(raw.read_bytes()).decode().rstrip("=")
        return raw, self.file("shared.jwk", lambda path: path.write_text(f'{{"kty":"oct","k":"{k}"}}'))

    def encrypted(self, alg: str, lines: int) -> Path:
        return self.file(f"{alg}-{lines}.tokens", lambda path: must(
            self.floor, "encrypt", alg, self.shared_key()[0], self.claims(lines), path))

    def set(self, alg: str, keys: int, lines: int) -> tuple[Path, Path]:
        """A JWK Set, and tokens that name each of its keys in turn."""
        jwks = self.folder / f"{alg}-{keys}-{lines}.jwks"
        tokens = self.file(f"{alg}-{keys}-{lines}.tokens", lambda path: must(
            self.floor, "set", alg, str(keys), self.claims(lines), jwks, path))
        return jwks, tokens

    def first(self, file: Path, lines: int) -> Path:
        """The first lines of a file."""
        def make(path: Path) -> None:
            with file.open() as whole, path.open("w") as part:
                part.writelines(islice(whole, lines))

        return self.file(f"{file.name}-first-{lines}", make)

    def drawn(self, file: Path, lines: int) -> Path:
        """That many lines, each one of the file's: Zipf's distribution with the exponent 0.9, the same
        draws in each run."""
        def make(path: Path) -> None:
            with file.open() as some:
                tokens = list(some)
            weights = list(accumulate((place + 1) ** -0.9 for place in range(len(tokens))))
            draw = random.Random(1).choices
            with path.open("w") as drawn:
                for _ in range(lines // 1000):
                    drawn.writelines(draw(tokens, cum_weights=weights, k=1000))

        return self.file(f"{file.name}-drawn-{lines}", make)

    def repeated(self, file: Path, times: int) -> Path:
        def make(path: Path) -> None:
            with path.open("wb") as long:
                for _ in range(times):
                    with file.open("rb") as short:
                        shutil.copyfileobj(short, long, 1 << 20)

        return self.file(f"{file.name}-times-{times}", make)
