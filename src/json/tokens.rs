//! The tokens of valid JSON text, where they are, and the spacing between them. Only white space changes; every
//! token keeps its spelling.

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

/// Iterates over the tokens of valid JSON text: brackets, commas, colons, strings with their quotes, other scalars.
#[derive(Clone)]
pub(crate) struct Tokens<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start_matches(is_space);
        let length = match text.as_bytes().first()? {
            b'"' => string_length(text),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => 1,
            _ => text.find(|c| is_space(c) || ",]}".contains(c)).unwrap_or(text.len()),
        };
        let (token, rest) = text.split_at(length);
        self.rest = rest;
        Some(token)
    }
}

impl<'a> Tokens<'a> {
    /// The first token of the next item of an array, or the next name of an object; `None` at its end.
    pub(crate) fn next_item(&mut self) -> Option<&'a str> {
        self.find(|token| *token != ",").filter(|token| !matches!(*token, "]" | "}"))
    }

    /// The name of the next member of an object, and the first token of its value; `None` at the end of the object.
    pub(crate) fn next_member(&mut self) -> Option<(&'a str, &'a str)> {
        let name = self.next_item()?;
        // The colon is between them.
        Some((name, self.nth(1)?))
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

/// A part of a text, in bytes. There may be a million members, so this is half the size of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    #[allow(clippy::cast_possible_truncation, reason = "scan accepts no longer text")]
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Where a member is in its object's text: its name with the quotes, and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberSpan {
    pub name: Span,
    pub value: Span,
    pub prefix: NamePrefix,
}

/// The first bytes of a name, and its length. Different names nearly always differ in it; short names always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamePrefix(u64);

impl NamePrefix {
    const BYTES: usize = 7;

    pub(super) const fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (mut first, mut i) = (0, 0);
        while i < bytes.len() && i < Self::BYTES {
            first |= (bytes[i] as u64) << (8 * i);
            i += 1;
        }
        Self::new(first, bytes.len())
    }

    /// The prefix of a name that is part of a text. Nearly always, eight bytes can be read at once.
    #[inline]
    pub(super) fn of_part(text: &[u8], start: usize, length: usize) -> Self {
        let eight = text.get(start..).and_then(<[u8]>::first_chunk);
        let first = eight.copied().map_or_else(
            || {
                let known = length.min(Self::BYTES);
                (0..known).rev().fold(0, |first, i| first << 8 | u64::from(text[start + i]))
            },
            u64::from_le_bytes,
        );
        Self::new(first & ((1 << (8 * length.min(Self::BYTES))) - 1), length)
    }

    const fn new(first: u64, length: usize) -> Self {
        let length = if length < 0xfe { length } else { 0xfe };
        Self(first | (length as u64) << 56)
    }

    /// One of 64 bits, which equal prefixes share.
    pub(super) fn bit(self) -> u64 {
        // The multiplier spreads all bits over the highest six.
        1 << (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
    }
}

/// A member's name with what is computed once for many lookups.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) prefix: NamePrefix,
}

impl<'a> Name<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, prefix: NamePrefix::of(text) }
    }
}

impl MemberSpan {
    /// Whether the member of this text has this name.
    #[inline]
    pub(super) fn is_named(&self, text: &str, name: Name<'_>) -> bool {
        self.prefix == name.prefix
            && (name.text.len() <= NamePrefix::BYTES || unquote(self.name.of(text)) == name.text)
    }
}

/// How a text is spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One line, no space between tokens.
    Compact,
    /// One member or item per line, indented by two spaces.
    Indented,
}

/// A line break and the deepest indentation.
const BREAK: &str = "\n                                ";

/// Longer texts, in bytes, are indented by one step only: white space must not multiply the size of a hostile text.
const LONG: usize = 1024 * 1024;

/// What a piece of formatted text is, which decides its colour. Names and strings come with their quotes, scalars are
/// numbers, booleans and null, and structure is everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Name,
    String,
    Scalar,
    Structure,
}

/// Valid JSON text in another spacing.
pub fn respaced(checked: &str, layout: Layout) -> String {
    let mut out = String::with_capacity(checked.len() + checked.len() / 4);
    lay_out(checked, layout, &mut |_, piece| out.push_str(piece));
    out
}

/// Emits valid JSON text in another spacing, piece by piece.
pub(crate) fn lay_out(checked: &str, layout: Layout, emit: &mut dyn FnMut(Piece, &str)) {
    let indented = layout == Layout::Indented;
    let widest = if checked.len() > LONG { 2 } else { BREAK.len() - 1 };
    let mut tokens = Tokens { rest: checked }.peekable();
    let mut depth = 0;
    let structure = |text: &str, depth: usize, emit: &mut dyn FnMut(Piece, &str)| {
        emit(Piece::Structure, text);
        if indented {
            emit(Piece::Structure, &BREAK[..=widest.min(2 * depth)]);
        }
    };
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" => {
                if let Some(close) = tokens.next_if(|next| matches!(*next, "}" | "]")) {
                    emit(Piece::Structure, token);
                    emit(Piece::Structure, close);
                } else {
                    depth += 1;
                    structure(token, depth, emit);
                }
            }
            "}" | "]" => {
                depth -= 1;
                structure("", depth, emit);
                emit(Piece::Structure, token);
            }
            "," => structure(",", depth, emit),
            ":" => emit(Piece::Structure, if indented { ": " } else { ":" }),
            string if string.starts_with('"') => {
                let is_name = tokens.peek() == Some(&":");
                emit(if is_name { Piece::Name } else { Piece::String }, string);
            }
            scalar => emit(Piece::Scalar, scalar),
        }
    }
}
