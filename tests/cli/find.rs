//! `--find`: every token in any text is an item, with its place.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::harness::{CLAIMS, Call, HEADER, SECRET, forged, keyed, line, program, signed, token};
use crate::streams::{EXPIRED, EXPIRED_PROBLEM, FORGED_PROBLEM, GOOD};

const NONE: &str = "no token was found in the input";
const WHOLE: &str = "--find looks for whole tokens: three or five base64url parts with dots between them, the first one a JSON object with \"alg\"";

/// A call with a log on stdin: a good token, an expired one beside a forged one, and text without one.
fn find(verb: &str, flags: &[&str]) -> Call {
    keyed(&[&[verb, "--find"], flags].concat()).stdin(log())
}

fn log() -> String {
    let [good, expired, forged] = tokens();
    format!(
        "GET /?t={good}&x HTTP/1.1\n\n{{\"a\":\"Bearer {expired}\\n\",\"b\":\"{forged}\"}}\nnothing\n"
    )
}

fn tokens() -> [String; 3] {
    [token(GOOD), token(EXPIRED), forged(&token(CLAIMS))]
}

/// The places of the tokens in the log, as members of a row.
fn places() -> [String; 3] {
    let log = log();
    let place = |line: usize, token: &str| {
        let byte = log.find(token).unwrap();
        let start = log[..byte].rfind('\n').map_or(0, |at| at + 1);
        format!("\"line\":{line},\"column\":{},\"byte\":{byte}", byte - start + 1)
    };
    let [good, expired, forged] = tokens();
    [place(1, &good), place(3, &expired), place(3, &forged)]
}

fn rows(path: &str) -> [String; 3] {
    let [good, expired, forged] = places();
    [
        format!("{{{path}{good},\"status\":\"valid\",\"claims\":{GOOD},\"problems\":[]}}\n"),
        format!(
            "{{{path}{expired},\"status\":\"expired\",\"claims\":null,\"problems\":[{EXPIRED_PROBLEM}]}}\n"
        ),
        format!(
            "{{{path}{forged},\"status\":\"invalid\",\"claims\":null,\"problems\":[{FORGED_PROBLEM}]}}\n"
        ),
    ]
}

const COUNTS: &str = "3 tokens: 1 valid, 1 expired, 1 invalid (1 bad-signature)";

#[test]
fn each_token_in_a_text_has_a_row_with_its_place() {
    find("verify", &[]).stdout(rows("").concat()).summary(COUNTS).code(4);
    let [good, expired, forged] = rows("");
    find("verify", &["--print", "valid"]).stdout(good).summary(COUNTS).code(4);
    find("verify", &["--print", "failed"]).stdout(expired + &forged).summary(COUNTS).code(4);
}

#[test]
fn decode_shows_each_token_and_verifies_none() {
    let places = places();
    let row = |place: &str, claims: &str| {
        format!(
            "{{{place},\"status\":\"decoded\",\"header\":{HEADER},\"claims\":{claims},\"problems\":[]}}\n"
        )
    };
    let rows = [row(&places[0], GOOD), row(&places[1], EXPIRED), row(&places[2], CLAIMS)].concat();
    find("decode", &[]).stdout(rows).summary("3 tokens: 3 decoded").code(0);
}

#[test]
fn a_row_says_which_of_several_files_it_is_from() {
    let flags = ["verify", "--find", "a.log", "b.log"];
    let rows = [rows("\"path\":\"a.log\","), rows("\"path\":\"b.log\",")].concat().concat();
    let both = "6 tokens: 2 valid, 2 expired, 2 invalid (2 bad-signature)";
    keyed(&flags).file("a.log", log()).file("b.log", log()).stdout(&rows).summary(both).code(4);
    // A positional argument is one of the files, in its place.
    keyed(&["verify", "a.log", "--find", "b.log"])
        .file("a.log", log())
        .file("b.log", log())
        .stdout(rows)
        .summary(both)
        .code(4);
}

#[test]
fn the_tokens_themselves_or_the_lines_that_have_them() {
    let [good, expired, forged] = tokens();
    let log = log();
    let lines: Vec<_> = log.lines().collect();
    for (flags, printed) in [
        (&["--tokens"][..], line(&good)),
        (&["--tokens", "--print", "all"], format!("{good}\n{expired}\n{forged}\n")),
        (&["--tokens", "--print", "failed"], format!("{expired}\n{forged}\n")),
        (&["--lines"], line(lines[0])),
        (&["--lines", "--print", "all"], format!("{}\n{}\n", lines[0], lines[2])),
        (&["--lines", "--print", "failed"], line(lines[2])),
    ] {
        find("verify", flags).stdout(printed).summary(COUNTS).code(4);
    }
    find("decode", &["--tokens"])
        .stdout(format!("{good}\n{expired}\n{forged}\n"))
        .summary("3 tokens: 3 decoded")
        .code(0);
    find("decode", &["--lines"])
        .stdout(format!("{}\n{}\n", lines[0], lines[2]))
        .summary("3 tokens: 3 decoded")
        .code(0);
}

#[test]
fn the_count_of_each_status_is_one_object() {
    let counts = "{\"valid\":1,\"failure\":0,\"usage\":0,\"expired\":1,\"invalid\":1,\"not-yet-valid\":0,\"rejected\":0,\"key\":0}\n";
    find("verify", &["--count"]).stdout(counts).summary(COUNTS).code(4);
    find("verify", &["--count", "-q"]).stdout(counts).code(4);
    let none = counts.replace('1', "0");
    keyed(&["verify", "--find", "--count"])
        .stdin("no token")
        .stdout(none)
        .summary("0 tokens")
        .error(NONE)
        .hint(WHOLE)
        .code(4);
}

#[test]
fn one_claim_of_each_token() {
    let log = format!("a={}\nb={}\n", token(GOOD), token(CLAIMS));
    keyed(&["verify", "--find", "--get", "exp"])
        .stdin(log)
        .stdout("1700001800\n1700001800\n")
        .summary("2 tokens: 2 valid")
        .code(0);
}

#[test]
fn text_without_a_token_is_no_success() {
    for text in ["", "no token\n", "eyJ.eyJ.eyJ", &format!("x{}", token(GOOD))] {
        for verb in ["decode", "verify"] {
            keyed(&[verb, "--find"])
                .stdin(text)
                .summary("0 tokens")
                .error(NONE)
                .hint(WHOLE)
                .code(4);
        }
        keyed(&["verify", "--find", "-q"]).stdin(text).error(NONE).code(4);
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_still_checked() {
    let good = token(GOOD);
    let row = format!(
        "{{\"path\":\"b.log\",\"line\":1,\"column\":1,\"byte\":0,\"status\":\"valid\",\"claims\":{GOOD},\"problems\":[]}}\n"
    );
    keyed(&["verify", "--find", "./a.log", "b.log"])
        .file("b.log", &good)
        .error("cannot read ./a.log: No such file or directory")
        .stdout(row)
        .summary("1 token: 1 valid")
        .code(1);
    keyed(&["verify", "--find", "./a.log"])
        .error("cannot read ./a.log: No such file or directory")
        .code(1);
}

#[test]
fn an_archive_is_read_as_its_text_and_a_cut_one_is_a_failure() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(log().as_bytes()).unwrap();
    let gzip = encoder.finish().unwrap();
    let zstandard = ruzstd::encoding::compress_to_vec(
        log().as_bytes(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    for archive in [&gzip, &zstandard] {
        let call = |bytes: &[u8]| keyed(&["verify", "--find", "x.log"]).file("x.log", bytes);
        call(archive).stdout(rows("").concat()).summary(COUNTS).code(4);
        let is_gzip = std::ptr::eq(archive, &raw const gzip);
        let why = if is_gzip {
            "gzip archive cannot be read: it is cut off"
        } else {
            "Zstandard archive cannot be read: it is cut off or damaged"
        };
        call(&archive[..12])
            .error(&format!("cannot read the text: the {why}"))
            .summary("0 tokens")
            .code(1);
    }
}

#[test]
fn an_encrypted_token_is_shown_by_its_header() {
    let jwe = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.dGV4dA.dGFn";
    keyed(&["decode", "--find"])
        .stdin(format!("x {jwe}\n"))
        .stdout("{\"line\":1,\"column\":3,\"byte\":2,\"status\":\"decoded\",\"header\":{\"alg\":\"dir\",\"enc\":\"A128GCM\"},\"claims\":null,\"problems\":[]}\n")
        .summary("1 token: 1 decoded")
        .code(0);
}

#[test]
fn a_found_token_is_judged_as_a_single_one_is() {
    for claims in [GOOD, EXPIRED, r#"{"nbf":1700000001}"#, r#"{"aud":"a"}"#, "[]", "x"] {
        let token = signed(HEADER, claims);
        let single = keyed(&["verify", "--json", &token]).output();
        let found = keyed(&["verify", "--find", "--json", "--explain"])
            .stdin(format!("t={token}"))
            .output();
        assert_eq!(found.status.code(), single.status.code(), "{claims}");
        let json = |bytes: &[u8]| -> serde_json::Value { serde_json::from_slice(bytes).unwrap() };
        let (mut found, single) = (json(&found.stdout), json(&single.stdout));
        let place =
            ["line", "column", "byte"].map(|name| found.as_object_mut().unwrap().remove(name));
        assert_eq!(place, [Some(1.into()), Some(3.into()), Some(2.into())]);
        assert_eq!(found, single, "{claims}");
    }
}

#[test]
fn no_word_makes_a_gate_find_what_was_not_asked_for() {
    for word in ["--find=a.log", "--lines=x", "--count=1"] {
        let call = keyed(&["verify", word]).file("a.log", token(GOOD)).stdin(token(GOOD));
        assert_eq!(call.output().status.code(), Some(2), "{word}");
    }
}

#[test]
fn rows_come_before_the_input_ends() {
    use std::io::{BufRead as _, BufReader};

    let mut child = Command::new(program())
        .args(["verify", "--find", "-q", "--tokens", "--at", "1700000000"])
        .env_clear()
        .env("JWTCTL_SECRET", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut pipe, token) = (child.stdin.take().unwrap(), token(GOOD));
    let mut rows = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        pipe.write_all(format!("GET /{token}\n").as_bytes()).unwrap();
        let mut row = String::new();
        rows.read_line(&mut row).unwrap();
        assert_eq!(row, line(&token));
    }
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
