//! One pass over a text that says whether it is JSON (RFC 8259) with unique names, whole strings and bounded
//! nesting, and where the members of its outermost object stand. It says no more than that something is wrong:
//! `serde_json` has the words, and a property holds that the two agree on every text.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};

use super::tokens::unquote;
use super::{JsonError, MAX_DEPTH};

/// A part of a text, in bytes. There may be a million members, so that it is half as large as a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The part between two places of a text that [`scan`] has accepted.
    #[allow(clippy::cast_possible_truncation, reason = "no longer text is accepted")]
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Where a member stands in its object's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberSpan {
    /// Its name, with the quotes.
    pub name: Span,
    /// Its value.
    pub value: Span,
    /// Its name at a glance.
    pub prefix: NamePrefix,
}

/// A name at a glance: its first bytes and its length. Nearly all names that differ differ in it, and short ones
/// that are the same in it are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamePrefix(u64);

impl NamePrefix {
    /// How many bytes of a name it holds.
    const HOLDS: usize = 7;

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

    /// Whether it holds all of the name.
    fn is_whole(self) -> bool {
        self.0 & 0xff <= Self::HOLDS as u64
    }
}

impl MemberSpan {
    /// Whether this is the name, of which the prefix is given, in a text.
    #[inline]
    pub(super) fn is_named(&self, text: &str, name: &str, prefix: NamePrefix) -> bool {
        self.prefix == prefix
            && (name.len() <= NamePrefix::HOLDS || unquote(self.name.of(text)) == name)
    }
}

/// What was seen of a text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The members of the outermost object, in order.
    pub members: Vec<MemberSpan>,
    /// Whether there is white space between tokens.
    pub has_spaces: bool,
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy)]
enum ScanError {
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
        names: Vec::new(),
        scan: Scan::default(),
        twice: (Span::new(0, 0), 0),
    };
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError::Syntax { reason: "it is longer than 4 GiB".to_owned() });
    }
    match scanner.value(0, 1) {
        Ok(end) if end == text.len() => Ok(scanner.scan),
        Ok(_) => Err(scanner.describe(ScanError::Syntax)),
        Err(flaw) => Err(scanner.describe(flaw)),
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    text: &'a str,
    /// The names of the inner objects that are open, the innermost last.
    names: Vec<MemberSpan>,
    scan: Scan,
    /// The name that an object has twice, and its depth.
    twice: (Span, usize),
}

/// Where the next thing begins. It is handed from call to call, and so never leaves the processor's registers.
type Next = Result<usize, ScanError>;

impl Scanner<'_> {
    /// What is not JSON at all comes before any other flaw.
    #[cold]
    fn describe(&self, flaw: ScanError) -> JsonError {
        if let Err(error) = serde_json::from_str::<&serde_json::value::RawValue>(self.text) {
            return JsonError::Syntax { reason: error.to_string() };
        }
        let (name, depth) = &self.twice;
        match flaw {
            ScanError::Syntax => JsonError::Syntax { reason: "unexpected character".to_owned() },
            ScanError::TooDeep => JsonError::TooDeep,
            ScanError::LoneSurrogate => JsonError::LoneSurrogate,
            ScanError::Duplicate => JsonError::Duplicate {
                name: unquote(name.of(self.text)).into_owned(),
                depth: *depth,
            },
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The next byte that is no white space, and where it stands.
    #[inline]
    fn token(&mut self, at: usize) -> (Option<u8>, usize) {
        match self.byte(at) {
            Some(..=b' ') => self.after_space(at),
            byte => (byte, at),
        }
    }

    #[cold]
    fn after_space(&mut self, mut at: usize) -> (Option<u8>, usize) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte(at) {
            at += 1;
            self.scan.has_spaces = true;
        }
        (self.byte(at), at)
    }

    fn value(&mut self, at: usize, depth: usize) -> Next {
        let (first, at) = self.token(at);
        match first {
            Some(b'"') => self.string(at).map(|(end, _)| end),
            Some(b'{') => self.object(at, depth),
            Some(b'[') => self.array(at, depth),
            Some(b't') => self.word(at, b"true"),
            Some(b'f') => self.word(at, b"false"),
            Some(b'n') => self.word(at, b"null"),
            Some(_) => self.number(at),
            None => Err(ScanError::Syntax),
        }
    }

    fn object(&mut self, at: usize, depth: usize) -> Next {
        if depth > MAX_DEPTH {
            return Err(ScanError::TooDeep);
        }
        let (mut first, mut at) = self.token(at + 1);
        if first == Some(b'}') {
            return Ok(at + 1);
        }
        let outermost = depth == 1;
        let (base, mut seen) = (self.names.len(), None);
        if outermost {
            self.scan.members.reserve(USUAL);
        }
        loop {
            if first != Some(b'"') {
                return Err(ScanError::Syntax);
            }
            let (end, escaped) = self.string(at)?;
            let prefix = if escaped {
                NamePrefix::of(&unquote(&self.text[at..end]))
            } else {
                NamePrefix::of_bytes(&self.bytes[at + 1..end - 1])
            };
            let (colon, after) = self.token(end);
            if colon != Some(b':') {
                return Err(ScanError::Syntax);
            }
            let (_, start) = self.token(after + 1);
            let member =
                MemberSpan { name: Span::new(at, end), value: Span::new(start, start), prefix };
            let known = if outermost { &self.scan.members[..] } else { &self.names[base..] };
            if is_known(self.text, known, &member, &mut seen) {
                self.twice = (member.name, depth);
                return Err(ScanError::Duplicate);
            }
            let end = if outermost {
                let end = self.value(start, depth + 1)?;
                self.scan.members.push(MemberSpan { value: Span::new(start, end), ..member });
                end
            } else {
                self.names.push(member);
                self.value(start, depth + 1)?
            };
            let (after, end) = self.token(end);
            match after {
                Some(b',') => (first, at) = self.token(end + 1),
                Some(b'}') => {
                    self.names.truncate(base);
                    return Ok(end + 1);
                }
                _ => return Err(ScanError::Syntax),
            }
        }
    }

    fn array(&mut self, at: usize, depth: usize) -> Next {
        if depth > MAX_DEPTH {
            return Err(ScanError::TooDeep);
        }
        let (first, mut at) = self.token(at + 1);
        if first == Some(b']') {
            return Ok(at + 1);
        }
        loop {
            let end = self.value(at, depth + 1)?;
            let (after, end) = self.token(end);
            match after {
                Some(b',') => at = end + 1,
                Some(b']') => return Ok(end + 1),
                _ => return Err(ScanError::Syntax),
            }
        }
    }

    /// Walks over a string; gives its end, and whether it has escapes.
    #[inline]
    fn string(&self, quote: usize) -> Result<(usize, bool), ScanError> {
        let (mut at, mut escaped) = (quote + 1, false);
        loop {
            at += plain_length(&self.bytes[at..]);
            match self.byte(at) {
                Some(b'"') => return Ok((at + 1, escaped)),
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                _ => return Err(ScanError::Syntax),
            }
        }
    }

    /// Walks over an escape; half a surrogate pair is none.
    fn escape(&self, at: usize) -> Next {
        match self.byte(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match (self.code_unit(at)?, self.bytes[at + 6..].starts_with(b"\\u")) {
                (0xdc00..=0xdfff, _) | (0xd800..=0xdbff, false) => Err(ScanError::LoneSurrogate),
                (0xd800..=0xdbff, true) => match self.code_unit(at + 6)? {
                    0xdc00..=0xdfff => Ok(at + 12),
                    _ => Err(ScanError::LoneSurrogate),
                },
                _ => Ok(at + 6),
            },
            _ => Err(ScanError::Syntax),
        }
    }

    /// The code unit of the escape `\uXXXX` that begins here.
    fn code_unit(&self, at: usize) -> Result<u32, ScanError> {
        let digits = self.bytes.get(at + 2..at + 6).ok_or(ScanError::Syntax)?;
        digits.iter().try_fold(0, |unit, digit| {
            let digit = char::from(*digit).to_digit(16).ok_or(ScanError::Syntax)?;
            Ok(unit * 16 + digit)
        })
    }

    fn word(&self, at: usize, word: &[u8]) -> Next {
        if self.bytes[at..].starts_with(word) {
            Ok(at + word.len())
        } else {
            Err(ScanError::Syntax)
        }
    }

    fn number(&self, mut at: usize) -> Next {
        if self.byte(at) == Some(b'-') {
            at += 1;
        }
        at = if self.byte(at) == Some(b'0') { at + 1 } else { self.digits(at)? };
        if self.byte(at) == Some(b'.') {
            at = self.digits(at + 1)?;
        }
        if let Some(b'e' | b'E') = self.byte(at) {
            let is_signed = matches!(self.byte(at + 1), Some(b'+' | b'-'));
            at = self.digits(at + 1 + usize::from(is_signed))?;
        }
        Ok(at)
    }

    fn digits(&self, start: usize) -> Next {
        let mut at = start;
        while self.byte(at).is_some_and(|byte| byte.is_ascii_digit()) {
            at += 1;
        }
        if at == start { Err(ScanError::Syntax) } else { Ok(at) }
    }
}

/// Whether a name is one of those that an object has already, in any spelling.
fn is_known(
    text: &str,
    known: &[MemberSpan],
    name: &MemberSpan,
    seen: &mut Option<NameHashes>,
) -> bool {
    let is_same = |other: &MemberSpan| {
        let characters = |member: &MemberSpan| unquote(member.name.of(text));
        other.prefix == name.prefix
            && (name.prefix.is_whole() || characters(other) == characters(name))
    };
    if known.len() >= FEW {
        let seen = seen.get_or_insert_with(|| NameHashes::new(text, known));
        return !seen.insert(text, name) && known.iter().any(is_same);
    }
    known.iter().any(is_same)
}

/// The names of an object of many, as numbers that are very likely different where the names are: for a million
/// names they take a quarter of the room. Nobody outside can tell which names share one.
struct NameHashes {
    hasher: RandomState,
    hashes: HashSet<u64, BuildHasherDefault<Hashed>>,
}

/// The hash of what is one already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("hashes are numbers")
    }
}

impl NameHashes {
    fn new(text: &str, known: &[MemberSpan]) -> Self {
        let mut seen = Self { hasher: RandomState::new(), hashes: HashSet::default() };
        for name in known {
            seen.insert(text, name);
        }
        seen
    }

    /// Adds a name; false if it may be there.
    fn insert(&mut self, text: &str, name: &MemberSpan) -> bool {
        let hash = self.hasher.hash_one(&*unquote(name.name.of(text)));
        self.hashes.insert(hash)
    }
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
