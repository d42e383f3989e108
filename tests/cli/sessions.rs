//! `refresh --max-session`: when a session begins, that it ends, and that nothing extends it.

use crate::harness::{line, refresh, renewed, token};

#[test]
fn a_session_ends_at_its_limit() {
    // The first iat is kept as auth_time, and exp never lies beyond the limit.
    renewed(
        r#"{"iat":1699999000,"exp":1700000600}"#,
        &["--max-session", "2000s"],
        r#"{"iat":1700000000,"exp":1700001000,"auth_time":1699999000}"#,
    );
    renewed(
        r#"{"auth_time":1699990000,"iat":1699999000,"exp":1700000600}"#,
        &["--max-session", "3h"],
        r#"{"auth_time":1699990000,"iat":1700000000,"exp":1700000800}"#,
    );
    for claims in [
        r#"{"iat":1699996400,"exp":1700000600}"#,
        r#"{"auth_time":1699996400,"iat":1699999000,"exp":1700000600}"#,
    ] {
        refresh(claims, &["--max-session", "1h"])
            .error("the session began 1 hour ago (2023-11-14 21:13:20 UTC); --max-session ends it after 1 hour")
            .hint("log in again")
            .code(6);
    }
    refresh(r#"{"exp":1700000600}"#, &["--max-session", "1h"])
        .error(r#"there is no "auth_time" and no "iat": --max-session needs one of them"#)
        .code(6);
}

#[test]
fn a_session_that_is_over_cannot_be_renewed_although_its_token_has_only_expired() {
    // Code 3 would promise that renewing is safe.
    refresh(r#"{"iat":1699996400,"exp":1699998200}"#, &["--max-session", "1h"])
        .error("the session began 1 hour ago (2023-11-14 21:13:20 UTC); --max-session ends it after 1 hour")
        .hint("log in again")
        .error("the token expired 30 minutes ago (2023-11-14 21:43:20 UTC)")
        .code(6);
}

#[test]
fn a_fresh_token_that_outlives_its_session_is_cut_to_it() {
    renewed(
        r#"{"iat":1699999000,"exp":1700009000}"#,
        &["--max-session", "1h", "--if-expiring", "1m"],
        r#"{"iat":1700000000,"exp":1700002600,"auth_time":1699999000}"#,
    );
}

/// A session that began 1 h ago, and whose token has 10 minutes left.
const IN_SESSION: &str = r#"{"auth_time":1699996400,"iat":1699999000,"exp":1700000600}"#;

#[test]
fn set_or_unset_begins_a_session_anew() {
    for (name, hint) in [
        ("exp", "a refreshed token always expires: choose when with --ttl"),
        ("iat", "a refreshed token is issued now"),
        ("auth_time", "the start of a session is kept: --max-session counts from it"),
    ] {
        let text = format!("{name}=1700000000");
        let json = format!("{name}:=1700000000");
        for (flag, value, does) in
            [("--set", text.as_str(), "set"), ("--set", &json, "set"), ("--unset", name, "remove")]
        {
            // Whether a session is limited in this call or in the next.
            for limit in [&[][..], &["--max-session", "2h"]] {
                refresh(IN_SESSION, &[&[flag, value], limit].concat())
                    .error(&format!("{flag} cannot {does} {name:?}"))
                    .hint(hint)
                    .code(2);
            }
        }
    }
}

#[test]
fn a_session_from_the_future_is_refused() {
    let claims = r#"{"auth_time":1700000010,"iat":1699999000,"exp":1700000600}"#;
    // No leeway: it widens exp, nbf, iat and --max-age alone.
    for leeway in ["0s", "10s"] {
        refresh(claims, &["--max-session", "1h", "--leeway", leeway])
            .error(r#""auth_time" is 10 seconds in the future (2023-11-14 22:13:30 UTC)"#)
            .hint("compare both clocks")
            .code(5);
    }
}

#[test]
fn an_auth_time_that_is_not_a_number_is_refused() {
    refresh(r#"{"auth_time":"x","iat":1699999000,"exp":1700000600}"#, &["--max-session", "1h"])
        .error(r#"the claim "auth_time" must be a number; it is the string "x""#)
        .hint("have the issuer write seconds since 1970, as a number")
        .code(4);
}

#[test]
fn the_end_of_a_session_hides_the_other_faults() {
    refresh(IN_SESSION, &["--max-session", "1h", "--iss", "me", "--min-ttl", "1h"])
        .error("the session began 1 hour ago (2023-11-14 21:13:20 UTC); --max-session ends it after 1 hour")
        .hint("log in again")
        .error(r#"there is no "iss"; expected "me""#)
        .error("the token expires in 10 minutes (2023-11-14 22:23:20 UTC); --min-ttl asks for 1 hour")
        .code(6);
}

#[test]
fn a_fresh_token_ends_with_its_session_to_the_fraction() {
    // The session ends at 1700000800, so half a second more is cut off.
    for (exp, kept) in [("1700000800", true), ("1700000800.0", true), ("1700000800.5", false)] {
        let claims = format!(r#"{{"auth_time":1699990000,"iat":1699999000,"exp":{exp}}}"#);
        let cut = r#"{"auth_time":1699990000,"iat":1700000000,"exp":1700000800}"#;
        let successor = if kept { &claims } else { cut };
        renewed(&claims, &["--max-session", "3h", "--if-expiring", "1m"], successor);
    }
    // A session that begins within a second ends within one.
    for (exp, kept) in [("1700000800.25", true), ("1700000800.26", false)] {
        let claims = format!(r#"{{"auth_time":1699990000.25,"iat":1699999000,"exp":{exp}}}"#);
        let cut = r#"{"auth_time":1699990000.25,"iat":1700000000,"exp":1700000800}"#;
        let successor = if kept { &claims } else { cut };
        renewed(&claims, &["--max-session", "3h", "--if-expiring", "1m"], successor);
    }
}

/// The old lifetime is kept, or it is said that it is not.
#[test]
fn a_lifetime_that_cannot_be_kept_is_reported() {
    for (claims, is) in [
        (r#"{"iat":1699999999,"exp":253402300800}"#, "over 1000 years"),
        (r#"{"iat":1700000005,"exp":1700000003}"#, "not positive"),
    ] {
        let flags = ["--leeway", "10s", "--compact"];
        refresh(claims, &flags)
            .warning(&format!(
                r#"the old lifetime ("exp" - "iat") is {is}; the new one is 30 minutes"#
            ))
            .hint("choose another with --ttl")
            .stdout(line(&token(r#"{"iat":1700000000,"exp":1700001800}"#)))
            .code(0);
    }
}

/// A token within its grace is renewed; one that is still alive must have the life that is asked for.
#[test]
fn grace_and_min_ttl_do_not_contradict_each_other() {
    let flags = ["--grace", "60", "--min-ttl", "5"];
    renewed(r#"{"exp":1699999990}"#, &flags, r#"{"exp":1700001800}"#);
    refresh(r#"{"exp":1700000003}"#, &flags)
        .error("the token expires in 3 seconds (2023-11-14 22:13:23 UTC); --min-ttl asks for 5 seconds")
        .hint("renew it with the key that signs: jwtctl refresh TOKEN, without --min-ttl")
        .code(3);
}

/// An `exp` in milliseconds is not fresh for the next fifty thousand years.
#[test]
fn milliseconds_count_as_fresh() {
    let claims = r#"{"exp":1700000005000}"#;
    renewed(claims, &["--if-expiring", "60"], r#"{"exp":1700001800}"#);
}
