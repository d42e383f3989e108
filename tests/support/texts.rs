//! JSON texts for properties, in every spelling that JSON allows.

use jwtctl::json::{Object, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// A number in one of the spellings that JSON has for it.
pub fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        "-?[1-9][0-9]{39}",
        "-?(0|[1-9][0-9]{0,20})\\.[0-9]{1,25}",
        "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,5})?[eE][+-]?[0-9]{1,3}",
    ]
}

/// A string with its quotes: any characters, some of them escaped in one way or another.
pub fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => any::<char>().prop_map(|c| {
            let quoted = Value::string(&c.to_string());
            quoted.text()[1..quoted.text().len() - 1].to_owned()
        }),
        1 => "\\\\u00[0-9a-fA-F]{2}",
        1 => Just("\\ud83e\\udD80".to_owned()),
        1 => prop::sample::select(vec!["\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\\"", "\\\\"])
            .prop_map(str::to_owned),
    ];
    vec(piece, 0..8).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// Any value.
pub fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        number(),
        string(),
        prop::sample::select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(" ,\n"))),
            vec((string(), inner), 0..6).prop_map(|members| object(&members)),
        ]
    })
}

/// An object of these members, the first of each name.
pub fn object(members: &[(String, String)]) -> String {
    let mut names = Vec::new();
    let mut texts = Vec::new();
    for (spelled, value) in members {
        let name = Value::parse(spelled.as_bytes()).unwrap().as_string().unwrap();
        if !names.contains(&name) {
            names.push(name);
            texts.push(format!("{spelled} :{value}"));
        }
    }
    format!("{{ {} }}", texts.join(",\t"))
}

/// A claims set without the claims that a verb sets or checks.
pub fn claims() -> impl Strategy<Value = String> {
    vec((string(), value()), 0..8).prop_map(|members| object(&members)).prop_filter(
        "registered claims have rules of their own",
        |text| {
            let object = Object::parse(text.as_bytes()).unwrap();
            let registered = ["exp", "nbf", "iat", "iss", "aud", "jti", "auth_time"];
            registered.iter().all(|name| object.get(name).is_none())
        },
    )
}
