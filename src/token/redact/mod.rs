//! Makes the tokens in any text harmless, and leaves the rest as it is.
//!
//! More is a token here than for [`TokenFinder`](super::TokenFinder). A header is redacted wherever base64url text
//! before a dot ends with one, whatever is before it. Everything behind it that may belong to the token goes with it: a
//! part of a signature could be the whole of another. So no piece of the output is a token that verifies.
//!
//! The text is fed in pieces of any size, which make no difference. Of a token, only the header is kept in memory.

mod header;
mod members;
mod units;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::compact::MAX_TOKEN;
use super::find::{STARTS, base64url_length};
use header::EncodedHeader;
use members::{Context, Found, Member, Miss};
use units::{Unit, dot, unit};

pub use members::Hidden;

/// What takes the place of what is hidden.
const MARK: &[u8] = b"[redacted]";

/// Takes the place of each byte that is hidden, if the length stays the same.
const SAME_LENGTH: u8 = b'*';

/// How many bytes more than the longest header are kept, so that they are not moved for every piece.
const SLACK: usize = 2 * 1024 * 1024;

/// The capacity that is kept for the next pieces.
const KEPT_CAPACITY: usize = 256 * 1024;

/// Redacts a text.
pub struct Redactor {
    hidden: Hidden,
    same_length: bool,
    patterns: &'static Patterns,
    state: State,
    /// What was fed and is not decided yet, and how many bytes of it are known to be base64url.
    held: Vec<u8>,
    known: usize,
    /// What the line has told so far about JSON serializations.
    context: Context,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Outside of tokens.
    Text,
    /// In the part behind a header, of which something is `marked` as hidden. It may be text that `is_unencoded`.
    Payload { marked: bool, is_unencoded: bool },
    /// In what is hidden to its end.
    Tail(Tail),
}

#[derive(Debug, Clone, Copy)]
struct Tail {
    marked: bool,
    /// Whether a mark is made even if there is nothing to hide: unsecured tokens have an empty signature.
    may_be_empty: bool,
    /// Whether the next dot belongs to the token, whatever is behind it.
    owns_dot: bool,
}

/// How far a text is decided: up to here, or only up to here until more of it is there.
type Step = Result<usize, usize>;

impl Redactor {
    /// A redactor at the beginning of a text. With `same_length`, the output is as long as the text.
    pub fn new(hidden: Hidden, same_length: bool) -> Self {
        Self {
            hidden,
            same_length,
            patterns: &PATTERNS,
            state: State::Text,
            held: Vec::new(),
            known: 0,
            context: Context::default(),
        }
    }

    /// Appends the next piece of the text to the output, as far as it is decided. A line is decided when its end is there.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.advance(piece, false, out);
    }

    /// Appends what is left at the end of the text.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.advance(&[], true, out);
        self.context = Context::default();
    }

    fn advance(&mut self, piece: &[u8], ended: bool, out: &mut Vec<u8>) {
        let mut held = std::mem::take(&mut self.held);
        if held.is_empty() {
            let done = self.process(piece, ended, out);
            held.extend(&piece[done..]);
        } else {
            if held.capacity() - held.len() < piece.len() {
                // Doubling it would take twice as much as the longest header.
                held.reserve_exact(piece.len().max((held.len() / 4).min(SLACK)));
            }
            held.extend(piece);
            let done = self.process(&held, ended, out);
            held.drain(..done);
        }
        if held.is_empty() {
            held.shrink_to(KEPT_CAPACITY);
        }
        self.held = held;
    }

    /// Redacts what is decided of a text, and returns how much that is.
    fn process(&mut self, text: &[u8], ended: bool, out: &mut Vec<u8>) -> usize {
        let mut at = 0;
        loop {
            let step = match self.state {
                State::Text => self.text(text, at, ended, out),
                State::Payload { marked, is_unencoded } => {
                    self.payload(text, at, ended, (marked, is_unencoded), out)
                }
                State::Tail(tail) => self.tail(text, at, ended, tail, out),
            };
            match step {
                Ok(next) => at = next,
                Err(next) => return next,
            }
        }
    }

    /// Up to a header, or a member of a JSON serialization.
    fn text(&mut self, text: &[u8], at: usize, ended: bool, out: &mut Vec<u8>) -> Step {
        let known = std::mem::take(&mut self.known);
        let Some(found) = self.patterns.searcher.find(Input::new(text).range(at..)) else {
            let end = text.len() - if ended { 0 } else { self.patterns.cut(&text[at..]) };
            self.show(&text[at..end], out);
            return Err(end);
        };
        match Found::new(text, at, found.range(), ended) {
            Found::Header => self.run(text, at, found.start(), known, ended, out),
            Found::Name(member, name) => self.member(text, at, name, ended, member, out),
            Found::Unfinished(start) => {
                self.show(&text[at..start], out);
                Err(start)
            }
            Found::Other => {
                self.show(&text[at..=found.start()], out);
                Ok(found.start() + 1)
            }
        }
    }

    /// Base64url in which a header may begin at `start`. The first `known` bytes of the text are base64url.
    fn run(
        &mut self,
        text: &[u8],
        at: usize,
        start: usize,
        known: usize,
        ended: bool,
        out: &mut Vec<u8>,
    ) -> Step {
        let from = start.max(known);
        let end = from + base64url_length(&text[from..]);
        if end == text.len() && !ended {
            // No header is longer than the longest token.
            let start = if end - start > MAX_TOKEN + SLACK { end - MAX_TOKEN } else { start };
            self.show(&text[at..start], out);
            self.known = end - start;
            return Err(start);
        }
        let dot = match dot(text, end, ended) {
            Some(Ok(dot)) => dot,
            Some(Err(())) => {
                self.show(&text[at..start], out);
                self.known = end - start;
                return Err(start);
            }
            None => {
                self.show(&text[at..end], out);
                return Ok(end);
            }
        };
        let start = start.max(end.saturating_sub(MAX_TOKEN));
        let Some(header) = EncodedHeader::at_end_of(&text[start..end]) else {
            self.show(&text[at..dot.end], out);
            return Ok(dot.end);
        };
        if self.hidden < Hidden::Token {
            self.show(&text[at..dot.end], out);
            self.state = if header.is_encrypted {
                State::Tail(Tail { marked: false, may_be_empty: false, owns_dot: false })
            } else {
                State::Payload { marked: false, is_unencoded: header.is_unencoded }
            };
            return Ok(dot.end);
        }
        // A word with a dot behind it is no token yet.
        let next = match unit(&text[dot.end..], ended) {
            (Unit::Dot, length) => unit(&text[dot.end + length..], ended).0,
            (next, _) => next,
        };
        match next {
            Unit::Cut => {
                self.show(&text[at..start], out);
                self.known = end - start;
                Err(start)
            }
            next if next.belongs() => {
                let start = start + header.start;
                self.show(&text[at..start], out);
                let marked = self.hide(&text[start..dot.end], false, out);
                self.state = State::Tail(Tail { marked, may_be_empty: false, owns_dot: true });
                Ok(dot.end)
            }
            _ => {
                self.show(&text[at..dot.end], out);
                Ok(dot.end)
            }
        }
    }

    /// The member of a JSON object, if one begins where its name was found.
    fn member(
        &mut self,
        text: &[u8],
        at: usize,
        name: Range<usize>,
        ended: bool,
        member: &'static Member,
        out: &mut Vec<u8>,
    ) -> Step {
        self.show(&text[at..name.start], out);
        let found = members::colon(text, name.end, ended).and_then(|colon| {
            self.context.add(member);
            if self.hidden < member.hidden_with {
                return Err(Miss::Other);
            }
            members::value(member, text, name.start, colon, ended)
        });
        let value = match found {
            Ok(value)
                if self.context.holds(
                    &self.patterns.searcher,
                    member,
                    text,
                    name.start,
                    ended,
                )? =>
            {
                value
            }
            Err(Miss::Cut) => return Err(name.start),
            // Another pattern may begin inside the name.
            _ => {
                self.show(&text[name.start..=name.start], out);
                return Ok(name.start + 1);
            }
        };
        self.show(&text[name.start..value], out);
        self.state = State::Tail(Tail { marked: false, may_be_empty: false, owns_dot: false });
        Ok(value)
    }

    fn payload(
        &mut self,
        text: &[u8],
        mut at: usize,
        ended: bool,
        (mut marked, is_unencoded): (bool, bool),
        out: &mut Vec<u8>,
    ) -> Step {
        loop {
            let (mut unit, mut length) = unit(&text[at..], ended);
            let is_text = text.get(at).is_some_and(|byte| !matches!(byte, b'\r' | b'\n'));
            if is_unencoded && is_text && matches!(unit, Unit::Tilde | Unit::Other) {
                (unit, length) = (Unit::Base64url, length.max(1));
            }
            let bytes = &text[at..at + length];
            match unit {
                Unit::Base64url | Unit::Padding if self.hidden == Hidden::Signature => {
                    self.show(bytes, out);
                }
                Unit::Base64url | Unit::Padding => marked = self.hide(bytes, marked, out),
                Unit::Dot => {
                    self.show(bytes, out);
                    let tail = Tail { marked: false, may_be_empty: true, owns_dot: false };
                    self.state = State::Tail(tail);
                    return Ok(at + length);
                }
                Unit::Tilde | Unit::Other => {
                    self.state = State::Text;
                    return Ok(at);
                }
                Unit::Cut => {
                    self.state = State::Payload { marked, is_unencoded };
                    return Err(at);
                }
            }
            at += length;
        }
    }

    fn tail(
        &mut self,
        text: &[u8],
        mut at: usize,
        ended: bool,
        mut tail: Tail,
        out: &mut Vec<u8>,
    ) -> Step {
        loop {
            let (mut found, length) = unit(&text[at..], ended);
            if found == Unit::Dot {
                // The dot at the end of a sentence does not belong to the token.
                found = match unit(&text[at + length..], ended).0 {
                    next if next.belongs() || tail.owns_dot => Unit::Dot,
                    Unit::Cut => Unit::Cut,
                    _ => Unit::Other,
                };
            }
            match found {
                Unit::Dot | Unit::Base64url | Unit::Padding | Unit::Tilde => {
                    tail.owns_dot &= found != Unit::Dot;
                    tail.marked = self.hide(&text[at..at + length], tail.marked, out);
                    at += length;
                }
                Unit::Other if tail.marked || !tail.may_be_empty || self.same_length => break,
                Unit::Other => {
                    let next = &text[at..];
                    if !ended && MARK.starts_with(next) {
                        found = Unit::Cut;
                    } else if !next.starts_with(MARK) && next.first() != Some(&SAME_LENGTH) {
                        tail.marked = self.hide(&[], false, out);
                    }
                    if found == Unit::Other {
                        break;
                    }
                    self.state = State::Tail(tail);
                    return Err(at);
                }
                Unit::Cut => {
                    self.state = State::Tail(tail);
                    return Err(at);
                }
            }
        }
        self.state = State::Text;
        Ok(at)
    }

    fn show(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
        self.context.pass(bytes);
    }

    /// Hides bytes of a token, of which something may be marked already.
    fn hide(&self, bytes: &[u8], marked: bool, out: &mut Vec<u8>) -> bool {
        if self.same_length {
            out.resize(out.len() + bytes.len(), SAME_LENGTH);
        } else if !marked {
            out.extend_from_slice(MARK);
        }
        true
    }
}

/// What text outside of tokens is searched for: beginnings of headers, and names of members.
struct Patterns {
    all: Vec<Vec<u8>>,
    searcher: AhoCorasick,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let starts = STARTS.map(|start| start.as_bytes().to_vec()).into_iter();
    let names = members::MEMBERS.iter().map(|member| member.pattern.as_bytes().to_vec());
    let names = names.chain([members::ESCAPE.as_bytes().to_vec()]);
    let all: Vec<_> = starts.chain(header::spaced_starts()).chain(names).collect();
    let searcher = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&all);
    Patterns { all, searcher: searcher.expect("a few short patterns") }
});

impl Patterns {
    /// The length of what may be the beginning of one at the end of a text.
    fn cut(&self, text: &[u8]) -> usize {
        let longest = self.all.iter().map(Vec::len).max().unwrap_or_default();
        let is_cut = |length: &usize| {
            let end = &text[text.len() - length..];
            self.all.iter().any(|pattern| pattern.starts_with(end))
        };
        let pattern = (1..longest.min(text.len() + 1)).rev().find(is_cut).unwrap_or_default();
        members::unfinished_name(text).map_or(pattern, |start| pattern.max(text.len() - start))
    }
}
