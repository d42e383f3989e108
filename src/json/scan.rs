//! One pass over a text that says whether it is JSON (RFC 8259) with unique names, whole strings and bounded
//! nesting, and where the members of its outermost object stand. It says no more than that something is wrong:
//! `serde_json` has the words, and a property holds that the two agree on every text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::tokens::unquote;
use super::{JsonError, MAX_DEPTH};

/// Where a member stands in its object's text.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Its name, with the quotes.
    pub name: Range<usize>,
    /// Its value.
    pub value: Range<usize>,
    /// Its name at a glance.
    pub tag: Tag,
}

/// A name at a glance: its first bytes and its length. Nearly all names that differ differ in it; of one with
/// escapes it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u64);

impl Tag {
    /// How many bytes of a name it holds.
    const HOLDS: usize = 7;
    const ESCAPED: Self = Self(u64::MAX);

    pub(super) const fn of(name: &str) -> Self {
        Self::of_bytes(name.as_bytes())
    }

    const fn of_bytes(bytes: &[u8]) -> Self {
        let (mut glance, mut i) = (0, 0);
        while i < bytes.len() && i < Self::HOLDS {
            glance = glance << 8 | bytes[i] as u64;
            i += 1;
        }
        let length = if bytes.len() < 0xfe { bytes.len() } else { 0xfe };
        Self(glance << 8 | length as u64)
    }

    /// That of a name as it is spelled, quotes included.
    pub(super) fn of_spelled(spelled: &str) -> Self {
        if spelled.contains('\\') { Self::ESCAPED } else { Self::of(spelled.trim_matches('"')) }
    }
}

impl Place {
    /// Whether this is the name, of which the tag is given, in a text.
    #[inline]
    pub(super) fn is_named(&self, text: &str, name: &str, tag: Tag) -> bool {
        if self.tag != tag && self.tag != Tag::ESCAPED {
            return false;
        }
        (self.tag == tag && name.len() <= Tag::HOLDS) || unquote(&text[self.name.clone()]) == name
    }
}

/// What was seen of a text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The members of the outermost object, in order.
    pub members: Vec<Place>,
    /// Whether there is white space between tokens.
    pub spaced: bool,
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy)]
enum Flaw {
    Syntax,
    TooDeep,
    LoneSurrogate,
    Duplicate,
}

/// Objects of more members than this have their names looked up, not compared one by one.
const FEW: usize = 16;

/// The members that most claims sets have room in.
const USUAL: usize = 8;

/// How many bytes stand for themselves in a string before a quote, a backslash or a control character: eight at
/// a time, for most strings are short and this is most of what there is to read.
#[inline]
fn plain_length(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    // The lowest byte that is zero gets its highest bit set, and none below it.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (eights, tail) = text.as_chunks::<8>();
    for (i, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let ends = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | controls;
        if ends != 0 {
            return i * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let end = tail.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'));
    eights.len() * 8 + end.unwrap_or(tail.len())
}

/// Accepts a text without white space around it.
pub(super) fn scan(text: &str) -> Result<Scan, JsonError> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        text,
        at: 0,
        names: Vec::new(),
        scan: Scan::default(),
        twice: (0..0, 0),
    };
    match scanner.value(1) {
        Ok(()) if scanner.at == text.len() => Ok(scanner.scan),
        Ok(()) => Err(scanner.explained(Flaw::Syntax)),
        Err(flaw) => Err(scanner.explained(flaw)),
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    /// The names of the inner objects that are open, the innermost last.
    names: Vec<Place>,
    scan: Scan,
    /// The name that an object has twice, and its depth.
    twice: (Range<usize>, usize),
}

impl Scanner<'_> {
    /// What is not JSON at all comes before any other flaw.
    #[cold]
    fn explained(&self, flaw: Flaw) -> JsonError {
        if let Err(error) = serde_json::from_str::<&serde_json::value::RawValue>(self.text) {
            return JsonError::Syntax { reason: error.to_string() };
        }
        let (name, depth) = &self.twice;
        match flaw {
            Flaw::Syntax => JsonError::Syntax { reason: "unexpected character".to_owned() },
            Flaw::TooDeep => JsonError::TooDeep,
            Flaw::LoneSurrogate => JsonError::LoneSurrogate,
            Flaw::Duplicate => JsonError::Duplicate {
                name: unquote(&self.text[name.clone()]).into_owned(),
                depth: *depth,
            },
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn token(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        if byte > b' ' { Some(byte) } else { self.after_space() }
    }

    #[cold]
    fn after_space(&mut self) -> Option<u8> {
        while matches!(self.peek()?, b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
            self.scan.spaced = true;
        }
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Result<(), Flaw> {
        match self.token() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(_) => self.number(),
            None => Err(Flaw::Syntax),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Flaw> {
        if depth > MAX_DEPTH {
            return Err(Flaw::TooDeep);
        }
        self.at += 1;
        if self.token() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let outermost = depth == 1;
        let (base, mut seen) = (self.names.len(), None);
        if outermost {
            self.scan.members.reserve(USUAL);
        }
        loop {
            if self.token() != Some(b'"') {
                return Err(Flaw::Syntax);
            }
            let start = self.at;
            let escaped = self.string()?;
            let name = start..self.at;
            if self.token() != Some(b':') {
                return Err(Flaw::Syntax);
            }
            self.at += 1;
            self.token();
            let start = self.at;
            let inner = name.start + 1..name.end - 1;
            let tag = if escaped { Tag::ESCAPED } else { Tag::of_bytes(&self.bytes[inner]) };
            let place = Place { name, value: start..start, tag };
            let known = if outermost { &self.scan.members[..] } else { &self.names[base..] };
            if is_known(self.text, known, &place, &mut seen) {
                self.twice = (place.name, depth);
                return Err(Flaw::Duplicate);
            }
            if outermost {
                self.value(depth + 1)?;
                self.scan.members.push(Place { value: start..self.at, ..place });
            } else {
                self.names.push(place);
                self.value(depth + 1)?;
            }
            match self.token() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(Flaw::Syntax),
            }
            self.token();
        }
        self.at += 1;
        self.names.truncate(base);
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), Flaw> {
        if depth > MAX_DEPTH {
            return Err(Flaw::TooDeep);
        }
        self.at += 1;
        if self.token() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            match self.token() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(Flaw::Syntax),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Walks over a string; gives whether it has escapes.
    #[inline]
    fn string(&mut self) -> Result<bool, Flaw> {
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(Flaw::Syntax),
            }
        }
        self.at += 1;
        Ok(escaped)
    }

    /// Walks over an escape; half a surrogate pair is none.
    fn escape(&mut self) -> Result<(), Flaw> {
        self.at += 2;
        match self.bytes.get(self.at - 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => match self.code_unit()? {
                0xdc00..=0xdfff => Err(Flaw::LoneSurrogate),
                0xd800..=0xdbff => {
                    if !self.bytes[self.at..].starts_with(b"\\u") {
                        return Err(Flaw::LoneSurrogate);
                    }
                    self.at += 2;
                    match self.code_unit()? {
                        0xdc00..=0xdfff => Ok(()),
                        _ => Err(Flaw::LoneSurrogate),
                    }
                }
                _ => Ok(()),
            },
            _ => Err(Flaw::Syntax),
        }
    }

    fn code_unit(&mut self) -> Result<u32, Flaw> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(Flaw::Syntax)?;
        self.at += 4;
        digits.iter().try_fold(0, |unit, digit| {
            let digit = char::from(*digit).to_digit(16).ok_or(Flaw::Syntax)?;
            Ok(unit * 16 + digit)
        })
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Flaw> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(Flaw::Syntax);
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Flaw> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(Flaw::Syntax) } else { Ok(()) }
    }
}

/// Whether a name is one of those that an object has already, in any spelling.
fn is_known<'a>(
    text: &'a str,
    known: &[Place],
    name: &Place,
    seen: &mut Option<HashSet<Cow<'a, str>>>,
) -> bool {
    let characters = |place: &Place| unquote(&text[place.name.clone()]);
    if known.len() >= FEW {
        let seen = seen.get_or_insert_with(|| known.iter().map(characters).collect());
        return !seen.insert(characters(name));
    }
    let may_be = |other: &&Place| {
        other.tag == name.tag || other.tag == Tag::ESCAPED || name.tag == Tag::ESCAPED
    };
    let mut alike = known.iter().filter(may_be);
    alike.any(|other| characters(other) == characters(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_run_of_plain_text_is_found_wherever_it_stands() {
        for end in [b'"', b'\\', 0, b'\n', 0x1f] {
            for before in 0..20 {
                for filler in [b'a', 0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                    let mut text = vec![filler; before];
                    assert_eq!(plain_length(&text), before);
                    text.push(end);
                    text.extend([filler; 9]);
                    assert_eq!(
                        plain_length(&text),
                        before,
                        "{end:#x} after {before} of {filler:#x}"
                    );
                }
            }
        }
    }
}
