//! The members of JSON serializations (RFC 7515 section 7.2, RFC 7516 section 7.2), in JSON on one line. The JSON may
//! itself be in a string, so that its quotation marks are escaped; so may be any letter of a name (RFC 8259 section 7).

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::units::{MOST_PADDING, Unit, unit};

/// How far a line is read to find out what object a member belongs to.
const WINDOW: usize = 1024 * 1024;

/// The most white space, and the most backslashes, between two tokens of JSON.
const MOST_BETWEEN: usize = 16;

/// What the escape of a letter begins with, behind its backslashes but one.
pub(super) const ESCAPE: &str = "\\u00";

/// The most bytes that a name takes whose letters are all escaped.
const LONGEST_NAME: usize = 512;

/// A signature or a tag is not shorter: those of AES-GCM have 16 bytes.
const SHORTEST_TAG: usize = 22;

/// What is hidden of a token. Each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// The signature; of a JWE everything but its header.
    Signature,
    /// The payload.
    Payload,
    /// The header.
    Token,
}

const PROTECTED: u8 = 1;
const HEADER: u8 = 1 << 1;
const PAYLOAD: u8 = 1 << 2;
const SIGNATURE: u8 = 1 << 3;
const CIPHERTEXT: u8 = 1 << 4;
const ENCRYPTED_KEY: u8 = 1 << 5;
const TAG: u8 = 1 << 6;

/// A member that may be hidden, or tells what an object is.
#[derive(Debug)]
pub(super) struct Member {
    /// The quotation mark and the name.
    pub pattern: &'static str,
    flag: u8,
    pub hidden_with: Hidden,
    shortest: usize,
    /// The members that must be on the same line, in one of these combinations.
    beside: &'static [u8],
}

pub(super) const MEMBERS: [Member; 7] = [
    Member {
        pattern: "\"signature",
        flag: SIGNATURE,
        hidden_with: Hidden::Signature,
        shortest: SHORTEST_TAG,
        beside: &[PROTECTED, HEADER | PAYLOAD],
    },
    Member {
        pattern: "\"tag",
        flag: TAG,
        hidden_with: Hidden::Signature,
        shortest: SHORTEST_TAG,
        beside: &[CIPHERTEXT],
    },
    Member {
        pattern: "\"payload",
        flag: PAYLOAD,
        hidden_with: Hidden::Payload,
        shortest: 1,
        beside: &[PROTECTED | SIGNATURE, HEADER | SIGNATURE],
    },
    Member {
        pattern: "\"ciphertext",
        flag: CIPHERTEXT,
        hidden_with: Hidden::Payload,
        shortest: 1,
        beside: &[TAG],
    },
    Member {
        pattern: "\"encrypted_key",
        flag: ENCRYPTED_KEY,
        hidden_with: Hidden::Payload,
        shortest: 1,
        beside: &[CIPHERTEXT],
    },
    Member {
        pattern: "\"protected",
        flag: PROTECTED,
        hidden_with: Hidden::Token,
        shortest: 1,
        beside: &[SIGNATURE, CIPHERTEXT],
    },
    // An object, which is not hidden.
    Member {
        pattern: "\"header",
        flag: HEADER,
        hidden_with: Hidden::Token,
        shortest: 1,
        beside: &[],
    },
];

/// What a pattern stands for that was found in a text.
pub(super) enum Found {
    /// The beginning of a header.
    Header,
    /// A member's name, which takes this range with the quotation mark before it.
    Name(&'static Member, Range<usize>),
    /// What may be a name that begins here, and goes on beyond the end of the text.
    Unfinished(usize),
    Other,
}

impl Found {
    /// `from` is what may be looked at before the pattern.
    pub(super) fn new(text: &[u8], from: usize, pattern: Range<usize>, ended: bool) -> Self {
        const ALL: &[Member] = &MEMBERS;
        match text[pattern.start] {
            b'"' => {
                let is_it = |member: &&Member| member.pattern.as_bytes() == &text[pattern.clone()];
                ALL.iter().find(is_it).map_or(Self::Other, |member| Self::Name(member, pattern))
            }
            b'\\' => {
                let Some(start) = last_quotation_mark(&text[from..pattern.start]) else {
                    return Self::Other;
                };
                let start = from + start;
                for member in ALL {
                    match member.spelled(text, start, ended) {
                        Ok(end) => return Self::Name(member, start..end),
                        Err(Miss::Cut) => return Self::Unfinished(start),
                        Err(Miss::Other) => {}
                    }
                }
                Self::Other
            }
            _ => Self::Header,
        }
    }
}

fn last_quotation_mark(text: &[u8]) -> Option<usize> {
    let before = text.len().saturating_sub(LONGEST_NAME);
    memchr::memrchr(b'"', &text[before..]).map(|at| before + at)
}

/// Where a name may begin that goes on beyond the end of the text.
pub(super) fn unfinished_name(text: &[u8]) -> Option<usize> {
    let start = last_quotation_mark(text)?;
    let is_cut = |member: &Member| member.spelled(text, start, false) == Err(Miss::Cut);
    MEMBERS.iter().any(is_cut).then_some(start)
}

impl Member {
    /// The end of the name that begins with a quotation mark here. Its letters may be escaped.
    fn spelled(&self, text: &[u8], mut at: usize, ended: bool) -> Result<usize, Miss> {
        for letter in self.pattern.bytes() {
            at = match expect(letter, text, at, ended) {
                Err(Miss::Other) if text.get(at) == Some(&b'\\') => {
                    escaped(letter, text, at, ended)?
                }
                end => end?,
            };
        }
        Ok(at)
    }
}

/// The end of the escape of a letter. In a string in a string, its backslash is escaped itself.
fn escaped(letter: u8, text: &[u8], at: usize, ended: bool) -> Result<usize, Miss> {
    let start = after_most(text, at, |b| **b == b'\\');
    format!("u00{letter:02x}").bytes().try_fold(start, |at, byte| {
        let upper = |miss| match miss {
            Miss::Other => expect(byte.to_ascii_uppercase(), text, at, ended),
            Miss::Cut => Err(miss),
        };
        expect(byte, text, at, ended).or_else(upper)
    })
}

/// Why there is no member, or no value to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// It is not decided before more of the text is there.
    Cut,
    Other,
}

/// The members of a line.
#[derive(Debug, Default)]
pub(super) struct Context {
    seen: u8,
    /// Whether those that are still to come are included.
    is_complete: bool,
}

impl Context {
    pub(super) fn add(&mut self, member: &Member) {
        self.seen |= member.flag;
    }

    /// Goes on behind a text.
    pub(super) fn pass(&mut self, text: &[u8]) {
        if (self.seen != 0 || self.is_complete) && memchr::memchr(b'\n', text).is_some() {
            *self = Self::default();
        }
    }

    /// Whether the line, in which the member begins at `from`, has the members that must be beside it. An error is where
    /// the text must be kept from until more of it is there.
    pub(super) fn holds(
        &mut self,
        searcher: &AhoCorasick,
        member: &Member,
        text: &[u8],
        from: usize,
        ended: bool,
    ) -> Result<bool, usize> {
        if !self.has(member) && !self.is_complete {
            let window = &text[from..text.len().min(from + WINDOW)];
            match memchr::memchr(b'\n', window) {
                Some(end) => self.add_all(searcher, &window[..end]),
                // A line that is too long to be read to its end may have any member.
                None if window.len() == WINDOW => self.seen = u8::MAX,
                None if ended => self.add_all(searcher, window),
                None => return Err(from),
            }
            self.is_complete = true;
        }
        Ok(self.has(member))
    }

    fn has(&self, member: &Member) -> bool {
        member.beside.iter().any(|flags| self.seen & flags == *flags)
    }

    fn add_all(&mut self, searcher: &AhoCorasick, text: &[u8]) {
        for pattern in searcher.find_iter(text) {
            if let Found::Name(member, name) = Found::new(text, 0, pattern.range(), true)
                && colon(text, name.end, true).is_ok()
            {
                self.add(member);
            }
        }
    }
}

/// The end of the colon behind a member's name.
pub(super) fn colon(text: &[u8], name_end: usize, ended: bool) -> Result<usize, Miss> {
    expect(b':', text, after_spaces(text, quotation_mark(text, name_end, ended)?), ended)
}

/// Where the value of a member begins that is to be hidden: base64url of some length in quotation marks.
pub(super) fn value(
    member: &Member,
    text: &[u8],
    from: usize,
    colon: usize,
    ended: bool,
) -> Result<usize, Miss> {
    let start = quotation_mark(text, after_spaces(text, colon), ended)?;
    let window = &text[..text.len().min(from + WINDOW)];
    let is_whole = ended || window.len() == from + WINDOW;
    let (mut end, mut length, mut padding) = (start, 0, 0);
    loop {
        match unit(&window[end..], is_whole) {
            (Unit::Base64url, taken) if padding == 0 => {
                length += if window[end] == b'\\' { 1 } else { taken };
                end += taken;
            }
            (Unit::Padding, taken) if padding < MOST_PADDING => {
                padding += 1;
                end += taken;
            }
            (Unit::Cut, _) => return Err(Miss::Cut),
            _ => break,
        }
    }
    match window.get(end) {
        // A line may be cut off.
        None | Some(b'"' | b'\\' | b'\r' | b'\n') if length >= member.shortest => Ok(start),
        _ => Err(Miss::Other),
    }
}

/// The end of a quotation mark, which may be escaped more than once.
fn quotation_mark(text: &[u8], at: usize, ended: bool) -> Result<usize, Miss> {
    expect(b'"', text, after_most(text, at, |b| **b == b'\\'), ended)
}

fn after_spaces(text: &[u8], at: usize) -> usize {
    after_most(text, at, |b| matches!(b, b' ' | b'\t'))
}

fn after_most(text: &[u8], at: usize, is_between: impl FnMut(&&u8) -> bool) -> usize {
    at + text[at..].iter().take(MOST_BETWEEN).take_while(is_between).count()
}

fn expect(byte: u8, text: &[u8], at: usize, ended: bool) -> Result<usize, Miss> {
    match text.get(at) {
        Some(found) if *found == byte => Ok(at + 1),
        None if !ended => Err(Miss::Cut),
        _ => Err(Miss::Other),
    }
}
