//! Colour, quiet calls, reports, escaping, and output streams that are closed or full.

use crate::harness::{
    CLAIMS, Call, PRINTED, clocked, forged, jwtctl, keyed, line, signed_with, text, token,
};

const FORGED: &str =
    "the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)";
const ANOTHER_KEY: &str = "the token was signed with another key, or changed after it was signed";

#[test]
fn quiet_leaves_the_errors_and_the_exit_code() {
    let no_exp = token("{}");
    for quiet in ["-q", "--quiet"] {
        keyed(&["verify", quiet, &token(CLAIMS)]).code(0);
        keyed(&["verify", quiet, &no_exp]).code(0);
        keyed(&["verify", quiet, &forged(&no_exp)]).error(FORGED).code(4);
        keyed(&[quiet, "decode", &token(CLAIMS)]).stdout(PRINTED).code(0);
        keyed(&["encode", quiet, "--user", "123"]).stdout(line(&token(CLAIMS))).code(0);
        keyed(&["refresh", quiet, &token(CLAIMS)]).stdout(line(&token(CLAIMS))).code(0);
        clocked(&["encode", quiet, "-S", "short", "--jti=1", "--no-iat", "--no-exp"])
            .stdout(line(&crate::harness::signed_with(
                b"short",
                crate::harness::HEADER,
                r#"{"jti":"1"}"#,
            )))
            .code(0);
    }
}

#[test]
fn quiet_holds_for_a_call_that_cannot_be_understood() {
    keyed(&["verify", "-q", "--frobnicate"]).error("there is no flag --frobnicate").code(2);
}

#[test]
fn quiet_verify_prints_only_what_a_flag_asks_for() {
    let token = signed_with(b"short", crate::harness::HEADER, CLAIMS);
    let verify = |flags: &[&str]| {
        clocked(&[&["verify", "-q", token.as_str(), "-S", "short"], flags].concat())
    };
    verify(&[]).code(0);
    verify(&["--compact"]).code(0);
    verify(&["--get", "user_id"]).stdout("123\n").code(0);
    jwtctl(&["verify", "-q", "--raw", "-S", "short", &token]).stdout(CLAIMS).code(0);
    let report = verify(&["--json", "--compact"]).output();
    assert_eq!((report.status.code(), text(&report.stderr)), (Some(0), String::new()));
    assert!(text(&report.stdout).starts_with(r#"{"ok":true,"#));
}

#[test]
fn reports_hold_everything_on_success() {
    let token = token(CLAIMS);
    let (_, signature) = token.rsplit_once('.').unwrap();
    let header = crate::harness::HEADER;
    let minted = |renewed: &str| {
        format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"token":"{token}",{renewed}"header":{header},"claims":{CLAIMS},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
        )
    };
    for (args, report) in [
        (&["encode", "--user", "123"][..], minted("")),
        (&["refresh", &token], minted(r#""renewed":true,"#)),
        (&["refresh", &token, "--if-expiring", "1m"], minted(r#""renewed":false,"#)),
        (
            &["decode", &token],
            format!(
                r#"{{"ok":true,"status":"decoded","exit_code":0,"verified":false,"header":{header},"claims":{CLAIMS},"signature":"{signature}","expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
            ),
        ),
        (
            &["verify", &token],
            format!(
                r#"{{"ok":true,"status":"valid","exit_code":0,"header":{header},"claims":{CLAIMS},"key":{{"kind":"HMAC secret","private":true,"kid":null,"source":"JWTCTL_SECRET","algorithms":["HS256","HS384","HS512"],"algorithm":"HS256"}},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
            ),
        ),
    ] {
        for json in ["-j", "--json"] {
            keyed(&[args, &[json, "--compact"]].concat()).stdout(line(&report)).code(0);
        }
    }
}

#[test]
fn reports_hold_the_problems_and_nothing_unverified_on_failure() {
    let problem = r#"[{"code":"token-parts","message":"a token has three parts separated by dots; this text has 2","hint":"was it cut?"}]"#;
    for (verb, body) in [
        (
            "decode",
            r#""verified":false,"header":null,"claims":null,"signature":null,"expires_at":null,"expires_in":null"#,
        ),
        (
            "refresh",
            r#""token":null,"header":null,"claims":null,"expires_at":null,"expires_in":null"#,
        ),
    ] {
        keyed(&[verb, "a.b", "--json", "--compact"])
            .stdout(line(&format!(
                r#"{{"ok":false,"status":"invalid","exit_code":4,{body},"problems":{problem},"warnings":[]}}"#
            )))
            .code(4);
    }
}

#[test]
fn a_report_says_when_a_genuine_token_expires_even_if_it_is_refused() {
    let expired = token(r#"{"user_id":123,"exp":1699999000}"#);
    let (past, unknown) = (
        r#""expires_at":"2023-11-14T21:56:40Z","expires_in":-1000,"#,
        r#""expires_at":null,"expires_in":null,"#,
    );
    for (args, code, expected) in [
        (&["decode", &expired][..], 0, past),
        (&["decode", &forged(&expired)], 0, past),
        (&["verify", &expired], 3, past),
        (&["verify", &expired, "--iss", "me"], 6, past),
        (&["verify", &forged(&expired)], 4, unknown),
        (&["refresh", &expired], 3, past),
        (&["refresh", &expired, "--iss", "me"], 6, past),
        (&["refresh", &forged(&expired)], 4, unknown),
        (&["verify", &token(r#"{"exp":"1699999000"}"#)], 4, unknown),
        (&["verify", &token("{}")], 0, unknown),
        // RFC 3339 has no year of five digits.
        (&["verify", &token(r#"{"exp":999999999999}"#)], 0, unknown),
        (
            &["verify", &token(r#"{"exp":1700000000.5}"#)],
            0,
            r#""expires_at":"2023-11-14T22:13:20Z","expires_in":0,"#,
        ),
        (&["encode", "--exp", "2023-11-14T21:56:40Z"], 0, past),
        (&["encode", "{}", "--no-exp"], 0, unknown),
    ] {
        let output = keyed(&[args, &["--json", "--compact"]].concat()).output();
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        let report = text(&output.stdout);
        assert!(report.contains(expected), "{args:?}: {report}");
    }
}

#[test]
fn each_status_is_the_name_of_its_code() {
    let valid = token(CLAIMS);
    for (token, flags, code, status) in [
        ("-", &["--jwks", "https://127.0.0.1:1"][..], 1, "failure"),
        (&valid, &["--set"], 2, ""),
        (&token(r#"{"exp":1}"#), &[], 3, "expired"),
        (&forged(&valid), &[], 4, "invalid"),
        (&token(r#"{"nbf":1800000000,"exp":1900000000}"#), &[], 5, "not-yet-valid"),
        (&valid, &["--iss", "me"], 6, "rejected"),
        (&valid, &["-S", ""], 7, "key"),
    ] {
        let args = [&["verify", token, "--json", "--compact"], flags].concat();
        let output = keyed(&args).output();
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        let start = format!(
            r#"{{"ok":false,"status":"{status}","exit_code":{code},"header":null,"claims":null,"#
        );
        // Errors of the argument parser stay plain text.
        assert_eq!(text(&output.stdout).starts_with(&start), !status.is_empty(), "{args:?}");
        assert_eq!(output.stderr.is_empty(), !status.is_empty(), "{args:?}");
    }
}

#[test]
fn a_report_compares_what_was_expected_with_what_was_found() {
    let output =
        keyed(&["verify", &token(CLAIMS), "--json", "--compact", "-c", "user_id=5"]).output();
    let problem = r#""problems":[{"code":"claim-mismatch","message":"\"user_id\" is 123; expected \"5\"","hint":null,"claim":"user_id","expected":"5","actual":123}],"warnings":[]}"#;
    assert!(text(&output.stdout).trim_end().ends_with(problem), "{}", text(&output.stdout));
}

#[test]
fn pipes_get_what_was_written_and_messages_are_escaped() {
    let hostile = "\u{1b}]0;t\u{7}\u{202e}\u{200b}";
    let claims = format!("{{\"a\":\"{}\",\"exp\":1700001800}}", "\u{202e}\u{200b}\u{9b}");
    keyed(&["verify", "--compact", &token(&claims)]).stdout(line(&claims)).code(0);
    // On stderr, which people read, what could steer a terminal is shown.
    keyed(&["verify", "--token-file", &format!("./{hostile}.txt")])
        .error("cannot read ./\\u001b]0;t\\u0007\\u202e\\u200b.txt: No such file or directory")
        .code(1);
    let shown = keyed(&["decode", &token(&claims), "--get", "a", "--color", "never"]).output();
    assert_eq!(text(&shown.stdout), "\u{202e}\u{200b}\u{9b}\n");
}

/// Runs `"$@"` in a line of shell and gives what it printed and said.
fn in_shell(call: &Call, script: &str) -> (String, String) {
    let output = call.in_shell(script);
    (text(&output.stdout), text(&output.stderr))
}

#[test]
#[cfg(target_os = "linux")]
fn a_closed_or_full_stdout_is_a_failure_that_is_told() {
    let valid = keyed(&["verify", &token(CLAIMS)]);
    for (redirect, reason) in [(">&-", "it is closed"), (">/dev/full", "No space left on device")] {
        let said = format!("error: cannot write the answer: {reason}\n");
        let script = format!("\"$@\" {redirect}; echo $? >&2");
        for call in [&valid, &jwtctl(&["--help"]), &jwtctl(&["completions", "bash"])] {
            assert_eq!(in_shell(call, &script), (String::new(), format!("{said}1\n")));
        }
        // Nothing to write, nothing lost: the code is the answer.
        let quiet = keyed(&["verify", "-q", &token(CLAIMS)]);
        assert_eq!(in_shell(&quiet, &script), (String::new(), "0\n".to_owned()));
        let invalid = keyed(&["verify", &forged(&token(CLAIMS))]);
        let said = format!("error: {FORGED}\nhint: {ANOTHER_KEY}\n4\n");
        assert_eq!(in_shell(&invalid, &script), (String::new(), said));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_stdout_that_cannot_be_written_to_ends_with_0() {
    // The standard library's own swallows everything where the descriptor is for reading only.
    let said = "error: cannot write the answer: Bad file descriptor\n1\n";
    let token = token(CLAIMS);
    for args in [
        &["encode", "--user", "123"][..],
        &["decode", &token],
        &["verify", &token],
        &["verify", &token, "--json"],
        &["verify", &token, "--get", "user_id"],
        &["refresh", &token],
    ] {
        let seen = in_shell(&keyed(args), "\"$@\" 1</dev/null; echo $? >&2");
        assert_eq!(seen, (String::new(), said.to_owned()), "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["completions", "bash"], &["man"]] {
        let seen = in_shell(&jwtctl(args), "\"$@\" 1</dev/null; echo $? >&2");
        assert_eq!(seen, (String::new(), said.to_owned()), "{args:?}");
    }
}

#[test]
fn the_indentation_of_a_deeply_nested_token_is_bounded() {
    // Each item stands on a line of its own, at most 16 steps of 2 deep.
    for (depth, items) in [(100, 1), (100, 500), (127, 500)] {
        let array = format!(
            "{}{}{}",
            "[".repeat(depth - 1),
            vec!["1"; items].join(","),
            "]".repeat(depth - 1)
        );
        let claims = format!(r#"{{"a":{array}}}"#);
        let deep = keyed(&["decode"]).stdin(token(&claims)).output();
        assert_eq!(deep.status.code(), Some(0));
        let lines = items + 2 * depth;
        let most = claims.len() + 40 * lines;
        assert!(deep.stdout.len() <= most, "{} bytes of {}", deep.stdout.len(), claims.len());
        assert!(deep.stdout.len() <= 40 * claims.len(), "{} bytes", deep.stdout.len());
        // What was cut off is white space alone.
        let shown: String = text(&deep.stdout).split_whitespace().collect();
        assert_eq!(shown, claims);
    }
}

#[test]
fn a_report_forgets_the_key_as_soon_as_a_token_is_refused() {
    let key = |algorithm: &str| {
        format!(
            r#""header":null,"claims":null,"key":{{"kind":"HMAC secret","private":true,"kid":null,"source":"JWTCTL_SECRET","algorithms":["HS256","HS384","HS512"],"algorithm":{algorithm}}},"expires_at":"#
        )
    };
    for (token_given, flags, body) in [
        ("a.b", &[][..], key("null")),
        (&forged(&token(CLAIMS)), &[], key("null")),
        (&token(r#"{"exp":1}"#), &[], key(r#""HS256""#)),
        (&token(CLAIMS), &["--iss", "me"], key(r#""HS256""#)),
        ("a.b", &["-S", ""], r#""header":null,"claims":null,"key":null,"expires_at":null,"expires_in":null,"problems":["#.to_owned()),
    ] {
        let args = [&["verify", "--json", "--compact", token_given], flags].concat();
        let report = text(&keyed(&args).output().stdout);
        assert!(report.contains(&body), "{report}");
    }
}

#[test]
fn a_broken_pipe_ends_quietly_with_the_code_of_what_was_found_out() {
    // More than a pipe holds, so that the write meets a reader that has gone.
    let long = token(&format!(r#"{{"a":"{}","exp":1700001800}}"#, "x".repeat(1 << 20)));
    for (flags, code) in [(&[][..], "0\n"), (&["--json", "--iss", "me"], "6\n")] {
        let call = keyed(&[&["verify"], flags].concat()).stdin(&long);
        let script = "{ \"$@\"; echo $? >&2; } | head -c 1 >/dev/null";
        assert_eq!(in_shell(&call, script), (String::new(), code.to_owned()));
    }
}

#[test]
fn a_closed_stdin_or_stderr_is_an_empty_one() {
    let call = keyed(&["verify"]);
    let said = "error: there is no token: the input is empty\n\
                hint: was the variable set, and did the command before the pipe print anything?\n4\n";
    assert_eq!(in_shell(&call, "\"$@\" <&-; echo $? >&2"), (String::new(), said.to_owned()));
    assert_eq!(in_shell(&call, "\"$@\" 2>&-; echo $?"), ("4\n".to_owned(), String::new()));
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_claims_come_with_what_they_mean_and_nothing_steers_it() {
    let claims = "{\"a\":\"\u{202e}\u{9b}2J\",\"iat\":1699999100,\"exp\":1700000900}";
    for (verb, said) in [
        ("verify", "verified: HS256 with the HMAC secret (JWTCTL_SECRET)"),
        ("decode", "not verified: "),
    ] {
        // `script` gives the call a terminal and writes what it shows to its own stdout.
        let call = keyed(&[verb, &token(claims)]).env("TERM", "dumb");
        let shown = in_shell(&call, "script -qec \"$*\" /dev/null").0;
        for part in [
            said,
            "\"alg\": \"HS256\"",
            "\"a\": \"\\u202e\\u009b2J\"",
            "2023-11-14 22:28:20 UTC, in 15 minutes",
            "50% of 30 minutes elapsed",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{shown}");
    }
    let token = token(claims);
    let coloured = keyed(&["decode", &token]).env("TERM", "xterm");
    assert!(in_shell(&coloured, "script -qec \"$*\" /dev/null").0.contains("\u{1b}["));
    let plain = keyed(&["decode", &token]).env("TERM", "xterm").env("NO_COLOR", "1");
    assert!(!in_shell(&plain, "script -qec \"$*\" /dev/null").0.contains('\u{1b}'));
}
