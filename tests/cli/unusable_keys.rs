//! Key files that cannot be used are refused by name, with what to do.

use crate::harness::{CLAIMS, Call, clocked, jwtctl, text, token};

const KINDS: &str = "JWTs are signed with HMAC secrets, RSA, EC on P-256, P-384, P-521 or secp256k1, Ed25519, or ML-DSA";

/// A file of `tests/keys`, what is said of it, and what to do.
const REFUSED: [(&str, &str, Option<&str>); 20] = [
    (
        "refused.encrypted.pkcs1.pem",
        "holds a private key encrypted by PEM headers (RFC 1421), which is obsolete",
        Some("convert it: openssl pkcs8 -topk8 -in KEY -out new.pem"),
    ),
    (
        "refused.certificate-request.pem",
        "holds a certificate request",
        Some("convert it: openssl req -in REQUEST -noout -pubkey"),
    ),
    (
        "refused.x448.pkcs8.pem",
        "holds an X448 key, which is for key agreement and cannot sign",
        Some(KINDS),
    ),
    ("refused.ed448.pkcs8.pem", "holds an Ed448 key, which jwtctl does not sign with", Some(KINDS)),
    ("refused.rsa-pss.pkcs8.pem", "holds an RSA key restricted to PSS", Some(KINDS)),
    ("refused.dsa.pkcs8.pem", "holds a DSA key", Some(KINDS)),
    ("refused.dsa.traditional.pem", "holds a DSA key", Some(KINDS)),
    (
        "refused.dh-parameters.pem",
        "holds Diffie-Hellman parameters, which are for key agreement and cannot sign",
        Some(KINDS),
    ),
    ("refused.ec-parameters.pem", "holds EC parameters without a key", Some(KINDS)),
    ("refused.brainpool.pkcs8.pem", "holds an EC key on the curve brainpoolP256r1", Some(KINDS)),
    (
        "refused.explicit-curve.pkcs8.pem",
        "holds an EC key with explicit curve parameters instead of a named curve",
        Some(
            "convert it: openssl pkey -in KEY -ec_param_enc named_curve (with -pubin for a public key)",
        ),
    ),
    (
        "refused.mldsa44-expanded.pkcs8.pem",
        "is an ML-DSA-44 private key without its seed",
        Some(
            "a JWK holds the seed, which cannot be computed from the expanded key (RFC 9964): write the key with its seed where it was made, or make a new one: jwtctl key new --alg ML-DSA-44",
        ),
    ),
    (
        "refused.mldsa44-halves-differ.pkcs8.pem",
        "is not a valid ML-DSA-44 private key (its seed and the keys beside it do not match each other)",
        None,
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
        "is not a valid P-256 public key (its point is not on the curve)",
        None,
    ),
    (
        "refused.p256-halves-differ.pkcs8.pem",
        "is not a valid P-256 private key (its numbers do not match each other)",
        None,
    ),
    (
        "refused.rsa2048-halves-differ.pkcs8.pem",
        "is not a valid RSA 2048-bit private key (its numbers do not match each other)",
        None,
    ),
];

#[test]
fn what_is_no_usable_key_is_refused_by_name() {
    for (name, error, hint) in REFUSED {
        let error = format!("{name} {error}");
        let token = token(CLAIMS);
        for args in [&["encode", "{}", "-k", name][..], &["verify", &token, "--key", name]] {
            let call = jwtctl(args).key(name).error(&error);
            hint.into_iter().fold(call, Call::hint).code(7);
        }
    }
}

const WEAK: &str = "is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)";
const STRONGER: &str =
    "make a new one: jwtctl key new --alg RS256; --allow-weak-key verifies with it for now";

#[test]
fn a_file_without_a_key_is_refused() {
    let secret = "an HMAC secret is given with --secret-file or --secret-env";
    let verify = || clocked(&["verify", "-k", "f"]).stdin(token(CLAIMS));
    verify()
        .file("f", "my_secret_key\n")
        .error("f has no key in any known format")
        .hint(secret)
        .code(7);
    verify()
        .file("f", r#"{"kty":"oct"}"#)
        .error("f is not a usable JWK: its \"k\" is missing")
        .code(7);
    verify()
        .file("f", r#"{"issuer":"https://id.example"}"#)
        .error("f holds JSON that is neither a JWK nor a JWK Set")
        .hint("a JWK has \"kty\", a JWK Set \"keys\"; docs/keys.md lists the other documents that keys are taken from")
        .code(7);
    let empty = "with an empty key anyone could sign, so it is never used";
    for file in ["", "\n"] {
        verify().file("f", file).error("f is empty").hint(empty).code(7);
    }
    verify()
        .file("f", " \n")
        .error("f contains only white space (2 bytes)")
        .hint("was it meant to be filled in? With an empty key anyone could sign, so it is never used")
        .code(7);
    jwtctl(&["encode", "{}", "-k", "f.pem"])
        .error("cannot read f.pem: No such file or directory")
        .code(7);
    verify()
        .file("f", vec![b'x'; 16 * 1024 * 1024 + 1])
        .error("f is too large for a key: over 16 MiB")
        .code(7);
    clocked(&["verify", "-k", "", "a.b.c"])
        .error("--key is empty")
        .hint(empty)
        .error("the header has one character too many or too few (it has 1)")
        .hint("was it cut?")
        .code(7);
}

#[test]
fn a_truncated_file_is_reported_as_damaged() {
    let call = clocked(&["encode", "{}", "-k", "refused.cut.pem"]).key("refused.cut.pem");
    let output = call.output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(7));
    assert!(said.starts_with("error: refused.cut.pem is damaged: "), "{said}");
}

/// Numbers in DER, each as so many bytes.
fn integers(lengths: &[usize]) -> Vec<u8> {
    let mut body = Vec::new();
    for length in lengths {
        let size = u16::try_from(*length).unwrap().to_be_bytes();
        body.extend([0x02, 0x82, size[0], size[1]].iter().filter(|_| *length > 255));
        body.extend([0x02, size[1]].iter().filter(|_| *length < 128));
        body.extend(vec![0x55; *length]);
    }
    let size = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&[0x30, 0x82, size[0], size[1]], &body[..]].concat()
}

#[test]
fn parameters_are_told_from_each_other() {
    let dh = "f holds Diffie-Hellman parameters, which are for key agreement and cannot sign";
    for (der, error) in [
        (integers(&[256, 1, 2]), dh),
        (integers(&[256, 256, 32]), dh),
        (integers(&[256, 32, 256]), "f holds DSA parameters, not a key"),
        (integers(&[256, 20, 256]), "f holds DSA parameters, not a key"),
    ] {
        jwtctl(&["key", "show", "f"]).file("f", der).error(error).hint(KINDS).code(7);
    }
    for (label, error) in
        [("X9.42 DH PARAMETERS", dh), ("DSA PARAMETERS", "f holds DSA parameters, not a key")]
    {
        let pem = format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
        jwtctl(&["key", "show", "f"]).file("f", pem).error(error).hint(KINDS).code(7);
    }
}
