//! UTF-8 and UTF-16 with a byte order mark, as Windows writes them, are read as the same text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{
    CLAIMS, Call, HEADER, PRINTED, SECRET, clocked, jwtctl, key, keyed, line, signed_with, text,
    token,
};
use crate::streams::{EXPIRED, GOOD, lines};

/// The text as it is, with a byte order mark, and in UTF-16 of both byte orders.
fn encodings(text: &str) -> [Vec<u8>; 4] {
    let marked = format!("\u{feff}{text}");
    let utf16 = |unit: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(unit).collect();
    [text.into(), marked.clone().into(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)]
}

/// Verifies, with these flags, a token that was signed with these bytes.
fn verify(secret: impl AsRef<[u8]>, flags: &[&str]) -> Call {
    let token = signed_with(secret.as_ref(), HEADER, CLAIMS);
    clocked(&[&["verify", token.as_str()], flags].concat())
}

#[test]
fn a_token_is_read_from_text_in_any_encoding() {
    let genuine = token(CLAIMS);
    for around in [
        line(&genuine),
        format!("{genuine}\r\n"),
        format!(" \"{genuine}\" \r\n"),
        format!("Authorization: DPoP {genuine}\r\n"),
    ] {
        for bytes in encodings(&around) {
            keyed(&["verify"]).stdin(&bytes).stdout(PRINTED).code(0);
            keyed(&["verify", "-"]).stdin(&bytes).stdout(PRINTED).code(0);
            clocked(&["decode", "@t"]).file("t", &bytes).stdout(PRINTED).code(0);
            keyed(&["verify", "--token-file", "t"]).file("t", &bytes).stdout(PRINTED).code(0);
        }
    }
    keyed(&["verify", &format!("\u{feff}{genuine}")]).stdout(PRINTED).code(0);
    let variable = keyed(&["verify", "--token-env", "T"]).env("T", &format!("\u{feff}{genuine}"));
    variable.stdout(PRINTED).code(0);
    // Of files that were joined, each brought its own.
    keyed(&["verify"]).stdin(format!("\u{feff}\r\n\u{feff}{genuine}")).stdout(PRINTED).code(0);
}

#[test]
fn a_token_is_as_large_in_utf_16_as_it_is_in_utf_8() {
    let claims = format!(r#"{{"exp":1700001800,"a":"{}"}}"#, "x".repeat(12_000_000));
    let most = token(&claims);
    assert!(most.len() < 16 * 1024 * 1024);
    let call = keyed(&["verify", "--get", "exp"]).stdin(&encodings(&line(&most))[2]);
    call.stdout("1700001800\n").code(0);
}

#[test]
fn a_token_with_half_a_unit_or_half_a_pair_is_refused() {
    let genuine = token(CLAIMS);
    let [.., little, _] = encodings(&genuine);
    for bytes in [[&little[..], b"A"].concat(), [&little[..], b"\0\xd8"].concat()] {
        let output = keyed(&["verify"]).stdin(bytes).output();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(4), String::new()));
    }
}

#[test]
fn claims_are_read_from_text_in_any_encoding() {
    let made = |claims: &str| line(&token(claims));
    for claims in [r#"{"name":"Zoë 🦀","exp":1700001800}"#, r#"{"exp":1700001800}"#] {
        for bytes in encodings(&format!("{claims}\r\n")) {
            let encode = |claims: &str| keyed(&["encode", "--no-iat", claims]);
            encode("@c").file("c", &bytes).stdout(made(claims)).code(0);
            encode("-").stdin(&bytes).stdout(made(claims)).code(0);
            let batch = keyed(&["encode", "--no-iat", "--batch"]);
            batch.stdin(&bytes).stdout(made(claims)).summary("1 line: 1 ok").code(0);
        }
        let given = format!("\u{feff}{claims}");
        keyed(&["encode", "--no-iat", &given]).stdout(made(claims)).code(0);
    }
}

#[test]
fn a_byte_order_mark_at_the_start_of_a_stream_is_not_part_of_line_1() {
    let items = [&*token(GOOD), "", "junk", "Zoë 🦀", &*token(EXPIRED), &*token(GOOD)];
    for end in ["\n", "\r\n"] {
        let [plain, others @ ..] = encodings(&items.map(|item| format!("{item}{end}")).concat());
        let rows = |bytes: &[u8], threads: &str| {
            let call = keyed(&["verify", "--batch", "--threads", threads]).stdin(bytes);
            let output = call.output();
            (text(&output.stdout), text(&output.stderr), output.status.code())
        };
        let wanted = rows(&plain, "1");
        assert_eq!(wanted.0.lines().count(), 5);
        for bytes in others {
            assert_eq!(rows(&bytes, "1"), wanted);
            assert_eq!(rows(&bytes, "3"), wanted);
        }
    }
}

#[test]
fn half_a_surrogate_pair_makes_only_its_line_invalid() {
    let mut units: Vec<u16> = "\u{feff}".encode_utf16().collect();
    for claims in [r#"{"a":1}"#, r#"{"a":"?"}"#, r#"{"a":2}"#] {
        units.extend(format!("{claims}\n").encode_utf16());
    }
    let at = units.iter().position(|unit| *unit == u16::from(b'?')).unwrap();
    units[at] = 0xd83e;
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let output = keyed(&["encode", "--no-iat", "--no-exp", "--batch"]).stdin(bytes).output();
    let made = [token(r#"{"a":1}"#), String::new(), token(r#"{"a":2}"#)];
    assert_eq!((text(&output.stdout), output.status.code()), (lines(&made), Some(2)));
    assert!(text(&output.stderr).starts_with("error: line 2: "), "{}", text(&output.stderr));
}

#[test]
fn a_secret_is_read_from_a_file_in_any_encoding() {
    let file = ["--secret-file", "s"];
    for end in ["", "\n", "\r\n"] {
        for bytes in encodings(&format!("{SECRET}{end}")) {
            verify(SECRET, &file).file("s", &bytes).stdout(PRINTED).code(0);
            verify(SECRET, &["--secret-file", "-"]).stdin(&bytes).stdout(PRINTED).code(0);
        }
    }
    let base64 = STANDARD.encode(SECRET);
    let hex = base16ct::lower::encode_string(SECRET.as_bytes());
    for (format, written) in [("base64", base64), ("hex", hex)] {
        let (first, rest) = written.split_at(10);
        for bytes in encodings(&format!(" {first} \r\n\t{rest}\r\n\r\n")) {
            let flags = [&file[..], &["--secret-format", format]].concat();
            verify(SECRET, &flags).file("s", &bytes).stdout(PRINTED).code(0);
        }
    }
}

#[test]
fn the_bytes_of_a_raw_secret_are_taken_as_they_are() {
    for bytes in encodings(&format!("{SECRET}\r\n")) {
        let raw = ["--secret-file", "s", "--secret-format", "raw"];
        verify(&bytes, &raw).file("s", &bytes).stdout(PRINTED).code(0);
    }
}

#[test]
fn a_secret_in_broken_utf_16_is_not_text() {
    verify("x", &["--secret-file", "s"])
        .file("s", [&encodings(SECRET)[2][..], b"\n"].concat())
        .error("the secret of s is not UTF-8 text")
        .hint("take its bytes as they are with --secret-format raw")
        .code(7);
}

#[test]
fn a_password_is_read_from_a_file_in_any_encoding() {
    let name = "p256.encrypted.pkcs8.pem";
    for end in ["", "\n", "\r\n"] {
        for bytes in encodings(&format!("correct horse{end}")) {
            jwtctl(&["key", "thumbprint", name, "--key-password-file", "pw"])
                .key(name)
                .file("pw", bytes)
                .stdout(line("Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk"))
                .code(0);
        }
    }
}

#[test]
fn a_key_is_read_from_a_variable_with_a_byte_order_mark() {
    let name = "p256.spki.public.pem";
    let pem = text(&key(name));
    let plain = jwtctl(&["key", "thumbprint", "--key-env", "K"]).env("K", &pem).output();
    jwtctl(&["key", "thumbprint", "--key-env", "K"])
        .env("K", &format!("\u{feff}{pem}"))
        .stdout(&plain.stdout)
        .code(0);
}

#[test]
fn a_line_that_begins_with_a_byte_order_mark_is_reported_as_it_is_alone() {
    let broken = b"\xef\xbb\xbf\xff.b.c";
    let alone = keyed(&["verify", "-", "--json", "--compact"]).stdin(broken).output();
    let lines = [b"x\n".as_slice(), broken].concat();
    let rows = keyed(&["verify", "--batch", "--json"]).stdin(lines).output();
    let row = text(&rows.stdout).lines().nth(1).unwrap_or_default().to_owned();
    let of_the_line = row.replace("\"line\":2,", "");
    assert_eq!(of_the_line, text(&alone.stdout).trim_end());
    assert!(of_the_line.contains("byte 0 is not UTF-8"), "{of_the_line}");
}
