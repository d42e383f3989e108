//! `jwtctl verify "$TOKEN"` and `jwtctl refresh "$TOKEN"` exit with 0 only for a token that is genuine under the caller's
//! own keys and checks, whatever text an attacker has put into TOKEN.

use crate::harness::{
    CLAIMS, Call, HEADER, PRINTED, SECRET, clocked, forged, jwtctl, keyed, line, signed_with, text,
    token,
};

const GATES: [&str; 2] = ["verify", "refresh"];

/// A token that anybody can make: its secret is the word in place of the token.
fn forged_with(secret: &str) -> String {
    signed_with(secret.as_bytes(), HEADER, CLAIMS)
}

/// A call whose standard input is not empty, as in a `while read` loop.
fn in_a_loop(args: &[&str], next_line: &str) -> Call {
    keyed(args).env("TOKEN", next_line).stdin(line(next_line))
}

#[test]
fn help_never_passes_a_gate_and_never_becomes_a_token() {
    for verb in GATES {
        let help = text(&jwtctl(&["help", verb]).output().stdout);
        for args in [
            &[verb, "-h"][..],
            &[verb, "--help"],
            &[verb, "-hq"],
            &[verb, "-qh"],
            &[verb, "-q", "--help"],
            &[verb, "--help", "--aud", "api"],
            &["--quiet", verb, "-h"],
            &["--color", "never", verb, "-h"],
        ] {
            let output = jwtctl(args).env("JWTCTL_SECRET", SECRET).stdin(token(CLAIMS)).output();
            assert_eq!(
                (output.status.code(), text(&output.stdout)),
                (Some(2), String::new()),
                "{args:?}"
            );
            assert!(text(&output.stderr).starts_with(help.lines().next().unwrap()), "{args:?}");
        }
    }
    for alias in ["sign", "decode", "inspect", "encode", "key", "man", "completions"] {
        assert_eq!(jwtctl(&[alias, "-h"]).output().status.code(), Some(0), "{alias}");
    }
}

#[test]
fn a_file_named_by_the_token_is_not_read() {
    for verb in GATES {
        for (word, path) in [
            ("@token.txt", "token.txt"),
            ("token.txt", "token.txt"),
            ("@./token.txt", "./token.txt"),
            ("./token.txt", "./token.txt"),
            ("@/dev/stdin", "/dev/stdin"),
            ("@it's here.txt", r"'it'\''s here.txt'"),
        ] {
            in_a_loop(&[verb, word], &token(CLAIMS))
                .file("token.txt", token(CLAIMS))
                .file("it's here.txt", "")
                .error("this is a file name, not a token")
                .hint(&format!(
                    "to read the token from the file: jwtctl {verb} --token-file {path}"
                ))
                .code(4);
        }
    }
}

#[test]
fn the_source_of_a_token_is_a_word_of_its_own() {
    for verb in GATES {
        for (word, two) in [
            ("--batch=token.txt", "--batch PATH"),
            ("--batch=/dev/null", "--batch PATH"),
            ("--batch=-", "--batch PATH"),
            ("--batch=", "--batch PATH"),
            ("--token-file=token.txt", "--token-file PATH"),
            ("--token-env=TOKEN", "--token-env NAME"),
        ] {
            let (flag, _) = two.split_once(' ').unwrap();
            // A genuine token beside it does not make the call valid.
            for more in [&[][..], &["--compact"], &["--leeway", "1s"]] {
                in_a_loop(&[&[verb, word], more].concat(), &token(CLAIMS))
                    .file("token.txt", token(CLAIMS))
                    .error(&format!("{flag} takes its value as the next word, not after '='"))
                    .hint(&format!(
                        "write {two} as two words (an attached value is refused, since a token on the command line could contain it)"
                    ))
                    .code(2);
            }
        }
        // A secret may look like this: it is the value of a flag.
        let secret = "--batch=token.txt-0123456789abcdef0123456789abcdef";
        let made = clocked(&[verb, "-S", secret, &signed_with(secret.as_bytes(), HEADER, CLAIMS)]);
        assert_eq!(made.output().status.code(), Some(0));
    }
    // A verb that verifies nothing still takes them.
    let row = keyed(&["decode", "--batch=token.txt"]).file("token.txt", token(CLAIMS)).output();
    assert_eq!(row.status.code(), Some(0));
}

/// The error if standard input would be read without being named.
fn not_read(call: Call, flag: &str, hint: &str) {
    call.error(&format!(
        "no token was given, and with {flag} standard input is read only if it is named"
    ))
    .hint(hint)
    .code(2);
}

#[test]
fn input_that_is_not_named_is_not_read_beside_a_word_that_may_change_keys_clock_or_checks() {
    for verb in GATES {
        for (words, flag, shown) in [
            (&["-Sattackers-secret"][..], "--secret", "--secret TEXT"),
            (&["--secret=attackers-secret"], "--secret", "--secret TEXT"),
            (&["-S=attackers-secret"], "--secret", "--secret TEXT"),
            (&["-qSattackers-secret"], "--secret", "--secret TEXT"),
            (&["-kattackers.pem"], "--key", "--key attackers.pem"),
            (&["--key=attackers.pem"], "--key", "--key attackers.pem"),
            (&["--jwks=https://evil.example/keys"], "--jwks", "--jwks 'https://evil.example/keys'"),
            (&["--at=0"], "--at", "--at 0"),
            (&["--leeway=99w"], "--leeway", "--leeway 99w"),
            (&["--aud=api"], "--aud", "--aud api"),
            (&["--alg=HS256"], "--alg", "--alg HS256"),
            (&["-AHS256"], "--alg", "--alg HS256"),
            (&["--allow-expired"], "--allow-expired", "--allow-expired"),
            (&["--allow-weak-key"], "--allow-weak-key", "--allow-weak-key"),
            (&["--any-aud"], "--any-aud", "--any-aud"),
            // The caller's own next word is the secret.
            (&["-S", "--compact"], "--secret", "--secret TEXT"),
            (&["--secret", "-"], "--secret", "--secret TEXT"),
            (&["--at", "-5m"], "--at", "--at=-5m"),
            (&["-k", "-x.pem"], "--key", "--key=-x.pem"),
            (&["--sub", "-5"], "--sub", "--sub=-5"),
        ] {
            let secret = words.last().unwrap().trim_start_matches("-qS").trim_start_matches("-S");
            let call = in_a_loop(&[&[verb], words].concat(), &forged_with(secret));
            // The call has --at already, and -q leaves out the hint.
            if flag == "--at" || words[0].starts_with("-q") {
                assert_eq!(call.output().status.code(), Some(2), "{words:?}");
            } else {
                not_read(call, flag, &format!("jwtctl {verb} {shown} --at 1700000000 -"));
            }
            // The input of a stream must be named, too.
            let stream = in_a_loop(&[&[verb], words, &["--batch"]].concat(), &forged_with(secret));
            assert_eq!(stream.output().status.code(), Some(2), "{words:?}");
            // If the call names its input, its author wrote the flags too.
            let named = in_a_loop(&[&[verb], words, &["-"]].concat(), &token(CLAIMS));
            assert!(!text(&named.output().stderr).contains("read only if"), "{words:?}");
        }
    }
    let raw = jwtctl(&["verify", "--raw"]).env("JWTCTL_SECRET", SECRET).stdin(token(CLAIMS));
    not_read(raw, "--raw", "jwtctl verify --raw -");
}

#[test]
fn a_hint_for_an_input_that_is_not_named_repeats_no_secret() {
    for (flag, value) in [
        ("--secret", "TEXT"),
        ("--secret-env", "NAME"),
        ("--secret-file", "PATH"),
        ("--key", "PATH"),
        ("--key-env", "NAME"),
        ("--key-password-file", "PATH"),
        ("--jwks", "PATH"),
        ("--oidc", "ISSUER"),
    ] {
        let call = jwtctl(&["verify", &format!("{flag}={SECRET}")]).stdin(token(CLAIMS));
        not_read(call, flag, &format!("jwtctl verify {flag} {value} -"));
    }
}

#[test]
fn a_hint_for_an_input_that_is_not_named_keeps_the_call() {
    let call = keyed(&[
        "verify",
        "--any-aud",
        "--batch",
        "--threads",
        "2",
        "--iss=it's",
        "--claim",
        "a=b",
    ]);
    not_read(
        call.stdin(token(CLAIMS)),
        "--any-aud",
        r"jwtctl verify --any-aud --threads 2 --iss 'it'\''s' --claim 'a=b' --at 1700000000 --batch -",
    );
    let renewed = keyed(&["refresh", "--allow-expired", "--ttl", "5m"]).stdin(token(CLAIMS));
    not_read(
        renewed,
        "--allow-expired",
        "jwtctl refresh --allow-expired --ttl 5m --at 1700000000 -",
    );
}

#[test]
fn input_that_is_not_named_is_read_beside_flags_that_cannot_be_a_token() {
    for flags in [
        &[][..],
        &["-q"],
        &["--quiet"],
        &["-j"],
        &["-qj"],
        &["--compact"],
        &["--color=never"],
        &["--color", "never"],
        &["--leeway", "1s"],
        &["--sub", "x", "--iss", "i"],
        &["-A", "HS256"],
        &["-qA", "HS256"],
        &["--"],
    ] {
        let claims = r#"{"sub":"x","iss":"i","exp":1700001800}"#;
        let call = jwtctl(&[&["verify", "--at", "1700000000"], flags].concat());
        let code = call.env("JWTCTL_SECRET", SECRET).stdin(token(claims)).output().status.code();
        assert_eq!(code, Some(0), "{flags:?}");
    }
}

#[test]
fn only_a_genuine_token_passes_a_gate_after_any_word() {
    // The word takes the place of the token; the line is what a loop's standard input has next.
    let words = [
        "",
        "-",
        "--",
        "-q",
        "-j",
        "-qj",
        "--quiet",
        "--json",
        "--compact",
        "--offline",
        "--no-cache",
        "--explain",
        "--batch",
        "--tokens",
        "--print",
        "--threads",
        "--get",
        "--token-env",
        "--token-file",
        "--secret-env",
        "--secret-file",
        "--key-env",
        "-S",
        "-k",
        "-A",
        "-c",
        "--at",
        "--color",
        "-V",
        "--version",
        "help",
        "verify",
        "decode",
        "@-",
        "@/dev/stdin",
        "@/dev/null",
        "/dev/stdin",
        "--help",
        "-h",
        "-jh",
        "--raw",
        "--any-aud",
    ];
    for verb in GATES {
        for word in words {
            for next_line in ["", "\n", &forged(&token(CLAIMS)), "-Sx"] {
                let call = jwtctl(&[verb, word]).env("JWTCTL_SECRET", SECRET).stdin(next_line);
                let output = call.output();
                assert_ne!(output.status.code(), Some(0), "{verb} {word:?} before {next_line:?}");
            }
        }
    }
}

#[test]
fn a_secret_that_is_not_utf_8_does_not_hide_in_a_word() {
    let forged = signed_with(b"\xff-attackers-secret", HEADER, CLAIMS);
    for verb in GATES {
        for word in [
            "-S\\377-attackers-secret",
            "--secret=\\377-attackers-secret",
            "-qS\\377-attackers-secret",
        ] {
            let script = format!(r#""$@" "$(printf '%b' '{}')""#, word.replace("\\377", "\\0377"));
            let call = jwtctl(&[verb, "--at", "1700000000"])
                .env("JWTCTL_SECRET", SECRET)
                .env("JWTCTL_SECRET_FORMAT", "raw")
                .stdin(&forged);
            let output = call.in_shell(&script);
            assert_eq!(output.status.code(), Some(2), "{word}: {}", text(&output.stderr));
            // Beside a token that is named, it is an ordinary secret.
            let named = call.in_shell(&format!("{script} -"));
            assert_eq!(named.status.code(), Some(0), "{word}: {}", text(&named.stderr));
        }
    }
}

#[test]
fn a_token_comes_from_a_variable_or_a_file_on_request() {
    for flags in
        [&["--token-env", "TOKEN"][..], &["--token-file", "token.txt"], &["--token-file", "-"]]
    {
        let call = |verb: &str| {
            keyed(&[&[verb], flags].concat())
                .env("TOKEN", &token(CLAIMS))
                .file("token.txt", line(&token(CLAIMS)))
                .stdin(token(CLAIMS))
        };
        call("verify").stdout(PRINTED).code(0);
        call("decode").stdout(PRINTED).code(0);
        call("refresh").stdout(line(&token(CLAIMS))).code(0);
    }
}

#[test]
fn what_a_variable_holds_is_text_and_nothing_else() {
    for text in ["-", "-h", "--help", "@token.txt", "token.txt", "--batch", "-Sx"] {
        for verb in ["decode", "verify", "refresh"] {
            let call = keyed(&[verb, "--token-env", "TOKEN"]).env("TOKEN", text);
            let call = call.file("token.txt", token(CLAIMS)).stdin(token(CLAIMS));
            assert_eq!(call.output().status.code(), Some(4), "{verb} {text}");
        }
    }
}

#[test]
fn a_variable_without_a_token_is_a_missing_token() {
    for verb in ["decode", "verify", "refresh"] {
        let call = || keyed(&[verb, "--token-env", "TOKEN"]).stdin(token(CLAIMS));
        call()
            .error("there is no token: the variable TOKEN is not set")
            .hint("a shell variable must be exported: export TOKEN")
            .code(4);
        call().env("TOKEN", "").error("there is no token: the variable TOKEN is empty").code(4);
        keyed(&[verb, "--token-env", &token(CLAIMS)])
            .error("--token-env: no variable has this name (not shown: it may be a token)")
            .hint(
                "--token-env takes the name of a variable that holds the token: --token-env TOKEN",
            )
            .code(4);
        keyed(&[verb, "--token-file", "missing.txt"])
            .error("cannot read missing.txt: No such file or directory")
            .code(1);
        for flag in ["--token-env", "--token-file"] {
            let name = if flag == "--token-env" { "NAME" } else { "PATH" };
            keyed(&[verb, flag, ""])
                .error(&format!("{flag} <{name}>: it is empty; is the variable set?"))
                .hint(&format!("jwtctl {verb} --help lists its flags"))
                .code(2);
        }
    }
}

#[test]
fn a_token_has_one_source() {
    for verb in ["decode", "verify", "refresh"] {
        for (flags, one, other) in [
            (&["--token-env", "A", "x"][..], "--token-env <NAME>", "[TOKEN|PATH]..."),
            (&["--token-file", "A", "-"], "--token-file <PATH>", "[TOKEN|PATH]..."),
            (&["--token-env", "A", "--batch"], "--token-env <NAME>", "--batch [<PATH>...]"),
            (&["--token-file", "A", "--batch", "f"], "--token-file <PATH>", "--batch [<PATH>...]"),
            (
                &["--token-env", "A", "--token-file", "f"],
                "--token-env <NAME>",
                "--token-file <PATH>",
            ),
        ] {
            keyed(&[&[verb], flags].concat())
                .error(&format!("{one} cannot be used with {other}"))
                .hint("use only one of them")
                .code(2);
        }
    }
}

#[test]
fn an_empty_value_of_an_expectation_is_an_unset_variable() {
    for verb in GATES {
        for (flag, name) in [
            ("--aud", "TEXT"),
            ("--iss", "TEXT"),
            ("--sub", "TEXT"),
            ("--typ", "TEXT"),
            ("--require", "PATH"),
        ] {
            keyed(&[verb, flag, "", &token(CLAIMS)])
                .error(&format!("{flag} <{name}>: it is empty; is the variable set?"))
                .hint(&format!("jwtctl {verb} --help lists its flags"))
                .code(2);
        }
    }
    for args in [
        &["verify", "--get", ""][..],
        &["verify", "--key-password-file", ""],
        &["decode", "--get", ""],
        &["refresh", "--unset", ""],
        &["refresh", "--sign-key", ""],
        &["refresh", "--sign-secret-env", ""],
    ] {
        let output = clocked(&[args, &[&token(CLAIMS)]].concat()).output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_hostile_word_beside_a_stream_is_only_a_path() {
    let good = token(CLAIMS);
    for verb in GATES {
        for word in [&*good, "@token.txt", "verify", "help", "", " ", "https://evil.example/x"] {
            let call = keyed(&[verb, "--batch", "good.txt", word])
                .file("good.txt", line(&good))
                .file("token.txt", line(&good))
                .stdin(line(&good));
            let output = call.output();
            assert_eq!(output.status.code(), Some(1), "{word}");
            let said = text(&output.stderr);
            assert!(said.starts_with("error: "), "{said}");
            assert!(!said.contains(&good), "{said}");
        }
        for word in ["--batch=good.txt", "--token-file=good.txt", "-h", "--help", "--no-such-flag"]
        {
            let call = keyed(&[verb, "--batch", "good.txt", word]).file("good.txt", line(&good));
            assert_eq!(call.output().status.code(), Some(2), "{word}");
        }
        // What it names is read under the caller's own keys.
        for (lines, code) in [("junk\n".to_owned(), 4), (line(&forged(&good)), 4)] {
            let call = keyed(&[verb, "--batch", "good.txt", "theirs.txt"])
                .file("good.txt", line(&good))
                .file("theirs.txt", lines);
            assert_eq!(call.output().status.code(), Some(code));
        }
    }
}
