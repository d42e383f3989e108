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

/// The first unit of a text, and its length. All but base64url may be percent-encoded.
pub(super) fn unit(text: &[u8], ended: bool) -> (Unit, usize) {
    match text {
        [b, ..] if is_base64url(*b) => (Unit::Base64url, base64url_length(text)),
        [b'.', ..] => (Unit::Dot, 1),
        [b'=', ..] => (Unit::Padding, 1),
        [b'~', ..] => (Unit::Tilde, 1),
        [b'%', b'2', b'e' | b'E', ..] => (Unit::Dot, 3),
        [b'%', b'3', b'd' | b'D', ..] => (Unit::Padding, 3),
        [b'%', b'7', b'e' | b'E', ..] => (Unit::Tilde, 3),
        [] | [b'%'] | [b'%', b'2' | b'3' | b'7'] if !ended => (Unit::Cut, 0),
        _ => (Unit::Other, 0),
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
