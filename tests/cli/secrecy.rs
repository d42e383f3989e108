//! Secrets, private keys and whole tokens are repeated nowhere, wherever in a call they were put.

use crate::harness::{CLAIMS, Call, SECRET, clocked, forged, jwtctl, key, keyed, text, token};

/// Nothing of a secret stands on stderr, or on stdout where nothing was asked to stand there.
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
fn a_secret_in_place_of_a_variables_name_is_not_repeated() {
    // No shell can export such a name, so it is not one.
    for flag in ["--secret-env", "--key-env", "--sign-secret-env"] {
        silent(&keyed(&["refresh", "a.b", flag, "correct-horse/battery+staple="]), &["horse"]);
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
