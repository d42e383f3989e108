//! Lossless JSON text: objects whose member order, number spelling and string spelling stay as written.
//! It must not turn a number into a machine number or a string into other escapes on the way through.
//!
//! What is JSON (RFC 8259) with unique names at every depth and bounded nesting is decided in one pass
//! (`scan`); all else walks over text that has been accepted.

mod layout;
mod number;
mod object;
mod scan;
mod selector;
mod tokens;
mod value;

use std::fmt;

pub use layout::{Layout, Piece, lay_out, respaced};
pub use number::Number;
pub use object::{Member, Members, Name, Object};
pub use selector::Selector;
pub use tokens::{begins_with_json, unquote};
pub use value::{Value, ValueRef};

use crate::secret::may_hold_secret;

/// How deep objects and arrays may be nested, the outermost one included.
pub const MAX_DEPTH: usize = 128;

/// Why a text is not the JSON that was asked for. Offsets are bytes from the start of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// Nothing but white space.
    Empty,
    /// Not UTF-8 (RFC 8259 section 8.1).
    NotUtf8 {
        /// The first byte that is not UTF-8.
        at: usize,
    },
    /// Not JSON; `reason` is the parser's.
    Syntax {
        /// What the parser said, with line and column.
        reason: String,
    },
    /// JSON, but not an object.
    NotAnObject {
        /// What it is in its place: "an array", "a string", …
        found: &'static str,
    },
    /// The same name twice in one object (RFC 7519 section 4, RFC 8725 section 2.4).
    Duplicate {
        /// The name, unescaped.
        name: String,
        /// The nesting of the object, 1 for the outermost.
        depth: usize,
    },
    /// Nested beyond [`MAX_DEPTH`].
    TooDeep,
    /// A string with half of a surrogate pair: JSON, and no Unicode text (RFC 7493 section 2.1).
    LoneSurrogate,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "is empty"),
            Self::NotUtf8 { at } => write!(f, "is not UTF-8 (byte {at})"),
            Self::Syntax { reason } => write!(f, "is not JSON: {reason}"),
            Self::NotAnObject { found } => write!(f, "is {found}, not a JSON object"),
            Self::Duplicate { name, depth: 1 } => {
                write!(f, "has the member {} twice", quote(&sayable(name)))
            }
            Self::Duplicate { name, depth } => {
                let name = quote(&sayable(name));
                write!(f, "has the member {name} twice in one object at depth {depth}")
            }
            Self::TooDeep => write!(f, "is nested deeper than {MAX_DEPTH} levels"),
            Self::LoneSurrogate => write!(f, "has a string with half of a surrogate pair"),
        }
    }
}

/// As many characters of a text as a message has room for.
#[must_use]
pub fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A name for a message: cut, and none that may be a secret in a name's place.
#[must_use]
pub fn sayable(name: &str) -> String {
    if may_hold_secret(name) { "(not shown)".to_owned() } else { cut(name, LONGEST_NAME) }
}

/// The longest name in a message, in characters.
const LONGEST_NAME: usize = 60;

/// A text in JSON's quotes, non-ASCII characters as they are.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Result<Object, JsonError> {
        Object::parse(text.as_bytes())
    }

    #[test]
    fn spelling_survives_indentation_and_back() {
        let text = r#"{"b":1.10,"a":[1E5,{"\u0061":"\n"}],"n":123456789012345678901234567890,"e":{},"f":[]}"#;
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
    fn evidence_is_the_value_or_what_it_is() {
        let evidence = |text: &str| ValueRef::within(text).evidence().text().to_owned();
        let list = |items: usize| format!("[{}]", vec!["1"; items].join(","));
        assert_eq!(evidence(&list(100)), list(100));
        assert_eq!(evidence(&list(100_000)), r#"["(100000 items)"]"#);
        let long = "x".repeat(100_000);
        assert_eq!(evidence(&format!("{{\"a\":\"{long}\",\"b\":1}}")), r#"{"(2 members)":null}"#);
        assert_eq!(evidence(&format!("\"{long}\"")), format!("\"{}…\"", "x".repeat(1024)));
        assert_eq!(evidence(&"1".repeat(100_000)), "1".repeat(100_000));
    }

    #[test]
    fn names_to_guess_from_are_as_many_and_as_long_as_peoples_are() {
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
        let twice = Err(JsonError::Duplicate { name: "a long name 7".into(), depth: 1 });
        assert_eq!(object(&members("a long name 7")), twice);
        assert_eq!(object(&members("\\u0061 long name 7")), twice);
        assert!(object(&members("a long name 100")).is_ok());
        let all = object(&members("\\u0061 long name 100")).unwrap();
        assert!(all.get("a long name 100").is_some() && all.get("a long name 101").is_none());
    }

    #[test]
    fn duplicate_names_are_found_at_every_depth_and_in_every_spelling() {
        let twice = |name: &str, depth| Err(JsonError::Duplicate { name: name.into(), depth });
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
        assert_eq!(object("[1]"), Err(JsonError::NotAnObject { found: "an array" }));
        assert_eq!(object("1"), Err(JsonError::NotAnObject { found: "a number" }));
        assert_eq!(object(r#"{"a":"\ud800"}"#), Err(JsonError::LoneSurrogate));
        assert_eq!(object(r#"{"\udc00":1}"#), Err(JsonError::LoneSurrogate));
        assert_eq!(Object::parse(b"{\"a\":\"\xff\"}"), Err(JsonError::NotUtf8 { at: 6 }));
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
        claims.set("c", &Value::integer(-3));
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
}
