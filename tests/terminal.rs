//! What a terminal shows differently from a pipe: colour, and long JSON on one line.

mod support;

use jwtctl::output::Terminal;
use support::{run_inside, run_inside_fed, token};

#[test]
fn variables_and_flags_decide_about_colour_on_a_terminal() {
    let token = token(r#"{"a":1}"#);
    for (flags, variables, is_coloured) in [
        (&[][..], &[][..], true),
        (&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        (&[], &[("NO_COLOR", "")], true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], true),
        (&[], &[("CLICOLOR_FORCE", "")], true),
        (&[], &[("CLICOLOR_FORCE", "0"), ("TERM", "dumb")], false),
        (&[], &[("TERM", "dumb")], false),
        (&["--color", "always"], &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
    ] {
        let args = [&["decode", &token], flags].concat();
        let output = run_inside(&args, variables, Terminal::of(true, None));
        assert_eq!(output.code, 0);
        assert_eq!(output.stdout.contains('\u{1b}'), is_coloured, "{flags:?} {variables:?}");
    }
}

#[test]
fn a_terminal_names_what_was_disclosed() {
    let secret = [("JWTCTL_SECRET", support::SECRET)];
    let claims = r#"{"a\u001b":1,"b":[2]}"#;
    let hide = ["--disclosable", "/a\u{1b}", "--disclosable", "/b/0"];
    let encode = ["encode", claims, "--no-exp", "--no-iat", "--quiet"];
    let made = run_inside(&[&encode[..], &hide].concat(), &secret, Terminal::No).stdout;
    let output =
        run_inside(&["decode", "--color", "never", made.trim_end()], &[], Terminal::of(true, None));
    assert!(output.stdout.ends_with("\ndisclosed\n/a\\u001b\n/b/0\n"), "{}", output.stdout);
    let bound = format!("{}{}", made.trim_end(), token(r#"{"nonce":"n"}"#));
    let output = run_inside(&["decode", "--color", "never", &bound], &[], Terminal::of(true, None));
    let shown = "\n/b/0\n\nkey binding\n{\n  \"nonce\": \"n\"\n}\n";
    assert!(output.stdout.ends_with(shown), "{}", output.stdout);
    let (issued, _) = made.split_once('~').unwrap();
    let output = run_inside(
        &["decode", "--color", "never", &format!("{issued}~")],
        &[],
        Terminal::of(true, None),
    );
    assert!(output.stdout.ends_with("\ndisclosed\nnothing\n"), "{}", output.stdout);
}

#[test]
fn a_terminal_names_each_key_of_an_encrypted_token() {
    let variables = [("JWTCTL_SECRET", support::SECRET), ("P", "password")];
    let encode = ["encode", "{}", "--quiet", "--p2c", "1000", "--encrypt-secret-env", "P"];
    let nested = run_inside(&encode, &variables, Terminal::No).stdout;
    let alone =
        run_inside(&[&encode[..], &["--no-sign"]].concat(), &variables[1..], Terminal::No).stdout;
    let decrypted = "decrypted: PBES2-HS256+A128KW with the shared secret of 8 bytes (P)";
    for (verb, token, variables, title) in [
        ("verify", &nested, &variables[..], "verified: HS256 with the HMAC secret (JWTCTL_SECRET)"),
        ("decode", &nested, &variables, "not verified: anyone could have created this token"),
        (
            "verify",
            &alone,
            &variables[1..],
            "verified: only those who share the key can have created this token",
        ),
        (
            "decode",
            &alone,
            &variables[1..],
            "not verified: those who share the key could have created this token",
        ),
    ] {
        let args = [verb, token.trim_end(), "--color", "never", "--decrypt-secret-env", "P"];
        let shown = run_inside(&args, variables, Terminal::of(true, None)).stdout;
        assert!(shown.starts_with(&format!("{decrypted}\n{title}\n\nheader\n")), "{shown}");
    }
}

#[test]
fn a_terminal_shows_long_json_on_one_line() {
    const LONGEST_INDENTED: usize = 1024 * 1024;
    let lines = |items: usize, terminal: Terminal| {
        let token = token(&format!(r#"{{"a":[{}1]}}"#, "1,".repeat(items)));
        let decode = ["decode", "--get", "a", "-"];
        let output = run_inside_fed(&decode, &[], token.as_bytes(), terminal);
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stdout.lines().count()
    };
    let terminal = Terminal::of(true, None);
    assert_eq!(lines(10, terminal), 13);
    assert_eq!(lines(LONGEST_INDENTED, terminal), 1);
    assert_eq!(lines(LONGEST_INDENTED, Terminal::No), LONGEST_INDENTED + 3);
}

#[test]
fn a_terminal_shows_the_header_of_each_signature() {
    let token = token(r#"{"a":1}"#);
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let member = format!(r#"{{"protected":"{header}","signature":"{signature}"}}"#);
    let general = |members: &str| format!(r#"{{"payload":"{payload}","signatures":[{members}]}}"#);
    let terminal = Terminal::of(true, None);
    let shown = |token: &str| {
        run_inside(&["decode", "--color", "never", "--compact", token], &[], terminal).stdout
    };
    let both = shown(&general(&format!("{member},{member}")));
    for title in ["\nheader of signatures[0]\n{\"alg\"", "\nheader of signatures[1]\n{\"alg\""] {
        assert!(both.contains(title), "{both}");
    }
    assert_eq!(shown(&general(&member)), shown(&token));
}

#[test]
fn a_token_alone_is_shown_on_a_terminal_and_is_no_call_in_a_pipe() {
    let token = token(r#"{"a":1}"#);
    let terminal = Terminal::of(true, None);
    let alone = run_inside(&[&token], &[], terminal);
    let decoded = run_inside(&["decode", &token], &[], terminal);
    assert_eq!(alone.stdout, decoded.stdout);
    assert!(alone.stdout.contains("not verified"), "{}", alone.stdout);
    assert_eq!((alone.code, &*alone.stderr), (0, &*decoded.stderr));
    for flags in [&["-j"][..], &["--color", "always"], &["-q"], &["--json", "--color=never"]] {
        let alone = run_inside(&[flags, &[&token]].concat(), &[], terminal);
        let decoded = run_inside(&[flags, &["decode", &token]].concat(), &[], terminal);
        assert_eq!((alone.code, alone.stdout, alone.stderr), (0, decoded.stdout, decoded.stderr));
        assert_eq!(run_inside(&[flags, &[&token]].concat(), &[], Terminal::No).code, 2);
    }
    let refused = [
        run_inside(&[&token], &[], Terminal::No),
        run_inside(&["--profile", &token], &[], terminal),
        run_inside(&["--compact", &token], &[], terminal),
        run_inside(&["--", &token], &[], terminal),
        run_inside(&["verfy", &token], &[], terminal),
        run_inside_fed(&[&token], &[], b"", terminal),
        run_inside(&[&token, "--json"], &[], terminal),
        run_inside(&[&format!("Bearer {token}")], &[], terminal),
        run_inside(&["eyJ.eyJ.eyJ"], &[], terminal),
        run_inside(&["verfy"], &[], terminal),
    ];
    for output in refused {
        assert_eq!((output.code, &*output.stdout), (2, ""), "{}", output.stderr);
    }
}
