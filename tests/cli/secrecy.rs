//! Secrets, private keys and whole tokens are never repeated, wherever in a call they are.

use crate::harness::{
    CLAIMS, Call, HEADER, SECRET, base64url, clocked, forged, jwtctl, key, keyed, signed, text,
    token,
};

/// No part of a secret is on stderr, or on stdout where nothing should be printed.
#[track_caller]
fn silent(call: &Call, marks: &[&str]) {
    let output = call.output();
    assert_ne!(output.status.code(), Some(0), "the call was to fail");
    let said = text(&output.stderr) + &text(&output.stdout);
    for mark in marks {
        assert!(!said.contains(mark), "{mark} in {said}");
    }
}

#[test]
fn secrets_are_never_repeated() {
    let mark = "hunter2-hunter2-hunter2-hunter2-hunter2-hunter2";
    let valid = token(CLAIMS);
    let bad = forged(&valid);
    let dashed = format!("--{mark}");
    for args in [
        &["verify", &bad, "-S", mark][..],
        &["verify", &bad, "-S", mark, "--json"],
        &["verify", "a.b", "-S", mark],
        &["verify", "-S", mark, "-S", mark],
        &["verify", "-S", mark, "-k", mark],
        &["verify", "-S", mark, "--secret-file", "x"],
        &["verify", "-S", mark, "--secret-format", "hex"],
        &["verify", "-S", mark, "--secret-format", "base64"],
        &["verify", "-S", mark, "-A", "ES256"],
        &["encode", "-S", mark, "{"],
        &["encode", "-S", mark, mark],
        &["encode", "-c", mark],
        &["encode", "--ttl", mark],
        &["encode", "--alg", mark],
        &["encode", "--secret-format", mark],
        &["decode", "-S", mark],
        &["verify", &dashed],
        &["verify", &bad, mark],
        &["refresh", &bad, "--sign-secret-env", "NONE", "-S", mark],
        &[mark],
        &[&dashed],
    ] {
        silent(&clocked(args), &[mark]);
        silent(&clocked(args).env("JWTCTL_SECRET", mark), &[mark]);
    }
    silent(&clocked(&["verify", &bad, "--secret-file", "f"]).file("f", mark), &[mark]);
    silent(&clocked(&["verify", &bad, "-k", "f"]).file("f", mark), &[mark]);
    silent(&clocked(&["verify", &bad, "--key-env", "K"]).env("K", mark), &[mark]);
    silent(
        &clocked(&["verify", &bad]).env("JWTCTL_SECRET_FORMAT", mark).env("JWTCTL_SECRET", mark),
        &[mark],
    );
}

#[test]
fn a_private_key_is_never_repeated_wherever_it_is_put() {
    let pem = String::from_utf8(key("p256.pkcs8.private.pem")).unwrap();
    let body = pem.lines().nth(1).unwrap();
    let one_line = pem.replace('\n', "\\n");
    for key in [&pem, &one_line] {
        for flag in [
            "-k",
            "--key",
            "--key-env",
            "--secret-file",
            "--secret-env",
            "-S",
            "--sign-key",
            "--sign-secret-env",
            "--secret-format",
        ] {
            silent(&keyed(&["refresh", "a.b", flag, key]), &[body]);
            // With its value attached, the hyphens are no flag's.
            let attached = if flag.starts_with("--") {
                format!("{flag}={key}")
            } else {
                format!("{flag}{key}")
            };
            silent(&keyed(&["refresh", "a.b", &attached]), &[body]);
        }
        silent(&keyed(&["verify", key]), &[body]);
        silent(&keyed(&["encode", key]), &[body]);
        silent(&jwtctl(&["verify", "a.b"]).env("JWTCTL_KEY", key), &[body]);
        silent(&jwtctl(&["verify", "a.b"]).env("JWTCTL_SECRET", key), &[body]);
    }
}

#[test]
fn a_whole_token_is_never_repeated() {
    let valid = token(CLAIMS);
    let (_, signature) = valid.rsplit_once('.').unwrap();
    for args in [
        &[valid.as_str()][..],
        &["verify", &valid, &valid],
        &["verify", &valid, "--iss", "me"],
        &["verify", &format!("{valid}.x")],
        &["encode", &valid],
        &["verify", "-S", SECRET, &format!("--{valid}")],
    ] {
        silent(&keyed(args), &[signature]);
    }
}

#[test]
fn a_token_or_a_key_in_place_of_a_path_is_not_repeated() {
    let valid = token(CLAIMS);
    let (_, signature) = valid.rsplit_once('.').unwrap();
    let pem = String::from_utf8(key("p256.pkcs8.private.pem")).unwrap();
    let body = pem.lines().nth(1).unwrap();
    for verb in ["encode", "decode", "verify", "refresh"] {
        for (text, mark) in [(&valid, signature), (&pem, body)] {
            silent(&keyed(&[verb, &format!("@{text}")]), &[mark]);
        }
    }
}

/// What people use as secrets, each with a part that must not be shown.
fn secrets() -> Vec<(String, &'static str)> {
    vec![
        ("P@ssw0rd123".to_owned(), "ssw0rd"),
        ("hunter2".to_owned(), "hunter"),
        ("correct.horse.battery.staple".to_owned(), "horse"),
        ("correct-horse/battery+staple=".to_owned(), "horse"),
        ("0badc0de".repeat(64), "0badc0de"),
        ("/hZ3kq9Zp0aX7wq1mJ5v8c2T/Yk0+x/Q==".to_owned(), "hZ3kq9Z"),
        ("hZ3kq9Zp/0aX7wq1mJ5v8c2T/Yk0+x/Q==".to_owned(), "0aX7wq1"),
        (token(CLAIMS), "eyJ1c2Vy"),
        (r#"{"kty":"oct","k":"c2VjcmV0LXNlY3JldA"}"#.to_owned(), "c2VjcmV0"),
    ]
}

#[test]
fn a_secret_in_place_of_a_variables_name_is_not_repeated() {
    // Only what is written as such names are is one.
    for (secret, mark) in secrets() {
        for flag in ["--secret-env", "--key-env"] {
            clocked(&["encode", "{}", flag, &secret])
                .error(&format!("{flag} takes the name of a variable, but no variable of that name is set (not shown: it may be the secret itself)"))
                .hint(&format!("export it, and give its name without the $: {flag} MY_SECRET"))
                .code(7);
            silent(&keyed(&["verify", "a.b", "--json", flag, &secret]), &[mark]);
        }
        silent(&keyed(&["refresh", "a.b", "--sign-secret-env", &secret]), &[mark]);
        silent(&keyed(&["refresh", "a.b", "--json", "--sign-secret-env", &secret]), &[mark]);
    }
    clocked(&["encode", "{}", "--secret-env", "MY_SECRET"])
        .error("MY_SECRET is not set")
        .hint("export it, or name another variable")
        .code(7);
}

#[test]
fn a_secret_in_place_of_a_path_is_not_repeated() {
    for (secret, mark) in secrets() {
        for flag in ["--secret-file", "--key"] {
            clocked(&["encode", "{}", flag, &secret])
                .error(&format!("{flag} takes the path of a file, but there is no such file (not shown: it may be a secret)"))
                .hint("is the path right? A key in a variable goes to --key-env NAME, a secret to --secret-env NAME")
                .code(7);
            silent(&clocked(&["verify", "a.b", "--json", flag, &secret]), &[mark]);
        }
        silent(&keyed(&["refresh", "a.b", "--sign-key", &secret]), &[mark]);
        silent(&keyed(&["refresh", "a.b", "--json", "--sign-key", &secret]), &[mark]);
        silent(&clocked(&["verify", "a.b"]).env("JWTCTL_KEY", &secret), &[mark]);
        silent(&clocked(&["verify", "a.b", "--json"]).env("JWTCTL_KEY", &secret), &[mark]);
    }
}

#[test]
fn a_secret_after_an_at_sign_is_not_repeated() {
    for (secret, mark) in secrets() {
        for (verb, code) in [("encode", 1), ("decode", 1), ("verify", 4), ("refresh", 4)] {
            let call = keyed(&[verb, &format!("@{secret}")]);
            assert_eq!(call.output().status.code(), Some(code), "{verb}");
            silent(&call, &[mark]);
            silent(&keyed(&[verb, "--json", &format!("@{secret}")]), &[mark]);
        }
    }
    // What has the look of a path is told.
    for path in ["missing.pem", "no/such/folder/claims.json", "./missing"] {
        keyed(&["encode", &format!("@{path}")])
            .error(&format!("cannot read {path}: No such file or directory"))
            .code(1);
    }
}

#[test]
fn a_token_in_place_of_a_claims_name_is_not_repeated() {
    let valid = token(CLAIMS);
    let (_, signature) = valid.rsplit_once('.').unwrap();
    let (equals, json) = (format!("{valid}=1"), format!("{valid}:=1"));
    let pointer = format!("/{valid}");
    for (args, code) in [
        (&["verify", &valid, "--get", &valid][..], 6),
        (&["verify", &valid, "--get", &pointer], 6),
        (&["decode", &valid, "--get", &valid], 6),
        (&["decode", &valid, "--header", "--get", &valid], 6),
        (&["verify", &valid, "--require", &valid], 6),
        (&["verify", &valid, "--require", &valid, "--json"], 6),
        (&["verify", &valid, "--claim", &equals], 6),
        (&["verify", &valid, "--claim", &json, "--json"], 6),
        (&["verify", &valid, "--claim", &valid], 2),
        (&["refresh", &valid, "--require", &valid], 6),
        (&["refresh", &valid, "--set", &equals, "--unset", &valid], 2),
        (&["refresh", &valid, "--set", &valid], 2),
        (&["encode", "-c", &equals, "-c", &json], 2),
        (&["encode", "-c", &equals, "-c", &json, "--json"], 2),
        (&["encode", "--header", &equals, "--header", &json], 2),
    ] {
        let call = keyed(args);
        assert_eq!(call.output().status.code(), Some(code), "{args:?}");
        silent(&call, &[signature]);
    }
}

#[test]
fn a_token_given_as_the_value_of_a_flag_is_not_repeated() {
    let valid = token(CLAIMS);
    let (_, signature) = valid.rsplit_once('.').unwrap();
    for flag in [
        "--ttl",
        "--exp",
        "--nbf",
        "--iat",
        "--at",
        "--alg",
        "--color",
        "--header",
        "--claim",
        "--secret-format",
        "--user",
        "--jti",
        "--frobnicate",
    ] {
        let attached = format!("{flag}={valid}");
        for args in [&["encode", flag, valid.as_str(), "{"][..], &["encode", &attached, "{"]] {
            silent(&keyed(args), &[signature]);
        }
    }
}

/// A word in capitals may be base32 or hexadecimal; a variable's long name has an underscore.
#[test]
fn a_secret_in_capitals_is_not_taken_for_a_variables_name() {
    for secret in ["0BADC0DE0BADC0DE0BADC0DE0BADC0DE", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"] {
        jwtctl(&["encode", "{}", "--secret-env", secret])
            .error(
                "--secret-env takes the name of a variable, but no variable of that name is set (not \
                 shown: it may be the secret itself)",
            )
            .hint("export it, and give its name without the $: --secret-env MY_SECRET")
            .code(7);
    }
}

/// A token in place of an expected value is neither in the message nor in the report.
#[test]
fn a_token_given_as_an_expectation_is_not_repeated() {
    let token = token(CLAIMS);
    for flag in ["--iss", "--sub"] {
        keyed(&["verify", &token, flag, &token])
            .error(&format!("there is no {:?}; expected (not shown)", &flag[2..]))
            .code(6);
    }
}

#[test]
fn a_key_given_as_kid_is_not_repeated() {
    let pem = String::from_utf8(key("p256.pkcs8.private.pem")).unwrap();
    let base64 = pem.lines().nth(1).unwrap().to_owned();
    let jwk = String::from_utf8(key("p256.private.jwk")).unwrap();
    let rsa = String::from_utf8(key("rsa2048.pkcs8.private.pem")).unwrap();
    let rsa: String = rsa.lines().filter(|line| !line.starts_with('-')).collect();
    for kid in [pem, base64.clone(), jwk, rsa.clone(), rsa[4..].to_owned()] {
        let marks = [&base64[..40], "J3C4JTEkXhXjOD", &rsa[40..80]];
        for flags in [&[][..], &["--json"]] {
            let call =
                clocked(&[&["encode", "-k", "p256.private.jwk", "--kid", &kid], flags].concat());
            silent(&call.key("p256.private.jwk"), &marks);
        }
    }
}

#[test]
fn a_token_whose_header_begins_with_white_space_is_not_repeated() {
    let parts = [base64url("{\n \"alg\": \"HS256\"}"), base64url("{\n \"sub\": \"somebody\"}")];
    let other = format!("{}.{}.{}", parts[0], parts[1], base64url([7; 32]));
    let token = token(CLAIMS);
    for flag in ["--iss", "--aud", "--require", "--get"] {
        for more in [&[][..], &["--json"]] {
            if flag == "--get" && !more.is_empty() {
                continue;
            }
            let call = keyed(&[&["verify", &token, flag, &other], more].concat());
            silent(&call, &[&parts[1][..16]]);
        }
    }
}

#[test]
fn a_token_or_key_in_place_of_a_member_is_not_repeated() {
    let token = token(CLAIMS);
    let pem = String::from_utf8(key("p256.pkcs8.private.pem")).unwrap().replace('\n', "");
    for name in [token, pem] {
        let claims = format!(r#"{{"{name}":1,"{name}":2}}"#);
        silent(&keyed(&["encode", &claims]), &[&name[..30]]);
        silent(&keyed(&["verify"]).stdin(signed(HEADER, &claims)), &[&name[..30]]);
        let set = format!(r#"{{"keys":[{{"kty":"oct","kid":"{name}","k":"AQID"}}]}}"#);
        silent(
            &clocked(&["verify", "--jwks", "s"])
                .file("s", set)
                .stdin(crate::harness::token(CLAIMS)),
            &[&name[..30]],
        );
    }
}

#[test]
fn many_names_in_a_token_take_bounded_memory() {
    let inner: Vec<_> = (0..3000).map(|i| format!("\"{i}\":0")).collect();
    let claims = format!(r#"{{"{}":{{{}}}}}"#, "n".repeat(200_000), inner.join(","));
    let output = clocked(&["decode", "--get", "zzz"]).stdin(signed(HEADER, claims)).output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert_eq!(said, "error: the token has no claim \"zzz\"\n");
}
