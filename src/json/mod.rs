//! Lossless JSON text: objects whose member order, number spelling and string spelling stay as written.
//! It must not turn a number into a machine number or a string into other escapes on the way through.
//!
//! `serde_json` decides what is JSON (RFC 8259); what is added here is unique names at every depth,
//! a bound on nesting, and the walk over text that it has already accepted.

mod layout;
mod number;
mod tokens;

use std::borrow::Cow;
use std::fmt;

pub use layout::{Layout, Piece, lay_out, respaced};
pub use number::Number;
use tokens::{Token, Tokens, check, is_space};
pub use tokens::{begins_with_json, unquote};

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

/// A JSON value as text that has been checked: JSON, UTF-8, unique names, bounded depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

impl Value {
    /// Checks a text.
    ///
    /// # Errors
    /// Any [`JsonError`] but `NotAnObject`.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let text =
            std::str::from_utf8(text).map_err(|e| JsonError::NotUtf8 { at: e.valid_up_to() })?;
        if text.bytes().all(|b| b.is_ascii_whitespace()) {
            return Err(JsonError::Empty);
        }
        check(text)?;
        Ok(Self(text.trim_matches(is_space).to_owned()))
    }

    /// A string value.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self(quote(text))
    }

    /// An array of string values.
    #[must_use]
    pub fn strings(texts: &[String]) -> Self {
        Self::array(&texts.iter().map(|text| Self::string(text)).collect::<Vec<_>>())
    }

    /// An array of values.
    #[must_use]
    pub fn array(values: &[Value]) -> Self {
        let texts: Vec<_> = values.iter().map(Value::text).collect();
        Self(format!("[{}]", texts.join(",")))
    }

    /// A whole number.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        Self(number.to_string())
    }

    /// The text, as it was spelled.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What kind of value this is, in words: "a string", "an array", …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.0.as_bytes()[0] {
            b'{' => "an object",
            b'[' => "an array",
            b'"' => "a string",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => "a number",
        }
    }

    /// The text of a string value, unescaped; `None` if it is of another kind.
    #[must_use]
    pub fn as_string(&self) -> Option<String> {
        self.0.starts_with('"').then(|| unquote(&self.0).into_owned())
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        (self.kind() == "a number").then(|| Number::of(&self.0))
    }

    /// The items of an array value; `None` if it is of another kind.
    #[must_use]
    pub fn as_array(&self) -> Option<Vec<Value>> {
        let items = || entries(&self.0).map(|(_, item)| Self(item.to_owned())).collect();
        self.0.starts_with('[').then(items)
    }

    /// The members of an object value; `None` if it is of another kind.
    #[must_use]
    pub fn as_object(&self) -> Option<Object> {
        self.0.starts_with('{').then(|| Object::of(&self.0))
    }

    /// The value a JSON Pointer (RFC 6901) leads to, its reference tokens already unescaped.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Option<Value> {
        let mut text = self.text();
        for token in path {
            let is_object = text.starts_with('{');
            let index = if is_object { None } else { Some(array_index(token)?) };
            text = entries(text).enumerate().find_map(|(i, (spelled, value))| {
                let found = index.map_or_else(|| unquote(spelled) == *token, |index| index == i);
                found.then_some(value)
            })?;
        }
        Some(Self(text.to_owned()))
    }

    /// Whether two values mean the same: members in any order, strings by their characters, numbers
    /// by their exact value (`1.10` is `1.1`, `1E2` is `100`).
    #[must_use]
    pub fn same_as(&self, other: &Value) -> bool {
        if let (Some(a), Some(b)) = (self.as_object(), other.as_object()) {
            return a.members.len() == b.members.len()
                && a.members
                    .iter()
                    .all(|m| b.get(&m.name).is_some_and(|value| m.value.same_as(value)));
        }
        if let (Some(a), Some(b)) = (self.as_array(), other.as_array()) {
            return a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.same_as(b));
        }
        match (self.as_string(), other.as_string(), self.as_number(), other.as_number()) {
            (Some(a), Some(b), ..) => a == b,
            (.., Some(a), Some(b)) => a == b,
            _ => self.0 == other.0,
        }
    }
}

/// RFC 6901 section 4: digits without a leading zero.
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    (canonical && token.bytes().all(|b| b.is_ascii_digit())).then(|| token.parse().ok())?
}

/// One member of an [`Object`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name, unescaped.
    pub name: String,
    /// The name as it was spelled, quotes included.
    spelled: String,
    /// The value.
    pub value: Value,
}

/// A JSON object: members in their order, names unique.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    members: Vec<Member>,
}

impl Object {
    /// Checks and reads an object.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let value = Value::parse(text)?;
        value.as_object().ok_or(JsonError::NotAnObject { found: value.kind() })
    }

    fn of(checked: &str) -> Self {
        let members = entries(checked)
            .map(|(spelled, value)| Member {
                name: unquote(spelled).into_owned(),
                spelled: spelled.to_owned(),
                value: Value(value.to_owned()),
            })
            .collect();
        Self { members }
    }

    /// The members, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.iter().find(|m| m.name == name).map(|m| &m.value)
    }

    /// Gives a member a value: in its place if it is there, else at the end.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.members.iter_mut().find(|m| m.name == name) {
            Some(member) => member.value = value,
            None => {
                self.members.push(Member { name: name.to_owned(), spelled: quote(name), value });
            }
        }
    }

    /// Gives a member a value: in its place if it is there, else before all others.
    pub fn set_first(&mut self, name: &str, value: Value) {
        let known = self.get(name).is_some();
        self.set(name, value);
        if !known {
            self.members.rotate_right(1);
        }
    }

    /// Takes a member out; the others keep their order.
    pub fn remove(&mut self, name: &str) {
        self.members.retain(|m| m.name != name);
    }

    /// The object as a value, without white space between its tokens.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut text = String::from("{");
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(&member.spelled);
            text.push(':');
            lay_out(member.value.text(), Layout::Compact, &mut |_, piece| text.push_str(piece));
        }
        text.push('}');
        Value(text)
    }
}

/// The members of an object's text after a check of it: names unescaped, values as they are spelled.
/// Nothing is copied, since the text may be a private key's.
///
/// # Errors
/// Any [`JsonError`].
pub fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &str)>, JsonError> {
    check(text)?;
    let text = text.trim_matches(is_space);
    if !text.starts_with('{') {
        return Err(JsonError::NotAnObject { found: "something else" });
    }
    Ok(entries(text).map(|(spelled, value)| (unquote(spelled), value)).collect())
}

/// A text in JSON's quotes, non-ASCII characters as they are.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The entries of an object (spelled name, value) or of an array (empty name, item); none of a value
/// of another kind.
fn entries(checked: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut tokens = Tokens { rest: checked };
    let first = tokens.next();
    let is_object = first == Some(Token::Open("{"));
    let is_container = matches!(first, Some(Token::Open(_)));
    std::iter::from_fn(move || {
        let mut name = "";
        let mut next = tokens.next().filter(|_| is_container)?;
        if next == Token::Comma {
            next = tokens.next()?;
        }
        if let (true, Token::String(spelled)) = (is_object, next) {
            name = spelled;
            tokens.next();
            next = tokens.next()?;
        }
        match next {
            Token::Open(open) => Some((name, enclosed(open, checked, &mut tokens))),
            Token::String(text) | Token::Scalar(text) => Some((name, text)),
            Token::Close(_) | Token::Comma | Token::Colon => None,
        }
    })
}

/// The text from an opening bracket, already taken, to its closing one.
fn enclosed<'a>(open: &str, all: &'a str, tokens: &mut Tokens<'a>) -> &'a str {
    let start = all.len() - tokens.rest.len() - open.len();
    let mut depth = 1;
    while depth > 0 {
        match tokens.next() {
            Some(Token::Open(_)) => depth += 1,
            Some(Token::Close(_)) | None => depth -= 1,
            _ => {}
        }
    }
    &all[start..all.len() - tokens.rest.len()]
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
        claims.set("c", Value::integer(-3));
        claims.set("a", Value::string("q\"ü"));
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
            ("null", "false"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
