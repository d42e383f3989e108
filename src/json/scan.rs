//! Checks in one pass that a text is JSON (RFC 8259) with unique names, complete strings and bounded nesting, and finds
//! the members of its outermost object. It only detects errors; `serde_json` describes them. A property test checks
//! that the two agree on every text.

use std::collections::HashSet;
use std::hash::BuildHasher as _;

use super::error::{JsonError, MAX_DEPTH};
use super::tokens::{MemberSpan, NamePrefix, Span, unquote};

/// The members of the outermost object, in order, and whether there is white space between tokens.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub members: Vec<MemberSpan>,
    pub has_spaces: bool,
}

#[derive(Debug, Clone, Copy)]
enum ScanError {
    Syntax,
    TooDeep,
    LoneSurrogate,
    Duplicate,
}

/// Up to this many members, names are compared one by one; beyond it, their hashes are looked up.
const FEW: usize = 16;

/// Most claims sets have no more members than this.
const USUAL: usize = 8;

/// How many bytes of a string come before the first quote, backslash or control character. Most of the scanned text is
/// inside strings, so eight bytes are tested without a branch between them, which compiles to vector instructions.
#[inline]
fn plain_length(text: &[u8]) -> usize {
    let ends = |byte: &u8| (*byte < b' ') | (*byte == b'"') | (*byte == b'\\');
    let is_plain = |eight: &&[u8; 8]| !eight.iter().fold(false, |found, byte| found | ends(byte));
    let plain = 8 * text.as_chunks::<8>().0.iter().take_while(is_plain).count();
    plain + text[plain..].iter().position(ends).unwrap_or(text.len() - plain)
}

/// Checks a text without white space around it.
pub(super) fn scan(text: &str) -> Result<Scan, JsonError> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        text,
        names: Vec::new(),
        scan: Scan::default(),
        duplicate: (Span::new(0, 0), 0),
    };
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError::Syntax("it is longer than 4 GiB".to_owned()));
    }
    match scanner.value(0, 1) {
        Ok(end) if end == text.len() => Ok(scanner.scan),
        Ok(_) => Err(scanner.describe(ScanError::Syntax)),
        Err(error) => Err(scanner.describe(error)),
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    text: &'a str,
    /// The names of the inner objects that are open, the innermost last.
    names: Vec<MemberSpan>,
    scan: Scan,
    /// The name that an object has twice, and the object's depth.
    duplicate: (Span, usize),
}

/// Where the next token begins. It is passed from call to call, so that it stays in a register.
type Next = Result<usize, ScanError>;

impl Scanner<'_> {
    /// Text that is not JSON is reported as such, even if another error was found first.
    #[cold]
    fn describe(&self, error: ScanError) -> JsonError {
        if let Err(error) = serde_json::from_str::<&serde_json::value::RawValue>(self.text) {
            return JsonError::Syntax(error.to_string());
        }
        let (name, depth) = &self.duplicate;
        match error {
            ScanError::Syntax => JsonError::Syntax("unexpected character".to_owned()),
            ScanError::TooDeep => JsonError::TooDeep,
            ScanError::LoneSurrogate => JsonError::LoneSurrogate,
            ScanError::Duplicate => {
                JsonError::Duplicate(unquote(name.of(self.text)).into_owned(), *depth)
            }
        }
    }

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
        let (base, mut hashes) = (self.names.len(), None);
        if outermost {
            self.scan.members.reserve(USUAL);
        }
        loop {
            if first != Some(b'"') {
                return Err(ScanError::Syntax);
            }
            let (end, escaped) = self.string(at)?;
            let prefix = if escaped {
                NamePrefix::of(unquote(&self.text[at..end]).as_bytes())
            } else {
                NamePrefix::of(&self.bytes[at + 1..end - 1])
            };
            let (colon, after) = self.token(end);
            if colon != Some(b':') {
                return Err(ScanError::Syntax);
            }
            let (_, start) = self.token(after + 1);
            let member =
                MemberSpan { name: Span::new(at, end), value: Span::new(start, start), prefix };
            let known = if outermost { &self.scan.members[..] } else { &self.names[base..] };
            if is_known(self.text, known, &member, &mut hashes) {
                self.duplicate = (member.name, depth);
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

    /// The end of a string, and whether it has escapes.
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

    /// The end of an escape. A surrogate pair is one escape, and half a pair is an error.
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

    /// The code unit of an escape `\uXXXX`.
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

/// Whether an object already has a member of this name, in any spelling. The hashes are keyed, so a sender cannot make
/// them collide, and take a quarter of the space of a million names.
fn is_known(
    text: &str,
    known: &[MemberSpan],
    member: &MemberSpan,
    hashes: &mut Option<HashSet<u64>>,
) -> bool {
    let name = |member: &MemberSpan| unquote(member.name.of(text));
    let is_same = |other: &MemberSpan| {
        other.prefix == member.prefix
            && (member.prefix.is_whole_name() || name(other) == name(member))
    };
    if known.len() < FEW {
        return known.iter().any(is_same);
    }
    let hashes = hashes.get_or_insert_default();
    let keys = hashes.hasher().clone();
    if hashes.is_empty() {
        hashes.extend(known.iter().map(|member| keys.hash_one(&*name(member))));
    }
    !hashes.insert(keys.hash_one(&*name(member))) && known.iter().any(is_same)
}
