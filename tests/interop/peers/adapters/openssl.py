"""The openssl command: makes key files of every kind, and checks the ones it reads.
It must not sign or verify a token."""

from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import CURVES, PAIRS, PASSWORD, RSA, KeyFile, run
from .cryptography import thumbprint

READS = {"pem": PAIRS, "der": PAIRS}
MAKES = PAIRS


def read(alg, form, path, private):
    """The key is valid in openssl's eyes, and this one."""
    half = ["-check"] if private else ["-pubin", "-pubcheck"]
    said = run("openssl", "pkey", "-in", path, "-inform", form, *half, "-noout")
    assert b"Key is valid" in said, said
    pubin = [] if private else ["-pubin"]
    spki = run("openssl", "pkey", "-in", path, "-inform", form, *pubin, "-pubout", "-outform", "DER")
    return thumbprint(load_der_public_key(spki))


def make(alg, folder):
    files = []

    def add(form, private, *argv, password=None):
        path = folder / f"openssl.{len(files)}"
        run("openssl", *argv, "-out", path)
        files.append(KeyFile(form, path, private, password))
        return path

    if alg in RSA:
        kind = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    elif alg == "EdDSA":
        kind = ["-algorithm", "ED25519"]
    else:
        kind = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{CURVES[alg]}"]
    pem = add("PKCS#8 PEM", True, "genpkey", *kind)
    add("PKCS#8 DER", True, "pkcs8", "-topk8", "-nocrypt", "-in", pem, "-outform", "DER")
    sealed = folder / "openssl.password"
    sealed.write_text(PASSWORD)
    for cipher in ("aes-256-cbc", "aes-128-cbc"):
        encrypt = ["pkcs8", "-topk8", "-v2", cipher, "-passout", f"file:{sealed}", "-in", pem]
        add(f"PKCS#8 PEM, {cipher}", True, *encrypt, password=PASSWORD)
        add(f"PKCS#8 DER, {cipher}", True, *encrypt, "-outform", "DER", password=PASSWORD)
    spki = add("SPKI PEM", False, "pkey", "-in", pem, "-pubout")
    add("SPKI DER", False, "pkey", "-in", pem, "-pubout", "-outform", "DER")
    certificate = ["req", "-x509", "-new", "-key", pem, "-subj", "/CN=peers", "-days", "1"]
    certificate_pem = add("certificate PEM", False, *certificate)
    add("certificate DER", False, *certificate, "-outform", "DER")

    if alg in RSA:
        add("PKCS#1 PEM", True, "rsa", "-in", pem, "-traditional")
        add("PKCS#1 DER", True, "rsa", "-in", pem, "-traditional", "-outform", "DER")
        add("PKCS#1 public PEM", False, "rsa", "-in", pem, "-RSAPublicKey_out")
        add("PKCS#1 public DER", False, "rsa", "-in", pem, "-RSAPublicKey_out", "-outform", "DER")
    elif alg != "EdDSA":
        sec1 = add("SEC1 PEM", True, "ec", "-in", pem)
        add("SEC1 DER", True, "ec", "-in", pem, "-outform", "DER")
        add("SPKI PEM, compressed point", False, "ec", "-in", pem, "-pubout", "-conv_form", "compressed")
        path = folder / "openssl.parameters"
        path.write_bytes(run("openssl", "ec", "-in", pem, "-param_out") + sec1.read_bytes())
        files.append(KeyFile("EC PARAMETERS and SEC1 PEM", path, True))

    both = folder / "openssl.both"
    both.write_bytes(pem.read_bytes() + certificate_pem.read_bytes())
    files.append(KeyFile("a private key beside its certificate", both, True))
    return read(alg, "pem", spki, False), files
