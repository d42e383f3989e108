//! One key in every format and encoding is the same key, whatever its source and file name.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Call, PRINTED, clocked, jwtctl, key, line, text};

/// Files of `tests/keys` that are one key: how their names begin, and how those of another key do; its
/// public half as openssl writes it, and its thumbprint, made by other means.
const FAMILIES: [(&str, &str, Option<&str>, &str); 14] = [
    ("p256.", "?", Some("p256.spki.public.pem"), "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk"),
    (
        "rsa2048.",
        "rsa2048.exponent3.",
        Some("rsa2048.spki.public.pem"),
        "Mo7CF5nMzc5p-1UXc8X2fc9-G_Mz4Z8fF8R7kc8Dxg0",
    ),
    (
        "rsa2048.exponent3.",
        "?",
        Some("rsa2048.exponent3.spki.public.pem"),
        "du8GViMLOFL32eeoVqRsFlWWTr0U5hXlKLh2kmyzblg",
    ),
    (
        "ed25519.",
        "ed25519.openssh",
        Some("ed25519.spki.public.pem"),
        "UZwoUfTul-6ICCr6OvdG76C3RNQFzap8l0AeEPbUI80",
    ),
    ("ed25519.openssh", "?", None, "JP72jRU_YV_BADZtFgb6JJZT3bdEwBRpbBrlq8XEZSs"),
    ("p384.", "?", Some("p384.spki.public.pem"), "EhJ6_nPX6xH1G_-epHmcXP5mu6UEKVd1pbVIVjrDAxs"),
    ("p521.", "?", Some("p521.spki.public.pem"), "djfPWlz0z8mUkDYsnhGCNhxVmwVLofiXW42zLcND1Q4"),
    (
        "secp256k1.",
        "?",
        Some("secp256k1.spki.public.pem"),
        "0JGnpnRCJ-AvM70L2zVhM9uszAaNNt00bAebUrOHlX4",
    ),
    // Numbers that begin with a zero byte, which some formats leave out and others must not.
    (
        "p256-short-number.",
        "?",
        Some("p256-short-number.spki.public.pem"),
        "kEa6PlFDSWyV5XyJ_unUh9GO5GNeYSLYG4LyNWncnHM",
    ),
    (
        "p256-short-point.",
        "?",
        Some("p256-short-point.spki.public.pem"),
        "l904DD8QPkTbD0Kn6F0sVLG_UY_PlsATH4oHb19CgkA",
    ),
    (
        "p521-short-number.",
        "?",
        Some("p521-short-number.spki.public.pem"),
        "TVuCp7nyf_b3_12Oqi5vCOeEm5ZLxIx7BsdwYiQB_Mc",
    ),
    // The seed is that of the examples of RFC 9881; these files were made with cryptography and dilithium-py.
    (
        "mldsa44.",
        "?",
        Some("mldsa44.spki.public.pem"),
        "XqS8KAWB0Sc42bmWeKxan98eQKcHS4DVOHGc_kr_68E",
    ),
    (
        "mldsa65.",
        "?",
        Some("mldsa65.spki.public.pem"),
        "x0kWwvv_AqVn61aqlQHnR3QwLdzUjPE_JWxbqdcwnmc",
    ),
    (
        "mldsa87.",
        "?",
        Some("mldsa87.spki.public.pem"),
        "mFRsKlw6dHj1-DtDA2Q37S9_J-6bafDaCshNfEFXF4w",
    ),
];

/// The files of `tests/keys` whose names begin with the one and not with the other.
fn spellings(begin: &str, other: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut names: Vec<_> =
        names.filter(|name| name.starts_with(begin) && !name.starts_with(other)).collect();
    names.sort();
    assert!(names.len() > 1, "{begin}");
    names
}

fn is_private(name: &str) -> bool {
    name.contains("private") || name.contains("encrypted")
}

/// A call with a key of `tests/keys` and the password of the encrypted ones.
fn with(name: &str, args: &[&str]) -> Call {
    clocked(args).key(name).env("JWTCTL_KEY_PASSWORD", "correct horse")
}

/// The same for a verb of `key`, which has no clock.
fn of(verb: &[&str], name: &str) -> Call {
    let call = jwtctl(&[&["key"], verb, &[name]].concat()).key(name);
    call.env("JWTCTL_KEY_PASSWORD", "correct horse")
}

#[track_caller]
fn sign(name: &str) -> String {
    let output = with(name, &["encode", "--user", "123", "-k", name]).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{name}");
    text(&output.stdout)
}

#[test]
fn every_spelling_of_a_key_signs_and_verifies_for_the_others() {
    for (begin, other, ..) in FAMILIES {
        let mut names = spellings(begin, other);
        // Seconds to open in a debug build; the thumbprint says that it is the same key.
        names.retain(|name| !name.contains("scrypt"));
        let private: Vec<_> = names.iter().filter(|name| is_private(name)).collect();
        let token = sign(private[0]);
        for name in &names {
            with(name, &["verify", "-k", name]).stdin(&token).stdout(PRINTED).code(0);
        }
        // What each signs, the one listed before it and the public half verify.
        let public = names.iter().find(|name| !is_private(name)).expect("a public half");
        for (before, name) in private.iter().zip(&private[1..]) {
            let token = sign(name);
            for verifying in [before, public] {
                let args = ["verify", "-k", verifying];
                with(verifying, &args).stdin(&token).stdout(PRINTED).code(0);
            }
        }
    }
}

#[test]
fn every_spelling_of_a_key_has_its_thumbprint() {
    for (begin, other, _, thumbprint) in FAMILIES {
        for name in spellings(begin, other) {
            of(&["thumbprint"], &name).stdout(line(thumbprint)).code(0);
        }
    }
}

#[test]
fn every_spelling_of_a_key_has_its_public_half() {
    for (begin, other, public, _) in FAMILIES {
        let names = spellings(begin, other);
        let first = of(&["public", "--format", "pem"], &names[0]).output().stdout;
        let pem = public.map_or(first, key);
        assert!(pem.starts_with(b"-----BEGIN PUBLIC KEY-----\n"));
        for name in names {
            of(&["public", "--format", "pem"], &name).stdout(&pem).code(0);
        }
    }
}

#[test]
fn a_key_is_one_key_wherever_it_comes_from() {
    let thumbprint = line("UZwoUfTul-6ICCr6OvdG76C3RNQFzap8l0AeEPbUI80");
    let name = "ed25519.spki.public.pem";
    let pem = text(&key(name));
    let call = |args: &[&str]| jwtctl(&[&["key", "thumbprint"], args].concat());
    call(&[name]).key(name).stdout(&thumbprint).code(0);
    call(&["-k", name]).key(name).stdout(&thumbprint).code(0);
    call(&[]).env("JWTCTL_KEY", name).key(name).stdout(&thumbprint).code(0);
    for args in [&[][..], &["-"], &["-k", "-"]] {
        call(args).stdin(&pem).stdout(&thumbprint).code(0);
    }
    call(&["--key-env", "MINE"]).env("MINE", &pem).stdout(&thumbprint).code(0);
    // What is piped in wins over the environment, a flag over both.
    let other = "p256.spki.public.pem";
    call(&[]).env("JWTCTL_KEY", other).key(other).stdin(&pem).stdout(&thumbprint).code(0);
    let both = call(&["-k", name]).env("JWTCTL_KEY", other).key(name).key(other);
    both.stdin("x").stdout(&thumbprint).code(0);
}

/// A key of each form that is text, all with one thumbprint a line of three.
const TEXTS: [&str; 6] = [
    "ed25519.spki.public.pem",
    "p256.sec1-after-parameters.private.pem",
    "p256.private.jwk",
    "p256.openssh.public.txt",
    "p256.openssh.private.pem",
    "p256.certificate.pem",
];

fn thumbprint(name: &str) -> String {
    let family = FAMILIES.iter().find(|(begin, ..)| name.starts_with(begin));
    line(family.expect("a key with a thumbprint").3)
}

#[track_caller]
fn is_read(name: &str, bytes: impl AsRef<[u8]>) {
    jwtctl(&["key", "thumbprint", "k"]).file("k", bytes).stdout(thumbprint(name)).code(0);
}

#[test]
fn a_text_may_be_laid_out_in_any_way() {
    for name in TEXTS {
        let plain = text(&key(name));
        let indented: Vec<_> = plain.lines().map(|line| format!("    {line}")).collect();
        is_read(name, plain.trim_end());
        is_read(name, format!("\n\n{plain}\n\n"));
        is_read(name, plain.replace('\n', "\r\n"));
        is_read(name, indented.join("\n"));
        is_read(name, indented.join("\n").replace("    ", "\t"));
        is_read(name, format!("\u{feff}{plain}"));
    }
}

#[test]
fn a_text_may_be_in_utf_16() {
    // As PowerShell's `>` writes it.
    for name in TEXTS {
        let text = format!("\u{feff}{}", text(&key(name)));
        let units: Vec<_> = text.encode_utf16().collect();
        let bytes = |unit: fn(u16) -> [u8; 2]| units.iter().copied().flat_map(unit);
        is_read(name, bytes(u16::to_le_bytes).collect::<Vec<_>>());
        is_read(name, bytes(u16::to_be_bytes).collect::<Vec<_>>());
    }
}

#[test]
fn a_pem_may_have_notes_around_it() {
    // As `openssl s_client` and `openssl pkcs12` write it.
    for name in TEXTS.into_iter().filter(|name| key(name).starts_with(b"-----BEGIN ")) {
        let pem = text(&key(name));
        is_read(
            name,
            format!("Bag Attributes\n    friendlyName: me\nKey Attributes: <None>\n{pem}"),
        );
        is_read(name, format!("{pem}\nissued by: me\n"));
    }
}

#[test]
fn an_openssh_key_may_have_a_comment_and_stand_below_others() {
    let name = "p256.openssh.public.txt";
    let key = text(&key(name));
    let key = key.trim_end();
    is_read(name, format!("{key} me@host"));
    is_read(name, format!("{key} a comment of more words\n"));
    is_read(name, format!("# mine\n\n{key}\n"));
    is_read(name, format!("{key}\n{key} me@host\n"));
}

#[test]
fn base64_stands_for_what_it_encodes() {
    for name in ["p256.spki.public.der", "p256.pkcs8.private.der", "p256.spki.public.pem"] {
        let encoded = STANDARD.encode(key(name));
        let wrapped: Vec<_> = encoded.as_bytes().chunks(76).map(text).collect();
        is_read(name, &encoded);
        is_read(name, wrapped.join("\n") + "\n");
        is_read(name, wrapped.join("\r\n"));
        jwtctl(&["key", "thumbprint", "--key-env", "MINE"])
            .env("MINE", &encoded)
            .stdout(thumbprint(name))
            .code(0);
    }
    is_read("p256.certificate.pem", STANDARD.encode(key("p256.certificate.pem")));
    let name = "p256.encrypted.pkcs8.der";
    jwtctl(&["key", "thumbprint", "k"])
        .file("k", STANDARD.encode(key(name)))
        .env("JWTCTL_KEY_PASSWORD", "correct horse")
        .stdout(thumbprint(name))
        .code(0);
}

#[test]
fn der_may_end_in_a_newline_that_an_editor_added() {
    for name in ["p256.spki.public.der", "p256.pkcs8.private.der"] {
        is_read(name, [&key(name)[..], b"\n"].concat());
    }
}

#[test]
fn a_variable_holds_a_key_as_env_files_and_ci_systems_write_it() {
    let read = |name: &str, value: &str| {
        jwtctl(&["key", "thumbprint", "--key-env", "MINE"])
            .env("MINE", value)
            .stdout(thumbprint(name))
            .code(0);
    };
    for name in TEXTS {
        let plain = text(&key(name));
        for value in [plain.clone(), format!("  {plain}  "), plain.replace('\n', "\r\n")] {
            read(name, &value);
        }
    }
    for name in TEXTS.into_iter().filter(|name| key(name).starts_with(b"-----BEGIN ")) {
        let pem = text(&key(name));
        read(name, &format!("\"{pem}\""));
        read(name, &format!("'{}'", pem.trim_end()));
        read(name, &pem.replace('\n', "\\n"));
        read(name, &pem.replace('\n', "\\r\\n"));
        read(name, &format!("\"{}\"", pem.replace('\n', "\\n")));
        read(name, &format!("'{}'", pem.trim_end().replace('\n', "\\n")));
    }
}

#[test]
fn a_variable_that_is_not_set_or_empty_is_named() {
    let call = || jwtctl(&["key", "show", "--key-env", "MINE"]);
    call().error("MINE is not set").hint("export it, or name another variable").code(7);
    for value in ["", "\n"] {
        call()
            .env("MINE", value)
            .error("MINE is empty")
            .hint("with an empty key anyone could sign, so it is never used")
            .code(7);
    }
    call()
        .env("MINE", " ")
        .error("MINE contains only white space (1 byte)")
        .hint("was it meant to be filled in? With an empty key anyone could sign, so it is never used")
        .code(7);
}

#[test]
fn the_content_says_what_a_key_is_and_not_the_name() {
    for (name, file) in [
        ("p256.private.jwk", "key.pem"),
        ("p256.pkcs8.private.pem", "key.jwk"),
        ("p256.spki.public.der", "key.pem"),
        ("p256.spki.public.pem", "key.der"),
        ("p256.openssh.public.txt", "key.json"),
        ("p256.certificate.pem", "id_ecdsa.pub"),
        ("p256.private.jwk", "key"),
    ] {
        let call = jwtctl(&["key", "thumbprint", file]).file(file, key(name));
        call.stdout(thumbprint(name)).code(0);
    }
}

#[test]
fn the_private_key_is_taken_where_its_certificate_stands_beside_it() {
    let name = "p256.certificate-and-private.pem";
    let both = text(&key(name));
    let (first, second) = both.split_at(both.rfind("-----BEGIN").unwrap());
    for pem in [both.clone(), format!("{second}{first}")] {
        let call = clocked(&["encode", "--user", "123", "-k", "k.pem"]).file("k.pem", pem);
        let token = call.output().stdout;
        let public = "p256.certificate.pem";
        clocked(&["verify", "-k", public]).key(public).stdin(token).stdout(PRINTED).code(0);
    }
}

#[test]
fn quotes_around_a_jwk_in_a_variable_are_ignored() {
    let jwk = String::from_utf8(key("p256.private.jwk")).unwrap();
    let plain = jwtctl(&["key", "thumbprint", "--key-env", "K"]).env("K", &jwk).output();
    assert_eq!(plain.status.code(), Some(0));
    for quoted in [format!("'{jwk}'"), format!("\"{jwk}\"\n")] {
        let call = jwtctl(&["key", "thumbprint", "--key-env", "K"]).env("K", &quoted);
        call.stdout(&plain.stdout).code(0);
    }
    jwtctl(&["key", "thumbprint", "--key-env", "K"])
        .env("K", "\"\"")
        .error("K is empty")
        .hint("with an empty key anyone could sign, so it is never used")
        .code(7);
}
