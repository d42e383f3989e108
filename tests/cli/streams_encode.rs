//! Streams of `encode`: claims in, tokens out, and an empty line for a line that is not an object.

use crate::harness::{HEADER, keyed, line, parts, signed, text, token};
use crate::streams::{lines, stream, valid};

const HINT: &str = "CLAIMS is a JSON object: jwtctl encode '{\"user_id\":123}'";

#[test]
fn a_token_for_each_claims_object() {
    stream("encode", &[], &["{}", r#"{"user_id":1}"#, r#" { "exp" : 5 , "a" : [ 1 , 2 ] } "#])
        .stdout(lines(&[
            token(r#"{"iat":1700000000,"exp":1700001800}"#),
            token(r#"{"user_id":1,"iat":1700000000,"exp":1700001800}"#),
            token(r#"{"exp":5,"a":[1,2],"iat":1700000000}"#),
        ]))
        .summary("3 lines: 3 ok")
        .code(0);
}

#[test]
fn flags_hold_for_every_line() {
    let header = r#"{"alg":"HS512","typ":"JWT","kid":"k"}"#;
    let call = stream(
        "encode",
        &[
            "--sub", "x", "--claim", "n:=1.10", "--ttl", "60", "--no-iat", "--alg", "HS512",
            "--kid", "k",
        ],
        &[r#"{"sub":"y","z":0}"#, "{}"],
    );
    let output = call.output();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!((err.as_str(), output.status.code()), ("summary: 2 lines: 2 ok\n", Some(0)));
    let seen: Vec<_> = out.lines().map(parts).collect();
    let wanted = [
        (header.to_owned(), r#"{"sub":"x","z":0,"n":1.10,"exp":1700000060}"#.to_owned()),
        (header.to_owned(), r#"{"sub":"x","n":1.10,"exp":1700000060}"#.to_owned()),
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn claims_come_through_as_they_were_spelled() {
    let claims = r#"{"n":9007199254740993,"p":1.10,"e":1E5,"s":"a\nb\u00e9\/","iat":1,"exp":2}"#;
    stream("encode", &[], &[claims, claims])
        .stdout(lines(&[token(claims), token(claims)]))
        .summary("2 lines: 2 ok")
        .code(0);
}

#[test]
fn a_line_that_is_not_an_object_is_an_empty_line_and_an_error() {
    let good = token(r#"{"iat":1,"exp":2}"#);
    let claims = r#"{"iat":1,"exp":2}"#;
    stream(
        "encode",
        &[],
        &["junk", claims, "", "[1]", r#"{"a":1,"a":2}"#, claims, "@claims.json", "-"],
    )
    .file("claims.json", claims)
    .stdout(lines(&["", &*good, "", "", &good, "", ""]))
    .error("line 1: CLAIMS is not JSON: expected value at line 1 column 1")
    .hint(HINT)
    .error("line 4: CLAIMS is an array, not a JSON object")
    .error("line 5: CLAIMS has the member \"a\" twice")
    .error("line 7: CLAIMS is not JSON: expected value at line 1 column 1")
    .error("line 8: CLAIMS is not JSON: invalid number at line 1 column 1")
    .summary("8 lines: 2 ok, 5 usage (5 bad-claims), 1 blank")
    .code(2);
}

#[test]
fn line_ends_and_noise() {
    let good = token(r#"{"iat":1,"exp":2}"#);
    keyed(&["encode", "--batch"])
        .stdin(b"{\"iat\":1,\"exp\":2}\r\n\xff\r\n\r\n{\"iat\":1,\"exp\":2}")
        .stdout(lines(&[&*good, "", &good]))
        .error("line 2: CLAIMS is not UTF-8 (byte 0)")
        .hint(HINT)
        .summary("4 lines: 2 ok, 1 usage (1 bad-claims), 1 blank")
        .code(2);
}

#[test]
fn claims_beyond_the_bound_are_one_bad_line() {
    let long = format!("{{\"a\":\"{}\"}}", "a".repeat(16 * 1024 * 1024 + 1024));
    let good = token(r#"{"iat":1,"exp":2}"#);
    stream("encode", &[], &[&*long, r#"{"iat":1,"exp":2}"#])
        .stdout(format!("\n{good}\n"))
        .error("line 1: CLAIMS is larger than 16 MiB")
        .summary("2 lines: 1 ok, 1 usage (1 bad-claims)")
        .code(2);
}

#[test]
fn a_warning_names_its_line() {
    stream("encode", &["--no-iat"], &[r#"{"exp":2}"#, r#"{"exp":"soon"}"#])
        .stdout(lines(&[token(r#"{"exp":2}"#), token(r#"{"exp":"soon"}"#)]))
        .warning("line 2: verify will refuse this token: \"exp\" is not a number")
        .hint("--claim NAME=TEXT writes a string, --claim NAME:=JSON a number or an array")
        .summary("2 lines: 2 ok")
        .code(0);
    stream("encode", &["--no-iat", "-q"], &[r#"{"exp":"soon"}"#])
        .stdout(line(&token(r#"{"exp":"soon"}"#)))
        .code(0);
}

#[test]
fn reports() {
    let good = token(r#"{"iat":1,"exp":2}"#);
    let row = format!(
        r#"{{"line":1,"ok":true,"status":"valid","exit_code":0,"token":"{good}","header":{HEADER},"claims":{{"iat":1,"exp":2}},"expires_at":"1970-01-01T00:00:02Z","expires_in":-1699999998,"problems":[],"warnings":[]}}"#
    );
    let bad = r#"{"line":3,"ok":false,"status":"usage","exit_code":2,"token":null,"header":null,"claims":null,"expires_at":null,"expires_in":null,"problems":[{"code":"bad-claims","message":"CLAIMS is an array, not a JSON object","hint":"CLAIMS is a JSON object: jwtctl encode '{\"user_id\":123}'"}],"warnings":[]}"#;
    stream("encode", &["--json"], &[r#"{"iat":1,"exp":2}"#, "", "[]"])
        .stdout(lines(&[&*row, bad]))
        .summary("3 lines: 1 ok, 1 usage (1 bad-claims), 1 blank")
        .code(2);
}

#[test]
fn a_call_that_is_wrong_for_every_line_is_refused_once() {
    for (flags, error) in [
        (&["--claim", "a=1", "--claim", "a=2"][..], "the claim \"a\" is given twice by flags"),
        (
            &["--header", "x=1", "--header", "x=2"],
            "the header parameter \"x\" is given twice by flags",
        ),
    ] {
        stream("encode", flags, &["{}", "{}"]).error(error).code(2);
    }
}

#[test]
fn a_jti_is_new_for_each_line() {
    let output = stream("encode", &["--jti", "--no-iat", "--no-exp"], &["{}"; 50]).output();
    assert_eq!(text(&output.stderr), "summary: 50 lines: 50 ok\n");
    let mut claims: Vec<_> = text(&output.stdout).lines().map(|token| parts(token).1).collect();
    assert!(claims.iter().all(|claims| claims.starts_with("{\"jti\":\"")), "{claims:?}");
    claims.sort();
    claims.dedup();
    assert_eq!(claims.len(), 50);
}

#[test]
fn one_key_signs_on_all_threads() {
    let claims: Vec<_> = (1..=500).map(|n| format!("{{\"n\":{n},\"exp\":1700001800}}")).collect();
    for (private, public) in [
        ("p256.pkcs8.private.pem", "p256.spki.public.pem"),
        ("ed25519.pkcs8.private.pem", "ed25519.spki.public.pem"),
    ] {
        let made = stream("encode", &["--no-iat", "--threads", "4", "--key", private], &claims)
            .key(private)
            .output();
        assert_eq!(text(&made.stderr), "summary: 500 lines: 500 ok\n");
        let rows: String = (1..).zip(&claims).map(|(n, claims)| valid(n, claims)).collect();
        keyed(&["verify", "--batch", "--threads", "4", "--key", public])
            .key(public)
            .stdin(&made.stdout)
            .stdout(rows)
            .summary("500 lines: 500 valid")
            .code(0);
    }
}

#[test]
fn what_encode_writes_verify_reads() {
    let claims: Vec<_> =
        (1..=300).map(|n| format!("{{\"n\":{n},\"iat\":1,\"exp\":1700001800}}")).collect();
    let made = stream("encode", &[], &claims).output();
    assert_eq!(text(&made.stderr), "summary: 300 lines: 300 ok\n");
    let tokens = text(&made.stdout);
    assert_eq!(tokens.lines().next(), Some(&*signed(HEADER, &claims[0])));
    let rows = (1..).zip(&claims).map(|(n, claims)| valid(n, claims)).collect::<String>();
    keyed(&["verify", "--batch"])
        .stdin(&tokens)
        .stdout(rows)
        .summary("300 lines: 300 valid")
        .code(0);
}
