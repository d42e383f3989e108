//! Flags of every verb are understood before it, too; and the call that has no verb at all.

use crate::harness::{CLAIMS, PRINTED, SECRET, clocked, jwtctl, keyed, line, text, token};

#[test]
fn json_before_the_verb_is_json_behind_it() {
    let good = token(CLAIMS);
    for (before, after) in [
        (&["-j", "verify", &good][..], &["verify", "-j", &good][..]),
        (&["--json", "verify", &good], &["verify", "--json", &good]),
        (&["-qj", "verify", &good], &["verify", "-q", "-j", &good]),
        (&["-jq", "verify", &good], &["verify", "-q", "-j", &good]),
        (&["-j", "--color", "never", "verify", "junk"], &["verify", "-j", "junk"]),
        (&["--color", "never", "-j", "decode", &good], &["decode", "-j", &good]),
        (&["-j", "verify", "-j", &good], &["verify", "-j", &good]),
        (&["-j", "verify", "--batch", "tokens.txt"], &["verify", "-j", "--batch", "tokens.txt"]),
        (&["-j", "encode", CLAIMS, "-c", "a=-j"], &["encode", "-j", CLAIMS, "-c", "a=-j"]),
        (&["-j", "refresh", &good], &["refresh", &good, "-j"]),
    ] {
        let outputs =
            [before, after].map(|args| keyed(args).file("tokens.txt", line(&good)).output());
        let [before, after] = outputs
            .map(|output| (text(&output.stdout), text(&output.stderr), output.status.code()));
        assert_eq!(before, after);
        assert!(before.0.starts_with('{'), "{}", before.0);
    }
    let show = |args: &[&str]| text(&jwtctl(args).key("ed25519.spki.public.pem").output().stdout);
    let file = "ed25519.spki.public.pem";
    let reported = show(&["key", "show", "-j", file]);
    assert!(reported.starts_with('{'), "{reported}");
    assert_eq!(show(&["-j", "key", "show", file]), reported);
    assert_eq!(show(&["key", "-j", "show", file]), reported);
}

#[test]
fn json_before_the_verb_has_the_conflicts_of_the_verb() {
    for (flags, flag) in [(&["--get", "a"][..], "--get <NAME>"), (&["--raw"], "--raw")] {
        let error = format!("{flag} cannot be used with --json");
        let call = keyed(&[&["-j", "verify"], flags, &["x"]].concat()).output();
        assert_eq!(call.status.code(), Some(2));
        let said = text(&call.stderr);
        let other = format!("--json cannot be used with {flag}");
        assert!(said.contains(&error) || said.contains(&other), "{said}");
    }
}

#[test]
fn json_is_refused_by_a_verb_without_a_report() {
    for args in [&["-j", "completions", "bash"][..], &["-j", "man"], &["--json", "redact"]] {
        let output = jwtctl(args).output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = text(&output.stderr);
        assert!(
            said.starts_with("error: there is no flag --json\nhint: it is a flag of "),
            "{said}"
        );
    }
}

#[test]
fn json_before_a_gate_reads_standard_input_like_json_behind_it() {
    let good = token(CLAIMS);
    let [before, after] = [["-j", "verify"], ["verify", "-j"]]
        .map(|args| text(&keyed(&args).stdin(&good).output().stdout));
    assert_eq!(before, after);
    keyed(&["-j", "verify", "--allow-expired"])
        .stdin(good)
        .error("no token was given, and with --allow-expired standard input is read only if it is named")
        .hint("jwtctl verify --json --allow-expired --at 1700000000 -")
        .code(2);
}

#[test]
fn the_other_flags_of_every_verb_are_understood_before_it() {
    let good = token(CLAIMS);
    let profile = "[profile.p]\nsecret-env = \"OTHER\"\n";
    clocked(&["--config", "c.toml", "--profile", "p", "verify", &good])
        .env("OTHER", SECRET)
        .file("c.toml", profile)
        .stdout(PRINTED)
        .code(0);
    keyed(&["-q", "verify", &good]).code(0);
    let annotated = keyed(&["--github", "verify", "junk"]).output();
    assert!(text(&annotated.stderr).starts_with("::error"), "{annotated:?}");
}
