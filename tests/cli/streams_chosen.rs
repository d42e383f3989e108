//! Streams: which lines get a row, and what the row is: a verdict, the line itself, a claim, a report.

use crate::harness::{HEADER, forged, keyed, signed, token};
use crate::streams::{
    ENDLESS_WARNING, EXPIRED, EXPIRED_PROBLEM, GOOD, JUNK_PROBLEM, junk, lines, refused, stream,
    valid,
};

/// A line of each kind, one of them blank.
fn mixed() -> [String; 5] {
    [
        token(GOOD),
        token(EXPIRED),
        String::new(),
        "junk".to_owned(),
        format!(" Bearer {}\r", token(GOOD)),
    ]
}

const COUNTS: &str = "5 lines: 2 valid, 1 expired, 1 invalid (1 token-parts), 1 blank";

#[test]
fn rows_of_all_of_the_valid_or_of_the_failed() {
    let (good, expired) = (valid(1, GOOD), refused(2, "expired", EXPIRED_PROBLEM));
    let (bad, last) = (refused(4, "invalid", JUNK_PROBLEM), valid(5, GOOD));
    for (flags, rows) in [
        (&[][..], format!("{good}{expired}{bad}{last}")),
        (&["--print", "all"], format!("{good}{expired}{bad}{last}")),
        (&["--print", "valid"], format!("{good}{last}")),
        (&["--print", "failed"], format!("{expired}{bad}")),
        (&["--compact"], format!("{good}{expired}{bad}{last}")),
    ] {
        stream("verify", flags, &mixed()).stdout(rows).summary(COUNTS).code(4);
    }
}

#[test]
fn the_lines_themselves_as_they_came_or_the_tokens_in_them() {
    let [good, expired, _, bad, last] = mixed();
    // Only the end of the line is not the line's.
    let last = last.trim_end_matches('\r').to_owned();
    for (flags, rows) in [
        (&["--lines"][..], lines(&[&good, &last])),
        (&["--lines", "--print", "valid"], lines(&[&good, &last])),
        (&["--lines", "--print", "failed"], lines(&[&expired, &bad])),
        (&["--lines", "--print", "all"], lines(&[&good, &expired, &bad, &last])),
        (&["--tokens"], lines(&[&good, &good])),
        (&["--tokens", "--print", "all"], lines(&[&good, &expired, &bad, &good])),
    ] {
        stream("verify", flags, &mixed()).stdout(rows).summary(COUNTS).code(4);
    }
}

#[test]
fn a_line_that_is_no_text_is_printed_as_it_came() {
    let noise = b"\xff\xfd\x1b[31m\x00\n";
    for flag in ["--tokens", "--lines"] {
        keyed(&["verify", "--batch", flag, "--print", "failed"])
            .stdin(noise)
            .stdout(noise)
            .summary("1 line: 1 invalid (1 token-not-text)")
            .code(4);
    }
}

#[test]
fn quiet_is_the_code_alone() {
    stream("verify", &["-q"], &mixed()).code(4);
    stream("verify", &["-q"], &[token(GOOD)]).code(0);
    stream("verify", &["-q", "--explain"], &[token(EXPIRED)]).code(3);
    // Where rows are the answer they stay, and so do errors.
    let row = format!(
        "{{\"line\":1,\"status\":\"decoded\",\"header\":{HEADER},\"claims\":{GOOD},\"problems\":[]}}\n"
    );
    stream("decode", &["-q"], &[token(GOOD)]).stdout(row).code(0);
    stream("refresh", &["-q"], &[token(GOOD), "junk".to_owned()])
        .stdout(lines(&[&*token(r#"{"exp":1700001800}"#), ""]))
        .error(&junk(2))
        .code(4);
    stream("decode", &["-q", "--get", "exp"], &["junk".to_owned(), token(GOOD)])
        .stdout("\n1700001800\n")
        .code(4);
}

#[test]
fn one_claim_a_row() {
    let claims = |value: &str| token(&format!("{{\"v\":{value},\"exp\":1700001800}}"));
    let items: Vec<_> = [
        r#""text""#,
        "1.10",
        "9007199254740993",
        "null",
        r#"{ "a" : [ 1 , "x" ] }"#,
        r#""""#,
        r#""two\nlines""#,
        r#""two\rlines""#,
        r#""a\ttab \"quoted\" \u00e9""#,
        r#""\u2028""#,
    ]
    .map(claims)
    .into();
    let rows = concat!(
        "text\n",
        "1.10\n",
        "9007199254740993\n",
        "null\n",
        "{\"a\":[1,\"x\"]}\n",
        "\n",
        "\"two\\nlines\"\n",
        "\"two\\rlines\"\n",
        "a\ttab \"quoted\" é\n",
        "\u{2028}\n",
    );
    for flags in [&["--get", "v"][..], &["--get", "/v"], &["--get", "v", "--compact"]] {
        stream("verify", flags, &items).stdout(rows).summary("10 lines: 10 valid").code(0);
        stream("decode", flags, &items).stdout(rows).summary("10 lines: 10 decoded").code(0);
    }
}

#[test]
fn a_line_without_the_claim_is_an_empty_row_and_summed_up() {
    let items =
        [token(GOOD), String::new(), token(r#"{"v":1}"#), "junk".to_owned(), forged(&token(GOOD))];
    stream("verify", &["--get", "v"], &items)
        .stdout("\n1\n\n\n")
        .summary("5 lines: 1 valid, 2 invalid (1 bad-signature, 1 token-parts), 1 rejected (1 claim-missing), 1 blank; 1 warning (1 no-expiry)")
        .code(4);
    stream("verify", &["--get", "v", "--print", "valid"], &items[..3])
        .stdout("1\n")
        .summary("3 lines: 1 valid, 1 rejected (1 claim-missing), 1 blank; 1 warning (1 no-expiry)")
        .code(6);
    stream("verify", &["--get", "v", "--print", "failed"], &items[..4])
        .stdout("\n\n")
        .summary("4 lines: 1 valid, 1 invalid (1 token-parts), 1 rejected (1 claim-missing), 1 blank; 1 warning (1 no-expiry)")
        .code(4);
}

#[test]
fn several_claims_are_between_tabs_and_a_missing_one_is_an_empty_field() {
    let claims = |more: &str| token(&format!("{{\"exp\":1700001800{more}}}"));
    let items = [
        claims(r#","a":"x","b":{ "c" : [ 1.10 , "\u00e9\n" ] }"#),
        claims(r#","a":"one\ttab\nand \\ two\rlines","b":null"#),
        claims(r#","b":true"#),
        claims(""),
        String::new(),
        "junk".to_owned(),
        token(EXPIRED),
    ];
    let rows = concat!(
        "x\t{\"c\":[1.10,\"\\\\u00e9\\\\n\"]}\t1700001800\n",
        "one\\ttab\\nand \\\\ two\\rlines\t\t1700001800\n",
        "\ttrue\t1700001800\n",
        "\t\t1700001800\n",
        "\n",
    );
    let flags = ["--get", "a", "--get", "b", "--get", "/exp"];
    // Claims that are not accepted are not printed.
    stream("verify", &flags, &items)
        .stdout(format!("{rows}\n"))
        .summary(
            "7 lines: 2 valid, 1 invalid (1 token-parts), 3 rejected (3 claim-missing), 1 blank",
        )
        .code(4);
    stream("decode", &flags, &items)
        .stdout(format!("{rows}\t\t1699999999\n"))
        .summary(
            "7 lines: 2 decoded, 1 invalid (1 token-parts), 3 rejected (3 claim-missing), 1 blank",
        )
        .code(4);
    stream("verify", &[&flags[..], &["--print", "valid"]].concat(), &items)
        .stdout(lines(&rows.lines().take(2).collect::<Vec<_>>()))
        .summary(
            "7 lines: 2 valid, 1 invalid (1 token-parts), 3 rejected (3 claim-missing), 1 blank",
        )
        .code(4);
    stream("decode", &["--header", "--get", "typ", "--get", "alg"], &items[..1])
        .stdout("JWT\tHS256\n")
        .summary("1 line: 1 decoded")
        .code(0);
}

#[test]
fn a_hint_that_holds_for_all_lines_is_given_once() {
    let other = r#"{"aud":"x","exp":1700001800,"userId":1}"#;
    let hint = "pass your audience with --aud NAME; --any-aud accepts any audience";
    let (all, counts) = ([token(other), token(other)], "2 rejected (2 audience-not-expected)");
    for flag in ["--tokens", "--lines"] {
        stream("verify", &[flag], &all).summary(&format!("2 lines: {counts}")).hint(hint).code(6);
        stream("verify", &[flag], &all[..1])
            .summary("1 line: 1 rejected (1 audience-not-expected)")
            .hint(hint)
            .code(6);
    }
    stream("verify", &["--tokens", "-q"], &all).code(6);
    // Another line that does not fail, or fails for another reason.
    let good = token(GOOD);
    stream("verify", &["--tokens"], &[&all[0], &good, &all[1]])
        .stdout(lines(&[&good]))
        .summary(&format!("3 lines: 1 valid, {counts}"))
        .code(6);
    stream("verify", &["--tokens"], &[&all[0], "junk", &all[1]])
        .summary(&format!("3 lines: 1 invalid (1 token-parts), {counts}"))
        .code(4);
    // A row has its own hint.
    let row = |line| {
        let problem = format!(
            r#"{{"code":"audience-not-expected","message":"the token is meant for \"x\", and no audience was expected","hint":"{hint}","claim":"aud","actual":"x"}}"#
        );
        refused(line, "rejected", &problem)
    };
    stream("verify", &[], &all)
        .stdout(row(1) + &row(2))
        .summary(&format!("2 lines: {counts}"))
        .hint(hint)
        .code(6);
    stream("verify", &[], &all[..1])
        .stdout(row(1))
        .summary("1 line: 1 rejected (1 audience-not-expected)")
        .code(6);
    stream("verify", &["--aud", "x", "--get", "user_id"], &all)
        .stdout("\n\n")
        .summary("2 lines: 2 rejected (2 claim-missing)")
        .hint("there is \"userId\": --get userId")
        .code(6);
}

#[test]
fn a_text_that_is_no_list_of_tokens_is_for_find() {
    let log = ["GET / HTTP/1.1".to_owned(), format!("token={}", token(GOOD)), "x".to_owned()];
    let hint = "no line is a token; --find takes tokens out of any text";
    stream("verify", &["--tokens"], &log)
        .summary("3 lines: 3 invalid (1 token-base64, 1 token-parts, 1 token-white-space)")
        .hint(hint)
        .code(4);
    stream("verify", &["--tokens"], &[&log[0], &token(GOOD)])
        .stdout(lines(&[token(GOOD)]))
        .summary("2 lines: 1 valid, 1 invalid (1 token-white-space)")
        .code(4);
}

const KEY: &str = r#"{"kind":"HMAC secret","private":true,"kid":null,"source":"JWTCTL_SECRET","algorithms":["HS256","HS384","HS512"],"algorithm":"#;

#[test]
fn a_report_a_row() {
    let items = [token(GOOD), String::new(), token("{}"), token(EXPIRED), "junk".to_owned()];
    let good = format!(
        r#"{{"line":1,"ok":true,"status":"valid","exit_code":0,"header":{HEADER},"claims":{GOOD},"key":{KEY}"HS256"}},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
    );
    let endless = format!(
        r#"{{"line":3,"ok":true,"status":"valid","exit_code":0,"header":{HEADER},"claims":{{}},"key":{KEY}"HS256"}},"expires_at":null,"expires_in":null,"problems":[],"warnings":[{ENDLESS_WARNING}]}}"#
    );
    let expired = format!(
        r#"{{"line":4,"ok":false,"status":"expired","exit_code":3,"header":null,"claims":null,"key":{KEY}"HS256"}},"expires_at":"2023-11-14T22:13:19Z","expires_in":-1,"problems":[{EXPIRED_PROBLEM}],"warnings":[]}}"#
    );
    let bad = format!(
        r#"{{"line":5,"ok":false,"status":"invalid","exit_code":4,"header":null,"claims":null,"key":{KEY}null}},"expires_at":null,"expires_in":null,"problems":[{JUNK_PROBLEM}],"warnings":[]}}"#
    );
    let summary = "5 lines: 2 valid, 1 expired, 1 invalid (1 token-parts), 1 blank";
    for flags in [&["--json"][..], &["--json", "--compact"], &["--json", "--print", "all"]] {
        stream("verify", flags, &items)
            .stdout(lines(&[&good, &endless, &expired, &bad]))
            .summary(summary)
            .code(4);
    }
    stream("verify", &["--json", "--print", "valid"], &items)
        .stdout(lines(&[&good, &endless]))
        .summary(summary)
        .code(4);
    stream("verify", &["--json", "--print", "failed"], &items)
        .stdout(lines(&[&expired, &bad]))
        .summary(summary)
        .code(4);
}

#[test]
fn colours_are_for_terminals_alone() {
    let token = signed(HEADER, "{\"exp\":1700001800,\"s\":\"\u{9b}31m\u{202e}\"}");
    let row = valid(1, "{\"exp\":1700001800,\"s\":\"\u{9b}31m\u{202e}\"}");
    for color in ["auto", "never"] {
        stream("verify", &["--color", color], &[&token])
            .stdout(&row)
            .summary("1 line: 1 valid")
            .code(0);
    }
}
