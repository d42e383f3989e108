//! What is no HMAC secret: nothing at all, in each of its forms, and keys of other kinds, in every spelling.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::harness::{CLAIMS, Call, HEADER, SECRET, clocked, jwtctl, key, signed_with};

const EMPTY: &str = "with an empty key anyone could sign, so it is never used";
const AS_KEY: &str = "used as a secret, a public key would let anyone sign; keys of any form go to --key or \
                      --key-env";

/// Verifies, with these flags, a token that was signed with these bytes.
fn verify(secret: impl AsRef<[u8]>, flags: &[&str]) -> Call {
    let token = signed_with(secret.as_ref(), HEADER, CLAIMS);
    clocked(&[&["verify", token.as_str()], flags].concat())
}

#[test]
fn an_empty_secret_is_never_used() {
    // A token that an empty secret would verify.
    let empty = |flags: &[&str]| verify("", flags);
    for flags in [
        &["-S", ""][..],
        &["-S", "", "--secret-format", "raw"],
        &["-S", "", "--secret-format", "base64"],
        &["-S", " ", "--secret-format", "hex"],
    ] {
        empty(flags).error("--secret is empty").hint(EMPTY).code(7);
    }
    empty(&[]).env("JWTCTL_SECRET", "").error("JWTCTL_SECRET is empty").hint(EMPTY).code(7);
    empty(&["--secret-env", "MINE"]).env("MINE", "").error("MINE is empty").hint(EMPTY).code(7);
    for file in ["", "\n"] {
        empty(&["--secret-file", "s"]).file("s", file).error("s is empty").hint(EMPTY).code(7);
    }
    empty(&["--secret-file", "-"])
        .error("--secret-file - (standard input) is empty")
        .hint(EMPTY)
        .code(7);
    jwtctl(&["encode", "-S", ""]).error("--secret is empty").hint(EMPTY).code(7);
}

#[test]
fn key_material_is_never_a_secret() {
    let pem = String::from_utf8(key("p256.spki.public.pem")).unwrap();
    let jwk = r#" {"kty":"oct","k":"AAAA"}"#;
    for (material, found) in [
        (pem.as_str(), "a key or certificate in PEM"),
        (jwk, "a JSON Web Key"),
        (r#"{"keys":[]}"#, "a JSON Web Key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me", "an OpenSSH key"),
    ] {
        let error = |origin: &str| format!("{origin} holds {found}, not an HMAC secret");
        // A token that was forged with that text as the secret.
        let forged = |flags: &[&str]| verify(material, flags);
        forged(&["-S", material]).error(&error("--secret")).hint(AS_KEY).code(7);
        forged(&[])
            .env("JWTCTL_SECRET", material)
            .error(&error("JWTCTL_SECRET"))
            .hint(AS_KEY)
            .code(7);
        for format in ["text", "raw"] {
            forged(&["--secret-file", "f", "--secret-format", format])
                .file("f", material)
                .error(&error("f"))
                .hint(AS_KEY)
                .code(7);
        }
        clocked(&["encode", "--secret-file", "f"])
            .file("f", material)
            .error(&error("f"))
            .hint(AS_KEY)
            .code(7);
    }
    for der in ["p256.pkcs8.private.der", "p256.spki.public.der"] {
        verify(key(der), &["--secret-file", "f", "--secret-format", "raw"])
            .file("f", key(der))
            .error("f holds a key or certificate in DER, not an HMAC secret")
            .hint(AS_KEY)
            .code(7);
    }
}

#[test]
fn a_jwk_that_repeats_a_member_is_still_no_secret() {
    let jwk =
        r#"{"kty":"oct","kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    verify(jwk, &["-S", jwk])
        .error("--secret holds a JSON Web Key, not an HMAC secret")
        .hint(AS_KEY)
        .code(7);
}

#[test]
fn a_secret_of_nul_bytes_is_the_empty_secret() {
    // HMAC pads its secret with zero bytes (RFC 2104 section 2).
    let same = signed_with(b"", HEADER, CLAIMS);
    assert_eq!(signed_with(&[0; 48], HEADER, CLAIMS), same);
    for (file, format) in [
        (&[0; 48][..], "raw"),
        (&[0; 48], "text"),
        (b"\0", "raw"),
        (&[0; 64], "raw"),
        (b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "base64"),
        (b"0000000000000000000000000000000000000000000000000000000000000000", "hex"),
    ] {
        verify("", &["--secret-file", "s", "--secret-format", format])
            .file("s", file)
            .error("s is empty")
            .hint(EMPTY)
            .code(7);
    }
}

#[test]
fn white_space_alone_is_a_secret() {
    for secret in [" ", "\n\n", " \t\r\n", "                                        "] {
        verify(secret, &["-S", secret]).error("--secret is empty").hint(EMPTY).code(7);
        verify(secret, &[])
            .env("JWTCTL_SECRET", secret)
            .error("JWTCTL_SECRET is empty")
            .hint(EMPTY)
            .code(7);
        for format in ["text", "raw"] {
            verify(secret, &["--secret-file", "s", "--secret-format", format])
                .file("s", secret)
                .error("s is empty")
                .hint(EMPTY)
                .code(7);
        }
    }
}

/// The same public key, or a JWK, in the spellings that a verifier may have at hand.
fn spellings() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let der = key("p256.spki.public.der");
    let pem = String::from_utf8(key("p256.spki.public.pem")).unwrap();
    let jwk = r#"{"kty":"oct","k":"AAAA"}"#;
    let le: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = pem.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (in_pem, in_der, json) =
        ("a key or certificate in PEM", "a key or certificate in DER", "a JSON Web Key");
    vec![
        ("base64 of DER on one line", in_der, STANDARD.encode(&der).into()),
        ("base64url of DER", in_der, URL_SAFE_NO_PAD.encode(&der).into()),
        ("hex of DER", in_der, base16ct::lower::encode_string(&der).into()),
        ("DER and a newline", in_der, [&der[..], b"\n"].concat()),
        ("base64 of a PEM", in_pem, STANDARD.encode(&pem).into()),
        ("lower case", in_pem, pem.to_lowercase().into()),
        ("four dashes", in_pem, pem.replace("-----", "----").into()),
        ("UTF-16", in_pem, le.clone()),
        ("UTF-16 with a BOM", in_pem, [&b"\xff\xfe"[..], &le].concat()),
        ("UTF-16, big end first", in_pem, [&b"\xfe\xff"[..], &be].concat()),
        ("JWK with a BOM", json, format!("\u{feff}{jwk}").into()),
        ("JWK in an array", json, format!("[{jwk}]").into()),
        ("JWK with a trailing comma", json, jwk.replace('}', ",}").into()),
        ("base64 of a JWK", json, STANDARD.encode(jwk).into()),
    ]
}

#[test]
fn a_key_in_another_spelling_is_a_secret() {
    for (spelling, found, bytes) in spellings() {
        let error = |origin: &str| format!("{origin} holds {found}, not an HMAC secret");
        for format in ["raw", "text", "base64", "hex"] {
            println!("{spelling} as {format}");
            verify(&bytes, &["--secret-file", "f", "--secret-format", format])
                .file("f", &bytes)
                .error(&error("f"))
                .hint(AS_KEY)
                .code(7);
        }
        // What is no text comes by file alone; nor can a variable hold a NUL.
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        if text.contains('\0') {
            continue;
        }
        println!("{spelling} by flag and variable");
        verify(&bytes, &["-S", text]).error(&error("--secret")).hint(AS_KEY).code(7);
        let variable = "JWTCTL_SECRET";
        verify(&bytes, &[]).env(variable, text).error(&error(variable)).hint(AS_KEY).code(7);
    }
}

#[test]
fn a_secret_made_by_a_machine_is_taken_for_a_key() {
    let bytes = SECRET.as_bytes();
    for (format, written) in [
        ("text", SECRET.to_owned()),
        ("text", STANDARD.encode(bytes)),
        ("base64", STANDARD.encode(bytes)),
        ("base64", URL_SAFE_NO_PAD.encode(bytes)),
        ("hex", base16ct::lower::encode_string(bytes)),
    ] {
        let secret = if format == "text" { written.as_bytes() } else { bytes };
        verify(secret, &["-q", "-S", &written, "--secret-format", format]).code(0);
    }
}
