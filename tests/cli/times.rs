//! Durations and points in time as users type them, and dates at the limits of the calendar.

use crate::harness::{CLAIMS, SECRET, jwtctl, keyed, line, parts, text, token};

const HELP: &str = "jwtctl encode --help lists its flags";
const NO_DURATION: &str = "not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w";
const NO_TIME: &str =
    "not a point in time such as 1767225600, 2026-01-01T00:00:00Z, 2026-01-01, +30m or -5m";

#[test]
fn a_capital_m_is_not_a_unit() {
    for (verb, flag) in [
        ("encode", "--ttl"),
        ("verify", "--leeway"),
        ("verify", "--min-ttl"),
        ("verify", "--max-age"),
        ("refresh", "--ttl"),
        ("refresh", "--grace"),
        ("refresh", "--if-expiring"),
        ("refresh", "--max-session"),
    ] {
        for (typed, meant) in [("30M", "30m"), ("1H30M", "1h30m"), ("2W", "2w")] {
            jwtctl(&[verb, flag, typed])
                .error(&format!("{flag} <D>: {typed:?} is not a duration: units are lower case"))
                .hint(&format!("write {flag} {meant}; a capital M could be months"))
                .code(2);
        }
    }
}

#[test]
fn units_that_nobody_named_are_guessed() {
    // What the contract does not list is no duration, nor is a smaller unit before a larger one.
    for typed in
        ["1y", "1mo", "1month", "90ms", "30m1h", "1h1h", "2 hours 1 day", "5 M", "1h30", "1.5h"]
    {
        jwtctl(&["encode", "--ttl", typed])
            .error(&format!(
                "--ttl <D>: {typed:?} is not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w"
            ))
            .hint(HELP)
            .code(2);
    }
    keyed(&["encode", "--no-iat", "--ttl", "1w1d1h1m1s"])
        .stdout(line(&token(r#"{"exp":1700694861}"#)))
        .code(0);
}

#[test]
fn a_unit_that_is_written_out_is_corrected() {
    for (typed, meant) in [
        ("5min", "5m"),
        ("30minutes", "30m"),
        ("1hour", "1h"),
        ("2Hours", "2h"),
        ("1 day", "1d"),
        ("1h 30m", "1h30m"),
        ("1 hour 30 min", "1h30m"),
        ("90sec", "90s"),
        ("2 weeks", "2w"),
    ] {
        let token = token(CLAIMS);
        for args in [&["encode", "--ttl"][..], &["verify", &token, "--leeway"]] {
            let flag = args[args.len() - 1];
            jwtctl(&[args, &[typed]].concat())
                .error(&format!(
                    "{flag} <D>: {typed:?} is not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w"
                ))
                .hint(&format!("write {flag} {meant}"))
                .code(2);
            let mended = keyed(&[args, &[meant]].concat()).output();
            assert_eq!((mended.status.code(), text(&mended.stderr)), (Some(0), String::new()));
        }
    }
    let no_time =
        "not a point in time such as 1767225600, 2026-01-01T00:00:00Z, 2026-01-01, +30m or -5m";
    jwtctl(&["encode", "--exp", "30min"])
        .error(&format!("--exp <TIME>: \"30min\" is {no_time}"))
        .hint("for a lifetime: --ttl 30m")
        .code(2);
    jwtctl(&["encode", "--exp", "+30min"])
        .error("--exp <TIME>: \"+30min\" is not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w")
        .hint("write --exp +30m")
        .code(2);
    for flag in [["--ttl", "30m"], ["--exp", "+30m"]] {
        keyed(&[&["encode", "--user", "123"][..], &flag].concat())
            .stdout(line(&token(CLAIMS)))
            .code(0);
    }
}

#[test]
fn the_unit_of_a_duration_is_not_taken_for_the_token() {
    let token = token(CLAIMS);
    for (verb, flag, typed, meant) in [
        ("encode", "--ttl", ["1", "day"], "1d"),
        ("verify", "--leeway", ["5", "min"], "5m"),
        ("verify", "--min-ttl", ["90", "s"], "90s"),
        ("refresh", "--grace", ["2", "Hours"], "2h"),
    ] {
        let after: &[&str] = if verb == "encode" { &[] } else { &[&token] };
        jwtctl(&[&[verb, flag, typed[0], typed[1]], after].concat())
            .error(&format!("{flag} <D>: {:?} is {NO_DURATION}", typed.join(" ")))
            .hint(&format!("write {flag} {meant}"))
            .code(2);
        let mended = keyed(&[&[verb, flag, meant], after].concat()).output();
        assert_eq!((mended.status.code(), text(&mended.stderr)), (Some(0), String::new()));
    }
}

#[test]
fn a_time_in_several_words_is_corrected_as_one() {
    for (words, kind, fault, hint) in [
        (
            &["verify", "--max-age", "1", "h", "30", "min"][..],
            "D",
            NO_DURATION,
            "write --max-age 1h30m",
        ),
        (&["verify", "--leeway", "1h", "30", "m"], "D", NO_DURATION, "write --leeway 1h30m"),
        (&["encode", "--exp", "+1", "h"], "TIME", NO_DURATION, "write --exp +1h"),
        (&["encode", "--exp", "1", "h"], "TIME", NO_TIME, "for a lifetime: --ttl 1h"),
        (
            &["encode", "--nbf", "10", "minutes"],
            "TIME",
            NO_TIME,
            "from now on: +10m; before now: -10m",
        ),
        (&["verify", "--at", "-5", "min"], "TIME", NO_DURATION, "write --at -5m"),
        (
            &["verify", "--at", "2023-11-14", "22:13:20"],
            "TIME",
            "missing a time zone",
            "write --at 2023-11-14T22:13:20Z for UTC; an offset such as +02:00 works too",
        ),
    ] {
        let error = format!("{} <{kind}>: {:?} is {fault}", words[1], words[2..].join(" "));
        jwtctl(words).error(&error).hint(hint).code(2);
    }
}

#[test]
fn a_time_without_seconds_or_zone_is_explained() {
    let meant = "2023-11-14T22:13:00Z";
    for typed in ["2023-11-14 22:13", "2023-11-14T22:13", "2023-11-14 22:13:00"] {
        jwtctl(&["verify", "--at", typed, "x"])
            .error(&format!("--at <TIME>: {typed:?} is missing a time zone"))
            .hint(&format!("write --at {meant} for UTC; an offset such as +02:00 works too"))
            .code(2);
    }
    let no_time =
        "not a point in time such as 1767225600, 2026-01-01T00:00:00Z, 2026-01-01, +30m or -5m";
    for typed in ["2023-11-14T22:13Z", "2023-11-14 22:13 UTC"] {
        jwtctl(&["verify", "--at", typed, "x"])
            .error(&format!("--at <TIME>: {typed:?} is {no_time}"))
            .hint(&format!("write --at {meant}"))
            .code(2);
    }
    let token = token(r#"{"exp":1700001800}"#);
    jwtctl(&["verify", "-q", "--at", meant, &token]).env("JWTCTL_SECRET", SECRET).code(0);
}

#[test]
fn a_hundred_thousand_hyphens_are_an_ordinary_mistake() {
    let hyphens = "-".repeat(120_000);
    for (args, error, verb) in [
        (
            ["encode", "--ttl", &hyphens],
            "--ttl <D>: not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w",
            "encode",
        ),
        (
            ["encode", "--exp", &hyphens],
            "--exp <TIME>: not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w",
            "encode",
        ),
        (
            ["refresh", "--grace", &hyphens],
            "--grace <D>: not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w",
            "refresh",
        ),
    ] {
        let hint = format!("jwtctl {verb} --help lists its flags");
        jwtctl(&args).error(error).hint(&hint).code(2);
    }
}

#[test]
fn a_date_of_19_digits_keeps_its_value() {
    for exp in ["12345678901234567890", "1e39"] {
        let claims = format!(r#"{{"exp":{exp}}}"#);
        keyed(&["verify", "--compact", &token(&claims)])
            .stdout(line(&claims))
            .warning(&format!(r#""exp" is {exp} (outside the calendar): the token never expires"#))
            .code(0);
    }
    // One second apart is one second apart.
    let flags = ["--at", "1000000000000000000", "-S", crate::harness::SECRET];
    for (exp, code) in [("1000000000000000001", 0), ("1000000000000000000", 3)] {
        let token = token(&format!(r#"{{"exp":{exp}}}"#));
        let output = jwtctl(&[&["verify", &token][..], &flags].concat()).output();
        assert_eq!(output.status.code(), Some(code), "{exp}");
    }
}

#[test]
fn the_hint_for_an_nbf_with_a_fraction_is_a_leeway_of_nothing() {
    let (wait, issuer) = ("wait, or compare the clocks:", "the issuer's clock seems to be");
    for (claim, seconds, leeway, words) in [
        ("nbf", "1700000000.5", "1s", wait.to_owned()),
        ("nbf", "1700000059.001", "60s", wait.to_owned()),
        (
            "iat",
            "17000000000.1e-1",
            "1s",
            format!("{issuer} 1 second ahead of this one: compare them;"),
        ),
    ] {
        let token = token(&format!(r#"{{"{claim}":{seconds},"exp":1700001800}}"#));
        let output = keyed(&["verify", &token]).output();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(5), String::new()));
        let hint = format!("hint: {words} --leeway {leeway} would accept it\n");
        assert!(text(&output.stderr).ends_with(&hint), "{}", text(&output.stderr));
        // And so it does.
        keyed(&["verify", "-q", &token, "--leeway", leeway]).code(0);
    }
}

#[test]
fn a_report_keeps_the_spelling_of_a_date() {
    for (claims, flags, actual) in [
        (r#"{"exp":1.6999982E9}"#, &[][..], "1.6999982E9"),
        (r#"{"exp":1700000010.50}"#, &["--min-ttl", "1m"], "1700000010.50"),
        (r#"{"nbf":18e8,"exp":19e8}"#, &[], "18e8"),
        (r#"{"iat":1699999000.0,"exp":1700001800}"#, &["--max-age", "1m"], "1699999000.0"),
    ] {
        let token = token(claims);
        let args = [&["verify", "--json", "--compact", token.as_str()], flags].concat();
        let report = text(&keyed(&args).output().stdout);
        let end = format!(r#","actual":{actual}}}],"warnings":[]}}"#);
        assert!(report.trim_end().ends_with(&end), "{report}");
    }
}

#[test]
fn a_lifetime_is_counted_from_an_iat_with_its_fraction() {
    let claims = r#"{"iat":1699999000.75,"exp":1700000600.75}"#;
    let renewed = keyed(&["refresh", &token(claims)]).output();
    let (_, claims) = parts(&text(&renewed.stdout));
    assert_eq!(claims, r#"{"iat":1700000000,"exp":1700001600}"#);
}
