//! Our one pass over a text is held to `serde_json`: the same texts are JSON, and the same members are in them.

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
        (Object::of_bytes(text.as_bytes().to_vec()).map(drop), true),
        (Value::parse(text.as_bytes()).map(drop), false),
    ] {
        let not_json = matches!(ours, Err(JsonError::Syntax { .. } | JsonError::Empty));
        prop_assert_eq!(not_json, theirs.is_err(), "{}: {:?}", text, ours);
        let empty = text.bytes().all(|byte| byte.is_ascii_whitespace());
        prop_assert_eq!(ours == Err(JsonError::Empty), empty, "{}", text);
        if let (Err(JsonError::Syntax { reason }), Err(error)) = (&ours, &theirs) {
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
            Err(JsonError::Duplicate { name, depth }) => {
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
