//! The tokens of valid JSON text.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// Whether a text begins with a whole JSON value, whatever follows it.
pub(crate) fn begins_with_json(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.next().is_some_and(|first| first.is_ok())
}

/// The characters of a valid JSON string, from its spelling with the quotes.
pub(crate) fn unquote(spelled: &str) -> Cow<'_, str> {
    let inner = &spelled[1..spelled.len() - 1];
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    Cow::Owned(serde_json::from_str(spelled).expect("checked strings can be unescaped"))
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open(&'a str),
    Close(&'a str),
    Comma,
    Colon,
    String(&'a str),
    /// A number, a boolean or null.
    Scalar(&'a str),
}

/// Iterates over the tokens of valid JSON text.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    pub rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let text = self.rest.trim_start_matches(is_space);
        let first = *text.as_bytes().first()?;
        let length = match first {
            b'"' => string_length(text),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => 1,
            _ => text.find(|c| is_space(c) || ",]}".contains(c)).unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at(length);
        self.rest = rest;
        Some(match first {
            b'{' | b'[' => Token::Open(token),
            b'}' | b']' => Token::Close(token),
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => Token::String(token),
            _ => Token::Scalar(token),
        })
    }
}

/// The length of the string that a text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes[at..].iter().position(|b| matches!(b, b'"' | b'\\')) {
        at += found + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    text.len()
}
