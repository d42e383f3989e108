//! Streams in which tokens are repeated: a row says the same whether its token was seen before or not.

use std::slice;

use crate::harness::{Call, HEADER, clocked, forged, jwtctl, signed, signed_with, text, token};
use crate::streams::{EARLY, EXPIRED, GOOD, lines, stream};

/// Keys, two of one kind, and what signs with them. The tokens have no `kid`.
const SIGNERS: [(&str, &str); 5] = [
    ("p256.pkcs8.private.pem", "ES256"),
    ("p256-short-number.pkcs8.private.pem", "ES256"),
    ("ed25519.pkcs8.private.pem", "EdDSA"),
    ("rsa2048.pkcs8.private.pem", "PS256"),
    ("p384.pkcs8.private.pem", "ES384"),
];

fn with_keys(call: Call) -> Call {
    SIGNERS.iter().fold(call, |call, (name, _)| call.key(name))
}

/// Of each key a good token, an expired one, and forgeries of both.
fn tokens() -> Vec<String> {
    let by = |(name, alg): &(&str, &str)| {
        let call = clocked(&["encode", "--batch", "--no-iat", "-k", name, "--alg", alg]);
        let output = call.key(name).stdin(lines(&[GOOD, EXPIRED])).output();
        let made = text(&output.stdout);
        let (good, expired) = made.trim_end().split_once('\n').expect("two tokens");
        [good.to_owned(), expired.to_owned(), forged(good), forged(expired)]
    };
    SIGNERS.iter().flat_map(by).collect()
}

/// The set of the public keys, each with a `kid`.
fn set() -> Vec<u8> {
    let names = SIGNERS.map(|(name, _)| name);
    with_keys(jwtctl(&[&["key", "set"][..], &names].concat())).output().stdout
}

/// What a stream prints of each line, without its number.
fn rows(call: &Call) -> Vec<String> {
    let stdout = text(&call.output().stdout);
    let row = |row: &str| row.strip_prefix("{\"line\":").map_or(row, rest).to_owned();
    stdout.lines().map(row).collect()
}

fn rest(row: &str) -> &str {
    row.split_once(',').map_or(row, |(_, rest)| rest)
}

/// Compares what a stream on these threads prints of lines that are repeated with what it prints of each line alone.
/// Returns the latter.
#[track_caller]
fn same_as_alone(
    threads: &[&str],
    items: &[String],
    call: impl Fn(&str, &[String]) -> Vec<String>,
) -> Vec<String> {
    let alone: Vec<_> = items.iter().flat_map(|item| call("1", slice::from_ref(item))).collect();
    assert_eq!(alone.len(), items.len());
    // Any order will do in which a forgery comes before and after the token that it imitates.
    let order: Vec<_> = (0..1000).map(|n| n * n % 1009 % items.len()).collect();
    let repeated: Vec<_> = order.iter().map(|i| items[*i].clone()).collect();
    let wanted: Vec<_> = order.iter().map(|i| alone[*i].clone()).collect();
    for threads in threads {
        assert!(call(threads, &repeated) == wanted, "{threads} threads");
    }
    alone
}

#[test]
fn a_row_does_not_depend_on_what_was_seen_before() {
    let (set, tokens) = (set(), tokens());
    for (flags, threads, able) in [
        (&["--json"][..], &["1", "2", "8"][..], 5),
        (&["--explain"], &["2"], 5),
        (&["--json", "--alg", "ES256"], &["2"], 2),
    ] {
        let alone = same_as_alone(threads, &tokens, |threads, items| {
            let args = ["verify", "--batch", "--jwks", "set.json", "--threads", threads];
            let call = clocked(&[&args[..], flags].concat());
            rows(&call.file("set.json", &set).stdin(lines(items)))
        });
        let has = |status: &str| {
            let status = format!("\"status\":\"{status}\"");
            alone.iter().filter(|row| row.contains(&status)).count()
        };
        assert_eq!([has("valid"), has("expired")], [able, able], "{alone:?}");
        assert_eq!(has("invalid"), tokens.len() - 2 * able);
    }
}

#[test]
fn a_successor_does_not_depend_on_what_was_seen_before() {
    let (key, tokens) = (SIGNERS[2].0, &tokens()[8..12]);
    let alone = same_as_alone(&["1", "4"], tokens, |threads, items| {
        let args = ["refresh", "--batch", "-k", key, "--grace", "1h", "--threads", threads];
        let output = clocked(&args).key(key).stdin(lines(items)).output();
        text(&output.stdout).split_terminator('\n').map(str::to_owned).collect()
    });
    assert!(!alone[0].is_empty() && !alone[1].is_empty(), "{alone:?}");
    assert_eq!(alone[2..], ["", ""]);
}

#[test]
fn a_row_does_not_depend_on_a_good_token_with_the_same_header_before() {
    // What may be odd about such a token.
    let payloads = [
        GOOD,
        EXPIRED,
        EARLY,
        "{}",
        r#"{"exp":1700001800000}"#,
        r#"{"exp":99999999999999}"#,
        r#"{"exp":"1700001800"}"#,
        r#"{"exp":1700001800,"exp":1700001800}"#,
        r#"{"exp":1700001800,"aud":"api"}"#,
        r#"{"exp":1700001800,"aud":["web",1]}"#,
        r#"{"exp":1700001800,"iss":{}}"#,
        "{ \"exp\" : 1700001800 ,\n\"a\": [ 1.10 ] }",
        "[1700001800]",
        "hello",
        "",
    ];
    let good = token(GOOD);
    let mut items: Vec<_> = payloads.iter().map(|payload| signed(HEADER, payload)).collect();
    items.extend([
        signed(HEADER, b"{\"a\":\"\xff\"}"),
        signed_with(b"another secret that is long enough for HS256", HEADER, GOOD),
        forged(&good),
        format!("{good}="),
        format!("{good}.{good}"),
        format!(" Bearer {good}\r"),
        format!("\u{feff}{good}"),
        good[..good.len() - 1].to_owned(),
        good.replacen('.', ".=", 1),
    ]);
    for (verb, flags) in [
        ("verify", &[][..]),
        ("verify", &["--any-aud", "--print", "valid"]),
        ("verify", &["--aud", "api", "--print", "failed"]),
        ("decode", &[]),
        ("refresh", &["--ttl", "1m"]),
    ] {
        let printed = |items: &[&str]| text(&stream(verb, flags, items).output().stdout);
        for item in &items {
            let one_by_one = printed(&[&good, ""]) + &printed(&["", item]);
            assert_eq!(printed(&[&good, item]), one_by_one, "{verb} {item:?}");
        }
    }
}
