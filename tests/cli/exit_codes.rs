//! One call for each exit code, and the precedence among several problems.

use crate::harness::{CLAIMS, PRINTED, SECRET, clocked, forged, jwtctl, keyed, text, token};

const FORGED: &str =
    "the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)";
const ANOTHER_KEY: &str = "the token was signed with another key, or changed after it was signed";
const RENEW: &str =
    "log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN";

#[test]
fn each_code_has_its_call() {
    let valid = token(CLAIMS);
    keyed(&["verify", &valid]).stdout(PRINTED).code(0);
    keyed(&["verify", "--token-file", "missing.txt"])
        .error("cannot read missing.txt: No such file or directory")
        .code(1);
    clocked(&["verify", &valid])
        .error("no key was given")
        .hint("set JWTCTL_SECRET or JWTCTL_KEY, or use --secret-file, --secret-env, --agent, --key, --jwks or --oidc")
        .code(2);
    keyed(&["verify", &token(r#"{"exp":1699999999}"#)])
        .error("the token expired 1 second ago (2023-11-14 22:13:19 UTC)")
        .hint(RENEW)
        .code(3);
    keyed(&["verify", &forged(&valid)]).error(FORGED).hint(ANOTHER_KEY).code(4);
    keyed(&["verify", &token(r#"{"nbf":1700000001,"exp":1700001800}"#)])
        .error(r#""nbf" is 1 second in the future (2023-11-14 22:13:21 UTC)"#)
        .hint("wait, or compare the clocks: --leeway 1s would accept it")
        .code(5);
    keyed(&["verify", &valid, "--iss", "me"]).error(r#"there is no "iss"; expected "me""#).code(6);
    clocked(&["verify", &valid, "--secret-file", "missing.txt"])
        .error("cannot read missing.txt: No such file or directory")
        .code(7);
}

#[test]
fn a_web_session_from_login_to_its_end() {
    let at = |args: &[&str], time: &str, stdin: &str| {
        let call = jwtctl(&[args, &["--at", time]].concat());
        let output = call.env("JWTCTL_SECRET", SECRET).stdin(stdin).output();
        (text(&output.stdout), output.status.code())
    };
    let (login, code) = at(&["encode", "--user", "123", "--ttl", "30m"], "1700000000", "");
    assert_eq!(code, Some(0));
    // Each request is checked, until the token's last second is over.
    let check = |token: &str, time: &str| at(&["verify", "--get", "user_id"], time, token);
    assert_eq!(check(&login, "1700001799"), ("123\n".to_owned(), Some(0)));
    assert_eq!(check(&login, "1700001800"), (String::new(), Some(3)));
    // A refresh in time keeps the user and moves the end; one that comes too late is refused.
    let (renewed, code) = at(&["refresh"], "1700001500", &login);
    assert_eq!(code, Some(0));
    assert_eq!(check(&renewed, "1700003299"), ("123\n".to_owned(), Some(0)));
    assert_eq!(check(&renewed, "1700003300"), (String::new(), Some(3)));
    assert_eq!(at(&["refresh"], "1700003300", &renewed), (String::new(), Some(3)));
    // Somebody else's token was never part of the session.
    assert_eq!(check(&forged(renewed.trim_end()), "1700001500"), (String::new(), Some(4)));
}

#[test]
fn a_web_session_tells_expired_from_forged() {
    // The application signs user and expiry with HS256; both tokens have expired since.
    let head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImV4cCI6MTYzMTkzNDEyNH0";
    let verify = |signature: &str| {
        clocked(&["verify", &format!("{head}.{signature}")])
            .env("JWTCTL_SECRET", "my_secret_key")
            .output()
    };
    assert_eq!(verify("-rEF98zsQyVxd7U4n7ix2d2qcOMRRy1TUQLOBJROJY8").status.code(), Some(3));
    assert_eq!(verify("suo9qOjaJjB3Fp7riG7R9speJ0vvKpLSN_HEglgblCM").status.code(), Some(4));
}

#[test]
fn of_several_faults_the_first_in_the_order_decides() {
    let expired = r#"{"exp":1}"#;
    let early = r#"{"nbf":1700000001,"exp":1}"#;
    let wrong_type = r#"{"nbf":1700000001,"exp":"1","iss":"a"}"#;
    for (token, flags, code) in [
        (token(expired), &[][..], 3),
        (token(early), &[], 5),
        (token(early), &["--iss", "me"], 6),
        (token(wrong_type), &["--iss", "me"], 4),
        (forged(&token(early)), &["--iss", "me"], 4),
        (forged(&token(early)), &["--secret-env", "UNSET"], 7),
        ("a.b.c".to_owned(), &["--secret-env", "UNSET"], 7),
        ("@missing".to_owned(), &["--secret-env", "UNSET"], 7),
    ] {
        let args = [&["verify", token.as_str()], flags].concat();
        assert_eq!(keyed(&args).output().status.code(), Some(code), "{args:?}");
    }
    // 2 before 7 and 4, 1 before 2.
    for (token, code) in [(&["a.b.c"][..], 2), (&["--token-file", "missing.txt"], 1)] {
        let call = clocked(&[&["refresh"], token, &["--sign-secret-env", "UNSET"]].concat());
        assert_eq!(call.output().status.code(), Some(code), "{token:?}");
    }
}

#[test]
fn of_several_faults_all_are_reported_in_the_order() {
    clocked(&["refresh", "a.b", "-S", "", "--sign-secret-env", "UNSET", "--set", "exp:=1"])
        .error(r#"--set cannot set "exp""#)
        .hint("a refreshed token always expires: choose when with --ttl")
        .error("--secret is empty")
        .hint("with an empty key anyone could sign, so it is never used")
        .error("UNSET is not set")
        .hint("export it, or name another variable")
        .error("a token has three parts separated by dots; this text has 2")
        .hint("was it cut?")
        .code(2);
}

#[test]
fn the_table_is_printed_on_request() {
    let output = jwtctl(&["help", "exit-codes"]).output();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    let table = text(&output.stdout);
    for row in [
        "0  ok",
        "1  failure",
        "2  usage",
        "3  expired",
        "4  invalid",
        "5  not-yet-valid",
        "6  rejected",
        "7  key",
    ] {
        assert!(table.lines().any(|line| line == row), "{row} in {table}");
    }
    assert!(!table.contains(SECRET));
}
