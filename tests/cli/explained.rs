//! What is said when times and claims do not meet the expectations. Every flag in a hint is run in a shell and must
//! succeed.

use crate::harness::{Call, jwtctl, keyed, line, text, token};

/// An `exp` that lies 30 minutes after the fixed clock's time.
pub const EXP: &str = r#""exp":1700001800"#;

/// A token of this claim, which has not expired.
pub fn with(claim: &str) -> String {
    token(&format!("{{{claim},{EXP}}}"))
}

pub fn verify(token: &str, flags: &[&str]) -> Call {
    keyed(&[&["verify", token], flags].concat())
}

/// Types flags, as a hint spells them, behind a call; what it prints, if it succeeds.
#[track_caller]
pub fn typed(args: &[&str], flags: &str) -> String {
    let output = keyed(args).in_shell(&format!("\"$@\" {flags}"));
    let seen = (output.status.code(), text(&output.stderr));
    assert_eq!(seen, (Some(0), String::new()), "{args:?} {flags}");
    text(&output.stdout)
}

#[test]
fn a_name_that_is_nearly_there_is_named() {
    let token = with(r#""userId":"7","e-mail":"a@b.example","ISS":"me""#);
    for (asked, error, other, flag) in [
        (
            ["--require", "user_id"],
            r#"there is no "user_id", which is required"#,
            "userId",
            "--require userId",
        ),
        (
            ["--require", "email"],
            r#"there is no "email", which is required"#,
            "e-mail",
            "--require e-mail",
        ),
        (
            ["--claim", "userid=7"],
            r#"there is no "userid"; expected "7""#,
            "userId",
            "--claim 'userId=7'",
        ),
        (["--get", "user-id"], r#"the token has no claim "user-id""#, "userId", "--get userId"),
    ] {
        let hint = format!("there is {other:?}: {flag}");
        verify(&token, &asked).error(error).hint(&hint).code(6);
        typed(&["verify", "--compact", &token], flag);
    }
    // No flag reads an issuer from another place.
    verify(&token, &["--iss", "me"])
        .error(r#"there is no "iss"; expected "me""#)
        .hint(r#"there is "ISS"; names must match exactly"#)
        .code(6);
}

#[test]
fn a_claim_one_level_down_is_reached_by_a_pointer() {
    let token = with(r#""realm_access":{"roles":["a"],"x/y":1}"#);
    for (name, inner, pointer, value) in [
        ("roles", "roles", "/realm_access/roles", "[\"a\"]\n"),
        ("realm_access.roles", "roles", "/realm_access/roles", "[\"a\"]\n"),
        ("/realmAccess/Roles", "roles", "/realm_access/roles", "[\"a\"]\n"),
        ("x/y", "x/y", "/realm_access/x~1y", "1\n"),
    ] {
        for verb in ["verify", "decode"] {
            let flag =
                if pointer.contains('~') { format!("'{pointer}'") } else { pointer.to_owned() };
            keyed(&[verb, &token, "--get", name])
                .error(&format!("the token has no claim {name:?}"))
                .hint(&format!("there is {inner:?} in \"realm_access\": --get {flag}"))
                .code(6);
            let printed = typed(&[verb, "--compact", &token], &format!("--get {flag}"));
            assert_eq!(printed, value);
        }
    }
    keyed(&["decode", "--header", &token, "--get", "Alg"])
        .error(r#"the header has no member "Alg""#)
        .hint(r#"there is "alg": --get alg"#)
        .code(6);
    assert_eq!(typed(&["decode", "--header", &token], "--get alg"), "HS256\n");
}

#[test]
fn a_time_of_the_wrong_type_is_read_all_the_same() {
    for (claim, is, number, utc) in [
        (r#""nbf":"1699999000""#, r#"the string "1699999000""#, "1699999000", "21:56:40"),
        (r#""nbf":"1699999000.5""#, r#"the string "1699999000.5""#, "1699999000.5", "21:56:40"),
        (r#""nbf":"1699999000123""#, r#"the string "1699999000123""#, "1699999000", "21:56:40"),
        (
            r#""nbf":"2023-11-14T22:56:40+01:00""#,
            r#"the string "2023-11-14T22:56:40+01:00""#,
            "1699999000",
            "21:56:40",
        ),
    ] {
        verify(&with(claim), &[])
            .error(&format!("the claim \"nbf\" must be a number; it is {is}"))
            .hint(&format!(
                "have the issuer write seconds, as a number: \"nbf\":{number} (2023-11-14 {utc} UTC)"
            ))
            .code(4);
        typed(&["verify", "-q", &with(&format!("\"nbf\":{number}"))], "");
    }
    for value in ["true", "null", r#"["1699999000"]"#] {
        verify(&with(&format!("\"nbf\":{value}")), &[])
            .error(&format!("the claim \"nbf\" must be a number; it is {value}"))
            .hint("have the issuer write seconds since 1970, as a number")
            .code(4);
    }
    verify(&with(r#""iss":["me"]"#), &["--iss", "me"])
        .error(r#"the claim "iss" must be a string; it is ["me"]"#)
        .hint(r#"have the issuer write a string: "iss":"me""#)
        .code(4);
    typed(&["verify", "-q", &with(r#""iss":"me""#)], "--iss me");
}

#[test]
fn milliseconds_in_an_iat_are_named_before_its_age() {
    verify(&with(r#""iat":1699999990000"#), &["--max-age", "1m"])
        .error(r#""iat" is 53815 years 321 days in the future (outside the calendar)"#)
        .hint(r#""iat" looks like milliseconds: have the issuer write seconds, as a number: "iat":1699999990 (2023-11-14 22:13:10 UTC)"#)
        .code(5);
    typed(&["verify", "-q", &with(r#""iat":1699999990"#)], "--max-age 1m");
}

#[test]
fn clocks_that_differ_are_told_from_time_zones() {
    let clock = "the issuer's clock seems to be";
    for (ahead, when, utc, words, leeway) in [
        (1, "1 second", "2023-11-14 22:13:21", "1 second", Some("--leeway 1s")),
        (
            90,
            "1 minute 30 seconds",
            "2023-11-14 22:14:50",
            "1 minute 30 seconds",
            Some("--leeway 90s"),
        ),
        (300, "5 minutes", "2023-11-14 22:18:20", "5 minutes", Some("--leeway 300s")),
        (301, "5 minutes", "2023-11-14 22:18:21", "5 minutes", None),
        (86_400, "1 day", "2023-11-15 22:13:20", "1 day", None),
    ] {
        let token = token(&format!(r#"{{"iat":{},"exp":1800000000}}"#, 1_700_000_000 + ahead));
        let call =
            verify(&token, &[]).error(&format!("\"iat\" is {when} in the future ({utc} UTC)"));
        let hint = format!("{clock} {words} ahead of this one: compare them");
        match leeway {
            Some(flag) => {
                call.hint(&format!("{hint}; {flag} would accept it")).code(5);
                typed(&["verify", "-q", &token], flag);
            }
            None => call.hint(&hint).code(5),
        }
    }
    let token = token(r#"{"iat":1700007190,"exp":1800000000}"#);
    verify(&token, &[])
        .error(r#""iat" is 1 hour 59 minutes in the future (2023-11-15 00:13:10 UTC)"#)
        .hint("the issuer seems to be 2 hours ahead: does it write local time as UTC?")
        .code(5);
    let token = crate::harness::token(r#"{"nbf":1700007200,"exp":1800000000}"#);
    verify(&token, &[])
        .error(r#""nbf" is 2 hours in the future (2023-11-15 00:13:20 UTC)"#)
        .hint("wait until then, or compare both clocks")
        .code(5);
    jwtctl(&["verify", "-q", &token, "--at", "1700007200", "-S", crate::harness::SECRET]).code(0);
}

#[test]
fn an_expired_token_is_renewed_as_the_hint_says() {
    for (ago, words, utc, grace) in [
        (0, "just now", "2023-11-14 22:13:20", "1m"),
        (59, "59 seconds ago", "2023-11-14 22:12:21", "1m"),
        (60, "1 minute ago", "2023-11-14 22:12:20", "2m"),
        (5399, "1 hour 29 minutes ago", "2023-11-14 20:43:21", "90m"),
        (5400, "1 hour 30 minutes ago", "2023-11-14 20:43:20", "2h"),
        (86_399, "23 hours 59 minutes ago", "2023-11-13 22:13:21", "25h"),
    ] {
        let old = token(&format!(r#"{{"exp":{}}}"#, 1_700_000_000 - ago));
        verify(&old, &[])
            .error(&format!("the token expired {words} ({utc} UTC)"))
            .hint(&format!("log in again, or renew it with the key that signs: jwtctl refresh --grace {grace} TOKEN"))
            .code(3);
        let renewed = typed(&["refresh", &old], &format!("--grace {grace}"));
        assert_eq!(renewed, line(&token(r#"{"exp":1700001800}"#)));
    }
    verify(&token(r#"{"exp":1800}"#), &[])
        .error("the token expired 53 years 317 days ago (1970-01-01 00:30:00 UTC)")
        .hint("it looks like a lifetime (30 minutes): have the issuer add the current time")
        .code(3);
    typed(&["verify", "-q", &token(r#"{"exp":1700001800}"#)], "");
    verify(&token(r#"{"exp":1699913600}"#), &[])
        .error("the token expired 1 day ago (2023-11-13 22:13:20 UTC)")
        .hint("log in again for a new one")
        .code(3);
}

#[test]
fn a_token_without_the_life_or_age_that_is_asked_for_is_replaced() {
    let soon = token(r#"{"iat":1699996400,"exp":1700000060}"#);
    verify(&soon, &["--min-ttl", "5m"])
        .error(
            "the token expires in 1 minute (2023-11-14 22:14:20 UTC); --min-ttl asks for 5 minutes",
        )
        .hint("renew it with the key that signs: jwtctl refresh TOKEN, without --min-ttl")
        .code(3);
    let renewed = typed(&["refresh", &soon], "");
    typed(&["verify", "-q", renewed.trim_end()], "--min-ttl 5m");
    verify(&soon, &["--max-age", "30m"])
        .error("the token was issued 1 hour ago (2023-11-14 21:13:20 UTC); --max-age allows 30 minutes")
        .hint("log in again for a new one")
        .code(6);
    typed(&["verify", "-q", typed(&["encode", "{}"], "").trim_end()], "--max-age 30m");
}

#[test]
fn every_fault_is_said_and_the_one_that_decides_comes_first() {
    let token =
        token(r#"{"iss":"https://a.example","iat":true,"nbf":1700000060,"exp":1699999999}"#);
    verify(&token, &["--iss", "https://a.example/", "--require", "sub"])
        .error(r#"the claim "iat" must be a number; it is true"#)
        .hint("have the issuer write seconds since 1970, as a number")
        .error(r#""iss" is "https://a.example"; expected "https://a.example/""#)
        .evidence(r#"expected  "https://a.example/""#)
        .evidence(r#"actual    "https://a.example""#)
        .evidence("                            ^ a trailing slash")
        .hint("if that is the same issuer: --iss 'https://a.example'")
        .error(r#"there is no "sub", which is required"#)
        .error(r#""nbf" is 1 minute in the future (2023-11-14 22:14:20 UTC)"#)
        .hint("wait, or compare the clocks: --leeway 60s would accept it")
        .error("the token expired 1 second ago (2023-11-14 22:13:19 UTC)")
        .code(4);
}

#[test]
fn a_report_has_the_same_evidence() {
    let token = with(r#""iss":"https://a.example""#);
    let output = verify(&token, &["--iss", "https://a.example/", "--json", "--compact"]).output();
    let problem = r#""problems":[{"code":"claim-mismatch","message":"\"iss\" is \"https://a.example\"; expected \"https://a.example/\"","hint":"if that is the same issuer: --iss 'https://a.example'","evidence":["expected  \"https://a.example/\"","actual    \"https://a.example\"","                            ^ a trailing slash"],"claim":"iss","expected":"https://a.example/","actual":"https://a.example"}]"#;
    assert!(text(&output.stdout).contains(problem), "{}", text(&output.stdout));
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(6)));
}
