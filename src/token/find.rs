//! Finds tokens in any bytes: a log, a cookie, JSON, a URL. The rule of what a token looks like is here alone.
//!
//! A token is three parts of base64url with dots between them, or five (JWE, RFC 7516 section 7.1); its first part is a
//! JSON object with an `alg`. It stands alone: what is before it and behind it cannot belong to it. The disclosures and
//! the key binding JWT of an SD-JWT belong to it (RFC 9901 section 4).

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::compact::MAX_TOKEN;
use super::header::{HeaderCache, LONGEST};
use crate::characters;

/// How the base64url of a JSON object with members begins: a brace, and then a quotation mark or white space.
pub(super) const STARTS: [&str; 8] = ["eyJ", "eyI", "eyK", "eyL", "eyA", "ewo", "ew0", "ewk"];

/// How many bytes before a token decide whether it begins there.
pub(crate) const LOOKBACK: usize = 32;

/// Searches for [`STARTS`] with SIMD, if the processor can, as fast as for one of them. An automaton would first look for
/// the letter that all begin with.
static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| {
    Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(STARTS).build()
});

/// Finds tokens, and keeps the headers that it has read.
pub struct TokenFinder {
    starts: Option<&'static Searcher>,
    headers: HeaderCache,
    /// The header that was read last, if it is that of a signed token: usually the next one is the same.
    last: Vec<u8>,
    in_words: bool,
}

impl TokenFinder {
    /// A finder that caches this many headers.
    pub fn new(headers: usize) -> Self {
        let headers = HeaderCache::with_capacity(headers);
        Self { starts: SEARCHER.as_ref(), headers, last: Vec::new(), in_words: false }
    }

    /// Also finds tokens that begin inside a word, which are not taken for tokens otherwise.
    pub(crate) fn in_words(self) -> Self {
        Self { in_words: true, ..self }
    }

    /// The first token that begins at `from` or later. What is before `from` decides whether one begins there.
    pub fn next(&mut self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let mut from = from;
        while let Some(start) = self.start(text, from) {
            let (parts, form) = Parts::read(text, start);
            if let Some(form) = form
                && self.is_header(&text[start..parts.ends[0]], form.is_signed)
            {
                return Some(start..form.end);
            }
            from = parts.ends[0];
        }
        None
    }

    /// Where in a text something ends that may be a token, if it ends there.
    pub(crate) fn end_of_run(text: &[u8]) -> Option<usize> {
        text.iter().position(|b| !belongs(*b) && *b != b'~')
    }

    /// Where a token may begin that goes on beyond the end of the text.
    pub(crate) fn unfinished(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut from = from;
        while let Some(start) = self.start(text, from) {
            match Self::end_of_run(&text[start..]) {
                Some(length) => from = start + length,
                None => return Some(start),
            }
        }
        let is_cut = |length: &usize| {
            let (before, start) = text.split_at(text.len() - length);
            STARTS.iter().any(|whole| whole.as_bytes().starts_with(start)) && may_begin(before)
        };
        (1..=2.min(text.len() - from)).rev().find(is_cut).map(|length| text.len() - length)
    }

    fn start(&self, text: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let start = match self.starts {
                Some(starts) if text.len() - from >= starts.minimum_len() => {
                    starts.find_in(text, (from..text.len()).into())?.start()
                }
                _ => from + first_start(&text[from..])?,
            };
            if self.in_words || may_begin(&text[..start]) {
                return Some(start);
            }
            from = start + STARTS[0].len();
        }
    }

    /// Whether this is a header with an `alg`. Only `none` (RFC 7518 section 3.6) has no signature.
    fn is_header(&mut self, encoded: &[u8], is_signed: bool) -> bool {
        if is_signed && self.last == encoded {
            return true;
        }
        let header = str::from_utf8(encoded).ok().and_then(|text| self.headers.read(text).ok());
        let is_header = header.is_some_and(|header| {
            let alg = header.alg.as_deref();
            alg.is_ok_and(|alg| is_signed || alg.eq_ignore_ascii_case("none"))
        });
        if is_header && is_signed && encoded.len() <= LONGEST {
            self.last.clear();
            self.last.extend(encoded);
        }
        is_header
    }
}

/// The ends of the parts that a text begins with.
struct Parts {
    ends: [usize; 5],
    count: usize,
}

/// A text that has the parts of a token.
struct Form {
    end: usize,
    is_signed: bool,
}

impl Parts {
    fn read(text: &[u8], start: usize) -> (Self, Option<Form>) {
        let mut parts = Self { ends: [start; 5], count: 0 };
        let mut at = start;
        while parts.count < 5 {
            at += base64url_length(&text[at..]);
            parts.ends[parts.count] = at;
            parts.count += 1;
            if text.get(at) != Some(&b'.') {
                break;
            }
            at += 1;
        }
        let form = parts.form(text).filter(|form| form.end - start <= MAX_TOKEN);
        (parts, form)
    }

    fn form(&self, text: &[u8]) -> Option<Form> {
        let is_empty = |part: usize| self.ends[part] == self.ends[part - 1] + 1;
        if self.count == 5 && !is_empty(4) && !goes_on(text, self.ends[4]) {
            return Some(Form { end: self.ends[4], is_signed: true });
        }
        // A dot at the end of a sentence is no fourth part.
        let is_three = self.count == 3 || self.count > 3 && is_empty(3);
        if !is_three || goes_on(text, self.ends[2]) {
            return None;
        }
        let (end, is_signed) = (self.ends[2], !is_empty(2));
        let end = if is_signed { end + disclosures(&text[end..]) } else { end };
        Some(Form { end, is_signed })
    }
}

/// The length of the disclosures that a text begins with, and of the key binding JWT behind them.
fn disclosures(text: &[u8]) -> usize {
    if text.first() != Some(&b'~') {
        return 0;
    }
    let length = TokenFinder::end_of_run(text).unwrap_or(text.len());
    // The last dot ends a sentence.
    text[..length].iter().rposition(|b| *b != b'.').map_or(0, |last| last + 1)
}

/// Where one of [`STARTS`] is first.
fn first_start(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'e', text)
        .find(|at| STARTS.iter().any(|start| text[*at..].starts_with(start.as_bytes())))
}

/// Whether what is behind a text belongs to it: padding, or one more part.
fn goes_on(text: &[u8], end: usize) -> bool {
    match text[end..] {
        [b'=', ..] | [b'%', b'3', b'd' | b'D', ..] => true,
        [b'.', next, ..] => is_base64url(next),
        _ => false,
    }
}

/// Whether a token may begin behind a text. It must not be a part of something longer, but an escape may be before it
/// (of a URL, of JSON, of a log), or the prefix of an issuer.
fn may_begin(before: &[u8]) -> bool {
    !before.last().is_some_and(|b| belongs(*b)) || is_escape(before) || is_prefix(before)
}

/// Whether a text ends with the escape of a character that no token has.
fn is_escape(text: &[u8]) -> bool {
    let is_other = |digits: &[u8]| {
        let code = str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        code.is_some_and(|code| u8::try_from(code).map_or(true, |b| !belongs(b)))
    };
    // A backslash that is escaped itself escapes nothing.
    let is_escaping = |text: &[u8]| text.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1;
    match text {
        [.., b'%', a, b] => is_other(&[*a, *b]),
        [before @ .., b'n' | b'r' | b't' | b'b' | b'f'] if is_escaping(before) => true,
        [before @ .., b'x', a, b] if is_escaping(before) => is_other(&[*a, *b]),
        [before @ .., b'u', a, b, c, d] if is_escaping(before) => is_other(&[*a, *b, *c, *d]),
        _ => false,
    }
}

/// Whether a text ends with what an issuer puts before a JWT to make it recognisable: `ghs_APPID_` of GitHub, `glcbt-` of
/// GitLab, `bkaj_` of Buildkite.
fn is_prefix(text: &[u8]) -> bool {
    let app = |text: &[u8]| {
        let digits = text.strip_suffix(b"_")?;
        let count = digits.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        digits[..digits.len() - count].strip_suffix(b"ghs_").filter(|_| count > 0).map(<[u8]>::len)
    };
    let own = |prefix: &[u8]| text.strip_suffix(prefix).map(<[u8]>::len);
    let before = app(text).or_else(|| own(b"glcbt-")).or_else(|| own(b"bkaj_"));
    before.is_some_and(|length| !text[..length].last().is_some_and(|b| belongs(*b)))
}

/// Whether a byte may be part of a token.
fn belongs(byte: u8) -> bool {
    is_base64url(byte) || byte == b'.'
}

/// How many characters of base64url a text begins with.
pub(super) fn base64url_length(text: &[u8]) -> usize {
    // The compiler vectorises comparisons, but not a search, nor look-ups in a table.
    let is_other = |byte: &u8| !characters::is_base64url_byte(*byte);
    let is_whole = |block: &&[u8; 16]| !block.iter().fold(false, |any, byte| any | is_other(byte));
    let whole = 16 * text.as_chunks().0.iter().take_while(is_whole).count();
    let rest = text[whole..].iter().position(|byte| !is_base64url(*byte));
    rest.map_or(text.len(), |length| whole + length)
}

/// [`characters::is_base64url_byte`], by a table.
pub(super) fn is_base64url(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < table.len() {
            table[byte] = characters::is_base64url_byte(byte.to_le_bytes()[0]);
            byte += 1;
        }
        table
    };
    TABLE[usize::from(byte)]
}
