//! The members of JSON serializations (RFC 7515 section 7.2, RFC 7516 section 7.2), in JSON on one line. The JSON may
//! itself be in a string, so that its quotation marks are escaped.

use aho_corasick::AhoCorasick;

use super::units::MOST_PADDING;
use crate::token::find::base64url_length;

/// How far a line is read to find out what object a member belongs to.
const WINDOW: usize = 1024 * 1024;

/// The most white space, and the most backslashes, between two tokens of JSON.
const MOST_BETWEEN: usize = 16;

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

impl Member {
    /// The member that a found pattern stands for, unless it is the beginning of a header.
    pub(super) fn of_pattern(pattern: &[u8]) -> Option<&'static Self> {
        const ALL: &[Member] = &MEMBERS;
        let is_quoted = pattern.first() == Some(&b'"');
        ALL.iter().find(|member| is_quoted && member.pattern.as_bytes() == pattern)
    }
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
        for found in searcher.find_iter(text) {
            if let Some(member) = Member::of_pattern(&text[found.range()])
                && colon(text, found.end(), true).is_ok()
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
    let mut end = start + base64url_length(&window[start..]);
    let length = end - start;
    end += window[end..].iter().take(MOST_PADDING).take_while(|b| **b == b'=').count();
    match window.get(end) {
        None if window.len() < from + WINDOW && !ended => Err(Miss::Cut),
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
