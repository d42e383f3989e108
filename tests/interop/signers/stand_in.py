"""Stands in for the client of a key management service, under whose name it is called: checks that it is asked as the real
one must be, and answers in the same form, with the key in the file that STAND_IN_KEY names."""

import base64
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

KEY = load_pem_private_key(Path(os.environ["STAND_IN_KEY"]).read_bytes(), None)


def expect(*words):
    if sys.argv[1:] != list(words):
        sys.exit(f"{sys.argv[0]}: asked {sys.argv[1:]}, not {list(words)}")


def der(message):
    return KEY.sign(message, ec.ECDSA(hashes.SHA256()))


def der_of_digest(digest):
    return KEY.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def aws():
    message, kind = sys.stdin.buffer.read(), sys.argv[sys.argv.index("--message-type") + 1]
    expect(
        *"kms sign --key-id alias/jwt --message fileb:///dev/stdin --message-type".split(),
        kind,
        *"--signing-algorithm ECDSA_SHA_256 --query Signature --output text".split(),
    )
    if kind == "RAW":
        assert 0 < len(message) <= 4096, "a message of at most 4096 bytes"
        signature = der(message)
    else:
        assert (kind, len(message)) == ("DIGEST", 32), "a digest of 32 bytes"
        signature = der_of_digest(message)
    print(base64.b64encode(signature).decode())


def gcloud():
    expect(
        *"kms asymmetric-sign --version 1 --key jwt --keyring ring --location global".split(),
        *"--digest-algorithm sha256 --input-file /dev/stdin --signature-file -".split(),
    )
    sys.stdout.buffer.write(der(Path("/dev/stdin").read_bytes()))


def az():
    digest = sys.argv[sys.argv.index("--digest") + 1]
    expect(
        *"keyvault key sign --vault-name VAULT --name jwt --algorithm ES256 --digest".split(),
        digest,
        *"--query signature --output tsv".split(),
    )
    r, s = utils.decode_dss_signature(der_of_digest(base64.b64decode(digest, validate=True)))
    print(base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode())


def vault():
    expect(*"write -field=signature transit/sign/jwt hash_algorithm=sha2-256 input=-".split())
    message = base64.b64decode(sys.stdin.read(), validate=True)
    # The client ends its output with a line break on a terminal only.
    print(f"vault:v1:{base64.b64encode(der(message)).decode()}", end="")


{"aws": aws, "gcloud": gcloud, "az": az, "vault": vault}[Path(sys.argv[0]).name]()
