//! A stream on a terminal: no line controls the terminal, and lines are not read from it.

mod support;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::output::Terminal;
use support::{AT, Output, SECRET, run_inside, run_inside_fed};

/// What a terminal must not get to see as it is: an escape, a C1 control, what reorders and what hides text.
const HOSTILE: &str = "\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\u{7f}\u{7}";
/// The same as it is shown.
const SHOWN: &str = "\\u001b[31m\\u009b2J\\u202e\\u200b\\u007f\\u0007";

/// A stream on a terminal that shows no colours.
fn shown(args: &[&str], stdin: &[u8]) -> Output {
    let args = [args, &["--at", AT]].concat();
    let variables = [("JWTCTL_SECRET", SECRET), ("NO_COLOR", "1")];
    run_inside_fed(&args, &variables, stdin, Terminal::Width(80))
}

fn signed(payload: &str) -> String {
    let input = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    format!("{input}.{}\n", URL_SAFE_NO_PAD.encode(hmac::sign(&key, input.as_bytes())))
}

#[track_caller]
fn seen(output: &Output, stdout: &str, stderr: &str, code: i32) {
    assert_eq!((&*output.stdout, &*output.stderr, output.code), (stdout, stderr, code));
}

#[test]
fn claims_do_not_steer_a_terminal() {
    // JSON lets only some of it stand as it is.
    let raw = "\u{9b}2J\u{202e}\u{200b}\u{7f}";
    let payload = format!("{{\"exp\":1700001800,\"{raw}\":\"{raw}\\u001b[31m\\u0007\"}}");
    let token = signed(&payload);
    let claims = "{\"exp\":1700001800,\"\\u009b2J\\u202e\\u200b\\u007f\":\"\\u009b2J\\u202e\\u200b\\u007f\\u001b[31m\\u0007\"}";
    let row = format!("{{\"line\":1,\"status\":\"valid\",\"claims\":{claims},\"problems\":[]}}\n");
    let summary = "summary: 1 line: 1 valid\n";
    seen(&shown(&["verify", "--batch"], token.as_bytes()), &row, summary, 0);
    let pointer = format!("/{raw}");
    let got = shown(&["verify", "--batch", "--get", &pointer], token.as_bytes());
    seen(&got, "\\u009b2J\\u202e\\u200b\\u007f\\u001b[31m\\u0007\n", summary, 0);
    // The tab between two values is the only control that it gets to see.
    let several = ["verify", "--batch", "--get", "exp", "--get", &pointer];
    let got = shown(&several, token.as_bytes());
    let row = "1700001800\t\\u009b2J\\u202e\\u200b\\u007f\\u001b[31m\\u0007\n";
    seen(&got, row, summary, 0);
    let single = [&several[..1], &several[2..], &["-"]].concat();
    seen(&shown(&single, token.as_bytes()), row, "", 0);
    // In a pipe they are as they came.
    let variables = [("JWTCTL_SECRET", SECRET)];
    let piped = run_inside_fed(
        &["verify", "--batch", "--at", AT],
        &variables,
        token.as_bytes(),
        Terminal::No,
    );
    let row = format!("{{\"line\":1,\"status\":\"valid\",\"claims\":{payload},\"problems\":[]}}\n");
    seen(&piped, &row, summary, 0);
}

#[test]
fn lines_that_are_printed_do_not_steer_a_terminal() {
    let line = format!("{HOSTILE}\n");
    let printed = shown(&["verify", "--batch", "--tokens", "--print", "failed"], line.as_bytes());
    seen(
        &printed,
        &format!("{SHOWN}\n"),
        "summary: 1 line: 1 invalid (1 token-parts)\nhint: was it cut?\n",
        4,
    );
    let noise =
        shown(&["verify", "--batch", "--tokens", "--print", "failed"], b"a\xff\rb\x1b[2J\n");
    seen(&noise, "a\u{fffd}\\rb\\u001b[2J\n", "summary: 1 line: 1 invalid (1 token-not-text)\n", 4);
}

#[test]
fn what_is_said_of_a_line_does_not_steer_a_terminal() {
    let claims = format!("{{\"{}\":1,\"{0}\":2}}\n", "\u{9b}2J\u{202e}\u{200b}");
    let said = "error: line 1: CLAIMS has the member \"\\u009b2J\\u202e\\u200b\" twice\n\
        hint: CLAIMS is a JSON object: jwtctl encode '{\"user_id\":123}'\n\
        summary: 1 line: 1 usage (1 bad-claims)\n";
    seen(&shown(&["encode", "--batch"], claims.as_bytes()), "\n", said, 2);
    let token = signed(&format!("{{\"iss\":\"{}\",\"exp\":1700001800}}", "\u{9b}2J\u{202e}"));
    let row = "{\"line\":1,\"status\":\"rejected\",\"claims\":null,\"problems\":[{\"code\":\"claim-mismatch\",\"message\":\"\\\"iss\\\" is \\\"\\u009b2J\\u202e\\\"; expected \\\"me\\\"\",\"hint\":null,\"claim\":\"iss\",\"expected\":\"me\",\"actual\":\"\\u009b2J\\u202e\"}]}\n";
    let output = shown(&["verify", "--batch", "--iss", "me"], token.as_bytes());
    assert!(!output.stdout.contains(['\u{9b}', '\u{202e}']), "{:?}", output.stdout);
    seen(&output, row, "summary: 1 line: 1 rejected (1 claim-mismatch)\n", 6);
}

#[test]
fn rows_are_painted_where_a_person_is_looking() {
    let variables = [("JWTCTL_SECRET", SECRET)];
    let token = signed(r#"{"exp":1700001800}"#);
    let args = ["verify", "--batch", "--at", AT];
    let output = run_inside_fed(&args, &variables, token.as_bytes(), Terminal::Width(80));
    assert!(output.stdout.contains("\u{1b}["), "{:?}", output.stdout);
    assert!(output.stderr.starts_with("\u{1b}["), "{:?}", output.stderr);
    assert_eq!(output.stdout.lines().count(), 1);
}

#[test]
fn a_stream_does_not_read_from_a_terminal() {
    for verb in ["encode", "decode", "verify", "refresh"] {
        let variables = [("JWTCTL_SECRET", SECRET), ("NO_COLOR", "1")];
        let output = run_inside(&[verb, "--batch"], &variables, Terminal::Width(80));
        let hint =
            format!("hint: jwtctl {verb} --batch FILE, or a pipe: … | jwtctl {verb} --batch\n");
        seen(&output, "", &format!("error: no input was given to --batch\n{hint}"), 2);
    }
}
