//! Streams: one row per line, whatever the line contains, with its number in the input.

use crate::harness::{CLAIMS, Call, clocked, forged, keyed, signed, signed_with, text, token};

/// Claims that are accepted without a warning.
pub const GOOD: &str = r#"{"exp":1700001800}"#;

/// Claims that expired a second ago.
pub const EXPIRED: &str = r#"{"exp":1699999999}"#;

/// Claims whose time comes in a second.
pub const EARLY: &str = r#"{"nbf":1700000001,"exp":1700001800}"#;

/// The problem of [`EXPIRED`].
pub const EXPIRED_PROBLEM: &str = r#"{"code":"expired","message":"the token expired 1 second ago (2023-11-14 22:13:19 UTC)","hint":"log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN","claim":"exp","actual":1699999999}"#;

/// The problem of [`EARLY`].
pub const EARLY_PROBLEM: &str = r#"{"code":"not-yet-valid","message":"\"nbf\" is 1 second in the future (2023-11-14 22:13:21 UTC)","hint":"wait, or compare the clocks: --leeway 1s would accept it","claim":"nbf","actual":1700000001}"#;

/// The problem of a text without dots.
pub const JUNK_PROBLEM: &str = r#"{"code":"token-parts","message":"a token has three parts separated by dots; this text has 1","hint":"was it cut?"}"#;

/// The problem of a token that another key signed, or nobody.
pub const FORGED_PROBLEM: &str = r#"{"code":"bad-signature","message":"the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)","hint":"the token was signed with another key, or changed after it was signed"}"#;

/// The warning of claims without `exp`.
pub const ENDLESS_WARNING: &str = r#"{"code":"no-expiry","message":"the token has no \"exp\": it never expires","hint":null,"claim":"exp"}"#;

/// What is said on stderr of a text without dots, in this line.
pub fn junk(line: u64) -> String {
    format!("line {line}: a token has three parts separated by dots; this text has 1")
}

/// Items, each on a line.
pub fn lines<S: AsRef<str>>(items: &[S]) -> String {
    items.iter().flat_map(|item| [item.as_ref(), "\n"]).collect()
}

/// A stream of these lines through a verb, at the fixed clock's time.
pub fn stream<S: AsRef<str>>(verb: &str, flags: &[&str], items: &[S]) -> Call {
    keyed(&[&[verb, "--batch"], flags].concat()).stdin(lines(items))
}

/// The row of a token that was verified.
pub fn valid(line: u64, claims: &str) -> String {
    format!("{{\"line\":{line},\"status\":\"valid\",\"claims\":{claims},\"problems\":[]}}\n")
}

/// A row with the key of a set that matched.
pub fn with_key(row: &str, key: &str) -> String {
    row.replace(",\"problems\"", &format!(",\"key\":{key},\"problems\""))
}

/// The row of a token that was refused.
pub fn refused(line: u64, status: &str, problem: &str) -> String {
    format!(
        "{{\"line\":{line},\"status\":\"{status}\",\"claims\":null,\"problems\":[{problem}]}}\n"
    )
}

#[test]
fn there_is_a_row_for_each_line() {
    let tokens = [
        &*token(CLAIMS),
        &*token(EXPIRED),
        &*token(EARLY),
        &*forged(&token(GOOD)),
        "junk",
        &*token("{}"),
    ];
    let endless = format!(
        "{{\"line\":6,\"status\":\"valid\",\"claims\":{{}},\"problems\":[],\"warnings\":[{ENDLESS_WARNING}]}}\n"
    );
    stream("verify", &[], &tokens)
        .stdout(
            [
                valid(1, CLAIMS),
                refused(2, "expired", EXPIRED_PROBLEM),
                refused(3, "not-yet-valid", EARLY_PROBLEM),
                refused(4, "invalid", FORGED_PROBLEM),
                refused(5, "invalid", JUNK_PROBLEM),
                endless,
            ]
            .concat(),
        )
        .summary("6 lines: 2 valid, 1 expired, 2 invalid (1 bad-signature, 1 token-parts), 1 not-yet-valid")
        .code(4);
}

#[test]
fn a_row_has_all_problems_of_its_line_the_worst_first() {
    let no_iss = r#"{"code":"claim-missing","message":"there is no \"iss\"; expected \"me\"","hint":null,"claim":"iss","expected":"me"}"#;
    // Renewing it would not help, so that is not advised.
    let expired = r#"{"code":"expired","message":"the token expired 1 second ago (2023-11-14 22:13:19 UTC)","hint":null,"claim":"exp","actual":1699999999}"#;
    let both = format!("{no_iss},{expired}");
    stream("verify", &["--iss", "me"], &[token(EXPIRED)])
        .stdout(refused(1, "rejected", &both))
        .summary("1 line: 1 rejected (1 claim-missing)")
        .code(6);
}

#[test]
fn blank_lines_count_and_have_no_row() {
    let good = token(GOOD);
    let text = format!("\n{good}\n  \t \n\r\n{good}\n\n");
    keyed(&["verify", "--batch"])
        .stdin(&text)
        .stdout(valid(2, GOOD) + &valid(5, GOOD))
        .summary("6 lines: 2 valid, 4 blank")
        .code(0);
    let text = format!("junk\n\njunk\n{good}\n{good}\n{good}\n");
    keyed(&["verify", "--batch"])
        .stdin(&text)
        .stdout(
            [
                refused(1, "invalid", JUNK_PROBLEM),
                refused(3, "invalid", JUNK_PROBLEM),
                valid(4, GOOD),
                valid(5, GOOD),
                valid(6, GOOD),
            ]
            .concat(),
        )
        .summary("6 lines: 3 valid, 2 invalid (2 token-parts), 1 blank")
        .code(4);
}

#[test]
fn an_input_without_items_is_no_error_to_a_verb_that_judges_nothing() {
    for verb in ["encode", "decode"] {
        keyed(&[verb, "--batch"]).summary("0 lines").code(0);
        keyed(&[verb, "--batch"]).stdin("\n").summary("1 line: 1 blank").code(0);
        keyed(&[verb, "--batch"]).stdin(" \n\t").summary("2 lines: 2 blank").code(0);
        keyed(&[verb, "--batch", "-q"]).stdin("\n\n").code(0);
    }
}

#[test]
fn a_gate_does_not_pass_on_an_input_without_tokens() {
    let none = "there is no token in the input";
    let hint = "did the command that writes it print anything?";
    for verb in ["verify", "refresh"] {
        let empty = keyed(&[verb, "--batch", "empty.txt"]).file("empty.txt", "");
        empty.summary("0 lines").error(none).hint(hint).code(4);
        for (stdin, summary) in
            [("", "0 lines"), ("\n", "1 line: 1 blank"), (" \n\t", "2 lines: 2 blank")]
        {
            keyed(&[verb, "--batch"]).stdin(stdin).summary(summary).error(none).hint(hint).code(4);
        }
        keyed(&[verb, "--batch", "-q"]).stdin("\n\n").error(none).code(4);
        keyed(&[verb, "--batch", "--json"]).summary("0 lines").error(none).hint(hint).code(4);
    }
}

#[test]
fn line_ends_are_those_of_any_system_and_the_last_may_be_missing() {
    let good = token(GOOD);
    let rows = valid(1, GOOD) + &valid(2, GOOD);
    for text in [
        format!("{good}\n{good}\n"),
        format!("{good}\n{good}"),
        format!("{good}\r\n{good}\r\n"),
        format!("{good}\r\n{good}"),
        format!("{good}\n{good}\r"),
        format!(" {good}\t\n\t{good}  "),
    ] {
        keyed(&["verify", "--batch"])
            .stdin(&text)
            .stdout(&rows)
            .summary("2 lines: 2 valid")
            .code(0);
    }
}

#[test]
fn noise_is_a_bad_line_and_no_more() {
    let good = token(GOOD);
    let not_text = r#"{"code":"token-not-text","message":"the token is not text: byte 0 is not UTF-8","hint":null}"#;
    let mut text = b"\xff\xfd\x00\x01\n".to_vec();
    text.extend(lines(&[&good]).bytes());
    text.extend(b"\x00\n\x80\xc0");
    let zero = r#"{"code":"token-parts","message":"a token has three parts separated by dots; this text has 1","hint":"was it cut?"}"#;
    keyed(&["verify", "--batch"])
        .stdin(&text)
        .stdout(
            [
                refused(1, "invalid", not_text),
                valid(2, GOOD),
                refused(3, "invalid", zero),
                refused(4, "invalid", not_text),
            ]
            .concat(),
        )
        .summary("4 lines: 1 valid, 3 invalid (2 token-not-text, 1 token-parts)")
        .code(4);
}

#[test]
fn a_line_is_never_a_path_or_a_stream_of_its_own() {
    let inside = token(GOOD);
    for verb in ["verify", "decode"] {
        stream(verb, &["--get", "exp"], &["@token", "-", "token", "@-"])
            .file("token", &inside)
            .stdout("\n\n\n\n")
            .summary("4 lines: 4 invalid (4 token-parts)")
            .hint("no line is a token; --find takes tokens out of any text")
            .code(4);
    }
}

#[test]
fn claims_stay_on_one_row_and_come_as_they_were_spelled() {
    for (payload, row) in [
        ("{ \"exp\" : 1700001800 ,\n \"a\" : [ 1 , 2 ] }", r#"{"exp":1700001800,"a":[1,2]}"#),
        ("\r\n{\"exp\":1700001800}\r\n", r#"{"exp":1700001800}"#),
        (
            r#"{"exp":1700001800,"s":"a\nb\r\u2028\u000a","\n":"\\n"}"#,
            r#"{"exp":1700001800,"s":"a\nb\r\u2028\u000a","\n":"\\n"}"#,
        ),
        (
            r#"{"exp":1700001800,"n":9007199254740993,"p":1.10,"e":1E5,"z":-0,"l":12345678901234567890123456789012345678901}"#,
            r#"{"exp":1700001800,"n":9007199254740993,"p":1.10,"e":1E5,"z":-0,"l":12345678901234567890123456789012345678901}"#,
        ),
        (r#"{"exp":1700001800.50,"é":"\u00e9\/"}"#, r#"{"exp":1700001800.50,"é":"\u00e9\/"}"#),
    ] {
        let token = signed(r#"{"alg":"HS256"}"#, payload);
        stream("verify", &[], &[&token, &token])
            .stdout(valid(1, row) + &valid(2, row))
            .summary("2 lines: 2 valid")
            .code(0);
    }
}

#[test]
fn a_line_beyond_the_bound_is_one_bad_line() {
    const LONGEST: usize = 16 * 1024 * 1024 + 1024;
    let large =
        r#"{"code":"token-too-large","message":"the token is larger than 16 MiB","hint":null}"#;
    let good = token(GOOD);
    for length in [LONGEST + 1, 2 * LONGEST + 77] {
        let text = format!("{good}\n{}\n{good}\n\n{good}", "a".repeat(length));
        keyed(&["verify", "--batch"])
            .stdin(&text)
            .stdout(
                [valid(1, GOOD), refused(2, "invalid", large), valid(3, GOOD), valid(5, GOOD)]
                    .concat(),
            )
            .summary("5 lines: 3 valid, 1 invalid (1 token-too-large), 1 blank")
            .code(4);
    }
    // White space alone is as little a blank line where there is too much of it.
    let text = format!("{}\n{good}", " ".repeat(LONGEST + 1));
    keyed(&["verify", "--batch"])
        .stdin(&text)
        .stdout(refused(1, "invalid", large) + &valid(2, GOOD))
        .summary("2 lines: 1 valid, 1 invalid (1 token-too-large)")
        .code(4);
}

#[test]
fn why_a_line_is_refused_is_looked_for_only_on_request() {
    // The secret in base64 would have matched.
    let secret = b"0123456789abcdef0123456789abcdef";
    let token = signed_with(secret, r#"{"alg":"HS256"}"#, GOOD);
    let call = |flags: &[&str]| {
        stream("verify", flags, &[format!("access_token={token}"), token.clone()])
            .env("JWTCTL_SECRET", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    };
    let single = |item: &str| {
        let call = clocked(&["verify", "--json", "--compact", item])
            .env("JWTCTL_SECRET", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        let report = text(&call.output().stdout);
        let problems = report.split_once("\"problems\":[").unwrap().1;
        problems.split_once("],\"warnings\"").unwrap().0.to_owned()
    };
    let (around, inside) = (single(&format!("access_token={token}")), single(&token));
    assert!(inside.contains("--secret-format base64"), "{inside}");
    assert!(around.contains("access_token"), "{around}");
    call(&["--explain"])
        .stdout(refused(1, "invalid", &around) + &refused(2, "invalid", &inside))
        .summary("2 lines: 2 invalid (1 bad-signature, 1 token-named)")
        .code(4);
    let plain = r#"{"code":"token-base64","message":"the header has the character \"=\" (byte 12), which is not base64url","hint":null}"#;
    call(&[])
        .stdout(refused(1, "invalid", plain) + &refused(2, "invalid", FORGED_PROBLEM))
        .summary("2 lines: 2 invalid (1 bad-signature, 1 token-base64)")
        .code(4);
}
