//! Times in other units than seconds, and times that mean "never".

use crate::harness::{keyed, line, text, token};

/// What verify says of an `exp`, which it accepts.
#[track_caller]
fn said_of(exp: &str) -> String {
    let output = keyed(&["verify", "--compact", &token(&format!(r#"{{"exp":{exp}}}"#))]).output();
    assert_eq!(output.status.code(), Some(0), "{exp}");
    text(&output.stderr)
}

#[test]
fn the_unit_is_the_one_that_fits() {
    for (exp, unit) in [
        ("1800000000000", "milliseconds"),
        ("1.8e12", "milliseconds"),
        ("1800000000000000", "microseconds"),
        ("1800000000000000000", "nanoseconds"),
        ("1800000000999999999", "nanoseconds"),
    ] {
        let utc = "2027-01-15 08:00:00 UTC";
        assert_eq!(
            said_of(exp),
            format!(
                "warning: \"exp\" is {exp}, which looks like {unit}\nhint: taken as {unit} it would be {utc}\n"
            )
        );
    }
    for (nbf, unit) in [
        ("1700000000000", "milliseconds"),
        ("1700000000000000", "microseconds"),
        ("1700000000000000000", "nanoseconds"),
    ] {
        for claim in ["nbf", "iat"] {
            let output = keyed(&["verify", &token(&format!(r#"{{"{claim}":{nbf}}}"#))]).output();
            assert_eq!(output.status.code(), Some(5));
            let hint = format!(
                "hint: \"{claim}\" looks like {unit}: have the issuer write seconds, as a number: \"{claim}\":1700000000 (2023-11-14 22:13:20 UTC)\n"
            );
            assert!(text(&output.stderr).ends_with(&hint), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn an_exp_that_has_passed_in_its_own_unit_is_reported() {
    for (exp, unit) in [("1699996400000", "milliseconds"), ("1699996400000000", "microseconds")] {
        let over = "2023-11-14 21:13:20 UTC: the token would have expired 1 hour ago";
        assert!(said_of(exp).ends_with(&format!("hint: taken as {unit} it would be {over}\n")));
        let claims = format!(r#"{{"exp":{exp}}}"#);
        let made = keyed(&["encode", "--no-iat", &claims]).output();
        assert!(text(&made.stderr).ends_with(&format!("it would be {over}\n")), "{exp}");
    }
    // It is valid until, and not at, `exp`.
    assert!(said_of("1700000000001").contains("would have expired just now"));
    assert!(!said_of("1700000001000").contains("expired"));
}

#[test]
fn a_time_that_means_never_is_not_taken_for_another_unit() {
    for (exp, utc) in [
        ("253402300799", "9999-12-31 23:59:59 UTC"),
        ("253402214400", "9999-12-31 00:00:00 UTC"),
        ("253402300799.999", "9999-12-31 23:59:59 UTC"),
        ("253402300799999", "outside the calendar"),
        ("8640000000000000", "outside the calendar"),
        ("9007199254740991", "outside the calendar"),
        ("9223372036854775807", "outside the calendar"),
        ("18446744073709551615", "outside the calendar"),
    ] {
        assert_eq!(
            said_of(exp),
            format!("warning: \"exp\" is {exp} ({utc}): the token never expires\n")
        );
        // It is not about to expire, and encode says nothing of what was asked for.
        let claims = format!(r#"{{"exp":{exp}}}"#);
        let old = token(&claims);
        keyed(&["refresh", "--if-expiring", "1h", "-q", &old]).stdout(line(&old)).code(0);
        keyed(&["encode", "--no-iat", &claims]).stdout(line(&old)).code(0);
    }
    for exp in ["2147483647", "4294967295", "9999999999", "32503680000"] {
        assert_eq!(said_of(exp), "");
    }
}

#[test]
fn a_time_before_1970_is_in_no_other_unit() {
    for (exp, ago) in [
        ("-62135596800", "2022 years 302 days ago (0001-01-01 00:00:00 UTC)"),
        ("-1", "53 years 317 days ago (1969-12-31 23:59:59 UTC)"),
        ("0", "53 years 317 days ago (1970-01-01 00:00:00 UTC)"),
        ("-1700000000000", "53923 years 226 days ago (outside the calendar)"),
    ] {
        keyed(&["verify", &token(&format!(r#"{{"exp":{exp}}}"#))])
            .error(&format!("the token expired {ago}"))
            .hint("log in again for a new one")
            .code(3);
    }
}
