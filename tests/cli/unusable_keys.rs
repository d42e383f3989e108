//! Key files that cannot be used, each refused by name and with what to do.

use crate::harness::{CLAIMS, Call, clocked, jwtctl, text, token};

const KINDS: &str = "PEM keys of RSA, EC and Ed25519 are read: PKCS#8, PKCS#1, SPKI";

/// A file of `tests/keys`, what is said of it, and what to do.
const REFUSED: [(&str, &str, Option<&str>); 26] = [
    (
        "refused.encrypted.pkcs8.pem",
        "holds an encrypted private key",
        Some("convert it: openssl pkey -in KEY -out plain.pem"),
    ),
    (
        "refused.encrypted.pkcs1.pem",
        "holds an encrypted private key",
        Some("convert it: openssl pkey -in KEY -out plain.pem"),
    ),
    (
        "refused.sec1.pem",
        "holds an EC private key in SEC 1 form",
        Some("convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out pkcs8.pem"),
    ),
    (
        "refused.sec1-after-parameters.pem",
        "holds an EC private key in SEC 1 form",
        Some("convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out pkcs8.pem"),
    ),
    (
        "refused.certificate.pem",
        "holds a certificate",
        Some("convert it: openssl x509 -in CERTIFICATE -noout -pubkey"),
    ),
    (
        "refused.certificate-request.pem",
        "holds a certificate request",
        Some("convert it: openssl req -in REQUEST -noout -pubkey"),
    ),
    (
        "refused.x25519.pkcs8.pem",
        "holds an X25519 key, which agrees on keys and cannot sign",
        Some(KINDS),
    ),
    (
        "refused.x448.pkcs8.pem",
        "holds an X448 key, which agrees on keys and cannot sign",
        Some(KINDS),
    ),
    ("refused.ed448.pkcs8.pem", "holds an Ed448 key", Some(KINDS)),
    ("refused.rsa-pss.pkcs8.pem", "holds an RSA key restricted to PSS", Some(KINDS)),
    ("refused.dsa.pkcs8.pem", "holds a DSA key", Some(KINDS)),
    ("refused.dsa.traditional.pem", "holds a DSA key", Some(KINDS)),
    ("refused.dh-parameters.pem", "holds parameters without a key", Some(KINDS)),
    ("refused.ec-parameters.pem", "holds parameters without a key", Some(KINDS)),
    (
        "refused.brainpool.pkcs8.pem",
        "holds an EC key on the curve 1.3.36.3.3.2.8.1.1.7",
        Some(KINDS),
    ),
    (
        "refused.explicit-curve.pkcs8.pem",
        "holds an EC key with its curve spelled out in place of its name",
        Some("convert it: openssl pkey -in KEY -ec_param_enc named_curve"),
    ),
    (
        "refused.p256.pkcs8.der",
        "holds DER",
        Some(
            "convert it: openssl pkey -inform DER -in KEY -out key.pem (with -pubin for a public key)",
        ),
    ),
    (
        "refused.two-keys.pem",
        "holds 2 PEM blocks (PUBLIC KEY, PUBLIC KEY), and one is wanted",
        Some("keep one PEM block a file"),
    ),
    (
        "refused.certificate-and-key.pem",
        "holds 2 PEM blocks (CERTIFICATE, PRIVATE KEY), and one is wanted",
        Some("keep one PEM block a file"),
    ),
    ("rsa1024.pkcs8.private.pem", WEAK, Some(STRONGER)),
    ("rsa1024.spki.public.pem", WEAK, Some(STRONGER)),
    (
        "refused.rsa2048-exponent1.spki.pem",
        "is an RSA key with a public exponent that is even or 1",
        None,
    ),
    (
        "refused.rsa2048-exponent2.spki.pem",
        "is an RSA key with a public exponent that is even or 1",
        None,
    ),
    (
        "refused.p256-point-off-curve.spki.pem",
        "is not a sound P-256 public key (InvalidEncoding)",
        None,
    ),
    (
        "refused.p256-halves-differ.pkcs8.pem",
        "is not a sound P-256 private key (InvalidEncoding)",
        None,
    ),
    (
        "refused.rsa2048-halves-differ.pkcs8.pem",
        "is not a sound RSA 2048-bit private key (UnexpectedError)",
        None,
    ),
];

#[test]
fn what_is_no_usable_key_is_refused_by_name() {
    for (name, error, hint) in REFUSED {
        let error = format!("{name} {error}");
        let token = token(CLAIMS);
        for args in [&["encode", "-k", name][..], &["verify", &token, "--key", name]] {
            let call = jwtctl(args).key(name).error(&error);
            hint.into_iter().fold(call, Call::hint).code(7);
        }
    }
}

const WEAK: &str = "is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)";
const STRONGER: &str =
    "make a new one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072";

#[test]
fn files_that_hold_no_key_at_all() {
    let secret = "an HMAC secret is given with --secret-file or --secret-env";
    let verify = || clocked(&["verify", "-k", "f"]).stdin(token(CLAIMS));
    verify().file("f", "my_secret_key\n").error("f holds no key in PEM").hint(secret).code(7);
    verify()
        .file("f", r#"{"kty":"oct"}"#)
        .error("f holds JSON, perhaps a JSON Web Key; PEM is what is read")
        .hint(KINDS)
        .code(7);
    let empty = "with an empty key anyone could sign, so it is never used";
    for file in ["", " \n"] {
        verify().file("f", file).error("f is empty").hint(empty).code(7);
    }
    jwtctl(&["encode", "-k", "f.pem"])
        .error("cannot read f.pem: No such file or directory")
        .code(7);
    verify()
        .file("f", vec![b'x'; 1024 * 1024 + 1])
        .error("f is larger than any key: over 1 MiB")
        .code(7);
    clocked(&["verify", "-k", "", "a.b.c"])
        .error("--key is empty")
        .hint(empty)
        .error("the header has one character too many or too few (it has 1)")
        .hint("was it cut?")
        .code(7);
}

#[test]
fn a_file_that_was_cut_is_said_to_be_damaged() {
    let call = clocked(&["encode", "-k", "refused.cut.pem"]).key("refused.cut.pem");
    let output = call.output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(7));
    assert!(said.starts_with("error: refused.cut.pem is damaged: "), "{said}");
}

#[test]
fn openssh_keys_are_known_by_name() {
    for (name, kind) in [
        ("refused.openssh.private.pem", "an OpenSSH private key"),
        ("refused.openssh.public.txt", "an OpenSSH public key"),
    ] {
        let output = clocked(&["encode", "-k", name]).key(name).output();
        assert_eq!(output.status.code(), Some(7));
        // What the hint says depends on the key: ssh-keygen converts no Ed25519 key to PKCS#8.
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {name} holds {kind}\n")), "{said}");
    }
}
