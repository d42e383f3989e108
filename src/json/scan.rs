//! Checks in one pass that a text is JSON (RFC 8259) with unique names, complete strings and bounded nesting, and finds
//! the members of its outermost object. It only detects errors; `serde_json` describes them. A property test checks
//! that the two agree on every text.

use std::collections::HashSet;
use std::hash::BuildHasher as _;

use serde_json::value::RawValue;

use super::error::{JsonError, MAX_DEPTH};
use super::tokens::{MemberSpan, Name, NamePrefix, Span, unquote};

/// The members of the outermost object, in order, and whether there is white space between tokens.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub members: Vec<MemberSpan>,
    pub has_spaces: bool,
}

/// Up to this many members, names are compared one by one; beyond it, their hashes are looked up.
const FEW: usize = 16;

/// Most claims sets have no more members than this.
const USUAL: usize = 8;

/// Where the first quote, backslash or control character is, from this byte on. Most of the scanned text is inside
/// strings, so eight bytes are read at a time.
#[inline]
fn end_of_plain(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    // The lowest byte below the limit gets its highest bit set, and no byte before it.
    let below = |limit, word: u64| word.wrapping_sub(ONES * limit) & !word & (ONES << 7);
    while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*eight);
        let escapes = below(1, word ^ (ONES * 0x22)) | below(1, word ^ (ONES * 0x5c));
        let ends = escapes | below(0x20, word);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let is_end = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    text[at..].iter().position(is_end).map_or(text.len(), |end| at + end)
}

/// Checks a text without white space around it. The list of members is cleared first.
pub(super) fn scan(text: &str, mut members: Vec<MemberSpan>) -> Result<Scan, JsonError> {
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError::Syntax("it is longer than 4 GiB".to_owned()));
    }
    let bytes = text.as_bytes();
    members.clear();
    members.reserve(USUAL);
    let mut scan = Scan { members, has_spaces: false };
    let end = match (Scanner { bytes, text, scan: &mut scan }).value(0, 1) {
        Ok(end) if end < text.len() => syntax(),
        end => end,
    };
    let Err(error) = end else { return Ok(scan) };
    // Text that is not JSON is reported as such, even if another error was found first.
    match serde_json::from_str::<&RawValue>(text) {
        Err(error) => Err(JsonError::Syntax(error.to_string())),
        Ok(_) => Err(*error),
    }
}

#[cold]
fn syntax<T>() -> Result<T, Box<JsonError>> {
    Err(JsonError::Syntax("unexpected character".to_owned()).into())
}

struct Scanner<'a> {
    bytes: &'a [u8],
    text: &'a str,
    /// While inner objects are open, their members are at the end of the list.
    scan: &'a mut Scan,
}

/// Where the next token begins. It is passed from call to call to keep it in a register; so is the pointer to an error.
type Next = Result<usize, Box<JsonError>>;

impl Scanner<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The next byte that is not white space, and where it is.
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

    /// The end of the value that begins here.
    #[inline]
    fn value(&mut self, at: usize, depth: usize) -> Next {
        match self.byte(at) {
            Some(b'"') => self.string(at),
            Some(b'0'..=b'9' | b'-') => self.number(at),
            _ => self.other_value(at, depth),
        }
    }

    /// The end of a value that is neither a string nor a number.
    fn other_value(&mut self, at: usize, depth: usize) -> Next {
        match self.byte(at) {
            Some(b'{') => self.object(at, depth),
            Some(b'[') => self.array(at, depth),
            Some(b't') => self.word(at, b"true"),
            Some(b'f') => self.word(at, b"false"),
            Some(b'n') => self.word(at, b"null"),
            _ => syntax(),
        }
    }

    fn object(&mut self, at: usize, depth: usize) -> Next {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep.into());
        }
        let (mut first, mut at) = self.token(at + 1);
        if first == Some(b'}') {
            return Ok(at + 1);
        }
        let base = self.scan.members.len();
        let mut names = Names::default();
        loop {
            if first != Some(b'"') {
                return syntax();
            }
            let end = end_of_plain(self.bytes, at + 1);
            let (prefix, end) = if self.byte(end) == Some(b'"') {
                (NamePrefix::of_part(self.bytes, at + 1, end - at - 1), end + 1)
            } else {
                let end = self.escaped_string(end)?;
                (NamePrefix::of(&unquote(&self.text[at..end])), end)
            };
            let name = Span::new(at, end);
            let (colon, after) = self.token(end);
            if colon != Some(b':') {
                return syntax();
            }
            let (_, start) = self.token(after + 1);
            if names.may_repeat(prefix) {
                let name = Name { text: &unquote(name.of(self.text)), prefix };
                if names.is_known(self.text, &self.scan.members[base..], name) {
                    return Err(JsonError::Duplicate(name.text.to_owned(), depth).into());
                }
            }
            let end = self.value(start, depth + 1)?;
            self.scan.members.push(MemberSpan { name, value: Span::new(start, end), prefix });
            let (after, end) = self.token(end);
            match after {
                Some(b',') => (first, at) = self.token(end + 1),
                Some(b'}') => {
                    if depth > 1 {
                        self.scan.members.truncate(base);
                    }
                    return Ok(end + 1);
                }
                _ => return syntax(),
            }
        }
    }

    fn array(&mut self, at: usize, depth: usize) -> Next {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep.into());
        }
        let (first, mut at) = self.token(at + 1);
        if first == Some(b']') {
            return Ok(at + 1);
        }
        loop {
            let end = self.value(at, depth + 1)?;
            let (after, end) = self.token(end);
            match after {
                Some(b',') => (_, at) = self.token(end + 1),
                Some(b']') => return Ok(end + 1),
                _ => return syntax(),
            }
        }
    }

    /// The end of a string.
    #[inline]
    fn string(&self, quote: usize) -> Next {
        let at = end_of_plain(self.bytes, quote + 1);
        if self.byte(at) == Some(b'"') { Ok(at + 1) } else { self.escaped_string(at) }
    }

    /// The end of a string, from its first escape on.
    #[cold]
    fn escaped_string(&self, mut at: usize) -> Next {
        loop {
            match self.byte(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at = end_of_plain(self.bytes, self.escape(at)?),
                _ => return syntax(),
            }
        }
    }

    /// The end of an escape. A surrogate pair is one escape, and half a pair is an error.
    fn escape(&self, at: usize) -> Next {
        match self.byte(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match (self.code_unit(at)?, self.bytes[at + 6..].starts_with(b"\\u")) {
                (0xdc00..=0xdfff, _) | (0xd800..=0xdbff, false) => {
                    Err(JsonError::LoneSurrogate.into())
                }
                (0xd800..=0xdbff, true) => match self.code_unit(at + 6)? {
                    0xdc00..=0xdfff => Ok(at + 12),
                    _ => Err(JsonError::LoneSurrogate.into()),
                },
                _ => Ok(at + 6),
            },
            _ => syntax(),
        }
    }

    /// The code unit of an escape `\uXXXX`.
    fn code_unit(&self, at: usize) -> Result<u32, Box<JsonError>> {
        let append = |unit, digit: &u8| Some(unit * 16 + char::from(*digit).to_digit(16)?);
        let digits = self.bytes.get(at + 2..at + 6);
        digits.and_then(|digits| digits.iter().try_fold(0, append)).map_or_else(syntax, Ok)
    }

    fn word(&self, at: usize, word: &[u8]) -> Next {
        if self.bytes[at..].starts_with(word) { Ok(at + word.len()) } else { syntax() }
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
        if at == start { syntax() } else { Ok(at) }
    }
}

/// The names of an object's members, to find those that are repeated.
#[derive(Default)]
struct Names {
    /// A bit for each name, by its prefix. A name whose bit is not set is new.
    bits: u64,
    count: usize,
    /// The hashes of many names. They are keyed, so a sender cannot make them collide, and take a quarter of the space
    /// of a million names.
    hashes: Option<HashSet<u64>>,
}

impl Names {
    /// Whether the object may already have a member whose name has this prefix. Adds the prefix.
    #[inline]
    fn may_repeat(&mut self, prefix: NamePrefix) -> bool {
        let may_repeat = self.bits & prefix.bit() != 0 || self.count >= FEW;
        self.bits |= prefix.bit();
        self.count += 1;
        may_repeat
    }

    /// Whether the object already has a member of this name, in any spelling.
    fn is_known(&mut self, text: &str, known: &[MemberSpan], name: Name<'_>) -> bool {
        let has_name = |member: &MemberSpan| member.is_named(text, name);
        if known.len() < FEW {
            return known.iter().any(has_name);
        }
        let hashes = self.hashes.get_or_insert_default();
        let keys = hashes.hasher().clone();
        if hashes.is_empty() {
            hashes
                .extend(known.iter().map(|member| keys.hash_one(&*unquote(member.name.of(text)))));
        }
        !hashes.insert(keys.hash_one(name.text)) && known.iter().any(has_name)
    }
}
