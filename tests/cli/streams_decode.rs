//! Streams of `decode`: header and claims in each row, nothing verified, no key needed.

use crate::harness::{Call, HEADER, clocked, forged, signed, token};
use crate::streams::{EXPIRED, GOOD, JUNK_PROBLEM, lines};

fn decoded(line: u64, header: &str, claims: &str) -> String {
    format!(
        "{{\"line\":{line},\"status\":\"decoded\",\"header\":{header},\"claims\":{claims},\"problems\":[]}}\n"
    )
}

fn decode(flags: &[&str], items: &[&str]) -> Call {
    clocked(&[&["decode", "--batch"], flags].concat()).stdin(lines(items))
}

#[test]
fn header_and_claims_stand_in_each_row() {
    let other = r#"{"typ":"at+jwt","alg":"none","kid":"\u00e9"}"#;
    let spaced = "{ \"alg\" : \"HS256\" ,\n\"x\":[ 1.10 ] }";
    decode(
        &[],
        &[
            &token(GOOD),
            &forged(&token(EXPIRED)),
            "",
            &signed(other, "{\"n\":12345678901234567890}"),
            &signed(spaced, "{ \"a\" :\n 1E5 }"),
        ],
    )
    .stdout(
        [
            decoded(1, HEADER, GOOD),
            decoded(2, HEADER, EXPIRED),
            decoded(4, other, "{\"n\":12345678901234567890}"),
            decoded(5, "{\"alg\":\"HS256\",\"x\":[1.10]}", "{\"a\":1E5}"),
        ]
        .concat(),
    )
    .summary("5 lines: 4 decoded, 1 blank")
    .code(0);
}

#[test]
fn one_header_of_many_tokens_is_read_for_each_of_them() {
    let headers = [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"a"}"#,
        r#"{"alg":"HS384"}"#,
    ];
    let items: Vec<_> = headers.iter().map(|header| signed(header, GOOD)).collect();
    let items: Vec<_> = items.iter().map(String::as_str).collect();
    let rows: String = (1..).zip(headers).map(|(n, header)| decoded(n, header, GOOD)).collect();
    decode(&[], &items).stdout(rows).summary("5 lines: 5 decoded").code(0);
}

#[test]
fn a_bad_line_stops_nothing() {
    let twice = signed(HEADER, r#"{"a":1,"a":2}"#);
    decode(&["--get", "exp"], &["junk", &token(GOOD), &twice, &forged(&token(GOOD))])
        .stdout("\n1700001800\n\n1700001800\n")
        .summary("4 lines: 2 decoded, 2 invalid (1 duplicate-member, 1 token-parts)")
        .code(4);
}

#[test]
fn a_line_that_is_refused_has_the_members_of_one_that_is_not() {
    let row = format!(
        "{{\"line\":1,\"status\":\"invalid\",\"header\":null,\"claims\":null,\"problems\":[{JUNK_PROBLEM}]}}\n"
    );
    decode(&[], &["junk", &token(GOOD)])
        .stdout(row + &decoded(2, HEADER, GOOD))
        .summary("2 lines: 1 decoded, 1 invalid (1 token-parts)")
        .code(4);
}

#[test]
fn a_line_that_is_refused_has_no_claims_where_none_are_asked_for() {
    let row = format!(
        "{{\"line\":1,\"status\":\"invalid\",\"header\":null,\"problems\":[{JUNK_PROBLEM}]}}\n"
    );
    decode(&["--header"], &["junk"])
        .stdout(row)
        .summary("1 line: 1 invalid (1 token-parts)")
        .code(4);
}

#[test]
fn decode_header_prints_the_header() {
    let row = |line| {
        format!("{{\"line\":{line},\"status\":\"decoded\",\"header\":{HEADER},\"problems\":[]}}\n")
    };
    decode(&["--header"], &[&token(GOOD), &token(EXPIRED)])
        .stdout(row(1) + &row(2))
        .summary("2 lines: 2 decoded")
        .code(0);
    decode(&["--header", "--get", "alg"], &[&token(GOOD), "junk", &token(GOOD)])
        .stdout("HS256\n\nHS256\n")
        .summary("3 lines: 2 decoded, 1 invalid (1 token-parts)")
        .code(4);
    decode(&["--header", "--get", "kid"], &[&token(GOOD)])
        .stdout("\n")
        .summary("1 line: 1 rejected (1 claim-missing)")
        .code(6);
}

#[test]
fn reports() {
    let good = token(GOOD);
    let signature = good.rsplit_once('.').unwrap().1;
    let row = format!(
        r#"{{"line":1,"ok":true,"status":"decoded","exit_code":0,"verified":false,"header":{HEADER},"claims":{GOOD},"signature":"{signature}","expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
    );
    let bad = format!(
        r#"{{"line":3,"ok":false,"status":"invalid","exit_code":4,"verified":false,"header":null,"claims":null,"signature":null,"expires_at":null,"expires_in":null,"problems":[{JUNK_PROBLEM}],"warnings":[]}}"#
    );
    decode(&["--json"], &[&good, "", "junk"])
        .stdout(lines(&[row, bad]))
        .summary("3 lines: 1 decoded, 1 invalid (1 token-parts), 1 blank")
        .code(4);
}
