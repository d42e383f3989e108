//! Key files: each kind signs and verifies with its own algorithms, and what cannot be used is
//! refused by name.

use crate::harness::{CLAIMS, PRINTED, clocked, jwtctl, key, line, parts, text, token};

/// What a pair of key files serves; the first algorithm is the default.
const PAIRS: [(&str, &str, &str, &[&str]); 9] = [
    ("rsa2048.pkcs8.private.pem", "rsa2048.spki.public.pem", "RSA 2048-bit", RSA),
    ("rsa2048.pkcs1.private.pem", "rsa2048.pkcs1.public.pem", "RSA 2048-bit", RSA),
    (
        "rsa2048.exponent3.pkcs8.private.pem",
        "rsa2048.exponent3.spki.public.pem",
        "RSA 2048-bit",
        RSA,
    ),
    ("p256.pkcs8.private.pem", "p256.spki.public.pem", "P-256", &["ES256"]),
    (
        "p256.without-public-half.pkcs8.private.pem",
        "p256.compressed-point.spki.public.pem",
        "P-256",
        &["ES256"],
    ),
    ("p384.pkcs8.private.pem", "p384.spki.public.pem", "P-384", &["ES384"]),
    ("p521.pkcs8.private.pem", "p521.spki.public.pem", "P-521", &["ES512"]),
    ("secp256k1.pkcs8.private.pem", "secp256k1.spki.public.pem", "secp256k1", &["ES256K"]),
    ("ed25519.pkcs8.private.pem", "ed25519.spki.public.pem", "Ed25519", &["EdDSA", "Ed25519"]),
];
const RSA: &[&str] = &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/// Signs the usual claims.
#[track_caller]
fn sign(private: &str, flags: &[&str]) -> String {
    let args = [&["encode", "--user", "123", "-k", private], flags].concat();
    let output = clocked(&args).key(private).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{args:?}");
    text(&output.stdout)
}

#[test]
fn every_key_signs_and_verifies_with_each_of_its_algorithms() {
    for (private, public, _, algorithms) in PAIRS {
        for alg in algorithms {
            let token = sign(private, &["-A", alg]);
            assert_eq!(parts(&token).0, format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
            for half in [public, private] {
                clocked(&["verify", "-k", half]).key(half).stdin(&token).stdout(PRINTED).code(0);
            }
        }
    }
}

#[test]
fn the_key_names_the_default_algorithm() {
    for (private, _, _, algorithms) in PAIRS {
        let (header, claims) = parts(&sign(private, &[]));
        assert_eq!(header, format!(r#"{{"alg":"{}","typ":"JWT"}}"#, algorithms[0]), "{private}");
        assert_eq!(claims, CLAIMS);
    }
}

#[test]
fn one_key_does_not_verify_what_another_signed() {
    let token = sign("p256.pkcs8.private.pem", &[]);
    // A key of the same kind.
    let other = String::from_utf8(key("rsa2048.exponent3.spki.public.pem")).unwrap();
    clocked(&["verify", "-k", "k.pem"])
        .file("k.pem", other)
        .stdin(sign("rsa2048.pkcs8.private.pem", &[]))
        .error("the signature does not match: checked as RS256 with the RSA 2048-bit public key (k.pem)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
    // A key of another kind: the token cannot choose.
    for (_, public, kind, algorithms) in PAIRS {
        if kind == "P-256" {
            continue;
        }
        let serves = match algorithms {
            [one] => (*one).to_owned(),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
            [] => unreachable!("every key serves something"),
        };
        clocked(&["verify", "-k", public])
            .key(public)
            .stdin(&token)
            .error(&format!(
                "the token's \"alg\" is \"ES256\", which the {kind} public key ({public}) does not serve"
            ))
            .hint(&format!("the key serves {serves}; is it the right key?"))
            .code(4);
    }
}

#[test]
fn an_altered_signature_is_refused_by_every_kind() {
    for (private, public, kind, algorithms) in PAIRS {
        let forged = crate::harness::forged(sign(private, &[]).trim_end());
        clocked(&["verify", "-k", public])
            .key(public)
            .stdin(&forged)
            .error(&format!(
                "the signature does not match: checked as {} with the {kind} public key ({public})",
                algorithms[0]
            ))
            .hint("the token was signed with another key, or changed after it was signed")
            .code(4);
    }
}

#[test]
fn alg_must_be_one_of_the_keys() {
    let name = "p256.pkcs8.private.pem";
    for verb in ["encode", "verify", "refresh"] {
        clocked(&[verb, "-k", name, "-A", "RS256"])
            .key(name)
            .stdin(sign(name, &[]))
            .error("the P-256 private key (p256.pkcs8.private.pem) does not serve RS256")
            .hint("it serves ES256")
            .code(7);
    }
    clocked(&["encode", "-S", crate::harness::SECRET, "--alg", "ES256"])
        .error("the HMAC secret (--secret) does not serve ES256")
        .hint("it serves HS256, HS384 and HS512")
        .code(7);
}

#[test]
fn a_public_key_cannot_sign() {
    for (_, public, kind, _) in PAIRS {
        clocked(&["encode", "-k", public])
            .key(public)
            .error(&format!("the {kind} public key ({public}) cannot sign"))
            .hint("sign with the private key; the public one can only verify")
            .code(7);
    }
}

#[test]
fn a_key_comes_from_a_file_a_variable_or_standard_input() {
    // Ed25519 signatures are deterministic, so the tokens can be compared.
    let name = "ed25519.pkcs8.private.pem";
    let pem = String::from_utf8(key(name)).unwrap();
    let token = sign(name, &[]);
    let encode = |flags: &[&str]| clocked(&[&["encode", "--user", "123"], flags].concat());
    encode(&["--key", name]).key(name).stdout(&token).code(0);
    encode(&["-k", "-"]).stdin(&pem).stdout(&token).code(0);
    encode(&[]).key(name).env("JWTCTL_KEY", name).stdout(&token).code(0);
    encode(&["--key-env", "MINE"]).env("MINE", &pem).stdout(&token).code(0);
    // On one line, as CI systems keep it.
    let one_line = pem.replace('\n', "\\n");
    encode(&["--key-env", "MINE"]).env("MINE", &one_line).stdout(&token).code(0);
}

#[test]
fn a_key_of_windows_lines_may_stand_on_one_line_of_a_variable() {
    let name = "ed25519.pkcs8.private.pem";
    let pem = String::from_utf8(key(name)).unwrap().replace('\n', "\\r\\n");
    clocked(&["encode", "--user", "123", "--key-env", "MINE"])
        .env("MINE", &pem)
        .stdout(sign(name, &[]))
        .code(0);
}

#[test]
fn a_key_file_may_come_from_windows_or_have_notes_in_it() {
    let name = "ed25519.pkcs8.private.pem";
    let pem = String::from_utf8(key(name)).unwrap();
    let token = sign(name, &[]);
    for file in [
        pem.replace('\n', "\r\n"),
        pem.trim_end().to_owned(),
        format!("\u{feff}{pem}"),
        format!("the key of the tests\n\n{pem}\nkeep it safe\n"),
    ] {
        clocked(&["encode", "--user", "123", "-k", "k"]).file("k", &file).stdout(&token).code(0);
    }
}

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
        Some("convert it: openssl pkey -inform DER -in KEY -out key.pem"),
    ),
    (
        "refused.two-keys.pem",
        "holds 2 keys (PUBLIC KEY, PUBLIC KEY), and one is wanted",
        Some("keep one PEM block a file"),
    ),
    (
        "refused.certificate-and-key.pem",
        "holds 2 keys (CERTIFICATE, PRIVATE KEY), and one is wanted",
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
            hint.into_iter().fold(call, crate::harness::Call::hint).code(7);
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
    let empty = "an empty key would make every token forgeable, so it is never used";
    for file in ["", " \n"] {
        verify().file("f", file).error("f is empty").hint(empty).code(7);
    }
    verify().error("cannot read f: No such file or directory").code(7);
    verify()
        .file("f", vec![b'x'; 1024 * 1024 + 1])
        .error("f is larger than any key: over 1 MiB")
        .code(7);
    clocked(&["verify", "-k", "", "a.b.c"])
        .error("--key is empty")
        .hint(empty)
        .error("the header ends in the middle of a byte (after 1 characters)")
        .hint("was it cut?")
        .code(7);
}

#[test]
fn the_report_says_which_key_verified() {
    let name = "ed25519.spki.public.pem";
    clocked(&["verify", "--json", "--compact", "-k", name])
        .key(name)
        .stdin(sign("ed25519.pkcs8.private.pem", &[]))
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"header":{{"alg":"EdDSA","typ":"JWT"}},"claims":{CLAIMS},"key":{{"kind":"Ed25519 public key","private":false,"source":"{name}","algorithms":["EdDSA","Ed25519"],"algorithm":"EdDSA"}},"problems":[],"warnings":[]}}"#
        )))
        .code(0);
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
