//! The units of text that a token consists of, as it is written in URLs as well.

use std::ops::Range;

use crate::token::find::{base64url_length, is_base64url};

/// How much padding a part may have. Two are right; more are passed over.
pub(super) const MOST_PADDING: usize = 3;

/// What a text behind a header begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Base64url,
    Padding,
    Dot,
    Tilde,
    Other,
    /// It is not decided before more of the text is there.
    Cut,
}

impl Unit {
    /// Whether it belongs to a token.
    pub(super) fn belongs(self) -> bool {
        matches!(self, Self::Base64url | Self::Padding | Self::Tilde)
    }
}

/// How often an escape may be escaped itself: a URL in the query of a URL, JSON in a string of JSON.
const MOST_ESCAPED: usize = 8;

/// The first unit of a text, and its length. Any may be escaped, as in a URL (RFC 3986 section 2.1) or in
/// JSON (RFC 8259 section 7).
pub(super) fn unit(text: &[u8], ended: bool) -> (Unit, usize) {
    match text {
        [b, ..] if is_base64url(*b) => (Unit::Base64url, base64url_length(text)),
        [b'.', ..] => (Unit::Dot, 1),
        [b'=', ..] => (Unit::Padding, 1),
        [b'~', ..] => (Unit::Tilde, 1),
        [b'%' | b'\\', ..] => escaped(text, ended),
        [] if !ended => (Unit::Cut, 0),
        _ => (Unit::Other, 0),
    }
}

/// The unit of an escape, and its length.
fn escaped(text: &[u8], ended: bool) -> (Unit, usize) {
    let is_percent = text[0] == b'%';
    let again: &[u8] = if is_percent { b"25" } else { b"\\" };
    let again = text[1..].chunks(again.len()).take(MOST_ESCAPED).take_while(|more| *more == again);
    let start = 1 + again.map(<[u8]>::len).sum::<usize>();
    let start = if is_percent { Ok(start) } else { strip(b"u00", text, start) };
    let digits = start.map(|start| (&text[start..], start + 2));
    match digits {
        Ok(([high, low, ..], end)) => match unescaped(*high, *low) {
            Some(b'.') => (Unit::Dot, end),
            Some(b'=') => (Unit::Padding, end),
            Some(b'~') => (Unit::Tilde, end),
            Some(byte) if is_base64url(byte) => (Unit::Base64url, end),
            _ => (Unit::Other, 0),
        },
        Ok(([], _)) | Err(Unit::Cut) if !ended => (Unit::Cut, 0),
        Ok(([high], _)) if !ended && high.is_ascii_hexdigit() => (Unit::Cut, 0),
        _ => (Unit::Other, 0),
    }
}

/// The byte of two hexadecimal digits.
fn unescaped(high: u8, low: u8) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The end of a prefix of what is in a text from here on.
fn strip(prefix: &[u8], text: &[u8], at: usize) -> Result<usize, Unit> {
    match &text[at..] {
        rest if rest.starts_with(prefix) => Ok(at + prefix.len()),
        rest if prefix.starts_with(rest) => Err(Unit::Cut),
        _ => Err(Unit::Other),
    }
}

/// The dot behind a part and its padding; an error if it may be still to come.
pub(super) fn dot(text: &[u8], mut at: usize, ended: bool) -> Option<Result<Range<usize>, ()>> {
    for _ in 0..=MOST_PADDING {
        match unit(&text[at..], ended) {
            (Unit::Padding, length) => at += length,
            (Unit::Dot, length) => return Some(Ok(at..at + length)),
            (Unit::Cut, _) => return Some(Err(())),
            _ => return None,
        }
    }
    None
}
