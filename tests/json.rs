//! JSON text: what is accepted, what is kept as it was spelled, and what is equal. The scanner must agree with
//! `serde_json` on which texts are JSON and which members they have.

mod support;

use std::collections::BTreeMap;
use std::fmt;

use jwtctl::json::{JsonError, Layout, Object, Value, respaced};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use support::texts::{claims, number, value};

/// An object of up to 40 members of few names, in more than one spelling: some are there twice.
fn crowded() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        8 => "[a-h][0-9]?".prop_map(|name| format!("\"{name}\"")),
        1 => Just("\"\\u0061\"".to_owned()),
        1 => Just("\"\\u00E9\"".to_owned()),
        1 => Just("\"é\"".to_owned()),
    ];
    let value = prop_oneof![3 => number(), 1 => value()];
    vec((name, value), 0..40).prop_map(|members| {
        let members: Vec<_> =
            members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(", "))
    })
}

/// The names of an object's members, as `serde_json` reads them: each as often as it is there.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// What befalls a JSON text: at a place in it so many characters become this text.
fn mishap() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let pieces = vec![
        "",
        "",
        "",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "/",
        "\\u",
        "\\ud800",
        "\\uDFff",
        "\\u00e",
        "\\u+123",
        "\\x",
        "\\\"",
        "0",
        "1",
        "00",
        "-",
        "+",
        ".",
        "e",
        "E",
        "1e",
        "1.",
        ".5",
        "-0",
        "--1",
        "0x1",
        "true",
        "tru",
        "false",
        "null",
        "nul",
        "NaN",
        "Infinity",
        "'",
        " ",
        "\t",
        "\n",
        "\r",
        "\u{b}",
        "\u{c}",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "é",
        "🦀",
        "//",
        "/**/",
        ",,",
        "\"a\":1,",
        ",\"a\":{}",
        "{\"b\":[",
        "[[[[",
        "]]]]",
        "{}",
        "[]",
        "\"\"",
    ];
    let deep = prop_oneof![Just(("[", "]")), Just(("{\"a\":", "}"))];
    let deep = (deep, 120..140_usize, any::<bool>(), "[0x]").prop_map(
        |((open, close), n, whole, core)| {
            open.repeat(n) + &core + &close.repeat(if whole { n } else { n - 1 })
        },
    );
    let text = prop_oneof![
        12 => prop::sample::select(pieces).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => deep,
    ];
    (any::<prop::sample::Index>(), 0..4_usize, text)
}

/// A text that is JSON, or was before something befell it.
fn nearly_json() -> impl Strategy<Value = String> {
    let whole = prop_oneof![2 => claims(), 2 => crowded(), 1 => value()];
    (whole, vec(mishap(), 0..4)).prop_map(|(text, mishaps)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, gone, instead) in mishaps {
            let at = at.index(characters.len() + 1);
            let end = (at + gone).min(characters.len());
            characters.splice(at..end, instead.chars());
        }
        characters.into_iter().collect()
    })
}

/// Whether our scanner takes a text for JSON where `serde_json` does, and says what that says where not.
fn agree(text: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<&RawValue>(text);
    for (ours, is_object) in [
        (Object::parse(text.as_bytes()).map(drop), true),
        (Object::parse(text.as_bytes().to_vec()).map(drop), true),
        (Value::parse(text.as_bytes()).map(drop), false),
    ] {
        let not_json = matches!(ours, Err(JsonError::Syntax(_) | JsonError::Empty));
        prop_assert_eq!(not_json, theirs.is_err(), "{}: {:?}", text, ours);
        let empty = text.bytes().all(|byte| byte.is_ascii_whitespace());
        prop_assert_eq!(ours == Err(JsonError::Empty), empty, "{}", text);
        if let (Err(JsonError::Syntax(reason)), Err(error)) = (&ours, &theirs) {
            // White space in front is not counted.
            let inner = text.trim_matches([' ', '\t', '\n', '\r']);
            let there = serde_json::from_str::<&RawValue>(inner).unwrap_err();
            prop_assert!(*reason == there.to_string(), "{}: {} {}", text, reason, error);
        }
        if let Err(JsonError::NotAnObject { .. }) = ours {
            prop_assert!(is_object && !text.trim_start().starts_with('{'), "{}", text);
        }
    }
    Ok(())
}

/// Every kind of token, with white space where there may be some.
const EVERYTHING: &str =
    "{\"a\":[1,-2.50e+3,0,true, false\n,null,\"x\\n\\u00e9\\ud83e\\udd80é\"],\"b\":{\"\":0E-1}}";

#[test]
fn every_character_is_met_at_every_place() {
    agree(EVERYTHING).unwrap();
    assert!(Object::parse(EVERYTHING.as_bytes()).is_ok());
    let others = ['\u{80}', '\u{85}', '\u{a0}', '\u{2028}', '\u{feff}', '\u{fffd}', '🦀'];
    for (at, there) in EVERYTHING.char_indices() {
        let (before, behind) = EVERYTHING.split_at(at);
        let after = &behind[there.len_utf8()..];
        agree(&format!("{before}{after}")).unwrap();
        agree(before).unwrap();
        for character in ('\0'..='\u{7f}').chain(others) {
            agree(&format!("{before}{character}{behind}")).unwrap();
            agree(&format!("{before}{character}{after}")).unwrap();
        }
    }
}

#[test]
fn the_end_of_a_string_is_found_at_every_offset() {
    for filler in ['a', ' ', '!', '#', '[', ']', '\u{7f}', '\u{80}', 'é', '\u{7ff}', '世'] {
        for before in 0..20 {
            let text = filler.to_string().repeat(before);
            let behind = filler.to_string().repeat(9);
            for end in ["\"", "\\", "\\\"", "\0", "\n", "\u{1f}"] {
                agree(&format!("\"{text}{end}{behind}\"")).unwrap();
            }
            assert!(Value::parse(format!("\"{text}\"").as_bytes()).is_ok());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_scanner_and_serde_json_agree_on_what_is_json(text in nearly_json()) {
        agree(&text)?;
    }

    #[test]
    fn an_objects_members_are_what_serde_json_reads(text in nearly_json()) {
        let whole = serde_json::from_str::<serde_json::Value>(&text);
        match Object::parse(text.as_bytes()) {
            Ok(object) => {
                let theirs: BTreeMap<String, &RawValue> = serde_json::from_str(&text).unwrap();
                let ours: BTreeMap<String, String> = object
                    .iter()
                    .map(|member| (member.name.into_owned(), member.value.text().to_owned()))
                    .collect();
                let spelled = theirs.iter().map(|(name, raw)| (name.clone(), raw.get().to_owned()));
                prop_assert_eq!(object.iter().len(), theirs.len(), "{}", text);
                prop_assert_eq!(&ours, &spelled.collect(), "{}", text);
                for (name, value) in &ours {
                    let got = object.get(name).unwrap().text().to_owned();
                    prop_assert_eq!(&got, value, "{}", text);
                }
                prop_assert_eq!(object.text(), respaced(&text, Layout::Compact));
                // Half a surrogate pair is the one thing that `serde_json` reads and refuses; it does not count
                // numbers beyond a double and depth as we do.
                let only_we = |error: &serde_json::Error| {
                    let said = error.to_string();
                    said.contains("out of range") || said.contains("recursion limit")
                };
                prop_assert!(whole.as_ref().map_or_else(only_we, |_| true), "{}", text);
            }
            Err(JsonError::Duplicate(name, depth)) => {
                let at_the_top = serde_json::from_str::<Names>(&text).map(|names| names.0);
                if let Ok(names) = at_the_top {
                    let twice = names.iter().filter(|other| **other == name).count() > 1;
                    prop_assert!(twice || depth > 1, "{}: {} {}", text, name, depth);
                }
            }
            Err(JsonError::LoneSurrogate) => prop_assert!(whole.is_err(), "{}", text),
            Err(JsonError::TooDeep) => {
                prop_assert!(text.matches(['[', '{']).count() > 128, "{}", text);
            }
            Err(_) => {}
        }
    }
}

fn object(text: &str) -> Result<Object, JsonError> {
    Object::parse(text.as_bytes())
}

#[test]
fn spelling_survives_indentation_and_back() {
    let text =
        r#"{"b":1.10,"a":[1E5,{"\u0061":"\n"}],"n":123456789012345678901234567890,"e":{},"f":[]}"#;
    let indented = respaced(text, Layout::Indented);
    assert_eq!(respaced(&indented, Layout::Compact), text);
    assert_eq!(
        respaced(r#"{"a":[1,{}],"b":{"c":null}}"#, Layout::Indented),
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": null\n  }\n}"
    );
}

#[test]
fn white_space_does_not_outgrow_a_long_text() {
    let nested = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let long = format!("[{}]", vec![&nested[..]; 10_000].join(","));
    assert!(respaced(&long, Layout::Indented).len() < 7 * long.len());
    assert!(respaced(&nested, Layout::Indented).len() > 20 * nested.len());
}

#[test]
fn evidence_is_the_value_or_its_kind_and_size() {
    let evidence = |text: &str| Value::parse(text.as_bytes()).unwrap().evidence().text().to_owned();
    let list = |items: usize| format!("[{}]", vec!["1"; items].join(","));
    assert_eq!(evidence(&list(100)), list(100));
    assert_eq!(evidence(&list(100_000)), r#"["(100000 items)"]"#);
    let long = "x".repeat(100_000);
    assert_eq!(evidence(&format!("{{\"a\":\"{long}\",\"b\":1}}")), r#"{"(2 members)":null}"#);
    assert_eq!(evidence(&format!("\"{long}\"")), format!("\"{}…\"", "x".repeat(1024)));
    assert_eq!(evidence(&"1".repeat(100_000)), "1".repeat(100_000));
}

#[test]
fn suggested_names_are_limited_in_number_and_length() {
    let members: Vec<_> = (0..1000).map(|i| format!("\"{i}\":0")).collect();
    let text = format!("{{\"{}\":0,{}}}", "x".repeat(65), members.join(","));
    let paths = object(&text).unwrap().paths();
    assert_eq!((paths.len(), &*paths[0][0], &*paths[499][0]), (500, "0", "499"));
}

#[test]
fn names_of_many_members_are_told_apart_in_every_spelling() {
    let members = |last: &str| {
        let all: Vec<_> = (0..100).map(|i| format!("\"a long name {i}\":0")).collect();
        format!("{{{},\"{last}\":0}}", all.join(","))
    };
    let twice = Err(JsonError::Duplicate("a long name 7".into(), 1));
    assert_eq!(object(&members("a long name 7")), twice);
    assert_eq!(object(&members("\\u0061 long name 7")), twice);
    assert!(object(&members("a long name 100")).is_ok());
    let all = object(&members("\\u0061 long name 100")).unwrap();
    assert!(all.get("a long name 100").is_some() && all.get("a long name 101").is_none());
}

#[test]
fn duplicate_names_are_found_at_every_depth_and_in_every_spelling() {
    let twice = |name: &str, depth| Err(JsonError::Duplicate(name.into(), depth));
    assert_eq!(object(r#"{"a":1,"\u0061":2}"#), twice("a", 1));
    assert_eq!(object(r#"{"x":[{"y":{"a":1,"b":2,"a":3}}]}"#), twice("a", 4));
    assert!(object(r#"{"a":{"a":{"a":1}},"b":["a","a"]}"#).is_ok());
}

#[test]
fn nesting_is_accepted_to_128_levels_and_no_further() {
    let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n - 1), "]".repeat(n - 1));
    assert!(object(&nested(128)).is_ok());
    assert_eq!(object(&nested(129)), Err(JsonError::TooDeep));
    assert_eq!(object(&nested(1_000_000)), Err(JsonError::TooDeep));
}

#[test]
fn what_is_not_a_json_object_is_named() {
    assert_eq!(object(" "), Err(JsonError::Empty));
    assert_eq!(object("[1]"), Err(JsonError::NotAnObject("an array")));
    assert_eq!(object("1"), Err(JsonError::NotAnObject("a number")));
    assert_eq!(object(r#"{"a":"\ud800"}"#), Err(JsonError::LoneSurrogate));
    assert_eq!(object(r#"{"\udc00":1}"#), Err(JsonError::LoneSurrogate));
    assert_eq!(Object::parse(b"{\"a\":\"\xff\"}"), Err(JsonError::NotUtf8(6)));
    for broken in [
        "{",
        r#"{"a":1,}"#,
        r#"{"a":01}"#,
        r#"{"a":1}x"#,
        "\u{feff}{}",
        "{\"a\":\"\u{1}\"}",
        "{'a':1}",
        r#"{"a":NaN}"#,
    ] {
        assert!(matches!(object(broken), Err(JsonError::Syntax { .. })), "{broken}");
    }
}

#[test]
fn members_are_set_in_place_or_at_the_end() {
    let mut claims = object(r#"{ "a" : [ 1 , 2 ] , "b" : "x" }"#).unwrap();
    claims.set("c", &Value::parse(b"-3").unwrap());
    claims.set("a", &Value::string("q\"ü"));
    claims.remove("b");
    assert_eq!(claims.to_value().text(), r#"{"a":"q\"ü","c":-3}"#);
}

#[test]
fn pointers_lead_through_objects_and_arrays() {
    let value = Value::parse(br#"{"r":{"roles":["x","y"]},"a/b":1}"#).unwrap();
    let at = |path: &[&str]| {
        let path: Vec<_> = path.iter().map(ToString::to_string).collect();
        value.at(&path).map(|v| v.text().to_owned())
    };
    assert_eq!(at(&["r", "roles", "1"]).as_deref(), Some("\"y\""));
    assert_eq!(at(&["a/b"]).as_deref(), Some("1"));
    for missing in [&["r", "roles", "01"][..], &["r", "roles", "-"], &["a/b", "0"], &["x"]] {
        assert_eq!(at(missing), None);
    }
}

#[test]
fn values_are_compared_by_meaning() {
    let same = |a: &str, b: &str| {
        Value::parse(a.as_bytes()).unwrap().same_as(&Value::parse(b.as_bytes()).unwrap())
    };
    for (a, b) in [
        ("1.10", "1.1"),
        ("1E2", "100"),
        ("-0", "0.0e5"),
        (r#"{"a":1,"b":[2]}"#, r#"{ "b":[2.0], "a":10e-1 }"#),
        (r#""\u00e9""#, "\"é\""),
        (
            "100000000000000000000000000000000000000001",
            "100000000000000000000000000000000000000001",
        ),
    ] {
        assert!(same(a, b), "{a} {b}");
    }
    for (a, b) in [
        ("9007199254740993", "9007199254740992"),
        ("1", "\"1\""),
        ("1", "-1"),
        ("[1,2]", "[2,1]"),
        ("[1,2]", "[1]"),
        ("[1]", "[1,2]"),
        ("[]", "[1]"),
        ("null", "false"),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
    ] {
        assert!(!same(a, b), "{a} {b}");
    }
}

/// `digits × 10^exponent` in another spelling: the point moved, the exponent with it.
fn is_same(one: &str, other: &str) -> bool {
    let parse = |text: &str| Value::parse(text.as_bytes()).unwrap();
    parse(one).same_as(&parse(other))
}

#[test]
fn exponents_of_any_size_are_compared_exactly() {
    let nines = "9".repeat(60);
    let one_and_zeros = format!("1{}", "0".repeat(60));
    for (one, other, expected) in [
        ("1e9223372036854775807", "1e9223372036854775808", false),
        ("1e9223372036854775808", "1e9223372036854775809", false),
        ("1e-9223372036854775808", "1e-9223372036854775809", false),
        ("1e9223372036854775808", "-1e9223372036854775808", false),
        ("10e9223372036854775807", "1e9223372036854775808", true),
        ("10e9223372036854775807", "1e9223372036854775807", false),
        ("0.1e9223372036854775808", "1e9223372036854775807", true),
        ("0.1e9223372036854775808", "10e9223372036854775806", true),
        ("1e+0009223372036854775808", "1E9223372036854775808", true),
        ("0.1e-9223372036854775808", "1e-9223372036854775809", true),
        ("10e-9223372036854775809", "1e-9223372036854775808", true),
        (
            "10e999999999999999999999999999999999999999",
            "1e1000000000000000000000000000000000000000",
            true,
        ),
        (
            "0.01e1000000000000000000000000000000000000001",
            "1e999999999999999999999999999999999999999",
            true,
        ),
        ("0e9223372036854775808", "0", true),
    ] {
        assert_eq!(is_same(one, other), expected, "{one} {other}");
    }
    assert!(is_same(&format!("10e{nines}"), &format!("1e{one_and_zeros}")));
    assert!(is_same(&format!("0.1e{one_and_zeros}"), &format!("1e{nines}")));
    assert!(!is_same(&format!("1e{one_and_zeros}"), &format!("1e{nines}")));
}
