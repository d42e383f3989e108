//! Every rule about times is exact to the fraction of a second, in tokens and in the current time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::harness::{SECRET, jwtctl, line, text, token};

/// The exit code of a call on a token of these claims at a time.
#[track_caller]
fn code_at(verb: &str, at: &str, claims: &str, flags: &[&str]) -> Option<i32> {
    let token = token(claims);
    let call = [&[verb, "--at", at, &token], flags].concat();
    jwtctl(&call).env("JWTCTL_SECRET", SECRET).output().status.code()
}

#[test]
fn each_rule_about_times_is_exact_on_both_sides() {
    for (claims, flags, last_refused, first_accepted, code) in [
        (r#"{"nbf":1700000000.5}"#, &[][..], "1700000000.499999999", "1700000000.5", 5),
        (r#"{"nbf":1700000000.0000000001}"#, &[], "1700000000", "1700000000.000000001", 5),
        (r#"{"iat":1700000000.5}"#, &[], "1700000000.499", "1700000000.5", 5),
        (r#"{"iat":1.7000000005e9}"#, &["--leeway", "1"], "1699999999.4", "1699999999.5", 5),
        (r#"{"exp":1700000000.5}"#, &[], "1700000000.5", "1700000000.499999999", 3),
        (r#"{"exp":1700000000}"#, &[], "1700000000", "1699999999.999999999", 3),
        (r#"{"exp":1700000000.5}"#, &["--leeway", "10s"], "1700000010.5", "1700000010.4", 3),
        (r#"{"exp":1700000000.5}"#, &["--min-ttl", "10s"], "1699999990.5", "1699999990.4", 3),
        (r#"{"iat":1700000000.5}"#, &["--max-age", "10s"], "1700000010.6", "1700000010.5", 6),
    ] {
        assert_eq!(code_at("verify", last_refused, claims, flags), Some(code), "{claims}");
        assert_eq!(code_at("verify", first_accepted, claims, flags), Some(0), "{claims}");
    }
    for (claims, flags, last_refused, first_accepted, code) in [
        (r#"{"exp":1700000000.5}"#, &["--grace", "10s"], "1700000010.6", "1700000010.5", 3),
        (
            r#"{"auth_time":1700000000.5,"exp":1800000000}"#,
            &["--max-session", "10s"],
            "1700000010.5",
            "1700000010.4",
            6,
        ),
    ] {
        assert_eq!(code_at("refresh", last_refused, claims, flags), Some(code), "{claims}");
        assert_eq!(code_at("refresh", first_accepted, claims, flags), Some(0), "{claims}");
    }
}

/// With 10.5 seconds left, a margin of 10 s is less and one of 11 s is more.
#[test]
fn a_margin_is_exact_to_the_fraction() {
    let token = token(r#"{"exp":1700000010.5}"#);
    for (at, kept) in [("1700000000.499999999", true), ("1700000000.5", false)] {
        let args = ["refresh", "--if-expiring", "10", "--at", at, &token];
        let printed = text(&jwtctl(&args).env("JWTCTL_SECRET", SECRET).output().stdout);
        assert_eq!(printed.trim_end() == token, kept, "{at}");
    }
}

#[test]
fn a_token_issued_a_moment_ago_is_not_in_the_future() {
    // As Laravel Passport and lcobucci/jwt write them: microseconds, the same in iat and nbf.
    for _ in 0..3 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let date = format!("{}.{:06}", now.as_secs(), now.subsec_micros());
        let token =
            token(&format!(r#"{{"iat":{date},"nbf":{date},"exp":{}.5}}"#, now.as_secs() + 60));
        jwtctl(&["verify", "-q", &token]).env("JWTCTL_SECRET", SECRET).code(0);
        let row = jwtctl(&["verify", "--batch"]).env("JWTCTL_SECRET", SECRET).stdin(line(&token));
        assert_eq!(row.output().status.code(), Some(0));
    }
}

#[test]
fn a_stream_compares_as_exactly_as_a_single_call() {
    let tokens = [r#"{"nbf":1700000000.4}"#, r#"{"nbf":1700000000.6}"#, r#"{"exp":1700000000.4}"#];
    let lines: String = tokens.iter().map(|claims| line(&token(claims))).collect();
    let args = ["verify", "--batch", "--at", "1700000000.5"];
    let output = jwtctl(&args).env("JWTCTL_SECRET", SECRET).stdin(lines).output();
    let rows = text(&output.stdout);
    let status =
        |row: &str| row.split("\"status\":\"").nth(1)?.split('"').next().map(str::to_owned);
    let status: Vec<_> = rows.lines().filter_map(status).collect();
    assert_eq!(status, ["valid", "not-yet-valid", "expired"]);
}

#[test]
fn the_clock_writes_whole_seconds_and_what_is_typed_is_written_as_it_is() {
    for (flags, claims) in [
        (&["{}"][..], r#"{"iat":1700000000,"exp":1700001800}"#),
        (&["--nbf", "+1m"], r#"{"nbf":1700000060,"iat":1700000000,"exp":1700001800}"#),
        (&["--iat", "1700000000.25"], r#"{"iat":1700000000.25,"exp":1700001800}"#),
        (
            &["--iat", "2023-11-14T22:13:20.250Z", "--exp", "2023-11-14T23:13:20.5+01:00"],
            r#"{"iat":1700000000.25,"exp":1700000000.5}"#,
        ),
    ] {
        jwtctl(&[&["encode", "--at", "1700000000.9"], flags].concat())
            .env("JWTCTL_SECRET", SECRET)
            .stdout(line(&token(claims)))
            .code(0);
    }
    let old = token(r#"{"iat":1699999000.75,"nbf":1699999000.75,"exp":1700000600.75}"#);
    jwtctl(&["refresh", "--at", "2023-11-14T22:13:20.9Z", &old])
        .env("JWTCTL_SECRET", SECRET)
        .stdout(line(&token(r#"{"iat":1700000000,"nbf":1700000000,"exp":1700001600}"#)))
        .code(0);
}

#[test]
fn a_session_may_end_within_a_second() {
    let args = ["refresh", "--max-session", "10s", "--at", "1700000010.25"];
    let old = token(r#"{"auth_time":1700000000.5,"iat":1700000000,"exp":1700000900}"#);
    jwtctl(&[&args[..], &[&old]].concat())
        .env("JWTCTL_SECRET", SECRET)
        .stdout(line(&token(r#"{"auth_time":1700000000.5,"iat":1700000010,"exp":1700000010.5}"#)))
        .code(0);
}

#[test]
fn a_time_finer_than_a_nanosecond_is_not_rounded_in_silence() {
    for typed in ["1700000000.0000000001", "2023-11-14T22:13:20.0000000001Z"] {
        let output = jwtctl(&["verify", "--at", typed, "x"]).output();
        let said = text(&output.stderr);
        assert!(
            said.contains(
                "finer than a nanosecond: at most nine digits may follow the decimal point"
            ),
            "{said}"
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn words_for_a_time_that_is_less_than_a_second_away() {
    jwtctl(&["verify", "--at", "1700000000.25", &token(r#"{"exp":1700000000}"#)])
        .env("JWTCTL_SECRET", SECRET)
        .error("the token expired just now (2023-11-14 22:13:20 UTC)")
        .hint("log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN")
        .code(3);
    jwtctl(&["verify", "--at", "1700000000.25", &token(r#"{"iat":1700000000.5}"#)])
        .env("JWTCTL_SECRET", SECRET)
        .error(r#""iat" is 1 second in the future (2023-11-14 22:13:20 UTC)"#)
        .hint("the issuer's clock seems to be 1 second ahead of this one: compare them; --leeway 1s would accept it")
        .code(5);
}

#[test]
fn a_session_that_leeway_lets_begin_ahead_of_now_begins_now() {
    let old = token(r#"{"iat":1700000005,"exp":1700000600}"#);
    let flags = ["--leeway", "10s", "--max-session", "1h"];
    let refresh = |token: &str, at: &str| {
        jwtctl(&[&["refresh", token, "--at", at], &flags[..]].concat()).env("JWTCTL_SECRET", SECRET)
    };
    let new = token(r#"{"iat":1700000000,"exp":1700000595,"auth_time":1700000000}"#);
    refresh(&old, "1700000000.5").stdout(line(&new)).code(0);
    for at in ["1700000000.5", "1700000001"] {
        assert_eq!(refresh(&new, at).output().status.code(), Some(0), "{at}");
    }
}

#[test]
fn a_refreshed_token_has_a_lifetime() {
    let old = token(r#"{"exp":1800000000}"#);
    jwtctl(&["refresh", "--ttl", "0s", &old])
        .env("JWTCTL_SECRET", SECRET)
        .error("--ttl is zero: the new token would expire immediately")
        .hint("leave out --ttl to keep the token's lifetime")
        .code(2);
}

#[test]
fn a_refreshed_token_outlives_the_least_that_is_asked_of_the_old_one() {
    let old = token(r#"{"exp":1800000000}"#);
    let refresh = |ttl| {
        jwtctl(&["refresh", "--min-ttl", "1h", "--ttl", ttl, "--at", "1700000000", &old])
            .env("JWTCTL_SECRET", SECRET)
    };
    for (ttl, said) in [("30m", "30 minutes"), ("60m", "1 hour")] {
        refresh(ttl)
            .error(&format!("--ttl is {said} and --min-ttl 1 hour: the new token would be refused"))
            .hint("choose a --ttl that is longer than --min-ttl")
            .code(2);
    }
    refresh("61m").stdout(line(&token(r#"{"exp":1700003660}"#))).code(0);
}

#[test]
fn allow_expired_conflicts_with_min_ttl() {
    for verb in ["verify", "refresh"] {
        for flags in [["--allow-expired", "--min-ttl=5m"], ["--min-ttl=5m", "--allow-expired"]] {
            let output = jwtctl(&[&[verb, "x"], &flags[..]].concat()).output();
            assert_eq!(output.status.code(), Some(2), "{verb} {flags:?}");
            let said = text(&output.stderr);
            assert!(said.contains("--min-ttl") && said.contains("--allow-expired"), "{said}");
        }
    }
}

#[test]
fn a_number_too_large_to_count_with_is_compared_digit_by_digit() {
    for (held, expected, code) in [
        ("1e9223372036854775808", "1e9223372036854775807", 6),
        ("1e9223372036854775807", "10e9223372036854775806", 0),
        ("1e-9223372036854775809", "1e-9223372036854775808", 6),
        ("0.1e99999999999999999999999", "1e99999999999999999999998", 0),
    ] {
        let claims = format!(r#"{{"n":{held},"exp":1800000000}}"#);
        let claim = format!("n:={expected}");
        assert_eq!(code_at("verify", "1700000000", &claims, &["--claim", &claim]), Some(code));
    }
}
