//! What is said about claims: differences from the expected value, names that are nearly right, flags that can be
//! pasted, and times. And where a damaged token is marked.

use jwtctl::claims::WrongType;
use jwtctl::explain::{Explanation, Problem, explain_text, flag_as_typed};
use jwtctl::json::Value;
use jwtctl::policy::{Expectation, Fault};
use jwtctl::token::Unverified;

fn value(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

fn of_fault(fault: Fault) -> Explanation {
    Problem::Policy(Box::new(fault)).explain()
}

/// The lines that compare the nearest of the expected values with the actual one, if any is near.
fn compared(expected: &[Value], actual: &Value, by: Expectation) -> Vec<String> {
    let (claim, expected, actual) = ("claim".to_owned(), expected.to_vec(), actual.clone());
    of_fault(Fault::Mismatch { claim, expected, actual, by, client: None }).evidence
}

/// The mark under the first difference between two strings.
fn mark(expected: &str, actual: &str) -> Option<String> {
    compared(&[Value::string(expected)], &Value::string(actual), Expectation::Equal).pop()
}

#[test]
fn differences_have_names() {
    for (expected, actual, column, word) in [
        ("https://a.example/", "https://a.example", 18, "a trailing slash"),
        ("https://a.example", "https://a.example/", 18, "a trailing slash"),
        ("deploy", "Deploy", 1, "a letter's case"),
        ("Straße", "STRAßE", 2, "a letter's case"),
        ("deploy", "deploy ", 7, "white space at the end"),
        ("deploy", "\tdeploy", 1, "white space at the start"),
        (" deploy ", "deploy", 1, "white space at both ends"),
        ("https://a.example", "http://a.example", 5, "http for https"),
        ("http://a.example", "https://a.example", 5, "https for http"),
        ("pay", "p\u{430}y", 2, "U+0430, which looks like a"),
        ("p\u{430}y", "pay", 2, "U+0430, which looks like a"),
        ("a-b", "a\u{2011}b", 2, "U+2011, which looks like -"),
        ("user", "user-123", 5, "longer from here on"),
        ("user-123", "user", 5, "only part of it"),
        ("https://eu.example", "https://us.example", 9, ""),
        ("café au lait", "cafe au lait", 4, "U+0065, not U+00E9"),
    ] {
        let wanted = format!("{:10}{:column$}^ {word}", "", "").trim_end().to_owned();
        assert_eq!(mark(expected, actual), Some(wanted), "{expected:?} {actual:?}");
    }
}

#[test]
fn invisible_characters_are_named() {
    for c in ['\u{200b}', '\u{202e}', '\u{feff}', '\u{7}', '\u{ad}'] {
        let wanted = format!("{:14}^ an invisible character, U+{:04X}", "", u32::from(c));
        for (expected, actual) in [
            ("paypal".to_owned(), format!("pay{c}pal")),
            (format!("pay{c}pal"), "paypal".to_owned()),
        ] {
            assert_eq!(mark(&expected, &actual).as_ref(), Some(&wanted));
        }
    }
}

#[test]
fn values_with_little_in_common_are_not_compared() {
    for (expected, actual) in [
        ("me", "you"),
        ("", "x"),
        ("x", ""),
        ("", ""),
        ("a", "abc"),
        ("https://a.example", "https://b.test"),
        ("eyJhbGci.a", "eyJhbGci.b"),
    ] {
        assert_eq!(mark(expected, actual), None, "{expected:?} {actual:?}");
    }
}

#[test]
fn other_values_than_strings_are_compared_by_their_json_text() {
    let by = Expectation::Equal;
    for (expected, actual, wanted) in [
        (
            r#""123""#,
            "123",
            ["expected  \"123\"", "actual    123", "          ^ a number, not a string"],
        ),
        (
            "true",
            r#""true""#,
            ["expected  true", "actual    \"true\"", "          ^ a string, not a boolean"],
        ),
        (
            r#"["a","b"]"#,
            r#"[ "b", "a" ]"#,
            [
                "expected  [\"a\",\"b\"]",
                "actual    [\"b\",\"a\"]",
                "            ^ the same in another order",
            ],
        ),
        (
            "1700000000",
            "1700000001",
            ["expected  1700000000", "actual    1700000001", "                   ^"],
        ),
        (
            r#"{"a":{"b":1}}"#,
            r#"{"a":{"b":2}}"#,
            [r#"expected  {"a":{"b":1}}"#, r#"actual    {"a":{"b":2}}"#, "                    ^"],
        ),
    ] {
        assert_eq!(compared(&[value(expected)], &value(actual), by), wanted);
    }
    for (expected, actual) in
        [("1", "2"), ("true", "false"), ("null", "1"), ("\"x\"", "[\"x\"]"), ("{}", "[]")]
    {
        let seen = compared(&[value(expected)], &value(actual), by);
        assert_eq!(seen, [""; 0], "{expected} {actual}");
    }
}

#[test]
fn the_nearest_of_several_is_compared() {
    let expected = ["https://a.example/x", "https://a.example/y/z", "other"].map(Value::string);
    let actual = value(r#"["unlike","https://a.example/y"]"#);
    let seen = compared(&expected, &actual, Expectation::Equal);
    assert_eq!(seen, [""; 0], "an array is not a string");
    let seen = compared(&expected, &actual, Expectation::Audience);
    assert_eq!(
        seen[..2],
        ["expected  \"https://a.example/y/z\"", "actual    \"https://a.example/y\""]
    );
    // A difference with a name is nearer than a long common beginning.
    let expected = ["deploy-to-production", "Deploy-to-staging"].map(Value::string);
    let seen = compared(&expected, &Value::string("deploy-to-staging"), Expectation::Equal);
    assert_eq!(seen[0], "expected  \"Deploy-to-staging\"");
}

#[test]
fn of_long_texts_the_part_around_the_difference_is_shown() {
    let by = Expectation::Equal;
    let [head, tail, sixty] = [("h", 56), ("t", 50), ("x", 60)].map(|(c, count)| c.repeat(count));
    for (expected, actual, wanted, column) in [
        // What fits is shown whole.
        (&sixty, &sixty[..59], [format!("\"{sixty}\""), format!("\"{}\"", &sixty[..59])], 60),
        (
            &format!("{head}A{tail}"),
            &format!("{head}B"),
            [
                format!("\"…{}A{}…\"", "h".repeat(36), "t".repeat(23)),
                format!("\"…{}B\"", "h".repeat(36)),
            ],
            38,
        ),
        // What the end leaves free, the beginning takes.
        (
            &format!("{head}{head}A"),
            &format!("{head}{head}B"),
            ["A", "B"].map(|c| format!("\"…{}{c}\"", "h".repeat(59))),
            61,
        ),
        // At the very start nothing is cut before it.
        (
            &format!("A{tail}{tail}"),
            &format!("B{tail}{tail}"),
            ["A", "B"].map(|c| format!("\"{c}{}…\"", "t".repeat(23))),
            1,
        ),
    ] {
        let seen = compared(&[Value::string(expected)], &Value::string(actual), by);
        let [wanted, found] = wanted;
        assert_eq!(seen[..2], [format!("expected  {wanted}"), format!("actual    {found}")]);
        assert_eq!(seen[2].find('^'), Some(10 + column), "{actual}");
    }
}

#[test]
fn the_mark_stands_under_the_difference_however_wide_the_characters_are() {
    for (text, shown, columns) in [
        ("é", "é", 1),
        ("世", "世", 2),
        ("\u{202e}", r"\u202e", 6),
        ("🦀", r"\ud83e\udd80", 12),
        ("e\u{301}", r"e\u0301", 7),
        ("\"\\\n\u{1b}", r#"\"\\\n\u001b"#, 12),
        // An ellipsis of the text is not taken for one of the excerpt.
        ("…", r"\u2026", 6),
    ] {
        let [expected, actual] =
            ["1", "2"].map(|end| Value::string(&format!("{text}7 columns{end}")));
        let seen = compared(&[expected], &actual, Expectation::Equal);
        assert_eq!(seen[0], format!("expected  \"{shown}7 columns1\""));
        assert_eq!(seen[2].find('^'), Some(10 + 1 + columns + 9), "{text}");
    }
}

#[test]
fn the_carets_stand_under_the_damage_however_wide_the_characters_are() {
    for (text, shown, carets) in [
        ("eyJ世\\nab", "eyJ?\\nab", "    ^^"),
        ("eyJhbGciOi世\u{1f468}e\u{301}%2E\u{202e}世abcd", "...??e?%2E??ab...", "       ^^^"),
        ("eyJa\u{1f468}\u{202e}bcdef", "...yJa??bcde...", "       ^"),
    ] {
        let fault = Unverified::parse(text.as_bytes()).unwrap_err();
        let said = explain_text(text.as_bytes(), &fault, None).unwrap();
        assert_eq!(said.evidence, [shown, carets], "{text}");
    }
}

#[test]
fn flags_are_quoted_for_a_shell() {
    for (text, typed) in [
        ("deploy", Some("--aud deploy")),
        ("", Some("--aud ''")),
        ("it's $me", Some(r"--aud 'it'\''s $me'")),
        ("-x", Some("--aud=-x")),
        ("a\nb", None),
        ("\u{202e}", None),
        ("eyJhbGciOiJIUzI1NiJ9.e30.", None),
    ] {
        assert_eq!(flag_as_typed("--aud", text).as_deref(), typed, "{text:?}");
    }
    for (claim, json, typed) in [
        ("a", r#""x""#, Some("--set 'a=x'")),
        ("a", "[ 1, 2 ]", Some("--set 'a:=[1,2]'")),
        ("a:", r#""x""#, Some(r#"--set 'a::="x"'"#)),
        ("a=b", r#""x""#, None),
        ("", r#""x""#, None),
    ] {
        let fault = Fault::Mismatch {
            claim: claim.to_owned(),
            expected: vec![value(json)],
            actual: value("null"),
            by: Expectation::EqualBeforeRefresh,
            client: None,
        };
        let hint = typed.map(|typed| {
            format!("--claim checks the old token; to write it into the new one: {typed} instead")
        });
        assert_eq!(of_fault(fault).hint, hint, "{claim}");
    }
}

/// The path that is proposed in place of one that does not exist.
fn proposed(name: &str, paths: &[&[&str]]) -> Option<String> {
    let owned = |path: &&[&str]| path.iter().map(ToString::to_string).collect();
    let paths = paths.iter().map(owned).collect();
    let hint =
        Problem::NoSuchClaim { name: name.to_owned(), in_header: false, paths }.explain().hint;
    Some(hint?.split_once(": ")?.1.to_owned())
}

#[test]
fn near_names_are_found() {
    let paths: [&[&str]; 5] = [&["iat"], &["userId"], &["e-mail"], &["roles"], &["_"]];
    for (name, found) in [
        ("user_id", Some("userId")),
        ("USERID", Some("userId")),
        ("email", Some("e-mail")),
        ("role", Some("roles")),
        ("rules", Some("roles")),
        // Too short to be guessed, or too far.
        ("exp", None),
        ("ist", None),
        ("user", None),
        ("-", None),
        ("", None),
    ] {
        let found = found.and_then(|found| flag_as_typed("--get", found));
        assert_eq!(proposed(name, &paths), found, "{name}");
    }
}

#[test]
fn near_paths_are_found() {
    let paths: [&[&str]; 5] =
        [&["a/b"], &["user_id"], &["realm_access"], &["realm_access", "roles"], &["/x"]];
    for (name, found) in [
        ("roles", Some("/realm_access/roles")),
        ("Roles", Some("/realm_access/roles")),
        ("realm_access.roles", Some("/realm_access/roles")),
        (".realm_access.roles", Some("/realm_access/roles")),
        ("realm_access/roles", Some("/realm_access/roles")),
        ("/realmAccess/role", Some("/realm_access/roles")),
        ("/userid", Some("user_id")),
        ("a.b", Some("a/b")),
        ("x", Some("/~1x")),
        ("nothing", None),
        ("", None),
    ] {
        let found = found.and_then(|found| flag_as_typed("--get", found));
        assert_eq!(proposed(name, &paths), found, "{name}");
    }
}

#[test]
fn a_difference_of_half_hours_is_a_time_zone() {
    for (seconds, zone) in [
        (301, None),
        (1500, Some("30 minutes")),
        (3600, Some("1 hour")),
        (7190, Some("2 hours")),
        (7500, Some("2 hours")),
        (7501, None),
        (14 * 3600 + 300, Some("14 hours")),
        (15 * 3600, None),
    ] {
        let actual = Value::string("as it is written");
        let (claim, date, now) = ("iat", seconds.into(), 0.into());
        let hint = of_fault(Fault::NotYetValid { claim, date, actual, now }).hint.unwrap();
        let zone = zone.map(|zone| {
            format!("the issuer seems to be {zone} ahead: does it write local time as UTC?")
        });
        assert_eq!(zone.is_some(), hint.contains("local time"), "{hint}");
        assert_eq!(zone.unwrap_or_else(|| hint.clone()), hint, "{seconds}");
    }
}

#[test]
fn a_time_that_is_not_a_number_is_read_where_possible() {
    let utc = "(2023-11-14 22:13:20 UTC)";
    for (actual, number) in [
        (r#""1700000000""#, Some("1700000000")),
        (r#"" 1700000000.25 ""#, Some("1700000000.25")),
        (r#""1.7e9""#, Some("1.7e9")),
        (r#""1700000000000""#, Some("1700000000")),
        (r#""2023-11-14T22:13:20Z""#, Some("1700000000")),
        (r#""2023-11-14T23:13:20+01:00""#, Some("1700000000")),
        (r#""+30m""#, None),
        (r#""soon""#, None),
        (r#""1e400""#, None),
        (r#""-1e300""#, None),
        (r#""""#, None),
        ("true", None),
        ("null", None),
        (r#"["1700000000"]"#, None),
    ] {
        let hint = match number {
            Some(number) => {
                format!("have the issuer write seconds, as a number: \"exp\":{number} {utc}")
            }
            None => "have the issuer write seconds since 1970, as a number".to_owned(),
        };
        let (claim, expected) = ("exp", "a number");
        let wrong = WrongType { claim, expected, actual: value(actual) };
        assert_eq!(of_fault(Fault::WrongType(wrong)).hint, Some(hint), "{actual}");
    }
}
