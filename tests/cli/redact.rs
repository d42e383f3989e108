//! `redact`: a filter that hides what makes tokens work, and copies everything else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use crate::harness::{CLAIMS, HEADER, base64url, jwtctl, program, text, token};

/// A line of a log with a token.
fn logged() -> String {
    format!("GET /?token={}&x=1 200\r\n", token(CLAIMS))
}

/// The same without the signature.
fn kept() -> String {
    format!("GET /?token={}.{}.[redacted]&x=1 200\r\n", base64url(HEADER), base64url(CLAIMS))
}

#[test]
fn a_file_or_standard_input_is_copied() {
    jwtctl(&["redact", "server.log"]).file("server.log", logged()).stdout(kept()).code(0);
    jwtctl(&["redact"]).stdin(logged()).stdout(kept()).code(0);
    jwtctl(&["redact", "-"]).stdin(logged()).stdout(kept()).code(0);
    jwtctl(&["--quiet", "redact"]).stdin(logged()).stdout(kept()).code(0);
}

#[test]
fn flags_say_how_much_is_hidden() {
    let header = base64url(HEADER);
    for (flags, left) in [
        (&["--payload"][..], format!("{header}.[redacted].[redacted]")),
        (&["--all"], "[redacted]".to_owned()),
        (&["--same-length"], format!("{header}.{}.{}", base64url(CLAIMS), "*".repeat(43))),
        (&["--all", "--same-length"], "*".repeat(token(CLAIMS).len())),
    ] {
        let left = format!("GET /?token={left}&x=1 200\r\n");
        jwtctl(&[&["redact"], flags].concat()).stdin(logged()).stdout(left).code(0);
    }
}

#[test]
fn text_without_tokens_is_no_failure() {
    for text in [&b""[..], b"\n", b"no line end", b"\xff\xfe\x00\r\n\x1b[0m\x80"] {
        jwtctl(&["redact"]).stdin(text).stdout(text).code(0);
    }
}

#[test]
fn a_call_that_cannot_work_is_explained() {
    jwtctl(&["redact", "--all", "--payload"])
        .error("--all cannot be used with --payload")
        .hint("use only one of them")
        .code(2);
    jwtctl(&["redact", "./missing.log"])
        .error("cannot read ./missing.log: No such file or directory")
        .code(1);
    jwtctl(&["redact", &token(CLAIMS)])
        .error("redact takes the path of a file, not the content of one")
        .hint("for the text itself use a pipe: … | jwtctl redact")
        .code(2);
}

#[test]
fn the_help_says_what_is_not_found() {
    let help = text(&jwtctl(&["help", "redact"]).output().stdout);
    for words in ["UTF-16", "compressed", "broken over", "server.log"] {
        assert!(help.contains(words), "{words}: {help}");
    }
    assert!(text(&jwtctl(&["help"]).output().stdout).contains("  redact "));
}

/// As in `tail -f server.log | jwtctl redact | tee shared.log`.
#[test]
fn a_line_is_copied_before_the_next_one_comes() {
    let mut child = Command::new(program())
        .arg("redact")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        input.write_all(logged().as_bytes()).unwrap();
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert_eq!(line, kept());
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_failure() {
    let call = jwtctl(&["redact"]).stdin(logged().repeat(100_000));
    let output = call.in_shell(r#"{ "$@"; echo $? >&2; } | head -n 1"#);
    assert_eq!((text(&output.stdout), text(&output.stderr)), (kept(), "0\n".to_owned()));
}

#[test]
fn a_missing_file_is_named_if_its_ending_is_known() {
    for name in ["server.log", "server.log.gz", "a.zst", "a.har", "a.txt", "a.jsonl", "a.ndjson"] {
        let error = format!("cannot read {name}: No such file or directory");
        jwtctl(&["redact", name]).error(&error).code(1);
        jwtctl(&["decode", "--find", name]).error(&error).code(1);
    }
    let error = "cannot read a file (not shown: its name may be a token or a secret): No such file or directory";
    jwtctl(&["redact", "server.c3VwZXJzZWNyZXQ"]).error(error).code(1);
}

#[cfg(unix)]
#[test]
fn a_file_is_not_redacted_into_itself() {
    let call = jwtctl(&["redact", "server.log"]).file("server.log", logged());
    let output = call.in_shell(r#""$@" >> server.log"#);
    assert_eq!(output.status.code(), Some(2));
    let told = "error: the input and the output are the same file\nhint: write to another file, then rename it: > NEW && mv NEW FILE\n";
    assert_eq!(text(&output.stderr), told);
}
