//! Each kind of key file signs and verifies with its own algorithms; others are refused by name.

use crate::harness::{CLAIMS, PRINTED, clocked, key, line, parts, text};

/// The algorithms that a pair of key files supports, the default first.
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
        let supports = match algorithms {
            [one] => (*one).to_owned(),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
            [] => unreachable!("every key supports an algorithm"),
        };
        clocked(&["verify", "-k", public])
            .key(public)
            .stdin(&token)
            .error(&format!(
                "the token's \"alg\" is \"ES256\", which the {kind} public key ({public}) does not support"
            ))
            .hint(&format!("ES256 is checked with a P-256 public key: --key PATH, --jwks PATH|URL or --oidc ISSUER; this key supports {supports}"))
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
        clocked(&[verb, "-", "-k", name, "-A", "RS256"])
            .key(name)
            .stdin(if verb == "encode" { "{}".to_owned() } else { sign(name, &[]) })
            .error("the P-256 private key (p256.pkcs8.private.pem) does not support RS256")
            .hint("it supports ES256")
            .code(7);
    }
    clocked(&["encode", "{}", "-S", crate::harness::SECRET, "--alg", "ES256"])
        .error("the HMAC secret (--secret) does not support ES256")
        .hint("it supports HS256, HS384 and HS512")
        .code(7);
}

#[test]
fn a_public_key_cannot_sign() {
    for (_, public, kind, _) in PAIRS {
        clocked(&["encode", "{}", "-k", public])
            .key(public)
            .error(&format!("the {kind} public key ({public}) cannot sign"))
            .hint("a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND")
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
        format!("the key of the tests\n\n{pem}\nkeep it safe\n"),
    ] {
        clocked(&["encode", "--user", "123", "-k", "k"]).file("k", &file).stdout(&token).code(0);
    }
}

#[test]
fn a_key_file_may_begin_with_a_byte_order_mark() {
    // As Notepad and PowerShell write it.
    let name = "ed25519.pkcs8.private.pem";
    let pem = String::from_utf8(key(name)).unwrap();
    clocked(&["encode", "--user", "123", "-k", "k"])
        .file("k", format!("\u{feff}{pem}"))
        .stdout(sign(name, &[]))
        .code(0);
}

#[test]
fn the_report_says_which_key_verified() {
    let name = "ed25519.spki.public.pem";
    clocked(&["verify", "--json", "--compact", "-k", name])
        .key(name)
        .stdin(sign("ed25519.pkcs8.private.pem", &[]))
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"header":{{"alg":"EdDSA","typ":"JWT"}},"claims":{CLAIMS},"key":{{"kind":"Ed25519 public key","private":false,"kid":null,"source":"{name}","algorithms":["EdDSA","Ed25519"],"algorithm":"EdDSA"}},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
        )))
        .code(0);
}
