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

const COUNTS: &str = "5 lines: 2 valid, 1 expired, 1 invalid, 1 blank";

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
            .summary("1 line: 1 invalid")
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
        .error(&junk(1))
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
fn a_missing_claim_is_an_empty_row_and_an_error() {
    let items =
        [token(GOOD), String::new(), token(r#"{"v":1}"#), "junk".to_owned(), forged(&token(GOOD))];
    stream("verify", &["--get", "v"], &items)
        .stdout("\n1\n\n\n")
        .error("line 1: the token has no claim \"v\"")
        .warning("line 3: the token has no \"exp\": it never expires")
        .error(&junk(4))
        .hint("was it cut?")
        .error("line 5: the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
        .hint("the token was signed with another key, or changed after it was signed")
        .summary("5 lines: 1 valid, 2 invalid, 1 rejected, 1 blank")
        .code(4);
    stream("verify", &["--get", "v", "--print", "valid"], &items[..3])
        .stdout("1\n")
        .warning("line 3: the token has no \"exp\": it never expires")
        .summary("3 lines: 1 valid, 1 rejected, 1 blank")
        .code(6);
    stream("verify", &["--get", "v", "--print", "failed"], &items[..4])
        .stdout("\n\n")
        .error("line 1: the token has no claim \"v\"")
        .error(&junk(4))
        .hint("was it cut?")
        .summary("4 lines: 1 valid, 1 invalid, 1 rejected, 1 blank")
        .code(4);
}

const KEY: &str = r#"{"kind":"HMAC secret","private":true,"kid":null,"source":"JWTCTL_SECRET","algorithms":["HS256","HS384","HS512"],"algorithm":"#;

#[test]
fn a_report_a_row() {
    let items = [token(GOOD), String::new(), token("{}"), token(EXPIRED), "junk".to_owned()];
    let good = format!(
        r#"{{"line":1,"ok":true,"status":"valid","exit_code":0,"header":{HEADER},"claims":{GOOD},"key":{KEY}"HS256"}},"problems":[],"warnings":[]}}"#
    );
    let endless = format!(
        r#"{{"line":3,"ok":true,"status":"valid","exit_code":0,"header":{HEADER},"claims":{{}},"key":{KEY}"HS256"}},"problems":[],"warnings":[{ENDLESS_WARNING}]}}"#
    );
    let expired = format!(
        r#"{{"line":4,"ok":false,"status":"expired","exit_code":3,"header":null,"claims":null,"key":{KEY}"HS256"}},"problems":[{EXPIRED_PROBLEM}],"warnings":[]}}"#
    );
    let bad = format!(
        r#"{{"line":5,"ok":false,"status":"invalid","exit_code":4,"header":null,"claims":null,"key":{KEY}null}},"problems":[{JUNK_PROBLEM}],"warnings":[]}}"#
    );
    let summary = "5 lines: 2 valid, 1 expired, 1 invalid, 1 blank";
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
