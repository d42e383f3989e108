//! Errors about a damaged token show where it is damaged. Each test runs the repair that the hint shows.

use crate::harness::{CLAIMS, HEADER, base64url, keyed, token};
use crate::strangers::{json, mended, named};

/// A damaged token, the code and message, and the command that mends it.
type Damaged = (String, &'static str, String, &'static str);

const FOREIGN: &str = "LC_ALL=C tr -cd 'A-Za-z0-9._-'";

/// Damage of programs.
fn sent(token: &str) -> Vec<Damaged> {
    let (head, rest) = token.split_at(50);
    let header = base64url(HEADER).len();
    let signature = token.len() - token.rfind('.').unwrap() - 1;
    vec![
        (
            token.replace('.', "%2E"),
            "token-percent-encoded",
            format!("the header has %2E: it is percent-encoded (byte {header})"),
            "sed 's|%2[Ee]|.|g'",
        ),
        (
            format!("{token}%3d"),
            "token-percent-encoded",
            format!("the signature has %3d: it is percent-encoded (byte {signature})"),
            "sed 's|%3[Dd]|=|g' | tr -d =",
        ),
        (
            format!("{head}\\n{rest}"),
            "token-escaped",
            format!(
                "the payload has a backslash and a letter instead of a line break (byte {})",
                49 - header
            ),
            r"sed 's/\\[nrt]//g'",
        ),
        (
            format!("\u{1b}[32m{token}\u{1b}[0m"),
            "token-colours",
            "the header has a terminal's colour codes inside (byte 0)".to_owned(),
            r#"sed "s/$(printf '\033')\[[0-9;]*m//g""#,
        ),
        (
            format!("{token}="),
            "token-base64",
            format!("the signature is padded with '=' (byte {signature})"),
            "tr -d =",
        ),
        (
            format!("{token}.x"),
            "token-parts",
            "a token has three parts separated by dots; this text has 4".to_owned(),
            "cut -d. -f1-3",
        ),
    ]
}

/// Damage of copying by hand.
fn copied(token: &str) -> Vec<Damaged> {
    let (head, rest) = token.split_at(50);
    let header = base64url(HEADER).len();
    let signature = token.len() - token.rfind('.').unwrap() - 1;
    vec![
        (
            format!("{head}\"{rest}"),
            "token-quotes",
            format!("the payload has a quotation mark inside: \" (byte {})", 49 - header),
            FOREIGN,
        ),
        (
            format!("“{token}”"),
            "token-quotes",
            "the header has a quotation mark inside: U+201C (byte 0)".to_owned(),
            FOREIGN,
        ),
        (
            format!("{head}\u{200b}{rest}"),
            "token-invisible",
            format!("the payload has an invisible character, U+200B (byte {})", 49 - header),
            FOREIGN,
        ),
        (
            token.replacen('.', "\u{ff0e}", 1),
            "token-look-alike",
            format!("the header has U+FF0E, which looks like \".\" but is not (byte {header})"),
            "sed 's|\u{ff0e}|.|g'",
        ),
        (
            token.replacen('c', "\u{441}", 1),
            "token-look-alike",
            format!(
                "the header has U+0441, which looks like \"c\" but is not (byte {})",
                token.find('c').unwrap()
            ),
            "sed 's|\u{441}|c|g'",
        ),
        (
            format!("{token},"),
            "token-punctuation",
            format!("the signature has \",\", which is not part of a token (byte {signature})"),
            FOREIGN,
        ),
        (
            format!("{token}."),
            "token-punctuation",
            format!("the signature has \".\", which is not part of a token (byte {signature})"),
            r"sed 's/^[.[:space:]]*//;s/[.[:space:]]*$//'",
        ),
    ]
}

/// What is said of tokens that were damaged and can be mended, and where the caret stands.
#[test]
fn damage_is_pointed_at_and_mended_as_the_hint_says() {
    let token = token(CLAIMS);
    for (given, code, error, command) in [sent(&token), copied(&token)].concat() {
        let report = json(&keyed(&["verify", "--json"]).stdin(&given));
        let problem = &report["problems"][0];
        assert_eq!(problem["code"], code, "{given}");
        assert_eq!(problem["message"], error, "{given}");
        assert_eq!(problem["hint"], format!("pipe it through {command}"), "{given}");
        points_into(&given, problem);
        mended(&given);
    }
    let (head, rest) = token.split_at(50);
    let wrapped = format!("{head}\r\n{rest}");
    mended(&wrapped);
    let standard = token.replace('-', "+").replace('_', "/") + "=";
    assert!(standard.contains(['+', '/']), "{standard}");
    mended(standard);
    mended(format!("Authorization: Bearer {wrapped}"));
    mended(token.replace('.', ".\n"));
}

/// The excerpt is a short piece of what was given, with its place marked.
#[track_caller]
fn points_into(given: &str, problem: &serde_json::Value) {
    let [shown, caret] = [0, 1].map(|line| problem["evidence"][line].as_str().unwrap());
    let piece = shown.trim_start_matches("...").trim_end_matches("...");
    let plain: String =
        given.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect();
    assert!(piece.len() <= 24 && plain.contains(piece), "{shown}");
    assert!(caret.trim_start().chars().all(|c| c == '^') && caret.trim_end() == caret);
    assert!(caret.len() <= shown.len() + 1, "{shown}\n{caret}");
}

#[test]
fn the_caret_is_below_the_damage() {
    let token = token(CLAIMS);
    let header = base64url(HEADER);
    keyed(&["verify"])
        .stdin(token.replacen('.', "%2E.", 1))
        .error(&format!("the header has %2E: it is percent-encoded (byte {})", header.len()))
        .evidence("...6IkpXVCJ9%2E.eyJ1c2Vy...")
        .evidence("            ^^^")
        .hint("decode it first (RFC 3986 section 2.1)")
        .code(4);
    keyed(&["verify"])
        .stdin(format!("{}...{}", &token[..60], &token[140..]))
        .error("the payload was shortened where it was displayed (byte 23)")
        .evidence(&format!("...{}...{}...", &token[51..60], &token[140..144]))
        .evidence("            ^^^")
        .hint("copy it from where it is whole: the missing part is not in this text")
        .code(4);
}

#[test]
fn a_token_in_backticks_is_quoted_for_the_shell() {
    let token = token(CLAIMS);
    let given = format!("`{token}`");
    let report = json(&keyed(&["verify", "--json"]).stdin(&given));
    let problem = &report["problems"][0];
    assert_eq!(problem["code"], "token-quotes");
    assert_eq!(problem["hint"], format!("pipe it through {FOREIGN}"));
    mended(&given);
    mended(format!("```\n{token}\n```"));
}

#[test]
fn a_token_in_a_quoted_mail_gets_one_command() {
    let token = token(CLAIMS);
    let (head, rest) = token.split_at(50);
    let (middle, end) = rest.split_at(50);
    for given in [
        format!("> {head}\n> {middle}\n> {end}\n"),
        format!("\u{feff}{head}\n{middle}\u{200b}\n{end}"),
        format!("\u{201c}{head}\n{middle}{end}\u{201d}"),
    ] {
        let report = json(&keyed(&["verify", "--json"]).stdin(&given));
        let hint = report["problems"][0]["hint"].as_str().unwrap();
        assert!(hint.ends_with(&format!("pipe it through {FOREIGN}")), "{hint}");
        mended(&given);
    }
}

#[test]
fn a_token_that_was_percent_encoded_twice_gets_a_command() {
    let given = token(CLAIMS).replace('.', "%252E");
    let report = json(&keyed(&["verify", "--json"]).stdin(&given));
    assert_eq!(report["problems"][0]["hint"], "pipe it through sed 's|%25|%|g;s|%2[Ee]|.|g'");
    mended(given);
}

#[test]
fn a_token_in_utf_16_without_a_byte_order_mark_is_named() {
    let token = token(CLAIMS);
    let given: Vec<u8> = token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    named(
        &given,
        "token-utf-16",
        "the token is in UTF-16, not in UTF-8",
        r"pipe it through LC_ALL=C tr -d '\000\376\377'",
    );
    mended(&given);
    // A NUL at the end makes no UTF-16 of it.
    let given = format!("{token}\0");
    let problem = &json(&keyed(&["verify", "--json"]).stdin(&given))["problems"][0];
    assert_eq!(problem["message"], "the signature has an invisible character, U+0000 (byte 43)");
    mended(&given);
}

#[test]
fn a_truncated_signature_is_recognised_by_its_length() {
    for (alg, length) in [
        ("HS256", 43),
        ("HS384", 64),
        ("HS512", 86),
        ("ES256", 86),
        ("ES384", 128),
        ("ES512", 176),
        ("ES256K", 86),
        ("EdDSA", 86),
        ("Ed25519", 86),
        ("ML-DSA-44", 3227),
        ("ML-DSA-65", 4412),
        ("ML-DSA-87", 6170),
    ] {
        // The nearest shorter length that base64url cannot have.
        let cut = (1..length).rev().find(|length| length % 4 == 1).unwrap();
        let header = base64url(format!(r#"{{"alg":"{alg}"}}"#));
        let token = format!("{header}.{}.{}", base64url(CLAIMS), "A".repeat(cut));
        let error = format!("the signature has {cut} characters; with {alg} it has {length}");
        let report = json(&keyed(&["verify", "--json"]).stdin(token));
        let problem = &report["problems"][0];
        assert_eq!(problem["code"], "token-base64", "{alg}");
        assert_eq!((&problem["message"], &problem["hint"]), (&error.into(), &"was it cut?".into()));
    }
}
