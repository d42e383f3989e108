//! A JSON value: text that has been checked, owned or a piece of a larger one.

use super::object::Object;
use super::scan::scan;
use super::tokens::{Token, Tokens, is_space, unquote};
use super::{JsonError, Number, cut, quote};

/// A JSON value as text that has been checked: JSON, UTF-8, unique names, bounded depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<T = String>(T);

/// A value that stands in another's text.
pub type ValueRef<'a> = Value<&'a str>;

impl Value {
    /// Checks a text.
    ///
    /// # Errors
    /// Any [`JsonError`] but `NotAnObject`.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let text = trimmed(text)?;
        scan(text)?;
        Ok(Self(text.to_owned()))
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

    /// A number of digits before and after its point, which go where nothing but zeros is there.
    #[must_use]
    pub fn decimal(whole: &str, fraction: &str) -> Self {
        match fraction.trim_end_matches('0') {
            "" => Self(whole.to_owned()),
            fraction => Self(format!("{whole}.{fraction}")),
        }
    }

    /// An object's text, which its maker knows to be one.
    pub(super) fn of_object(text: String) -> Self {
        Self(text)
    }
}

impl<'a> ValueRef<'a> {
    /// A piece of text that has been checked.
    pub(super) fn within(checked: &'a str) -> Self {
        Self(checked)
    }

    /// The text, for as long as the one that it stands in.
    #[must_use]
    pub fn into_text(self) -> &'a str {
        self.0
    }

    /// The items of an array, for as long as its text; `None` if it is of another kind.
    #[must_use]
    pub fn into_items(self) -> Option<impl Iterator<Item = ValueRef<'a>> + Clone> {
        let items = || entries(self.0).map(|(_, item)| Value(item));
        self.0.starts_with('[').then(items)
    }

    /// The value with a text of its own.
    #[must_use]
    pub fn to_value(self) -> Value {
        Value(self.0.to_owned())
    }
}

impl<T: AsRef<str>> Value<T> {
    /// The text, as it was spelled.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_ref()
    }

    /// What kind of value this is, in words: "a string", "an array", …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.text().as_bytes()[0] {
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
        self.text().starts_with('"').then(|| unquote(self.text()).into_owned())
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        (self.kind() == "a number").then(|| Number::of(self.text()))
    }

    /// The items of an array value; `None` if it is of another kind.
    #[must_use]
    pub fn items(&self) -> Option<impl Iterator<Item = ValueRef<'_>> + Clone> {
        Value(self.text()).into_items()
    }

    /// The members of an object value; `None` if it is of another kind.
    #[must_use]
    pub fn as_object(&self) -> Option<Object> {
        self.text().starts_with('{').then(|| Object::of(self.text()))
    }

    /// The value a JSON Pointer (RFC 6901) leads to, its reference tokens already unescaped.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Option<ValueRef<'_>> {
        let mut text = self.text();
        for token in path {
            let is_object = text.starts_with('{');
            let index = if is_object { None } else { Some(array_index(token)?) };
            text = entries(text).enumerate().find_map(|(i, (spelled, value))| {
                let found = index.map_or_else(|| unquote(spelled) == *token, |index| index == i);
                found.then_some(value)
            })?;
        }
        Some(Value(text))
    }

    /// The value as evidence: a text of its own, and of what is larger than anybody would read the kind and the
    /// size.
    #[must_use]
    pub fn evidence(&self) -> Value {
        const LONGEST: usize = 64 * 1024;
        const SHOWN: usize = 1024;
        let text = self.text();
        match text.as_bytes()[0] {
            _ if text.len() <= LONGEST => Value(text.to_owned()),
            b'[' => Value(format!("[\"({} items)\"]", entries(text).count())),
            b'{' => Value(format!("{{\"({} members)\":null}}", entries(text).count())),
            b'"' => Value::string(&cut(&unquote(text), SHOWN)),
            _ => Value(text.to_owned()),
        }
    }

    /// Whether two values mean the same: members in any order, strings by their characters, numbers
    /// by their exact value (`1.10` is `1.1`, `1E2` is `100`).
    #[must_use]
    pub fn same_as(&self, other: &Value<impl AsRef<str>>) -> bool {
        if self.text().starts_with('{') && other.text().starts_with('{') {
            let (mut a, b) = (entries(self.text()), Object::of(other.text()));
            let is_in_b = |(name, value): (&str, &str)| {
                b.get(&unquote(name)).is_some_and(|other| Value(value).same_as(&other))
            };
            return a.clone().count() == b.iter().len() && a.all(is_in_b);
        }
        if let (Some(mut a), Some(mut b)) = (self.items(), other.items()) {
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if a.same_as(&b) => {}
                    _ => return false,
                }
            }
        }
        match (self.as_string(), other.as_string(), self.as_number(), other.as_number()) {
            (Some(a), Some(b), ..) => a == b,
            (.., Some(a), Some(b)) => a == b,
            _ => self.text() == other.text(),
        }
    }
}

/// The text of JSON without the white space around it.
pub(super) fn trimmed(text: &[u8]) -> Result<&str, JsonError> {
    let text = std::str::from_utf8(text).map_err(|e| JsonError::NotUtf8 { at: e.valid_up_to() })?;
    if text.bytes().all(|b| b.is_ascii_whitespace()) {
        return Err(JsonError::Empty);
    }
    Ok(text.trim_matches(is_space))
}

/// RFC 6901 section 4: digits without a leading zero.
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    (canonical && token.bytes().all(|b| b.is_ascii_digit())).then(|| token.parse().ok())?
}

/// The entries of an object (spelled name, value) or of an array (empty name, item); none of a value
/// of another kind.
fn entries(checked: &str) -> impl Iterator<Item = (&str, &str)> + Clone {
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
