//! Which stream is coloured when, and what colour never changes.

use crate::harness::{CLAIMS, PRINTED, SECRET, clocked, forged, jwtctl, keyed, text, token};

/// Whether stdout of `decode` and stderr of a failing `verify` are coloured.
fn coloured(flags: &[&str], env: &[(&str, &str)]) -> [bool; 2] {
    let seen = |verb: &str, token: &str| {
        let call = keyed(&[&[verb, token], flags].concat());
        let output = env.iter().fold(call, |call, (name, value)| call.env(name, value)).output();
        [output.stdout.contains(&0x1b), output.stderr.contains(&0x1b)]
    };
    let [stdout, nothing_said] = seen("decode", &token(CLAIMS));
    let [nothing_shown, stderr] = seen("verify", &forged(&token(CLAIMS)));
    assert!(!nothing_said && !nothing_shown, "an empty stream has no colour");
    [stdout, stderr]
}

#[test]
fn colour_goes_into_a_pipe_only_on_request() {
    for (flags, env, wanted) in [
        (&[][..], &[][..], false),
        (&["--color", "auto"], &[], false),
        (&["--color", "always"], &[], true),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "")], false),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&["--color", "always"], &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
    ] {
        assert_eq!(coloured(flags, env), [wanted; 2], "{flags:?} {env:?}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let output = clocked(&["decode", &token(CLAIMS), "--color", "always"]).output();
    let mut plain = String::new();
    for (i, piece) in text(&output.stdout).split("\u{1b}[").enumerate() {
        plain.push_str(if i == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, PRINTED);
}

#[test]
fn a_value_on_its_own_is_exact_however_loud_the_colours() {
    // CLICOLOR_FORCE is set for a whole CI job: it must not change what a script reads.
    let claims = r#"{"a":"x\u001b[31m\ny","exp":1700001800}"#;
    for (flags, env) in [(&["--color", "always"][..], "0"), (&[], "1")] {
        let verify = |more: &[&str]| {
            let token = token(claims);
            let args = [&["verify", token.as_str()], more, flags].concat();
            jwtctl(&args).env("CLICOLOR_FORCE", env)
        };
        verify(&["--raw", "-S", SECRET]).stdout(claims).code(0);
        verify(&["--get", "a", "-S", SECRET, "--at", "1700000000"])
            .stdout("x\u{1b}[31m\ny\n")
            .code(0);
    }
}

#[test]
fn a_report_into_a_pipe_has_no_colour() {
    // CLICOLOR_FORCE is set for a whole CI job, and what follows the pipe parses JSON.
    let token = token(CLAIMS);
    for args in [
        &["encode", "--user", "123", "--json"][..],
        &["decode", &token, "--json"],
        &["verify", &token, "--json"],
        &["refresh", &token, "-j"],
        &["verify", "a.b", "--json"],
    ] {
        let plain = keyed(args).output().stdout;
        assert!(plain.starts_with(b"{\n") && !plain.contains(&0x1b), "{args:?}");
        assert_eq!(keyed(args).env("CLICOLOR_FORCE", "1").output().stdout, plain, "{args:?}");
        let always = [args, &["--color", "always"]].concat();
        assert_eq!(keyed(&always).output().stdout, plain, "{args:?}");
    }
}

#[test]
fn a_token_is_painted() {
    for (name, value) in [("CLICOLOR_FORCE", "1"), ("TERM", "xterm-256color")] {
        keyed(&["encode", "--user", "123"])
            .env(name, value)
            .stdout(format!("{}\n", token(CLAIMS)))
            .code(0);
    }
}
